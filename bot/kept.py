"""The database while the bot runs: this process has it, its questionnaire is kept in it, its writer works."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.handoff.queue import Queue
from bot.questionnaires import Questionnaires
from storage.database import Database
from storage.sent_files import SentFiles
from storage.writer import Writer


class KeptDatabase:
    """Opened once, for as long as the bot runs."""

    def __init__(
        self,
        *,
        database: Database,
        questionnaires: Questionnaires,
        queue: Queue,
        files: SentFiles,
        writer: Writer,
    ) -> None:
        self._database, self._questionnaires, self._writer = database, questionnaires, writer
        self._queue, self._files = queue, files

    @asynccontextmanager
    async def in_use(self) -> AsyncIterator[None]:
        """From the start of the writer to its end; what a process before had begun to send is due again."""
        self._database.claim_for_bot()
        self._database.change(self._questionnaires.store)
        if not self._database.shared:
            self._database.change(self._queue.begins_again)
            self._database.change(self._files.due_again)
        self._writer.start()
        try:
            yield
        finally:
            await self._writer.stop()
