"""Brings what a row says to where it belongs: members' chats, the door to a person's, mail and push; and fetches files.

It knows what goes out (bot/delivery/kind.py), and nothing of why.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import assert_never

from bot.delivery.bundles import Bundles
from bot.delivery.kind import (
    NOTHING_CAME,
    Came,
    KeyFile,
    Menu,
    Outside,
    Parcel,
    Removal,
    SealedZip,
    SentFile,
    ToMember,
    ToPerson,
)
from bot.delivery.wraps import Wraps, wraps_sent
from bot.errors import NothingToDo, Refused, TokenTrouble, TryAgain, Undeliverable
from bot.handoff.wipes import MOST_REMOVED
from bot.logs import log
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.speech.outgoing import Card, Outcome
from bot.telegram.door import Door
from bot.telegram.files import Files, TooLarge, at_most
from storage.outbox import Lane

CARD_SECONDS = 25.0  # less than a row is taken for (storage/outbox.py)


class Carrier:
    """`shown`: shows a person's card in order with direct replies, and returns when the chat has it."""

    def __init__(
        self,
        *,
        door: Door,
        files: Files,
        bundles: Bundles,
        mail: Mail,
        push: Push,
        shown: Callable[[int, Outcome], Awaitable[None]],
    ) -> None:
        self._door, self._post, self._files, self._bundles = door, door.post, files, bundles
        self._mail, self._push, self._shown = mail, push, shown
        self._reading = asyncio.Lock()

    async def bring(self, lane: Lane, parcel: Parcel) -> Came:
        """Brings it; raises CallError, and Unsent for what goes outside Telegram."""
        match parcel:
            case ToMember():
                return await self._send(lane, parcel)
            case ToPerson():
                await self._to_person(lane, parcel)
            case Removal():
                await self._remove(lane, parcel)
            case Menu():
                await self._menu(parcel)
            case Outside():
                await self._say_outside(parcel)
            case SentFile():
                return Came(wraps=await self._wraps(lane, parcel))
            case KeyFile():
                return Came(content=await key_in(self._files, lane, parcel))
            case _:
                assert_never(parcel)
        return NOTHING_CAME

    # --- members ---

    async def _send(self, lane: Lane, parcel: ToMember) -> Came:
        if parcel.sealed is not None:
            return Came(message_id=await self._zip(lane, parcel.chat_id, parcel.sealed, silent=parcel.silent))
        if parcel.document is not None:
            sent = await self._post.document(lane, parcel.chat_id, *parcel.document, silent=parcel.silent)
            return Came(message_id=sent)
        return NOTHING_CAME if parcel.card is None else await self._shows(lane, parcel, parcel.card)

    async def _shows(self, lane: Lane, parcel: ToMember, card: Card) -> Came:
        edit, replaces = parcel.edit, parcel.replaces
        if edit is not None and await self._post.edit(lane, parcel.chat_id, edit, card):
            return NOTHING_CAME
        if edit is not None and not parcel.anew:
            return NOTHING_CAME  # what was to be changed is gone
        message_id = await self._post.send(lane, parcel.chat_id, card, silent=parcel.silent)
        if replaces is None or not await self._removed(parcel.chat_id, replaces):
            return Came(message_id=message_id)
        return Came(message_id=message_id, gone=replaces)

    async def _zip(self, lane: Lane, chat_id: int, sealed: SealedZip, *, silent: bool) -> int | None:
        """Made of a snapshot, beside the loop and the writer; of large ones a single one is in memory at a time."""
        async with self._bundles.turn(sealed):
            content = await asyncio.to_thread(self._bundles.made, sealed)
            if content is None:  # the case has ended meanwhile
                return None
            return await self._post.document(lane, chat_id, sealed.name, content, sealed.caption, silent=silent)

    async def _menu(self, menu: Menu) -> None:
        """A convenience: who cannot have it now gets it with their next /start."""
        try:
            if menu.commands:
                await self._post.set_menu(menu.commands, chat_id=menu.chat_id)
            else:
                await self._post.drop_menu(menu.chat_id)
        except (TokenTrouble, Undeliverable, Refused, NothingToDo) as error:  # a chat, or a server, that has none
            log.info("a menu was not set", error=str(error))

    async def _removed(self, chat_id: int, message_id: int) -> bool:
        """The older message goes, however old it is; where that fails it gets a row of its own (`ToMembers`)."""
        try:
            await self._remove(Lane.wipe, Removal(chat_id=chat_id, alone=message_id))
        except Exception:  # the new one is there: as a failure of this row it would be sent again
            log.warning("an older alert stays for a while", kind="ring")
            return False
        return True

    # --- a person ---

    async def _to_person(self, lane: Lane, parcel: ToPerson) -> None:
        """The card is shown in order with direct replies; a message beside it is a call of its own."""
        for begin in range(0, len(parcel.removes), MOST_REMOVED):
            await self._post.remove(Lane.wipe, parcel.chat_id, list(parcel.removes[begin : begin + MOST_REMOVED]))
        outcome = replace(parcel.outcome, lane=lane)
        if outcome.card is None:
            return
        if outcome.apart or not outcome.of:
            await self._door.bring(parcel.chat_id, outcome, outcome.edit)
        else:
            await self._card(parcel.chat_id, outcome)

    async def _card(self, chat_id: int, outcome: Outcome) -> None:
        """The card of a person's chat: the row stays until the chat has it, so that a crash loses none."""
        try:
            async with asyncio.timeout(CARD_SECONDS):
                await self._shown(chat_id, outcome)
        except TimeoutError:
            raise TryAgain("the card of a chat is late") from None

    async def _remove(self, lane: Lane, removal: Removal) -> None:
        if removal.alone is not None and not await self._post.delete(lane, removal.chat_id, removal.alone):
            await self._post.empty(lane, removal.chat_id, removal.alone)
        if removal.messages:
            await self._post.remove(lane, removal.chat_id, list(removal.messages))

    # --- elsewhere ---

    async def _say_outside(self, said: Outside) -> None:
        if said.address.startswith("mailto:"):
            await self._mail.send(said.address.removeprefix("mailto:"), said.text)
        else:
            await self._push.send(said.address, said.text)

    async def _wraps(self, lane: Lane, sent: SentFile) -> Wraps:
        try:
            content = await self._files.whole(lane, sent.file_id)
        except (TooLarge, Refused):  # its sender hears that nothing was found in it
            return {}
        async with self._reading:  # one at a time: each takes a thread and a process
            return await asyncio.to_thread(wraps_sent, content)


async def key_in(files: Files, lane: Lane, sent: KeyFile) -> bytes | None:
    """What stands in a file that was sent in place of a key: nothing of a larger one. None: Telegram gives none."""
    try:
        return await at_most(files, lane, sent.file_id, sent.most)
    except TooLarge:
        return b""
    except Refused:
        return None
