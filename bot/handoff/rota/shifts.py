"""Shifts, what they cover, and what a change of the rota would do to cover. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SOON = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on call from when to when. `languages`, `regions`: what it is for; without, what the member said."""

    begins: datetime
    ends: datetime
    name: str = field(repr=False)
    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[datetime, datetime, str, tuple[str, ...], tuple[str, ...]]:
        """By which shifts are sorted."""
        return self.begins, self.ends, self.name, self.languages, self.regions


@dataclass(frozen=True, slots=True)
class Problem:
    """An event of the calendar that cannot be used, or not as it is written.

    `called`, `at`: its own words and time, as far as they can be read. `empty`: nobody is on duty by it.
    """

    number: int
    called: str = field(repr=False)
    at: datetime | None
    why: str = field(repr=False)
    empty: bool = True

    @property
    def mark(self) -> str:
        """The same for as long as the event stays as it is, while its next shift moves on."""
        return hashlib.sha256(f"{self.called}\n{self.why}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Rota:
    """Every shift that touches a stretch of time, in order; and what of the calendar cannot be used there."""

    begins: datetime
    ends: datetime
    shifts: tuple[Shift, ...]
    problems: tuple[Problem, ...] = ()

    def at(self, moment: datetime) -> Sequence[Shift]:
        """The shifts that cover a moment."""
        return [one for one in self.shifts if one.begins <= moment < one.ends]


def cover(shifts: Iterable[Shift], begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches of time in which at least one of the shifts runs."""
    found: list[tuple[datetime, datetime]] = []
    for shift in sorted(shifts, key=lambda shift: shift.begins):
        first, last = max(shift.begins, begins), min(shift.ends, ends)
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def gaps(
    covered: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> list[tuple[datetime, datetime]]:
    """What of a stretch of time is not covered."""
    edges = [begins, *(edge for stretch in covered for edge in stretch), ends]
    return [(edges[at], edges[at + 1]) for at in range(0, len(edges), 2) if edges[at] < edges[at + 1]]


def needs_a_yes(old: Rota, new: Rota, now: datetime) -> str | None:
    """Why a coordinator must agree: `cover` falls away within 48 hours, or more than `half` is altered."""
    if _loses_cover(old, new, now, now + SOON):
        return "cover"
    coming = {one for one in old.shifts if one.ends > now}
    altered = coming ^ {one for one in new.shifts if one.ends > now}
    return "half" if coming and len(altered) > len(coming) / 2 else None


def _loses_cover(old: Rota, new: Rota, begins: datetime, ends: datetime) -> bool:
    """True where somebody was on duty and nobody will be."""
    after = cover(new.shifts, begins, ends)
    return any(
        gaps([one for one in after if one[1] > first and one[0] < last], first, last)
        for first, last in cover(old.shifts, begins, ends)
    )
