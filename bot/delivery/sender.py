"""Sends what the outbox holds, each row from the truth of the moment, and settles it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery.parcels import Parcel, Parcels, Removal, ToPerson
from bot.delivery.wraps import wraps_sent
from bot.edge import Edge
from bot.errors import CallError, TryAgain, Undeliverable, Unfit, Unsent
from bot.handoff.calls import Calls
from bot.handoff.checks import IN_CHAT_FOR
from bot.handoff.queue import MOST_REMOVED
from bot.logs import log
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.speech.outgoing import Card, Outcome
from bot.telegram.door import Door
from storage import in_chat
from storage.errors import Unreadable
from storage.lists import keep_list
from storage.outbox import Due, Lane
from storage.tx import Reading, Tx
from storage.writer import Writer

LONGEST_WAIT = 60.0
BLANK = "·"  # Bot API, editMessageText: a text of one character at least
OUTSIDE_TRIES = 8
LONGEST_IN_CHAT = timedelta(hours=46)  # Bot API, deleteMessage: within 48 hours
CARD_SECONDS = 25.0  # less than a row is taken for (storage/outbox.py)
_KEPT = {"bundle", "relay", "preview", "share"}  # what a lawyer's chat shows of a case goes after a day
# What is said of a claim or an offer: it goes with it, or while Telegram still lets it be removed.
_OF_CLAIM = {"ask", "unreached", "reachable", "offer", "opens", "declined"}
_ALERTS = {"ring", "alert", "unclaimed", "nobody", "muted"}
_PINGS = {"ping", "unread"}
_TO_PERSON = {*_PINGS, "news"}


class Sender:
    """The loop that empties the outbox."""

    def __init__(
        self,
        *,
        writer: Writer,
        calls: Calls,
        parcels: Parcels,
        door: Door,
        mail: Mail,
        push: Push,
        shown: Callable[[int, Outcome], Awaitable[None]],
        edge: Edge,
        now: Callable[[], datetime],
        works: Callable[[], bool],
    ) -> None:
        self._writer, self._calls, self._parcels = writer, calls, parcels
        self._outbox, self._cases, self._queue = calls.queue.outbox, calls.cases, calls.queue
        self._door, self._post = door, door.post
        self._mail, self._push, self._shown, self._now = mail, push, shown, now
        self._edge, self._works = edge, works
        self._woken, self._reading = asyncio.Event(), asyncio.Lock()
        self._found_nothing = False
        self._on_their_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something was queued."""
        self._found_nothing = False
        self._woken.set()

    async def run(self) -> None:
        """Sends until it is cancelled; looks at least once a second."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                batch = await self._take()
                self._found_nothing = not batch and not self._woken.is_set()
                for due in batch:
                    task = group.create_task(self._deliver(due))
                    self._on_their_way.add(task)
                    task.add_done_callback(self._on_their_way.discard)
                try:
                    async with asyncio.timeout(1.0):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    @property
    def idle(self) -> bool:
        """True when nothing is due and nothing is on its way."""
        return self._found_nothing and not self._on_their_way

    async def _take(self) -> list[Due]:
        if not self._works():
            return []
        try:
            return list(await self._writer.run(self._outbox.take))
        except Exception as error:  # what is on its way goes on
            log.error("storage is not available, messages wait", error=type(error).__name__)
            return []

    async def _deliver(self, due: Due) -> None:
        """One row: rendered, sent, settled, behind the edge. What storage does not take now is due again."""
        await self._edge.row("outbox", due.id, lambda: self._bring(due), given_up=due.lane is not Lane.urgent)

    async def _bring(self, due: Due) -> None:
        """A refusal that may pass puts the row off; a chat that cannot be reached is told to whoever relied on it.

        Anything else that lasts is the edge's (bot/edge.py); what called a lawyer calls the next one all the same.
        """
        try:
            if not due.readable:
                raise Unreadable("outbox")
            await _WAYS.get(due.kind, Sender._message)(self, due)
        except TryAgain as error:
            await self._later(due, error.after, error)
        except Undeliverable:
            log.warning("undeliverable", kind=due.kind, lane=due.lane.name)
            await self._writer.run(lambda tx: self._lost(tx, due))
            self.wake()
        except Unfit:
            if due.member_id is not None and due.kind in {"ring", "rings"}:
                await self._writer.run(lambda tx: self._not_told(tx, due, gone=False))
                self.wake()
            raise

    async def _message(self, due: Due) -> None:
        message_id = None
        match await self._writer.run(lambda tx: self._parcels.of(tx, due)):
            case Parcel() as parcel:
                message_id = await self._send(due, parcel)
            case ToPerson() as parcel:
                await self._to_person(due, parcel)
            case Removal() as removal:
                await self._remove(due, removal)
            case _:
                pass
        await self._writer.run(lambda tx: self._settle(tx, due, message_id))
        if due.chain is not None:
            self.wake()  # the next one of the chain may go

    async def _later(self, due: Due, after: float | None, error: CallError | Unsent) -> None:
        backoff = random.uniform(0.5, 1.0) * min(LONGEST_WAIT, 2.0**due.attempts)  # noqa: S311 - jitter
        at = self._now() + timedelta(seconds=after if after is not None else backoff)
        log.warning("put off", kind=due.kind, lane=due.lane.name, attempts=due.attempts, error=str(error))
        await self._writer.run(lambda tx: self._outbox.later(tx, due, at, type(error).__name__))

    def _lost(self, tx: Tx, due: Due) -> None:
        """Nobody is there any more: the row goes, and whoever relied on it is told."""
        self._outbox.sent(tx, due)
        if due.member_id is not None:
            self._not_told(tx, due)
        elif due.kind in _TO_PERSON and due.case_row is not None:
            self._calls.claims.cannot_reach(tx, self._cases.get(tx, due.case_row))
        elif due.chat_id is not None:
            self.nobody_there(tx, due.chat_id)

    def nobody_there(self, tx: Tx, chat_id: int) -> None:
        """A person's chat cannot be reached: said in each of their cases."""
        for case in self._cases.all_of_chat(tx, self._outbox.ring.look_up("telegram", chat_id)):
            self._calls.claims.cannot_reach(tx, case)

    def _not_told(self, tx: Tx, due: Due, *, gone: bool = True) -> None:
        """A member was not told: of an alert the next rung rings at once. `gone`: nobody is reached in that chat."""
        assert due.member_id is not None
        row = due.case_row if due.kind in _ALERTS else None
        listed = due.kind in {"list", "rings"}
        self._calls.unreachable(tx, due.member_id, case_row=row, listed=listed, gone=gone)

    # --- sending and settling ---

    async def _send(self, due: Due, parcel: Parcel) -> int | None:
        if parcel.document is not None:
            return await self._post.document(due.lane, parcel.chat_id, *parcel.document)
        if parcel.card is None:
            return None
        edit = parcel.edit
        if edit is not None and await self._post.edit(due.lane, parcel.chat_id, edit, parcel.card):
            return None
        if edit is not None and not parcel.anew:
            return None  # what was to be changed is gone
        message_id = await self._post.send(due.lane, parcel.chat_id, parcel.card, silent=parcel.silent)
        if parcel.replaces is not None and parcel.replaces != message_id:
            await self._forget(parcel.chat_id, parcel.replaces)
        return message_id

    async def _to_person(self, due: Due, parcel: ToPerson) -> None:
        """The card is shown in order with direct replies; a message beside it is a call of its own."""
        for begin in range(0, len(parcel.removes), MOST_REMOVED):
            await self._post.remove(Lane.wipe, parcel.chat_id, list(parcel.removes[begin : begin + MOST_REMOVED]))
        outcome = replace(parcel.outcome, lane=due.lane)
        if outcome.card is None:
            return
        if outcome.apart or not outcome.of:
            await self._door.bring(parcel.chat_id, outcome, outcome.edit)
        else:
            await self._card(parcel.chat_id, outcome)

    async def _card(self, chat_id: int, outcome: Outcome) -> None:
        """The card of a person's chat: the row stays until the chat has it, so that a crash loses none."""
        try:
            async with asyncio.timeout(CARD_SECONDS):
                await self._shown(chat_id, outcome)
        except TimeoutError:
            raise TryAgain("the card of a chat is late") from None

    async def _remove(self, due: Due, removal: Removal) -> None:
        if removal.blank is not None:
            await self._post.edit(due.lane, removal.chat_id, removal.blank, Card(BLANK))
        if removal.messages:
            await self._post.remove(due.lane, removal.chat_id, list(removal.messages))

    async def _forget(self, chat_id: int, message_id: int) -> None:
        """The older ring of the same case goes; that it stays in a fault is untidy, not harmful."""
        try:
            await self._post.remove(Lane.wipe, chat_id, [message_id])
        except Exception:  # the new one is there: as a failure of this row it would be sent again
            log.warning("an older alert stays", kind="ring")

    def _settle(self, tx: Tx, due: Due, message_id: int | None) -> None:
        if due.kind == "relay":
            self._parcels.relay.delivered(tx, int(str(due.args["relay"])))
        if message_id is not None:
            self._keep(tx, due, message_id)
        self._outbox.sent(tx, due)

    def _keep(self, tx: Tx, due: Due, message_id: int) -> None:
        """Remembers where a message stands that is changed or removed later."""
        if due.member_id is None or self._came_too_late(tx, due.member_id, message_id):
            return
        self._queue.members.met(tx, due.member_id)
        if due.kind == "duty":
            self._calls.roster.duty.duties.keep_card(tx, due.member_id, message_id)
        if due.kind == "list":
            keep_list(tx, due.member_id, message_id=message_id)
        if due.kind == "rings":  # one that was put off rings now, and the five minutes count from here
            keep_list(tx, due.member_id, message_id=message_id, rang_at=tx.now)
        if due.kind in {"list", "rings"}:
            self._calls.told(tx, due.member_id, self._cases.alerted.listed_for(tx, due.member_id))
        if due.case_row is None:
            return
        if due.kind in _KEPT | _OF_CLAIM | {"receipt"}:
            self._kept_of_claim(tx, due, due.case_row, due.member_id, message_id)
        if due.kind in _ALERTS:
            self._kept_alert(tx, due.case_row, due.member_id, message_id)

    def _kept_of_claim(self, tx: Tx, due: Due, case_row: int, member_id: int, message_id: int) -> None:
        """It goes with the claim, and at once when that has ended while it was on its way."""
        if not self._parcels.may_have(tx, self._cases.get(tx, case_row), member_id):
            self._queue.wipe_members(tx, {member_id: [message_id]})
        elif due.kind == "receipt":
            contacts = self._calls.claims.contacts
            sent = contacts.get(tx, case_row).sent
            contacts.set(tx, case_row, receipt_message=message_id, receipt_of=sent)
        else:
            longer = LONGEST_IN_CHAT - IN_CHAT_FOR if due.kind in _OF_CLAIM else timedelta()
            self._queue.delivered.keep(tx, member_id, message_id, case_row, longer=longer)

    def _came_too_late(self, tx: Tx, member_id: int, message_id: int) -> bool:
        """A message stands in a member's chat now; it goes at once when they take part no more."""
        member = self._queue.members.get(tx, member_id)
        if member.works:
            in_chat.keep(tx, member_id, message_id)
            return False
        self._queue.wipe(tx, member.telegram_id, [message_id])
        return True

    def _kept_alert(self, tx: Tx, case_row: int, member_id: int, message_id: int) -> None:
        alerted = self._cases.alerted.of(tx, case_row).get(member_id)
        if alerted is not None and alerted.state == "listed":  # it moved to the list while it was on its way
            self._queue.wipe_members(tx, {member_id: [message_id]})
            return
        self._cases.alerted.keep(tx, case_row, member_id, message_id=message_id)
        self._calls.told(tx, member_id, [case_row])
        if self._cases.get(tx, case_row).status != "waiting":  # taken or withdrawn meanwhile
            self._queue.to_member(tx, "alert", member_id, case_row=case_row)

    # --- outside Telegram ---

    async def _outside(self, due: Due) -> None:
        """One way of a member, or one address of the configuration; when it fails it is tried again for a while.

        Before each try it is asked anew whether there is still something to say.
        """
        way = await self._writer.run(lambda tx: self._way(tx, due))
        if way is not None:
            try:
                await self._say_outside(*way)
            except Unsent as error:
                if due.attempts < OUTSIDE_TRIES:
                    await self._later(due, None, error)
                    return
                log.error("outside Telegram nobody could be told", kind=due.kind, error=str(error))
        await self._writer.run(lambda tx: self._outbox.sent(tx, due))

    def _way(self, tx: Reading, due: Due) -> tuple[str, str] | None:
        """The address (mailto:..., https://...) and what is said there; None when there is none any more."""
        alerts, says = self._parcels.alerts, str(due.args.get("says", "waits"))
        if not self._calls.still_waits(tx, due.member_id, says):
            return None
        if due.member_id is None:
            place = int(str(due.args.get("place", 0)))
            found = self._calls.policy.backstop[place : place + 1]
            return (found[0], alerts.outside("ru", says)) if found else None
        member = self._queue.members.find(tx, due.member_id)
        if member is None:
            return None
        address = member.push if due.args.get("way") == "push" else member.email and f"mailto:{member.email}"
        return (address, alerts.outside(member.language, says)) if address and member.works else None

    async def _say_outside(self, address: str, text: str) -> None:
        if address.startswith("mailto:"):
            await self._mail.send(address.removeprefix("mailto:"), text)
        else:
            await self._push.send(address, text)

    # --- a wrap that a lawyer sends ---

    async def _fetch(self, due: Due) -> None:
        """A lawyer's file: the wraps in it, for the cases that are being handed over; nothing else of it is kept."""
        assert due.member_id is not None
        assert due.secret is not None
        content = await self._post.file(due.lane, due.secret)
        async with self._reading:  # one at a time: each takes a thread and a process
            wraps = await asyncio.to_thread(wraps_sent, content)
        await self._writer.run(lambda tx: self._wrapped(tx, due, wraps))
        self.wake()

    def _wrapped(self, tx: Tx, due: Due, wraps: dict[str, dict[str, bytes]]) -> None:
        assert due.member_id is not None
        found = False
        for case in self._cases.held_by(tx, due.member_id):
            known = self._cases.wraps.kids(tx, case.row)
            fresh = [(kid, sealed) for kid, sealed in wraps.get(case.code, {}).items() if kid not in known]
            if len(fresh) == 1 and self._calls.claims.wrap_came(tx, case, *fresh[0]):
                found = True
                self._queue.to_member(tx, "sent_on", due.member_id, case_row=case.row)
        if not found:
            args = {"what": "nowrap"}
            self._queue.to_member(tx, "line", due.member_id, args=args, mark=f":{due.id}")
        self._outbox.sent(tx, due)


_WAYS: Mapping[str, Callable[[Sender, Due], Awaitable[None]]] = {
    "outside": Sender._outside,
    "backstop": Sender._outside,
    "fetch": Sender._fetch,
}
