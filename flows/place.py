"""The country in which people are helped: its clocks, its night, its languages, its public numbers. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicContact:
    """Whose number it is, and the number. `verified_at`: when somebody last called it."""

    label: str
    number: str
    verified_at: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """How far the clocks of a place are ahead of UTC, and since which day: it tells old files of zones apart."""

    ahead: timedelta
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What `place.yaml` beside a questionnaire says.

    `night_begins`, `night_ends`: outside them every call rings, within only a critical case does. `languages`: those
    that people are spoken to in, in the order in which they are offered. `last_resort`: the one for whoever has named
    none. `offset`: None where the clocks change within the year.
    """

    zone: ZoneInfo
    night_begins: time
    night_ends: time
    languages: tuple[str, ...]
    last_resort: str
    offset: Offset | None = None
    contacts: tuple[PublicContact, ...] = ()

    def here(self, moment: datetime) -> datetime:
        """A moment as the clocks there show it."""
        return moment.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """The day there."""
        return self.here(now).date()

    def is_night(self, now: datetime) -> bool:
        """Only a critical case rings."""
        begins, ends, at = self.night_begins, self.night_ends, self.here(now).time()
        if begins <= ends:
            return begins <= at < ends
        return at >= begins or at < ends

    def next_at(self, when: time, after: datetime) -> datetime:
        """The first moment not before `after` at which the clock shows `when`."""
        here = self.here(after)
        found = datetime.combine(here.date(), when, self.zone)
        return found if found >= here else found + timedelta(days=1)

    def next_morning(self, after: datetime) -> datetime:
        """When ringing begins again."""
        return self.next_at(self.night_ends, after)

    def morning_of(self, day: date) -> datetime:
        """When the night of a day is over."""
        return datetime.combine(day, self.night_ends, self.zone)
