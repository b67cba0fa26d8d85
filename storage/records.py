"""Cases as anybody with the database sees them: what stands in clear, and what is sealed to lawyers.

This is what is left when the server's key file is lost or was destroyed. The key adds one thing, a case's code; without
it a case is called by its id.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVarTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.exc import NoResultFound

from flows.model import Level
from flows.release import carried_of
from storage import codes as case_codes
from storage import sent_files
from storage.bundle import BundleCase, BundleEntry, SealedFile
from storage.case import Status, known_level
from storage.errors import Refused
from storage.schema import case_file, entry, flow_revision, sent_file
from storage.sealing.keyring import KeyRing
from storage.tx import Reading
from storage.wraps import Wraps

_EVERY = select(case_file).order_by(case_file.c.id)
_ENTRIES = select(entry).where(entry.c.case_row == bindparam("row")).order_by(entry.c.seq)
_FLOW = select(flow_revision.c.compiled).where(flow_revision.c.revision == bindparam("revision"))
_AT_ONCE = 100
ID = re.compile(r"[a-z2-7]{32}")  # storage/record.py, case_id_of

Columns = TypeVarTuple("Columns")


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
    """One case; of what the server key seals only its code, or without the key its id in place of it.

    `erase_at`: its person has deleted everything, and until then its claimer can open it.
    """

    row: int
    code: str
    case_id: str
    recipient: str = field(repr=False)
    revision: str
    status: str
    level: Level
    created_on: date
    claimed_by: int | None
    erase_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these codes or ids, of these statuses, from a day on, or all; those that are erased or not."""

    names: Sequence[str] = ()
    statuses: Sequence[str] = ()
    since: date | None = None
    erased_too: bool = True


ALL = Wanted()


def listed(tx: Reading, ring: KeyRing | None = None, wanted: Wanted = ALL) -> Iterator[Record]:
    """Cases in the order they came; some are in memory at once, however many there are.

    Raises Refused for a name that is unknown, or of what is erased and not wanted. Without the key codes are not known.
    """
    query = _only(_EVERY, tx, ring, wanted).execution_options(yield_per=_AT_ONCE)
    return (
        Record(
            row=row.id,
            code=row.case_id if ring is None else case_codes.code_of(ring, row),
            case_id=row.case_id,
            recipient=row.recipient,
            revision=row.revision,
            status=row.status,
            level=known_level(row.level),
            created_on=row.created_on,
            claimed_by=row.claimed_by,
            erase_at=row.erase_at,
        )
        for row in tx.execute(query)
    )


def _only(query: Select[*Columns], tx: Reading, ring: KeyRing | None, wanted: Wanted) -> Select[*Columns]:
    query = narrowed(query, statuses=wanted.statuses, since=wanted.since)
    if wanted.names:
        query = query.where(or_(*(_named(tx, ring, one, wanted) for one in wanted.names)))
    return query if wanted.erased_too else query.where(case_file.c.status != Status.erased)


def _named(tx: Reading, ring: KeyRing | None, name: str, wanted: Wanted) -> ColumnElement[bool]:
    """The case of this code or id."""
    here = case_file.c.case_id == name
    if not ID.fullmatch(name):
        if ring is None:
            raise Refused(f"{name}: without server.key a case is named by its id, see `pana case list`")
        here = case_file.c.code_look_up == case_codes.look_up(ring, name)
    found = tx.execute(select(case_file.c.status).where(here)).first()
    if found is None:
        raise Refused(f"there is no case {name}")
    if found.status == Status.erased and not wanted.erased_too:
        raise Refused(f"case {name} is erased: nothing of it is left")
    return here


def narrowed(query: Select[*Columns], *, statuses: Sequence[str], since: date | None) -> Select[*Columns]:
    """A query for cases with the conditions that are given."""
    if statuses:
        query = query.where(case_file.c.status.in_(statuses))
    if since:
        query = query.where(case_file.c.created_on >= since)
    return query


