"""Fetching what people send over real HTTP, and the whole bot while it is killed and Telegram fails."""

import asyncio
import base64
import hashlib
import os
import random
import secrets
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer, Fault
from bot.errors import Refused, TryAgain
from bot.telegram.api import Api
from bot.telegram.files import Files, TooLarge
from bot.telegram.lanes import Lanes
from storage.outbox import Lane
from storage.sealing.identity_file import read_identity_file
from tests.bot.walks import called
from tests.conftest import TOKEN
from tests.sent import InCase, in_cases
from tests.whole import WHOLE

MB = 1024**2
PATIENCE, STARTED = 240.0, time.time()
CANARY = f"қарақшы-КАНАРЕЙКА-{secrets.token_hex(4)}-"  # of this run: others may look at the same folders
STARTS = {"photo": b"\xff\xd8\xff\xe0", "paper": b"%PDF-1.7\n", "voice": b"OggS", "round": b"\0\0\0 ftypisom"}


# --- one file ---


@pytest.fixture
def files(telegram: BotApiServer) -> Files:
    """The way to this Telegram."""
    return Files(Api(TOKEN, telegram.url, Clock().telegram), Lanes())


async def fetched(files: Files, file_id: str) -> bytes:
    """All of it."""
    try:
        return await files.whole(Lane.bulk, file_id)
    finally:
        await files.api.close()


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 20 * MB])
async def test_a_file_comes_as_it_is(telegram: BotApiServer, files: Files, size: int) -> None:
    """Up to the largest that a bot may fetch."""
    telegram.world.files["a"] = random.Random(size).randbytes(size)
    assert await fetched(files, "a") == telegram.world.files["a"]


FAULTS: list[tuple[Fault, type[Exception]]] = [
    (Fault("getFile", "429", 3), TryAgain),
    (Fault("getFile", "502"), TryAgain),
    (Fault("getFile", "reset"), TryAgain),
    (Fault("file", "cut"), TryAgain),
    (Fault("file", "502"), TryAgain),
    (Fault("file", "error", (404, "Not Found")), TryAgain),
    (Fault("getFile", "error", (400, "Bad Request: wrong file_id or the file is temporarily unavailable")), Refused),
    (Fault("getFile", "error", (400, "Bad Request: file is too big")), TooLarge),
    (Fault("getFile", "error", (403, "Forbidden: bot was blocked by the user")), Refused),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS, ids=[f"{one.method} {one.kind} {one.value}" for one, _ in FAULTS])
async def test_what_goes_wrong_is_named_for_what_can_be_done(
    telegram: BotApiServer, files: Files, fault: Fault, error: type[Exception]
) -> None:
    """What passes is tried again, what lasts is not, and what is too large is known as that."""
    telegram.world.files["a"] = b"x" * 300_000
    telegram.faults.append(fault)
    with pytest.raises(error):
        await fetched(files, "a")


@pytest.mark.parametrize("size", [20 * MB + 1])
async def test_what_is_too_large_is_not_fetched(telegram: BotApiServer, files: Files, size: int) -> None:
    """Telegram says so by itself."""
    telegram.world.files["a"] = bytes(size)
    with pytest.raises(TooLarge):
        await fetched(files, "a")


# --- the whole bot ---


def content_of(kind: str, number: int, size: int) -> bytes:
    """A file of a kind, with a canary in it that is found wherever it lies in clear."""
    dice = random.Random(number)
    return STARTS[kind] + canary(number).encode() + dice.randbytes(max(0, size - 100))


def canary(number: int) -> str:
    """A word that stands in one file, and in no other."""
    return f"{CANARY}{number:06}"


def send(telegram: BotApiServer, person: Person, kind: str, number: int, content: bytes) -> None:
    """As somebody's phone sends it."""
    file_id = f"{kind}-{number}"
    telegram.world.files[file_id] = content
    file: dict[str, Any] = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
    match kind:
        case "photo":
            small = {**file, "file_id": "small", "file_size": 9, "width": 9, "height": 9}
            person.send(photo=[small, {**file, "width": 900, "height": 900}])
        case "paper":
            person.send(document={**file, "file_name": f"{canary(number)}.pdf", "mime_type": "application/pdf"})
        case "voice":
            person.send(voice={**file, "duration": 7, "mime_type": "audio/ogg"})
        case "round":
            person.send(video_note={**file, "duration": 7, "length": 240})


