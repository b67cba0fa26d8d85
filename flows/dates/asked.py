"""What a written date is read against: the day it is read on, whether it may lie ahead, and the words to read it by."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flows.dates.found import Found, exact
from flows.dates.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a date was asked for. With `ahead` it may lie in the future."""

    today: date
    ahead: bool
    words: Vocabulary

    @property
    def monday(self) -> date:
        """Of this week."""
        return self.today - timedelta(days=self.today.weekday())

    def may_be_year(self, number: int) -> bool:
        """Of two digits: a year not long ago, nor ahead where nothing may be."""
        return -10 <= 2000 + number - self.today.year <= (10 if self.ahead else 0)

    def day(self, day: int, month: int, year: str | None) -> Found:
        """A day; without a year the latest one gone by, or the nearest one where it may lie ahead."""
        if year is None:
            return exact(date(self.year_for(month, day), month, day))
        return exact(date(int(year) + (2000 if len(year) == 2 else 0), month, day))

    def year_for(self, month: int, day: int) -> int:
        """The year that a day without one means; 29 February finds the leap year."""
        years = range(self.today.year - 8, self.today.year + (9 if self.ahead else 1))
        days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
        if self.ahead:
            return min(days, key=lambda one: abs(one - self.today)).year
        return max(one for one in days if one <= self.today).year


Way = Callable[[str, Asked], Found | None]
