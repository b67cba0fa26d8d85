"""Files of an opened case: under numbers, whole or not at all, and what is wrong with one concerns no other."""

import hashlib
import io
import json
import stat
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.delivery.wraps import MANIFEST, wraps_in
from storage.bundle import in_zips
from storage.reading import read_bundle
from storage.sealing import age
from tests.storage.bundles import CODE, LAWYER, Sent, a_case, changed, identity_file, jpeg, tiff, write

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
VOICE = b"OggS" + bytes(3000)
PHOTO = jpeg(tiff())


def opened(path: Path, *options: str) -> tuple[int, str, str]:
    """`pana open` with the lawyer's key: exit code, standard output, standard error."""
    key = identity_file(path.parent)
    done = CliRunner().invoke(app, ["open", str(path), "-i", str(key), *options])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def as_json(path: Path, *options: str) -> list[dict[str, Any]]:
    """The same for programs."""
    return list(json.loads(opened(path, "--format", "json", *options)[1]))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A case with a photo, a document and a voice message, two of them under names of their sender's."""
    files = [
        Sent(PHOTO, "paper", {"name": "../../etc/passwd\x1b[2J", "said": "application/pdf"}, "q10"),
        Sent(PDF, "paper", {"name": "x.exe\u202egpj.jpg"}),
        Sent(VOICE, "voice", {"seconds": 42}),
    ]
    return write(tmp_path / "a.zip", a_case(files))


def test_files_are_written_under_their_numbers_by_what_their_bytes_are(bundle: Path) -> None:
    """Whatever they were called; for this user alone, and nothing of theirs moves a terminal."""
    folder = bundle.parent / "out"
    code, out, err = opened(bundle, "-o", str(folder), "--language", "en")
    assert (code, out, err) == (0, "", "")
    assert sorted(path.name for path in folder.iterdir()) == ["0002.jpg", "0003.pdf", "0004.ogg", "cases.txt"]
    assert [(folder / name).read_bytes() for name in ("0002.jpg", "0003.pdf", "0004.ogg")] == [PHOTO, PDF, VOICE]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    text = (folder / "cases.txt").read_text()
    assert "File 4: voice message (0:42), received 24.11, 09:00" in text
    said = "taken 2026-11-20 14:03:22+05:00, camera Apple iPhone 12, place 43.23800, 76.95000"
    assert f"The file itself says (anybody can change this): {said}" in text
    assert "answers: q10" in text
    assert "sent as application/pdf" in text
    assert f"written to {folder}/0002.jpg" in text
    assert all(one.isprintable() for one in text.replace("\n", ""))


def test_programs_are_told_the_same(bundle: Path) -> None:
    """Every field of the entry, where it was written, what the file says of itself; without a folder too."""
    [case] = as_json(bundle)
    photo, paper, voice = case["files"]
    assert photo == {
        "seq": 2,
        "question": "q10",
        "kind": "paper",
        "name": "../../etc/passwd\\x1b[2J",
        "bytes": len(PHOTO),
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
        "media": "image/jpeg",
        "said": "application/pdf",
        "at": "2026-11-24T09:00:00+00:00",
        "written": None,
        "apart": False,
        "problem": None,
        "says": {
            "taken": "2026-11-20 14:03:22+05:00",
            "camera": "Apple iPhone 12",
            "place": [43.238, 76.95],
        },
    }
    assert paper["name"] == "x.exe\\u202egpj.jpg"
    assert (voice["seconds"], voice["question"], voice["says"]) == (42, None, None)
    assert case["problems"] == []
    opened(bundle, "--format", "json", "-o", str(bundle.parent / "out"))
    [case] = json.loads((bundle.parent / "out" / "cases.json").read_text())
    assert case["files"][1]["written"] == f"{bundle.parent}/out/0003.pdf"


def test_nothing_is_overwritten_and_the_others_are_written(bundle: Path) -> None:
    """What stands in the way is named, and stays."""
    folder = bundle.parent / "out"
    folder.mkdir()
    (folder / "0003.pdf").write_bytes(b"mine")
    code, _, err = opened(bundle, "-o", str(folder))
    assert code == 1
    assert err == f"pana: {CODE}: {folder}/0003.pdf is there already and is not overwritten\n"
    assert (folder / "0003.pdf").read_bytes() == b"mine"
    assert (folder / "0004.ogg").read_bytes() == VOICE