def in_every_encoding(words: Sequence[str]) -> Mapping[bytes, str]:
    """How a word may lie on a disk: as bytes, in UTF-16, hexadecimal, and in base64 wherever it begins."""
    found: dict[bytes, str] = {}
    for word in words:
        for name, plain in (("utf-8", word.encode()), ("utf-16-le", word.encode("utf-16-le"))):
            found[plain] = name
            found[plain.hex().encode()] = f"{name}, hex"
            found[plain.hex().upper().encode()] = f"{name}, hex"
            for shift in range(3):
                found[base64.b64encode(b"\0" * shift + plain)[4 * bool(shift) : -4]] = f"{name}, base64"
        found[word.encode("utf-16-be")] = "utf-16-be"
    return found


def in_clear(folders: Sequence[Path], words: Mapping[bytes, str]) -> list[str]:
    """Where one of them lies, in files of these folders."""
    return [
        f"{path}: {words[word]}"
        for folder in folders
        for path in _files(folder)
        for data in [_read(path)]
        for word in words
        if word in data
    ]


def _files(folder: Path) -> Iterator[Path]:
    for path, _, names in os.walk(folder):
        yield from (Path(path, name) for name in names)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:  # gone meanwhile, or a socket
        return b""


def places(instance: Instance) -> list[Path]:
    """Where the bot might leave something: its folder with database and logs, temporary folders, memory's own."""
    mine = Path(instance.folder)
    others = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/dev/shm")]
    new = [one for folder in others if folder.is_dir() for one in folder.iterdir() if _is_new(one)]
    return [mine, *(one for one in new if one not in {mine, *mine.parents})]


def _is_new(path: Path) -> bool:
    try:
        return path.stat().st_mtime > STARTED
    except OSError:
        return False


def kept(instance: Instance, name: str = "recovery1") -> list[InCase]:
    """The files of every case, as the stock reader opens them."""
    instance.pana("export", "all.zip")
    (identity,) = read_identity_file((instance.folder / f"{name}.txt").read_bytes(), str).identities
    cases = in_cases((instance.folder / "all.zip").read_bytes(), identity)
    (instance.folder / "all.zip").unlink()
    return [one for files in cases.values() for one in files]


async def kill_and_start(instance: Instance, until: asyncio.Event, chance: random.Random, pause: float) -> int:
    """Kills the bot at random moments and starts it again, until all was sent."""
    kills = 0
    while not until.is_set():
        await asyncio.sleep(chance.uniform(0.0, pause))
        await instance.stop(signal.SIGKILL)
        kills += 1
        await instance.start()
    return kills


async def files_run(telegram: BotApiServer, instance: Instance, count: int, people: int, pause: float) -> None:
    """Files of every kind, while the bot is killed and one call in five fails; then all is opened and compared."""
    chance, began = random.Random(count), time.monotonic()
    telegram.person(201), telegram.person(202)
    persons = [telegram.person(3000 + number) for number in range(people)]
    await instance.start()
    for person in persons:
        await called(person)
    kinds = list(STARTS)
    sent = {
        number: (kinds[number % 4], content_of(kinds[number % 4], number, chance.choice((300, 40_000, 700_000))))
        for number in range(count)
    }
    telegram.faults += [
        Fault("*", "502", times=10**9, probability=0.08),
        Fault("*", "reset", times=10**9, probability=0.08),
        Fault("file", "cut", times=10**9, probability=0.1),
        Fault("getFile", "429", 1, times=10**9, probability=0.04),
    ]
    over = asyncio.Event()
    killing = asyncio.create_task(kill_and_start(instance, over, chance, pause))
    for number, (kind, content) in sent.items():
        send(telegram, persons[number % people], kind, number, content)
        await asyncio.sleep(chance.uniform(0.0, 2 * pause * 3 / count))
    await asyncio.sleep(pause)
    over.set()
    kills = await killing
    seen = in_clear(places(instance), in_every_encoding([CANARY]))

    def theirs() -> list[int]:
        return [one.id for person in persons for one in person.chat if not one.from_bot]

    deadline = time.monotonic() + PATIENCE
    while theirs() and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    left = theirs()
    telegram.faults.clear()
    assert await instance.stop() == 0
    seen += in_clear(places(instance), in_every_encoding([CANARY]))
    found = await asyncio.to_thread(kept, instance)
    hashes = sorted(one.value["sha256"] for one in found)
    wanted = sorted(hashlib.sha256(content).hexdigest() for _, content in sent.values())
    print(
        f"\n{count} files, {sum(len(content) for _, content in sent.values()) / MB:.0f} MB, {kills} kills,"
        f" {time.monotonic() - began:.0f} s: {len(found)} kept, {len(set(wanted) - set(hashes))} missing,"
        f" {len(hashes) - len(set(hashes))} twice, {len(seen)} in clear, {len(left)} messages left"
    )
    assert (hashes, seen, left) == (wanted, [], [])


