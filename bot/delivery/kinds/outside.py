"""Outside Telegram: "a case is waiting", or "the service needs attention", and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Kind, Outside, nobody_told, nothing_kept
from bot.handoff.calls import Calls
from bot.member.lines import Lines
from storage.outbox import Due, RowKind
from storage.tx import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideKinds:
    """Before each try it is asked anew whether there is still something to say, and to which address."""

    calls: Calls
    lines: Lines

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them. What does not go out is in the log, and `pana doctor` tries the ways."""
        return {
            RowKind.outside: Kind(draw=self._to_member, kept=nothing_kept, lost=nobody_told),
            RowKind.backstop: Kind(draw=self._backstop, kept=nothing_kept, lost=nobody_told),
        }

    def _to_member(self, tx: Reading, due: Due) -> Outside | None:
        """One way of a member."""
        says = _says(due)
        assert due.member_id is not None
        if not self.calls.still_waits(tx, due.member_id, says):
            return None
        member = self.calls.queue.members.find(tx, due.member_id)
        if member is None or not member.works:
            return None
        address = member.push if due.args.get("way") == "push" else member.email and f"mailto:{member.email}"
        return Outside(address=address, text=self.lines.outside(member.language, says)) if address else None

    def _backstop(self, tx: Reading, due: Due) -> Outside | None:
        """One address of the configuration, while it is there."""
        says, place = _says(due), int(str(due.args.get("place", 0)))
        addresses = self.calls.oncall.backstop[place : place + 1]
        if not addresses or not self.calls.still_waits(tx, None, says):
            return None
        return Outside(address=addresses[0], text=self.lines.outside(self.calls.place.last_resort, says))


def _says(due: Due) -> str:
    return str(due.args.get("says", "waits"))
