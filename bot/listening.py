"""Reaches Telegram, however long that takes; then receives what people write."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.errors import CallError, TokenInUse
from bot.face import Face
from bot.hearing import Hearing, Trouble
from bot.logs import log
from bot.pulse import IN_USE
from bot.roles import Roles
from bot.telegram.api import Api
from bot.telegram.receive import Receiver, trouble
from bot.updates import Updates

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
REFUSED_WAIT, MOST_REFUSED = 5.0, 3  # a wrong token is told in ten seconds; one refusal may pass
LONG_START = 30.0  # seconds without Telegram; it may have been away before this process began, too


class Listening:
    """`missed()`: Telegram was away for so long that presses may be lost. `named(name)`: so the bot is called there."""

    def __init__(
        self,
        *,
        api: Api,
        roles: Roles,
        hearing: Hearing,
        updates: Updates,
        face: Face,
        missed: Callable[[], None],
        named: Callable[[str], Coroutine[Any, Any, None]],
    ) -> None:
        self._api, self._roles, self._hearing = api, roles, hearing
        self._updates, self._face, self._missed, self._named = updates, face, missed, named

    async def run(self) -> None:
        """Until it is cancelled."""
        await self._connect()
        await self._see_that_it_is_alone()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._face.put_on())
            group.create_task(self._named(self._api.bot.username))
            await Receiver(
                api=self._api,
                handle=self._updates.handle,
                receives=self._receives,
                known=self._updates.known,
                waiting=self._updates,
                missed=self._missed,
                hearing=self._hearing,
            ).run()

    async def _receives(self) -> bool:
        await self._roles.stand()
        return self._roles.receives()

    async def _connect(self) -> None:
        """Asks until Telegram answers; raises TokenTrouble when it refuses the token for ten seconds."""
        wait, refused = FIRST_WAIT, 0
        while True:
            await self._roles.stand()  # of several processes one tells everybody that Telegram is away
            try:
                await self._api.open()
                break
            except CallError as error:
                why = trouble(error)
                pause = REFUSED_WAIT if why is Trouble.refused else wait
                refused = refused + 1 if why is Trouble.refused else 0
                if refused == MOST_REFUSED:
                    raise
                log.warning("the Bot API cannot be reached", error=str(error), seconds=pause)
            self._hearing.failed(why, pause)
            await asyncio.sleep(pause)
            wait = min(wait * 2, LONGEST_WAIT)
        if self._hearing.clock() - self._hearing.seen.began > LONG_START:
            self._missed()

    async def _see_that_it_is_alone(self) -> None:
        """Raises TokenInUse when a webhook takes the updates; Pana never sets one."""
        try:
            webhook = await self._api.webhook()
        except CallError as error:  # getUpdates tells the same
            log.warning("a webhook could not be looked for", error=str(error))
            return
        if webhook.is_set:
            raise TokenInUse(IN_USE)
