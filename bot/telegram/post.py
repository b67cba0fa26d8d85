"""Says things in chats: cards, documents, removals, answers to presses. Each call passes the lanes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from msgspec import structs
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InputMediaDocument,
    InputProfilePhotoStatic,
    MessageEntity,
    UserProfilePhotos,
)

from bot.errors import CallError, NothingToDo, Refused, Undeliverable, Unfit, Withheld
from bot.logs import log
from bot.speech.outgoing import Button, Card, with_codes
from bot.telegram.api import NO_TEXT, Api
from bot.telegram.lanes import Lanes
from bot.telegram.request import FILE_SECONDS
from flows.model import Asks
from storage.outbox import Lane

T = TypeVar("T")
_NO_PREVIEW = {"is_disabled": True}
Plain = dict[str, Any]  # an object of the Bot API, as it goes out
SLOWEST = 256 * 1024  # bytes a second: what takes longer is tried again
BLANK, EMPTY_FILE = "·", "-.txt"  # Bot API, editMessageText: a text of one character at least; a file of one byte
LONGEST = 4096  # Bot API, sendMessage: characters after entities parsing


@dataclass(frozen=True, slots=True)
class Post:
    """Sends; raises CallError (bot/errors.py) for what could not be done."""

    api: Api
    lanes: Lanes

    async def send(
        self,
        lane: Lane,
        chat_id: int,
        card: Card,
        *,
        silent: bool = False,
        asks: Callable[[], Awaitable[bool]] | None = None,
    ) -> int:
        """Sends a card and returns its message id; raises Undeliverable for any refusal of the chat that lasts.

        `asks`: whether it may still leave, when it is its turn; raises Withheld when not.
        """
        card = with_codes(_fitting(card))

        async def make(shown: Card) -> int:
            if asks is not None and not await asks():
                raise Withheld("nobody may see it any more")
            values = {"chat_id": chat_id, "protect_content": shown.protect, "disable_notification": silent}
            sent = await self.api.call("sendMessage", {**_said(shown), **values, "reply_markup": _keyboard(shown)})
            return int(sent["message_id"])

        try:
            return await _as_it_is_taken(card, lambda shown: self.lanes.call(lane, chat_id, lambda: make(shown)))
        except (Refused, NothingToDo) as error:
            raise _unreached(error) from None

    async def edit(self, lane: Lane, chat_id: int, message_id: int, card: Card) -> bool:
        """Changes a message in place; False when that is refused for good: it is gone, or whatever else is said.

        One that is so already counts as changed.
        """
        try:
            await self._change(lane, chat_id, message_id, card)
        except NothingToDo as error:
            return str(error) == "not modified"
        except (Refused, Unfit) as error:
            log.warning("a card could not be changed and is sent anew", error=str(error))
            return False
        return True

    async def empty(self, lane: Lane, chat_id: int, message_id: int) -> None:
        """A message that nobody can remove any more loses what it says: text and buttons, or file, name and caption.

        A bot may change its own messages however old they are; what stands in place of a file is a file again (Bot API,
        editMessageMedia).
        """
        try:
            await self._change(lane, chat_id, message_id, Card(BLANK))
        except NothingToDo as error:
            if str(error) == NO_TEXT:
                await self._empty_file(lane, chat_id, message_id)
        except (Refused, Unfit) as error:
            log.warning("a message that stays could not be emptied", error=str(error))

    async def _empty_file(self, lane: Lane, chat_id: int, message_id: int) -> None:
        edit, empty = self.api.bot.edit_message_media, InputMediaDocument(BLANK.encode(), filename=EMPTY_FILE)
        try:
            await self.lanes.call(lane, chat_id, lambda: edit(empty, chat_id, message_id), new=False)
        except NothingToDo:
            return
        except (Refused, Unfit) as error:
            log.warning("a file that stays could not be emptied", error=str(error))

    async def _change(self, lane: Lane, chat_id: int, message_id: int, card: Card) -> None:
        card = with_codes(_fitting(card))

        async def make(shown: Card) -> None:
            values = {"chat_id": chat_id, "message_id": message_id, "reply_markup": _inline(shown)}
            await self.api.call("editMessageText", {**_said(shown), **values})

        await _as_it_is_taken(card, lambda shown: self.lanes.call(lane, chat_id, lambda: make(shown), new=False))

    async def document(
        self, lane: Lane, chat_id: int, name: str, content: bytes, caption: str, *, silent: bool = False
    ) -> int:
        """Sends a file and returns its message id; raises Undeliverable as `send` does. A large one is given time."""

        async def make(shown: Card) -> int:
            sent = await self.api.bot.send_document(
                chat_id,
                content,
                filename=name,
                caption=shown.text,
                caption_entities=[MessageEntity(**one) for one in _entities(shown) or ()],
                disable_notification=silent,
                read_timeout=FILE_SECONDS + len(content) / SLOWEST,
            )
            return sent.message_id

        try:
            under = with_codes(Card(caption))
            return await _as_it_is_taken(under, lambda shown: self.lanes.call(lane, chat_id, lambda: make(shown)))
        except (Refused, NothingToDo) as error:
            raise _unreached(error) from None

    async def delete(self, lane: Lane, chat_id: int, message_id: int) -> bool:
        """Removes one message; False when Telegram lets nobody remove it any more (Bot API, deleteMessage)."""
        values = {"chat_id": chat_id, "message_id": message_id}
        try:
            await self.lanes.call(lane, chat_id, lambda: self.api.call("deleteMessage", values), new=False)
        except NothingToDo as error:
            return str(error) != "stays"
        except Refused:
            return False
        return True

    async def remove(self, lane: Lane, chat_id: int, message_ids: list[int]) -> None:
        """Removes messages; those that are gone or older than 48 hours are passed over (Bot API, deleteMessages)."""
        try:
            values = {"chat_id": chat_id, "message_ids": message_ids}
            await self.lanes.call(lane, chat_id, lambda: self.api.call("deleteMessages", values), new=False)
        except NothingToDo:
            return

    async def answer_press(self, chat_id: int, callback_id: str, toast: str | None, *, alert: bool) -> None:
        """Ends the waiting circle on a button; answers of presses that are too old are passed over."""
        values = {"callback_query_id": callback_id, "text": toast, "show_alert": alert}
        try:
            await self.lanes.call(Lane.reply, chat_id, lambda: self.api.call("answerCallbackQuery", values), new=False)
        except NothingToDo:
            return

    async def leave(self, chat_id: int) -> None:
        """Leaves a group."""
        await self.lanes.call(Lane.bulk, chat_id, lambda: self.api.bot.leave_chat(chat_id), new=False)

    # --- what is always to be seen ---

    async def set_menu(
        self, commands: Mapping[str, str], *, language: str | None = None, chat_id: int | None = None
    ) -> None:
        """Registers the menu of private chats in a language, or that of one chat."""
        menu = [BotCommand(name, about) for name, about in commands.items()]
        scope = BotCommandScopeAllPrivateChats() if chat_id is None else BotCommandScopeChat(chat_id)
        set_it = self.api.bot.set_my_commands
        await self._sets(lambda: set_it(menu, scope=scope, language_code=language), chat_id)

    async def drop_menu(self, chat_id: int) -> None:
        """One chat has the menu of all others again."""
        scope = BotCommandScopeChat(chat_id)
        await self._sets(lambda: self.api.bot.delete_my_commands(scope=scope), chat_id)

    async def set_name(self, name: str) -> None:
        """Sets the public name."""
        await self._sets(lambda: self.api.bot.set_my_name(name))

    async def set_about(self, language: str | None, *, empty_chat: str, profile: str) -> None:
        """Sets what an empty chat shows, and the short text of the profile, in a language."""
        await self._sets(lambda: self.api.bot.set_my_description(empty_chat, language_code=language))
        await self._sets(lambda: self.api.bot.set_my_short_description(profile, language_code=language))

    async def set_picture(self, jpeg: bytes) -> None:
        """Sets the picture where there is none; one that somebody has chosen stays."""
        bot = self.api.bot
        found: list[UserProfilePhotos] = []

        async def look() -> None:
            found.append(await bot.get_user_profile_photos(bot.id, limit=1))

        await self._sets(look)
        if found[0].total_count == 0:
            await self._sets(lambda: bot.set_my_profile_photo(InputProfilePhotoStatic(jpeg)))

    async def _sets(self, make: Callable[[], Awaitable[object]], chat_id: int | None = None) -> None:
        await self.lanes.call(Lane.bulk, chat_id or 0, make, new=False)


async def _as_it_is_taken(card: Card, say: Callable[[Card], Awaitable[T]]) -> T:
    """A card with its looks; one that a Bot API server of an older version refuses for them goes without."""
    try:
        return await say(card)
    except Unfit as error:
        bare = replace(
            card, marks=(), rows=tuple(tuple(structs.replace(one, style=None) for one in row) for row in card.rows)
        )
        if bare == card:
            raise
        log.warning("a card is refused as it looks and goes without", error=str(error))
        return await say(bare)


def _unreached(error: CallError) -> Undeliverable:
    """Telegram refuses a new message for good, in words of its own: nobody is reached in this chat."""
    log.warning("a new message was refused for good", error=str(error))
    return Undeliverable(str(error))


def _fitting(card: Card) -> Card:
    """A card that Telegram takes: one that is refused for its length would leave somebody without an answer."""
    if _units(card.text) <= LONGEST:
        return card
    text = card.text.encode("utf-16-le")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return replace(card, text=text, marks=tuple(mark for mark in card.marks if mark.at + mark.length <= len(text)))


def _said(card: Card) -> Plain:
    """What a message says and how it looks (Bot API, sendMessage)."""
    return {"text": card.text, "entities": _entities(card), "link_preview_options": _NO_PREVIEW}


def _entities(card: Card) -> list[Plain] | None:
    """Counted as the Bot API counts, in UTF-16 units (MessageEntity)."""
    if not card.marks:
        return None
    text = card.text
    return [
        {
            "type": mark.look.value,
            "offset": _units(text[: mark.at]),
            "length": _units(text[mark.at : mark.at + mark.length]),
        }
        for mark in card.marks
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _keyboard(card: Card) -> Plain | None:
    if card.sends is not None:
        return _sends(*card.sends)
    return _inline(card)


def _sends(asks: Asks, label: str) -> Plain:
    """It goes with its message, and by itself once it is pressed (Bot API, ReplyKeyboardMarkup)."""
    field = {Asks.place: "request_location", Asks.number: "request_contact"}[asks]
    return {"keyboard": [[{"text": label, field: True}]], "one_time_keyboard": True, "resize_keyboard": True}


def _inline(card: Card) -> Plain | None:
    if not card.rows:
        return None
    return {"inline_keyboard": [[_button(one) for one in row] for row in card.rows]}


def _button(button: Button) -> Plain:
    plain = {"text": button.text, "callback_data": button.data}
    return plain if button.style is None else {**plain, "style": button.style.value}
