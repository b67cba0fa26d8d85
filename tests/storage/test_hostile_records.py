"""Records of a stranger's making: whatever stands in them is named and costs little, and the other cases open."""

import io
import json
import os
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.case_page import CasePage
from bot.cli.commands import app
from bot.speech.words import Words
from storage import harmless, shapes
from storage.errors import Refused
from storage.opened import OpenedCase
from storage.reading import ReadCase, read_bundle
from storage.sealing import age
from storage.sealing.errors import Malformed, NoMatchingKey
from storage.sealing.identity_file import fingerprint
from tests import whole
from tests.storage import vector_flow
from tests.storage.make_vectors import (
    CODE,
    FOLDER,
    LAWYER,
    OTHER_CODE,
    SIGNED_BY,
    STRANGER,
    a_case,
    changed,
    key_of,
    put,
    signed,
    unzipped,
    zipped,
)
from tests.storage.vector_entries import CLOCKS, HOSTILE, PLAIN, READERS, SUPERSEDED, WITHDRAWN

HERE = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEW = settings(max_examples=int(os.environ.get("HOSTILE", "60")), deadline=None, derandomize=True,
               suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
KEY = FOLDER / "key.txt"
TO = age.recipient_of(STRANGER)
MARK = fingerprint(TO)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats() | st.text(max_size=6)
    | st.sampled_from(["held", "q02", "2026-02-30", "9999-12-31", "\ud800", "\x1b[2J", "from", "written"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "from", "to", "sure", "hours", "level", "reasons", "answers", "text", "question", "rule", "because", "x",
    ]), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in some JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(found for name, part in inner for found in places(part, (*here, name)))]


def with_another(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    """The same JSON with something else in one place."""
    if not place:
        return odd
    name, *rest = place
    part = with_another(value[name], tuple(rest), odd)
    return {**value, name: part} if isinstance(value, dict) else [*value[:name], part, *value[name + 1 :]]


def shown(entries: list[Any], flow: Any) -> str:
    """All that is ever shown of a case with these entries: as JSON, and its page in every language."""
    case = ReadCase(CODE, {"case_id": "c" * 32}, entries, {vector_flow.REVISION: flow})
    found = harmless.as_json(OpenedCase(case).as_json())
    json.loads(found)
    harmless.as_json(OpenedCase(case).for_page())
    pages = [
        CasePage(opened=OpenedCase(case, one), words=Words.load(), here=HERE).text() for one in ("ru", "kk", "en", None)
    ]
    return "\n".join([found, *pages])


WHOLE = [READERS, *PLAIN, *SUPERSEDED, *WITHDRAWN, *CLOCKS, *HOSTILE]
SEALED = [{**one, "seq": seq, "case": "c" * 32} for seq, one in enumerate(json.loads(json.dumps(WHOLE)), start=1)]


@FEW
@given(data=st.data())
def test_an_entry_with_anything_in_any_place_is_shown_or_named(data: st.DataObject) -> None:
    """Three at a time, of a case that has every kind: no traceback, and nothing that steers a terminal."""
    entries: Any = SEALED
    for _ in range(3):
        at = data.draw(st.integers(0, len(SEALED) - 1))
        place = data.draw(st.sampled_from(places(entries[at])))
        if place:  # what is no object is no entry: it is never kept
            entries = with_another(entries, (at, *place), data.draw(ANYTHING))
    assert not [one for one in set(shown(entries, vector_flow.FLOW)) if harmless._steers(one)]


@FEW
@given(data=st.data())
def test_a_questionnaire_with_anything_in_any_place_is_read_or_named(data: st.DataObject) -> None:
    """Answers are shown all the same."""
    flow = vector_flow.FLOW
    for _ in range(2):
        flow = with_another(flow, data.draw(st.sampled_from(places(flow))) or ("questions",), data.draw(ANYTHING))
    if shapes.FLOW(flow):
        flow = {name: value for name, value in flow.items() if value is not None}
        assert "Маштаково" in shown(SEALED, flow)


@FEW
@given(data=st.data())
def test_a_bundle_with_anything_in_its_manifest_is_read_or_named(tmp_path_factory: Any, data: st.DataObject) -> None:
    """Also where it is nothing like a manifest."""
    files = unzipped(PLAIN_ZIP)
    manifest = json.loads(files[f"{CODE}/manifest.json"])
    odd = with_another(manifest, data.draw(st.sampled_from(places(manifest))), data.draw(ANYTHING))
    files[f"{CODE}/manifest.json"] = json.dumps(odd).encode()
    path = tmp_path_factory.getbasetemp() / "manifest.zip"
    path.write_bytes(zipped(list(files.items())))
    (case,) = read_bundle(path, [LAWYER], SIGNED_BY)
    OpenedCase(case).as_json()
    assert odd == manifest or case.problems


PLAIN_ZIP = signed(a_case(PLAIN))


def test_a_zip_with_any_bytes_changed_is_opened_or_refused(tmp_path: Path) -> None:
    """A hundred and twenty zips, cut or with bytes of their directory or their files changed; more in `make both`."""
    chance, path, sources = random.Random(11), tmp_path / "a.zip", (PLAIN_ZIP, signed_deflated())
    for number in range(600 if whole.WHOLE else 120):
        content = bytearray(sources[number % 2])
        begin = len(content) - 1500 if number % 3 else 0  # its directory, or anywhere
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(begin, len(content))] = chance.randrange(256)
        path.write_bytes(bytes(content[: chance.randrange(len(content))] if number % 7 == 0 else content))
        try:
            found = [OpenedCase(one).as_json() for one in read_bundle(path, [LAWYER], SIGNED_BY)]
        except Refused:
            continue
        assert found


