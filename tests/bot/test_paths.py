"""Every command that takes a path: whatever stands there, one line with the path, exit 1, never a traceback.

The commands are found by walking the program, so that a new one is in the table by itself.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import commands as by_name
from storage.bundle import BundleCase, write_bundle
from storage.record import case_id_of, new_kid, wrap
from storage.sealing import age
from tests.bot.in_process import pana, pana_without_privileges
from tests.whole import WHOLE, one_in

ROOT = Path(__file__).parent.parent.parent
# What a command needs besides the path that is tried; a new required option is missing here, and the test says so.
GOOD = {
    "name": "Xenia",
    "role": "lawyer",
    "telegram_id": "999",
    "recipient": "Aigul.pub",
    "to": "Aigul.pub",
    "identity": "Aigul.txt",
    "path": "good.zip",
    "file": "intake.yaml",
    "code": "K7Q4-F2MX",
    "expected": "AAAAA-BBBBB-CCCCC-DDDDD",
    "out": "fresh.zip",
    "output": "fresh-too.zip",
}
OF_COMMAND = {"page": {"role": "advocate", "language": "ru"}}
OUTPUTS, FOLDERS = {"out", "output"}, {("init", "folder"), ("open", "output")}
READS_FOLDERS = {("open", "path"), ("share", "path")}


def commands(found: Any, *above: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command by its words."""
    for name, one in getattr(found, "commands", {}).items():
        yield from commands(one, *above, name)
    if not hasattr(found, "commands"):
        yield above, found


COMMANDS = {words: one for name in by_name.COMMANDS for words, one in commands(by_name.command(name), name)}
PATHS = [
    pytest.param(words, one, id=f"{'-'.join(words)}-{one.name}")
    for words, command in COMMANDS.items()
    for one in command.params
    if "Path" in str(one.type_descriptor.annotation) or "FILE" in (one.metavar or "")
]


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    """An instance with a bundle and a questionnaire, and every bad path there is."""
    here = tmp_path / "here"
    shutil.copytree(made_once, here)
    for name in ("intake.yaml", "clocks.yaml"):
        shutil.copy(ROOT / "flows" / "kazakhstan" / name, here)
    identity = age.generate_identity()
    recipient = age.recipient_of(identity)
    wraps = [(new_kid(), wrap(identity, (here / "Aigul.pub").read_text().strip()))]
    case = BundleCase(
        code="K7Q4-F2MX", case_id=case_id_of(recipient), recipient=recipient, entries=[], wraps=wraps, flows={}
    )
    with (here / "good.zip").open("wb") as file:
        write_bundle(file, [case], None, "", datetime.now(UTC).date())
    (here / "bad-folder").mkdir()
    (here / "bad-empty").write_bytes(b"")
    (here / "bad-binary").write_bytes(bytes(range(256)) * 20)
    (here / "bad-utf16").write_text("# запись\nage1pq1\n", encoding="utf-16")
    (here / "bad-closed").write_bytes(b"x")
    (here / "bad-closed").chmod(0)
    (here / "bad-shut").mkdir(mode=0)
    return here


def bad_paths(words: tuple[str, ...], name: str) -> list[str]:
    """What may stand in place of what the command needs."""
    below = ["bad-nowhere/x", "bad-empty/x", "bad-shut/x"]
    nameless = [".", "/"]  # folders whose last part is no name
    if (words[0], name) in FOLDERS:
        return ["bad-empty", "bad-empty/x", "bad-shut/x", "bad-closed"]
    if name in OUTPUTS:
        return [*below, "bad-folder", "bad-empty", "bad-closed", *nameless]
    return [*below, "bad-missing", "bad-folder", *nameless, "bad-empty", "bad-binary", "bad-utf16", "bad-closed"]


def arguments(command: Any, tried: Any, path: str) -> list[str]:
    """A whole command line in which only the path is bad."""
    options, plain = list[str](), list[str]()
    for one in command.params:
        if one is not tried and not one.required:
            continue
        value = path if one is tried else (GOOD | OF_COMMAND.get(command.name, {}))[one.name]
        if one.param_type_name == "argument":
            plain.append(value)
        else:
            options += [one.opts[0], value]
    return [*plain, *options]


