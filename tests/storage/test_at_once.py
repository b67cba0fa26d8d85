"""Two processes that note the same for the first time in the same moment: neither is refused, both are counted."""

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import pytest
from sqlalchemy import func, select

from storage import in_chat, lists, muted, shown, suspending, troubles
from storage.accounts import Accounts
from storage.case import Case
from storage.cases import Cases
from storage.contact import Contacts
from storage.database import Database
from storage.outbox import Outbox, RowKind
from storage.schema import metadata
from storage.tx import Reading, Tx
from storage.writer import Writer
from tests.storage.test_record import NOW, cases, database, fill

__all__ = ["cases", "database"]  # fixtures
TIMES, HELD = 2, 0.01


@dataclass(frozen=True)
class At:
    """What is noted about: a case, two members, the how manieth time it is."""

    cases: Cases
    case: Case
    first: int
    second: int
    number: int


class Note(Protocol):
    """Notes something, inside a change."""

    def __call__(self, tx: Tx, at: At) -> object: ...


# What more than one process may note; with a row of its own for each time, where that can be.
NOTES: dict[str, Note] = {
    "account": lambda tx, at: Accounts(at.cases.ring).opened(tx, b"%d" % at.number),
    "trouble": lambda tx, at: troubles.happened(tx, "outbox", str(at.number), "E"),
    "contact": lambda tx, at: Contacts().spoke(tx, at.case.row, heard=1),
    "alert": lambda tx, at: at.cases.alerted.keep(tx, at.case.row, at.first, state="rung", at=tx.now),
    "list_card": lambda tx, at: lists.keep_list(tx, at.first, rang_at=tx.now),
    "muted": lambda tx, at: muted.mute(tx, at.cases.ring, b"%d" % at.number),
    "shown": lambda tx, at: shown.keep(tx, b"5" * 32, at.number),
    "in_chat": lambda tx, at: in_chat.keep(tx, at.first, at.number),
    "suspending": lambda tx, at: suspending.keep(tx, at.first, at.second, waits=True),
    "outbox": lambda tx, at: Outbox(at.cases.ring).put(tx, RowKind.ring, key=str(at.number)),
}
COUNTED = {"account": "cases", "trouble": "tries"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
async def test_what_two_processes_note_at_once_is_noted_once_and_both_are_counted(
    database: Database, cases: Cases, database_url: str
) -> None:
    """Each with a writer of its own, in step: the second finds the row only once the first has it."""
    rows = [database.change(lambda tx: fill(tx, cases, []), at=NOW) for _ in range(TIMES)]
    first, second = (one.id for one in database.change(cases.chain.members.all))
    several = [Database(database_url) for _ in range(2)]
    writers = [Writer(one) for one in several]
    refused, wrong = dict[str, int](), dict[str, tuple[int, list[int]]]()
    for one in writers:
        one.start()
    for table, note in NOTES.items():
        for number, case in [*enumerate(rows), *enumerate(rows)]:
            change = partial(held, note=note, at=At(cases, case, first, second, number))
            found = await asyncio.gather(*(one.run(change) for one in writers), return_exceptions=True)
            if any(isinstance(error, BaseException) for error in found):
                refused[table] = refused.get(table, 0) + 1
        wanted = (1 if table in {"list_card", "suspending"} else TIMES, [4] * TIMES * (table in COUNTED))
        noted = database.read(partial(counted, table=table))
        if noted != wanted:
            wrong[table] = noted
    for one in writers:
        await one.stop()
    for each in several:
        each.close()
    assert (refused, wrong) == ({}, {})


def held(tx: Tx, note: Note, at: At) -> None:
    """Notes it, and is not committed at once: the other begins meanwhile."""
    note(tx, at)
    time.sleep(HELD)


def counted(tx: Reading, table: str) -> tuple[int, list[int]]:
    """How many rows there are, and what each has counted."""
    kept = metadata.tables[table]
    number = tx.execute(select(func.count()).select_from(kept)).scalar_one()
    return number, list(tx.execute(select(kept.c[COUNTED[table]])).scalars()) if table in COUNTED else []
