"""Which of several processes may change one message now. Every function runs inside a change.

A turn is held from the drawing of a row of the outbox until it is settled, and is over with the time of that row: who
was killed is in nobody's way for longer.
"""

import functools
from typing import Any

from sqlalchemy import bindparam, delete, or_, update

from storage.outbox import TAKEN_FOR
from storage.schema import Exact, turn
from storage.tx import Tx
from storage.upsert import excluded, upsert_in

_NOW = bindparam("now", type_=Exact())
_MINE = (turn.c.message == bindparam("of")) & (turn.c.holder == bindparam("by"))
_GOES_ON = update(turn).where(_MINE)
_ENDS = delete(turn).where(_MINE)
_OLD = delete(turn).where(turn.c.until <= _NOW)


def begins(tx: Tx, message: str, holder: str) -> bool:
    """Takes the turn at a message; False while another process has it. It is decided by the row, in one statement."""
    values = {"message": message, "holder": holder, "until": tx.now + TAKEN_FOR, "now": tx.now}
    return tx.execute(_begins(tx.connection.dialect.name), values).first() is not None


def goes_on(tx: Tx, message: str, holder: str) -> None:
    """What is done with the message takes its time."""
    tx.execute(_GOES_ON, {"of": message, "by": holder, "until": tx.now + TAKEN_FOR})


def ends(tx: Tx, message: str, holder: str) -> bool:
    """Gives the turn back; False when it was lost: another process may have changed the message meanwhile."""
    return tx.execute(_ENDS, {"of": message, "by": holder}).rowcount > 0


def forget_old(tx: Tx) -> None:
    """Drops what a process has left behind that was killed."""
    tx.execute(_OLD, {"now": tx.now})


@functools.cache
def _begins(dialect: str) -> Any:
    new = upsert_in(dialect, turn)
    free = or_(turn.c.holder == excluded(turn).holder, turn.c.until <= _NOW)
    values = {name: excluded(turn)[name] for name in ("holder", "until")}
    taken = new.on_conflict_do_update(index_elements=["message"], set_=values, where=free)
    return taken.returning(turn.c.message)
