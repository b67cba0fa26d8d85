"""A command reads what it needs and no more, so that it answers at once; a start leaves no work to the collector."""

import asyncio
import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

import pytest

from bot.cli.commands import COMMANDS, command
from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.settings import Settings
from bot.signable import grave_unsigned
from bot.speech.words import Words
from bot.wiring import made as making
from bot.wiring import pana as wiring
from bot.wiring.made import Made, made, made_of
from flows.check import released
from flows.errors import FlowErrors
from flows.place_file import load_place
from flows.source import load_source
from tests.bot.in_process import pana
from tests.whole import one_in

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
    ids=lambda one: " ".join(one) if isinstance(one, list) else "unread",  # a set has another order in each process
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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a questionnaire that may be changed."""
    folder = tmp_path / "flow"
    shutil.copytree(ROOT / "flows" / "kazakhstan", folder)
    return Settings.model_validate(
        {"intake": {"flow": folder / "intake.yaml"}, "server": {"key_file": tmp_path / "server.key"}}
    )


def started(settings: Settings) -> tuple[Made, bool]:
    """What a start has for a questionnaire, and whether it has compiled it."""
    with mock.patch.object(wiring, "compiled_flow", side_effect=wiring.compiled_flow) as compiled:
        return made(settings, Words.load()), compiled.called


def test_a_start_takes_the_questionnaire_as_an_earlier_one_has_made_it(settings: Settings) -> None:
    source, words = load_source(settings.flow_file), Words.load()
    languages = load_place(settings.place_file).languages
    expected = Made(released(source, words.translate, languages), grave_unsigned(source, words, languages))
    assert [started(settings) for _ in range(2)] == [(expected, True), (expected, False)]


def test_whatever_it_was_made_of_has_it_made_anew(settings: Settings) -> None:
    """A question, a deadline, the place, a typed word, a signature."""
    started(settings)
    folder = settings.flow_file.parent
    (folder / "signed").mkdir(exist_ok=True)
    for name in ("intake.yaml", "clocks.yaml", "place.yaml", "words/ru.yaml", "signed/advocates.yaml", "words/xx.yaml"):
        with (folder / name).open("a") as file:
            file.write("# changed\n")
        with mock.patch.object(wiring, "compiled_flow", return_value=b"{}"):
            assert made(settings, Words.load()).compiled == b"{}", name
    (folder / "intake.yaml").write_text("nothing: true")
    with pytest.raises(FlowErrors):
        made(settings, Words.load())


def test_no_byte_of_it_may_be_another(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in what was compiled nor in what is told of it. In the suite one byte in five of what is told."""
    expected, _ = started(settings)
    kept = settings.server.key_file.with_name("questionnaire.made")
    whole, of = kept.read_bytes(), making._hash_of(settings)
    monkeypatch.setattr(making, "_hash_of", lambda _: of)  # nothing that it was made of changes here
    for at in (*one_in(5, (*range(0, 160, 3), *range(128, 140))), len(whole) // 2, len(whole) - 1):
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with mock.patch.object(making, "_make", return_value=Made(b"{}", 0)):
            assert made(settings, Words.load()).compiled == b"{}", at
    kept.write_bytes(whole)
    assert started(settings) == (expected, False)


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: whole[9:], lambda whole: b""])
def test_one_that_is_damaged_is_made_anew(settings: Settings, damage: Callable[[bytes], bytes]) -> None:
    expected, _ = started(settings)
    kept = settings.server.key_file.with_name("questionnaire.made")
    kept.write_bytes(damage(kept.read_bytes()))
    assert started(settings) == (expected, True)
    assert started(settings) == (expected, False)


def test_where_it_cannot_be_kept_it_is_made_each_time(settings: Settings) -> None:
    """And leaves nothing there: a service that begins again and again would fill the disk."""
    kept = settings.server.key_file.with_name("questionnaire.made")
    kept.mkdir()
    assert [started(settings)[1] for _ in range(2)] == [True, True]
    assert not list(kept.parent.glob("*.partial"))


