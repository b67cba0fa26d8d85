"""Legal deadlines, computed from the dates that a person gives.

The day of the event is day 0; the earliest plausible day counts; no deadline is moved for a weekend or a holiday;
months are the same day of a later month or thirty days each, whichever comes first. Hours run from the first moment of
the day, and the day on which they end is shown; where the hour of the event is told, so is the moment, the shortest of
the terms after the earliest hour. So a deadline may be shown too early, never too late. A clock that runs `at_once` has
no day while none is known, and counts as if its day were today. Days are those of the place; whoever calls says what
day it is.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from flows.model import Answers, Clock, ClockId, Dated, Flow, Level, Page, QuestionId

PERSON = "person"  # whose side a deadline is on: the person has to act


class Deadline(msgspec.Struct, frozen=True):
    """A clock that runs: its last day, and the day on which it began when that is known.

    `ends` is None where no day is known, and nothing may wait: as soon as possible.
    `moment`: when a term in hours ends at the earliest, in the time of the place, if its first hour was told.
    `latest`: the last day on which it may end, by the longest of its terms and the latest day of its event; None where
    that is `ends` itself.
    """

    clock: ClockId
    begins: date | None
    ends: date | None
    moment: datetime | None = None
    latest: date | None = None

    def left(self, today: date) -> int:
        """How many days are left; fewer than none once it is over. Without a day there is today."""
        return 0 if self.ends is None else (self.ends - today).days

    def may_run(self, today: date) -> bool:
        """Nobody may say that it has passed: by its longest term, or the latest day that was told, it may run."""
        return self.latest is not None and self.latest >= today

    def is_over(self, here: datetime) -> bool:
        """Its last day, or the moment of a term in hours, has passed. `here`: the time at the place."""
        return self.left(here.date()) < 0 if self.moment is None else self.moment < here.replace(tzinfo=None)


def deadlines(flow: Flow, answers: Answers) -> tuple[Deadline, ...]:
    """Every clock that runs, the soonest first."""
    dated = {question: answer.earliest for question, answer in answers.items() if isinstance(answer, Dated)}
    # Clocks without a date are most of them, and this runs at every answer.
    started = {clock.id: clock for question in dated for clock in flow.clocks_of.get(question, ())}
    started |= {clock.id: clock for clock in flow.clocks_at_once}
    found = [deadline for clock in started.values() if (deadline := _deadline(clock, answers, dated)) is not None]
    return tuple(sorted(found, key=_in_time))


def _in_time(deadline: Deadline) -> tuple[date, ClockId]:
    return deadline.ends or date.min, deadline.clock


def levels_on(flow: Flow, running: tuple[Deadline, ...], today: date) -> frozenset[Level]:
    """The levels at which clocks that page stand on a day."""
    return frozenset(page.level for one in running for page in flow.pages[one.clock] if _stands(page, one, today))


def soonest(flow: Flow, running: tuple[Deadline, ...], today: date) -> Deadline | None:
    """The deadline to name first: the gravest that pages today, one still ahead before one that was missed.

    One that is over is named for as long as it pages. When none pages, the next of those that will page; of those that
    only inform the next one, when there is no other.
    """
    pages = flow.pages

    def first(deadline: Deadline) -> tuple[int, bool, bool, int]:
        rank = max((page.level.rank for page in pages[deadline.clock] if _stands(page, deadline, today)), default=-1)
        left = deadline.left(today)
        return -rank, not pages[deadline.clock], left < 0, abs(left)

    return min(
        (deadline for deadline in running if deadline.left(today) >= 0 or first(deadline)[0] <= 0),
        key=first,
        default=None,
    )


def to_act_on(flow: Flow, running: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Those that somebody can act on: that page, or are the person's own."""
    known = {clock.id for clock in flow.clocks if clock.pages or clock.side == PERSON}
    return tuple(one for one in running if one.clock in known)


def nearest(running: Iterable[Deadline], here: datetime) -> Deadline | None:
    """The next that is not over. `here`: the time at the place."""

    def place(one: Deadline) -> tuple[int, bool, time, ClockId]:
        by = one.moment.time() if one.moment else time.max
        return one.left(here.date()), one.ends is not None, by, one.clock

    return min((one for one in running if not one.is_over(here)), key=place, default=None)


def in_order(running: Iterable[Deadline], today: date) -> list[Deadline]:
    """As somebody reads them who has to act: what is due today or has no day, what is ahead, and last what is over.

    What has no day stands first: it may end today, and triage counts it so. Of what is over the newest comes first.
    """

    def place(one: Deadline) -> tuple[bool, int, bool, ClockId]:
        left = one.left(today)
        return left < 0 and not one.may_run(today), abs(left), one.ends is not None, one.clock

    return sorted(running, key=place)


