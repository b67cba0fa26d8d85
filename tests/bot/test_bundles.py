"""Zips of large cases: made beside the writer, one at a time in memory, sent one after another until all are there."""

import asyncio
import io
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.cli import doctor
from bot.cli.commands import app
from bot.delivery import sender as sending
from bot.delivery.kind import SealedZip
from bot.delivery.kinds import bundles
from bot.demo.server import BotApiServer
from bot.errors import TryAgain
from bot.handoff.case_files import CaseFiles
from bot.speech.incoming import Said
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from storage import records, sent_files
from storage.outbox import Lane, RowKind
from storage.record import Entry, EntryKind, FileSealing
from storage.schema import file_part
from storage.sent_files import PART, About, Kept
from storage.tx import Tx
from tests.bot.stage import Stage, opened_case, stage

__all__ = ["stage"]  # a fixture
AIGUL, PERSON, STRANGER = 1, 900, 4000
MEGABYTE = 1024**2


def kept(tx: Tx, cases: CaseFiles, case_row: int, size: int) -> None:
    """A file of a case, as fetching leaves it."""
    case = cases.cases.get(tx, case_row)
    sealing = FileSealing(case.recipient)
    sealed = sealing.add(b"%PDF-" + bytes(size - 5)) + sealing.end()
    value = {"kind": "paper", "bytes": sealing.bytes, "sha256": sealing.clear_sha256}
    seq = cases.cases.chain.append(tx, case, Entry(kind=EntryKind.file, value=value, at="2026-11-24T09:00Z"))
    pieces = [sealed[at : at + PART] for at in range(0, len(sealed), PART)]
    about = About(file_id="AgAC", kind="paper", chat_id=PERSON, message=7, sent_at=tx.now, size=size)
    row = cases.files.want(tx, case_row, about)
    tx.execute(
        insert(file_part),
        [{"file_row": row, "number": number, "sealed": piece} for number, piece in enumerate(pieces)],
    )
    whole = Kept(row=row, seq=seq, parts=len(pieces), size=sealing.size, sha256=sealing.sha256)
    cases.files.is_kept(tx, row, whole)


def large_case(stage: Stage, files: int, size: int) -> int:
    """A case that Aigul holds, with so many files of so many bytes, and a zip of it that waits."""
    core = stage.pana.core
    row = stage.change(lambda tx: opened_case(stage, tx, PERSON, claimed_by=AIGUL))
    for _ in range(files):
        stage.change(lambda tx: kept(tx, core.case_files, row, size))
    stage.change(lambda tx: core.queue.to_member(tx, RowKind.bundle, AIGUL, case_row=row))
    return int(row)


async def emptied(stage: Stage) -> None:
    """The sender works until nothing is left to be sent."""
    for _ in range(60):
        await stage.send()
        if not stage.ask("SELECT id FROM outbox WHERE kind = 'bundle'"):
            return
    raise AssertionError("something is never sent")


