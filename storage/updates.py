"""Which updates were handled already, and which were set aside; the released questionnaires."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from storage.schema import case_file, flow_revision, intake, seen_update, set_aside

KEPT_FOR = timedelta(hours=48)  # Telegram delivers nothing older than 24 hours (Bot API, getUpdates)


def first_time(connection: Connection, update_id: int, now: datetime) -> bool:
    """True once per update; a replayed one changes nothing."""
    if connection.execute(select(seen_update.c.update_id).where(seen_update.c.update_id == update_id)).first():
        return False
    connection.execute(insert(seen_update).values(update_id=update_id, at=now))
    return True


def put_aside(connection: Connection, update_id: int, error_class: str, now: datetime) -> bool:
    """Remembers, without its content, that an update could not be handled; True the first time."""
    if not first_time(connection, update_id, now):
        return False
    connection.execute(insert(set_aside).values(update_id=update_id, error_class=error_class[:80], at=now))
    return True


def forget_old(connection: Connection, now: datetime) -> None:
    """Drops what can no longer come again."""
    for table in (seen_update, set_aside):
        connection.execute(delete(table).where(table.c.at < now - KEPT_FOR))


def keep_flow(connection: Connection, revision: str, compiled: bytes) -> None:
    """Keeps a released questionnaire while anything uses it."""
    if not connection.execute(select(flow_revision.c.revision).where(flow_revision.c.revision == revision)).first():
        connection.execute(insert(flow_revision).values(revision=revision, compiled=compiled))


def flow_of(connection: Connection, revision: str) -> bytes:
    """The compiled questionnaire of a revision."""
    query = select(flow_revision.c.compiled).where(flow_revision.c.revision == revision)
    return bytes(connection.execute(query).scalar_one())


def drop_unused_flows(connection: Connection, current: str) -> None:
    """Drops revisions that neither an intake nor a case uses."""
    used = select(intake.c.revision).union(select(case_file.c.revision))
    unused = flow_revision.c.revision.not_in(used) & (flow_revision.c.revision != current)
    connection.execute(delete(flow_revision).where(unused))
