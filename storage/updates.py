"""Which updates were handled already, and which were set aside; the released questionnaires."""

from datetime import timedelta

from sqlalchemy import delete, insert, select

from storage.schema import case_file, flow_revision, intake, seen_update, set_aside
from storage.tx import Reading, Tx

KEPT_FOR = timedelta(hours=48)  # Telegram delivers nothing older than 24 hours (Bot API, getUpdates)


def first_time(tx: Tx, update_id: int) -> bool:
    """True once per update; a replayed one changes nothing."""
    if tx.execute(select(seen_update.c.update_id).where(seen_update.c.update_id == update_id)).first():
        return False
    tx.execute(insert(seen_update).values(update_id=update_id, at=tx.now))
    return True


def put_aside(tx: Tx, update_id: int, error_class: str) -> bool:
    """Remembers, without its content, that an update could not be handled; True the first time."""
    if not first_time(tx, update_id):
        return False
    tx.execute(insert(set_aside).values(update_id=update_id, error_class=error_class[:80], at=tx.now))
    return True


def forget_old(tx: Tx) -> None:
    """Drops what can no longer come again."""
    for table in (seen_update, set_aside):
        tx.execute(delete(table).where(table.c.at < tx.now - KEPT_FOR))


def keep_flow(tx: Tx, revision: str, compiled: bytes) -> None:
    """Keeps a released questionnaire while anything uses it."""
    if not tx.execute(select(flow_revision.c.revision).where(flow_revision.c.revision == revision)).first():
        tx.execute(insert(flow_revision).values(revision=revision, compiled=compiled))


def flow_of(tx: Reading, revision: str) -> bytes:
    """The compiled questionnaire of a revision."""
    query = select(flow_revision.c.compiled).where(flow_revision.c.revision == revision)
    return bytes(tx.execute(query).scalar_one())


def drop_unused_flows(tx: Tx, current: str) -> None:
    """Drops revisions that neither an intake nor a case uses."""
    used = select(intake.c.revision).union(select(case_file.c.revision))
    unused = flow_revision.c.revision.not_in(used) & (flow_revision.c.revision != current)
    tx.execute(delete(flow_revision).where(unused))
