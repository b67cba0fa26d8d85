"""The clock of the tests stands still while anything but time is waited for."""

import asyncio
import time

import pytest

from tests.virtual_time import run


async def _passed_while(work: float) -> float:
    """Virtual seconds that go by for somebody who waits in short steps while a thread works for so long."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    working = asyncio.ensure_future(asyncio.to_thread(time.sleep, work))
    while not working.done():
        await asyncio.sleep(1.0)
    return loop.time() - began


def test_no_time_passes_while_a_thread_works() -> None:
    assert run(_passed_while(0.05)) <= 2.0


def test_what_a_thread_raises_reaches_whoever_waits() -> None:
    async def fails() -> None:
        await asyncio.to_thread(int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        run(fails())
