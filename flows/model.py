"""The questionnaire and an open intake, as plain values.

A flow is released as one JSON with all its languages (flows/release.py); this is what it reads as. Everything is
frozen: an answer makes a new intake. What a person typed is never part of an intake.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal, NewType

import msgspec

from flows.words.vocabulary import Vocabulary

QuestionId = NewType("QuestionId", str)
OptionId = NewType("OptionId", str)
RuleId = NewType("RuleId", str)
ClockId = NewType("ClockId", str)
Form = Literal["self", "other", "open"]
Texts = Mapping[str, str]


class Level(StrEnum):
    """How soon a lawyer must look."""

    critical = "critical"
    high = "high"
    normal = "normal"

    @property
    def rank(self) -> int:
        """2 for critical, 1 for high, 0 for normal."""
        return _RANKS[self]


_RANKS = {Level.critical: 2, Level.high: 1, Level.normal: 0}


class Kind(StrEnum):
    """How a question is answered."""

    single = "single"
    multiple = "multiple"
    date = "date"
    text = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """A text for the person it is about, for who writes for another, and for both while nobody knows which."""

    self_: Texts
    other: Texts
    open: Texts

    def of(self, form: Form) -> Texts:
        """The texts of one form."""
        match form:
            case "self":
                return self.self_
            case "other":
                return self.other
            case "open":
                return self.open

    @property
    def differ(self) -> bool:
        """One asks something else than the other."""
        return self.self_ != self.other


# --- conditions: structured, so that they can be checked and tried exhaustively -------------------------------
# Each has `holds`: an unanswered question matches nothing, a skipped one what "I don't know" matches. Only rules give
# the day: what is asked must not change overnight. It runs some hundred times at every answer, hence the plain loops.


class Day(msgspec.Struct, frozen=True):
    """A day where the person is, and the levels at which clocks stand on it."""

    today: date
    clocks: frozenset[Level] = frozenset()


@dataclass(frozen=True, slots=True)
class Chose:
    """The answer is one of these options, or contains one of them."""

    question: QuestionId
    options: frozenset[OptionId]

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether it was chosen."""
        answer = answers.get(self.question)
        if answer is None:
            return False
        if isinstance(answer, Chosen):
            return not self.options.isdisjoint(answer.options)
        return isinstance(answer, Skipped) and UNKNOWN in self.options


@dataclass(frozen=True, slots=True)
class WasAnswered:
    """The question has an answer that is not skipped."""

    question: QuestionId

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether it was answered."""
        answer = answers.get(self.question)
        return answer is not None and not isinstance(answer, Skipped)


@dataclass(frozen=True, slots=True)
class Since:
    """The date answered lies at most so many days back, by its latest possible day: in doubt it is recent."""

    question: QuestionId
    days: int

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether it lies so near on this day; without a day it does not."""
        dated = answers.get(self.question)
        return day is not None and isinstance(dated, Dated) and (day.today - dated.latest).days <= self.days


@dataclass(frozen=True, slots=True)
class Until:
    """The date answered lies at most so many days ahead, or is over, by its earliest possible day."""

    question: QuestionId
    days: int

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether it lies so near on this day; without a day it does not."""
        dated = answers.get(self.question)
        return day is not None and isinstance(dated, Dated) and (dated.earliest - day.today).days <= self.days


@dataclass(frozen=True, slots=True)
class WasSkipped:
    """The question was asked and not answered."""

    question: QuestionId

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether it was skipped."""
        return isinstance(answers.get(self.question), Skipped)


@dataclass(frozen=True, slots=True)
class AtClock:
    """A clock that pages stands at this level today."""

    level: Level

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether one does; without a day none does."""
        return day is not None and self.level in day.clocks


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every condition holds."""

    conditions: tuple["Condition", ...]

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether all of them hold."""
        for one in self.conditions:  # noqa: SIM110 - see above
            if not one.holds(answers, day):
                return False
        return True


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one condition holds."""

    conditions: tuple["Condition", ...]

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether one of them holds."""
        for one in self.conditions:  # noqa: SIM110 - see above
            if one.holds(answers, day):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold; an unanswered question is no match, so its `Not` holds."""

    condition: "Condition"

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """Whether the other does not."""
        return not self.condition.holds(answers, day)