@pytest.mark.parametrize(("words", "tried"), PATHS)
def test_a_bad_path_is_one_line_that_names_it(folder: Path, words: tuple[str, ...], tried: Any) -> None:
    """Missing, a folder for a file, a file for a folder, no permission, empty, binary, UTF-16, no name at all.

    In the suite a file without permission and a folder without a name, and of the others one in three for each command,
    in turn.
    """
    bad = bad_paths(words, tried.name)
    for path in bad if WHOLE else {*bad[[*COMMANDS].index(words) % 3 :: 3], "bad-closed", *({"."} & {*bad})}:
        more = [] if tried.name == "recovery" or words != ("init",) else ["--recovery", "Aigul.pub"]
        more += ["--single-recovery"] if words == ("init",) else []
        before = sorted(one.name for one in folder.iterdir())
        token = {"PANA_TELEGRAM_TOKEN": "42:x"} if words == ("run",) else {}
        line = [*words, *arguments(COMMANDS[words], tried, path), *more]
        ended = pana_without_privileges(folder, *line, environment=token)
        said = (ended.err or ended.out).strip()  # `doctor` tells on standard output
        assert ended.code == 1, (path, ended)
        assert "Traceback" not in ended.err + ended.out and "fault of the program" not in said, (path, said)
        assert len(said.splitlines()) == 1, (path, said)
        # An empty configuration is one, in which something is missing.
        assert path.split("/")[0] in said or (path == "bad-empty" and "recovery.recipients" in said), (path, said)
        left = {one for one in folder.iterdir() if one.name not in before and one.suffix != ".lock"}
        assert not left, left


OPENS = {
    ("open",): ("-i", "Aigul.txt"),
    ("share",): ("-i", "Aigul.txt", "--to", "Boris.pub", "-o", "fresh.zip"),
}


@pytest.mark.parametrize("words", OPENS, ids=" ".join)
def test_a_folder_in_which_no_case_lies_is_told_at_once(folder: Path, words: tuple[str, ...]) -> None:
    """Also the root of a disk: what lies deep in it, or is shut, is left alone; a case with folders around is found."""
    deep = folder / "away" / "a" / "b" / "c" / "d"
    with zipfile.ZipFile(folder / "good.zip") as archive:
        archive.extractall(deep)
        archive.extractall(folder / "near" / "a" / "b")
    (folder / "near" / "shut").mkdir(mode=0)
    for where in ("/", "away"):
        begun = time.monotonic()
        ended = pana_without_privileges(folder, *words, where, *OPENS[words])
        assert (ended.code, ended.out, ended.err) == (1, "", f"pana: there is no case in {where}\n")
        assert time.monotonic() - begun < 5
    assert "there is no case" not in pana_without_privileges(folder, *words, "near", *OPENS[words]).err
    ended = pana_without_privileges(folder, *words, "bad-shut", *OPENS[words])
    assert (ended.code, "bad-shut: may not be read" in ended.err, ended.err.count("\n")) == (1, True, 1)


@pytest.mark.parametrize("words", OPENS, ids=" ".join)
def test_a_zip_that_is_under_a_password_is_told_as_that(folder: Path, words: tuple[str, ...]) -> None:
    """Somebody has packed it anew; we cannot ask for that password."""
    content = (folder / "good.zip").read_bytes()
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of each file, and of the directory
        content = re.sub(
            re.escape(mark) + b"." * (at - 4) + b".", lambda found: found[0][:-1] + b"\x01", content, flags=re.S
        )
    (folder / "locked.zip").write_bytes(content)
    ended = pana(folder, *words, "locked.zip", *OPENS[words])
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "locked.zip is under a password: unpack it with that, and name the folder" in ended.err


def test_every_command_is_walked() -> None:
    """The table is not empty by mistake."""
    assert len(PATHS) > 30
    assert {("open",), ("export",), ("member", "add"), ("flow", "release"), ("key", "accept")} <= set(COMMANDS)


