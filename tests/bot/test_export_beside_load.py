"""`pana export` beside a bot under load: no update waits, memory does not grow, what is deleted leaves the disk."""

import asyncio
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.demo.instance import PANA, Instance
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.wiring.pana import open_pana
from storage import codes
from storage.database import Database
from storage.record import Entry, EntryKind
from storage.tx import Reading, Tx

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
PER_SECOND = 12
ENTRIES = 6


def fill(instance: Instance, cases: int) -> None:
    """So many cases of six entries and four wraps: the sealed bytes of a real one, under codes of their own."""
    pana = open_pana(load_settings(instance.folder / "pana.toml", instance.environment))

    def one(tx: Tx) -> int:
        revision = pana.questionnaires.current.revision
        made = pana.core.cases.chain.open(tx, chat_id=5, look_up=b"5" * 32, language="ru", revision=revision)
        for number in range(ENTRIES - 1):
            value = "x" * (900 if number else 3000)
            entry = Entry(kind=EntryKind.answer, at="2026-11-24", value=value, flow=revision, question="q06", lang="ru")
            pana.core.cases.chain.append(tx, made, entry)
        return made.row

    pana.core.database.change(pana.questionnaires.store)
    row = pana.core.database.change(one)
    ring = pana.core.ring
    pana.core.database.close()
    with sqlite3.connect(instance.folder / "pana.db") as connection:
        names = [column[1] for column in connection.execute("PRAGMA table_info(case_file)")]
        changed = {"id": "n", "code_look_up": "printf('%09d', n)", "case_id": "case_id || n"}
        changed |= {"chat_look_up": "NULL", "chat_sealed": "NULL", "status": "'closed'", "closed_at": "'2026-11-20'"}
        numbers = f"(WITH RECURSIVE r(n) AS (SELECT {row} UNION ALL SELECT n + 1 FROM r WHERE n < {row + cases - 1})"
        numbers += f" SELECT n FROM r WHERE n > {row})"
        shown = ", ".join(changed.get(name, name) for name in names)
        connection.execute(
            f"INSERT INTO case_file ({', '.join(names)}) SELECT {shown} FROM case_file, {numbers} WHERE id = {row}"
        )
        connection.execute(
            "INSERT INTO entry (case_row, seq, kind, sha256, sealed)"
            f" SELECT n, seq, kind, sha256, sealed FROM entry, {numbers} WHERE case_row = {row}"
        )
        connection.execute(
            "INSERT INTO wrap (kid, case_row, member_id, sealed)"
            f" SELECT substr(kid, 1, 8) || n, n, member_id, sealed FROM wrap, {numbers} WHERE case_row = {row}"
        )
        named = connection.execute("SELECT case_id, id FROM case_file WHERE id > ?", [row]).fetchall()
        resting = ((codes.rested(ring, one, f"{n // 10000:04}-{n % 10000:04}"), n) for one, n in named)
        connection.executemany(
            "UPDATE case_file SET code_look_up = :code_look_up, code_sealed = :code_sealed WHERE id = :id",
            [{**columns, "id": n} for columns, n in resting],
        )
    connection.close()


