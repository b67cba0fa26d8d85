"""The questionnaire file as its author writes it: strictly read, errors with file and line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from flows.errors import FlowErrors, Problem
from flows.marks import Marks
from flows.marks_file import load_marks
from flows.model import Asks, Kind, Level
from flows.words.file import WordsSource, load_words
from flows.yaml_file import Spot, read_yaml, spot_of

Cond = dict[str, object]
_IN_A_QUESTION = re.compile(r"\$\.questions\[(\d+)\]")


class TwoForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"self_": "self"}):
    """A text for oneself and for another person; `open` for both, while nobody knows who it is about."""

    self_: str
    other: str
    open: str = ""


class SourceSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button of a date: some day between so many days ago and so many."""

    label: str
    least: int
    most: int


class SourceOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One option of a question."""

    id: str
    label: str
    exclusive: bool = False
    danger: bool = False
    note: str = ""
    title: str = ""


class SourceQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question; texts in English, translated through the catalogs.

    One with `each` stands in the file once and is asked for every chosen option (`load_source` writes it out): then
    `base` is its id in the file and `option` that option's id.
    """

    id: str
    kind: Kind
    text: TwoForms | str
    hint: TwoForms | str | None = None
    options: tuple[SourceOption, ...] = ()
    show_if: Cond | None = None
    skip: bool = False
    past: bool = False
    spans: tuple[SourceSpan, ...] = ()
    hours: bool = False
    term_from: tuple[str, ...] = ()
    asks: Asks | None = None
    note: str = ""
    each: str | None = None
    only: tuple[str, ...] = ()
    base: str = ""
    option: str = ""


class SourcePage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when a clock raises the level."""

    level: Level
    from_start: int | None = None
    before_end: int | None = None
    after: int = 7


class SourceClock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One legal deadline, as an advocate signs it.

    The file gives `hours`, `days` or `months`; `load_source` adds the whole days that lie in the shortest `hours`.
    """

    id: str
    event: str
    basis: str
    certainty: str
    when: Cond | None = None
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    hours: tuple[int, ...] = ()
    days: int | None = None
    months: int | None = None
    before: int = 0
    at_once: bool = False
    remind: tuple[int, ...] = ()
    pages: tuple[SourcePage, ...] = ()
    period: str = ""
    side: str = ""
    file_at: str = ""
    suspends: str = ""
    words: str = ""
    edition: str = ""
    verified_by: str | None = None
    verified_at: str | None = None


class SourceCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reminder for lawyers, shown with the case when its condition holds."""

    id: str
    text: str
    when: Cond | None = None
    verified_by: str | None = None
    verified_at: str | None = None


class SourceAdvice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person is told for the next hour; shown in no language before an advocate has signed it there.

    With `source` and `read_on` it is what an official page says, quoted.
    """

    id: str
    text: str
    when: Cond | None = None
    source: str = ""
    read_on: str | None = None
    verified_by: str | None = None
    verified_at: str | None = None


class SourceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One triage rule."""

    id: str
    level: Level
    reason: str
    when: Cond | None = None
    source: str = ""
    verified_by: str | None = None
    verified_at: str | None = None


class SourceThreat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody may face, by its proper name, and when an alert says so."""

    id: str
    name: str
    when: Cond


class SourcePapers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The question for papers, and the dates that are asked of each: handed over on, and printed on it."""

    asked: str
    given: str = ""
    dated: str = ""


class SourceAlert(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lawyers read in an alert besides deadlines and the way of contact: whose answers stand on which line.

    `writers`: each option of `writes` in words for lawyers. `names`: short names of questions. `families`: rules about
    one fact, of which only the gravest is said. `soon`: answers that tell of something due within so many days.
    """

    writes: str | None = None
    writers: dict[str, str] = {}
    where: tuple[str, ...] = ()
    threat: tuple[str, ...] = ()
    threats: tuple[SourceThreat, ...] = ()
    soon: dict[str, dict[str, int]] = {}
    papers: SourcePapers | None = None
    help: tuple[str, ...] = ()
    families: tuple[tuple[str, ...], ...] = ()
    names: dict[str, str] = {}


class SourceFlow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file. `laws`: what the short names of laws in a `basis` stand for."""

    id: str
    subject: str
    danger: str
    questions: tuple[SourceQuestion, ...]
    rules: tuple[SourceRule, ...]
    region: str | None = None
    contact: str | None = None
    changed: tuple[str, ...] = ()
    held: Cond | None = None
    quiet: Cond | None = None
    backed: Cond | None = None
    offers: tuple[str, ...] = ()
    clocks: tuple[SourceClock, ...] = ()
    cards: tuple[SourceCard, ...] = ()
    advice: tuple[SourceAdvice, ...] = ()
    alert: SourceAlert = SourceAlert()
    laws: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A file that was read, and the one with its clocks, with the place of each part (`$.questions[0].options[2]`).

    `words`: what people type, from the files beside it. `marks`: who has signed what, likewise.
    """

    file: str
    flow: SourceFlow
    spots: Mapping[str, Spot]
    words: WordsSource = field(default_factory=WordsSource)
    marks: Marks = field(default_factory=Marks)

    def problem(self, path: str, what: str, remedy: str) -> Problem:
        """A problem at a part of the file; at the nearest enclosing part that has a place."""
        return Problem(*spot_of(self.spots, path, self.file), what, remedy)


def load_source(path: Path) -> FlowSource:
    """Reads a questionnaire, and `clocks.yaml`, `words/` and `signed/` beside it; raises FlowErrors.

    The deadlines stand in a file of their own, so that an advocate reads them in one place.
    """
    return replace(load_texts(path), words=load_words(path.with_name("words")))


