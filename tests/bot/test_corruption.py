"""One damaged byte anywhere in an instance: the bot lives, and whatever was not hit is as reachable as before."""

import asyncio
import itertools
import os
import random
import re
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.demo.person import Person
from bot.demo.server import BotApiServer
from storage import codes
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from storage.sealing.keyring import KeyRing
from tests.bot.damaged import (
    AFRAID,
    HELD,
    HIDDEN,
    LAWYERS,
    OPEN,
    SENT,
    TAKEN,
    TOKEN,
    WRITING,
    Filled,
    bundles,
    damage,
    fill,
    rows_in,
)
from tests.bot.test_crash import codes_in
from tests.warm import Warm, WarmInstance
from tests.whole import WHOLE

PATIENCE = 15.0
AT_ONCE = 4  # most of the time is waiting: a lawyer's chat gets one message a second


@dataclass
class Figures:
    """What came of many corruptions."""

    runs: int = 0
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0
    ends: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    where: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Hit:
    """Which rows are not as they were."""

    filled: Filled
    rows: set[tuple[str, int]]
    keys: bool

    def any_of(self, *tables: str) -> bool:
        """Whether a row of one of these tables was hit."""
        return any(table in tables for table, _ in self.rows)

    def case(self, chat: int) -> bool:
        """Whether something of which a case's bundle is made was hit."""
        ring = KeyRing.load(self.filled.folder / "server.key")
        known_by = codes.look_up(ring, self.filled.codes[chat]).encode()
        (row,) = (rowid for rowid, row in self.filled.rows["case_file"].items() if known_by in row)
        of_case = {("case_file", row)}
        for table, column in (("entry", 0), ("wrap", 1)):
            of_case |= {(table, rowid) for rowid, one in self.filled.rows[table].items() if one[column] == row}
        return bool(of_case & self.rows)


def hit_by(filled: Filled, folder: Path) -> Hit:
    """Compares what can be read now with what was there."""
    now = rows_in(folder)
    rows = {
        (table, rowid)
        for table, before in filled.rows.items()
        for rowid, row in before.items()
        if now[table].get(rowid) != row
    }
    return Hit(filled, rows, (folder / "server.key").read_bytes() != (filled.folder / "server.key").read_bytes())


async def says(person: Person, text: str, *wanted: str) -> bool:
    """Whether one of these texts is seen after another was typed."""
    person.say(text)
    try:
        await person.wait(lambda one: one.from_bot and any(each in one.text for each in wanted), PATIENCE)
    except TimeoutError:
        return False
    return True


async def takes(lawyer: Person, code: str, identity: Path, command: str) -> bool:
    """Whether a lawyer gets a sealed file that opens and in which nothing is missing."""
    lawyer.say(command)
    try:
        content = await lawyer.until(lambda: bundles(lawyer).get(code), PATIENCE)
    except TimeoutError:
        return False
    path = identity.with_name(f"{code}-{lawyer.id}.zip")
    path.write_bytes(content)
    keys = read_identity_file(identity.read_bytes(), str).identities
    (case,) = await asyncio.to_thread(read_bundle, path, keys, None)
    return case.problems == []


async def rings(lawyers: list[Person], code: str) -> bool:
    """Whether one of the lawyers is told of a case."""
    try:
        await lawyers[0].until(lambda: any(code in codes_in(one) for one in lawyers) or None, PATIENCE)
    except TimeoutError:
        return False
    return True


async def newcomer(person: Person, lawyers: list[Person]) -> bool:
    """Whether somebody new gets from their first word to an alert."""
    before = set().union(*map(codes_in, lawyers))
    person.say("срочно")
    try:
        await person.sees("Где тот, кому", PATIENCE)
        person.press("Удерживают")
        await person.sees("Кому нужна помощь?", PATIENCE)
        await lawyers[0].until(lambda: (set().union(*map(codes_in, lawyers)) - before) or None, PATIENCE)
    except TimeoutError:
        return False
    return True


