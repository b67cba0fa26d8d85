"""What happens among members: lines, test pages, a second coordinator's yes."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Kind, Menu, ToMember, nobody_told, nothing_kept
from bot.delivery.kinds.to_members import ToMembers, asks, says
from bot.member.beginning import BeginningTalk
from bot.member.lines import Lines
from bot.member.menu import menu
from bot.member.suspending import SuspendingTalk
from storage import in_chat
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
    beginning: BeginningTalk

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        to, stays = self.to, self.to.stays()
        return {
            RowKind.line: Kind(draw=to.member(self._line), kept=stays, lost=to.lost),
            RowKind.reach: Kind(draw=to.member(self._reach), kept=to.asks(), lost=to.lost),
            RowKind.menu: Kind(draw=self._menu, kept=nothing_kept, lost=nobody_told),
            RowKind.asksuspend: Kind(draw=to.member(self._ask_suspend), kept=to.asks(_suspension), lost=to.lost),
            RowKind.welcome: Kind(draw=to.member(self._welcome), kept=stays, lost=to.lost),
            RowKind.trial: Kind(draw=to.member(self._trial), kept=to.asks(), lost=to.lost),
        }

    def _line(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        case = self.cases.get(tx, due.case_row) if due.case_row is not None else None
        return says(member, self.lines.line(tx, member, case, due.args))

    def _reach(self, _tx: Reading, _due: Due, member: Member) -> ToMember | None:
        return says(member, self.lines.reach(member))

    def _menu(self, tx: Reading, due: Due) -> Menu | None:
        """Also of somebody who does not take part any more: theirs goes."""
        assert due.member_id is not None
        member = self.to.calls.queue.members.find(tx, due.member_id)
        return None if member is None else Menu(chat_id=member.telegram_id, commands=menu(self.lines.speech, member))

    def _ask_suspend(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        about = due.number("about")
        over = self.suspending.over_card(tx, member, about)
        return asks(member, due, self.suspending.card(tx, member, about), over)

    def _welcome(self, _tx: Reading, _due: Due, member: Member) -> ToMember | None:
        return says(member, self.beginning.welcome(member))

    def _trial(self, _tx: Reading, due: Due, member: Member) -> ToMember | None:
        return says(member, self.beginning.trial(member, str(due.args["way"])))


def _suspension(due: Due) -> str:
    return in_chat.suspension(due.number("about"))
