"""Messages that go from chats, as rows of the outbox."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import in_chat, sent_files, shown
from storage.case import Case
from storage.delivered import Delivered
from storage.members import Members
from storage.outbox import Outbox, RowKind
from storage.tx import Tx

MOST_REMOVED = 100  # Bot API, deleteMessages: ids at once
DELETABLE = timedelta(hours=48)  # Bot API, deleteMessage: older ones stay
MARGIN = DELETABLE - in_chat.REMOVABLE  # for what waits
NEARBY, FAR = 60, 300  # message ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Wipes:
    """Queues what is removed; every method runs inside a change."""

    outbox: Outbox
    members: Members
    delivered: Delivered

    def messages(self, tx: Tx, chat_id: int, message_ids: Sequence[int], *, at: datetime | None = None) -> None:
        """These messages go from a chat: at once, unless that comes so late that one may be too old for it by then."""
        look_up = self.outbox.ring.look_up("telegram", chat_id)
        place = self.place(chat_id)
        for begin in range(0, len(message_ids), MOST_REMOVED):
            some = list(message_ids[begin : begin + MOST_REMOVED])
            shown.gone(tx, look_up, some)
            # The same messages are one row; a row keeps its list, so another list is another row.
            key = f"wipe:{place}:{some[0]}-{some[-1]}-{len(some)}"
            args: dict[str, object] = {"messages": some}
            if len(some) > 1:  # as coarse as what else rests there
                args["by"] = ((at or tx.now) + MARGIN).replace(second=0, microsecond=0).isoformat()
            self.outbox.put(tx, RowKind.wipe, at=at, chat_id=chat_id, args=args, key=key)

    def everything(self, tx: Tx, chat_id: int, also: Sequence[int], but: int = 0) -> int:
        """All that the chat of a person shows goes, `but` one message; how many Telegram no longer lets go.

        Also what they have sent and is still on its way into the case: it may be lost by that, or found by somebody.

        Those lose their text: a bot may change its own messages for longer than it may remove them.
        """
        look_up = self.outbox.ring.look_up("telegram", chat_id)
        sent, theirs = shown.take_all(tx, look_up), sent_files.messages(tx, look_up)
        stay = [message for message, at in sent if tx.now - at > DELETABLE and message != but]
        old = [message for message, at in sent if tx.now - at > in_chat.REMOVABLE and message != but]
        self.one_by_one(tx, chat_id, old)
        all_of_it = {*also, *theirs, *(message for message, _ in sent)} - {but, *old}
        self.messages(tx, chat_id, sorted(all_of_it, reverse=True))
        return len(stay)

    def one_by_one(self, tx: Tx, chat_id: int, message_ids: Sequence[int]) -> None:
        """These messages go from a chat: only so Telegram says of one that it is too old (Bot API, deleteMessage)."""
        for message in message_ids:
            key = f"blank:{self.place(chat_id)}:{message}"
            self.outbox.put(tx, RowKind.blank, chat_id=chat_id, args={"message": message}, key=key)

    def of_case(self, tx: Tx, case_row: int, but: int | None = None) -> None:
        """What members' chats show of a case goes: bundles, relayed messages, previews. `but`: not one member's."""
        self.from_members(tx, self.delivered.take(tx, case_row, but=but))

    def cards(self, tx: Tx, member_id: int, message_ids: Sequence[int]) -> None:
        """Cards go from a member's chat, or lose their text when they have stood there for too long to be removed.

        A member whose row cannot be read keeps theirs.
        """
        member = self.members.find(tx, member_id)
        if member is not None:
            self.one_by_one(tx, member.telegram_id, message_ids)

    def stood(self, tx: Tx, member_id: int, stood: in_chat.Stood) -> None:
        """What was known to stand in a member's chat goes: at once what is young enough for that."""
        member = self.members.find(tx, member_id) if stood.young or stood.old else None
        if member is not None:
            self.messages(tx, member.telegram_id, stood.young)
            self.one_by_one(tx, member.telegram_id, stood.old)

    def from_members(self, tx: Tx, messages: Mapping[int, Sequence[int]]) -> None:
        """These messages go, by member; whose row cannot be read keeps theirs, and holds up nobody."""
        for member_id, some in messages.items():
            self.stood(tx, member_id, in_chat.by_age(tx, member_id, some))

    def asked(self, tx: Tx, member_id: int, case_row: int) -> None:
        """What a member was asked about a case is no question any more."""
        self.stood(tx, member_id, in_chat.take(tx, member_id, in_chat.question(case_row)))

    def asked_each(self, tx: Tx, member_ids: Collection[int], case_row: int) -> None:
        """What these members read of a case that they could have again is so no more."""
        for member_id, stood in in_chat.take_each(tx, member_ids, in_chat.question(case_row)).items():
            self.stood(tx, member_id, stood)

    def of_coordinators(self, tx: Tx, part: str, *, but: tuple[int, int] | None = None) -> None:
        """What every coordinator was asked is answered. `but`: who has answered it on which message, which says so."""
        by, pressed = but or (None, None)
        for one in self.members.coordinators(tx):
            self.stood(tx, one.id, in_chat.take(tx, one.id, part, but=pressed if one.id == by else None))

    def deadlines(self, tx: Tx, member_id: int, case_row: int) -> None:
        """A member is reminded of a case's deadlines no more."""
        self.stood(tx, member_id, in_chat.take(tx, member_id, in_chat.deadline(case_row)))

    def unsent(self, tx: Tx, member_id: int) -> None:
        """What a member has typed is sent or given up."""
        self.stood(tx, member_id, in_chat.take(tx, member_id, in_chat.UNSENT))

    def forget_shown(self, tx: Tx, case: Case) -> None:
        """Nothing else of this account is open: what its chat has shown is known no more."""
        if case.chat_look_up is not None:
            shown.take_all(tx, case.chat_look_up)

    def place(self, chat_id: int) -> str:
        """A chat, as the keys of its rows name it."""
        return self.outbox.ring.look_up("wipe", chat_id).hex()[:16]
