"""What of several processes on one database one does for all: three roles, and who has them.

Today one election gives all three to the same process, because who polls Telegram can only be one. With a webhook
several may receive, so whoever asks names the role that is meant.
"""

import asyncio

from bot.clock import TelegramTime
from storage.locks import Election


class Roles:
    """Who has which role, as of the last time that this process stood for election. `shared`: there may be others."""

    def __init__(self, *, election: Election, shared: bool, telegram: TelegramTime) -> None:
        self._election, self._shared, self._telegram = election, shared, telegram
        self._elected = not shared

    async def stand(self) -> None:
        """Stands for election, or makes sure of it again; whoever is elected stays so while it lives."""
        if self._shared:
            self._elected = await asyncio.to_thread(self._election.leads)

    def resign(self) -> None:
        """Another process may be elected."""
        self._election.resign()

    def leads(self) -> bool:
        """Leads the clock: follows the time for all, destroys, and tells what must be told once."""
        return self._elected

    def receives(self) -> bool:
        """Receives what people write: it asks Telegram for updates, and the others do not."""
        return self._elected

    def owns_rota(self) -> bool:
        """Its rota file is the one that counts: each process may see another file."""
        return self._elected

    def works(self) -> bool:
        """Whether what is due may be done here, by a time that is right.

        Whoever leads has followed the time that was kept; one that stands by works only by Telegram's.
        """
        return self.leads() or self._telegram.heard is not None