MAKES = r"""
import sys
from pathlib import Path
opened = []
sys.addaudithook(lambda event, details: event == "open" and opened.append(str(details[0])))
from bot.settings import Settings
from bot.speech.words import Words
from bot.wiring.made import made
made(Settings.model_validate({"server": {"key_file": Path.cwd() / "server.key"}}), Words.load())
print(*opened, sep="\n")
"""


def test_nothing_else_is_read_to_make_it(tmp_path: Path) -> None:
    """What is not in the hash could change without anybody noticing; settings are all in the files that they name."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", MAKES], check=True, capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    opened = {source_of(Path(line)) for line in done.stdout.splitlines()}
    ours = {path for path in opened if path.suffix in {".py", ".yaml", ".po"} and path.is_relative_to(ROOT)}
    ours = {path for path in ours if not path.is_relative_to(ROOT / ".venv")}
    beside = {path for path in ours if path.is_relative_to(ROOT / "bot") or path.is_relative_to(ROOT / "storage")}
    spoken = {path for path in beside if "speech" in path.parts or path.name == "signable.py"}
    assert len(ours) > 50
    assert (ours - beside) | spoken <= set(made_of(Settings()))


def source_of(read: Path) -> Path:
    """The file that a module was compiled from."""
    return read.parent.parent / f"{read.name.partition('.')[0]}.py" if read.suffix == ".pyc" else read


def memory(instance: Instance) -> float:
    """What the bot's process has in memory, in MB (proc(5), VmRSS)."""
    assert instance.process is not None
    lines = Path(f"/proc/{instance.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


async def begins(person: Person) -> None:
    """An intake that stays open."""
    person.say("срочно")
    await person.sees("Где тот, кому", 120)


NOT_BEFORE_READY = {
    "alembic",
    "bot.signable",
    "flows.dates.words.kk",
    "flows.dates.words.ru",
    "icalendar",
    "psycopg",
    "sqlalchemy.dialects.postgresql",
    "telegram.ext",
}
STARTS = """
import sys
from bot.wiring import running
from flows.words.vocabulary import Vocabulary
from bot.cli import main
said = []
def ready(*_):
    print(*sorted(sys.modules), sep="\\n")
    sys.exit(0)
Vocabulary.ready = lambda self: said.append("words")
running.Bot.run = ready
sys.argv[:] = ["pana", "run"]
try:
    main()
finally:
    assert not said
"""


def test_a_start_reads_no_more_than_people_need_at_once(instance: Instance) -> None:
    """The second one, of an instance on a file: no migrations, no other database, no typed words, no texts to sign."""
    if instance.database_url:
        pytest.skip("PostgreSQL is what it needs there")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", STARTS], check=True, capture_output=True, text=True, cwd=instance.folder,
            env=instance.environment,
        )  # fmt: skip
    read = set(done.stdout.split())
    assert "bot.wiring.running" in read
    assert read & NOT_BEFORE_READY == set()


def processor_seconds(instance: Instance) -> float:
    """What the bot's process has used of the processor (proc(5), utime and stime)."""
    assert instance.process is not None
    fields = Path(f"/proc/{instance.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_people_are_heard_within_two_seconds(telegram: BotApiServer, instance: Instance) -> None:
    """From cold, the second time. Words that came before it was ready are understood, too."""
    mine = Instance(instance.folder, instance.token, instance.api_url, instance.database_url)
    await instance.start()
    await instance.stop()
    person = telegram.person(777)
    person.say("срочно")
    await mine.start()
    try:
        took = processor_seconds(mine)
        await person.sees("Где тот, кому", 10)
        print(f"\nready after {took:.2f} s of the processor, with {memory(mine):.1f} MB")
    finally:
        await mine.stop(signal.SIGKILL)
    assert took < 2


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
