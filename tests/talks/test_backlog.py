"""After an outage many rows are due at once: each is brought once, and what is urgent goes past them."""

import asyncio
from collections import Counter
from pathlib import Path

from bot.delivery.sender import A_LOOK, MOST
from tests.talks.life import Life, begun, living
from tests.virtual_time import run

AIGUL, PERSON, FIRST = 201, 900, 50_000
MANY = 2 * MOST
A_CALL = 1 / 25  # seconds: what Telegram takes (facts: about 30 messages a second)


def chats_to_empty(life: Life, count: int) -> None:
    """So many chats from which a message has to go."""

    def change(tx: object) -> None:
        for chat_id in range(FIRST, FIRST + count):
            life.core.queue.wipes.messages(tx, chat_id, [1])  # type: ignore[arg-type]

    life.change(change)


def test_what_waits_for_its_turn_is_brought_once(prepared: Path, tmp_path: Path) -> None:
    """However long that takes: a row is taken for half a minute, and its process takes no more than get through."""
    free_at = 0.0

    async def before(_what: str, _chat_id: int) -> None:
        nonlocal free_at
        now = asyncio.get_running_loop().time()
        free_at = max(free_at, now) + A_CALL
        await asyncio.sleep(free_at - now)

    async def story(life: Life) -> None:
        chats_to_empty(life, MANY)
        life.telegram.before = before
        sends = asyncio.create_task(life.sender.run())
        await asyncio.sleep(MANY * A_CALL + 5.0)
        assert life.sender.idle
        sends.cancel()
        gone = Counter(one.chat_id for one in life.telegram.log if one.what == "remove")
        assert len(gone) == MANY
        assert set(gone.values()) == {1}

    with living(prepared, tmp_path / "pana") as life:
        run(life.live(story))


def test_an_alert_goes_past_rows_that_cannot_be_brought(prepared: Path, tmp_path: Path) -> None:
    """As many as may be on their way stand still."""
    stands_still = asyncio.Event()

    async def before(_what: str, chat_id: int) -> None:
        if chat_id >= FIRST:
            await stands_still.wait()

    async def story(life: Life) -> None:
        chats_to_empty(life, MANY)
        life.telegram.before = before
        sends = asyncio.create_task(life.sender.run())
        await asyncio.sleep(5.0)
        assert MOST - A_LOOK < len(life.sender._on_their_way) <= MOST
        await begun(life, PERSON)
        await life.press(PERSON, "Удерживают")
        await asyncio.sleep(1.5)
        assert any("СРОЧНО" in one.text for one in life.seen(AIGUL))
        stands_still.set()
        await asyncio.sleep(5.0)
        assert life.sender.idle
        sends.cancel()

    with living(prepared, tmp_path / "pana") as life:
        run(life.live(story))


def test_many_messages_for_one_chat_come_once_each(prepared: Path, tmp_path: Path) -> None:
    """One a second is what Telegram takes for a chat: the last of them wait for longer than a row is taken for."""
    free_at: dict[int, float] = {}

    async def before(_what: str, chat_id: int) -> None:
        now = asyncio.get_running_loop().time()
        free_at[chat_id] = max(free_at.get(chat_id, 0.0), now) + 1.0
        await asyncio.sleep(free_at[chat_id] - now)

    async def story(life: Life) -> None:
        def change(tx: object) -> None:
            for number in range(90):
                life.core.queue.wipes.messages(tx, FIRST, [2 * number])  # type: ignore[arg-type]

        life.change(change)
        life.telegram.before = before
        sends = asyncio.create_task(life.sender.run())
        await asyncio.sleep(100.0)
        assert life.sender.idle
        sends.cancel()
        gone = Counter(one.message_id for one in life.telegram.log if one.what == "remove")
        assert (len(gone), set(gone.values())) == (90, {1})

    with living(prepared, tmp_path / "pana") as life:
        run(life.live(story))