def cold(folder: Path, *words: str, **more: Any) -> "subprocess.CompletedProcess[bytes]":
    """The program as a real process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PANA_")}
    environment |= {"PYTHONPATH": str(ROOT)} | more.pop("env", {})
    words = (sys.executable, "-m", "bot", *words)
    return subprocess.run(words, check=False, cwd=folder, env=environment, stderr=-1, **more)


@pytest.mark.parametrize("encoding", one_in(3, ["cp1251", "ascii", "cp866"]))
def test_a_terminal_that_cannot_print_a_letter_gets_its_escape(folder: Path, encoding: str) -> None:
    """Kazakh letters are in no old code page; nothing is lost and the command succeeds."""
    ended = cold(folder, "flow", "show", "--language", "kk", stdout=-1, env={"PYTHONIOENCODING": encoding})
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"\\u049b" in ended.stdout


def test_an_output_that_is_full_or_gone_is_no_traceback(folder: Path) -> None:
    """A full disk is told; a pipe that was closed needs no word."""
    with Path("/dev/full").open("wb") as full:
        ended = cold(folder, "flow", "show", stdout=full)
    assert (ended.returncode, ended.stderr) == (1, b"pana: reading or writing: the disk is full\n")
    read, write = os.pipe()
    os.close(read)
    ended = cold(folder, "flow", "show", stdout=write)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_an_export_that_fails_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written beside its name and stands there only when it is whole; Ctrl-C is one line."""
    monkeypatch.setattr("bot.cli.records.write_bundle", _interrupted)
    ended = pana(folder, "export", "fresh.zip")
    assert (ended.code, ended.err) == (1, "pana: interrupted\n")
    assert not [one.name for one in folder.iterdir() if "fresh" in one.name]


def _interrupted(file: Any, *_: object) -> int:
    file.write(b"half")
    raise KeyboardInterrupt


LOOKS_ONLY: list[tuple[str, int, str, str]] = [
    ("server.key", 0o400, "server.key: may not", "key file"),
    ("server.key.lock", 0o000, "server.key.lock: may not", "key file"),
    ("pana.db", 0o400, "pana.db may not", "database"),
    ("pana.db.lock", 0o000, "pana.db.lock: may not", "database"),
    (".", 0o500, "may not", "database"),
]


@pytest.mark.parametrize(("name", "mode", "said", "what"), LOOKS_ONLY)
def test_where_a_bot_could_only_look_it_does_not_begin_and_doctor_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, mode: int, said: str, what: str
) -> None:
    """It would say "ready" and keep nothing of what people press. Another runs, so SQLite's log is there."""
    monkeypatch.setattr("bot.cli.reach.telegram", _no_network)
    (folder / name).touch()
    before = (folder / name).stat().st_mode
    with closing(sqlite3.connect(folder / "pana.db")) as other:
        other.execute("SELECT count(*) FROM member")
        (folder / name).chmod(mode)
        begun = pana_without_privileges(folder, "run", environment={"PANA_TELEGRAM_TOKEN": "42:x"})
        looked = pana_without_privileges(folder, "doctor", "--json")
    (folder / name).chmod(before)
    assert (begun.code, begun.out, begun.err.count("pana: "), said in begun.err) == (1, "", 1, True), begun.err
    failed = [one["what"] for one in json.loads(looked.out) if one["state"] == "failed"]
    assert (looked.code, what in failed) == (1, True)


async def _no_network(_settings: object) -> list[object]:
    return []


TOLD = """
import importlib, os, sys, time
from bot.cli import main

def work(*given):
    if hasattr(given[0], "write"):
        given[0].write(b"half")
        given[0].flush()
    os.kill(os.getpid(), {number})
    time.sleep({lasts})

setattr(importlib.import_module({module!r}), {name!r}, work)
sys.argv = ["pana", *{words!r}]
main()
"""


