"""Who is on duty: the rota, what members have said since, and those on duty until changed. Also what is not covered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.errors import RotaError
from bot.handoff.plan import Plan
from bot.handoff.plans import Plans, Prepared
from bot.handoff.rota import judge
from bot.handoff.shifts import Rota, Shift, cover, gaps, needs_a_yes
from bot.logs import log
from storage.database import Database
from storage.duty import Duties, Override
from storage.members import Member, Members
from storage.tx import Reading


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
    """Every method runs inside a change unless it says otherwise. `regions`: those of the questionnaire in use.

    A calendar is a stranger's file: it is worked out before the change that judges it (`prepare`), never inside one.
    """

    def __init__(
        self, members: Members, duties: Duties, languages: Sequence[str], regions: Callable[[], frozenset[str]]
    ) -> None:
        self._members, self.duties, self.plans = members, duties, Plans()
        self._languages, self._regions = tuple(languages), regions
        self._judged: tuple[object, Rota | None] = (None, None)

    def unprepared(self, tx: Reading, now: datetime) -> Sequence[bytes]:
        """The texts of the rotas in force and waiting that must be worked out for `now`. Only reads."""
        marks = self.duties.rota_marks(tx)
        wanted = {one: marks[one] for one in ("accepted", "pending") if one in marks}
        wanted = {state: mark for state, mark in wanted.items() if self.plans.wanted(mark, now)}
        known, texts = self.duties.rotas(tx) if wanted else {}, []
        for state, mark in wanted.items():
            found = known.get(state)
            if found is not None and found.text is not None:
                texts.append(found.text)
            else:  # a damaged row: nobody is on duty by it, and that is told as a gap
                self.plans.failed(mark, now)
        return texts

    def prepare(self, text: bytes, now: datetime) -> Prepared:
        """Works a calendar out in a process of its own, unless it is known already. Blocking; not inside a change."""
        return self.plans.prepare(text, now)

    def make_ready(self, database: Database, *moments: datetime) -> None:
        """Works out the rotas in force and waiting, for now or these moments, unless it was done.

        Blocking, and not inside a change: the running bot does it each second, a command before its transaction.
        """
        for moment in moments or (database.clock(),):
            for text in database.read(lambda tx, moment=moment: self.unprepared(tx, moment)):  # type: ignore[misc]
                self.prepare(text, moment)

    def rota(self, tx: Reading, now: datetime) -> Rota | None:
        """The rota that is in force; one that cannot be worked out counts as none.

        Until a new one has been prepared in this process, which takes a second, the one before it counts.
        """
        mark = self.duties.rota_marks(tx).get("accepted")
        plan = None if mark is None else self.plans.of(mark, now)
        if plan is None:
            return self._judged[1] if mark is not None and self.plans.wanted(mark, now) else None
        lawyers = self._lawyers(tx)
        # Nothing but what it is made of decides what it says: a change that is run twice finds the same.
        made_of = (mark, plan.begins, tuple(one.name for one in lawyers), self._regions())
        if self._judged[0] != made_of:
            self._judged = (made_of, self._now_in_force(plan, lawyers))
        return self._judged[1]

    def _now_in_force(self, plan: Plan, lawyers: Sequence[Member]) -> Rota | None:
        try:
            # A rota may still name somebody who has left since: they are simply not on duty.
            return judge(plan, [one.name for one in lawyers], self._languages, self._regions(), accepted=True)
        except RotaError as error:
            count = len(error.problems)
            log.error("the rota in force cannot be read: see pana oncall check", error="RotaError", count=count)
            return None

    def planned(self, tx: Reading) -> bool:
        """True when a rota is in force, even one that cannot be read any more."""
        return "accepted" in self.duties.rota_marks(tx)

    def why_asked(self, tx: Reading, fresh: Rota) -> str | None:
        """Why a coordinator must agree to this rota in place of the one in force; None when none needs to."""
        before = self.rota(tx, tx.now)
        return None if before is None else needs_a_yes(before, fresh, tx.now)

    def waiting(self, tx: Reading) -> tuple[str, str] | None:
        """The rota that waits for a yes: its SHA-256, and why it waits."""
        mark = self.duties.rota_marks(tx).get("pending")
        if mark is None:
            return None
        plan = self.plans.of(mark, tx.now)
        try:
            fresh = None if plan is None else self.judged(tx, plan, everybody=True)
        except RotaError:  # it was sound when it was kept
            fresh = None
        return mark, (fresh and self.why_asked(tx, fresh)) or "half"

    def judged(self, tx: Reading, plan: Plan, *, everybody: bool = False) -> Rota:
        """A rota file as it would be with today's members; raises RotaError."""
        names = [one.name for one in self._lawyers(tx) if everybody or one.works]
        return judge(plan, names, self._languages, self._regions(), accepted=everybody)

    def _lawyers(self, tx: Reading) -> Sequence[Member]:
        return [one for one in self._members.all(tx) if one.role == "lawyer"]

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
