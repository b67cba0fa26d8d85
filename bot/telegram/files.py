"""Fetches what people have sent, piece by piece (Bot API, getFile: at most 20 MB, an address good for an hour)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.errors import CallError, Refused, TryAgain
from bot.speech.incoming import LARGEST_FILE
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from storage.outbox import Lane


class TooLarge(CallError):
    """A file is larger than a bot may fetch."""


@dataclass(frozen=True, slots=True)
class Files:
    """Raises TryAgain for what may pass, Refused for a file that Telegram does not give, TooLarge."""

    api: Api
    lanes: Lanes

    @asynccontextmanager
    async def fetch(self, lane: Lane, file_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Its bytes as they come. What comes short of the size that Telegram tells raises TryAgain at the end."""
        try:
            found = await self.lanes.call(lane, 0, lambda: self.api.bot.get_file(file_id), new=False)
        except TryAgain:
            raise
        except CallError as error:  # whatever else Telegram says of a file, it does not give it
            raise TooLarge("too large") if "too big" in str(error) else Refused(str(error)) from None
        if found.file_path is None:
            raise Refused("a file has no address")
        if (found.file_size or 0) > LARGEST_FILE:
            raise TooLarge("too large")
        async with self.api.download(found.file_path) as pieces:
            yield _whole(pieces, found.file_size)

    async def whole(self, lane: Lane, file_id: str) -> bytes:
        """All of it at once: for what is small."""
        return await at_most(self, lane, file_id, LARGEST_FILE)


async def at_most(files: Files, lane: Lane, file_id: str, most: int) -> bytes:
    """All of a file; raises TooLarge as soon as it is more than that."""
    came = bytearray()
    async with files.fetch(lane, file_id) as pieces:
        async for piece in pieces:
            came += piece
            if len(came) > most:
                raise TooLarge("too large")
    return bytes(came)


async def _whole(pieces: AsyncIterator[bytes], size: int | None) -> AsyncIterator[bytes]:
    came = 0
    async for piece in pieces:
        came += len(piece)
        if came > LARGEST_FILE:
            raise TooLarge("too large")
        yield piece
    if size is not None and came != size:
        raise TryAgain("a file was cut off")
