"""The sealed file of a practice case, for its lawyer."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Kind, ToMember
from bot.delivery.kinds.to_members import Stands, ToMembers
from bot.handoff.checks import IN_CHAT_FOR
from bot.member.practice import PracticeTalk
from storage import in_chat
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeKinds:
    """It goes when the case is closed, and after a day."""

    to: ToMembers
    talk: PracticeTalk

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        to = self.to
        return {RowKind.practice: Kind(draw=to.member(self._file), kept=to.kept(self._stands), lost=to.lost)}

    def _file(self, tx: Reading, _due: Due, member: Member) -> ToMember | None:
        practice = self.talk.practices.of(tx, member.id)
        if practice is None or not practice.held:
            return None
        content = self.talk.practices.zip(tx, practice)
        document = (f"{practice.code}.zip", content, self.talk.caption(member, practice))
        return ToMember(chat_id=member.telegram_id, document=document)

    def _stands(self, tx: Tx, _due: Due, stands: Stands) -> None:
        wipes = self.to.calls.queue.wipes
        if self.talk.practices.of(tx, stands.member_id) is None:  # it was closed while this was on its way
            wipes.from_members(tx, {stands.member_id: [stands.message_id]})
            return
        in_chat.keep(tx, stands.member_id, stands.message_id, in_chat.PRACTICE)
        member = self.to.calls.queue.members.get(tx, stands.member_id)
        wipes.messages(tx, member.telegram_id, [stands.message_id], at=tx.now + IN_CHAT_FOR)