def load_texts(path: Path) -> FlowSource:
    """As `load_source`, without the words that people type: for whoever signs, or counts what is signed."""
    spots: dict[str, Spot] = {}
    plain, beside = read_yaml(path, "$", spots), path.with_name("clocks.yaml")
    if plain is None:
        raise FlowErrors([Problem(str(path), 1, "the file is empty", "begin with `id:`")])
    if isinstance(plain, dict) and "clocks" not in plain and beside.is_file():
        clocks = read_yaml(beside, "$.clocks", spots)
        plain |= {} if clocks is None else {"clocks": clocks}
    try:
        flow = msgspec.convert(plain, SourceFlow, strict=True)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        spot = spot_of(spots, where.strip("`") or "$", str(path))
        raise FlowErrors([Problem(*spot, what, "see docs/writing-a-flow.md for what may stand here")]) from None
    return replace(_in_days(_written_out(FlowSource(str(path), flow, spots))), marks=load_marks(path))


def _written_out(source: FlowSource) -> FlowSource:
    """Questions with `each` as one question for every option of another; problems keep their place in the file."""
    problems = [problem for at in range(len(source.flow.questions)) for problem in _each(source, at)]
    if problems:
        raise FlowErrors(problems)
    written: list[SourceQuestion] = []
    spots, inside = _by_question(source.spots)
    for at, question in enumerate(source.flow.questions):
        for one in _for_each(source, question):
            spots |= {f"$.questions[{len(written)}]{rest}": spot for rest, spot in inside[at].items()}
            written.append(one)
    if problems := [*_changed(source, written), *_term_from(source, written)]:
        raise FlowErrors(problems)
    named = source.flow.changed
    changed = tuple(one.id for one in written if one.id in named or one.base in named)
    return FlowSource(
        source.file, msgspec.structs.replace(source.flow, questions=tuple(written), changed=changed), spots
    )


def _by_question(spots: Mapping[str, Spot]) -> tuple[dict[str, Spot], dict[int, dict[str, Spot]]]:
    """The spots that lie in no question; and for each question those inside it, without the path of the question."""
    outside, inside = dict[str, Spot](), dict[int, dict[str, Spot]]()
    for path, spot in spots.items():
        if match := _IN_A_QUESTION.match(path):
            inside.setdefault(int(match[1]), {})[path[match.end() :]] = spot
        else:
            outside[path] = spot
    return outside, inside


def _in_days(source: FlowSource) -> FlowSource:
    """Terms in hours, also as days: from the first moment of the day, so that none is shown later than it ends."""
    clocks = source.flow.clocks
    if problems := [
        source.problem(f"$.clocks[{at}]", "both hours and days or months", "keep one of them")
        for at, clock in enumerate(clocks)
        if clock.hours and not (clock.days is None and clock.months is None)
    ]:
        raise FlowErrors(problems)
    written = tuple(
        msgspec.structs.replace(clock, days=min(clock.hours) // 24) if clock.hours else clock for clock in clocks
    )
    return FlowSource(source.file, msgspec.structs.replace(source.flow, clocks=written), source.spots)


def _changed(source: FlowSource, written: Sequence[SourceQuestion]) -> Iterator[Problem]:
    """`changed` has the danger question and names questions that exist, or one of those that `each` makes."""
    known = {question.id for question in (*source.flow.questions, *written)}
    for at, one in enumerate(source.flow.changed):
        if one not in known:
            yield source.problem(f"$.changed[{at}]", f"there is no question `{one}`", "name one that exists")
    if source.flow.changed and source.flow.danger not in source.flow.changed:
        yield source.problem("$.changed", "the danger question is missing", f"add `{source.flow.danger}`")


def _term_from(source: FlowSource, written: Sequence[SourceQuestion]) -> Iterator[Problem]:
    """`term_from` names dates that are asked before, as they are written out."""
    for at, question in enumerate(source.flow.questions):
        for number, one in enumerate(question.term_from):
            if one not in {each.id for each in written if each.kind is Kind.date and each.past}:
                where = f"$.questions[{at}].term_from[{number}]"
                yield source.problem(where, f"`{one}` asks for no day gone by", "name a date question with `past`")


def _each(source: FlowSource, at: int) -> Iterator[Problem]:
    """What is wrong with `each` and `only`: written out, a question for no option would be gone without a word."""
    question, path = source.flow.questions[at], f"$.questions[{at}]"
    if question.each is None:
        if question.only:
            yield source.problem(f"{path}.only", "`only` without `each`", "name the question with `each`")
        return
    asked = next((one for one in source.flow.questions[:at] if one.id == question.each), None)
    if asked is None:
        yield source.problem(f"{path}.each", f"no earlier question `{question.each}`", "name one that is asked before")
        return
    if not question.only:
        yield source.problem(path, "`each` without `only`", "list the options for which it is asked")
    for number, option in enumerate(question.only):
        if option not in {one.id for one in asked.options}:
            where = f"{path}.only[{number}]"
            yield source.problem(where, f"`{asked.id}` has no option `{option}`", "name one of its options")


def _for_each(source: FlowSource, question: SourceQuestion) -> list[SourceQuestion]:
    if question.each is None:
        return [question]
    asked = next(one for one in source.flow.questions if one.id == question.each)
    return [
        msgspec.structs.replace(
            question,
            id=f"{question.id}_{option.id}",
            show_if={"all": [{question.each: [option.id]}, *([question.show_if] if question.show_if else [])]},
            base=question.id,
            option=option.id,
        )
        for option in asked.options
        if option.id in question.only
    ]