@dataclass(frozen=True, slots=True)
class Always:
    """Holds always."""

    def holds(self, answers: "Answers", day: Day | None = None) -> bool:
        """True."""
        return True


Condition = Chose | WasAnswered | WasSkipped | Since | Until | AtClock | AllOf | AnyOf | Not | Always


# --- the questionnaire ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose. An exclusive one ("none", "I don't know") unticks the others.

    `title`: how the paper that it is about is called on its own sheet, as it is printed there.
    """

    id: OptionId
    label: Texts
    exclusive: bool
    title: str = ""


class Asks(StrEnum):
    """What a question asks for beside words: what a phone can send by itself, or a paper that can be shown."""

    place = "place"
    number = "number"
    paper = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A button of a date: some day between so many days ago and so many."""

    label: Texts
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `past`: a date that must not lie in the future; `spans`: its buttons beside today and yesterday.

    `hours`: the law counts hours from it, so an hour that is told is kept. `term_from`: a length of time that is told
    instead of a day counts from these days. `asks`: what can be sent in place of words.
    """

    id: QuestionId
    kind: Kind
    text: Forms
    hint: Forms | None
    options: tuple[Option, ...]
    show_if: Condition
    skippable: bool
    past: bool
    spans: tuple[Span, ...] = ()
    hours: bool = False
    term_from: tuple[QuestionId, ...] = ()
    asks: Asks | None = None

    def option(self, option_id: str) -> Option | None:
        """The option of this id, or None."""
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Why an intake has a level. Unsigned rules (`verified_by` is None) are marked for lawyers."""

    id: RuleId
    level: Level
    when: Condition
    reason: Texts
    source: str
    verified_by: str | None
    verified_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """From when a clock raises the level: days after its start, or days before its end; until `after` days past it."""

    level: Level
    from_start: int | None
    before_end: int | None
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A legal deadline. It runs when `when` holds and one of `starts` (or `ends`, a date that is the end) is dated.

    `days` are calendar days: working days are computed as if none were free, so the deadline is never too late.
    A term in hours keeps its `hours`, one for each case that the law knows; `days` are then the whole days in the
    shortest of them, since the hour of the event is not known. `remind`: days before the end on which a lawyer is to
    be reminded. Unsigned clocks (`verified_by` is None) are for lawyers only, and marked. `before`: the last day lies
    so many days before that of `ends`. `at_once`: it runs, without a day, while none is known.
    """

    id: ClockId
    event: Texts
    when: Condition
    starts: tuple[QuestionId, ...]
    ends: tuple[QuestionId, ...]
    days: int | None
    months: int | None
    pages: tuple[Page, ...]
    basis: str
    certainty: str
    verified_by: str | None
    verified_at: str | None
    hours: tuple[int, ...] = ()
    remind: tuple[int, ...] = ()
    before: int = 0
    at_once: bool = False
    period: str = ""
    side: str = ""
    file_at: str = ""
    suspends: str = ""
    in_words: Mapping[str, Texts] = field(default_factory=dict)

    def said(self, name: str, language: str) -> str:
        """`period`, `side`, `file_at`, `suspends` or `basis` in a language; as written where a release has none."""
        return self.in_words.get(name, {}).get(language) or str(getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerCard:
    """A reminder for lawyers, shown with the case."""

    id: str
    when: Condition
    text: Texts
    verified_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a person is told for the next hour.

    Advice of our own is shown in the languages in which an advocate has signed it as it is (`signed_in`), in no other.
    What an official page says is shown as a quotation, with its `source` and the day on which it was read there; it
    needs no signature.
    """

    id: str
    when: Condition
    text: Texts
    verified_by: str | None
    source: str = ""
    read_on: date | None = None
    signed_in: tuple[str, ...] = ()

    @property
    def may_be_shown(self) -> bool:
        """Quoted, or signed in some language."""
        return self.read_on is not None or bool(self.signed_in)

    def may_be_shown_in(self, language: str) -> bool:
        """Quoted, or signed in this language."""
        return self.read_on is not None or language in self.signed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """What somebody may face, by its proper name, and when that is said."""

    id: str
    name: Texts
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLines:
    """Whose answers lawyers read on which line of an alert (flows/alert.py).

    `writers`: the options of `writes` in words for lawyers. `papers`: the question for papers; `given` and `dated`:
    what the ids of their date questions begin with. `soon`: answers that tell of something due within so many days.
    `families`: rules about one fact. `names`: questions in short.
    """

    writes: QuestionId | None = None
    writers: Mapping[OptionId, Texts] = field(default_factory=dict)
    where: tuple[QuestionId, ...] = ()
    threat: tuple[QuestionId, ...] = ()
    threats: tuple[Threat, ...] = ()
    soon: Mapping[QuestionId, Mapping[OptionId, int]] = field(default_factory=dict)
    papers: QuestionId | None = None
    given: str = ""
    dated: str = ""
    help: tuple[QuestionId, ...] = ()
    families: tuple[tuple[RuleId, ...], ...] = ()
    names: Mapping[QuestionId, Texts] = field(default_factory=dict)


