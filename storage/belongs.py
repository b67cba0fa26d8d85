"""Whether the server's key file and the database belong together, and which of the two is wrong if not.

The database keeps a MAC for every server key that its rows may need (`instance_key`). A MAC that does not fit is no
verdict by itself, for one damaged byte must not stop anybody: then one sealed row of each kind is tried. So is a
database of a version without the table. Draft keys are known by their day, which stands in clear before each draft.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Table, delete, func, insert, select

from storage.database import Database
from storage.errors import NotKept, NotReady, StorageError
from storage.schema import (
    case_file,
    day_key,
    handoff,
    instance_key,
    intake,
    invite,
    member,
    relay,
    rota,
    sent_file,
    waiting_update,
)
from storage.sealing.errors import SealingError
from storage.sealing.identity_file import as_fingerprint
from storage.sealing.keyring import KeyRing, Purpose
from storage.tx import Reading, Tx

_SAMPLES = 5  # rows of a kind that are tried: one may be damaged
_LONGEST_LIST = 3


@dataclass(frozen=True, slots=True)
class _Kind:
    """A sealed column: under which purpose and place its rows were sealed."""

    purpose: Purpose
    table: Table
    column: str
    place: ColumnElement[object]


_KINDS = (
    _Kind("member", member, "about", member.c.telegram_look_up),
    _Kind("chat", case_file, "chat", case_file.c.case_id),
    _Kind("code", case_file, "code", case_file.c.case_id),
    _Kind("handoff", handoff, "facts", handoff.c.case_row),
    _Kind("chat", intake, "chat", intake.c.chat_look_up),
    _Kind("relay", relay, "text", relay.c.place),
    _Kind("file", sent_file, "wanted", sent_file.c.place),
    _Kind("update", waiting_update, "raw", waiting_update.c.update_id),
    _Kind("member", invite, "about", invite.c.name_look_up),
    _Kind("member", rota, "text", rota.c.state),
    _Kind("key", day_key, "key", day_key.c.name),
)
_NAMES = {"case_file": "case"}  # what a table is called where its rows are sealed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `missing`: keys that the file lacks and rows need; `unknown`: server keys to be noted."""

    foreign: bool = False
    missing: Sequence[str] = ()
    unknown: Sequence[int] = field(default=())


def _noted(tx: Reading) -> tuple[dict[str, bytes], set[str]]:
    """The keys that belong to this database, by name, with what they are known by; and the names of those given up."""
    noted = tx.execute(select(instance_key)).all()
    wanted = {row.name: bytes(row.key_check) for row in noted if row.key_check is not None}
    return wanted, {row.name for row in noted if row.lost_at is not None}


def _lost_days(tx: Reading, ring: KeyRing) -> list[str]:
    """Draft keys that the file lacks; those that lay in memory are lost with it, and their intakes handled as lost."""
    return [] if ring.forgets or ring.in_database else [_draft(day) for day in _later_days(tx, ring)]


def judge(tx: Reading, ring: KeyRing) -> Verdict:
    """Looks whether this key file opens this database; changes nothing."""
    wanted, lost = _noted(tx)
    mine = {_server(number): ring.key_check(number) for number in ring.numbers}
    fits = any(mine.get(name) == noted_check for name, noted_check in wanted.items())
    if not fits and not _rows_open(tx, ring, empty=not wanted):
        return Verdict(foreign=True)
    needed = wanted or {_server(number) for number in _later_numbers(tx, ring)}
    return Verdict(
        missing=[name for name in [*sorted(set(needed) - mine.keys()), *_lost_days(tx, ring)] if name not in lost],
        unknown=[number for number in ring.numbers if wanted.get(_server(number)) != mine[_server(number)]],
    )


def require_belonging(database: Database, ring: KeyRing, pinned: str | None) -> None:
    """Notes the keys in use; raises NotReady with the one of the two that is wrong, and what to do.

    `pinned`: the signing fingerprint of the configuration, where it has one: it decides which of the two is foreign.
    """
    verdict = database.read(lambda reading: judge(reading, ring))
    wrong = sentence(verdict, ring, pinned)
    if wrong:
        raise NotReady(wrong)
    if verdict.unknown:
        try:
            database.change(lambda tx: note(tx, ring, verdict.unknown))
        except NotKept:
            raise
        except StorageError:  # another process has noted the same in this moment
            return


def note(tx: Tx, ring: KeyRing, numbers: Sequence[int]) -> None:
    """Remembers server keys by which this database is known from now on."""
    for number in numbers:
        tx.execute(delete(instance_key).where(instance_key.c.name == _server(number)))
        tx.execute(insert(instance_key).values(name=_server(number), key_check=ring.key_check(number)))


