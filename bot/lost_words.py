"""Compares what is typed with members' lost words, beside the loop and outside of every change: a try is slow.

Of a stranger nothing is kept, so their text is answered first, as any stranger's is, and compared afterwards, one at a
time and with rests: there is no moment at which an answer could tell anything, and a flood waits here behind everybody.
Whatever else is typed is compared before it is heard, so that no lost word is sealed into a case. Tries are counted for
each account, and all together.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.front import Front
from bot.joining import Tries
from bot.logs import log
from bot.speech.incoming import Corrected, Incoming, Said
from bot.speech.lost_word import behind_command
from bot.telegram.lanes import Bucket
from storage.errors import NotKept
from storage.sealing.lost_word import tidy
from storage.writer import Writer

TRIES_AN_HOUR = 20  # of one account; all that has the form of a lost word counts
AT_ONCE, A_SECOND = 20.0, 2.0  # of all who have something open
MOST_WAITING = 2000  # strangers, of each the newest text
RESTS = 4.0  # times as long as a try took: a fifth of one core at most
LOOKS_EVERY = 5.0  # seconds, whether there is anything to compare with
STORAGE_WAIT = 1.0


@dataclass(frozen=True, slots=True)
class _Typed:
    """What may be a lost word, in its tidy form. `chooses`: typed behind the command."""

    word: str
    chooses: bool


class LostWords:
    """Compares what was typed with lost words, slowly."""

    def __init__(
        self,
        *,
        front: Front,
        writer: Writer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._front, self._writer, self._clock = front, writer, clock
        self._tries = Tries(clock=clock, most=TRIES_AN_HOUR)
        self._all = Bucket(A_SECOND, AT_ONCE, AT_ONCE, clock())
        self._any, self._looked = False, float("-inf")
        self._waiting: dict[int, str] = {}
        self._one_at_a_time = asyncio.Lock()  # a try takes 32 MiB (storage/sealing/lost_word.py)
        self._came = asyncio.Event()

    async def before(self, incoming: Incoming) -> bytes | None:
        """The slow hash of a text that has to be compared before it is heard. Raises NotKept."""
        typed = _typed(incoming)
        if typed is None or not (typed.chooses or await self._is_any()) or self._tries.locked(incoming.chat_id):
            return None
        self._tries.wrong(incoming.chat_id)
        here = await self._writer.run(lambda tx: self._front.known(tx, [incoming.chat_id]))
        if not here or self._all.wait(self._clock()) > 0.0:
            self._wait(incoming.chat_id, typed.word)
            return None
        self._all.take()
        return await self._slow(typed.word)

    async def run(self) -> None:
        """Compares what strangers have typed, for ever."""
        while True:
            await self._came.wait()
            began = self._clock()
            try:
                await self.compare_next()
            except NotKept:
                await asyncio.sleep(STORAGE_WAIT)
            await asyncio.sleep(RESTS * (self._clock() - began))

    async def compare_next(self) -> None:
        """One text of those that wait, if there is any; raises NotKept, and then it waits on."""
        if not self._waiting:
            self._came.clear()
            return
        chat_id = next(iter(self._waiting))
        slow = await self._slow(self._waiting[chat_id])
        await self._writer.run(lambda tx: self._front.lost(tx, slow))
        self._waiting.pop(chat_id)

    def _wait(self, chat_id: int, word: str) -> None:
        if len(self._waiting) >= MOST_WAITING and chat_id not in self._waiting:
            log.warning("a text is not compared: too many wait")
            return
        self._waiting[chat_id] = word
        self._came.set()

    async def _slow(self, word: str) -> bytes:
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._front.lost_word.words.slow, word)

    async def _is_any(self) -> bool:
        now = self._clock()
        if now - self._looked >= LOOKS_EVERY:
            self._any = await self._writer.run(self._front.lost_word.words.any)
            self._looked = now
        return self._any


def _typed(incoming: Incoming) -> _Typed | None:
    if not isinstance(incoming, Said | Corrected):
        return None
    chosen = behind_command(incoming.text)
    word = tidy(incoming.text if chosen is None else chosen)
    return None if word is None else _Typed(word, chosen is not None)
