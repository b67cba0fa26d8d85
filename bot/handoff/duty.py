"""Who is on duty: the rota, what members have said since, and those on duty until changed. Also what is not covered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.errors import RotaError
from bot.handoff.shifts import Rota, Shift, cover, gaps, needs_a_yes
from bot.logs import log
from storage.duty import Duties, Override
from storage.members import Member, Members
from storage.tx import Reading

STALE_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Cover:
    """What is not covered in a stretch of time.

    `gaps`: nobody at all is on duty. `languages`: when nobody speaks them. `regions`: those no lawyer has named.
    `unreachable`: members on duty in that time whom the bot cannot reach or who have not confirmed the last test page.
    """

    gaps: Sequence[tuple[datetime, datetime]]
    languages: Mapping[str, Sequence[tuple[datetime, datetime]]]
    regions: Sequence[str]
    unreachable: Sequence[Member]


class Duty:
    """Every method runs inside a change. `regions`: the regions of the questionnaire in use."""

    def __init__(
        self, members: Members, duties: Duties, languages: Sequence[str], regions: Callable[[], frozenset[str]]
    ) -> None:
        self._members, self.duties = members, duties
        self._languages, self._regions = tuple(languages), regions
        self._read: tuple[str, datetime, Rota | None] | None = None

    def rota(self, tx: Reading, now: datetime) -> Rota | None:
        """The rota that is in force, worked out for the weeks around `now`."""
        accepted = self.duties.rotas(tx).get("accepted")
        if accepted is None or accepted.text is None:
            return None
        if self._read and self._read[0] == accepted.sha256 and abs(now - self._read[1]) < STALE_AFTER:
            return self._read[2]
        try:
            # A rota may still name somebody who has left since: they are simply not on duty.
            rota: Rota | None = self.read(tx, accepted.text, now, everybody=True)
        except RotaError as error:
            log.error(
                "the rota in force cannot be read: see pana oncall check",
                error=type(error).__name__,
                count=len(error.problems),
            )
            rota = None
        self._read = (accepted.sha256, now, rota)
        return rota

    def plans(self, tx: Reading) -> bool:
        """True when a rota is in force, even one that cannot be read any more."""
        return "accepted" in self.duties.rotas(tx)

    def why_asked(self, tx: Reading, fresh: Rota) -> str | None:
        """Why a coordinator must agree to this rota in place of the one in force; None when none needs to."""
        before = self.rota(tx, tx.now)
        return None if before is None else needs_a_yes(before, fresh, tx.now)

    def waiting(self, tx: Reading) -> tuple[str, str] | None:
        """The rota that waits for a yes: its SHA-256, and why it waits."""
        pending = self.duties.rotas(tx).get("pending")
        if pending is None or pending.text is None:
            return None
        try:
            fresh = self.read(tx, pending.text, tx.now, everybody=True)
        except RotaError:  # it was sound when it was kept
            return pending.sha256, "half"
        return pending.sha256, self.why_asked(tx, fresh) or "half"

    def read(self, tx: Reading, text: bytes, now: datetime, *, everybody: bool = False) -> Rota:
        """A rota file as it would be with today's members; raises RotaError."""
        from bot.handoff.rota import read_rota  # its libraries take a while to come: only who reads one waits

        lawyers = [one for one in self._members.all(tx) if one.role == "lawyer"]
        names = [one.name for one in lawyers if everybody or one.works]
        return read_rota(text, now, names, self._languages, self._regions(), accepted=everybody)

    def on_duty(self, tx: Reading) -> Mapping[int, Member]:
        """The lawyers on duty at a moment, each with the languages and regions of the shift beside their own."""
        return self.at(tx, tx.now, self.rota(tx, tx.now))

    def at(self, tx: Reading, moment: datetime, rota: Rota | None) -> Mapping[int, Member]:
        """The same for any moment and any rota."""
        overrides = self.duties.overrides(tx, moment, moment + timedelta(microseconds=1))
        running = rota.at(moment) if rota else ()
        found = {}
        for member in self._members.working(tx):
            shifts = [one for one in running if one.name == member.name]
            if member.role == "lawyer" and _on_duty(member, overrides, shifts):
                found[member.id] = _with_shifts(member, shifts)
        return found

    def shifts_of(self, tx: Reading, member: Member) -> Sequence[Shift]:
        """A member's shifts to come: those of the rota without the ones given away, and those taken from others."""
        rota = self.rota(tx, tx.now)
        coming = [one for one in (rota.shifts if rota else ()) if one.ends > tx.now]
        until = max((one.ends for one in coming), default=tx.now)
        overrides = self.duties.overrides(tx, tx.now, until) if coming else ()
        said = {(one.begins, one.ends): one.on_duty for one in overrides if one.member_id == member.id}
        mine = [one for one in coming if said.get((one.begins, one.ends), one.name == member.name)]
        return list({(one.begins, one.ends): replace(one, name=member.name) for one in mine}.values())

    def within(self, tx: Reading, begins: datetime, ends: datetime) -> Mapping[int, Member]:
        """The lawyers who are on duty at any moment of a stretch of time."""
        rota = self.rota(tx, begins)
        edges = _edges(begins, ends, rota, self.duties.overrides(tx, begins, ends))
        return {key: one for first in edges[:-1] for key, one in self.at(tx, first, rota).items()}

    def cover(self, tx: Reading, begins: datetime, ends: datetime, rota: Rota | None) -> Cover:
        """What is not covered from `begins` to `ends`; who cannot be reached does not count as cover."""
        overrides = self.duties.overrides(tx, begins, ends)
        edges = _edges(begins, ends, rota, overrides)
        stretches: list[Shift] = []
        doubtful: dict[int, Member] = {}
        for first, last in pairwise(edges):
            for member in self.at(tx, first, rota).values():
                if member.gone_at is not None or not member.proven(begins):
                    doubtful[member.id] = member
                    continue
                stretches.append(Shift(first, last, member.name, member.languages, member.regions))
        speaking = {
            language: gaps(cover([one for one in stretches if language in one.languages], begins, ends), begins, ends)
            for language in self._languages
        }
        lawyers = [one for one in self._members.working(tx) if one.role == "lawyer"]
        anywhere = any(not one.regions for one in lawyers)
        named = {place for one in lawyers for place in one.regions}
        return Cover(
            gaps=gaps(cover(stretches, begins, ends), begins, ends),
            languages={language: found for language, found in speaking.items() if found},
            regions=[] if anywhere else sorted(self._regions() - named),
            unreachable=list(doubtful.values()),
        )


def _on_duty(member: Member, overrides: Iterable[Override], shifts: Sequence[Shift]) -> bool:
    said = [one.on_duty for one in overrides if one.member_id == member.id]
    return said[-1] if said else bool(shifts) or member.on_call


def _with_shifts(member: Member, shifts: Sequence[Shift]) -> Member:
    """Two shifts at once count together; one that names no language or no region leaves what the member has said."""
    languages = [spoken for one in shifts for spoken in one.languages or member.languages]
    regions = [one.regions or member.regions for one in shifts] or [member.regions]
    return replace(
        member,
        languages=tuple(dict.fromkeys(languages)) or member.languages,
        regions=tuple(dict.fromkeys(place for places in regions for place in places)) if all(regions) else (),
    )


def _edges(begins: datetime, ends: datetime, rota: Rota | None, overrides: Iterable[Override]) -> Sequence[datetime]:
    """Every moment in between at which somebody's duty may change."""
    times = {begins, ends}
    for shift in rota.shifts if rota else ():
        times |= {shift.begins, shift.ends}
    for one in overrides:
        times |= {one.begins} | ({one.ends} if one.ends else set())
    return sorted(one for one in times if begins <= one <= ends)
