"""A command reads what it needs and no more, so that it answers at once; a start leaves no work to the collector."""

import asyncio
import gc
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli.commands import COMMANDS, command
from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from tests.bot.in_process import pana

ROOT = Path(__file__).parent.parent.parent
# Each takes a tenth of a second or several megabytes.
OF_THE_BOT = {"aiohttp", "alembic", "babel", "icalendar", "psycopg", "sqlalchemy", "structlog", "telegram", "yaml"}
HEAVY = OF_THE_BOT | {"asyncio", "cryptography", "msgspec", "pydantic"}
READS = """
import sys
from bot.cli import main
sys.argv[0] = "pana"
try:
    main()
except SystemExit as ended:
    print(*sorted({one.partition(".")[0] for one in sys.modules}), sep="\\n", file=sys.stderr)
    sys.exit(ended.code)
"""


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        (["--help"], HEAVY),
        (["--version"], HEAVY),
        (["keygen"], OF_THE_BOT),  # typer itself reads pydantic for whatever takes a path
        (["key", "--help"], OF_THE_BOT),
    ],
    ids=" ".join,
)
def test_a_command_reads_no_more_than_it_needs(tmp_path: Path, words: Sequence[str], unread: set[str]) -> None:
    """In a process of its own, by the modules that are there when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", READS, *words], check=True, capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout
    read = set(done.stderr.split())
    assert "typer" in read
    assert read & unread == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_list_says_is_how_the_command_explains_itself(name: str) -> None:
    """The list is read without the commands, so it has their first sentences once more."""
    explained = " ".join((command(name).help or "").split())
    assert explained.startswith(COMMANDS[name].says)
    assert COMMANDS[name].says.endswith(".")


def test_a_start_that_fails_leaves_the_collector_on(tmp_path: Path) -> None:
    """It rests only while the bot is made."""
    assert pana(tmp_path, "run").code == 1
    assert gc.isenabled()


def memory(instance: Instance) -> float:
    """What the bot's process has in memory, in MB (proc(5), VmRSS)."""
    assert instance.process is not None
    lines = Path(f"/proc/{instance.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


async def begins(person: Person) -> None:
    """An intake that stays open."""
    person.say("срочно")
    await person.sees("Где тот, кому", 120)


@pytest.mark.long
async def test_an_open_intake_costs_next_to_no_memory(telegram: BotApiServer, instance: Instance) -> None:
    """They lie in the database: a thousand of them add less than 12 MB, and the second five hundred less than 4."""
    mine = Instance(instance.folder, instance.token, instance.api_url, instance.database_url)
    telegram.person(201), telegram.person(202)
    await mine.start()
    try:
        had = [memory(mine)]
        for first in (10_000, 10_500):
            async with asyncio.TaskGroup() as group:
                for number in range(first, first + 500):
                    group.create_task(begins(telegram.person(number)))
            had.append(memory(mine))
    finally:
        await mine.stop(signal.SIGKILL)
    print("\nmemory with 0, 500 and 1,000 open intakes:", *(f"{one:.1f} MB" for one in had))
    assert had[2] - had[0] < 12
    assert had[2] - had[1] < 4