def reads_the_day(condition: Condition) -> bool:
    """Whether it may hold on one day and not on another, with the same answers."""
    match condition:
        case Since() | Until() | AtClock():
            return True
        case AllOf(conditions) | AnyOf(conditions):
            return any(reads_the_day(one) for one in conditions)
        case Not(inner):
            return reads_the_day(inner)
        case _:
            return False


def needs(condition: Condition) -> frozenset[QuestionId]:
    """It does not hold before one of these questions was answered or skipped; none: it may hold without any."""
    match condition:
        case Chose(question) | WasAnswered(question) | WasSkipped(question) | Since(question) | Until(question):
            return frozenset({question})
        case AllOf(conditions):
            found = [needed for one in conditions if (needed := needs(one))]
            return min(found, key=len, default=frozenset())
        case AnyOf(conditions):
            found = [needs(one) for one in conditions]
            return frozenset().union(*found) if all(found) else frozenset()
        case _:
            return frozenset()


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A released questionnaire. `subject` tells which form to speak in, `danger` comes first when it is urgent.

    `contact` tells how a lawyer may reach the person; `changed` are asked again when the situation has changed after
    sending; `held` when the phone may be in other hands; `quiet` when writing is not safe, for that reason or since
    another way was chosen (what then rings: flows/hands.py); `backed` when a paper or words of one's own stand behind
    the case; `offers` are the questions at which the main part is done: from there on it may be sent as it stands.
    `vocabulary`: what people type at these questions, empty in an old release. `alert` tells what of the answers
    lawyers read in an alert.
    """

    id: str
    revision: str
    languages: tuple[str, ...]
    subject: QuestionId
    danger: QuestionId
    region: QuestionId | None
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    contact: QuestionId | None = None
    clocks: tuple[Clock, ...] = ()
    cards: tuple[LawyerCard, ...] = ()
    advice: tuple[Advice, ...] = ()
    held: Condition = field(default=Not(Always()))
    quiet: Condition = field(default=Not(Always()))
    backed: Condition = field(default=Not(Always()))
    changed: tuple[QuestionId, ...] = ()
    offers: tuple[QuestionId, ...] = ()
    vocabulary: Vocabulary = field(default=Vocabulary({}), repr=False, compare=False)
    alert: AlertLines = AlertLines()

    @cached_property
    def for_change(self) -> "Flow":
        """The few questions of somebody who has sent their answers, and whose situation has changed."""
        return replace(self, questions=tuple(one for one in self.questions if one.id in self.changed))

    @cached_property
    def pages(self) -> Mapping[ClockId, tuple[Page, ...]]:
        """From when each clock raises the level."""
        return {clock.id: clock.pages for clock in self.clocks}

    @cached_property
    def clocks_of(self) -> Mapping[QuestionId, tuple[Clock, ...]]:
        """The clocks that a date starts, or that end with it."""
        dated = dict.fromkeys(question for clock in self.clocks for question in (*clock.starts, *clock.ends))
        return {one: tuple(clock for clock in self.clocks if one in (*clock.starts, *clock.ends)) for one in dated}

    @cached_property
    def clocks_at_once(self) -> tuple[Clock, ...]:
        """The clocks that run before any day is known."""
        return tuple(clock for clock in self.clocks if clock.at_once)

    @cached_property
    def _rules_with_needs(self) -> tuple[tuple[Rule, frozenset[QuestionId]], ...]:
        return tuple((rule, needs(rule.when)) for rule in self.rules)

    @cached_property
    def _questions_with_needs(self) -> tuple[tuple[Question, frozenset[QuestionId]], ...]:
        return tuple((question, needs(question.show_if)) for question in self.questions)

    def rules_for(self, answers: "Answers") -> Iterator[Rule]:
        """The rules that may hold with these answers, in their order: most are about what nobody has told yet."""
        told = answers.keys()
        return (rule for rule, needed in self._rules_with_needs if not needed or not told.isdisjoint(needed))

    def shown(self, answers: "Answers") -> Iterator[Question]:
        """The questions that these answers lead to, in their order."""
        told = answers.keys()
        for question, needed in self._questions_with_needs:
            if (not needed or not told.isdisjoint(needed)) and question.show_if.holds(answers):
                yield question

    @cached_property
    def rules_by_day(self) -> tuple[Rule, ...]:
        """The rules that may hold on one day and not on another, although nobody answers anything."""
        return tuple(rule for rule in self.rules if reads_the_day(rule.when))

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question:
        """The question of this id; KeyError when there is none."""
        return self._by_id[question_id]

    def option(self, question_id: str, option_id: str) -> Option | None:
        """An option of a question, or None where either is of another questionnaire."""
        return self._options.get((question_id, option_id))

    @cached_property
    def _options(self) -> dict[tuple[str, str], Option]:
        return {(question.id, option.id): option for question in self.questions for option in question.options}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {question.id: at for at, question in enumerate(self.questions)}

    def place(self, question_id: str) -> int:
        """Where a question stands, the first at 0; KeyError when there is none."""
        return self._places[question_id]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id, or None."""
        return self._rules.get(rule_id)

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def family(self, rule_id: RuleId) -> Sequence[RuleId]:
        """The rules of which an alert says one reason, this one among them; empty where it has no family."""
        return self._families.get(rule_id, ())

    @cached_property
    def _families(self) -> dict[RuleId, Sequence[RuleId]]:
        return {rule: family for family in reversed(self.alert.families) for rule in family}

    def clock(self, clock_id: ClockId) -> Clock | None:
        """The clock of this id, or None."""
        return self._clocks.get(clock_id)

    @cached_property
    def _clocks(self) -> dict[ClockId, Clock]:
        return {clock.id: clock for clock in self.clocks}

    def form(self, answers: "Answers") -> Form:
        """In which form to speak: `open` until it is told for whom somebody writes."""
        subject = answers.get(self.subject)
        if not isinstance(subject, Chosen):
            return "open"
        return "self" if subject.options == ("self",) else "other"

    def form_of(self, question_id: QuestionId, intake: "Intake") -> Form:
        """In which form a question was asked, or is asked now; an answer is never shown under another one."""
        openly = intake.openly and question_id == self.danger and question_id != intake.asked
        return "open" if openly else self.form(intake.answers)


