"""What a written date is read against: the day it is read on, whether it may lie ahead, and the words to read it by."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flows.dates.found import Reading, either, exact
from flows.dates.vocabulary import Vocabulary

_JUST_AHEAD = 3  # days: who writes such a day without its year may mean it, though it cannot have been
_LONG_AGO = 183  # days: where a day may lie ahead, one without its year that is further back is not meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a date was asked for. With `ahead` it may lie in the future. `hour`: of the day, when that is known.

    `since` is set where the date stands in «с сентября», "since September".
    """

    today: date
    ahead: bool
    words: Vocabulary
    hour: int | None = None
    since: bool = False

    @property
    def monday(self) -> date:
        """Of this week."""
        return self.today - timedelta(days=self.today.weekday())

    def may_be_year(self, number: int) -> bool:
        """Of two digits: a year not long ago, nor ahead where nothing may be."""
        return -10 <= 2000 + number - self.today.year <= (10 if self.ahead else 0)

    def day(self, day: int, month: int, year: str | None) -> Reading | None:
        """A day; without a year the latest one gone by, the nearest ones where it may lie ahead."""
        if year is None:
            return self._without_year(day, month)
        return exact(date(int(year) + (2000 if len(year) == 2 else 0), month, day))

    def _without_year(self, day: int, month: int) -> Reading | None:
        years = range(self.today.year - 8, self.today.year + 9)
        days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
        if not days:
            return None
        before = max(one for one in days if one <= self.today)
        after = min(one for one in days if one >= self.today)
        if self.ahead:
            return self._nearest(before, after)
        return either(exact(before), exact(after) if (after - self.today).days <= _JUST_AHEAD else None)

    def _nearest(self, before: date, after: date) -> Reading | None:
        """The day to come, and the one gone by when that is not long ago; the nearer first."""
        if (self.today - before).days > _LONG_AGO:
            return exact(after)
        return either(*map(exact, sorted((before, after), key=lambda one: abs(one - self.today))))

    def year_for(self, month: int) -> int:
        """The year of a month without one."""
        years = range(self.today.year - 1, self.today.year + 2)
        begins = [date(year, month, 1) for year in years]
        if self.ahead:
            return min(begins, key=lambda one: abs(one - self.today)).year
        return max(one for one in begins if one <= self.today).year


Way = Callable[[str, Asked], Reading | None]
