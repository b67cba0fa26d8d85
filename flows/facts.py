"""What alerts may say of a case once the server can no longer read its answers. Made and changed here alone. Pure.

Facts are ids and times, never typed text. They are made of the answers while those can be read; from then on they
change by time (a level rises, the claimer is reminded), by the claimer (a clock is settled), and by what the person
answers later. No change lowers a level, forgets a rising that is still ahead, or brings back what was settled.

Sealed they rest in the database as JSON, which is read by every later version: names and order of fields stay.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

import msgspec

from flows.alert import Told, told_again, told_of
from flows.clocks import Deadline, deadlines, levels_on, reminders
from flows.conditions import chosen_in, questions_in
from flows.hands import Hands, hands_of
from flows.model import (
    Answers,
    Chosen,
    ClockId,
    Day,
    Flow,
    Intake,
    Level,
    OptionId,
    QuestionId,
    Reason,
    Rule,
    RuleId,
    tells_nothing,
)
from flows.place import Place
from flows.triage import risings_from


class Soonest(msgspec.Struct, frozen=True, array_like=True):
    """The clock that ends first, and its last day; None: no day is known, as soon as possible."""

    clock: ClockId
    last_day: date | None


class Rising(msgspec.Struct, frozen=True, array_like=True, order=True):
    """When a clock raises the level of a case that waits, to which, and the rule."""

    at: datetime
    level: Level
    rule: RuleId


class Reminder(msgspec.Struct, frozen=True, array_like=True, order=True):
    """When the claimer is reminded of which clock, and its last day, if one is known."""

    at: datetime
    clock: ClockId
    last_day: date | None

    @property
    def told(self) -> "Reminded":
        """It, once it was said."""
        return Reminded(self.at, self.clock)


class Reminded(msgspec.Struct, frozen=True, array_like=True):
    """Of which clock the claimer was reminded, and when that was due."""

    at: datetime
    clock: ClockId


class Change(msgspec.Struct, frozen=True, array_like=True):
    """What has become graver since a lawyer took the case: why, in reasons that are new, and since when.

    `due_at`: when others are called, if the lawyer has not seen it by then, or again; None once it was seen.
    `called_at`: when they were called for the first time: `called`, and so many `coordinators`. `message`: what tells
    the lawyer of it.
    """

    at: datetime
    reasons: tuple[Reason, ...] = ()
    due_at: datetime | None = None
    called_at: datetime | None = None
    called: tuple[int, ...] = ()
    coordinators: int = 0
    message: int | None = None

    @property
    def seen(self) -> "Change":
        """It, once the lawyer has seen it: nobody else is called."""
        return msgspec.structs.replace(self, due_at=None, called=())

    def shown_by(self, message: int) -> "Change":
        """It, once this message tells of it."""
        return msgspec.structs.replace(self, message=message)

    def calling(self, at: datetime, called: tuple[int, ...], coordinators: int, again: datetime) -> "Change":
        """It, now that others are called; and `again`, when they will be once more."""
        first = self.called_at or at
        return msgspec.structs.replace(self, called_at=first, called=called, coordinators=coordinators, due_at=again)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What alerts may say of a case.

    `contact`: the option chosen for how to reach the person; `quiet`: writing is not safe. `backed`: a paper
    or a text stands behind the case. `settled`: the clocks that the claimer is done with. `lost`: what was known could
    not be read; the sealed case is as it was. `phone`: in whose hands it may be, empty where only `quiet` is known.
    `unanswered`: urgent help was asked for, and nothing else was said. `change`: what is new to who has taken the case.
    `told`: answers that an alert names. `running`: every deadline; older facts have one, `soonest`, and its `moment`
    where it is a term in hours whose start is known. `assumed`: rules that hold because something was not asked.
    """

    level: Level
    reasons: tuple[Reason, ...] = ()
    region: OptionId | None = None
    language: str
    asked_urgent: bool = False
    contact: OptionId | None = None
    quiet: bool = False
    soonest: Soonest | None = None
    risings: tuple[Rising, ...] = ()
    advice: tuple[str, ...] = ()
    backed: bool = False
    reminders: tuple[Reminder, ...] = ()
    settled: tuple[ClockId, ...] = ()
    reminded: tuple[Reminded, ...] = ()
    lost: bool = False
    phone: str = msgspec.field(default="", name="hands")
    unanswered: bool = False
    change: Change | None = None
    moment: datetime | None = None
    told: tuple[Told, ...] = ()
    running: tuple[Deadline, ...] = ()
    assumed: tuple[RuleId, ...] = ()

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Every deadline that is known."""
        if self.running or self.soonest is None:
            return self.running
        return (Deadline(self.soonest.clock, None, self.soonest.last_day, self.moment),)

    @property
    def unseen(self) -> Change | None:
        """What is new and was not seen yet."""
        return self.change if self.change is not None and self.change.due_at is not None else None

    @property
    def looks_at(self) -> tuple[datetime, ...]:
        """When a claimed case is looked at again for what is known here."""
        unseen = self.unseen
        due = [unseen.due_at] if unseen is not None and unseen.due_at is not None else []
        return (*(one.at for one in self.reminders[:1]), *due)

    @property
    def hands(self) -> Hands:
        """In whose hands the phone may be."""
        return Hands(self.phone) if self.phone else Hands.held if self.quiet else Hands.free

    @property
    def grade(self) -> int:
        """How grave the case is; a danger that was named is graver than a cry for help alone."""
        return 2 * self.level.rank - self.unanswered

    # --- what time and the claimer change ---

    def risen(self, now: datetime) -> "Facts | None":
        """The level that clocks have reached by now, the gravest of several at once; None when none has."""
        due = [one for one in _above(self.level, self.risings) if one.at <= now]
        if not due:
            return None
        reached = max(due, key=lambda one: one.level.rank)
        ahead = _above(reached.level, self.risings)
        reasons = (Reason(reached.rule, ()), *self.reasons)
        return msgspec.structs.replace(self, level=reached.level, reasons=reasons, risings=ahead)

    def due_reminders(self, now: datetime) -> tuple[Reminder, ...]:
        """Of what the claimer is to be reminded by now."""
        return tuple(one for one in self.reminders if one.at <= now)

    def after_reminding(self, now: datetime) -> "Facts":
        """Once the claimer was reminded of what was due: it does not come again."""
        reminded = (*self.reminded, *(one.told for one in self.due_reminders(now)))
        ahead = tuple(one for one in self.reminders if one.at > now)
        return msgspec.structs.replace(self, reminders=ahead, reminded=reminded)

    def settling(self, clock: ClockId) -> "Facts":
        """The claimer is done with a clock, or it is not theirs: no more reminders of it."""
        left = tuple(one for one in self.reminders if one.clock != clock)
        return msgspec.structs.replace(self, reminders=left, settled=tuple(dict.fromkeys((*self.settled, clock))))

    def continuing(self, before: "Facts") -> "Facts":
        """These in place of earlier ones of the same case: what was settled or reminded of stays so."""
        left = tuple(
            one for one in self.reminders if one.clock not in before.settled and one.told not in before.reminded
        )
        return msgspec.structs.replace(
            self, settled=before.settled, reminded=before.reminded, reminders=left, change=before.change
        )

    def spoken(self, language: str) -> "Facts":
        """These, now that the person reads another language."""
        return msgspec.structs.replace(self, language=language)

    def with_change(self, change: Change | None) -> "Facts":
        """These, with what is new to who has taken the case."""
        return msgspec.structs.replace(self, change=change)

    def only(self, reasons: tuple[Reason, ...]) -> "Facts":
        """These with no other reasons; that urgent help was asked for is one only where there is none."""
        return msgspec.structs.replace(self, reasons=reasons, asked_urgent=self.asked_urgent and not reasons)

    def changing(self, change: Change) -> Change:
        """Something is new: what was not seen before is told with it, and is not seen later for it."""
        before = self.change
        if before is None:
            return change
        change = msgspec.structs.replace(change, message=before.message)
        if before.due_at is None:
            return change
        known = {reason.rule for reason in change.reasons}
        reasons = (*change.reasons, *(reason for reason in before.reasons if reason.rule not in known))
        return msgspec.structs.replace(before, at=change.at, reasons=reasons)

    def graver_than(self, flow: Flow, before: "Facts") -> tuple[Reason, ...]:
        """Reasons of the gravest kind that were not there before, and such as have raised the level.

        Of a reason that was there, only options that take another's place or stand beside it: somebody else holds the
        person now, one more paper was handed over. A first answer that only tells more of what was known is not new.
        """
        found = (_new_in(flow, reason, before) for reason in self.reasons)
        return tuple(one for one in found if one is not None)


def _new_in(flow: Flow, reason: Reason, before: Facts) -> Reason | None:
    """What of a reason is new and grave; None when nothing is."""
    rule = flow.rule(reason.rule)
    if rule is None or not (rule.level is Level.critical or rule.level.rank > before.level.rank):
        return None
    known = _known(before)
    new = tuple(pair for pair in reason.because if pair not in known)
    if not (_asked_of(new) & _asked_of(known)):
        rules = [one.rule for one in before.reasons]
        if reason.rule in rules or _tells_more(flow, rule, known):
            return None
    return Reason(reason.rule, new or reason.because)


def _known(facts: Facts) -> set[tuple[QuestionId, OptionId]]:
    return {pair for reason in facts.reasons for pair in reason.because}


def _asked_of(pairs: Collection[tuple[QuestionId, OptionId]]) -> set[QuestionId]:
    return {question for question, _ in pairs}


def _tells_more(flow: Flow, rule: Rule, known: Collection[tuple[QuestionId, OptionId]]) -> bool:
    """The rule reads only questions that are asked because of what was known: by whom somebody is held, for one."""
    asked = [chosen_in(flow.question(question).show_if) for question in questions_in(rule.when)]
    return bool(asked) and all(
        any(question == one.question and option in one.options for one in shown for question, option in known)
        for shown in asked
    )


def lost_facts(level: Level) -> Facts:
    """What may be said of a case whose facts cannot be read: its level; nothing may ring on its person's phone."""
    return Facts(level=level, language="", quiet=True, lost=True)


