"""Rota files as they were read, by what became of them; their text rests under the server key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import ScalarSelect, bindparam, delete, insert, select, update

from storage.errors import Unreadable
from storage.schema import rota
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import reading

IN_FORCE = "rota in force"  # as what a change knows it
RotaState = Literal["accepted", "pending", "broken", "refused", "told", "covered"]


@dataclass(frozen=True, slots=True)
class RotaText:
    """A rota file as it was read; `text` is None where only its hash is kept."""

    sha256: str
    text: bytes | None = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Rotas:
    """Every method runs inside a change."""

    ring: KeyRing = field(repr=False)

    def all(self, tx: Reading) -> Mapping[str, RotaText]:
        """What is known of rota files, by state."""
        rows = tx.execute(select(rota)).all()
        return {row.state: RotaText(row.sha256, self._text(row.state, row.text_sealed), row.at) for row in rows}

    def text(self, tx: Reading, state: RotaState) -> bytes | None:
        """The text that is kept of one state, None when there is none that can be read."""
        return self._text(state, tx.execute(_TEXT, {"of": state}).scalar())

    def _text(self, state: str, sealed: bytes | None) -> bytes | None:
        if sealed is None:
            return None
        try:
            with reading("rota"):
                return self.ring.open_row("member", "rota", "text", state, sealed)
        except Unreadable:  # then nobody is on duty by it, which is a gap that coordinators hear of
            return None

    def marks(self, tx: Reading) -> Mapping[str, str]:
        """The SHA-256 of what is known of rota files, by state."""
        return {row.state: row.sha256 for row in tx.execute(_MARKS).all()}

    def in_force(self, tx: Reading) -> str | None:
        """The SHA-256 of the rota that is in force; None when there is none."""
        return tx.once(IN_FORCE, [rota], lambda: tx.execute(_IN_FORCE).scalar())

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        sealed = set(tx.execute(select(rota.c.state).where(rota.c.text_sealed.is_not(None))).scalars())
        return {"rota": sum(1 for state, one in self.all(tx).items() if state in sealed and one.text is None)}

    def keep(self, tx: Tx, state: RotaState, sha256: str, text: bytes | None) -> None:
        """Keeps a rota in this state in place of the one that was."""
        sealed = None if text is None else self.ring.seal_row("member", "rota", "text", state, text)
        values = {"sha256": sha256, "text_sealed": sealed, "at": tx.now}
        if tx.execute(update(rota).where(rota.c.state == state).values(**values)).rowcount == 0:
            tx.execute(insert(rota).values(state=state, **values))

    def drop(self, tx: Tx, *states: RotaState) -> None:
        """Forgets rotas of these states, or of every state when none is named."""
        gone = delete(rota)
        tx.execute(gone.where(rota.c.state.in_(states)) if states else gone)


def in_force() -> ScalarSelect[str]:
    """As part of a query: the SHA-256 of the rota that is in force."""
    return select(rota.c.sha256).where(rota.c.state == "accepted").scalar_subquery()


_TEXT = select(rota.c.text_sealed).where(rota.c.state == bindparam("of"))
_MARKS, _IN_FORCE = select(rota.c.state, rota.c.sha256), select(in_force())
