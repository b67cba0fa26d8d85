"""Fills an instance: many stored cases, many open intakes; sealed as the program seals them."""

import contextlib
import sqlite3
from datetime import timedelta
from pathlib import Path

from msgspec import structs

from bot.demo.instance import Instance
from bot.settings import load_settings
from bot.wiring.pana import Pana, open_pana
from storage import codes
from storage.record import Entry, EntryKind
from storage.sealing.keyring import KeyRing
from storage.tx import Tx, utc_now

FIRST_CHAT, NOWHERE = 50_000_000, "http://127.0.0.1:9"
CLOSED = {"chat_look_up": "NULL", "chat_sealed": "NULL", "status": "'closed'", "closed_at": "CURRENT_TIMESTAMP"}


def opened(folder: Path) -> Pana:
    """The program on this instance."""
    return open_pana(load_settings(folder / "pana.toml", Instance(folder, "", NOWHERE).environment))


def cases(folder: Path, count: int) -> None:
    """So many closed cases: one is made, and the others are its rows under numbers and codes of their own.

    Each has one entry and one wrap of those that a case has: 400,000 are 2 GB.
    """
    pana = opened(folder)

    def one(tx: Tx) -> int:
        revision = pana.questionnaires.current.revision
        made = pana.core.cases.chain.open(tx, chat_id=5, look_up=b"5" * 32, language="ru", revision=revision)
        entry = Entry(kind=EntryKind.answer, at="2026-11-24", value="x", flow=revision, question="q06", lang="ru")
        pana.core.cases.chain.append(tx, made, entry)
        return made.row

    pana.core.database.change(pana.questionnaires.store)
    row = pana.core.database.change(one)
    pana.core.database.close()
    with contextlib.closing(sqlite3.connect(folder / "pana.db")) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        _copy(connection, pana.core.ring, row, row + count)
    with contextlib.closing(sqlite3.connect(folder / "pana.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy(connection: sqlite3.Connection, ring: KeyRing, row: int, end: int) -> None:
    def sealed(case_id: str, number: int) -> bytes:
        found = codes.rested(ring, case_id, _code(number))["code_sealed"]
        assert isinstance(found, bytes)
        return found

    connection.create_function("look_up", 1, lambda number: codes.look_up(ring, _code(number)))
    connection.create_function("sealed", 2, sealed)
    names = [column[1] for column in connection.execute("PRAGMA table_info(case_file)")]
    changed = {"id": "n", "case_id": "case_id || n", "code_look_up": "look_up(n)"}
    changed |= {"code_sealed": "sealed(case_id || n, n)"} | CLOSED
    shown = ", ".join(changed.get(name, name) for name in names)
    numbers = (
        f"(WITH RECURSIVE r(n) AS (SELECT {row + 1} UNION ALL SELECT n + 1 FROM r WHERE n < {end - 1}) SELECT n FROM r)"
    )
    connection.execute(
        f"INSERT INTO case_file ({', '.join(names)}) SELECT {shown} FROM {numbers}, case_file WHERE id = {row}"
    )
    connection.execute(
        "INSERT INTO entry (case_row, seq, kind, sha256, sealed)"
        f" SELECT n, seq, kind, sha256, sealed FROM {numbers}, entry WHERE case_row = {row} AND kind = 'answer'"
    )
    connection.execute(
        "INSERT INTO wrap (kid, case_row, member_id, sealed) SELECT substr(kid, 1, 8) || n, n, member_id, sealed"
        f" FROM {numbers}, (SELECT * FROM wrap WHERE case_row = {row} LIMIT 1)"
    )


def _code(number: int) -> str:
    return f"{number // 10000:04}-{number % 10000:04}"


def count(folder: Path) -> int:
    """How many closed cases are stored."""
    with contextlib.closing(sqlite3.connect(folder / "pana.db")) as connection:
        found: int = connection.execute("SELECT count(*) FROM case_file WHERE status = 'closed'").fetchone()[0]
    return found


def close_all(folder: Path) -> None:
    """What the people of a round have left open is closed, and nothing waits to be sent."""
    changes = ", ".join(f"{name} = {value}" for name, value in CLOSED.items())
    with contextlib.closing(sqlite3.connect(folder / "pana.db")) as connection, connection:
        for statement in (
            f"UPDATE case_file SET {changes} WHERE status <> 'closed'",
            "DELETE FROM intake",
            "DELETE FROM handoff",
            "DELETE FROM alert",
            "DELETE FROM outbox",
        ):
            connection.execute(statement)


def overdue(folder: Path, count: int) -> None:
    """So many closed cases are past their time, and the coordinators were told two days ago: they are erased now."""
    pana, now = opened(folder), utc_now()
    with contextlib.closing(sqlite3.connect(folder / "pana.db")) as connection, connection:
        long_ago = now - pana.settings.retention.closed_after - timedelta(days=10)
        connection.execute(
            "UPDATE case_file SET closed_at = ? WHERE id IN (SELECT id FROM case_file ORDER BY id LIMIT ?)",
            [f"{long_ago:%Y-%m-%d %H:00:00.000000}", count],
        )
    pana.core.database.change(pana.retention.announce, at=now - timedelta(days=2))
    pana.core.database.close()


def intakes(folder: Path, count: int) -> None:
    """So many open intakes, as far as the first that is found."""
    pana = opened(folder)
    core = pana.core

    def put(tx: Tx) -> None:
        found = core.intakes.of_row(tx, core.intakes.rows(tx)[0])
        assert found is not None
        for chat_id in range(FIRST_CHAT, FIRST_CHAT + count):
            look_up = core.ring.look_up("telegram", chat_id)
            mine = structs.replace(
                found, chat_id=chat_id, look_up=look_up, stored=False, case_row=None, call_due_at=None
            )
            core.intakes.put(tx, structs.replace(mine, handed=False))

    core.database.change(put)
    core.database.close()
