"""Sends what the outbox holds, each row from the truth of the moment, and settles it."""

import asyncio
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.conversation.alerts import Alerts
from bot.conversation.incoming import Card, Outcome
from bot.conversation.seeker import Seeker
from bot.conversation.words import HERE
from bot.errors import CallError, TryAgain, Undeliverable
from bot.logs import log
from bot.telegram.post import Post
from storage import shown
from storage.bundle import write_bundle
from storage.cases import Case, Cases
from storage.errors import TryLater
from storage.members import Member, Members
from storage.outbox import Due, Lane, Outbox
from storage.relay import Relay
from storage.writer import Connection, Writer

LONGEST_WAIT = 60.0
IN_CHAT_FOR = timedelta(hours=24)
_OF_CLAIM = {"more", "ask", "relay"}
DAY_BEGINS, DAY_ENDS = 8, 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one row means now: whom, and a card, a file, or messages to remove."""

    chat_id: int = field(repr=False)
    card: Card | None = None
    edit: int | None = None
    replaces: int | None = None
    silent: bool = False
    document: tuple[str, bytes, str] | None = field(default=None, repr=False)
    wipe: tuple[int, ...] = ()


def is_quiet(level: str, now: datetime) -> bool:
    """Outside 08 to 23 in Kazakhstan only a critical case rings; a normal one never does."""
    if level == "critical":
        return False
    return level == "normal" or not DAY_BEGINS <= now.astimezone(HERE).hour < DAY_ENDS


class Sender:
    """The loop that empties the outbox."""

    def __init__(
        self,
        *,
        writer: Writer,
        outbox: Outbox,
        cases: Cases,
        members: Members,
        alerts: Alerts,
        seeker: Seeker,
        relay: Relay,
        post: Post,
        show: Callable[[int, Outcome], None],
        now: Callable[[], datetime],
    ) -> None:
        self._writer, self._outbox, self._cases, self._members = writer, outbox, cases, members
        self._alerts, self._seeker, self._relay = alerts, seeker, relay
        self._post, self._show, self._now = post, show, now
        self._woken = asyncio.Event()
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
        now = self._now()
        try:
            return list(await self._writer.run(lambda connection: self._outbox.take(connection, now)))
        except TryLater:
            log.error("storage is not available, messages wait")
            return []

    async def _deliver(self, due: Due) -> None:
        """One row: rendered, sent, settled. What storage does not take now is due again when the row's time is out."""
        try:
            await self._bring(due)
        except TryLater:
            log.error("storage is not available, a message waits", kind=due.kind, lane=due.lane.name)

    async def _bring(self, due: Due) -> None:
        try:
            parcel = await self._writer.run(lambda connection: self._render(connection, due))
            message_id = await self._send(due, parcel) if parcel is not None else None
            await self._writer.run(lambda connection: self._settle(connection, due, message_id))
        except TryAgain as error:
            await self._later(due, error.after, error)
        except Undeliverable:
            log.warning("undeliverable", kind=due.kind, lane=due.lane.name)
            await self._writer.run(lambda connection: self._outbox.sent(connection, due))
        except CallError as error:
            await self._later(due, None, error)

    async def _later(self, due: Due, after: float | None, error: CallError) -> None:
        backoff = random.uniform(0.5, 1.0) * min(LONGEST_WAIT, 2.0**due.attempts)  # noqa: S311 - jitter
        at = self._now() + timedelta(seconds=after if after is not None else backoff)
        log.warning("put off", kind=due.kind, lane=due.lane.name, attempts=due.attempts, error=str(error))
        await self._writer.run(lambda connection: self._outbox.later(connection, due, at, type(error).__name__))

    # --- what a row means now ---

    def _render(self, connection: Connection, due: Due) -> Parcel | None:
        if due.kind == "wipe":
            messages = due.args.get("messages")
            return Parcel(chat_id=due.chat_id or 0, wipe=tuple(messages) if isinstance(messages, list) else ())
        assert due.case_row is not None
        if due.kind == "news":
            return self._news(connection, due.case_row)
        if due.kind == "ping":
            case = self._cases.get(connection, due.case_row)
            return Parcel(chat_id=case.chat_id, card=self._seeker.ping(case)) if case.chat_id is not None else None
        return self._to_member(connection, due, due.case_row)

    def _news(self, connection: Connection, case_row: int) -> Parcel | None:
        case = self._cases.get(connection, case_row)
        if case.chat_id is None:
            return None
        seen = self._seeker.view(connection, case.chat_id, self._now())
        if seen.card is None:
            return None
        return Parcel(chat_id=case.chat_id, card=seen.card, edit=seen.edit)

    def _to_member(self, connection: Connection, due: Due, case_row: int) -> Parcel | None:
        assert due.member_id is not None
        member, case = self._members.get(connection, due.member_id), self._cases.get(connection, case_row)
        if not member.active:
            return None
        chat_id = member.telegram_id
        if due.kind == "bundle":
            if case.claimed_by != member.id or case.status != "claimed":
                return None
            buffer = io.BytesIO()
            bundle = self._cases.bundle(connection, case, only_for=member.id)
            ring = self._cases.ring
            write_bundle(buffer, [bundle], ring.sign, ring.verify_key, self._now().date())
            name = f"{case.code}.zip"
            return Parcel(chat_id=chat_id, document=(name, buffer.getvalue(), self._alerts.caption(member, case)))
        if due.kind in _OF_CLAIM:
            return self._of_claim(connection, due, case, member)
        if due.kind in {"unclaimed", "nobody", "lapsed"}:
            return Parcel(chat_id=chat_id, card=self._alerts.notice(member, case, due.kind))
        message_id, state = self._cases.alerts(connection, case_row).get(member.id, (None, "rung"))
        card = self._alerts.alert(connection, case, member, state)
        if due.kind == "ring" and case.status == "waiting":
            level = self._cases.handoff(connection, case_row).facts.level
            return Parcel(chat_id=chat_id, card=card, replaces=message_id, silent=is_quiet(level, self._now()))
        # A refresh of an alert whose message is not out yet is done by the ring that is on its way.
        return Parcel(chat_id=chat_id, card=card, edit=message_id) if message_id is not None else None

    def _of_claim(self, connection: Connection, due: Due, case: Case, member: Member) -> Parcel | None:
        """What only the claimer may get, while the claim holds."""
        if case.claimed_by != member.id or case.status != "claimed":
            return None
        chat_id = member.telegram_id
        if due.kind == "more":
            return Parcel(chat_id=chat_id, card=self._alerts.notice(member, case, due.kind))
        if due.kind == "ask":
            return Parcel(chat_id=chat_id, card=self._alerts.ask(connection, case, member))
        relayed = self._relay.get(connection, int(str(due.args["relay"])))
        return Parcel(chat_id=chat_id, card=self._alerts.from_seeker(case, member, relayed.text)) if relayed else None

    # --- sending and settling ---

    async def _send(self, due: Due, parcel: Parcel) -> int | None:
        if parcel.wipe:
            await self._post.remove(due.lane, parcel.chat_id, list(parcel.wipe))
            return None
        if parcel.document is not None:
            await self._post.document(due.lane, parcel.chat_id, *parcel.document)
            return None
        if due.kind == "news" and parcel.card is not None:
            self._show(parcel.chat_id, Outcome(card=parcel.card, edit=parcel.edit))
            return None
        if parcel.card is None:
            return None
        if parcel.edit is not None:
            await self._post.edit(due.lane, parcel.chat_id, parcel.edit, parcel.card)
            return None
        message_id = await self._post.send(due.lane, parcel.chat_id, parcel.card, silent=parcel.silent)
        if parcel.replaces is not None:
            await self._forget(parcel.chat_id, parcel.replaces)
        return message_id if due.kind in {"ring", "relay", "ping"} else None

    async def _forget(self, chat_id: int, message_id: int) -> None:
        """The older ring of the same case goes; that it stays in a fault is untidy, not harmful."""
        try:
            await self._post.remove(Lane.wipe, chat_id, [message_id])
        except CallError:
            log.warning("an older alert stays", kind="ring")

    def _relayed(self, connection: Connection, due: Due, message_id: int | None) -> None:
        """The copy goes; what stands in the lawyer's chat is removed after a day."""
        self._relay.delivered(connection, int(str(due.args["relay"])))
        if message_id is not None and due.member_id is not None:
            member = self._members.get(connection, due.member_id)
            at, args = self._now() + IN_CHAT_FOR, {"messages": [message_id]}
            key = f"wipe-relay:{due.member_id}:{message_id}"
            self._outbox.put(connection, Lane.wipe, "wipe", at, chat_id=member.telegram_id, args=args, key=key)

    def _pinged(self, connection: Connection, due: Due, message_id: int | None) -> None:
        """A ping is one of the messages that "hide chat" must remove."""
        case = self._cases.get(connection, due.case_row or 0)
        if message_id is not None and case.chat_look_up is not None:
            shown.keep(connection, case.chat_look_up, message_id, self._now())

    def _settle(self, connection: Connection, due: Due, message_id: int | None) -> None:
        if due.kind == "relay":
            self._relayed(connection, due, message_id)
        elif due.kind == "ping":
            self._pinged(connection, due, message_id)
        elif message_id is not None and due.case_row is not None and due.member_id is not None:
            self._cases.set_alert(connection, due.case_row, due.member_id, message_id=message_id)
            state = self._cases.get(connection, due.case_row).status
            if state != "waiting":  # taken or withdrawn while the alert was on its way
                key = f"alert:{due.case_row}:{due.member_id}"
                self._outbox.put(
                    connection,
                    Lane.lawyer,
                    "alert",
                    self._now(),
                    case_row=due.case_row,
                    member_id=due.member_id,
                    key=key,
                )
        self._outbox.sent(connection, due)
