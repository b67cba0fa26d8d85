"""What is queued for people: rows of the outbox that name what is to be brought up to date, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import shown
from storage.cases import Case
from storage.delivered import Delivered
from storage.members import Member, Members
from storage.outbox import Lane, Outbox
from storage.tx import Tx

REPAIR_AFTER = timedelta(seconds=5)
MOST_REMOVED = 100  # Bot API, deleteMessages: ids at once
DELETABLE = timedelta(hours=48)  # Bot API, deleteMessage: older ones stay
_URGENT = {"ring", "rings", "nobody", "offer"}


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Queues; every method runs inside a change."""

    outbox: Outbox
    members: Members
    delivered: Delivered

    # --- members ---

    def to_member(
        self,
        tx: Tx,
        kind: str,
        member_id: int,
        *,
        at: datetime | None = None,
        case_row: int | None = None,
        args: Mapping[str, object] | None = None,
        mark: str = "",
    ) -> None:
        """One row a kind, case and member: what comes first brings the whole truth. `mark` tells two rows apart."""
        lane = Lane.urgent if kind in _URGENT else Lane.lawyer
        key = f"{kind}:{case_row or 0}:{member_id}{mark}"
        self.outbox.put(tx, lane, kind, at=at, case_row=case_row, member_id=member_id, args=args, key=key)

    def to_coordinators(
        self,
        tx: Tx,
        what: str,
        *,
        case_row: int | None = None,
        about: int | None = None,
        count: int | None = None,
    ) -> None:
        """A line to every coordinator: what happened to which case, which member it is about, how many there are."""
        for one in self.members.coordinators(tx):
            args = {"what": what, "about": about, "at": tx.now.isoformat(), "count": count}
            mark = f":{what}:{about or 0}:{tx.now.isoformat()}"
            self.to_member(tx, "line", one.id, case_row=case_row, args=args, mark=mark)

    def ask_about_rota(self, tx: Tx, coordinator_id: int, sha256: str, why: str) -> None:
        """A rota waits for a coordinator's yes. `why`: what shifts.needs_a_yes has found."""
        args, mark = {"why": why}, f":{sha256[:12]}"
        self.to_member(tx, "askrota", coordinator_id, args=args, mark=mark)

    def outside(self, tx: Tx, member: Member, says: str = "waits") -> None:
        """Says outside Telegram that a case is waiting, a row for each way: one that fails holds up no other.

        `says`: `waits`, or `attention` when the service itself needs somebody.
        """
        for way, address in (("push", member.push), ("email", member.email)):
            if address:
                args, key = {"way": way, "says": says}, f"outside:{way}:{member.id}:{says}"
                self.outbox.put(tx, Lane.urgent, "outside", member_id=member.id, args=args, key=key)

    def backstop(self, tx: Tx, addresses: int, says: str = "waits") -> None:
        """The same to every address of `oncall.backstop`: so many there are."""
        for place in range(addresses):
            args, key = {"place": place, "says": says}, f"backstop:{place}:{says}"
            self.outbox.put(tx, Lane.urgent, "backstop", args=args, key=key)

    def fetch(self, tx: Tx, member: Member, file_id: str) -> None:
        """A lawyer's file is fetched after the commit; its id rests sealed until then."""
        key = f"fetch:{member.id}:{tx.now.isoformat()}"
        self.outbox.put(tx, Lane.lawyer, "fetch", member_id=member.id, secret=file_id, key=key)

    def wipe_from_member(self, tx: Tx, case_row: int, but: int | None = None) -> None:
        """What members' chats show of a case goes: bundles, relayed messages, previews. `but`: not one member's."""
        self.wipe_members(tx, self.delivered.take(tx, case_row, but=but))

    def wipe_members(self, tx: Tx, messages: Mapping[int, Sequence[int]]) -> None:
        """Queues the removal of messages, by member; whose row cannot be read keeps theirs, and holds up nobody."""
        for member_id, some in messages.items():
            member = self.members.find(tx, member_id)
            if member is not None:
                self.wipe(tx, member.telegram_id, some)

    # --- the person ---

    def news(self, tx: Tx, case: Case) -> None:
        """The person's card is brought up to date, without a notification; with one if they asked for that."""
        self.outbox.put(tx, Lane.reply, "news", case_row=case.row, key=f"news:{case.row}")
        if case.wants_ping:
            self.ping(tx, case)

    def ping(self, tx: Tx, case: Case) -> None:
        """A neutral notification."""
        self.outbox.put(tx, Lane.reply, "ping", case_row=case.row, key=f"ping:{case.row}")

    def repair_card(self, tx: Tx, case: Case) -> None:
        """The person's card once more a little later, in case that a direct reply is lost."""
        key = f"repair:{case.row}"
        self.outbox.put(tx, Lane.reply, "news", at=tx.now + REPAIR_AFTER, case_row=case.row, key=key)

    def last_card(self, tx: Tx, case: Case, card: int | None) -> None:
        """The link to the person is about to be cut: their card is told for the last time that the case is closed."""
        if case.chat_id is not None:
            args = {"language": case.language, "card": card}
            key = f"closed:{case.row}"
            self.outbox.put(tx, Lane.reply, "closed", chat_id=case.chat_id, args=args, key=key)

    # --- removing messages ---

    def wipe_all(self, tx: Tx, chat_id: int, also: Sequence[int], but: int = 0) -> int:
        """Queues the removal of everything that the chat shows, `but` one; how many Telegram no longer lets go."""
        sent = shown.take_all(tx, self.outbox.ring.look_up("telegram", chat_id))
        messages = sorted({*also, *(message for message, _ in sent)} - {but}, reverse=True)
        self.wipe(tx, chat_id, messages)
        return sum(1 for _, at in sent if tx.now - at > DELETABLE)

    def wipe(self, tx: Tx, chat_id: int, message_ids: Sequence[int]) -> None:
        """Queues the removal of messages from a chat."""
        look_up = self.outbox.ring.look_up("telegram", chat_id)
        place = self.outbox.ring.look_up("wipe", chat_id).hex()[:16]
        for at in range(0, len(message_ids), MOST_REMOVED):
            some = list(message_ids[at : at + MOST_REMOVED])
            shown.gone(tx, look_up, some)
            # The same messages are one row; a row keeps its list, so another list is another row.
            key = f"wipe:{place}:{some[0]}-{some[-1]}-{len(some)}"
            self.outbox.put(tx, Lane.wipe, "wipe", chat_id=chat_id, args={"messages": some}, key=key)