def accept_loss(tx: Tx, ring: KeyRing, pinned: str | None) -> Sequence[str]:
    """The operator has no newer key file: what is missing is not asked for again. Returns what was missing."""
    verdict = judge(tx, ring)
    if verdict.foreign:
        raise NotReady(sentence(verdict, ring, pinned) or "")
    for name in verdict.missing:
        tx.execute(delete(instance_key).where(instance_key.c.name == name))
        tx.execute(insert(instance_key).values(name=name, lost_at=tx.now))
    note(tx, ring, verdict.unknown)
    return verdict.missing


def sentence(verdict: Verdict, ring: KeyRing, pinned: str | None) -> str | None:
    """What is wrong and what to do, one sentence; None when nothing is."""
    strange = pinned is not None and as_fingerprint(pinned) != ring.signing_fingerprint
    if verdict.foreign:
        return _foreign(pinned is not None, strange)
    if strange:
        return (
            "server.signing_fingerprint is not that of server.key: this pana.toml is of another instance than its key"
            " file and database; put back its own"
        )
    if verdict.missing:
        return (
            f"the key file is older than the database, it lacks {listed(verdict.missing)}: put back the newest copy of"
            " server.key, or, if that is lost, run `pana key accept` (what only it opens is never read again)"
        )
    return None


def _foreign(is_pinned: bool, strange: bool) -> str:
    if not is_pinned:
        return (
            "the key file opens nothing in the database, they are of different instances: put back this database's own"
            " server.key, or name the key file's own database in database.url"
        )
    if strange:
        return "the key file is of another instance than the database: put back this instance's own server.key"
    return (
        "the database is of another instance than the key file (or a server key in it is damaged): put back this"
        " instance's own, or see database.url"
    )


def _rows_open(tx: Reading, ring: KeyRing, *, empty: bool) -> bool:
    """True when any sealed row opens. `empty`: what to say where there is none."""
    any_row = False
    for kind, place, sealed in _samples(tx):
        any_row = True
        if sealed and sealed[0] not in ring.numbers:
            continue
        name = _NAMES.get(kind.table.name, kind.table.name)
        try:
            ring.open_row(kind.purpose, name, kind.column, place, sealed)
        except SealingError:
            continue
        return True
    return empty and not any_row


def _samples(tx: Reading) -> Iterator[tuple[_Kind, str, bytes]]:
    for kind in _KINDS:
        sealed = kind.table.c[f"{kind.column}_sealed"]
        query = select(kind.place, sealed).where(sealed.is_not(None)).limit(_SAMPLES)
        for place, blob in tx.execute(query).all():
            yield kind, place.hex() if isinstance(place, bytes) else str(place), bytes(blob)


def _later_numbers(tx: Reading, ring: KeyRing) -> Sequence[int]:
    """Server keys after the newest of the file under which rows are sealed: the first byte of a row is its number.

    Only for a database that has noted no keys yet. A number far ahead is one damaged byte and no key.
    """
    found, number = set[int](), max(ring.numbers)
    for kind in _KINDS:
        sealed = kind.table.c[f"{kind.column}_sealed"]
        first = tx.execute(select(func.substr(sealed, 1, 1)).distinct().where(sealed.is_not(None))).scalars()
        found |= {bytes(one)[0] for one in first if one}
    while number + 1 in found:
        number += 1
    return range(max(ring.numbers) + 1, number + 1)


def _later_days(tx: Reading, ring: KeyRing) -> Sequence[date]:
    """Days after the newest draft key of the file for which open intakes rest.

    Expired ones are removed whether they open or not. A day that lies ahead, or none at all, is a damaged row.
    """
    newest, found = max(ring.drafts.days, default=date.min), set[date]()
    query = select(func.substr(intake.c.state_sealed, 1, 10)).distinct().where(intake.c.expires_at > tx.now)
    for one in tx.execute(query).scalars():
        try:
            found.add(date.fromisoformat(bytes(one).decode("ascii")))
        except ValueError:
            continue
    return sorted(day for day in found if newest < day <= tx.now.date())


def _server(number: int) -> str:
    return f"server {number}"


def _draft(day: date) -> str:
    return f"draft {day.isoformat()}"


def listed(names: Sequence[str]) -> str:
    """Missing keys in words, the first three of them."""
    said = [
        f"the draft key of {name.removeprefix('draft ')}" if name.startswith("draft ") else name.replace(" ", " key ")
        for name in names
    ]
    more = len(said) - _LONGEST_LIST
    return ", ".join(said[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
