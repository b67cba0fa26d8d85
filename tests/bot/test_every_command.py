"""What holds of every command: its help has an example, it takes -c, and a program can read what it answers.

The commands are found by walking the program, so that a new one is in the tables by itself.
"""

import json
import re
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.cli import commands as by_name
from storage.sealing import age
from tests.bot.in_process import pana
from tests.bot.test_paths import COMMANDS, arguments
from tests.flows.test_paths import SMALL

ROOT = Path(__file__).parent.parent.parent
FLOW = ROOT / "flows" / "kazakhstan" / "intake.yaml"
NOT_NEEDED = "not needed"
# What works where there is no configuration: the words with which it is tried.
OFFLINE = {
    ("keygen",): ("keygen",),
    ("init",): ("init", "fresh", "--recovery", "recovery1.pub", "--single-recovery"),
    ("open",): ("open", "empty", "-i", "Aigul.txt"),
    ("share",): ("share", "empty", "-i", "Aigul.txt", "--to", "Boris.pub", "-o", "b.zip"),
    ("flow", "release"): ("flow", "release", str(FLOW), "-o", "released.json"),
}


def option(command: Any, name: str) -> Any:
    """An option of a command, None where it has none of that name."""
    return next((one for one in command.params if name in one.opts), None)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_an_example_and_takes_a_configuration(words: tuple[str, ...]) -> None:
    """Also what needs none, which says so: whoever writes -c behind everything is not refused."""
    command = COMMANDS[words]
    said = " ".join((command.help or "").split())
    assert f"pana {' '.join(words)}" in said.partition("Example: ")[2]
    config = option(command, "--config")
    assert config is not None and "-c" in config.opts
    assert (NOT_NEEDED in config.help) == (words in OFFLINE)


@pytest.mark.parametrize("name", sorted({words[0] for words in COMMANDS if len(words) > 1}))
def test_a_group_of_commands_has_an_example_of_one(name: str) -> None:
    """One that is there."""
    example = " ".join((by_name.command(name).help or "").split()).partition("Example: pana ")[2].split()
    assert tuple(example[:2]) in COMMANDS


TYPED = {"int": ("x", "1.5", "-5"), "Name": ("x", ""), "Role": ("x",), "Status": ("x",), "date": ("x", "2026-13-01")}


def values_of(one: Any) -> tuple[str, ...]:
    """What an option with numbers or words to choose from cannot be; nothing of any other."""
    kind = str(one.type_descriptor.annotation)
    return next((values for name, values in TYPED.items() if name in kind), ())


@pytest.mark.parametrize(
    "words", [words for words, one in COMMANDS.items() if any(map(values_of, one.params))], ids=" ".join
)
def test_a_value_that_cannot_be_is_refused_in_plain_words(tmp_path: Path, words: tuple[str, ...]) -> None:
    """As wrong usage, by the name of its option; not in the words of a library."""
    for one in COMMANDS[words].params:
        for value in values_of(one):
            ended = pana(tmp_path, *words, *arguments(COMMANDS[words], one, value))
            assert (ended.code, one.opts[0] in ended.err) == (2, True), ended
            assert not re.search(r"Input should|Value error|unable to parse|valid integer", ended.err), ended.err


