"""What members are told when duty changes under them: by a rota, by who has left, by the last one who goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.queue import Queue
from bot.handoff.rota.duty import Duty
from storage import duty_cards
from storage.outbox import LineKind, RowKind
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class DutyNews:
    """Every method runs inside a change, and may be called as often as one likes: what was told is not told again."""

    duty: Duty
    queue: Queue

    def new_rota(self, tx: Tx) -> None:
        """A rota has come into force."""
        self.look(tx)
        self.redraw(tx, duty_cards.everybody(tx))

    def look(self, tx: Tx) -> None:
        """Tells what has changed, whoever or whatever has changed it."""
        self._agreements(tx)
        self._requests(tx)
        self._problems(tx)
        self.cover(tx)

    def redraw(self, tx: Tx, member_ids: Iterable[int]) -> None:
        """Corrects the cards that tell these lawyers of their duty."""
        for member_id in member_ids:
            self.queue.to_member(tx, RowKind.dutynow, member_id)

    def cover(self, tx: Tx, *, before: bool = False) -> None:
        """Coordinators hear it when the last one goes. `before`: somebody was on call until just now."""
        rotas, covered = self.duty.rota.kept, self.duty.covered(tx)
        kept = "covered" in rotas.marks(tx)
        if covered and not kept:
            rotas.keep(tx, "covered", "", None)
        elif not covered and (kept or before):
            rotas.drop(tx, "covered")
            self.queue.to_coordinators(tx, LineKind.bare)

    def _agreements(self, tx: Tx) -> None:
        """A shift that changed hands and is not what it was: the agreement is over, the rota counts, both hear it."""
        for one in self.duty.stranded(tx):
            times = (one.begins, one.ends)
            self.duty.duties.as_the_rota_says(tx, one.owner, *times)
            now_planned = times in self.duty.shifts_of(tx, one.holder) and times not in self.duty.shifts_of(
                tx, one.owner
            )
            if not (now_planned and one.owner != one.holder):  # else the rota has been brought up to what was agreed
                self._moved(tx, (one.owner, one.holder), *times)

    def _requests(self, tx: Tx) -> None:
        """A request about a shift that the asker does not have any more is over; whoever has ended theirs knows it."""
        for one in self.duty.duties.asked(tx):
            if one.ends > tx.now and not self.duty.holds(tx, one) and self.duty.rota.at(tx, tx.now) is not None:
                self.duty.duties.answered(tx, one, accepted=False)
                if not self.duty.ended(tx, one):
                    self._moved(tx, (one.asker, one.taker), one.begins, one.ends)

    def _moved(self, tx: Tx, member_ids: Iterable[int], begins: datetime, ends: datetime) -> None:
        first, last = begins.isoformat(), ends.isoformat()
        for member_id in dict.fromkeys(member_ids):
            self.queue.line(tx, LineKind.moved, member_id, mark=f":moved:{first}", begins=first, ends=last)
        self.redraw(tx, {*member_ids} & {*duty_cards.everybody(tx)})

    def _problems(self, tx: Tx) -> None:
        """Each event that cannot be used is told once, when it comes near enough to matter."""
        rotas = self.duty.rota.kept
        marks = sorted({one.mark for one in self.duty.problems(tx, self.duty.rota.at(tx, tx.now))})
        before = rotas.text(tx, "told")
        told = set() if before is None else set(before.decode().split())
        if set(marks) == told:
            return
        rotas.drop(tx, "told")
        if marks:
            rotas.keep(tx, "told", "", " ".join(marks).encode())
        for one in self.queue.members.coordinators(tx) if set(marks) - told else ():
            self.queue.to_member(tx, RowKind.unusable, one.id)