def signed_deflated() -> bytes:
    return zipped(list(unzipped(PLAIN_ZIP).items()), zipfile.ZIP_DEFLATED)


# --- what it costs ---------------------------------------------------------------------------------------------------


def costs(path: Path) -> tuple[float, int]:
    """Seconds, and bytes at the peak, of opening a bundle."""
    tracemalloc.start()
    began = time.monotonic()
    try:
        read_bundle(path, [LAWYER], SIGNED_BY)
        return time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def full_of_nothing() -> bytes:
    """Entries, files and questionnaires of zeros: hundreds of megabytes in one."""
    content, nothing = io.BytesIO(), bytes(3 * 1024**2)
    files = list(unzipped(PLAIN_ZIP).items())
    names = [f"{seq:04}.age" for seq in range(100, 130)] + [f"{seq:04}.bin.age" for seq in range(100, 130)]
    names += [f"flow/{seq:064x}.json" for seq in range(30)] + [f"keys/{seq:02}.age" for seq in range(30)]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, inside in [*files, *((f"{CODE}/{name}", nothing) for name in names)]:
            archive.writestr(name, inside)
    return content.getvalue()


def a_wrap_that_asks_for_much(files: dict[str, bytes]) -> None:
    """Inside what is sealed to the lawyer, a file under a passphrase that costs four gigabytes and half a minute."""
    light = age.seal_with_passphrase(b"x", "", 10)
    files[f"{CODE}/keys/00.age"] = age.seal(light.replace(b" 10\n", b" 22\n", 1), [age.recipient_of(LAWYER)])


@pytest.mark.parametrize("content", [full_of_nothing, changed(a_wrap_that_asks_for_much)])
def test_a_bundle_costs_no_more_than_it_is_large(tmp_path: Path, content: Callable[[], bytes]) -> None:
    """Seconds and megabytes, whatever it unpacks to or asks for."""
    (tmp_path / "a.zip").write_bytes(content())
    seconds, most = costs(tmp_path / "a.zip")
    assert (seconds < 10, most < 80 * 1024**2) == (True, True), (seconds, most)


@pytest.mark.parametrize("factor", ["0", "21", "22", "64", "018", "+9", "9" * 5000, "x", ""])
def test_a_key_file_that_asks_for_too_much_work_is_refused_before_any(factor: str) -> None:
    """A number of five thousand digits too."""
    sealed = age.seal_with_passphrase(b"x", "p", 10).replace(b" 10\n", f" {factor}\n".encode(), 1)
    with pytest.raises(Malformed):
        age.unseal_with_passphrase(sealed, "p")


# --- the command line ------------------------------------------------------------------------------------------------