async def reached(filled: Filled, hit: Hit, telegram: BotApiServer, folder: Path) -> list[str]:
    """What of all that must be reachable is not."""
    lawyers = {
        name: telegram.person(chat)
        for number, (name, chat) in enumerate(LAWYERS.items(), start=1)
        if ("member", number) not in hit.rows
    }
    everybody = list(lawyers.values())
    told = {chat: asyncio.create_task(rings(everybody, filled.codes[chat])) for chat in (HELD, HIDDEN, WRITING)}
    wrong = [f"nobody is told of {chat}" for chat, task in told.items() if not await task and not hit.case(chat)]
    if "Boris" in lawyers and not hit.case(TAKEN):  # before he takes more: a chat gets one message a second
        code = filled.codes[TAKEN]
        if not await takes(lawyers["Boris"], code, folder / "Boris.txt", "/cases"):
            wrong.append("/cases")
    checks: dict[str, asyncio.Task[bool]] = {
        "somebody new": asyncio.create_task(newcomer(telegram.person(1999), everybody))
    }
    for chat, status in {
        OPEN: "Где вы|Кому нужна помощь?",
        AFRAID: "Вас передают России",
        HELD: "Зовём|Сообщили|юрист",
        SENT: "Ответы|юрист",
        TAKEN: "взял",
        WRITING: "юрист",
    }.items():
        if not _own(hit, chat):
            checks[f"/status of {chat}"] = asyncio.create_task(
                says(telegram.person(chat), "/status", *status.split("|"))
            )
    for chat, (name, lawyer) in zip((HELD, HIDDEN, WRITING, SENT), itertools.cycle(lawyers.items()), strict=False):
        code = filled.codes[chat]
        if not hit.case(chat):
            checks[f"/take of {chat}"] = asyncio.create_task(
                takes(lawyer, code, folder / f"{name}.txt", f"/take {code}")
            )
    return wrong + [what for what, task in checks.items() if not await task]


def _own(hit: Hit, chat: int) -> bool:
    """Whether anything of a person's own was hit: their intake, their case, its handoff."""
    del chat
    return hit.keys or hit.any_of("intake", "case_file", "handoff")


async def run(filled: Filled, folder: Path, chance: random.Random | None, warm: Warm, figures: Figures) -> None:
    """One byte, one bot; without a chance the instance is as it was."""
    began = time.monotonic()
    where = damage(filled, folder, chance)
    hit = hit_by(filled, folder)
    figures.runs += 1
    figures.where[re.split(r"[: ]", where)[0]] += 1
    async with BotApiServer(TOKEN) as telegram:
        telegram.world.begin_at(100_000)  # numbers of updates and messages only grow
        for chat in (*LAWYERS.values(), 301, *range(OPEN, WRITING + 1), 1999):
            telegram.person(chat)
        instance = WarmInstance(folder, TOKEN, telegram.url, warm=warm)
        try:
            await instance.start()
        except RuntimeError:
            assert instance.process is not None
            last, log = instance.log.read_text().strip().splitlines()[-1], instance.log.read_text()
            assert (instance.process.returncode, "Traceback" in log, last[:6]) == (1, False, "pana: "), (where, log)
            assert "server.key" in where or "pana.toml" in where or "damaged" in last or "no SQLite" in last, (
                where,
                last,
            )
            figures.refused.append(where)
            return
        missing = await reached(filled, hit, telegram, folder)
        if instance.process is not None and instance.process.returncode is not None:
            figures.ends.append(f"{where}: {instance.log.read_text()[-600:]}")
        elif missing:
            figures.unreachable.append(f"{where}, rows {sorted(hit.rows)[:6]}: {missing}")
        if instance.process is not None:
            instance.process.kill()
            await instance.process.wait()
    figures.seconds += time.monotonic() - began
    if not missing:
        shutil.rmtree(folder)


async def corrupt(count: int, tmp_path: Path, made_once: Path, warm: Warm) -> Figures:
    """So many bytes, one after the other."""
    warm.rehearses = False
    seed = int(os.environ.get("SEED", "1"))
    filled, figures = await fill(tmp_path / "filled", warm, made_once), Figures()
    await run(filled, tmp_path / "sound", None, warm, figures)
    assert figures == Figures(runs=1, seconds=figures.seconds, where=figures.where), figures
    left = iter(range(count))

    async def some() -> None:
        for number in left:
            await run(filled, tmp_path / str(number), random.Random(seed * 10_000 + number), warm, figures)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(some())
    print(
        f"\n{figures.runs} corruptions ({dict(figures.where)}): {len(figures.ends)} ends of the process,"
        f" {len(figures.unreachable)} with something unreachable, {len(figures.refused)} refused at the start with one"
        f" sentence, {figures.seconds / max(1, figures.runs - len(figures.refused)):.1f} s each"
    )
    print("refused:", ", ".join(figures.refused))
    for line in (*figures.ends, *figures.unreachable):
        print(line)
    return figures


async def test_a_damaged_byte_ends_nothing_and_makes_nothing_else_unreachable(
    tmp_path: Path, made_once: Path, warm: Warm
) -> None:
    """Bytes in sealed columns and files, each with a bot of its own: five in the suite, twenty in `make both`."""
    figures = await corrupt(int(os.environ.get("CORRUPTIONS", "20" if WHOLE else "5")), tmp_path, made_once, warm)
    assert (figures.ends, figures.unreachable) == ([], [])


@pytest.mark.long
async def test_three_hundred_damaged_bytes(tmp_path: Path, made_once: Path, warm: Warm) -> None:
    """The same at length; the figures are printed."""
    figures = await corrupt(300, tmp_path, made_once, warm)
    assert (figures.ends, figures.unreachable) == ([], [])
