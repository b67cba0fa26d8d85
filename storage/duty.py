"""Who is on duty apart from the rota, shifts that change hands, and the rota that is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, select, update

from storage.errors import Unreadable
from storage.schema import duty_card, handed, on_until, rota, swap
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading

RotaState = Literal["accepted", "pending", "broken", "refused", "told", "covered"]


@dataclass(frozen=True, slots=True)
class Until:
    """A member has said "on duty until", whatever the rota says."""

    member_id: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """A shift for which the rota names `owner`: `holder` has it now; `given_up`: and has ended it (/oncall off)."""

    owner: int
    begins: datetime
    ends: datetime
    holder: int
    given_up: bool = False


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

    # --- on duty until ---

    def stay(self, tx: Tx, member_id: int, until: datetime) -> None:
        """On duty from now until then, in place of what was said before."""
        self.go(tx, member_id)
        tx.execute(insert(on_until).values(member_id=member_id, begins_at=tx.now, ends_at=until))

    def go(self, tx: Tx, member_id: int) -> None:
        """Ends it."""
        tx.execute(delete(on_until).where(on_until.c.member_id == member_id))

    def untils(self, tx: Reading) -> Sequence[Until]:
        """Everybody who has said so."""
        rows = tx.execute(select(on_until).order_by(on_until.c.member_id)).all()
        return [Until(row.member_id, row.begins_at, row.ends_at) for row in rows]

    def forget_old(self, tx: Tx) -> None:
        """Drops what is over."""
        for table in (on_until, handed, swap):
            tx.execute(delete(table).where(table.c.ends_at < tx.now))

    # --- shifts that change hands ---

    def ask(self, tx: Tx, asker: int, taker: int, begins: datetime, ends: datetime) -> int:
        """One lawyer asks another to take a shift; the request's number."""
        values = {"asker": asker, "taker": taker, "begins_at": begins, "ends_at": ends, "at": tx.now}
        return int(tx.execute(insert(swap).values(**values).returning(swap.c.id)).scalar_one())

    def swap(self, tx: Reading, number: int) -> Swap | None:
        """A request, None when it was answered or is over."""
        row = tx.execute(select(swap).where(swap.c.id == number)).one_or_none()
        return None if row is None else Swap(row.id, row.asker, row.taker, row.begins_at, row.ends_at)

    def asked(self, tx: Reading) -> Sequence[Swap]:
        """Every request that was not answered."""
        rows = tx.execute(select(swap).order_by(swap.c.id)).all()
        return [Swap(row.id, row.asker, row.taker, row.begins_at, row.ends_at) for row in rows]

    def answered(self, tx: Tx, asked: Swap, *, accepted: bool) -> None:
        """A request is over; a shift that is taken is asked of nobody else any more."""
        same = (swap.c.asker == asked.asker) & (swap.c.begins_at == asked.begins) & (swap.c.ends_at == asked.ends)
        tx.execute(delete(swap).where(same if accepted else swap.c.id == asked.id))

    def hand(self, tx: Tx, owner: int, begins: datetime, ends: datetime, holder: int, *, given_up: bool) -> None:
        """From now on a shift of the rota is this member's; or, given up, nobody's."""
        self.as_the_rota_says(tx, owner, begins, ends)
        if owner != holder or given_up:
            values = {"owner": owner, "begins_at": begins, "ends_at": ends, "holder": holder}
            tx.execute(insert(handed).values(**values, given_up=int(given_up)))

    def as_the_rota_says(self, tx: Tx, owner: int, begins: datetime, ends: datetime) -> None:
        """A shift is again that of whom the rota names."""
        same = (handed.c.owner == owner) & (handed.c.begins_at == begins) & (handed.c.ends_at == ends)
        tx.execute(delete(handed).where(same))

    def handed(self, tx: Reading) -> Sequence[Handed]:
        """Every shift that is not as the rota says."""
        rows = tx.execute(select(handed).order_by(handed.c.begins_at, handed.c.owner)).all()
        return [Handed(row.owner, row.begins_at, row.ends_at, row.holder, bool(row.given_up)) for row in rows]

    # --- what a lawyer's chat shows of it ---

    def card(self, tx: Reading, member_id: int) -> int | None:
        """The message that tells a lawyer of their duty."""
        return tx.execute(select(duty_card.c.message_id).where(duty_card.c.member_id == member_id)).scalar()

    def cards(self, tx: Reading) -> Sequence[int]:
        """Whose chats have one."""
        return tx.execute(select(duty_card.c.member_id).order_by(duty_card.c.member_id)).scalars().all()

    def keep_card(self, tx: Tx, member_id: int, message_id: int | None) -> None:
        """Keeps it in place of an earlier one."""
        tx.execute(delete(duty_card).where(duty_card.c.member_id == member_id))
        if message_id is not None:
            tx.execute(insert(duty_card).values(member_id=member_id, message_id=message_id))

    # --- the rota ---

    def rotas(self, tx: Reading) -> Mapping[str, RotaText]:
        """What is known of rota files, by state."""
        rows = tx.execute(select(rota)).all()
        return {row.state: RotaText(row.sha256, self._text(row.state, row.text_sealed), row.at) for row in rows}

    def rota_text(self, tx: Reading, state: RotaState) -> bytes | None:
        """The text that is kept of one state, None when there is none that can be read."""
        return self._text(state, tx.execute(select(rota.c.text_sealed).where(rota.c.state == state)).scalar())

    def _text(self, state: str, sealed: bytes | None) -> bytes | None:
        if sealed is None:
            return None
        try:
            with reading("rota"):
                return self.ring.open_row("member", "rota", "text", state, sealed)
        except Unreadable:  # then nobody is on duty by it, which is a gap that coordinators hear of
            return None

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
