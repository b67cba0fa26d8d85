"""Fetches what people have sent and seals it as it comes: in constant memory, beside the writer thread, never in clear.

What is fetched and sealed goes to the database part by part (storage/sent_files.py). Until the last one is there it is
nothing; then entry, index and the removal of the person's message are one change. What is cut off begins anew.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from bot.edge import Edge
from bot.errors import Refused, TryAgain
from bot.handoff.case_files import CaseFiles, Fetched
from bot.logs import log
from bot.telegram.files import Files, TooLarge
from storage.media import LOOKED_AT, media_of
from storage.outbox import Lane
from storage.record import FileSealing
from storage.sent_files import GONE, PART, TOO_LARGE, About, Wanted
from storage.writer import Writer

AT_ONCE = 2
LONGEST_WAIT = 30.0  # seconds
DOUBLED = 10  # times; more change nothing
MOST_REFUSALS = 10  # some minutes: Telegram says the same of what it has forgotten and of what is away for a moment
SAYS_SO_EVERY = timedelta(seconds=10)  # that it goes on, however slow the line is; much less than TAKEN_FOR
BREATH = 0.01  # seconds between two parts: whoever taps meanwhile goes first
LONGEST_FETCH = 900.0  # seconds for 20 MB; a line that is slower must not keep others waiting


class NotWanted(Exception):
    """The case has ended while its file was on its way."""


class Fetching:
    """The loop that fetches files."""

    def __init__(
        self,
        *,
        writer: Writer,
        case_files: CaseFiles,
        files: Files,
        edge: Edge,
        now: Callable[[], datetime],
        works: Callable[[], bool],
    ) -> None:
        self._writer, self._case_files, self._files, self._edge = writer, case_files, files, edge
        self._now, self._works = now, works
        self._woken = asyncio.Event()
        self._on_their_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """A file is wanted."""
        self._woken.set()

    @property
    def idle(self) -> bool:
        """True when no file is on its way."""
        return not self._on_their_way

    async def run(self) -> None:
        """Fetches until it is cancelled; looks at least once a second."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                for wanted in await self._take():
                    task = group.create_task(self.bring(wanted))
                    self._on_their_way.add(task)
                    task.add_done_callback(self._done)
                try:
                    async with asyncio.timeout(1.0):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    def _done(self, task: asyncio.Task[None]) -> None:
        self._on_their_way.discard(task)
        self._woken.set()

    async def _take(self) -> list[Wanted]:
        free = AT_ONCE - len(self._on_their_way)
        if free <= 0 or not self._works():
            return []
        try:
            return list(await self._writer.run(lambda tx: self._case_files.files.take(tx, free)))
        except Exception as error:  # what is on its way goes on
            log.error("storage is not available, files wait", error=type(error).__name__)
            return []

    async def bring(self, wanted: Wanted) -> None:
        """Fetches one that was taken; what fails there is its own affair."""
        await self._edge.row("file", wanted.row, lambda: self._bring(wanted))

    async def _bring(self, wanted: Wanted) -> None:
        """What may pass is tried again for a day; what lasts, or is too large, is told to its person."""
        about = wanted.about
        if about is None or self._now() >= wanted.until:
            await self._lost(wanted, GONE)
            return
        try:
            async with asyncio.timeout(LONGEST_FETCH):
                await self._keep(wanted, about)
        except TooLarge:
            await self._lost(wanted, TOO_LARGE)
        except Refused as error:
            if wanted.refusals + 1 >= MOST_REFUSALS:
                await self._lost(wanted, GONE)
            else:
                await self._later(wanted, None, error, refused=True)
        except TryAgain as error:
            await self._later(wanted, error.after, error)
        except TimeoutError as error:
            await self._later(wanted, None, error)
        except NotWanted:
            log.info("a file is not wanted any more, or somebody else fetches it")

    async def _keep(self, wanted: Wanted, about: About) -> None:
        recipient = await self._writer.run(lambda tx: self._case_files.begins(tx, wanted))
        if recipient is None:
            raise NotWanted
        async with self._files.fetch(Lane.bulk, about.file_id) as pieces:
            fetched = await self._sealed(wanted, recipient, pieces)
        if not await self._writer.run(lambda tx: self._case_files.is_kept(tx, wanted, about, fetched)):
            raise NotWanted

    async def _sealed(self, wanted: Wanted, recipient: str, pieces: AsyncIterator[bytes]) -> Fetched:
        """Piece by piece into the database; a part of it and a piece are in memory."""
        sealing, ready, parts, start, said = FileSealing(recipient), bytearray(), 0, b"", self._now()
        async for piece in pieces:
            start = start if len(start) >= LOOKED_AT else (start + piece)[:LOOKED_AT]
            ready += sealing.add(piece)
            while len(ready) >= PART:
                await self._add(wanted, parts, bytes(ready[:PART]))
                del ready[:PART]
                parts, said = parts + 1, self._now()
            if self._now() - said >= SAYS_SO_EVERY:
                await self._goes_on(wanted)
                said = self._now()
        ready += sealing.end()
        for at in range(0, len(ready), PART):
            await self._add(wanted, parts, bytes(ready[at : at + PART]))
            parts += 1
        return Fetched(
            parts=parts,
            bytes=sealing.bytes,
            sha256=sealing.clear_sha256,
            sealed_size=sealing.size,
            sealed_sha256=sealing.sha256,
            media=media_of(start),
        )

    async def _add(self, wanted: Wanted, number: int, part: bytes) -> None:
        if not await self._writer.run(lambda tx: self._case_files.files.add(tx, wanted, number, part)):
            raise NotWanted
        await asyncio.sleep(BREATH)

    async def _goes_on(self, wanted: Wanted) -> None:
        if not await self._writer.run(lambda tx: self._case_files.files.goes_on(tx, wanted)):
            raise NotWanted

    async def _lost(self, wanted: Wanted, why: str) -> None:
        log.warning("a file could not be had", kind=why)
        await self._writer.run(lambda tx: self._case_files.lost(tx, wanted, why))

    async def _later(self, wanted: Wanted, after: float | None, error: Exception, *, refused: bool = False) -> None:
        backoff = random.uniform(0.5, 1.0) * min(LONGEST_WAIT, 2.0 ** min(wanted.attempts, DOUBLED))  # noqa: S311 - jitter
        at = self._now() + timedelta(seconds=after if after is not None else backoff)
        name = type(error).__name__
        log.warning("a file is put off", attempts=wanted.attempts, error=str(error) or name)
        told, files = after is not None, self._case_files.files
        await self._writer.run(lambda tx: files.later(tx, wanted, at, name, refused=refused, told=told))
