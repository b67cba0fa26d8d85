"""What members are asked and others can answer too, or time can end: a question that is over says so, without buttons.

Whoever answers one has its message changed or removed at once; the rest is found here.
"""

from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.handoff.rota.duty import Duty
from storage import in_chat, suspending
from storage.in_chat import Asked
from storage.outbox import RowKind
from storage.tx import Reading, Tx

_KINDS = {in_chat.SUSPENSION: RowKind.asksuspend, in_chat.SWAP: RowKind.swap, in_chat.ROTA: RowKind.askrota}
_NAMES = {in_chat.SUSPENSION: "about", in_chat.SWAP: "swap"}  # as rows call what is asked about


@dataclass(frozen=True, slots=True)
class Questions:
    """Every method runs inside a change, and may be called as often as one likes: what was told is not told again."""

    duty: Duty
    queue: Queue

    def look(self, tx: Tx, *, but: str = "") -> None:
        """Whatever is no question any more says so where it stands. `but`: a part that is answered at this moment."""
        for one in in_chat.asked(tx):
            if one.part != but and not self._is_open(tx, one):
                in_chat.answered(tx, one.member_id, one.message_id)
                args = {"asked": one.message_id} | ({_NAMES[one.kin]: one.about} if one.about else {})
                self.queue.to_member(tx, _KINDS[one.kin], one.member_id, args=args, mark=f":over:{one.message_id}")

    def _is_open(self, tx: Reading, asked: Asked) -> bool:
        match asked.kin:
            case in_chat.SUSPENSION:
                return suspending.asked_by(tx, asked.about) is not None
            case in_chat.SWAP:
                swap = self.duty.duties.swap(tx, asked.about)
                return swap is not None and swap.ends > tx.now
            case _:
                return "pending" in self.duty.rota.kept.marks(tx)
