"""The rota in force, with today's members, and any other as it would be with them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.errors import RotaError
from bot.handoff.rota.judge import judge
from bot.handoff.rota.plan import Plan, worked_out
from bot.handoff.rota.plans import Plans, Prepared
from bot.handoff.rota.shifts import Rota
from bot.logs import log
from flows.place import Place
from storage.database import Database
from storage.members import Member, Members
from storage.rotas import Rotas
from storage.tx import Reading


class CurrentRota:
    """Every method runs inside a change unless it says otherwise. `regions`: those of the questionnaire in use.

    A calendar is a stranger's file: it is worked out before the change that judges it (`prepare`), never inside one.
    """

    def __init__(
        self,
        *,
        members: Members,
        kept: Rotas,
        place: Place,
        languages: Sequence[str],
        regions: Callable[[], frozenset[str]],
    ) -> None:
        self._members, self.kept, self.place = members, kept, place
        self.plans = Plans(partial(worked_out, zone=place.zone.key))
        self.languages, self.regions = tuple(languages), regions
        self._judged: tuple[object, Rota | None] = (None, None)

    def unprepared(self, tx: Reading, now: datetime) -> Sequence[bytes]:
        """The texts of the rotas in force and waiting that must be worked out for `now`. Only reads."""
        marks = self.kept.marks(tx)
        wanted = {one: marks[one] for one in ("accepted", "pending") if one in marks}
        wanted = {state: mark for state, mark in wanted.items() if self.plans.wanted(mark, now)}
        known, texts = self.kept.all(tx) if wanted else {}, []
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

    def at(self, tx: Reading, now: datetime) -> Rota | None:
        """The rota that is in force; one that cannot be worked out counts as none.

        Until a new one has been prepared in this process, which takes a second, the one before it counts.
        """
        mark = self.kept.in_force(tx)
        plan = None if mark is None else self.plans.of(mark, now)
        if plan is None:
            return self._judged[1] if mark is not None and self.plans.wanted(mark, now) else None
        lawyers = self.lawyers(tx)
        # Nothing but what it is made of decides what it says: a change that is run twice finds the same.
        made_of = (mark, plan.begins, tuple(one.name for one in lawyers), self.regions())
        if self._judged[0] != made_of:
            self._judged = (made_of, self._now_in_force(plan, lawyers))
        return self._judged[1]

    def _now_in_force(self, plan: Plan, lawyers: Sequence[Member]) -> Rota | None:
        try:
            # A rota may still name somebody who has left since: they are simply not on duty.
            return judge(plan, [one.name for one in lawyers], self.languages, self.regions(), accepted=True)
        except RotaError as error:
            count = len(error.problems)
            log.error("the rota in force cannot be read: see pana oncall check", error="RotaError", count=count)
            return None

    def planned(self, tx: Reading) -> bool:
        """True when a rota is in force, even one that cannot be read any more."""
        return self.kept.in_force(tx) is not None

    def judged(self, tx: Reading, plan: Plan) -> Rota:
        """A rota file as it would be with today's members; raises RotaError when nothing of it can be used."""
        names = [one.name for one in self.lawyers(tx)]
        return judge(plan, names, self.languages, self.regions())

    def lawyers(self, tx: Reading) -> Sequence[Member]:
        """Every lawyer whose row can be read, also of those who take part no more."""
        return [one for one in self._members.all(tx) if one.role == "lawyer"]
