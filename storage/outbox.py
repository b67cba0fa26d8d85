"""The outbox: what must arrive, as rows of the same transaction as its cause.

A row names what is to be brought up to date, not what to say; the text is rendered from the present truth when it is
sent, so one pending row per place is enough (`dedupe_key`). A row is taken for 30 seconds; a crash lets the time run
out and the row is taken again: an alert may come twice, never not at all.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, exists, or_, select, update
from sqlalchemy.engine import Row

from storage.errors import Unreadable
from storage.schema import Exact, outbox, trouble
from storage.sealing.keyring import KeyRing
from storage.troubles import aside, may_be_tried, once_more
from storage.tx import Reading, Tx
from storage.unreadable import reading
from storage.upsert import upsert_of

TAKEN_FOR = timedelta(seconds=30)


class Lane(IntEnum):
    """Priority of a message, the lowest number first."""

    urgent = 0
    lawyer = 1
    reply = 2
    wipe = 3
    bulk = 4


class RowKind(StrEnum):
    """What a row brings, and its lane. What it means is said in `bot/delivery/kinds/`, a module for each group here.

    The words rest in databases, so none changes. A row of a kind that is not here comes from a newer version.
    """

    lane: Lane

    def __new__(cls, word: str, lane: Lane) -> Self:
        """A kind without a lane cannot be declared."""
        kind = str.__new__(cls, word)
        kind._value_, kind.lane = word, lane
        return kind

    # alerts: who is called to a case
    ring = "ring", Lane.urgent
    alert = "alert", Lane.lawyer  # the same message, brought up to date
    rings = "rings", Lane.urgent
    list = "list", Lane.lawyer  # the card of many cases, brought up to date
    unclaimed = "unclaimed", Lane.urgent
    nobody = "nobody", Lane.urgent
    muted = "muted", Lane.lawyer

    # claims: what a claim, an offer or their end brings to members
    bundle = "bundle", Lane.lawyer
    relay = "relay", Lane.lawyer
    more = "more", Lane.lawyer
    files = "files", Lane.lawyer
    risen = "risen", Lane.lawyer
    preview = "preview", Lane.lawyer
    receipt = "receipt", Lane.lawyer
    ask = "ask", Lane.lawyer
    quiet = "quiet", Lane.lawyer
    unreached = "unreached", Lane.lawyer
    reachable = "reachable", Lane.lawyer
    remind = "remind", Lane.lawyer
    ending = "ending", Lane.lawyer
    offer = "offer", Lane.urgent
    declined = "declined", Lane.lawyer
    share = "share", Lane.lawyer
    sent_on = "sent_on", Lane.lawyer
    opens = "opens", Lane.lawyer
    lapsed = "lapsed", Lane.lawyer
    freed = "freed", Lane.lawyer
    overtaken = "overtaken", Lane.lawyer
    silent = "silent", Lane.lawyer
    parted = "parted", Lane.lawyer

    # duty: what a lawyer reads of their duty, and coordinators of the rota
    duty = "duty", Lane.lawyer
    dutynow = "dutynow", Lane.lawyer  # the same card, brought up to date
    swap = "swap", Lane.lawyer
    unusable = "unusable", Lane.lawyer
    askrota = "askrota", Lane.lawyer

    # members: what happens among them
    line = "line", Lane.lawyer
    reach = "reach", Lane.lawyer
    asksuspend = "asksuspend", Lane.lawyer
    welcome = "welcome", Lane.lawyer
    trial = "trial", Lane.lawyer  # of a way outside Telegram
    practice = "practice", Lane.lawyer  # the sealed file of a practice case
    menu = "menu", Lane.bulk  # of a member's own chat

    # person: what reaches the chat of whoever asks for help
    news = "news", Lane.reply
    ping = "ping", Lane.reply
    unread = "unread", Lane.reply
    closed = "closed", Lane.reply
    bye = "bye", Lane.reply
    stray = "stray", Lane.wipe

    # wipes: messages that go, in anybody's chat
    wipe = "wipe", Lane.wipe
    blank = "blank", Lane.wipe

    # outside Telegram
    outside = "outside", Lane.urgent
    backstop = "backstop", Lane.urgent

    # files that a lawyer sends
    fetch = "fetch", Lane.lawyer

    # joining: a file with the key of somebody who was invited, and what is said of it
    keyfile = "keyfile", Lane.bulk
    keysaid = "keysaid", Lane.bulk


class LineKind(StrEnum):
    """What a row of the kind `line` says: its `what`. The text stands in `bot/member/lines.py`.

    These words rest in databases too: none changes, and one that is not here comes from a newer version.
    """

    # a case, to coordinators
    taken = "taken"
    passed = "passed"  # to another lawyer
    lapsed = "lapsed"
    given_back = "released"
    freed = "freed"
    stopped = "stopped"  # its lawyer takes part no more
    closed = "closed"
    parted = "parted"
    deleted = "deleted"
    undone = "undone"
    risen = "risen"
    unseen = "unseen"
    seen = "seen"
    unreached = "unreached"
    ending = "ending"
    # members, to coordinators
    joined = "joined"
    key = "key"
    rekeyed = "rekeyed"
    left = "left"
    suspended = "suspended"
    lost = "lost"  # by a lost word
    unsuspended = "unsuspended"
    resumed = "resumed"
    gone = "gone"
    collects = "collects"
    often = "often"  # an account calls
    nopush = "nopush"
    nomail = "nomail"
    practised = "practised"
    # duty
    rota = "rota"
    broken = "broken"
    unplanned = "unplanned"  # the same, and there is no earlier rota
    gap = "gap"
    bare = "bare"
    moved = "moved"  # to lawyers, as the next two
    swapped = "swapped"
    unswapped = "unswapped"
    # the service itself
    aside = "aside"
    unreadable = "unreadable"
    erasing = "erasing"
    clock = "clock"
    webhook = "webhook"
    rival = "rival"
    refused = "refused"
    unreachable = "unreachable"
    # what a lawyer has sent
    nowrap = "nowrap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A row to be sent. `args` holds ids and enumerated words only; `secret` is a chat id or a file's id.

    `kind`: the word of a `RowKind`, or of one that only a newer version knows. `queued`: another number each time that
    it was queued; who has taken it before it was queued anew can neither settle it nor put it off.
    """

    id: int
    lane: Lane
    kind: str
    case_row: int | None
    member_id: int | None
    secret: str | None = field(repr=False)
    args: Mapping[str, object]
    attempts: int
    queued: int = 0
    readable: bool = True
    chain: str | None = None

    @property
    def chat_id(self) -> int | None:
        """The chat, of a row that names one; raises Unreadable for a row that could not be read."""
        if not self.readable:
            raise Unreadable("outbox")
        return None if self.secret is None else int(self.secret)

    def number(self, name: str) -> int:
        """A number among its `args`."""
        return int(str(self.args[name]))