def facts_of(
    flow: Flow,
    intake: Intake,
    now: datetime,
    *,
    place: Place,
    asked_urgent: bool,
    at_least: Level,
    known: Facts | None = None,
) -> Facts:
    """What may be said of an open intake. A level never falls by itself once lawyers were called (`at_least`).

    `place`: where the person is. `known`: what was said of a case that is opened again; how to reach the person still
    counts.
    """
    level = max((Level.critical if asked_urgent else intake.level, at_least), key=lambda one: one.rank)
    given, today = _with_contact(flow, intake.answers, known), place.today(now)
    running = deadlines(flow, given)
    return Facts(
        level=level,
        reasons=intake.reasons,
        region=chosen(intake.answers, flow.region),
        language=intake.language,
        asked_urgent=asked_urgent,
        contact=chosen(intake.answers, flow.contact),
        quiet=flow.quiet.holds(given),
        phone=hands_of(flow, given).value,
        advice=tuple(advice.id for advice in flow.advice if advice.may_be_shown and advice.when.holds(given)),
        risings=tuple(
            Rising(_morning(one.on, place), one.level, one.rule)
            for one in risings_from(level, flow, given, running, today)
        ),
        backed=flow.backed.holds(given),
        unanswered=not intake.answers,
        reminders=tuple(_reminder(day, each, place) for day, each in reminders(flow, running, today)),
        told=told_of(flow, intake.answers, intake.reasons),
        running=running,
        assumed=_assumed(flow, intake, Day(today, levels_on(flow, running, today))),
    )