@pytest.mark.parametrize("words", OFFLINE.values(), ids=" ".join)
def test_one_that_is_not_needed_is_not_read(made_once: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Not the one that is named, not the one that lies there: an old laptop opens cases without either."""
    for one in made_once.iterdir():
        if one.suffix in {".pub", ".txt"}:
            shutil.copy(one, tmp_path)
    (tmp_path / "empty").mkdir()
    ended = pana(tmp_path, *words, "-c", "nowhere.toml", encoding="utf-8")
    assert "nowhere.toml" not in ended.err
    assert ended.code == (1 if "empty" in words else 0), ended.err
    assert "there is no case in empty" in ended.err or "empty" not in words


OF_A_FLOW = [words for words, one in COMMANDS.items() if words[0] == "flow" and words not in OFFLINE]
MORE = {"sign": ("--check",), "page": ("--for", "reader", "--language", "en")}


@pytest.mark.parametrize("words", OF_A_FLOW, ids=" ".join)
def test_where_no_questionnaire_is_named_it_is_the_one_of_the_configuration(
    made_once: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Of the one that is named, or that lies there; else somebody would check Kazakhstan's and run their own."""
    (tmp_path / "pana.toml").write_text(f'{(made_once / "pana.toml").read_text()}\n[intake]\nflow = "own.yaml"\n')
    (tmp_path / "away").mkdir()
    here, more = tmp_path / "own.yaml", MORE.get(words[1], ())
    for folder, config in ((tmp_path, ()), (tmp_path / "away", ("-c", "../pana.toml"))):
        ended = pana(folder, *words, *more, *config)
        assert (ended.code, str(here) in ended.err) == (1, True), ended


# --- what a program reads ---

DOES = "does what it says, and its exit code is the answer"
# Whatever has no --json, and why a program needs none.
WITHOUT = {
    "migrate": DOES,
    "run": "tells what happens in its log",
    "erase": DOES,
    "member disable": DOES,
    "member enable": DOES,
    "member suspend": DOES,
    "member resume": DOES,
    "key accept": DOES,
    "open": "has --format json",
    "share": "writes a file",
    "flow page": "writes a page",
    "flow cards": "is a table for authors",
    "flow show": "is for reading; `flow release` is the same for programs",
    "flow release": "prints the revision alone",
}
DINA = ("--role", "lawyer", "--telegram-id", "7", "--recipient", "Dina.pub")
ANSWERS: dict[str, tuple[tuple[str, ...], type, set[str]]] = {
    "keygen": (("-o", "Eva"), list, {"recipient", "fingerprint"}),
    "init": (
        ("fresh", "--recovery", "recovery1.pub", "--single-recovery"),
        dict,
        {"config", "key_file", "database", "recovery", "signing_fingerprint"},
    ),
    "sweep": ((), dict, {"expired", "waiting"}),
    "doctor": ((), list, {"what", "state", "said"}),
    "export": (("a.zip",), dict, {"cases", "file", "signed_by", "unsigned"}),
    "member add": (("Dina", *DINA), dict, {"name", "role", "fingerprint", "signing_fingerprint", "link"}),
    "member invite": (("Eva", "--role", "lawyer"), dict, {"name", "role", "code", "link"}),
    "member set": (("Aigul",), dict, {"name", "role", "on_call", "fingerprint", "sealed_to_old_key"}),
    "member list": ((), list, {"name", "role", "on_call", "fingerprint"}),
    "oncall show": ((), list, {"level", "when", "who", "names"}),
    "oncall check": ((), dict, {"gaps", "languages", "regions", "notes"}),
    "case list": ((), list, set()),
    "flow sign": (("--list", "--as", "reader", "--language", "en"), list, {"text", "code", "state"}),
    "flow check": (("nowhere.yaml",), list, {"file", "line", "what", "remedy"}),
    "flow clocks": ((), list, {"id", "basis"}),
    "flow paths": (("small.yaml",), dict, {"ways", "least", "most", "levels"}),
}


def test_a_program_can_read_the_answer_of_every_command_that_has_one() -> None:
    """A new command says so, or why not."""
    lacking = {" ".join(words) for words, one in COMMANDS.items() if option(one, "--json") is None}
    assert lacking == set(WITHOUT)
    assert {" ".join(words) for words in COMMANDS} - lacking == {*ANSWERS, "member approve"}  # who was invited first


@pytest.fixture(scope="module")
def here(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance on which each command is tried once, with a small questionnaire."""
    folder = Path(shutil.copytree(made_once, tmp_path_factory.mktemp("answers") / "here"))
    (folder / "small.yaml").write_text(SMALL)
    place = (FLOW.parent / "place.yaml").read_text().replace("[ru, kk, en]", "[en]")
    (folder / "place.yaml").write_text(place.replace("last_resort: ru", "last_resort: en"))
    (folder / "Dina.pub").write_text(age.recipient_of(age.generate_identity()))
    return folder


@pytest.mark.parametrize("words", ANSWERS)
def test_the_answer_is_json_alone_on_standard_output(here: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """A list of things that are alike, or one thing by the names of its parts; in any locale, also when it fails."""
    monkeypatch.setattr("bot.cli.reach.telegram", _nothing)
    monkeypatch.setattr("bot.cli.reach.telegrams_time", _nothing)
    given, shape, names = ANSWERS[words]
    ended = pana(here, *words.split(), *given, "--json", encoding="ascii")
    answer = json.loads(ended.out)
    assert type(answer) is shape, ended
    for one in answer if isinstance(answer, list) else [answer]:
        assert names <= one.keys(), one
    assert ended.code in {0, 1} and "Traceback" not in ended.err


async def _nothing(_settings: object) -> tuple[()]:
    return ()


# --- a time that is named ---

TIMES = {
    "03:00": "2031-05-02 03:00",
    "14:30": "2031-05-01 14:30",
    "14:29": "2031-05-02 14:29",
    "24:00": "2031-05-02 00:00",
    "0:00": "2031-05-02 00:00",
    "2031-05-01 03:00": "2031-05-01 03:00",
}


@pytest.mark.parametrize("written", TIMES)
def test_a_time_without_a_day_is_the_next_one(here: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """Nobody asks in the afternoon who was on call last night; this very minute counts."""
    at = datetime(2031, 5, 1, 14, 30, 20, tzinfo=timezone(timedelta(hours=5)))
    monkeypatch.setattr("bot.cli.oncall.now", lambda: at)
    shown = pana(here, "oncall", "show", "--at", written)
    assert (shown.code, shown.out.splitlines()[0]) == (0, TIMES[written])
