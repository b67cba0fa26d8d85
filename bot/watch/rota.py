"""The rota in force, and its file where the configuration names one."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.handoff.rota.duty import Duty
from bot.handoff.rota.file import RotaFile
from storage.database import Database
from storage.writer import Writer


class WatchedRota:
    """`file`: None without one in the configuration. `now()`: by the bot's clock."""

    def __init__(
        self, *, writer: Writer, database: Database, duty: Duty, file: RotaFile | None, now: Callable[[], datetime]
    ) -> None:
        self._writer, self._database, self._duty, self._file, self._now = writer, database, duty, file, now

    async def drop_if_none(self) -> None:
        """Whoever takes the file out of the configuration has no rota any more."""
        if self._file is None:
            await self._writer.run(self._duty.rota.kept.drop)

    async def read(self) -> None:
        """Works out the rota in force for the weeks to come, outside any change."""
        await asyncio.to_thread(self._duty.rota.make_ready, self._database)

    async def look_at_file(self) -> None:
        """Puts a rota in force whose file has changed."""
        file = self._file
        seen = await asyncio.to_thread(file.look, self._now()) if file is not None else None
        if file is not None and seen is not None:
            await self._writer.run(lambda tx: file.take(tx, seen))
