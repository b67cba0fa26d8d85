"""Which updates were handled already, and which were set aside."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, select
from sqlalchemy.engine import Row

from storage import members
from storage.schema import Exact, member, seen_update, set_aside
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

KEPT_FOR = timedelta(hours=48)  # Telegram delivers nothing older than 24 hours (Bot API, getUpdates)
_OF_A_MEMBER = exists().where(members.is_active(bindparam("sender"))).label("of_a_member")
_BEFORE = bindparam("before", type_=Exact())
_OLD = [delete(table).where(table.c.at < _BEFORE) for table in (seen_update, set_aside)]


def first_time(tx: Tx, update_id: int) -> bool:
    """True once per update; a replayed one changes nothing."""
    return _keep(tx, {"update_id": update_id}) is not None


def first_heard(tx: Tx, update_id: int, sender: bytes) -> bool:
    """The same of one that is answered; that its `sender` is no member, as most are none, need not be asked then."""
    kept = _keep(tx, {"update_id": update_id, "sender": sender}, _OF_A_MEMBER)
    if kept is not None and not kept.of_a_member:
        tx.know(members.of_look_up(sender), [member], None)
    return kept is not None


def _keep(tx: Tx, values: Mapping[str, object], *asked: ColumnElement[bool]) -> Row[Any] | None:
    new = upsert_of(tx, seen_update, ("update_id",), (), seen_update.c.update_id, *asked)
    return tx.execute(new, {**values, "at": tx.now}).first()


def put_aside(tx: Tx, update_id: int, error_class: str) -> bool:
    """Remembers, without its content, that an update could not be handled; True the first time."""
    if not first_time(tx, update_id):
        return False
    tx.execute(insert(set_aside).values(update_id=update_id, error_class=error_class[:80], at=tx.now))
    return True


def counted_aside(tx: Reading) -> Mapping[str, int]:
    """The class of an error -> how many updates of the last two days could not be handled because of it."""
    query = select(set_aside.c.error_class, func.count()).where(set_aside.c.at >= tx.now - KEPT_FOR)
    return {row[0]: row[1] for row in tx.execute(query.group_by(set_aside.c.error_class)).all()}


def forget_old(tx: Tx) -> None:
    """Drops what can no longer come again."""
    for old in _OLD:
        tx.execute(old, {"before": tx.now - KEPT_FOR})
