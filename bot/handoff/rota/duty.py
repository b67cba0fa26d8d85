"""Who is on duty, read from the database (timetable.py says what follows from it). Also what is not covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from bot.handoff.rota.current import CurrentRota
from bot.handoff.rota.shifts import Problem, Rota, Shift, cover, gaps
from bot.handoff.rota.timetable import Timetable
from storage.duty import Duties, Handed, Swap
from storage.members import Member, Members
from storage.tx import Reading


@dataclass(frozen=True, slots=True)
class Cover:
    """What is not covered in a stretch of time.

    `gaps`: nobody at all is on duty. `languages`: when nobody speaks them. `regions`: those no lawyer has named.
    `unreachable`: members on duty in that time whom the bot cannot reach or who have not confirmed the last test page.
    `never_met`: members, on duty or not, who have never pressed Start. `unpractised`: lawyers, on duty or not, who have
    not finished the practice case.
    """

    gaps: Sequence[tuple[datetime, datetime]]
    languages: Mapping[str, Sequence[tuple[datetime, datetime]]]
    regions: Sequence[str]
    unreachable: Sequence[Member]
    never_met: Sequence[Member]
    unpractised: Sequence[Member]


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """What a lawyer's card says of their duty, and from which day, which it leaves out of its times.

    `until`: None while nothing ends it; `next`: when they are on call again, of who is not now.
    """

    is_on: bool
    until: datetime | None
    next: datetime | None
    shifts: Sequence[tuple[datetime, datetime]]
    today: date


class Duty:
    """Every method runs inside a change."""

    def __init__(self, *, members: Members, duties: Duties, rota: CurrentRota) -> None:
        self.members, self.duties, self.rota = members, duties, rota

    def problems(self, tx: Reading, rota: Rota | None) -> Sequence[Problem]:
        """What of a rota cannot be used from now on: its events, and shifts of somebody who takes part no more."""
        if rota is None:
            return []
        found, known = list(rota.problems), set[int]()
        for one in self.timetable(tx, rota).shifts(tx.now, rota.ends):
            if not one.holder.works and one.holder.id not in known:
                known.add(one.holder.id)
                why = f"{one.holder.name} is {'suspended' if one.holder.active else 'no member any more'}"
                found.append(Problem(0, one.owner.name, one.shift.begins, why))
        return found

    # --- who is on duty ---

    def timetable(self, tx: Reading, rota: Rota | None) -> Timetable:
        """Who is on duty when, by the rota in force or any other."""
        return Timetable(self.rota.lawyers(tx), rota, self.duties.handed(tx), self.duties.untils(tx))

    def now(self, tx: Reading) -> Timetable:
        """The same by the rota in force."""
        return self.timetable(tx, self.rota.at(tx, tx.now))

    def on_duty(self, tx: Reading) -> Mapping[int, Member]:
        """The lawyers on duty at this moment, each with the languages and regions of the shift beside their own."""
        return self.now(tx).at(tx.now)

    def covered(self, tx: Reading) -> bool:
        """True when somebody whom an alert reaches is on duty at this moment."""
        return any(one.counts(tx.now) for one in self.on_duty(tx).values())

    def never_met(self, tx: Reading) -> Sequence[Member]:
        """Members who have never pressed Start: no alert reaches them."""
        return [one for one in self.members.working(tx) if one.met_at is None]

    def unpractised(self, tx: Reading) -> Sequence[Member]:
        """Lawyers who have not finished the practice case: they are called, and count as no cover."""
        return [one for one in self.members.working(tx) if one.role == "lawyer" and not one.practised]

    # --- shifts that change hands ---

    def shifts_of(self, tx: Reading, member_id: int) -> Sequence[tuple[datetime, datetime]]:
        """The times of a member's shifts to come: without those given away or ended, with those taken from others."""
        return list(dict.fromkeys((one.shift.begins, one.shift.ends) for one in self.now(tx).of(member_id, tx.now)))

    def own(self, tx: Reading, member_id: int) -> OwnDuty:
        """What is true of a lawyer's duty now."""
        table, now = self.now(tx), tx.now
        is_on = member_id in table.at(now)
        return OwnDuty(
            is_on=is_on,
            until=table.until(member_id, now) if is_on else None,
            next=None if is_on else table.next(member_id, now),
            shifts=self.shifts_of(tx, member_id),
            today=self.rota.place.today(now),
        )

    def holds(self, tx: Reading, swap: Swap) -> bool:
        """True while the lawyer who asked has the shift."""
        return (swap.begins, swap.ends) in self.shifts_of(tx, swap.asker)

    def ended(self, tx: Reading, swap: Swap) -> bool:
        """True when the rota still has the shift, and the lawyer who asked has ended it."""
        table = self.now(tx).shifts(swap.begins, swap.ends)
        theirs = (one for one in table if one.holder.id == swap.asker and one.given_up)
        return any((one.shift.begins, one.shift.ends) == (swap.begins, swap.ends) for one in theirs)

    def stranded(self, tx: Reading) -> Sequence[Handed]:
        """What was agreed on about shifts that the rota in force does not have as they were, or by who has left."""
        rota = self.rota.at(tx, tx.now)
        if rota is None and self.rota.planned(tx):  # it cannot be read now, which says nothing about its shifts
            return []
        shifts = self.now(tx).shifts(tx.now, rota.ends) if rota else ()
        kept = {(one.owner.id, one.shift.begins, one.shift.ends) for one in shifts}
        working = {one.id for one in self.members.working(tx)}
        coming = [one for one in self.duties.handed(tx) if one.ends > tx.now]
        return [one for one in coming if one.holder not in working or (one.owner, one.begins, one.ends) not in kept]

    # --- what is not covered ---

    def within(self, tx: Reading, begins: datetime, ends: datetime) -> Mapping[int, Member]:
        """The lawyers who are on duty at any moment of a stretch of time."""
        table = self.timetable(tx, self.rota.at(tx, begins))
        return {key: one for first in table.edges(begins, ends)[:-1] for key, one in table.at(first).items()}

    def cover(self, tx: Reading, begins: datetime, ends: datetime, rota: Rota | None) -> Cover:
        """What is not covered from `begins` to `ends`; whom no alert reaches does not count as cover."""
        stretches, doubtful = _stretches(self.timetable(tx, rota), begins, ends)
        speaking = {
            language: gaps(cover([one for one in stretches if language in one.languages], begins, ends), begins, ends)
            for language in self.rota.languages
        }
        return Cover(
            gaps=gaps(cover(stretches, begins, ends), begins, ends),
            languages={language: found for language, found in speaking.items() if found},
            regions=self._regions_without_anybody(tx),
            unreachable=doubtful,
            never_met=self.never_met(tx),
            unpractised=self.unpractised(tx),
        )

    def _regions_without_anybody(self, tx: Reading) -> Sequence[str]:
        lawyers = [one for one in self.members.working(tx) if one.role == "lawyer"]
        if any(not one.regions for one in lawyers):  # who names none works in all of them
            return []
        return sorted(self.rota.regions() - {place for one in lawyers for place in one.regions})


def _stretches(table: Timetable, begins: datetime, ends: datetime) -> tuple[Sequence[Shift], Sequence[Member]]:
    """When somebody is on duty whom an alert reaches; and who is, of whom that is not known."""
    stretches: list[Shift] = []
    doubtful: dict[int, Member] = {}
    for first, last in pairwise(table.edges(begins, ends)):
        for member in table.at(first).values():
            if member.counts(begins):
                stretches.append(Shift(first, last, member.name, member.languages, member.regions))
            elif member.met_at is not None and (member.gone_at is not None or not member.proven(begins)):
                doubtful[member.id] = member
    return stretches, list(doubtful.values())
