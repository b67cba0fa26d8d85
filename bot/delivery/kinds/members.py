"""What happens among members: lines, test pages, a second coordinator's yes."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Kind, ToMember
from bot.delivery.kinds.to_members import ToMembers, says
from bot.member.lines import Lines
from bot.member.suspending import SuspendingTalk
from storage.cases import Cases
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberKinds:
    """What a member reads that is about no case of theirs."""

    to: ToMembers
    cases: Cases
    lines: Lines
    suspending: SuspendingTalk

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        to, stays = self.to, self.to.stays()
        return {
            RowKind.line: Kind(draw=to.member(self._line), kept=stays, lost=to.lost),
            RowKind.reach: Kind(draw=to.member(self._reach), kept=stays, lost=to.lost),
            RowKind.asksuspend: Kind(draw=to.member(self._ask_suspend), kept=stays, lost=to.lost),
        }

    def _line(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        case = self.cases.get(tx, due.case_row) if due.case_row is not None else None
        return says(member, self.lines.line(tx, member, case, due.args))

    def _reach(self, _tx: Reading, _due: Due, member: Member) -> ToMember | None:
        return says(member, self.lines.reach(member))

    def _ask_suspend(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        card = self.suspending.card(tx, member, due.number("about"))
        return says(member, card) if card is not None else None