# --- answers and the open intake: they rest as JSON under the draft key, so the names in it stay ---------------


class Untold(msgspec.Struct, frozen=True):
    """Where it is printed, in an error or a log, it says nothing of what it holds."""

    def __repr__(self) -> str:
        return type(self).__name__


class Chosen(Untold, frozen=True, tag="c"):
    """One option, or several in the order of the question."""

    options: tuple[OptionId, ...] = msgspec.field(name="o")


class Dated(Untold, frozen=True, tag="d"):
    """A date as the earliest and latest day it may be, and how sure.

    `hours` of the one day that it is: not before the first, and over by the last; None when they are not told.
    """

    earliest: date = msgspec.field(name="f")
    latest: date = msgspec.field(name="t")
    sure: Literal["exact", "about"] = msgspec.field(name="s")
    hours: tuple[int, int] | None = msgspec.field(name="h", default=None)


class Written(Untold, frozen=True, tag="w"):
    """Words were given, and are sealed elsewhere. `parts`: in how many messages; `files`: in how many files."""

    parts: int = msgspec.field(name="p")
    files: int = msgspec.field(name="f", default=0)


class Skipped(Untold, frozen=True, tag="s"):
    """Asked and not answered."""


Answer = Chosen | Dated | Written | Skipped
Answers = Mapping[QuestionId, Answer]
# Ids of options that every questionnaire uses in one meaning: nothing is told, and nothing is denied.
UNKNOWN, GO_ON, PHOTO = OptionId("unknown"), OptionId("go_on"), OptionId("photo")
UNTOLD = frozenset({UNKNOWN, *map(OptionId, ("prefer_lawyer", "prefer_not", "stop"))})


