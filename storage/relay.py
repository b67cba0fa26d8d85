"""Messages between a seeker and the claimer on their way, under the server key until they are shown.

Each is sealed into the case when it is sent; what rests here is the copy that has not been delivered, at most a day
(docs/how-it-holds.md, what rests where).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Row

from storage.drafts import READABLE_FOR, Drafts
from storage.schema import Exact, relay
from storage.sealing.keyring import KeyRing
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx
from storage.unreadable import readable, reading, unreadable

KEPT_FOR = timedelta(hours=24)
MOST_DUE = 100
_UNOPENED = relay.c.member_id.is_(None) & relay.c.shown_at.is_(None)
_OF_CASE = relay.c.case_row == bindparam("row")
_TO_SEEKER = select(relay).where(_OF_CASE, relay.c.member_id.is_(None)).order_by(relay.c.id)
_TO_MEMBERS_GONE = delete(relay).where(_OF_CASE, relay.c.member_id.is_not(None))
_ONE, _ONE_GONE = select(relay).where(relay.c.id == bindparam("id")), delete(relay).where(relay.c.id == bindparam("id"))
_NEW = insert(relay).returning(relay.c.id)
_SHOWN = update(relay).where(relay.c.id.in_(bindparam("ids", expanding=True)), relay.c.shown_at.is_(None))
_WAITS = select(relay.c.id).where(_OF_CASE, _UNOPENED).limit(1)
# Asked every second, so they are made once.
_NOW, _BEFORE = bindparam("now", type_=Exact()), bindparam("before", type_=Exact())
_TO_FADE = (
    select(relay.c.case_row)
    .where(relay.c.member_id.is_(None), relay.c.shown_at <= _BEFORE, may_be_tried(_NOW, "fade", relay.c.case_row))
    .distinct()
    .limit(MOST_DUE)
)
_OVERDUE = (
    select(relay.c.case_row)
    .where(_UNOPENED, relay.c.at < _BEFORE, may_be_tried(_NOW, "unopened", relay.c.case_row))
    .distinct()
    .order_by(relay.c.case_row)
)
_OLD = delete(relay).where(
    (relay.c.member_id.is_not(None) & (relay.c.at < _BEFORE))
    | (relay.c.shown_at < bindparam("shown_before", type_=Exact()))
)


@dataclass(frozen=True, slots=True)
class Relayed:
    """One message on its way; its number in this direction. `corrects`: what was written before is put right by it."""

    id: int
    text: str = field(repr=False)
    at: datetime
    shown_at: datetime | None
    number: int = 0
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Relay:
    """Keeps messages on their way; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    drafts: Drafts

    def put(
        self, tx: Tx, case_row: int, member_id: int | None, text: str, number: int = 1, *, corrects: bool = False
    ) -> int:
        """A message to a member, or to the seeker of the case (None); returns its row."""
        place = secrets.token_hex(16)
        sealed = self.ring.seal_row("relay", "relay", "text", place, text.encode())
        values: dict[str, object] = {"case_row": case_row, "member_id": member_id, "place": place}
        values |= {"text_sealed": sealed, "number": number, "corrects": int(corrects), "at": tx.now}
        return int(tx.execute(_NEW, values).scalar_one())

    def get(self, tx: Reading, row_id: int) -> Relayed | None:
        """A message, None when it has been delivered or is too old; raises Unreadable."""
        row = tx.execute(_ONE, {"id": row_id}).one_or_none()
        return None if row is None else self._open(row)

    def to_seeker(self, tx: Reading, case_row: int) -> Sequence[Relayed]:
        """The messages that a seeker has not seen, or saw a moment ago, in their order."""
        return readable(tx.execute(_TO_SEEKER, {"row": case_row}).all(), self._open)

    def show(self, tx: Tx, ids: Sequence[int]) -> None:
        """These have been shown."""
        tx.execute(_SHOWN, {"ids": list(ids), "shown_at": tx.now})

    def to_fade(self, tx: Reading) -> Sequence[int]:
        """The cases on whose person's card a lawyer's words have stood long enough."""
        times = {"now": tx.now, "before": tx.now - READABLE_FOR}
        return list(tx.execute(_TO_FADE, times).scalars())

    def fade(self, tx: Tx, case_row: int) -> None:
        """What has stood on the person's card long enough goes."""
        seen = relay.c.member_id.is_(None) & (relay.c.shown_at <= tx.now - READABLE_FOR)
        tx.execute(delete(relay).where(seen & (relay.c.case_row == case_row)))

    def delivered(self, tx: Tx, row_id: int) -> None:
        """The copy goes."""
        tx.execute(_ONE_GONE, {"id": row_id})

    def waits(self, tx: Reading, case_row: int, since: datetime | None = None) -> bool:
        """Something of a lawyer waits to be opened; with `since`, something that came after that."""
        query = _WAITS if since is None else _WAITS.where(relay.c.at > since)
        return tx.execute(query, {"row": case_row}).first() is not None

    def overdue(self, tx: Reading) -> Sequence[int]:
        """The cases in which a lawyer's message has not been opened for a day."""
        return list(tx.execute(_OVERDUE, {"now": tx.now, "before": tx.now - KEPT_FOR}).scalars())

    def drop_unopened(self, tx: Tx, case_row: int) -> int:
        """Drops what nobody has opened for a day, of one case; the number of the last one, 0 when there is none."""
        old = (relay.c.case_row == case_row) & _UNOPENED & (relay.c.at < tx.now - KEPT_FOR)
        last = tx.execute(select(func.max(relay.c.number)).where(old)).scalar()
        tx.execute(delete(relay).where(old))
        return int(last or 0)

    def forget_old(self, tx: Tx) -> None:
        """Drops what was shown a while ago, and what has not reached a lawyer for a day; that is told otherwise."""
        tx.execute(_OLD, {"before": tx.now - KEPT_FOR, "shown_before": tx.now - READABLE_FOR})
        self.drafts.forget_old(tx)

    def claim_over(self, tx: Tx, case_row: int) -> None:
        """Nothing more goes to the claimer; what a lawyer has sent to the seeker still waits to be opened."""
        tx.execute(_TO_MEMBERS_GONE, {"row": case_row})
        self.drafts.drop_of(tx, case_row)

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"relay": unreadable(tx.execute(select(relay)), self._open)}

    def _open(self, row: Row[tuple[object, ...]]) -> Relayed:
        with reading("relay"):
            text = self.ring.open_row("relay", "relay", "text", row.place, row.text_sealed).decode()
        return Relayed(row.id, text, row.at, row.shown_at, row.number, bool(row.corrects))
