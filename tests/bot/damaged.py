"""An instance in the middle of its work, one damaged byte in it, and what of it must still be as it was."""

import contextlib
import random
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import LargeBinary

from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.wiring.core import open_core
from storage.case import Claimed, Handed, Waiting
from storage.outbox import LineKind, RowKind
from storage.schema import metadata
from storage.tx import Tx
from tests.bot.calendars import calendar, shift
from tests.bot.test_crash import codes_in
from tests.bot.walks import abroad, answer, answers, called, consent, to_free_text
from tests.warm import Warm, WarmInstance

TOKEN = "4242:local-token-for-tests-and-the-story-0"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
SEALED = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, LargeBinary) or "sealed" in column.name
]
FILES = ("pana.db", "pana.db-wal", "server.key", "pana.toml")
LAWYERS = {"Aigul": 201, "Boris": 202}
Rows = Mapping[str, Mapping[int, tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Filled:
    """An instance at rest: its people, what the cases of each are called, and every row by table and rowid."""

    folder: Path
    codes: Mapping[int, str]  # by chat
    rows: Rows = field(repr=False)


OPEN, AFRAID, HELD, SENT, TAKEN, HIDDEN, CLOSED, WRITING = range(1001, 1009)


async def fill(folder: Path, warm: Warm, made_once: Path) -> Filled:
    """Everything that an instance can hold, made by people who write and press."""
    shutil.copytree(made_once, folder)
    (folder / "rota.ics").write_bytes(calendar(shift("Aigul", datetime.now(UTC) - timedelta(hours=2), 24 * 20)))
    configuration = folder / "pana.toml"
    configuration.write_text(configuration.read_text() + '\n[oncall]\nrota = "rota.ics"\n')
    async with BotApiServer(TOKEN) as telegram:
        instance = WarmInstance(folder, TOKEN, telegram.url, warm=warm)
        lawyers = {name: telegram.person(chat) for name, chat in LAWYERS.items()}
        telegram.person(301)
        await instance.start()
        try:
            codes = await _talk(telegram, lawyers)
        finally:
            await instance.stop()
    instance.pana("member", "invite", "Dina", "--role", "lawyer")
    holds = sqlite3.connect(folder / "pana.db")  # so that the WAL stays
    holds.execute("SELECT count(*) FROM member").fetchone()
    _queue(folder, codes)
    rest = folder.with_name("rest")
    shutil.copytree(folder, rest, ignore=shutil.ignore_patterns("*-shm", "*.lock", "*.bot", "*.log"))
    holds.close()
    return Filled(rest, codes, rows_in(rest))


async def _talk(telegram: BotApiServer, lawyers: Mapping[str, Person]) -> dict[int, str]:
    people = {chat: telegram.person(chat) for chat in range(OPEN, WRITING + 1)}
    await consent(people[OPEN], "Русский", "Продолжить", "Кому нужна помощь?")
    await consent(people[AFRAID], "Русский", "Продолжить", "Кому нужна помощь?")
    await answers(
        people[AFRAID],
        ("1", "Где вы сейчас?"),
        ("7", "Там, где вы сейчас, безопасно?"),
        ("1", "Вас передают России"),
    )
    codes: dict[int, str] = {}
    for chat in (HELD, TAKEN, HIDDEN, CLOSED):
        before = codes_in(lawyers["Boris"])
        await called(people[chat])
        found = await lawyers["Boris"].until(lambda before=before: (codes_in(lawyers["Boris"]) - before) or None)
        (codes[chat],) = found
        if chat in {TAKEN, CLOSED}:
            lawyer = lawyers["Boris" if chat == TAKEN else "Aigul"]
            lawyer.say(f"/take {codes[chat]}")
            await lawyer.until(lambda lawyer=lawyer, chat=chat: bundles(lawyer).get(codes[chat]))
    people[HIDDEN].say("/clear")
    await people[HIDDEN].until(lambda: (not people[HIDDEN].chat) or None)
    before = codes_in(lawyers["Boris"])
    await to_free_text(people[WRITING])
    (codes[WRITING],) = await lawyers["Boris"].until(lambda: (codes_in(lawyers["Boris"]) - before) or None)
    await answer(people[WRITING], "меня забрали", "Какие бумаги")
    await abroad(people[SENT])
    people[SENT].say("отправить")
    codes[SENT] = await people[SENT].until(lambda: _code_on(people[SENT]) or None)
    return codes


def _code_on(person: Person) -> str:
    return next((found for one in reversed(person.from_bot) for found in CODE.findall(one.text)), "")


def bundles(lawyer: Person) -> dict[str, bytes]:
    """The sealed files that a lawyer has got, by case code."""
    return {one.document[0].removesuffix(".zip"): one.document[1] for one in lawyer.from_bot if one.document}


def _queue(folder: Path, codes: Mapping[int, str]) -> None:
    """Rows on their way to everybody, and every ladder overdue."""
    core = open_core(load_settings(folder / "pana.toml", {}))

    def change(tx: Tx) -> None:
        for member in core.members.coordinators(tx):
            core.queue.to_member(tx, RowKind.reach, member.id)
        core.queue.to_coordinators(tx, LineKind.gap)
        for chat in codes:
            case = core.cases.by_code(tx, codes[chat])
            assert case is not None
            if isinstance(case, Handed):
                core.queue.person.news(tx, case)
            if isinstance(case, Waiting):
                values = {"rang_at": tx.now - timedelta(hours=1), "next_due_at": tx.now - timedelta(minutes=50)}
                core.cases.handoffs._set(tx, case.row, **values)
            if isinstance(case, Claimed):
                core.messages.to_claimer(tx, case, "меня везут на вокзал")
                core.messages.to_seeker(tx, case, "не подписывайте ничего")
        closed = core.cases.by_code(tx, codes[CLOSED])
        assert isinstance(closed, Claimed)
        core.closing.close(tx, closed, core.members.get(tx, closed.claim.by), "helped")

    core.database.change(change)
    core.database.close()


def rows_in(folder: Path) -> dict[str, dict[int, tuple[object, ...]]]:
    """Every row that can be read, by table and rowid; a row or table that cannot is not there."""
    copy = folder.with_name(f"{folder.name}-read")
    shutil.copytree(folder, copy)
    found: dict[str, dict[int, tuple[object, ...]]] = {}
    opened = sqlite3.connect(copy / "pana.db")
    opened.text_factory = bytes
    for table in metadata.sorted_tables:
        found[table.name] = dict(_table(opened, table.name))
    opened.close()
    shutil.rmtree(copy)
    return found


def _table(opened: sqlite3.Connection, name: str) -> Iterator[tuple[int, tuple[object, ...]]]:
    with contextlib.suppress(sqlite3.Error, ValueError):
        for (rowid,) in opened.execute(f"SELECT rowid FROM {name} NOT INDEXED").fetchall():
            with contextlib.suppress(sqlite3.Error, ValueError):
                yield rowid, opened.execute(f"SELECT * FROM {name} NOT INDEXED WHERE rowid = ?", (rowid,)).fetchone()


def damage(filled: Filled, folder: Path, chance: random.Random | None) -> str:
    """Copies the instance and changes one byte of it; says where."""
    shutil.copytree(filled.folder, folder)
    if chance is None:
        return "nowhere: "
    if chance.random() < 0.5:
        return _in_a_column(folder, chance)
    name = chance.choices(FILES, (6, 2, 1, 1))[0]
    content = bytearray((folder / name).read_bytes())
    if not content:
        return f"{name}: empty"
    at = chance.randrange(len(content))
    content[at] ^= chance.randrange(1, 256)
    (folder / name).write_bytes(content)
    (folder / name).chmod(0o600)
    return f"{name}: byte {at}"


def _in_a_column(folder: Path, chance: random.Random) -> str:
    opened = sqlite3.connect(folder / "pana.db")
    places = [
        (table, column, rowid)
        for table, column in SEALED
        for (rowid,) in opened.execute(f"SELECT rowid FROM {table} WHERE length({column}) > 0")
    ]
    table, column = chance.choice(sorted({place[:2] for place in places}))
    rowid = chance.choice([place[2] for place in places if place[:2] == (table, column)])
    (sealed,) = opened.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (rowid,)).fetchone()
    changed, at = bytearray(sealed), chance.randrange(len(sealed))
    changed[at] ^= chance.randrange(1, 256)
    opened.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(changed), rowid))
    opened.commit()
    opened.close()
    return f"{table}.{column} of row {rowid}: byte {at}"
