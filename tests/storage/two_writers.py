"""What two processes that write to one PostgreSQL get done beside what one does, some way away from it."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import Queue, get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Literal

from msgspec import structs
from sqlalchemy import make_url

from flows.model import Intake
from storage.database import Database, Pending
from storage.intakes import Intakes, OpenIntake
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from tests.whole import WHOLE

IN_A_BATCH, SECONDS = 32, 2.0 if WHOLE else 0.7
Home = Literal["database"] | None
_PROCESSES = get_context("forkserver")  # which has read the program once
_PROCESSES.set_forkserver_preload([__name__])


def taps_a_second(url: str, key_file: Path, home: Home, processes: int) -> float:
    """Taps (an intake found, and put back) that so many processes get done, each in batches of 32 of its own people."""
    gate, counts = _PROCESSES.Barrier(processes), _PROCESSES.Queue()
    workers = [
        _PROCESSES.Process(target=_tap, args=(url, str(key_file), home, number, gate, counts))
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    found = [counts.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
    return sum(found)


@contextlib.contextmanager
def away(url: str, round_trip: float) -> Iterator[str]:
    """The same database, so many seconds there and back, and for the timers between a millisecond and a half more."""
    folder, ports = make_url(url).query["host"], _PROCESSES.Queue()
    between = _PROCESSES.Process(target=_between, args=(f"{folder}/.s.PGSQL.5432", round_trip / 2, ports), daemon=True)
    between.start()
    try:
        far = make_url(url).difference_update_query(["host"]).set(host="127.0.0.1", port=ports.get(timeout=60))
        yield far.render_as_string(hide_password=False)
    finally:
        between.terminate()
        between.join(60)


def _tap(url: str, key_file: str, home: Home, number: int, gate: Barrier, counts: "Queue[float]") -> None:
    ring, database, now = KeyRing.load(Path(key_file), home), Database(url), datetime.now(UTC)
    intakes = Intakes(ring, timedelta(hours=48))
    people = [ring.look_up("chat", f"{number} {one}") for one in range(IN_A_BATCH)]

    def come(tx: Tx, look_up: bytes) -> None:
        intakes.remove(tx, look_up)
        state = Intake(flow="r", language="ru", answers={}, asked=None)
        ends = now + timedelta(hours=48)
        intakes.put(tx, OpenIntake(look_up=look_up, chat_id=1, state=state, tag="t", expires_at=ends))

    def tap(tx: Tx, look_up: bytes) -> None:
        found = intakes.find(tx, look_up)
        assert found is not None
        intakes.put(tx, structs.replace(found, around=found.around + 1))

    def every(change: Callable[[Tx, bytes], None]) -> Sequence[Pending]:
        return [Pending(partial(change, look_up=one), now) for one in people]

    database.run_batch(every(come))
    gate.wait(60)
    began, done = time.monotonic(), 0
    while time.monotonic() < began + SECONDS:
        batch = every(tap)
        database.run_batch(batch)
        assert not any(one.error for one in batch)
        done += len(batch)
    counts.put(done / (time.monotonic() - began))
    database.close()


def _between(socket: str, later: float, ports: "Queue[int]") -> None:
    asyncio.run(_hand_on(socket, later, ports))


async def _hand_on(socket: str, later: float, ports: "Queue[int]") -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_unix_connection(socket)
        await asyncio.gather(_pump(reader, ours, later), _pump(theirs, writer, later), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, later: float) -> None:
    """Each piece leaves so many seconds after it came, however many are on their way."""
    loop = asyncio.get_running_loop()
    while piece := await reader.read(1 << 16):
        loop.call_later(later, writer.write, piece)
    loop.call_later(later, writer.close)
