"""Fetching updates while Telegram cannot be reached. In virtual time."""

import asyncio
import itertools
from typing import Any, cast

import pytest

from bot.errors import TryAgain
from bot.hearing import Hearing
from bot.telegram.api import Api
from bot.telegram.receive import Receiver
from tests.virtual_time import run


class Unreachable:
    """A Bot API that answers nothing for so many seconds, then empty batches."""

    bot = None

    def __init__(self, seconds: float) -> None:
        self._until, self.fetched = seconds, itertools.count()

    async def fetch(self, offset: int | None, seconds: int) -> list[dict[str, Any]]:
        """An empty long poll, or a failure."""
        del offset, seconds
        await asyncio.sleep(1.0)
        next(self.fetched)
        if asyncio.get_running_loop().time() < self._until:
            raise TryAgain("not reached")
        return []


class NothingWaits:
    """There is no flood."""

    async def keep(self, updates: object, heard: object) -> None:
        """Is not asked."""
        raise AssertionError

    async def kept(self) -> list[dict[str, Any]]:
        """Nothing does."""
        return []


@pytest.mark.parametrize(("seconds", "missed"), [(100.0, 0), (200.0, 1)])
def test_an_outage_that_costs_presses_is_noticed_once(seconds: float, missed: int) -> None:
    """Presses live 150 seconds at Telegram (Bot API, answerCallbackQuery); the process itself never stood still."""
    said: list[float] = []

    async def nothing(_received: object, *, later: bool = False) -> None:
        return

    async def leads() -> bool:
        return True

    async def known(_chats: object) -> frozenset[int]:
        return frozenset()

    async def work() -> None:
        clock = asyncio.get_running_loop().time
        hearing = Hearing(lambda: None, clock)
        api = cast(Api, Unreachable(seconds))
        receiver = Receiver(
            api=api,
            handle=nothing,
            receives=leads,
            known=known,
            waiting=NothingWaits(),
            missed=lambda: said.append(clock()),
            hearing=hearing,
        )
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receiver.run(), 600)

    run(work())
    assert len(said) == missed
