"""What nobody can remove any more loses what it says, over HTTP against the local Bot API server."""

from collections.abc import AsyncIterator

import pytest
import structlog

from bot.demo.server import BotApiServer, Fault
from bot.speech.outgoing import Button, Card
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from bot.telegram.post import BLANK, EMPTY_FILE, Post
from storage.outbox import Lane

LAWYER = 7


@pytest.fixture
async def post(telegram: BotApiServer) -> AsyncIterator[Post]:
    """What the bot says things with, to a lawyer who has met it."""
    telegram.person(LAWYER)
    api = Api(telegram.world.token, telegram.url)
    await api.open()
    yield Post(api, Lanes())
    await api.close()


async def stands(post: Post, telegram: BotApiServer) -> tuple[int, int]:
    """A card and a case's file that have stood there for three days."""
    card = await post.send(Lane.lawyer, LAWYER, Card("Case K7Q4-F2MX", ((Button("Take", "x"),),)))
    file = await post.document(Lane.lawyer, LAWYER, "K7Q4-F2MX.zip", b"sealed", "pana open K7Q4-F2MX.zip")
    telegram.world.clock.advance(3 * 86_400)
    return card, file


async def test_a_card_loses_text_and_buttons_and_a_file_itself_its_name_and_its_caption(
    post: Post, telegram: BotApiServer
) -> None:
    """What was emptied stays as it is, and what is gone is passed over."""
    numbers = await stands(post, telegram)
    for number in (*numbers, *numbers, 999):
        assert not await post.delete(Lane.wipe, LAWYER, number) or number == 999
        await post.empty(Lane.wipe, LAWYER, number)
    card, file = (telegram.world.chats[LAWYER][number] for number in numbers)
    assert (card.text, card.labels, card.document) == (BLANK, [], None)
    assert (file.text, file.labels, file.document) == ("", [], (EMPTY_FILE, BLANK.encode()))


@pytest.mark.parametrize("method", ["editMessageText", "editMessageMedia"])
async def test_what_cannot_be_emptied_is_told_as_that_and_nothing_is_said_to_be_sent_anew(
    post: Post, telegram: BotApiServer, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """An operator reads in the log what has happened, and nobody's words."""
    numbers = await stands(post, telegram)
    telegram.faults.append(Fault(method, "error", (400, "Bad Request: WORDS_THAT_NOBODY_KNOWS"), times=9))
    with structlog.testing.capture_logs() as logged:
        monkeypatch.setattr("bot.telegram.post.log", structlog.get_logger())  # another test's may be bound already
        for number in numbers:
            await post.empty(Lane.wipe, LAWYER, number)
    told = [one["event"] for one in logged]
    assert told and all("could not be emptied" in one for one in told)
    assert len(telegram.world.chats[LAWYER]) == 2