def bundle(tx: Reading, case: Recorded, *, only_for: int | None = None) -> BundleCase:
    """The case as it goes into a bundle; a claimer's holds only the claimer's wrap.

    Files are read when they are written out, so within the same look.
    """
    return _bundle(tx, case, _carried(tx, case.revision), only_for)


def bundles(tx: Reading, cases: Iterable[Recorded]) -> Iterator[BundleCase]:
    """One case after another; a questionnaire is looked up once."""
    flows: dict[str, bytes] = {}
    for case in cases:
        if case.revision not in flows:
            flows[case.revision] = _carried(tx, case.revision)
        yield _bundle(tx, case, flows[case.revision], None)


def _bundle(tx: Reading, case: Recorded, flow: bytes, only_for: int | None) -> BundleCase:
    files = {seq: _file(tx, one) for seq, one in sent_files.kept(tx, case.row).items()}
    entries = tx.execute(_ENTRIES, {"row": case.row}).all()
    return BundleCase(
        code=case.code,
        case_id=case.case_id,
        recipient=case.recipient,
        entries=[BundleEntry(row.seq, row.kind, row.sealed, files.get(row.seq)) for row in entries],
        wraps=Wraps().of(tx, case.row, only_for=only_for),
        flows={case.revision: flow},
    )


def _carried(tx: Reading, revision: str) -> bytes:
    """What a bundle carries of a questionnaire, damaged or not: whoever opens the case is told."""
    return carried_of(tx.execute(_FLOW, {"revision": revision}).scalar_one())


def size_of(tx: Reading, ring: KeyRing | None, wanted: Wanted) -> int:
    """How many sealed bytes the entries and files of cases have together. Raises Refused as `listed`."""
    here = _only(select(case_file.c.id), tx, ring, wanted)
    entries = select(func.sum(func.length(entry.c.sealed))).where(entry.c.case_row.in_(here))
    files = select(func.sum(sent_file.c.size)).where(sent_file.c.seq.is_not(None), sent_file.c.case_row.in_(here))
    return sum(int(tx.execute(query).scalar_one() or 0) for query in (entries, files))


def _file(tx: Reading, file: sent_files.Kept) -> SealedFile:
    return SealedFile(size=file.size, sha256=file.sha256, parts=lambda: _parts(tx, file))


def _parts(tx: Reading, file: sent_files.Kept) -> Iterator[bytes]:
    """As far as they are there: of a damaged database everything else is to be read, and a reader names the file."""
    with contextlib.suppress(NoResultFound):
        yield from sent_files.parts(tx, file)


def files_counted(tx: Reading) -> Mapping[str, int]:
    """How many files of all cases are kept, on their way, and could not be had."""
    query = select(func.count(), func.count(sent_file.c.seq), func.count(sent_file.c.lost))
    every, kept, lost = tx.execute(query.select_from(sent_file)).one()
    return {"kept": kept, "waiting": every - kept - lost, "lost": lost}


def damaged_files(tx: Reading) -> int:
    """How many sealed files are not what their SHA-256 says; a part is read at once, however large they are."""
    kept = tx.execute(select(sent_file.c.case_row).where(sent_file.c.seq.is_not(None)).distinct()).scalars().all()
    return sum(
        1 for case_row in kept for file in sent_files.kept(tx, case_row).values() if _digest(tx, file) != file.sha256
    )


def _digest(tx: Reading, file: sent_files.Kept) -> str:
    digest = hashlib.sha256()
    for part in _parts(tx, file):
        digest.update(part)
    return digest.hexdigest()


def damaged_entries(tx: Reading) -> int:
    """How many sealed entries are not what their SHA-256 says; a few are read at once, however many there are."""
    query = select(entry.c.sha256, entry.c.sealed).execution_options(yield_per=100)
    return sum(1 for sha256, sealed in tx.execute(query) if hashlib.sha256(sealed).hexdigest() != sha256)
