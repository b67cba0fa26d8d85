"""What is queued for people: rows of the outbox that name what is to be brought up to date, and for whom."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.gate import Event, Hands, Ring, Way, let_out
from storage import shown
from storage.cases import Case
from storage.delivered import Delivered
from storage.handoffs import Facts
from storage.members import Member, Members
from storage.outbox import Lane, Outbox
from storage.tx import Tx

REPAIR_AFTER = timedelta(seconds=5)
MOST_REMOVED = 100  # Bot API, deleteMessages: ids at once
DELETABLE = timedelta(hours=48)  # Bot API, deleteMessage: older ones stay
LAST_CARD_FOR = timedelta(hours=24)
NEARBY, FAR = 60, 300  # message ids
# Longer than a call and what is kept of it take (bot/telegram/api.py, bot/app.py).
STRAY_AFTER = timedelta(seconds=30)
_URGENT = {"ring", "rings", "nobody", "unclaimed", "offer"}


@dataclass(frozen=True, slots=True)
class Queue:
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
        chain: str | None = None,
    ) -> None:
        """One row a kind, case and member: what comes first brings the whole truth. `mark` tells two rows apart.

        `chain`: rows of one chain go one after another.
        """
        lane = Lane.urgent if kind in _URGENT else Lane.lawyer
        key = f"{kind}:{case_row or 0}:{member_id}{mark}"
        self.outbox.put(tx, lane, kind, at=at, case_row=case_row, member_id=member_id, args=args, key=key, chain=chain)

    def to_coordinators(
        self,
        tx: Tx,
        what: str,
        *,
        case_row: int | None = None,
        about: int | None = None,
        count: int | None = None,
        day: date | None = None,
    ) -> None:
        """A line to every coordinator: what happened to which case, which member it is about, how many, until when."""
        for one in self.members.coordinators(tx):
            args = {"what": what, "about": about, "at": tx.at_once.isoformat(), "count": count}
            args |= {"day": day.isoformat()} if day is not None else {}
            mark = f":{what}:{about or 0}:{tx.at_once.isoformat()}"
            self.to_member(tx, "line", one.id, case_row=case_row, args=args, mark=mark)

    def ask_about_rota(self, tx: Tx, coordinator_id: int, sha256: str, why: str) -> None:
        """A rota waits for a coordinator's yes. `why`: what shifts.needs_a_yes has found."""
        args, mark = {"why": why}, f":{sha256[:12]}"
        self.to_member(tx, "askrota", coordinator_id, args=args, mark=mark)

    def outside(self, tx: Tx, member: Member, says: str = "waits") -> None:
        """Says outside Telegram that a case is waiting, a row for each way: one that fails holds up no other.

        `says`: `waits`, `yours` for one that the member holds, or `attention` when the service itself needs somebody.
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
        key = f"fetch:{member.id}:{secrets.token_hex(8)}"  # each file is one of its own
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

    def news(self, tx: Tx, case: Case, event: Event = Event.told, facts: Facts | None = None) -> None:
        """The person's card is brought up to date; where the gate lets it (bot/gate.py), a neutral message tells of it.

        `facts`: those of the case's handoff. The gate is asked again when the rows are sent.
        """
        self.outbox.put(tx, Lane.reply, "news", case_row=case.row, key=f"news:{case.row}")
        if facts is not None and way_of(event, case, facts) in {Way.ping, Way.hint}:
            self.outbox.put(tx, Lane.reply, "ping", case_row=case.row, key=f"ping:{case.row}")

    def unread(self, tx: Tx, case: Case) -> None:
        """A neutral notification: something of the lawyer's waits to be opened, if it still does by then."""
        self.outbox.put(tx, Lane.reply, "unread", case_row=case.row, key=f"unread:{case.row}")

    def repair_card(self, tx: Tx, case: Case) -> None:
        """The person's card once more a little later, in case that a direct reply is lost."""
        key = f"repair:{case.row}"
        self.outbox.put(tx, Lane.reply, "news", at=tx.now + REPAIR_AFTER, case_row=case.row, key=key)

    def last_card(self, tx: Tx, case: Case, card: int | None, way: Way) -> None:
        """The link to the person is about to be cut: their card says for the last time that the case is closed.

        It goes by itself after a day; a hidden chat hears nothing of it. `way`: what may leave.
        """
        if case.chat_id is None or way is Way.nothing:
            return
        self.wipe_all(tx, case.chat_id, [], but=card or 0)
        args: dict[str, object] = {"language": case.language, "way": way.value}
        if card is not None:
            # Once more a little later: an answer that was on its way may have been drawn over it.
            for kind, at in (("closed", tx.now), ("repair", tx.now + REPAIR_AFTER)):
                key, last = self._key(kind, case.chat_id), {**args, "card": card}
                self.outbox.put(tx, Lane.reply, "closed", at=at, chat_id=case.chat_id, args=last, key=key)
            self._gone_later(tx, case.chat_id, card)
        if way in {Way.ping, Way.hint}:
            key = self._key("bye", case.chat_id)
            self.outbox.put(tx, Lane.reply, "bye", chat_id=case.chat_id, args=args, key=key)

    def expired(self, tx: Tx, chat_id: int, language: str, way: Way) -> None:
        """Nothing is left of what was answered: where it may, a neutral message tells of it."""
        if way in {Way.ping, Way.hint}:
            args, key = {"language": language, "way": way.value, "expired": True}, self._key("bye", chat_id)
            self.outbox.put(tx, Lane.reply, "bye", chat_id=chat_id, args=args, key=key)

    def said_goodbye(self, tx: Tx, chat_id: int, message_id: int) -> None:
        """A last message has arrived; where the chat was hidden or used anew meanwhile, it goes at once."""
        if self.outbox.waits(tx, self._key("bye", chat_id)):
            self._gone_later(tx, chat_id, message_id)
        else:
            self.wipe(tx, chat_id, [message_id])

    def no_goodbye(self, tx: Tx, chat_id: int) -> None:
        """The chat is hidden or used anew: the last messages of what was closed there go, and none comes any more."""
        for kind in ("closed", "repair", "bye"):
            self.outbox.drop(tx, self._key(kind, chat_id))
        self.outbox.hurry(tx, self._key("gone", chat_id), tx.at_once)

    def no_goodbye_after_all(self, tx: Tx, chat_id: int, card: int | None) -> None:
        """The case is open again: its card stays, and what told of its end goes."""
        if card is not None:
            self.outbox.drop(tx, self._gone_key(chat_id, card))
        self.no_goodbye(tx, chat_id)

    def _gone_key(self, chat_id: int, message_id: int) -> str:
        return f"{self._key('gone', chat_id)}:{message_id}"

    def _gone_later(self, tx: Tx, chat_id: int, message_id: int) -> None:
        key, args = self._gone_key(chat_id, message_id), {"messages": [message_id]}
        self.outbox.put(tx, Lane.wipe, "wipe", at=tx.now + LAST_CARD_FOR, chat_id=chat_id, args=args, key=key)

    def _key(self, kind: str, chat_id: int) -> str:
        return f"{kind}:{self.outbox.ring.look_up('wipe', chat_id).hex()[:16]}"

    def forget_shown(self, tx: Tx, case: Case) -> None:
        """Nothing else of this account is open: what its chat has shown is known no more."""
        if case.chat_look_up is not None:
            shown.take_all(tx, case.chat_look_up)

    # --- removing messages ---

    def wipe_all(self, tx: Tx, chat_id: int, also: Sequence[int], but: int = 0) -> int:
        """Queues the removal of everything that the chat shows, `but` one; how many Telegram no longer lets go.

        Those are blanked: a bot may change its own messages for longer than it may remove them.
        """
        sent = shown.take_all(tx, self.outbox.ring.look_up("telegram", chat_id))
        stay = [message for message, at in sent if tx.now - at > DELETABLE and message != but]
        for message in stay:
            key, args = f"{self._key('blank', chat_id)}:{message}", {"message": message}
            self.outbox.put(tx, Lane.wipe, "blank", chat_id=chat_id, args=args, key=key)
        self.wipe(tx, chat_id, sorted({*also, *(message for message, _ in sent)} - {but}, reverse=True))
        return len(stay)

    # --- messages on their way to a person ---

    def leaves(self, tx: Tx, chat_id: int, by: str, *, beside: bool) -> None:
        """A new message leaves for a person's chat, its card or one beside it; if nobody hears of it, it is a stray."""
        key, args = self._stray(chat_id, by, beside), {"since": shown.newest(tx)}
        self.outbox.put(tx, Lane.wipe, "stray", at=tx.now + STRAY_AFTER, chat_id=chat_id, args=args, key=key)

    def came(self, tx: Tx, chat_id: int, by: str, *, beside: bool) -> None:
        """It has arrived, and stands where it is known to stand; or it was refused."""
        self.outbox.drop(tx, self._stray(chat_id, by, beside))

    def begins_again(self, tx: Tx) -> None:
        """At the start of the only process on a database: what a crashed one had in hand is due at once."""
        self.outbox.give_back(tx)
        self.outbox.hurry(tx, "stray", tx.now + REPAIR_AFTER)  # after the cards that are drawn again at a start

    def _stray(self, chat_id: int, by: str, beside: bool) -> str:
        return f"{self._key('stray', chat_id)}:{by}:{'beside' if beside else 'card'}"

    # --- the rows ---

    def wipe(self, tx: Tx, chat_id: int, message_ids: Sequence[int], *, at: datetime | None = None) -> None:
        """Queues the removal of messages from a chat."""
        look_up = self.outbox.ring.look_up("telegram", chat_id)
        place = self.outbox.ring.look_up("wipe", chat_id).hex()[:16]
        for begin in range(0, len(message_ids), MOST_REMOVED):
            some = list(message_ids[begin : begin + MOST_REMOVED])
            shown.gone(tx, look_up, some)
            # The same messages are one row; a row keeps its list, so another list is another row.
            key = f"wipe:{place}:{some[0]}-{some[-1]}-{len(some)}"
            self.outbox.put(tx, Lane.wipe, "wipe", at=at, chat_id=chat_id, args={"messages": some}, key=key)


def way_of(event: Event, case: Case, facts: Facts) -> Way:
    """What may leave for the phone of a case's person."""
    hands = Hands(facts.hands) if facts.hands else Hands.held if facts.quiet else Hands.free
    ring = {None: Ring.unsaid, True: Ring.yes, False: Ring.no}[case.wants_ping]
    return let_out(event, Hands.hidden if case.hidden else hands, ring)