def tells_nothing(answer: Answer) -> bool:
    """Skipped, "I don't know", "I will not say", "enough": it corrects no answer that was given before."""
    return isinstance(answer, Skipped) or (isinstance(answer, Chosen) and UNTOLD.issuperset(answer.options))


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """A rule that held, and the options that made it hold. In JSON a list, in this order."""

    rule: RuleId
    because: tuple[tuple[QuestionId, OptionId], ...]


class Kept(Untold, frozen=True, array_like=True):
    """A reason that no answer carries any more: it counts until its question is answered with something told.

    The question was answered with nothing told, or its answer went when it turned out for whom somebody writes.
    """

    question: QuestionId
    reason: Reason


class Intake(Untold, frozen=True, kw_only=True):
    """A conversation as far as it has come.

    `asked` is the question on the card, None at the summary. `visit` grows whenever another question is shown, and
    buttons are bound to it. `trail` is the way back. `level` and `reasons` include what is `kept`. `openly`: where the
    person is was asked, and answered, before it was told who that is. `aside`: texts whose
    question another answer has made pointless; they count again when it is asked again. `offered`: answers
    of which the last text may have meant one. `doubted`: somebody has cried for help since it was answered where they
    are, so that it is asked again; until then the answer stays.
    """

    flow: str
    language: str
    answers: Answers
    asked: QuestionId | None
    ticked: tuple[OptionId, ...] = ()
    visit: int = 1
    trail: tuple[QuestionId, ...] = ()
    urgent: bool = False
    level: Level = Level.normal
    reasons: tuple[Reason, ...] = ()
    kept: tuple[Kept, ...] = ()
    openly: bool = False
    aside: Answers = {}
    offered: tuple[Answer, ...] = ()
    doubted: bool = False


def value_of(question: Question, answer: Answer) -> object:
    """The answer as JSON has it (docs/sealed-record.md): id, list of ids, dates, {"written": n, "files": n} or null."""
    match answer:
        case Chosen(options):
            return list(options) if question.kind is Kind.multiple else options[0]
        case Dated(earliest, latest, sure, hours):
            days = {"from": earliest.isoformat(), "to": latest.isoformat(), "sure": sure}
            return {**days, "hours": list(hours)} if hours else days
        case Written(parts, files):
            return {"written": parts, "files": files} if files else {"written": parts}
        case Skipped():
            return None


def answer_of(question: Question, value: object) -> Answer:
    """The answer that `value_of` wrote; a text is only known to be there."""
    match value:
        case None:
            return Skipped()
        case {"from": str(earliest), "to": str(latest), "sure": "exact" | "about" as sure, **more}:
            return Dated(date.fromisoformat(earliest), date.fromisoformat(latest), sure, _hours(more.get("hours")))
        case list():
            return Chosen(tuple(OptionId(str(one)) for one in value))
        case str() if question.kind is not Kind.text:
            return Chosen((OptionId(value),))
        case _:
            return Written(1)


def _hours(value: object) -> tuple[int, int] | None:
    match value:
        case [int(first), int(last)] if 0 <= first < last <= 24:
            return first, last
        case _:
            return None