def run(*arguments: str, typed: str | None = None) -> Result:
    done = CliRunner().invoke(app, list(arguments), input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit | Refused)
    return done


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_a_stranger_wrote_steers_a_terminal(form: str) -> None:
    """Names, labels, readers, messages, check words: in what is printed, and in what is said to be wrong."""
    for path in sorted(FOLDER.glob("*.zip")):
        done = run("open", str(path), "-i", str(KEY), "--signed-by", SIGNED_BY, "--format", form)
        said = done.stdout + done.stderr + str(done.exception or "")
        assert not [one for one in set(said) if harmless._steers(one)], path.stem
        if form == "json" and done.stdout:
            json.loads(done.stdout)


def test_each_case_says_what_is_wrong_with_it_and_the_others_open(tmp_path: Path) -> None:
    """Three cases: one whose manifest is none, one with damage, one that holds."""
    cases = [a_case(PLAIN), a_case(SUPERSEDED, code=OTHER_CODE), a_case(WITHDRAWN, code="FFFF-2222")]

    def damage(files: dict[str, bytes]) -> None:
        put("manifest.json", b'{"entries": [1, 2]}')(files)
        files[f"{OTHER_CODE}/0004.age"] = b"\x1b[2J"

    (tmp_path / "a.zip").write_bytes(changed(damage, *cases)())
    done = run("open", str(tmp_path / "a.zip"), "-i", str(KEY), "--signed-by", SIGNED_BY, "--format", "json")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "pana: K7Q4-F2MX: the manifest cannot be read",
        "pana: PPQQ-3344: 0004.age is not the file that was signed",
        "pana: PPQQ-3344: 0004.age does not open",
        "pana: PPQQ-3344: 0005.age does not follow the entry before it",
    ]
    found = {one["case"]: (one["level"], len(one["answers"])) for one in json.loads(done.stdout)}
    assert found == {CODE: (None, 0), "FFFF-2222": ("critical", 2), OTHER_CODE: ("high", 7)}


def test_a_case_that_does_not_open_is_not_said_to_be_calm() -> None:
    """Neither its level nor that it is unfinished is known."""
    done = run("open", str(FOLDER / "no-key.zip"), "-i", str(KEY), "--language", "en")
    assert "can be read with this key" in done.stdout
    assert "urgency" not in done.stdout
    assert "finished" not in done.stdout