def told_to_end(folder: Path, number: int, where: tuple[str, str], *words: str) -> "subprocess.CompletedProcess[bytes]":
    """A command that gets a signal in the middle of its work."""
    lasts = 0.1 if words == ("run",) else 5  # a start goes on to where nothing is half done
    script = TOLD.format(number=number, module=where[0], name=where[1], words=words, lasts=lasts)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PANA_")}
    environment |= {"PYTHONPATH": str(ROOT), "PANA_TELEGRAM_TOKEN": "42:x"}
    return subprocess.run(
        [sys.executable, "-c", script], check=False, cwd=folder, env=environment, stdout=-1, stderr=-1, timeout=60
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_command_that_is_told_to_end_leaves_no_half_file(folder: Path, number: signal.Signals) -> None:
    """By Ctrl-C, `timeout`, a service manager, or a connection that is lost: of what it opened nothing may stay."""
    ended = told_to_end(folder, number, ("bot.cli.records", "write_bundle"), "export", "fresh.zip")
    assert (ended.returncode, ended.stdout, ended.stderr.strip()) == (1, b"", b"pana: interrupted")
    assert not [one.name for one in folder.iterdir() if "fresh" in one.name]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_bot_that_is_told_to_end_while_it_starts_ends_as_later(folder: Path, number: signal.Signals) -> None:
    """A stop of the service is no failure, however early it comes."""
    ended = told_to_end(folder, number, ("bot.wiring.made", "made"), "run")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


AT_AN_IMPORT = """
import os, runpy, sys
def told(event, given):
    if event == "import" and given[0] == {when!r}:
        os.kill(os.getpid(), {number})
sys.addaudithook(told)
sys.argv = ["pana", *{words!r}]
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""
AS_IT_STARTS = [
    ("bot.cli", signal.SIGTERM),
    ("typer", signal.SIGINT),
    ("uvloop", signal.SIGINT),
    ("bot.cli.options", signal.SIGTERM),
    ("pydantic", signal.SIGTERM),
    ("bot.wiring.running", signal.SIGTERM),
]


def told_at(folder: Path, number: int, when: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """A command that gets a signal while a module is being read."""
    script = AT_AN_IMPORT.format(number=number, when=when, words=words)
    environment = {"PYTHONPATH": str(ROOT), "PANA_TELEGRAM_TOKEN": "42:x"}
    return subprocess.run(
        [sys.executable, "-c", script], check=False, cwd=folder, env=environment, stdout=-1, stderr=-1, timeout=20
    )


@pytest.mark.parametrize(("when", "number"), one_in(2, AS_IT_STARTS))
def test_a_bot_that_is_told_to_end_while_it_is_read_has_not_failed(
    folder: Path, when: str, number: signal.Signals
) -> None:
    """From its first line on: an interrupt in the midst of an import may be lost, or leave a traceback."""
    ended = told_at(folder, number, when, "run")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


@pytest.mark.parametrize("when", ["bot.cli", "storage.bundle"])
def test_another_command_is_interrupted_while_it_is_read(folder: Path, when: str) -> None:
    """In one line."""
    ended = told_at(folder, signal.SIGTERM, when, "export", "fresh.zip")
    assert (ended.returncode, ended.stdout, ended.stderr.strip()) == (1, b"", b"pana: interrupted")


WAITS = """
import os, signal, sys, time
from bot import ending
ending.GRACE, sys.argv = 0.05, ["pana", "run"]
ending.hear()
os.kill(os.getpid(), signal.SIGTERM)
try:
    time.sleep(30)
except KeyboardInterrupt:
    print(ending.told())
ending.no_more()
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
"""


def test_a_start_that_waits_is_interrupted_in_the_end(folder: Path) -> None:
    """For a database that is busy, or a network that does not answer."""
    script, environment = [sys.executable, "-c", WAITS], {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(script, check=True, cwd=folder, env=environment, stdout=-1, timeout=20)
    assert done.stdout == b"True\n"


def test_the_version_is_told_and_wrong_usage_is_exit_2(folder: Path) -> None:
    """Without a configuration, too."""
    assert pana(folder, "--version").out.startswith("pana 0.")
    assert pana(folder, "open").code == 2
    assert pana(folder, "export", "x.zip", "--status", "lost").code == 2


NAME = "José 😀 Ёж"
# Those of the answers for programs (tests/bot/test_every_command.py) that tell names, or texts in several languages.
TELL_NAMES = [("member", "list"), ("member", "set", NAME), ("oncall", "show"), ("oncall", "check")]
TELL_TEXTS = [("doctor",), ("case", "list"), ("flow", "clocks"), ("flow", "sign")]


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "utf-8"])
def test_an_answer_for_programs_is_json_in_every_locale(
    folder: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """And nothing else is on standard output; a name may have letters that the locale lacks."""
    monkeypatch.setattr("bot.cli.reach.telegram", _no_network)
    pana(folder, "keygen", "-o", "jose")
    added = ["--role", "lawyer", "--telegram-id", "999", "--recipient", "jose.pub", "--on-call"]
    assert pana(folder, "member", "add", NAME, *added).code == 0
    for words in (*TELL_NAMES, *TELL_TEXTS):
        more = ["--as", "reader", "--language", "kk", "--list"] if words == ("flow", "sign") else []
        ended = pana(folder, *words, "--json", *more, encoding=encoding)
        assert "fault of the program" not in ended.err, words
        answer = json.loads(ended.out)
        if words[0] in {"member", "oncall"}:
            assert NAME in json.dumps(answer, ensure_ascii=False), words