@dataclass(frozen=True, slots=True)
class Gathering:
    """A row that waits a moment, so that one message tells of all that comes meanwhile."""

    key: str
    args: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Puts, takes and settles rows; every method runs inside a change.

    What a change puts is written together at its end, or before anything else is asked of the outbox.
    """

    ring: KeyRing = field(repr=False)

    def put(
        self,
        tx: Tx,
        kind: RowKind,
        *,
        at: datetime | None = None,
        case_row: int | None = None,
        member_id: int | None = None,
        chat_id: int | None = None,
        secret: str | None = None,
        args: Mapping[str, object] | None = None,
        key: str,
        chain: str | None = None,
    ) -> None:
        """Queues a message unless one of the same key is pending and not yet taken. `secret`: the id of a file.

        `at`: when it is due, now unless it is given. `chain`: rows of one chain go one after another.
        """
        due = tx.at_once if at is None or at <= tx.now else at
        rows = tx.gather(outbox, _write)
        if key in rows:
            rows[key]["next_at"] = due
            return
        secret = str(chat_id) if chat_id is not None else secret
        chat = None if secret is None else self.ring.seal_row("outbox", "outbox", "chat", key, secret.encode())
        rows[key] = {
            "lane": int(kind.lane),
            "kind": kind.value,
            "case_row": case_row,
            "member_id": member_id,
            "chat_sealed": chat,
            "args": json.dumps(args or {}),
            "dedupe_key": key,
            "chain": chain,
            "attempts": 0,
            "next_at": due,
            "taken_until": None,
            "queued": secrets.randbits(31),
        }

    def drop(self, tx: Tx, key: str) -> bool:
        """What is not to be sent after all; False when there was nothing."""
        return tx.execute(_DROP, {"key": key}).rowcount > 0

    def gathering(self, tx: Reading, kin: str) -> "Gathering | None":
        """A row whose key begins with `kin` and a colon, and that is not on its way yet."""
        free = or_(outbox.c.taken_until.is_(None), outbox.c.taken_until <= tx.now)
        here = outbox.c.dedupe_key.between(f"{kin}:", f"{kin};") & free
        row = tx.execute(select(outbox).where(here).order_by(outbox.c.id).limit(1)).one_or_none()
        return None if row is None else Gathering(row.dedupe_key, dict(json.loads(row.args)), row.next_at)

    def is_as_taken(self, tx: Reading, due: Due) -> bool:
        """False when a row was queued anew or settled since it was taken: somebody else does what it asks for."""
        return tx.execute(_AS_TAKEN, {"row": due.id, "as_taken": due.queued}).first() is not None

    def go_on(self, tx: Tx, rows: Sequence[Due]) -> None:
        """What is on its way takes its time: nobody else takes it meanwhile. Not what was queued anew, or put off."""
        for due in rows:
            tx.execute(_GO_ON, {"row": due.id, "as_taken": due.queued, "taken_until": tx.now + TAKEN_FOR})

    def waits(self, tx: Reading, key: str) -> bool:
        """True while such a row waits, or is on its way."""
        return tx.execute(select(outbox.c.id).where(outbox.c.dedupe_key == key)).first() is not None

    def hurry(self, tx: Tx, kin: str, at: datetime) -> None:
        """What was to be done later is due `at`: every row whose key begins with `kin` and a colon."""
        tx.execute(_HURRY, {"from": f"{kin}:", "to": f"{kin};", "next_at": at, "later": at})
        if at <= tx.now:
            tx.queued(outbox)

    def take(self, tx: Tx, most: int = 50, last: Lane = Lane.bulk) -> Sequence[Due]:
        """Takes what is due, the urgent lane first and none behind the `last`, for `TAKEN_FOR`."""
        rows = tx.execute(_DUE, {"now": tx.now, "most": most, "last": int(last)}).all()
        ids = [row.id for row in rows]
        if ids:
            tx.execute(_TAKE, {"ids": ids, "taken_until": tx.now + TAKEN_FOR})
        return [self._read(row) for row in rows]

    def due_again(self, tx: Tx) -> int:
        """At the start of the only process on a database: what a crashed one had taken is due at once.

        It may have been sent: that counts as a try.
        """
        taken = outbox.c.taken_until.is_not(None)
        values = {"taken_until": None, "attempts": outbox.c.attempts + 1}
        return tx.execute(update(outbox).where(taken).values(**values)).rowcount

    def sent(self, tx: Tx, due: Due) -> None:
        """Settles a row, unless it was queued anew while it was on its way; the next of its chain may go."""
        tx.execute(_SETTLE, {"row": due.id, "as_taken": due.queued})
        if due.chain is not None:
            tx.queued(outbox)

    def later(self, tx: Tx, due: Due, at: datetime, error_class: str) -> None:
        """Puts a row off, unless it was queued anew; only the class of the error is kept."""
        values = {
            "next_at": at,
            "taken_until": None,
            "attempts": due.attempts + 1,
            "last_error": error_class[:80],
        }
        here = (outbox.c.id == due.id) & (outbox.c.queued == due.queued)
        tx.execute(update(outbox).where(here).values(**values))

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"outbox": sum(1 for row in tx.execute(select(outbox)) if not self._read(row).readable)}

    def _read(self, row: Row[tuple[object, ...]]) -> Due:
        lane, secret, args, readable = Lane.urgent, None, {}, True
        try:
            with reading("outbox"):
                lane, args = Lane(row.lane), dict(json.loads(row.args))
                if row.chat_sealed is not None:
                    secret = self.ring.open_row("outbox", "outbox", "chat", row.dedupe_key, row.chat_sealed).decode()
        except Unreadable:  # whoever sends it will say so
            readable = False
        return Due(
            id=row.id,
            lane=lane,
            kind=row.kind,
            case_row=row.case_row,
            member_id=row.member_id,
            secret=secret,
            args=args,
            attempts=row.attempts,
            queued=row.queued,
            readable=readable,
            chain=row.chain,
        )


def _is_its_turn() -> ColumnElement[bool]:
    """No older row of the same chain is left, but such as are not tried any more."""
    older = outbox.alias()
    waits = (older.c.chain == outbox.c.chain) & (older.c.id < outbox.c.id)
    return ~exists(select(older.c.id).where(waits, cast(older.c.id, String).not_in(_ASIDE)))


_ASIDE = select(trouble.c.which).where(aside("outbox"))
_IS_ASIDE = cast(outbox.c.id, String).in_(_ASIDE).label("is_aside")
_NOW = bindparam("now", type_=Exact())
_FREE = or_(outbox.c.taken_until.is_(None), outbox.c.taken_until <= _NOW)
# Asked again and again, so it is made once.
_DUE = (
    select(outbox)
    .where(
        outbox.c.lane <= bindparam("last"),
        outbox.c.next_at <= _NOW,
        _FREE,
        may_be_tried(_NOW, "outbox", outbox.c.id),
        _is_its_turn(),
    )
    .order_by(outbox.c.lane, outbox.c.next_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

_TAKE = update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))  # what is set is given with the ids
_DROP = delete(outbox).where(outbox.c.dedupe_key == bindparam("key"))
_KIN = outbox.c.dedupe_key.between(bindparam("from"), bindparam("to"))
_HURRY = update(outbox).where(_KIN, outbox.c.next_at > bindparam("later", type_=Exact()))
_IS_AS_TAKEN = (outbox.c.id == bindparam("row")) & (outbox.c.queued == bindparam("as_taken"))
_GO_ON = update(outbox).where(_IS_AS_TAKEN, outbox.c.taken_until.is_not(None))  # until when is given with it
_AS_TAKEN, _SETTLE = select(outbox.c.id).where(_IS_AS_TAKEN), delete(outbox).where(_IS_AS_TAKEN)


def _write(tx: Tx, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """New rows; of one whose key is pending only when it is due."""
    again_or_new = upsert_of(tx, outbox, ("dedupe_key",), ("next_at", "taken_until", "queued"), outbox.c.id, _IS_ASIDE)
    written = tx.execute(again_or_new, list(rows.values())).all()
    if any(row["next_at"] <= tx.now for row in rows.values()):
        tx.queued(outbox)
    once_more(tx, "outbox", [row.id for row in written if row.is_aside])