def test_json_is_json_in_a_locale_that_knows_no_such_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A console in the code page of a Russian Windows."""
    from bot.cli import records

    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="cp866", errors="backslashreplace"))
    records._give('["Қазақ 👨 é"]', None, "cases.json")
    records.sys.stdout.flush()
    assert json.loads(raw.getvalue()) == ["Қазақ 👨 é"]


# --- handing on ------------------------------------------------------------------------------------------------------


def share(path: Path, out: Path, *more: str, typed: str | None = None, to: str = TO) -> Result:
    return run("share", str(path), "-i", str(KEY), "--to", to, "-o", str(out), *more, typed=typed)


def test_whose_key_it_is_is_shown_before_a_case_is_shared(tmp_path: Path) -> None:
    """Compared where it is told on the command line; where nobody is asked, it says that it was not."""
    plain = FOLDER / "plain.zip"
    told = share(plain, tmp_path / "a.zip", "--fingerprint", MARK.lower().replace("-", " "))
    assert (told.exit_code, MARK in told.stderr, "compared with nothing" in told.stderr) == (0, True, False)
    assert f"signed by {SIGNED_BY}, not compared" in told.stderr
    untold = share(plain, tmp_path / "b.zip", "--signed-by", SIGNED_BY)
    assert (untold.exit_code, "compared with nothing" in untold.stderr) == (0, True)
    wrong = share(plain, tmp_path / "c.zip", "--fingerprint", MARK[:-1] + ("A" if MARK[-1] != "A" else "B"))
    assert (wrong.exit_code, "fingerprints differ" in str(wrong.exception)) == (1, True)
    part = share(
        plain, tmp_path / "d.zip", "--fingerprint", MARK[-5:]
    )  # so few letters can be met by chance and patience
    assert (part.exit_code, part.exception is None) == (1, False)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", "b.zip"]


@pytest.mark.parametrize(("typed", "code"), [(MARK, 0), ("AAAAA-AAAAA-AAAAA-AAAAA", 1), ("", 1)])
def test_at_a_terminal_the_fingerprint_is_demanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    """Typed as the new reader tells it; nothing is shared before."""
    monkeypatch.setattr("bot.cli.sharing._at_a_terminal", lambda: True)
    done = share(FOLDER / "plain.zip", tmp_path / "a.zip", typed=f"{typed}\n")
    assert (done.exit_code, (tmp_path / "a.zip").exists()) == (code, code == 0)


def test_a_case_is_shared_with_one_reader_at_a_time(tmp_path: Path) -> None:
    """A file with two keys would leave one of them out."""
    (tmp_path / "two.txt").write_text(f"{TO}\n{age.recipient_of(LAWYER)}\n")
    done = share(FOLDER / "plain.zip", tmp_path / "a.zip", to=str(tmp_path / "two.txt"))
    assert (done.exit_code, "2 recipients" in str(done.exception)) == (1, True)


HELD = {"tampered-last-entry-cut-off"}  # signed again without its newest entry: nothing in it can tell


@pytest.mark.parametrize(
    "name",
    sorted(
        path.stem for path in FOLDER.glob("*.zip")
        if path.stem.startswith(("tampered-", "zip-", "unsigned", "signed-by", "files-w", "another", "no-key"))
        and path.stem not in HELD
    ),
)  # fmt: skip
def test_what_does_not_hold_is_not_passed_on(tmp_path: Path, name: str) -> None:
    """One line that says why, and no file is left."""
    done = share(FOLDER / f"{name}.zip", tmp_path / "a.zip", "--signed-by", SIGNED_BY)
    assert (done.exit_code, isinstance(done.exception, Refused)) == (1, True), done.output
    assert "\n" not in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_no_link_is_followed_and_nothing_else_is_taken_along(tmp_path: Path) -> None:
    """A folder that somebody has handed on may hold links to what is not theirs, and what the owner has put there."""
    folder, secret = tmp_path / CODE, tmp_path / "secret"
    (tmp_path / "all").mkdir()
    folder = tmp_path / "all" / CODE
    with zipfile.ZipFile(FOLDER / "plain.zip") as archive:
        archive.extractall(tmp_path / "all")
    secret.mkdir()
    (secret / "0099.age").write_text("mine")
    (secret / "00.age").write_text("mine")
    (folder / "0098.age").symlink_to(secret / "0099.age")
    (folder / "more").symlink_to(secret)
    (folder / "keys" / "00.age").symlink_to(secret / "00.age")
    (folder / "notes.txt").write_text("mine")
    (folder / "me.txt").write_text(KEY.read_text())
    before = os.umask(0)
    try:
        done = share(tmp_path / "all", tmp_path / "a.zip", "--signed-by", SIGNED_BY)
    finally:
        os.umask(before)
    assert done.exit_code == 0
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "a.zip") as archive, zipfile.ZipFile(FOLDER / "plain.zip") as original:
        new = set(archive.namelist()) - set(original.namelist())
        assert set(original.namelist()) < set(archive.namelist())
        assert not any(b"mine" in archive.read(name) for name in archive.namelist())
    assert [name.rpartition("/")[0] for name in new] == [f"{CODE}/keys"]
    (case,) = read_bundle(tmp_path / "a.zip", [STRANGER], SIGNED_BY)
    assert case.problems == []


def test_a_stranger_who_has_put_a_wrap_in_front_gets_nothing_shared_in_its_place(tmp_path: Path) -> None:
    """What is sealed to the new reader is the key of the case, and no other."""
    assert share(FOLDER / "strangers-wrap.zip", tmp_path / "a.zip").exit_code == 0
    files = unzipped((tmp_path / "a.zip").read_bytes())
    for name in [one for one in files if "/keys/" in one]:
        opens = recipient_of_the_key_in(files[name])
        assert opens in {None, key_of(CODE).recipient}


def recipient_of_the_key_in(sealed: bytes) -> str | None:
    """What the new reader gets out of a wrap; None when it is not theirs."""
    try:
        return age.recipient_of(age.unseal(sealed, [STRANGER]).decode().splitlines()[-1])
    except NoMatchingKey:
        return None