def test_a_word_is_found_however_it_lies_there(tmp_path: Path) -> None:
    """What looks for it would see it."""
    word = canary(7)
    ways = [word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()]
    ways += [base64.b64encode(b"x" * before + word.encode() + b"after") for before in range(4)]
    for number, data in enumerate(ways):
        (tmp_path / str(number)).write_bytes(b"before" + data + b"behind")
    found = in_clear([tmp_path], in_every_encoding([word]))
    assert {one.partition(":")[0] for one in found} == {str(tmp_path / str(number)) for number in range(len(ways))}


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_every_file_arrives_sealed_once_though_the_bot_is_killed(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Twenty-four of every kind, with a call in five failing; forty in `make both`."""
    await files_run(telegram, instance, *((40, 4) if WHOLE else (24, 3)), 1.5)


@pytest.mark.long
@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_five_hundred_files(telegram: BotApiServer, instance: Instance) -> None:
    """The same with five hundred."""
    await files_run(telegram, instance, 500, 10, 2.5)


# --- many large ones at once ---


def peak(instance: Instance) -> float:
    """The most memory that the bot's process has had, in MB (proc(5), VmHWM)."""
    assert instance.process is not None
    status = Path(f"/proc/{instance.process.pid}/status").read_text()
    (line,) = [one for one in status.splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


async def taps(person: Person, over: asyncio.Event, chance: random.Random) -> list[float]:
    """Somebody answers and goes back, again and again: the seconds that each tap waits for its answer."""
    waited = []
    while not over.is_set():
        for label in ("1. ", "Назад"):
            before, began = person.last.edits, time.monotonic()
            person.press(label)
            await person.until(lambda before=before: person.last.edits > before or None)
            waited.append(time.monotonic() - began)
            await asyncio.sleep(chance.uniform(0.1, 0.5))
    return waited


async def large_run(telegram: BotApiServer, made: Instance, count: int, others: int) -> tuple[float, float]:
    """So many files of 20 MB at once, while others tap. The bot begins as it does for a user: nothing is there yet.

    Its peak of memory in MB before any file, and with them.
    """
    instance = Instance(made.folder, made.token, made.api_url)
    try:
        return await _large_run(telegram, instance, count, others)
    finally:
        await instance.stop(signal.SIGKILL)


async def _large_run(telegram: BotApiServer, instance: Instance, count: int, others: int) -> tuple[float, float]:
    telegram.person(201), telegram.person(202)
    senders = [telegram.person(4000 + number) for number in range(count)]
    tapping = [telegram.person(5000 + number) for number in range(others)]
    await instance.start()
    for person in (*senders, *tapping):
        await called(person)
    before, over, chance = peak(instance), asyncio.Event(), random.Random(count)
    data = random.Random(1).randbytes(20 * MB)
    async with asyncio.TaskGroup() as group:
        alone = asyncio.Event()
        first = [group.create_task(taps(person, alone, chance)) for person in tapping]
        await asyncio.sleep(0.4 * count if count > 5 else 0.2)  # nothing is asserted of it
        alone.set()
        usual = sorted(chain.from_iterable(await asyncio.gather(*first)))
        waits = [group.create_task(taps(person, over, chance)) for person in tapping]
        began = time.monotonic()
        for number, person in enumerate(senders):
            send(telegram, person, "paper", number, STARTS["paper"] + data[: -len(STARTS["paper"])])
        for person in senders:
            await person.until(lambda person=person: all(one.from_bot for one in person.chat) or None, 300)
        took = time.monotonic() - began
        over.set()
    waited = sorted(seconds for one in waits for seconds in one.result())
    most, p99 = peak(instance), waited[int(len(waited) * 0.99) - 1]
    print(
        f"\n{count} files of 20 MB in {took:.0f} s: {most:.0f} MB at most ({before:.0f} before), {len(waited)} taps,"
        f" p50 {waited[len(waited) // 2]:.3f} s, p99 {p99:.3f} s, the slowest {waited[-1]:.3f} s;"
        f" without files p50 {usual[len(usual) // 2]:.3f} s, the slowest {usual[-1]:.3f} s"
    )
    assert await instance.stop() == 0
    assert p99 < 0.3
    return before, most


@pytest.mark.timed
@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_large_files_take_no_memory_and_hold_nobody_up(telegram: BotApiServer, instance: Instance) -> None:
    """Two of 20 MB while others tap: forty megabytes go through twelve; with `make files` four hundred."""
    before, most = await large_run(telegram, instance, 2, 5)
    assert most - before < 12


@pytest.mark.long
@pytest.mark.timed
@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_twenty_files_of_20_mb_at_once(telegram: BotApiServer, instance: Instance) -> None:
    """While ten others tap; all of the bot stays under 150 MB."""
    _before, most = await large_run(telegram, instance, 20, 10)
    assert most < 150
