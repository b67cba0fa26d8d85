"""Cards on their way to a chat: the newest takes the place of those before it, and none that is awaited is lost."""

import asyncio
from typing import Any, cast

import pytest

from bot.errors import TryAgain
from bot.speech.outgoing import Card, Outcome
from bot.telegram.door import Door
from bot.telegram.post import Post
from bot.telegram.replies import Replies
from storage.outbox import Lane
from tests.virtual_time import run


class Reached:
    """A Telegram that cannot be reached for a while, and in which no card is left to be edited."""

    def __init__(self, reached_at: float) -> None:
        self._reached_at, self.sent, self.edits = reached_at, list[str](), 0

    async def edit(self, _lane: Lane, _chat_id: int, _message_id: int, _card: Card) -> bool:
        """The card is gone."""
        self._reach()
        self.edits += 1
        return False

    async def send(self, _lane: Lane, _chat_id: int, card: Card, *, silent: bool, asks: object = None) -> int:
        """A new message: a reply rings nowhere."""
        assert silent
        del asks
        self._reach()
        self.sent.append(card.text)
        return len(self.sent)

    def _reach(self) -> None:
        if asyncio.get_running_loop().time() < self._reached_at:
            raise TryAgain("not reached")


async def may(_chat_id: int, _outcome: Outcome) -> bool:
    """Everything may."""
    return True


async def leaves(_chat_id: int, _outcome: Outcome, _by: str) -> bool:
    """So may every new message."""
    return True


async def came(_chat_id: int, _message_id: int | None, _outcome: Outcome, _by: str) -> None:
    """Nothing is kept."""


async def lost(_chat_id: int) -> None:
    """Every chat is there."""
    raise AssertionError("the chat is there")


def test_a_chat_whose_reply_cannot_be_made_stops_no_other_and_not_itself() -> None:
    """Whatever is raised by a card, a press or a removal: the others are shown, and this chat's next card."""

    class Broken(Reached):
        async def send(self, lane: Lane, chat_id: int, card: Card, *, silent: bool, asks: object = None) -> int:
            if card.text == "broken":
                raise UnicodeEncodeError("utf-16", "", 0, 1, "x")
            return await super().send(lane, chat_id, card, silent=silent, asks=asks)

        async def remove(self, *_: object) -> None:
            raise KeyError

        async def answer_press(self, *_: object, **__: object) -> None:
            raise RecursionError

    post = Broken(0.0)

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            replies = Replies(Door(cast(Post, post), may, leaves, came), lost, group)
            replies.show(7, Outcome(card=Card("broken"), wipe=(1,)), "press")
            replies.show(8, Outcome(card=Card("another chat")))
            await asyncio.sleep(1.0)
            replies.show(7, Outcome(card=Card("the next")))
            await asyncio.sleep(1.0)
            assert replies.idle

    run(work())
    assert post.sent == ["another chat", "the next"]


@pytest.mark.parametrize(("awaited", "sent"), [(True, ["without the answers"]), (False, [])])
def test_a_card_that_only_changes_another_never_costs_one_that_is_awaited(awaited: bool, sent: list[str]) -> None:
    """By itself it is sent to nobody whose card is gone; in the place of a reply that waits, it is the reply."""
    post = Reached(100.0)

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            replies = Replies(Door(cast(Post, post), may, leaves, came), lost, group)
            if awaited:
                replies.show(7, Outcome(card=Card("the answer to /start"), fresh=True))
                await asyncio.sleep(10.0)
            replies.show(7, Outcome(card=Card("without the answers"), edit=1, only_edit=True))

    run(work())
    assert post.sent == sent


def test_a_card_that_is_due_anew_stays_so_when_a_newer_one_takes_its_place() -> None:
    """The chat was emptied, or its card stands far up: the newer card is no change of that one."""
    post = Reached(100.0)

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            replies = Replies(Door(cast(Post, post), may, leaves, came), lost, group)
            replies.show(7, Outcome(card=Card("the answer to /start"), fresh=True))
            await asyncio.sleep(10.0)
            replies.show(7, Outcome(card=Card("drawn anew"), fresh=True))
            replies.show(7, Outcome(card=Card("what was pressed meanwhile"), edit=1))

    run(work())
    assert (post.sent, post.edits) == (["what was pressed meanwhile"], 0)


class AnswerLost:
    """A Telegram that has every message, and whose first answer is lost, or which refuses it for now."""

    def __init__(self, *, too_many: bool) -> None:
        self._too_many, self.sent = too_many, 0

    async def send(self, _lane: Lane, _chat: int, _card: Card, *, silent: bool, asks: Any) -> int:
        """Asks, as the lanes do when a call's turn has come."""
        del silent
        assert await asks()
        self.sent += 1
        if self.sent == 1:
            raise TryAgain("timed out", after=0.01, too_many=self._too_many)
        return self.sent


@pytest.mark.parametrize(("too_many", "left"), [(False, 1), (True, 0)], ids=["lost", "refused for now"])
async def test_a_message_whose_answer_was_lost_is_still_looked_for_after_the_next_has_come(
    too_many: bool, left: int
) -> None:
    """It may stand in the chat: only what was refused, or has arrived, is looked for no more."""
    noted: set[str] = set()

    async def leaves_noted(_chat: int, _outcome: Outcome, by: str) -> bool:
        noted.add(by)
        return True

    async def came_noted(_chat: int, _message: int | None, _outcome: Outcome, by: str) -> None:
        noted.discard(by)

    telegram = AnswerLost(too_many=too_many)
    door = Door(cast(Post, telegram), may, leaves_noted, came_noted)
    outcome = Outcome(card=Card("question"), fresh=True, of=frozenset({"x"}))
    with pytest.raises(TryAgain):
        await door.bring(7, outcome, None)
    assert await door.bring(7, outcome, None) == 2
    assert len(noted) == left