def days_of_change(flow: Flow, running: tuple[Deadline, ...]) -> tuple[date, ...]:
    """The days on which a clock that pages reaches a level, in order."""
    begins = {day for one in running for page in flow.pages[one.clock] if (day := _from(page, one)) is not None}
    return tuple(sorted(begins))


def reminders(flow: Flow, running: tuple[Deadline, ...], today: date) -> tuple[tuple[date, Deadline], ...]:
    """When a lawyer is to be reminded of which deadline: days before its end, and those on which it reaches a level.

    A deadline whose days have all come, or that has none, is named once more, today: whoever takes a case late must not
    miss it.
    """
    clocks = {clock.id: clock for clock in flow.clocks}
    found: set[tuple[date, Deadline]] = set()
    for deadline in running:
        days = _days_to_remind(clocks[deadline.clock], deadline) or {today}
        ahead = {day for day in days if day > today}
        late = {today} if days - ahead and deadline.left(today) >= 0 else set[date]()
        found |= {(day, deadline) for day in ahead | late}
    return tuple(sorted(found, key=lambda each: (each[0], *_in_time(each[1]))))


def _days_to_remind(clock: Clock, deadline: Deadline) -> set[date]:
    if deadline.ends is None:
        return set()
    days = {deadline.ends - timedelta(days=before) for before in clock.remind}
    return days | {day for page in clock.pages if (day := _from(page, deadline)) is not None}


def _deadline(clock: Clock, answers: Answers, dated: Mapping[QuestionId, date]) -> Deadline | None:
    if not clock.when.holds(answers):
        return None
    ends, begins = _first(clock.ends, dated), _first(clock.starts, dated)
    if ends is not None:
        last = min(one.latest for one in _of_day(clock.ends, answers, ends))
        before = timedelta(days=clock.before)
        return Deadline(clock.id, None, ends - before, None, None if last == ends else last - before)
    if begins is None or (clock.days is None and clock.months is None):
        return Deadline(clock.id, None, None) if clock.at_once else None
    return _counted(clock, answers, begins)


def _first(questions: Iterable[QuestionId], dated: Mapping[QuestionId, date]) -> date | None:
    return min((dated[one] for one in questions if one in dated), default=None)


def _counted(clock: Clock, answers: Answers, begins: date) -> Deadline:
    """A term from its first day."""
    end, given = _end(begins, clock), _of_day(clock.starts, answers, begins)
    last = min(one.latest for one in given)
    if not clock.hours:
        latest = end if last == begins else _end(last, clock)
        return Deadline(clock.id, begins, end, None, None if latest == end else latest)
    moment, over = _moment(clock, given, begins), _over(clock, given, begins, last)
    certain = over.date() == end if moment is None else over - moment <= timedelta(hours=1)
    return Deadline(clock.id, begins, end, moment, None if certain else over.date())


def _moment(clock: Clock, given: Sequence[Dated], begins: date) -> datetime | None:
    """After the shortest term, counted from the earliest hour that any event of this first day may have had."""
    hours = [one.hours[0] for one in given if one.hours is not None and one.earliest == one.latest]
    if len(hours) < len(given):
        return None
    return datetime.combine(begins, time(min(hours))) + timedelta(hours=min(clock.hours))


def _over(clock: Clock, given: Sequence[Dated], begins: date, last: date) -> datetime:
    """When a term in hours ends at the latest: the longest, after the latest day and hour of its event."""
    told = [one.hours[1] for one in given if one.hours is not None and last == begins]
    over = timedelta(hours=max(told, default=24) + max(clock.hours))
    # An hour that is over by midnight is of its day.
    return datetime.combine(last, time()) + over - timedelta(minutes=1)


def _of_day(questions: Iterable[QuestionId], answers: Answers, first: date) -> list[Dated]:
    """The events whose earliest day is this."""
    given = (answers.get(each) for each in questions)
    return [one for one in given if isinstance(one, Dated) and one.earliest == first]


def _end(begins: date, clock: Clock) -> date:
    return _later(begins, clock) if clock.days is None else begins + timedelta(days=clock.days)


def _later(begins: date, clock: Clock) -> date:
    months = clock.months or 0
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    same_day = date(year, month + 1, min(begins.day, monthrange(year, month + 1)[1]))
    return min(same_day, begins + timedelta(days=30 * months))


def _from(page: Page, deadline: Deadline) -> date | None:
    if page.from_start is not None and deadline.begins is not None:
        return deadline.begins + timedelta(days=page.from_start)
    if page.before_end is None or deadline.ends is None:
        return None
    return deadline.ends - timedelta(days=page.before_end)


def _stands(page: Page, deadline: Deadline, today: date) -> bool:
    if deadline.ends is None:
        return True
    begins = _from(page, deadline)
    return begins is not None and begins <= today <= deadline.ends + timedelta(days=page.after)
