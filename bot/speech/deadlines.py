"""A legal deadline in words, seen from today: ahead, today, passed, or without a day. Only lawyers read it.

A day that has passed is never said as if it were ahead.
"""

from collections.abc import Iterable
from datetime import date, datetime

from bot.speech.texts import deadlines as texts
from bot.speech.words import Words, short_day
from flows.clocks import PERSON, Deadline, levels_on, nearest, soonest, to_act_on
from flows.model import Clock, Flow


def when(words: Words, language: str, deadline: Deadline, here: datetime) -> str:
    """When it ends or has ended. `here`: the time at the place."""
    today, moment = here.date(), deadline.moment
    if deadline.ends is None:
        return words.text(language, texts.AT_ONCE)
    if moment is not None and moment >= here.replace(tzinfo=None):
        text = texts.TODAY_AT if moment.date() == today else texts.AHEAD_AT
        date_in_words = short_day(language, moment.date(), today)
        return words.text(language, text, date=date_in_words, time=f"{moment:%H:%M}")
    last = _last(deadline, here)
    left, said = (last - today).days, short_day(language, last, today)
    if left > 0:
        return words.plural(language, texts.AHEAD, left, date=said)
    if left == 0 and moment is None:
        return words.text(language, texts.TODAY, date=said)
    return _has_passed(words, language, deadline, here, said)


def _has_passed(words: Words, language: str, deadline: Deadline, here: datetime, said: str) -> str:
    """`said`: its last day, or that of its moment."""
    left, moment = (_last(deadline, here) - here.date()).days, deadline.moment
    if deadline.latest is not None:
        return _may_have_passed(words, language, deadline, here)
    if left < 0 or moment is None:
        return words.plural(language, texts.PASSED, -left, date=said)
    return words.text(language, texts.PASSED_AT, time=f"{moment:%H:%M}")


def _last(deadline: Deadline, here: datetime) -> date:
    return deadline.moment.date() if deadline.moment is not None else deadline.ends or here.date()


def _may_have_passed(words: Words, language: str, deadline: Deadline, here: datetime) -> str:
    """Of one whose earliest end is over, and whose latest is another."""
    today, moment = here.date(), deadline.moment
    ends = deadline.ends if moment is None else moment.date()
    if not deadline.may_run(today):
        return words.plural(language, texts.PASSED_LONG, (today - (deadline.latest or today)).days)
    if moment is not None and ends == today:
        return words.text(language, texts.MAY_HAVE_PASSED_AT, time=f"{moment:%H:%M}")
    return words.text(language, texts.MAY_HAVE_PASSED, date=short_day(language, ends or today, today))


def event(words: Words, language: str, clock: Clock, mark: str = texts.UNSIGNED) -> str:
    """Which deadline it is, with the mark of one that no advocate has signed."""
    said = clock.event.get(language) or next(iter(clock.event.values()), clock.id)
    return said if clock.verified_by else f"{said} {words.text(language, mark)}"


def may_be_restored(clock: Clock, deadline: Deadline, here: datetime) -> bool:
    """A complaint of the person that is too late: what filing it suspends is known, and the day has passed."""
    return clock.side == PERSON and bool(clock.file_at and clock.suspends) and deadline.is_over(here)


def to_name(flow: Flow, running: Iterable[Deadline], here: datetime) -> tuple[Deadline | None, Deadline | None]:
    """The gravest and the nearest: of these an alert names both, and one where they are the same.

    The gravest raises the level today, the person's own before one of the state: that is what a lawyer can file. Where
    it is the nearest too, one of the person's own that was missed and is as grave is named beside it; where none raises
    the level, whatever is nearest; and where all have passed, the last of them.
    """
    known, today = to_act_on(flow, running), here.date()
    main, first = _gravest(flow, known, today), nearest(known, here)
    if main is None and first is None:
        first = max(known, key=lambda one: one.left(today), default=None)
    if first is not None and (main is None or not levels_on(flow, (main,), today)):
        main = first
    if main is not None and main == first:
        main = _missed(flow, known, here, _rank(flow, main, today)) or main
    return main, None if main == first else first


def _gravest(flow: Flow, known: tuple[Deadline, ...], today: date) -> Deadline | None:
    main, own = soonest(flow, known, today), soonest(flow, _own(flow, known), today)
    return own if main is None or (own is not None and _rank(flow, own, today) >= _rank(flow, main, today)) else main


def _missed(flow: Flow, known: tuple[Deadline, ...], here: datetime, rank: int) -> Deadline | None:
    """The last of the person's own that has passed, and raises the level at least so high all the same."""
    over = [one for one in _own(flow, known) if one.is_over(here) and _rank(flow, one, here.date()) >= max(rank, 0)]
    return max(over, key=lambda one: one.left(here.date()), default=None)


def _own(flow: Flow, known: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    clocks = {clock.id for clock in flow.clocks if clock.side == PERSON}
    return tuple(one for one in known if one.clock in clocks)


def _rank(flow: Flow, one: Deadline, today: date) -> int:
    return max((level.rank for level in levels_on(flow, (one,), today)), default=-1)
