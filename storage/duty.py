"""Who is on duty apart from the rota, shifts that change hands, and the rota that is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, or_, select, update

from storage.errors import Unreadable
from storage.schema import duty, rota, swap
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading

RotaState = Literal["accepted", "pending", "broken", "refused"]


@dataclass(frozen=True, slots=True)
class Override:
    """A member is on duty, or not, whatever the rota says; without an end until it is changed."""

    member_id: int
    on_duty: bool
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Swap:
    """A shift that `asker` wants `taker` to take."""

    id: int
    asker: int
    taker: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class RotaText:
    """A rota file as it was read; `text` is None where only its hash is kept."""

    sha256: str
    text: bytes | None = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Duties:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    # --- overrides ---

    def put(self, tx: Tx, member_id: int, *, on_duty: bool, begins: datetime, ends: datetime | None) -> None:
        """From now on this counts for the time it covers."""
        values = {"member_id": member_id, "on_duty": int(on_duty), "begins_at": begins, "ends_at": ends}
        tx.execute(insert(duty).values(**values))

    def end(self, tx: Tx, member_id: int) -> None:
        """Ends what holds now; what was agreed on for later stays."""
        here = (duty.c.member_id == member_id) & (duty.c.begins_at <= tx.now)
        tx.execute(delete(duty).where(here))

    def overrides(self, tx: Reading, begins: datetime, ends: datetime) -> Sequence[Override]:
        """What touches a stretch of time, in the order it was said: a later one wins."""
        touches = (duty.c.begins_at < ends) & or_(duty.c.ends_at.is_(None), duty.c.ends_at > begins)
        rows = tx.execute(select(duty).where(touches).order_by(duty.c.id)).all()
        return [Override(row.member_id, bool(row.on_duty), row.begins_at, row.ends_at) for row in rows]

    def forget_old(self, tx: Tx) -> None:
        """Drops what is over."""
        tx.execute(delete(duty).where(duty.c.ends_at < tx.now))
        tx.execute(delete(swap).where(swap.c.ends_at < tx.now))

    # --- shifts that change hands ---

    def ask(self, tx: Tx, asker: int, taker: int, begins: datetime, ends: datetime) -> int:
        """One lawyer asks another to take a shift; the request's number."""
        values = {"asker": asker, "taker": taker, "begins_at": begins, "ends_at": ends, "at": tx.now}
        return int(tx.execute(insert(swap).values(**values).returning(swap.c.id)).scalar_one())

    def swap(self, tx: Reading, number: int) -> Swap | None:
        """A request, None when it was answered or is over."""
        row = tx.execute(select(swap).where(swap.c.id == number)).one_or_none()
        return None if row is None else Swap(row.id, row.asker, row.taker, row.begins_at, row.ends_at)

    def settle(self, tx: Tx, one: Swap, *, accepted: bool) -> None:
        """The other lawyer has answered; a shift that is taken is asked of nobody else any more."""
        same = (swap.c.asker == one.asker) & (swap.c.begins_at == one.begins) & (swap.c.ends_at == one.ends)
        tx.execute(delete(swap).where(same if accepted else swap.c.id == one.id))
        if accepted:
            self.put(tx, one.asker, on_duty=False, begins=one.begins, ends=one.ends)
            self.put(tx, one.taker, on_duty=True, begins=one.begins, ends=one.ends)

    # --- the rota ---

    def rotas(self, tx: Reading) -> Mapping[str, RotaText]:
        """What is known of rota files, by state."""
        found = {}
        for row in tx.execute(select(rota)).all():
            text = row.text_sealed
            if text is not None:
                try:
                    with reading("rota"):
                        text = self.ring.open_row("member", "rota", "text", row.state, text)
                except Unreadable:  # then nobody is on duty by it, which is a gap that coordinators hear of
                    text = None
            found[row.state] = RotaText(row.sha256, text, row.at)
        return found

    def rota_marks(self, tx: Reading) -> Mapping[str, str]:
        """The SHA-256 of what is known of rota files, by state."""
        return {row.state: row.sha256 for row in tx.execute(select(rota.c.state, rota.c.sha256)).all()}

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        sealed = set(tx.execute(select(rota.c.state).where(rota.c.text_sealed.is_not(None))).scalars())
        return {"rota": sum(1 for state, one in self.rotas(tx).items() if state in sealed and one.text is None)}

    def keep_rota(self, tx: Tx, state: RotaState, sha256: str, text: bytes | None) -> None:
        """Keeps a rota in this state in place of the one that was."""
        sealed = None if text is None else self.ring.seal_row("member", "rota", "text", state, text)
        values = {"sha256": sha256, "text_sealed": sealed, "at": tx.now}
        if tx.execute(update(rota).where(rota.c.state == state).values(**values)).rowcount == 0:
            tx.execute(insert(rota).values(state=state, **values))

    def drop_rota(self, tx: Tx, *states: RotaState) -> None:
        """Forgets rotas of these states, or of every state when none is named."""
        gone = delete(rota)
        tx.execute(gone.where(rota.c.state.in_(states)) if states else gone)