def export(instance: Instance, name: str) -> tuple[float, float]:
    """Runs it from cold; how many seconds and, at the most, how many MB of memory it took."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*PANA, "export", name], env=instance.environment, cwd=instance.folder, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.monotonic() - began, used.ru_maxrss / 1024


async def load(telegram: BotApiServer, first: int, seconds: float) -> list[float]:
    """People begin at a fixed rate, whatever the bot does; how long each waits, from the moment that was set for it."""
    begins, took = time.monotonic(), []

    async def one(number: int) -> None:
        moment = begins + number / PER_SECOND
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        person = telegram.person(first + number)
        person.say("срочно")
        card = await person.sees("Где тот, кому", 60)
        took.append(card.at - moment)

    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * PER_SECOND)):
            group.create_task(one(number))
    return took


def figures(took: Sequence[float]) -> tuple[float, float, float]:
    """p50, p99 and the longest."""
    ordered = sorted(took)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1]


async def beside(telegram: BotApiServer, instance: Instance, cases: int, rounds: int, seconds: float) -> None:
    """Rounds with an export, and so many seconds without, take turns; prints both distributions."""
    await asyncio.to_thread(fill, instance, cases)
    await instance.start()
    await load(telegram, 20_000, 0.5)  # warm
    alone: list[float] = []
    crowded: list[float] = []
    first, lasted, memory = 30_000, 0.0, 0.0
    for number in range(rounds):
        alone += await load(telegram, first, seconds)
        exporting = asyncio.create_task(asyncio.to_thread(export, instance, f"{number}.zip"))
        first += 1000
        while True:
            crowded += await load(telegram, first, 1.0)
            first += 1000
            if exporting.done():
                break
        lasted, memory = await exporting
        size = (instance.folder / f"{number}.zip").stat().st_size / 1024**2
    assert await instance.stop() == 0
    without, with_it = figures(alone), figures(crowded)
    print(f"\nexport of {cases} cases, {size:.0f} MB in {lasted:.1f} s, {memory:.0f} MB of memory")
    for name, found, count in (("without", without, len(alone)), ("beside", with_it, len(crowded))):
        print(f"  {name}: {count} updates, p50 {found[0]:.3f} s, p99 {found[1]:.3f} s, longest {found[2]:.3f} s")
    assert all(more - less <= 0.2 for less, more in zip(without, with_it, strict=True))


@ON_SQLITE
@pytest.mark.timed
async def test_no_update_waits_for_an_export_of_600_cases(telegram: BotApiServer, instance: Instance) -> None:
    """The bot is a real process, the export another; updates come at a fixed rate."""
    await beside(telegram, instance, 600, 1, 1.5)


@ON_SQLITE
@pytest.mark.long
async def test_no_update_waits_for_an_export_of_6000_cases(telegram: BotApiServer, instance: Instance) -> None:
    """36,000 entries; two rounds of each, taking turns."""
    await beside(telegram, instance, 6000, 2, 5.0)


@ON_SQLITE
@pytest.mark.parametrize(
    ("more", "seconds", "most"), [(1_200, 15.0, 8), pytest.param(16_600, 15.0, 40, marks=pytest.mark.long)]
)
def test_an_export_of_many_cases_needs_hardly_more_memory(
    instance: Instance, more: int, seconds: float, most: float
) -> None:
    """Case after case is written; what grows are 70 bytes a file. Long: 100,000 sealed entries, 4.9 GB in all."""
    fill(instance, 100)
    _, small = export(instance, "small.zip")
    fill(instance, more)
    took, large = export(instance, "large.zip")
    print(f"\nexport: {small:.0f} MB of memory for 100 cases, {large:.0f} MB for {more + 100:,} in {took:.1f} s")
    assert took < seconds
    assert large - small < most


# --- what was deleted, while somebody reads ---


def reads(path: Path) -> tuple[threading.Thread, threading.Event]:
    """Somebody reads the database for long, as an export does."""
    opened, done = threading.Event(), threading.Event()
    database = Database(f"sqlite:///{path}")

    def look(reading: Reading) -> None:
        reading.connection.exec_driver_sql("SELECT count(*) FROM entry").one()
        opened.set()
        assert done.wait(60)

    thread = threading.Thread(target=database.read, args=(look,))
    thread.start()
    assert opened.wait(10)
    return thread, done


def sealed_of(path: Path) -> bytes:
    """The sealed bytes of some entry."""
    with sqlite3.connect(path) as connection:
        found = bytes(connection.execute("SELECT sealed FROM entry ORDER BY seq DESC").fetchone()[0])
    connection.close()
    return found[200:400]


def on_disk(folder: Path, mark: bytes) -> bool:
    """True while these bytes are in the database or its log."""
    return any(mark in path.read_bytes() for path in folder.glob("pana.db*"))


@ON_SQLITE
async def test_what_a_command_erases_while_somebody_reads_leaves_the_disk_before_it_ends(instance: Instance) -> None:
    """`pana erase` waits for the reader; the record is in neither file nor log when it is done."""
    await asyncio.to_thread(fill, instance, 1)
    code = (await asyncio.to_thread(instance.pana, "case", "list")).stdout.split()[0]
    mark = sealed_of(instance.folder / "pana.db")
    reader, done = reads(instance.folder / "pana.db")
    erasing = asyncio.create_task(asyncio.to_thread(instance.pana, "erase", code, "--yes"))
    await asyncio.sleep(2.0)
    assert not erasing.done()
    assert on_disk(instance.folder, mark)
    done.set()
    erased = await erasing
    reader.join()
    assert (erased.stdout, erased.stderr) == (f"{code} is erased\n", "")
    assert not on_disk(instance.folder, mark)


@ON_SQLITE
async def test_a_running_bot_finishes_what_a_killed_command_has_begun(
    telegram: BotApiServer, instance: Instance
) -> None:
    """It had deleted, and a reader was in the way of the rest: within a minute the bot does it, without any update."""
    telegram.person(201)
    await asyncio.to_thread(fill, instance, 1)
    code = (await asyncio.to_thread(instance.pana, "case", "list")).stdout.split()[0]
    mark = sealed_of(instance.folder / "pana.db")
    await instance.start()
    reader, done = reads(instance.folder / "pana.db")
    process = subprocess.Popen(
        [*PANA, "erase", code, "--yes"],
        env=instance.environment,
        cwd=instance.folder,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    while "erased" not in (await asyncio.to_thread(instance.pana, "case", "list")).stdout:
        await asyncio.sleep(0.2)
    process.kill()
    process.communicate()
    assert on_disk(instance.folder, mark)
    done.set()
    reader.join()
    async with asyncio.timeout(60):
        while on_disk(instance.folder, mark):
            await asyncio.sleep(0.5)
