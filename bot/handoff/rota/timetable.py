"""Who is on duty when: the rota, shifts that changed hands or were ended, "until", "until changed". Pure.

This is the one place that says so. The ladder, `/oncall`, `pana member list`, `oncall show`, `oncall check` and
`doctor` all read it, so that whoever is shown is rung, and whoever is rung is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.handoff.rota.shifts import Rota, Shift
from storage.duty import Handed, Until
from storage.members import Member

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A shift of the rota: for whom it is written, who has it, and whether they have ended it."""

    shift: Shift
    owner: Member
    holder: Member
    given_up: bool

    @property
    def runs(self) -> bool:
        """True when somebody is on duty by it."""
        return self.holder.works and not self.given_up


@dataclass(frozen=True, slots=True)
class Timetable:
    """`lawyers`: every lawyer there is or was; only those who take part are ever on duty."""

    lawyers: Sequence[Member]
    rota: Rota | None
    handed: Sequence[Handed]
    untils: Sequence[Until]
    _by_name: Mapping[str, Member] = field(init=False, repr=False, compare=False)
    _by_id: Mapping[int, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {one.name: one for one in self.lawyers})
        object.__setattr__(self, "_by_id", {one.id: one for one in self.lawyers})

    def shifts(self, begins: datetime, ends: datetime) -> Iterator[Held]:
        """Every shift of the rota that touches a stretch of time, in order."""
        handed = {(one.owner, one.begins, one.ends): one for one in self.handed}
        for shift in self.rota.shifts if self.rota else ():
            if shift.begins >= ends or shift.ends <= begins or shift.name not in self._by_name:
                continue
            owner = self._by_name[shift.name]
            row = handed.get((owner.id, shift.begins, shift.ends))
            holder = owner if row is None else self._by_id.get(row.holder, owner)
            if not holder.works:  # who has left gives a shift back
                row, holder = None, owner
            # What the rota says of somebody's languages and regions is not true of who has taken the shift.
            own = shift if holder.id == owner.id else Shift(shift.begins, shift.ends, holder.name)
            yield Held(own, owner, holder, row is not None and row.given_up)

    def at(self, moment: datetime) -> Mapping[int, Member]:
        """The lawyers on duty at a moment, each with the languages and regions of the shift beside their own."""
        running: dict[int, list[Shift]] = {}
        for one in self.shifts(moment, moment + A_MOMENT):
            if one.runs:
                running.setdefault(one.holder.id, []).append(one.shift)
        said = {one.member_id for one in self.untils if one.begins <= moment < one.ends}
        return {
            one.id: _with_shifts(one, running.get(one.id, []))
            for one in self.lawyers
            if one.works and (one.id in running or one.id in said or one.on_call)
        }

    def of(self, member_id: int, since: datetime) -> list[Held]:
        """A member's shifts that are not over, without those they have given away or ended."""
        if self.rota is None:
            return []
        return [one for one in self.shifts(since, self.rota.ends) if one.holder.id == member_id and one.runs]

    def until(self, member_id: int, moment: datetime) -> datetime | None:
        """Until when somebody who is on duty stays so without a break; None when that is until they change it."""
        ends = moment
        while (later := max((last for last in self._ends(member_id, ends)), default=ends)) > ends:
            ends = later
        return None if self._by_id[member_id].on_call else ends

    def next(self, member_id: int, moment: datetime) -> datetime | None:
        """When somebody who is not on duty will be next, as far as the rota reaches."""
        return min((one.shift.begins for one in self.of(member_id, moment)), default=None)

    def edges(self, begins: datetime, ends: datetime) -> Sequence[datetime]:
        """Every moment of a stretch of time at which somebody's duty may change, its own ends included."""
        times = {begins, ends}
        for one in self.shifts(begins, ends):
            times |= {one.shift.begins, one.shift.ends}
        for said in self.untils:
            times |= {said.begins, said.ends}
        return sorted(one for one in times if begins <= one <= ends)

    def _ends(self, member_id: int, moment: datetime) -> Iterator[datetime]:
        """The ends of whatever keeps a member on duty at a moment."""
        yield from (one.ends for one in self.untils if one.member_id == member_id and one.begins <= moment < one.ends)
        for one in self.shifts(moment, moment + A_MOMENT):
            if one.holder.id == member_id and one.runs:
                yield one.shift.ends


def _with_shifts(member: Member, shifts: Sequence[Shift]) -> Member:
    """Two shifts at once count together; one that names no language or no region leaves what the member has said."""
    if not shifts:
        return member
    languages = [spoken for one in shifts for spoken in one.languages or member.languages]
    regions = [one.regions or member.regions for one in shifts]
    return replace(
        member,
        languages=tuple(dict.fromkeys(languages)) or member.languages,
        regions=tuple(dict.fromkeys(place for places in regions for place in places)) if all(regions) else (),
    )
