"""Cases as anybody with the database sees them: what stands in clear, and what is sealed to lawyers. No server key.

This is what is left when the server's key file is lost or was destroyed, so nothing here opens a row.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Select, select

from storage.bundle import BundleCase, BundleEntry
from storage.schema import case_file, entry, flow_revision
from storage.tx import Reading
from storage.wraps import Wraps


class Recorded(Protocol):
    """What a bundle needs to know of a case."""

    @property
    def row(self) -> int:
        """Its row."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def case_id(self) -> str:
        """Its id."""

    @property
    def recipient(self) -> str:
        """To whom its entries are sealed."""

    @property
    def revision(self) -> str:
        """Its questionnaire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One case without anything that the server key seals."""

    row: int
    code: str
    case_id: str
    recipient: str = field(repr=False)
    revision: str
    status: str
    level: str
    created_on: date
    claimed_by: int | None


def listed(
    tx: Reading, *, codes: Sequence[str] = (), statuses: Sequence[str] = (), since: date | None = None
) -> Sequence[Record]:
    """Cases in the order they came, narrowed by what is given."""
    query = narrowed(select(case_file), codes=codes, statuses=statuses, since=since)
    return [
        Record(
            row=row.id,
            code=row.code,
            case_id=row.case_id,
            recipient=row.recipient,
            revision=row.revision,
            status=row.status,
            level=row.level,
            created_on=row.created_on,
            claimed_by=row.claimed_by,
        )
        for row in tx.execute(query).all()
    ]


def narrowed(query: Select[Any], *, codes: Sequence[str], statuses: Sequence[str], since: date | None) -> Select[Any]:
    """A query for cases in the order they came, with the conditions that are given."""
    if codes:
        query = query.where(case_file.c.code.in_(codes))
    if statuses:
        query = query.where(case_file.c.status.in_(statuses))
    if since:
        query = query.where(case_file.c.created_on >= since)
    return query.order_by(case_file.c.id)


def bundle(tx: Reading, case: Recorded, *, only_for: int | None = None) -> BundleCase:
    """The case as it goes into a bundle; a claimer's holds only the claimer's wrap."""
    entries = tx.execute(select(entry).where(entry.c.case_row == case.row).order_by(entry.c.seq)).all()
    compiled = tx.execute(
        select(flow_revision.c.compiled).where(flow_revision.c.revision == case.revision)
    ).scalar_one()
    return BundleCase(
        code=case.code,
        case_id=case.case_id,
        recipient=case.recipient,
        entries=[BundleEntry(row.seq, row.kind, row.sealed) for row in entries],
        wraps=Wraps().of(tx, case.row, only_for=only_for),
        flows={case.revision: compiled},
    )


def damaged_entries(tx: Reading) -> int:
    """How many sealed entries are not what their SHA-256 says; a few are read at once, however many there are."""
    query = select(entry.c.sha256, entry.c.sealed).execution_options(yield_per=100)
    return sum(1 for sha256, sealed in tx.execute(query) if hashlib.sha256(sealed).hexdigest() != sha256)