def together(flow: Flow, before: Facts, facts: Facts, given: Answers) -> Facts:
    """What may be said of a case that was opened again: what has changed first, and what was known besides.

    A reason that names no danger counts only while there is none. Where the person is was told anew, or the phone
    stays as quiet as it was.
    """
    where = given.get(flow.danger)
    told = where is not None and not tells_nothing(where)
    facts = msgspec.structs.replace(facts, level=max(facts.level, before.level, key=lambda one: one.rank))
    return msgspec.structs.replace(
        facts,
        reasons=_reasons(flow, before, facts),
        quiet=facts.quiet or (before.quiet and not told),
        phone=_phone(before, facts, told=told),
        region=facts.region or before.region,
        contact=facts.contact or before.contact,
        asked_urgent=facts.asked_urgent or before.asked_urgent,
        soonest=None,
        moment=None,
        told=told_again(flow, before.told, facts.told, moved=told),
        running=_sooner(before.deadlines, facts.deadlines),
        assumed=tuple(sorted({*before.assumed, *facts.assumed} - {*_known_rules(before), *_known_rules(facts)})),
        risings=_above(facts.level, sorted({*before.risings, *facts.risings})),
        advice=tuple(dict.fromkeys((*facts.advice, *before.advice))),
        backed=facts.backed or before.backed,
        unanswered=facts.unanswered and before.unanswered,
        reminders=tuple(sorted({*before.reminders, *facts.reminders}, key=_in_time)),
    )