@pytest.mark.parametrize("named", [".", "..", CODE, f"{CODE}/keys/..", "link"])
def test_a_folder_is_the_same_case_however_it_is_named(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """Whoever has unpacked a zip stands in its folder, or beside it."""
    unpacked = bundle.parent / "unpacked"
    zipfile.ZipFile(bundle).extractall(unpacked)
    (unpacked / "link").symlink_to(unpacked / CODE)
    key = identity_file(bundle.parent)
    monkeypatch.chdir(unpacked / CODE if named in {".", ".."} else unpacked)
    done = CliRunner().invoke(app, ["open", named, "-i", str(key), "--format", "json"])
    (case,) = json.loads(done.stdout)
    assert (done.exit_code, case["case"], case["problems"], len(case["files"])) == (0, CODE, [], 3)


def test_one_file_is_opened_alone(bundle: Path) -> None:
    """By its number; one that is not there is said so."""
    folder = bundle.parent / "out"
    assert opened(bundle, "-o", str(folder), "--only", "3") == (0, f"{folder}/0003.pdf\n", "")
    assert [path.name for path in folder.iterdir()] == ["0003.pdf"]
    with pytest.raises(Exception, match="file 9 is not there"):
        opened(bundle, "-o", str(folder), "--only", "9")
    assert opened(bundle, "--only", "3")[0] == 2


def _flip(files: dict[str, bytes], name: str, at: int) -> None:
    sealed = bytearray(files[f"{CODE}/{name}"])
    sealed[at] ^= 1
    files[f"{CODE}/{name}"] = bytes(sealed)


def _remove(files: dict[str, bytes], name: str) -> None:
    del files[f"{CODE}/{name}"]


def _swap(files: dict[str, bytes]) -> None:
    one, two = f"{CODE}/0002.bin.age", f"{CODE}/0003.bin.age"
    files[one], files[two] = files[two], files[one]


def _add(files: dict[str, bytes]) -> None:
    files[f"{CODE}/0009.bin.age"] = files[f"{CODE}/0003.bin.age"]


def _cut(files: dict[str, bytes]) -> None:
    files[f"{CODE}/0003.bin.age"] = files[f"{CODE}/0003.bin.age"][:-10]


@pytest.mark.parametrize(
    ("change", "problems", "left"),
    [
        (lambda files: _flip(files, "0003.bin.age", -1), ["0003.bin.age is not the file that was signed"], "24"),
        (lambda files: _flip(files, "0003.bin.age", 30), ["0003.bin.age is not the file that was signed"], "24"),
        (_cut, ["0003.bin.age is not the file that was signed"], "24"),
        (lambda files: _remove(files, "0003.bin.age"), ["0003.bin.age is missing"], "24"),
        (_add, ["0009.bin.age is not in the manifest"], "234"),
        (
            _swap,
            ["0002.bin.age is not the file that was signed", "0003.bin.age is not the file that was signed"],
            "4",
        ),
        (
            lambda files: _flip(files, "0003.age", -1),
            [
                "0003.age is not the file that was signed",
                "0003.age does not open",
                "0004.age does not follow the entry before it",
                "0003.bin.age cannot be compared: its entry does not open",
            ],
            "24",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_its_own_affair(
    bundle: Path, change: Callable[[dict[str, bytes]], None], problems: list[str], left: str
) -> None:
    """It is named, nothing of it is written, and the others are."""
    path = changed(bundle, bundle.parent / "b.zip", change)
    folder = bundle.parent / "out"
    code, _, err = opened(path, "-o", str(folder))
    assert code == 1
    assert err.splitlines() == [f"pana: {CODE}: {one}" for one in problems]
    assert sorted(path.name[3] for path in folder.glob("000*")) == list(left)
    assert list(folder.glob(".*")) == []


def test_a_damaged_place_of_a_zip_stops_no_other_file(bundle: Path) -> None:
    """A bit that has flipped on a disk: the zip's own sum does not hold there either."""
    content = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        at = archive.getinfo(f"{CODE}/0003.bin.age").header_offset + 5000
    (bundle.parent / "b.zip").write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    code, _, err = opened(bundle.parent / "b.zip", "-o", str(bundle.parent / "out"))
    assert code == 1
    assert err.startswith(f"pana: {CODE}: 0003.bin.age ")
    assert len(err.splitlines()) == 1
    assert sorted(path.name for path in (bundle.parent / "out").glob("000*")) == ["0002.jpg", "0004.ogg"]


def test_a_case_that_is_damaged_stops_no_other_case(tmp_path: Path) -> None:
    """Each has a folder of its own; one whose name is no code leads nowhere else."""
    good, other = a_case([Sent(PDF)]), a_case([Sent(VOICE, "voice")], "PPPP-QQQQ")
    strange = a_case([Sent(PHOTO, "photo")], "..")
    path = write(tmp_path / "a.zip", good, other, strange)

    def damage(files: dict[str, bytes]) -> None:
        del files["PPPP-QQQQ/0002.bin.age"]

    code, _, err = opened(changed(path, tmp_path / "b.zip", damage), "-o", str(tmp_path / "deep" / "out"))
    assert (code, err) == (1, "pana: PPPP-QQQQ: 0002.bin.age is missing\n")
    written = sorted(
        str(one.relative_to(tmp_path / "deep")) for one in (tmp_path / "deep").rglob("*.*") if one.is_file()
    )
    assert written == [f"out/{CODE}/0002.pdf", "out/cases.txt", "out/without-a-code/0002.jpg"]


def test_a_file_that_its_entry_does_not_name_is_not_written(tmp_path: Path) -> None:
    """Another length, another content: sealed and signed, and all the same not what the chain has."""
    wrong = [Sent(PDF, "paper", {"bytes": len(PDF) - 1}), Sent(PDF, "paper", {"sha256": "0" * 64})]
    wrong += [Sent(PDF, "paper", {"bytes": 10**9}), Sent(PDF, "paper", {"bytes": "many"})]
    code, _, err = opened(write(tmp_path / "a.zip", a_case(wrong)), "-o", str(tmp_path / "out"))
    assert code == 1
    assert [line.partition(".bin.age ")[2] for line in err.splitlines()] == [
        "is not the file that its entry names",
        "is not the file that its entry names",
        "is not the file that its entry names",
        "cannot be compared: its entry does not say what it is",
    ]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["cases.txt"]


def test_the_zips_of_one_case_are_opened_one_by_one(tmp_path: Path) -> None:
    """Each says what is in another; together they have everything."""
    zips = in_zips(a_case([Sent(PHOTO, "photo"), Sent(PDF), Sent(VOICE, "voice")]), 40_000)
    assert len(zips) > 1
    for number, one in enumerate(zips):
        path = write(tmp_path / f"{number}.zip", one)
        code, _, err = opened(path, "-o", str(tmp_path / str(number)), "--language", "en")
        assert (code, err) == (0, "")
        assert "another zip of this case" in (tmp_path / str(number) / "cases.txt").read_text()
    assert sorted(path.name for path in tmp_path.rglob("000*")) == ["0002.jpg", "0003.pdf", "0004.ogg"]
    with pytest.raises(Exception, match="file 4 is in another zip of this case"):
        opened(tmp_path / "0.zip", "-o", str(tmp_path / "x"), "--only", "4")


def test_a_large_file_is_never_in_memory(tmp_path: Path) -> None:
    """Opened and shared: of sixty megabytes less than eight are."""
    size = 60 * 1024**2
    content = bytes(size)
    path = write(tmp_path / "a.zip", a_case([Sent(b"....ftypmp42" + content, "video")]))
    key = identity_file(tmp_path)
    del content
    commands = (
        ["open", str(path), "-i", str(key), "-o", str(tmp_path / "out")],
        [
            "share",
            str(path),
            "-i",
            str(key),
            "--to",
            age.recipient_of(LAWYER),
            "-o",
            str(tmp_path / "b.zip"),
            "--unsigned",
        ],
    )
    for command in commands:
        tracemalloc.start()
        try:
            assert CliRunner().invoke(app, command).exit_code == 0
            assert tracemalloc.get_traced_memory()[1] < 8 * 1024**2, command[0]
        finally:
            tracemalloc.stop()
    assert (tmp_path / "out" / "0002.mp4").stat().st_size == size + 12
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600


def test_a_shared_case_has_its_files_and_a_handed_over_one_only_its_keys(bundle: Path) -> None:
    """What goes by way of the bot must be small: the bot has the rest itself."""
    newcomer = age.generate_identity()
    key, share = identity_file(bundle.parent), ["share", str(bundle), "-i"]
    arguments = [str(key), "--to", age.recipient_of(newcomer), "--unsigned", "-o"]
    whole, small = bundle.parent / "whole.zip", bundle.parent / "small.zip"
    assert CliRunner().invoke(app, [*share, *arguments, str(whole)]).exit_code == 0
    assert CliRunner().invoke(app, [*share, *arguments, str(small), "--only-keys"]).exit_code == 0
    [case] = read_bundle(whole, [newcomer], None)
    assert (case.problems, [one.media for one in case.files.values()]) == (
        [],
        ["image/jpeg", "application/pdf", "audio/ogg"],
    )
    with zipfile.ZipFile(small) as archive:
        names = sorted(name.partition("/")[2] for name in archive.namelist())
    assert [name for name in names if not name.startswith("keys/")] == ["manifest.json"]
    assert len(names) == 3
    assert len(wraps_in(small.read_bytes())[CODE].keys() - {*MANIFEST}) == 2


@pytest.mark.parametrize("fits", [True, False])
def test_what_is_made_for_the_bot_says_so_and_not_that_it_is_damaged(bundle: Path, *, fits: bool) -> None:
    """Whoever makes it is told what to do with it, and whoever opens it why there is nothing to read; nothing else."""
    newcomer, told = age.generate_identity(), "only the keys of the case are here: this file is for the bot"
    key, small = identity_file(bundle.parent), bundle.parent / "small.zip"
    arguments = ["share", str(bundle), "-i", str(key), "--to", age.recipient_of(newcomer), "--unsigned", "--only-keys"]
    made = CliRunner().invoke(app, [*arguments, "-o", str(small)])
    assert "send it to the bot" in made.stderr
    theirs = bundle.parent / "theirs.txt"
    theirs.write_text(newcomer if fits else age.generate_identity())
    done = CliRunner().invoke(app, ["open", str(small), "-i", str(theirs), "--language", "en"])
    assert (done.exit_code, "nothing of it can be read" in done.stdout) == (1, True)
    assert [line for line in done.stderr.splitlines() if told not in line] == (
        [] if fits else [f"pana: {CODE}: no wrap opens with this identity"]
    )
    again = CliRunner().invoke(app, [*arguments[:1], str(small), *arguments[2:], "-o", str(bundle.parent / "c.zip")])
    if fits:
        assert told in str(again.exception)


def test_what_is_damaged_is_not_shared_as_if_it_were_sound(bundle: Path) -> None:
    """The file is named, and nothing is left of the copy."""
    content = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        at = archive.getinfo(f"{CODE}/0003.bin.age").header_offset + 5000
    (bundle.parent / "b.zip").write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    arguments = ["-i", str(identity_file(bundle.parent)), "--to", age.recipient_of(LAWYER), "--unsigned"]
    out = bundle.parent / "out.zip"
    done = CliRunner().invoke(app, ["share", str(bundle.parent / "b.zip"), *arguments, "-o", str(out)])
    told = f"case {CODE} is not shared: 0003.bin.age cannot be read"
    assert (done.exit_code, str(done.exception)) == (1, told)
    assert sorted(path.name for path in bundle.parent.iterdir()) == ["a.zip", "b.zip", "me.txt"]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_how_far_it_is_is_told_on_a_terminal_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    """In one line that goes when it is done; nothing in a pipe."""
    from bot.cli.moving import Bar

    stream = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Bar("opened") as bar:
        bar.begins(10 * 1024**2)
        for _ in range(10):
            bar.went(1024**2)
    told = stream.getvalue()
    if not terminal:
        assert told == ""
        return
    assert "opened [###############               ] 50 % of 10 MB" in told
    assert "100 % of 10 MB" in told
    assert told.endswith("\r")
