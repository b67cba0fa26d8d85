"""What of the answers lawyers may read in an alert: which questions it names, what was chosen or dated there. Pure.

An alert says nothing of what was not asked, and never a text that somebody typed. Which question stands on which line
is told by the questionnaire (`alert` in its file).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import msgspec

from flows.conditions import Because
from flows.model import (
    UNTOLD,
    Answer,
    Answers,
    AtClock,
    Chosen,
    Dated,
    Flow,
    OptionId,
    QuestionId,
    Reason,
    Rule,
    Skipped,
    Texts,
)


class Told(msgspec.Struct, frozen=True, array_like=True):
    """What was chosen at a question, or the days that its date may be; neither where it was skipped."""

    question: QuestionId
    options: tuple[OptionId, ...] = ()
    first: date | None = None
    last: date | None = None


def told_of(flow: Flow, answers: Answers, reasons: Sequence[Reason]) -> tuple[Told, ...]:
    """Of these answers what an alert may say: on its lines, and as a reason."""
    asked = dict.fromkeys((*_on_lines(flow), *(question for one in reasons for question, _ in one.because)))
    found = (_told(question, answers[question]) for question in asked if question in answers)
    return tuple(one for one in found if one is not None)


def _told(question: QuestionId, answer: Answer) -> Told | None:
    match answer:
        case Chosen(options):
            return Told(question, options)
        case Dated(earliest=earliest, latest=latest):
            return Told(question, (), earliest, latest)
        case Skipped():
            return Told(question)
        case _:
            return None


def _on_lines(flow: Flow) -> Iterator[QuestionId]:
    alert = flow.alert
    yield from (*alert.where, *alert.threat, *alert.help)
    yield from (one for one in (alert.writes, alert.papers) if one is not None)
    for option in flow.question(alert.papers).options if alert.papers else ():
        yield from days_of(flow, option.id)


def told_again(flow: Flow, before: Sequence[Told], now: Sequence[Told], *, moved: bool) -> tuple[Told, ...]:
    """What was told before, and now: "I don't know" takes no answer back. `moved`: where somebody is was told anew."""
    kept = {one.question: one for one in before if not (moved and one.question in flow.alert.where)}
    kept |= {one.question: one for one in now if one.question not in kept or not _is_nothing(one)}
    return tuple(kept.values())


def _is_nothing(told: Told) -> bool:
    return told.first is None and UNTOLD.issuperset(told.options)


def days_of(flow: Flow, paper: OptionId) -> tuple[QuestionId, QuestionId]:
    """The questions for the days of a paper: handed over on, and printed on it. Either may not exist."""
    return QuestionId(f"{flow.alert.given}_{paper}"), QuestionId(f"{flow.alert.dated}_{paper}")


def threats(flow: Flow, told: Collection[Told]) -> tuple[Texts, ...]:
    """What somebody may face, by its proper name."""
    given: Answers = {one.question: Chosen(one.options) if one.options else Skipped() for one in told}
    return tuple(one.name for one in flow.alert.threats if one.when.holds(given))


def due_soon(flow: Flow, told: Collection[Told]) -> tuple[int, QuestionId, OptionId] | None:
    """The soonest of what somebody told that is due within a few days: how many, and the answer that told it."""
    soon = flow.alert.soon
    found = (
        (soon[one.question][option], one.question, option)
        for one in told
        for option in one.options
        if option in soon.get(one.question, {})
    )
    return min(found, default=None)


def gravest_of_families(flow: Flow, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Reasons without those of which a family has a graver one, or as grave and before it."""
    said: list[Reason] = []
    for reason in reasons:
        family = flow.family(reason.rule)
        if not any(one.rule in family for one in said):
            said.append(reason)
    return tuple(said)


def says_more(rule: Rule, because: Because) -> bool:
    """The options that made a rule hold do not say it all: without the days that it looks at they would not do."""
    chosen: dict[QuestionId, tuple[OptionId, ...]] = {}
    for question, option in because:
        chosen[question] = (*chosen.get(question, ()), option)
    return not rule.when.holds({question: Chosen(options) for question, options in chosen.items()})


def is_of_clocks(rule: Rule) -> bool:
    """It holds because of a deadline, and says nothing beside it."""
    return isinstance(rule.when, AtClock)
