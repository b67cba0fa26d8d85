"""Somebody with a phone: types, presses, and looks at the chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.demo.world import Message, World

T = TypeVar("T")
MEANT_ANEW = 16.0  # seconds; the same text sooner was sent twice (bot/seeker/repeats.py)


@dataclass(frozen=True, slots=True)
class Press:
    """A press that was made."""

    world: World
    id: str

    @property
    def answered(self) -> bool:
        """True once the bot has answered it."""
        return self.world.presses[self.id].answered

    @property
    def toast(self) -> str | None:
        """The text that the answer showed."""
        return self.world.presses[self.id].toast


@dataclass(frozen=True, slots=True)
class Person:
    """Drives one private chat."""

    world: World
    id: int

    @property
    def chat(self) -> list[Message]:
        """The visible messages in order."""
        return list(self.world.chats[self.id].values())

    @property
    def from_bot(self) -> list[Message]:
        """The bot's visible messages in order."""
        return [one for one in self.chat if one.from_bot]

    @property
    def last(self) -> Message:
        """The newest visible message of the bot."""
        return self.from_bot[-1]

    def say(self, text: str, *, again: bool = False, **content: Any) -> Message:
        """Sends a text. Who means the same once more waits until it counts, but for `again`: it comes twice."""
        before = self.world.typed.get(self.id)
        anew = before is not None and before.text == text and not again
        since = before.date + MEANT_ANEW if before is not None and anew else 0.0
        return self.world.type(self.id, {"text": text, **content}, since=since)

    def send(self, **content: Any) -> Message:
        """Sends a message that is no text, such as `photo=[...]`."""
        return self.world.type(self.id, content)

    def press(self, label: str, message: Message | None = None) -> Press:
        """Presses the newest button that is labelled so, or whose label contains it."""
        candidates = [message] if message else [one for one in reversed(self.from_bot) if one.markup]
        for exact in (True, False):
            for one in candidates:
                for row in one.buttons:
                    for button in row:
                        if button.text == label if exact else label in button.text:
                            return self.press_data(button.data, one.id)
        raise LookupError(f"no button {label!r}; there are {[one.labels for one in candidates]}")

    def press_data(self, data: str, message_id: int) -> Press:
        """Presses with any data, as a changed client could."""
        return Press(self.world, self.world.press(self.id, message_id, data))

    async def wait(self, wanted: Callable[[Message], bool], seconds: float = 20.0) -> Message:
        """The first visible message for which `wanted` is true."""
        return await self.until(lambda: next((one for one in self.chat if wanted(one)), None), seconds)

    async def sees(self, text: str, seconds: float = 20.0) -> Message:
        """The first visible message of the bot that contains a text."""
        return await self.wait(lambda message: message.from_bot and text in message.text, seconds)

    async def until(self, look: Callable[[], T | None], seconds: float = 20.0) -> T:
        """Waits until `look` gives something; tells what was visible when it does not."""
        changed = asyncio.Event()
        self.world.changed.append(changed.set)
        try:
            async with asyncio.timeout(seconds):
                while True:
                    changed.clear()
                    if (found := look()) is not None:
                        return found
                    await changed.wait()
        except TimeoutError:
            shown = [one.text for one in self.from_bot]
            raise TimeoutError(f"not seen within {seconds} s; visible: {shown}") from None
        finally:
            self.world.changed.remove(changed.set)

    def block(self) -> None:
        """Blocks the bot; Telegram tells it so."""
        self.world.block(self.id, blocked=True)

    def unblock(self) -> None:
        """Lets the bot in again."""
        self.world.block(self.id, blocked=False)

    def edit(self, message: Message, text: str) -> None:
        """Edits a message; one that was removed from the chat meanwhile may still be on its way to be edited."""
        self.world.correct(self.id, message, text)

    def clear_chat(self) -> None:
        """Removes everything on this phone."""
        self.world.chats[self.id].clear()