def _assumed(flow: Flow, intake: Intake, day: Day) -> tuple[RuleId, ...]:
    """What counts as not known because nothing more was answered: no answer, and none that was taken back, says it."""
    kept = {one.reason.rule for one in intake.kept}
    rules = [(one.rule, flow.rule(one.rule)) for one in intake.reasons if one.rule not in kept]
    return tuple(name for name, rule in rules if rule is None or not rule.when.holds(intake.answers, day))


def _known_rules(facts: Facts) -> set[RuleId]:
    return {one.rule for one in facts.reasons} - {*facts.assumed}


def _in_time(one: Reminder) -> tuple[datetime, ClockId, date]:
    return one.at, one.clock, one.last_day or date.min


def _sooner(before: Iterable[Deadline], now: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Of one clock the earlier day, and none before any: it is never shown later than it is."""
    found: dict[ClockId, Deadline] = {}
    for one in sorted((*now, *before), key=lambda one: one.ends or date.min):
        found.setdefault(one.clock, one)
    return tuple(found.values())


def _above(level: Level, ahead: Iterable[Rising]) -> tuple[Rising, ...]:
    return tuple(one for one in ahead if one.level.rank > level.rank)


def _reasons(flow: Flow, before: Facts, facts: Facts) -> tuple[Reason, ...]:
    calm = {rule.id for rule in flow.rules if rule.level is Level.normal}
    rules = {reason.rule for reason in facts.reasons}
    both = (*facts.reasons, *(reason for reason in before.reasons if reason.rule not in rules))
    return tuple(reason for reason in both if facts.level is Level.normal or reason.rule not in calm)


def _phone(before: Facts, facts: Facts, *, told: bool) -> str:
    """In whose hands it may be: as it was, unless where the person is was `told` anew."""
    if told or facts.phone == Hands.held:
        return facts.phone
    return before.phone or (Hands.held.value if before.quiet else facts.phone)


def _with_contact(flow: Flow, answers: Answers, known: Facts | None) -> Answers:
    if known is None or not known.contact or not flow.contact:
        return answers
    return {QuestionId(flow.contact): Chosen((known.contact,)), **answers}


def chosen(answers: Answers, question: QuestionId | None) -> OptionId | None:
    """The one option that was chosen at a question, if it was answered so."""
    answer = answers.get(question) if question else None
    return answer.options[0] if isinstance(answer, Chosen) else None


def _reminder(day: date, deadline: Deadline, place: Place) -> Reminder:
    return Reminder(_morning(day, place), deadline.clock, deadline.ends)


def _morning(day: date, place: Place) -> datetime:
    """A clock reaches its threshold days before it ends: it wakes nobody at midnight."""
    return place.morning_of(day).astimezone(UTC)
