"""The released questionnaires that an open intake, a case or a practice case still needs, by revision."""

from sqlalchemy import delete, insert, select, update

from flows.release import carried_of, revision_of
from storage.errors import Unreadable
from storage.schema import case_file, flow_revision, intake, practice
from storage.tx import Reading, Tx


def keep_flow(tx: Tx, revision: str, compiled: bytes) -> None:
    """Keeps a released questionnaire while anything uses it; one whose row was damaged is written anew."""
    here = flow_revision.c.revision == revision
    kept = tx.execute(select(flow_revision.c.compiled).where(here)).scalar()
    if kept is None:
        tx.execute(insert(flow_revision).values(revision=revision, compiled=compiled))
    elif bytes(kept) != compiled:
        tx.execute(update(flow_revision).where(here).values(compiled=compiled))


def flow_of(tx: Reading, revision: str) -> bytes:
    """The compiled questionnaire of a revision; raises Unreadable when it is not what the revision names."""
    query = select(flow_revision.c.compiled).where(flow_revision.c.revision == revision)
    found = tx.execute(query).scalar()
    if found is None or revision_of(found) != revision:
        raise Unreadable("flow_revision")
    return bytes(found)


def carried(tx: Reading, revision: str) -> bytes:
    """What of it a bundle carries; raises Unreadable likewise."""
    return carried_of(flow_of(tx, revision))


def drop_unused_flows(tx: Tx, current: str) -> None:
    """Drops revisions that no intake and no case uses."""
    used = select(intake.c.revision).union(select(case_file.c.revision), select(practice.c.revision))
    unused = flow_revision.c.revision.not_in(used) & (flow_revision.c.revision != current)
    tx.execute(delete(flow_revision).where(unused))
