"""Raw updates as plain values, one by one: what does not parse is told apart without its content, and stops nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Annotated, Any, Literal, TypeGuard

import msgspec
from telegram import Bot, Update

from bot.speech.incoming import Corrected, Incoming, Pushed, Reach, Said, SentOther
from bot.telegram.other import read_other

_AWAY = {"kicked", "left"}  # Bot API, ChatMember: the person has blocked the bot
_OF_A_PRESS = {"update_id", "callback_query"}
LARGEST_ID = 2**53  # ids have at most 52 significant bits (Bot API, User and Chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The bot is in a group, where it does not stay."""

    update_id: int
    chat_id: int = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An update that cannot be handled: its number, whose it was if that much can be read, and the kind of error."""

    update_id: int
    chat_id: int | None = field(repr=False)
    error_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """An update of no concern: only its number is kept."""

    update_id: int


Received = Incoming | Group | Unreadable | Ignored
_Id = Annotated[int, msgspec.Meta(gt=-LARGEST_ID, lt=LARGEST_ID)]


class _Chat(msgspec.Struct):
    id: _Id
    type: Literal["private"]


class _Message(msgspec.Struct):
    message_id: _Id
    chat: _Chat


class _Query(msgspec.Struct):
    id: str
    data: Annotated[str, msgspec.Meta(min_length=1)]
    message: _Message


class _Update(msgspec.Struct):
    """A press (Bot API, CallbackQuery)."""

    update_id: _Id
    callback_query: _Query


def parse(raw: Mapping[str, Any], bot: Bot) -> Received:
    """One raw update as a plain value. Never raises."""
    try:
        return _press(raw) or _plain(Update.de_json(dict(raw), bot))
    except Exception as error:  # an edge: whatever one update does, the others are handled
        return Unreadable(update_id=number_of(raw) or 0, chat_id=chat_id_of(raw), error_class=type(error).__name__)


def _press(raw: Mapping[str, Any]) -> Pushed | None:
    """An ordinary press, of which five fields matter. The library reads the whole card that it stands on as well.

    None for anything else, which the library reads: what is no press, and a press that is not as it should be.
    """
    if raw.keys() != _OF_A_PRESS:
        return None
    try:
        found = msgspec.convert(raw, _Update)
    except msgspec.ValidationError:
        return None
    press, message = found.callback_query, found.callback_query.message
    return Pushed(
        update_id=found.update_id,
        chat_id=message.chat.id,
        message_id=message.message_id,
        callback_id=press.id,
        data=press.data,
    )


def number_of(raw: Mapping[str, Any]) -> int | None:
    """The update's number, None when it has none that could be kept."""
    found = raw.get("update_id")
    return found if _is_id(found) and found >= 0 else None


def _is_id(value: object) -> TypeGuard[int]:
    # The library checks no types: a text or a number of forty digits in place of an id reaches us as it is.
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_ID


def _plain(update: Update) -> Received:
    chat, message = update.effective_chat, update.effective_message
    if not all(_is_id(one) for one in (update.update_id, *([chat.id] if chat else []))):
        raise ValueError("an id is no number")
    if message is not None and not _is_id(message.message_id):
        raise ValueError("a message id is no number")
    return _content(update)


def _content(update: Update) -> Received:
    number, chat = update.update_id, update.effective_chat
    if chat is not None and chat.type != "private":
        return Group(update_id=number, chat_id=chat.id)
    if update.my_chat_member is not None:
        status = update.my_chat_member.new_chat_member.status
        return Reach(update_id=number, chat_id=update.my_chat_member.chat.id, here=status not in _AWAY)
    return _corrected(update) or _pushed(update) or _sent(update) or Ignored(update_id=number)


def _corrected(update: Update) -> Corrected | None:
    edited = update.edited_message
    said = None if edited is None else edited.text or edited.caption
    if edited is None or said is None or edited.from_user is None:
        return None
    return Corrected(
        update_id=update.update_id,
        chat_id=edited.chat.id,
        message_id=edited.message_id,
        text=_text(said),
        at=(edited.edit_date or edited.date).astimezone(UTC),
    )


def _pushed(update: Update) -> Pushed | None:
    press = update.callback_query
    if press is None or press.message is None or press.data is None:
        return None
    return Pushed(
        update_id=update.update_id,
        chat_id=press.message.chat.id,
        message_id=press.message.message_id,
        callback_id=press.id,
        data=press.data,
    )


def _sent(update: Update) -> Said | SentOther | None:
    number, message = update.update_id, update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    chat_id, message_id = message.chat.id, message.message_id
    at = message.date.astimezone(UTC)
    if message.text is None:
        what, text, file = read_other(message)
        return SentOther(
            update_id=number,
            chat_id=chat_id,
            message_id=message_id,
            at=at,
            what=what,
            text=_text(text),
            album=message.media_group_id,
            file=file,
        )
    return Said(update_id=number, chat_id=chat_id, message_id=message_id, text=_text(message.text), at=at)


def _text(said: str) -> str:
    """Lone surrogates can be neither stored nor hashed; they are no text."""
    return said.encode("utf-8", "ignore").decode()


def chat_id_of(raw: Mapping[str, Any]) -> int | None:
    """Whose update it was, as far as a broken one tells."""
    message = raw.get("message") or raw.get("edited_message") or raw.get("callback_query") or {}
    if isinstance(message, dict) and isinstance(message.get("message"), dict):
        message = message["message"]
    chat = message.get("chat") if isinstance(message, dict) else None
    found = chat.get("id") if isinstance(chat, dict) else None
    return found if _is_id(found) and found > 0 else None


def chat_of(received: Received) -> int | None:
    """The chat whose order matters, None for nobody's."""
    return None if isinstance(received, Ignored) else received.chat_id
