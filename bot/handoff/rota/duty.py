"""Who is on duty, read from the database (timetable.py says what follows from it). Also what is not covered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from bot.errors import RotaError
from bot.handoff.rota.judge import judge
from bot.handoff.rota.plan import Plan
from bot.handoff.rota.plans import Plans, Prepared
from bot.handoff.rota.shifts import Problem, Rota, Shift, cover, gaps, needs_a_yes
from bot.handoff.rota.timetable import Timetable
from bot.logs import log
from storage.database import Database
from storage.duty import Duties, Handed, Swap
from storage.members import Member, Members
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True)
class Cover:
    """What is not covered in a stretch of time.

    `gaps`: nobody at all is on duty. `languages`: when nobody speaks them. `regions`: those no lawyer has named.
    `unreachable`: members on duty in that time whom the bot cannot reach or who have not confirmed the last test page.
    `never_met`: members, on duty or not, who have never pressed Start.
    """

    gaps: Sequence[tuple[datetime, datetime]]
    languages: Mapping[str, Sequence[tuple[datetime, datetime]]]
    regions: Sequence[str]
    unreachable: Sequence[Member]
    never_met: Sequence[Member]


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
        return None if before is None else self.differs(tx, before, fresh)

    def differs(self, tx: Reading, before: Rota, fresh: Rota) -> str | None:
        """What is grave about one rota after another: as they come out with today's members and what they agreed on."""
        return needs_a_yes(self._as_it_runs(tx, before), self._as_it_runs(tx, fresh), tx.now)

    def _as_it_runs(self, tx: Reading, rota: Rota) -> Rota:
        running = (one.shift for one in self.timetable(tx, rota).shifts(rota.begins, rota.ends) if one.runs)
        return replace(rota, shifts=tuple(running))

    def waiting(self, tx: Reading) -> tuple[str, str] | None:
        """The rota that waits for a yes: its SHA-256, and why it waits."""
        mark = self.duties.rota_marks(tx).get("pending")
        if mark is None:
            return None
        plan = self.plans.of(mark, tx.now)
        try:
            fresh = None if plan is None else self.judged(tx, plan)
        except RotaError:  # it was sound when it was kept
            fresh = None
        return mark, (fresh and self.why_asked(tx, fresh)) or "half"

    def judged(self, tx: Reading, plan: Plan) -> Rota:
        """A rota file as it would be with today's members; raises RotaError when nothing of it can be used."""
        names = [one.name for one in self._lawyers(tx)]
        return judge(plan, names, self._languages, self._regions())

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

    def _lawyers(self, tx: Reading) -> Sequence[Member]:
        return [one for one in self._members.all(tx) if one.role == "lawyer"]

    # --- who is on duty ---

    def timetable(self, tx: Reading, rota: Rota | None) -> Timetable:
        """Who is on duty when, by the rota in force or any other."""
        return Timetable(self._lawyers(tx), rota, self.duties.handed(tx), self.duties.untils(tx))

    def now(self, tx: Reading) -> Timetable:
        """The same by the rota in force."""
        return self.timetable(tx, self.rota(tx, tx.now))

    def on_duty(self, tx: Reading) -> Mapping[int, Member]:
        """The lawyers on duty at this moment, each with the languages and regions of the shift beside their own."""
        return self.now(tx).at(tx.now)

    def covered(self, tx: Reading) -> bool:
        """True when somebody whom an alert reaches is on duty at this moment."""
        return any(one.counts(tx.now) for one in self.on_duty(tx).values())

    def never_met(self, tx: Reading) -> Sequence[Member]:
        """Members who have never pressed Start: no alert reaches them."""
        return [one for one in self._members.working(tx) if one.met_at is None]

    # --- what lawyers say ---

    def stays(self, tx: Tx, member: Member, until: datetime | None) -> None:
        """On duty from now until then, or until changed."""
        self.follows(tx, member)
        if until is None:
            self._members.set_on_call(tx, member.id, on_call=True)
        else:
            self.duties.stay(tx, member.id, until)

    def goes(self, tx: Tx, member: Member) -> None:
        """Off duty: what runs now ends, also a shift, until its end. What was agreed on for later stays."""
        running = [one for one in self.now(tx).of(member.id, tx.now) if one.shift.begins <= tx.now]
        self._said_nothing(tx, member)
        for one in running:
            self.duties.hand(tx, one.owner.id, one.shift.begins, one.shift.ends, member.id, given_up=True)

    def follows(self, tx: Tx, member: Member) -> None:
        """On duty by the rota and what was agreed on, and by nothing else."""
        self._said_nothing(tx, member)
        for one in self.duties.handed(tx):
            if one.holder == member.id and one.given_up:
                self.duties.hand(tx, one.owner, one.begins, one.ends, one.holder, given_up=False)

    def _said_nothing(self, tx: Tx, member: Member) -> None:
        self.duties.go(tx, member.id)
        if member.on_call:
            self._members.set_on_call(tx, member.id, on_call=False)

    # --- shifts that change hands ---

    def shifts_of(self, tx: Reading, member_id: int) -> Sequence[tuple[datetime, datetime]]:
        """The times of a member's shifts to come: without those given away or ended, with those taken from others."""
        return list(dict.fromkeys((one.shift.begins, one.shift.ends) for one in self.now(tx).of(member_id, tx.now)))

    def holds(self, tx: Reading, swap: Swap) -> bool:
        """True while the lawyer who asked has the shift."""
        return (swap.begins, swap.ends) in self.shifts_of(tx, swap.asker)

    def takes(self, tx: Tx, swap: Swap) -> None:
        """The other lawyer has agreed: every shift that the asker has at this time is theirs."""
        for one in self.now(tx).of(swap.asker, tx.now):
            if (one.shift.begins, one.shift.ends) == (swap.begins, swap.ends):
                self.duties.hand(tx, one.owner.id, swap.begins, swap.ends, swap.taker, given_up=False)

    def stranded(self, tx: Reading) -> Sequence[Handed]:
        """What was agreed on about shifts that the rota in force does not have as they were, or by who has left."""
        rota = self.rota(tx, tx.now)
        if rota is None and self.planned(tx):  # it cannot be read now, which says nothing about its shifts
            return []
        shifts = self.now(tx).shifts(tx.now, rota.ends) if rota else ()
        kept = {(one.owner.id, one.shift.begins, one.shift.ends) for one in shifts}
        working = {one.id for one in self._members.working(tx)}
        coming = [one for one in self.duties.handed(tx) if one.ends > tx.now]
        return [one for one in coming if one.holder not in working or (one.owner, one.begins, one.ends) not in kept]

    # --- what is not covered ---

    def within(self, tx: Reading, begins: datetime, ends: datetime) -> Mapping[int, Member]:
        """The lawyers who are on duty at any moment of a stretch of time."""
        table = self.timetable(tx, self.rota(tx, begins))
        return {key: one for first in table.edges(begins, ends)[:-1] for key, one in table.at(first).items()}

    def cover(self, tx: Reading, begins: datetime, ends: datetime, rota: Rota | None) -> Cover:
        """What is not covered from `begins` to `ends`; whom no alert reaches does not count as cover."""
        table = self.timetable(tx, rota)
        stretches: list[Shift] = []
        doubtful: dict[int, Member] = {}
        for first, last in pairwise(table.edges(begins, ends)):
            for member in table.at(first).values():
                if member.counts(begins):
                    stretches.append(Shift(first, last, member.name, member.languages, member.regions))
                elif member.met_at is not None:
                    doubtful[member.id] = member
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
            never_met=self.never_met(tx),
        )