@pytest.fixture
def documents(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What is sent: name and content."""
    sent: list[tuple[str, bytes]] = []

    async def document(_lane: object, chat: int, name: str, content: bytes, _caption: str, *, silent: bool) -> int:
        del silent
        number = stage.post._said(chat)
        sent.append((name, content))
        return number

    monkeypatch.setattr(stage.post, "document", document)
    return sent


def files_in(content: bytes) -> list[str]:
    """The sealed files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return [name.partition("/")[2] for name in archive.namelist() if name.endswith(".bin.age")]


async def test_a_tap_is_heard_while_a_zip_is_being_made(
    stage: Stage, documents: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long that takes: the zip is made of a snapshot, and the writer has no part in it."""
    large_case(stage, 1, 1000)
    reading, may_go = threading.Event(), threading.Event()
    parts = sent_files.parts

    def slow(*arguments: Any) -> Iterator[bytes]:
        reading.set()
        assert may_go.wait(30)
        yield from parts(*arguments)

    monkeypatch.setattr(records.sent_files, "parts", slow)
    delivering = asyncio.create_task(stage.send())
    await asyncio.to_thread(reading.wait, 30)
    heard = Said(update_id=1, chat_id=STRANGER, message_id=1, text="/start", at=stage.wall.at)
    outcome = await stage.running.writer.run(lambda tx: stage.pana.front.hear(tx, heard))
    assert outcome.card is not None
    assert documents == []
    may_go.set()
    await delivering
    assert [files_in(content) for _, content in documents] == [["0002.bin.age"]]


@pytest.mark.timed
@pytest.mark.once
async def test_of_two_hundred_megabytes_nobody_notices_anything(
    stage: Stage, documents: list[tuple[str, bytes]]
) -> None:
    """A case of ten files of twenty megabytes is sent, and every tap meanwhile is answered within 0.3 s."""
    large_case(stage, 10, 20 * MEGABYTE - 100)
    waits: list[float] = []

    async def taps() -> None:
        for number in range(10_000):
            heard = Said(update_id=number, chat_id=STRANGER + number, message_id=1, text="/start", at=stage.wall.at)
            began = time.perf_counter()
            await stage.running.writer.run(lambda tx, heard=heard: stage.pana.front.hear(tx, heard))
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.01)

    tapping = asyncio.create_task(taps())
    began = time.perf_counter()
    await emptied(stage)
    took = time.perf_counter() - began
    tapping.cancel()
    assert [name[9:] for name, _ in documents] == [".zip", *(f"-{number}.zip" for number in range(2, 11))]
    assert len({name for _, content in documents for name in files_in(content)}) == 10
    worst, p99 = max(waits), sorted(waits)[int(len(waits) * 0.99)]
    print(f"200 MB in {took:.1f} s; {len(waits)} taps meanwhile, p99 {p99 * 1000:.0f} ms, worst {worst * 1000:.0f} ms")
    assert len(waits) > 20
    assert p99 < 0.3


async def test_what_failed_is_sent_again_and_what_was_sent_is_not(
    stage: Stage, documents: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each zip is a message of its own: one that is refused for a moment is tried again, and the next one follows."""
    monkeypatch.setattr(bundles, "MOST", 200_000)
    large_case(stage, 3, 150_000)
    failing = iter([False, True, True, False, False])

    def fails(_chat: int) -> None:
        if next(failing, False):
            raise TryAgain("away")

    stage.post.fails = fails
    for _ in range(12):
        await stage.send()
        stage.wait(60)
    assert [name[9:] for name, _ in documents] == [".zip", "-2.zip", "-3.zip"]
    assert sorted(name for _, content in documents for name in files_in(content)) == [
        "0002.bin.age",
        "0003.bin.age",
        "0004.bin.age",
    ]
    assert len(stage.ask("SELECT message_id FROM delivered")) == 3


async def test_what_takes_long_is_sent_once(
    stage: Stage, documents: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it goes up nobody else takes the row, though a row is else taken for half a minute."""
    monkeypatch.setattr(sending, "GOES_ON_EVERY", 0.01)
    large_case(stage, 1, 1000)
    uploading, may_end = asyncio.Event(), asyncio.Event()
    document = stage.post.document

    async def slow(*arguments: Any, **more: Any) -> int:
        uploading.set()
        await may_end.wait()
        return await document(*arguments, **more)

    monkeypatch.setattr(stage.post, "document", slow)
    sends = asyncio.create_task(stage.running.sender.run())
    await uploading.wait()
    for _ in range(5):
        stage.wait(20)
        await asyncio.sleep(0.1)
        assert [due for due in await stage.running.sender._take() if due.kind == "bundle"] == []
    may_end.set()
    async with asyncio.timeout(10):
        while not stage.running.sender.idle:
            await asyncio.sleep(0.01)
    sends.cancel()
    assert len(documents) == 1


async def test_a_single_large_zip_is_in_memory_and_a_small_one_waits_for_none(
    stage: Stage, documents: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many cases at once cost no more memory than one; whose case is small has it at once."""
    core = stage.pana.core
    rows = [large_case(stage, 1, 2 * MEGABYTE)]
    for number in (1, 2):
        row = stage.change(lambda tx, number=number: opened_case(stage, tx, PERSON + number, claimed_by=AIGUL))
        size = 2 * MEGABYTE if number == 1 else 1000
        stage.change(lambda tx, row=row, size=size: kept(tx, core.case_files, row, size))
        stage.change(lambda tx, row=row: core.queue.to_member(tx, RowKind.bundle, AIGUL, case_row=row))
        rows.append(row)
    small_is_there, at_once, most = asyncio.Event(), 0, 0
    document = stage.post.document

    async def counted(lane: object, chat: int, name: str, content: bytes, caption: str, *, silent: bool) -> int:
        nonlocal at_once, most
        if len(content) < MEGABYTE:
            small_is_there.set()
        else:
            at_once += 1
            most = max(most, at_once)
            await asyncio.wait_for(small_is_there.wait(), 10)
            await asyncio.sleep(0.05)
            at_once -= 1
        return await document(lane, chat, name, content, caption, silent=silent)

    monkeypatch.setattr(stage.post, "document", counted)
    await stage.send()
    assert (len(documents), most) == (3, 1)


async def test_a_part_that_is_lost_keeps_nothing_else_from_the_lawyer(
    stage: Stage, documents: list[tuple[str, bytes]]
) -> None:
    """Of a damaged database everything else is sent; whoever opens it is told which file is damaged."""
    large_case(stage, 2, 600_000)
    stage.change(lambda tx: tx.execute(file_part.delete().where(file_part.c.number == 1, file_part.c.file_row == 1)))
    await emptied(stage)
    [(_, content)] = documents
    assert files_in(content) == ["0002.bin.age", "0003.bin.age"]
    assert stage.pana.core.database.read(records.damaged_files) == 1


@pytest.mark.once
async def test_a_zip_is_made_in_little_more_than_its_own_size(stage: Stage) -> None:
    """Twenty megabytes cost less than thirty, and none of them stays."""
    row = large_case(stage, 1, 20 * MEGABYTE - 100)
    files = stage.pana.core.database.read(lambda tx: sent_files.kept(tx, row))
    wanted = SealedZip(case_row=row, member_id=AIGUL, files=frozenset(files), size=1, name="a.zip", caption="")
    tracemalloc.start()
    try:
        content = stage.running.bundles.made(wanted)
        assert content is not None
        assert len(content) > 20 * MEGABYTE
        assert tracemalloc.get_traced_memory()[1] < 30 * MEGABYTE
        del content
        assert tracemalloc.get_traced_memory()[0] < 2 * MEGABYTE
    finally:
        tracemalloc.stop()


async def test_a_large_zip_goes_up_whole(telegram: BotApiServer) -> None:
    """Over the wire, piece by piece: no copy of it is made on the way that a memory would notice."""
    telegram.person(930)
    api = Api(telegram.world.token, telegram.url)
    await api.open()
    content = bytes(range(256)) * (22 * MEGABYTE // 256)
    await Post(api, Lanes()).document(Lane.lawyer, 930, "a.zip", content, "caption")
    await api.close()
    [message] = [one for one in telegram.world.chats[930].values() if one.document]
    assert message.document == ("a.zip", content)


async def test_doctor_counts_files_and_names_damaged_ones(stage: Stage) -> None:
    """Those that are kept, on their way, lost; each sealed file is compared with its SHA-256."""
    row = large_case(stage, 2, 600_000)
    files = stage.pana.core.case_files.files
    about = About(file_id="AgAC", kind="photo", chat_id=PERSON, message=7, sent_at=stage.wall.at)
    stage.change(lambda tx: files.want(tx, row, about))
    lost = stage.change(lambda tx: files.want(tx, row, about))
    stage.change(lambda tx: files.lose(tx, lost, "gone"))
    assert [one.said for one in doctor._files(stage.pana)] == ["2 kept, 1 on their way, 1 could not be had"]
    damage = file_part.update().where(file_part.c.number == 1, file_part.c.file_row == 1).values(sealed=b"x" * PART)
    stage.change(lambda tx: tx.execute(damage).rowcount)
    [_, found] = doctor._files(stage.pana)
    assert found.state == "warning"
    assert found.said.startswith("1 sealed files are damaged: `pana open` names them, all others open")


async def test_an_export_has_the_files_and_costs_no_memory(stage: Stage, tmp_path: Path) -> None:
    """Forty megabytes are exported and opened with less than eight in memory, and are what they were."""
    large_case(stage, 2, 20 * MEGABYTE)
    folder = stage.pana.settings.server.key_file.parent
    out, key = tmp_path / "all.zip", str(folder / "Aigul.txt")
    tracemalloc.start()
    try:
        for command in (
            ["export", str(out), "-c", str(folder / "pana.toml")],
            ["open", str(out), "-i", key, "-o", str(tmp_path / "out")],
        ):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            ended = await asyncio.to_thread(CliRunner().invoke, app, command)
            assert ended.exit_code == 0, ended.output
            assert tracemalloc.get_traced_memory()[1] - before < 8 * MEGABYTE, command[0]
    finally:
        tracemalloc.stop()
    written = sorted((tmp_path / "out").glob("*.pdf"))
    assert [path.name for path in written] == ["0002.pdf", "0003.pdf"]
    assert {path.stat().st_size for path in written} == {20 * MEGABYTE}
