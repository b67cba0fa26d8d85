"""A small Telegram: chats, messages, updates and their rules, with a clock that can be pushed. No I/O.

What is modelled is what a bot meets (Bot API 10.1): true offsets, messages kept 24 hours and presses 150 seconds,
deletion within 48 hours, 4096 characters, 64 bytes of button data, blocked users, Telegram's own error form.
"""

import html
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.update_queue import Clock, UpdateQueue

PRESS_SECONDS, DELETABLE_SECONDS = 150.0, 48 * 3600.0
_TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Refusal(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, **parameters: object) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass(slots=True)
class Button:
    """An inline button."""

    text: str
    data: str
    style: str | None = None


@dataclass(slots=True)
class Press:
    """A press on a button, and the answer to it: a line that passes, or with `alert` a window to be dismissed."""

    at: float
    toast: str | None = None
    alert: bool = False
    answered: bool = False


@dataclass(slots=True)
class Message:
    """A message that is visible in a chat. `text`: of a document its caption."""

    id: int
    chat_id: int
    date: float
    from_bot: bool
    text: str
    markup: dict[str, Any] | None = None
    document: tuple[str, bytes] | None = None
    looks: tuple[tuple[str, int, int], ...] = ()  # type, offset and length in UTF-16 units, as the Bot API counts
    protected: bool = False
    silent: bool = False
    edits: int = 0
    at: float = field(default_factory=time.monotonic)

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(one["text"], one.get("callback_data", ""), one.get("style")) for one in row] for row in rows]

    @property
    def sends(self) -> list[tuple[str, str]]:
        """What stands in place of the phone's keyboard: labels, and what each sends (Bot API, KeyboardButton)."""
        keys = [key for row in (self.markup or {}).get("keyboard", []) for key in row]
        return [(key["text"], "contact" if key.get("request_contact") else "location") for key in keys]

    @property
    def labels(self) -> list[str]:
        """The texts of all buttons in order."""
        return [button.text for row in self.buttons for button in row]


@dataclass(frozen=True, slots=True)
class Deletion:
    """A message that was removed, and when."""

    chat_id: int
    message_id: int
    at: float


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot, without content."""

    at: float
    method: str
    chat_id: int | None
    message_id: int | None
    ok: bool


class World:
    """Everything this Telegram knows."""

    def __init__(self, token: str, clock: Clock | None = None) -> None:
        self.token, self.clock = token, clock or Clock()
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Bot",
            "username": "pana_local_bot",
        }
        self.chats: dict[int, dict[int, Message]] = {}
        self.people: dict[int, dict[str, Any]] = {}
        self.groups: dict[int, str] = {}
        self.blocked: set[int] = set()
        self.left: list[int] = []
        self.typed: dict[int, Message] = {}  # by each person, their last message
        self.files: dict[str, bytes] = {}
        self.menus: dict[str, list[dict[str, str]]] = {}
        self.own_menus: dict[int, list[dict[str, str]]] = {}  # of one chat each
        self.face: dict[str, str] = {}
        self.picture: bytes | None = None
        self.deletions: list[Deletion] = []
        self.calls: list[Call] = []
        self.presses: dict[str, Press] = {}
        self.changed: list[Callable[[], None]] = []
        self.updates = UpdateQueue(self.clock, self.tell)
        self._message_ids, self._callback_ids = itertools.count(1), itertools.count(5001)

    # --- people ---

    def begin_at(self, number: int) -> None:
        """Numbers of updates and messages go on from here, as for a bot that has been talked to before."""
        self.updates.begin_at(number)
        self._message_ids = itertools.count(number)

    def join(self, user_id: int, first_name: str = "Person", language_code: str = "ru") -> None:
        """A person who can write to the bot."""
        user = {"id": user_id, "is_bot": False, "first_name": first_name, "language_code": language_code}
        self.people[user_id] = user
        self.chats.setdefault(user_id, {})

    def type(self, user_id: int, content: dict[str, Any], *, since: float = 0.0) -> Message:
        """A person sends a message: text or another kind of content. `since`: not before that."""
        text = str(content.get("text", content.get("caption", "")))
        message = self._add(user_id, from_bot=False, text=text)
        message.date = max(message.date, since)
        self.typed[user_id] = message
        self.updates.put({"message": self._as_json(message) | content})
        return message

    def correct(self, user_id: int, message: Message, text: str) -> None:
        """A person edits a message that they have sent."""
        message.text, message.edits = text, message.edits + 1
        edited = self._as_json(message) | {"edit_date": int(self.clock.now())}
        self.updates.put({"edited_message": edited})

    def block(self, user_id: int, *, blocked: bool) -> None:
        """A person blocks the bot, or lets it in again (Bot API, ChatMemberUpdated)."""
        (self.blocked.add if blocked else self.blocked.discard)(user_id)
        left = {"user": self.bot, "status": "kicked", "until_date": 0}
        here = {"user": self.bot, "status": "member"}
        before, after = (here, left) if blocked else (left, here)
        change = {"chat": self._chat(user_id), "from": self.people[user_id], "date": int(self.clock.now())}
        self.updates.put({"my_chat_member": change | {"old_chat_member": before, "new_chat_member": after}})

    def press(self, user_id: int, message_id: int, data: str) -> str:
        """A person presses a button; returns the id of the press."""
        message = self.chats[user_id].get(message_id)
        callback_id = str(next(self._callback_ids))
        shown = (
            self._as_json(message)
            if message
            else {"message_id": message_id, "date": 0, "chat": self._chat(user_id)}  # an inaccessible message
        )
        press = {"id": callback_id, "from": self.people[user_id], "message": shown, "data": data, "chat_instance": "1"}
        self.presses[callback_id] = Press(self.clock.now())
        self.updates.put({"callback_query": press}, PRESS_SECONDS)
        return callback_id

    def set_picture(self, jpeg: bytes) -> bool:
        """The bot's picture (Bot API, setMyProfilePhoto)."""
        if not jpeg.startswith(b"\xff\xd8"):
            raise Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        self.picture = jpeg
        return True

    def get_chat(self, chat_id: int) -> dict[str, Any]:
        """GetChat: only of people who have written to the bot."""
        if chat_id not in self.chats:
            raise Refusal(400, "Bad Request: chat not found")
        return self._chat(chat_id)

    def tell(self) -> None:
        """Wakes whoever waits for a change."""
        for one in list(self.changed):
            one()

    # --- methods of the bot ---

    def send(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """SendMessage."""
        chat_id = self._reachable(parameters)
        text = _visible(str(parameters.get("text", "")), parameters.get("parse_mode"))
        markup = _markup(parameters)
        message = self._add(chat_id, from_bot=True, text=_checked(text), markup=markup)
        message.protected = _true(parameters.get("protect_content"))
        message.silent = _true(parameters.get("disable_notification"))
        message.looks = _looks(parameters)
        self.tell()
        return self._as_json(message)

    def send_document(self, parameters: dict[str, Any], name: str, content: bytes) -> dict[str, Any]:
        """SendDocument."""
        chat_id = self._reachable(parameters)
        message = self._add(chat_id, from_bot=True, text=str(parameters.get("caption", "")))
        message.document = (name, content)
        self.tell()
        return self._as_json(message)

    def edit(self, parameters: dict[str, Any], document: tuple[str, bytes] | None = None) -> dict[str, Any]:
        """EditMessageText; with a `document` EditMessageMedia: the old one goes, with its name and caption."""
        message = self._to_edit(parameters)
        if document is not None:
            media = parameters.get("media")
            text = str(media.get("caption", "")) if isinstance(media, dict) else ""
            if not document[1]:
                raise Refusal(400, "Bad Request: file must be non-empty")
        elif message.document is not None:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        else:
            text = _checked(_visible(str(parameters.get("text", "")), parameters.get("parse_mode")))
        return self._edited(message, parameters, text, document)

    def answer(self, parameters: dict[str, Any]) -> bool:
        """AnswerCallbackQuery."""
        press = self.presses.get(str(parameters.get("callback_query_id")))
        if press is None or self.clock.now() - press.at > PRESS_SECONDS:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        press.toast, press.alert, press.answered = parameters.get("text"), _true(parameters.get("show_alert")), True
        self.tell()
        return True

    def delete(self, chat_id: int, message_ids: list[int], *, strict: bool) -> bool:
        """DeleteMessage (strict) and deleteMessages (missing ones are skipped)."""
        if not 1 <= len(message_ids) <= 100:
            raise Refusal(400, "Bad Request: message identifiers are not specified")
        chat = self.chats.get(chat_id, {})
        for message_id in message_ids:
            message = chat.get(message_id)
            old = message is not None and self.clock.now() - message.date > DELETABLE_SECONDS
            if strict and message is None:
                raise Refusal(400, "Bad Request: message to delete not found")
            if strict and old:
                raise Refusal(400, "Bad Request: message can't be deleted for everyone")
            if message is not None and not old:
                del chat[message_id]
                self.deletions.append(Deletion(chat_id, message_id, self.clock.now()))
        self.tell()
        return True

    def leave(self, chat_id: int) -> bool:
        """LeaveChat."""
        self.left.append(chat_id)
        self.tell()
        return True

    # --- parts ---

    def _add(self, chat_id: int, *, from_bot: bool, text: str, markup: dict[str, Any] | None = None) -> Message:
        message = Message(next(self._message_ids), chat_id, self.clock.now(), from_bot, text, markup)
        self.chats.setdefault(chat_id, {})[message.id] = message
        return message

    def _to_edit(self, parameters: dict[str, Any]) -> Message:
        """One of the bot's own, however old it is."""
        message = self.chats[self._reachable(parameters)].get(int(parameters.get("message_id", 0)))
        if message is None or not message.from_bot:
            raise Refusal(400, "Bad Request: message to edit not found")
        return message

    def _edited(
        self, message: Message, parameters: dict[str, Any], text: str, document: tuple[str, bytes] | None
    ) -> dict[str, Any]:
        markup = _markup(parameters)
        if (text, markup, document) == (message.text, message.markup, message.document):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly"
                " the same as a current content and reply markup of the message",
            )
        message.text, message.markup, message.document = text, markup, document
        message.edits, message.at, message.looks = message.edits + 1, time.monotonic(), _looks(parameters)
        self.tell()
        return self._as_json(message)

    def _reachable(self, parameters: dict[str, Any]) -> int:
        try:
            chat_id = int(parameters["chat_id"])
        except (KeyError, ValueError):
            raise Refusal(400, "Bad Request: chat not found") from None
        if chat_id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat_id not in self.chats:
            raise Refusal(400, "Bad Request: chat not found")
        return chat_id

    def _chat(self, chat_id: int) -> dict[str, Any]:
        if chat_id in self.groups:
            return {"id": chat_id, "type": "group", "title": self.groups[chat_id]}
        return {"id": chat_id, "type": "private", "first_name": self.people.get(chat_id, {}).get("first_name", "")}

    def _as_json(self, message: Message) -> dict[str, Any]:
        found: dict[str, Any] = {
            "message_id": message.id,
            "date": int(message.date),
            "chat": self._chat(message.chat_id),
            "from": self.bot if message.from_bot else self.people[message.chat_id],
        }
        if message.text:
            found["text" if message.document is None else "caption"] = message.text
        if message.markup:
            found["reply_markup"] = message.markup
        if message.document:
            found["document"] = {"file_id": "d", "file_unique_id": "d", "file_name": message.document[0]}
        return found


def _true(value: object) -> bool:
    return str(value).lower() == "true"


def _markup(parameters: dict[str, Any]) -> dict[str, Any] | None:
    markup = parameters.get("reply_markup")
    if isinstance(markup, dict) and "keyboard" in markup:
        return markup
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        return None
    for row in markup["inline_keyboard"]:
        for button in row:
            if not 1 <= len(str(button.get("callback_data", "x")).encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _looks(parameters: dict[str, Any]) -> tuple[tuple[str, int, int], ...]:
    """How parts of a text look: type, offset and length, in UTF-16 units as browsers count too."""
    entities = parameters.get("entities")
    marked = entities if isinstance(entities, list) else []
    return tuple((str(one.get("type")), int(one["offset"]), int(one["length"])) for one in marked)


def _checked(text: str) -> str:
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text) > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    return text


def _visible(text: str, parse_mode: object) -> str:
    """The text without markup; only HTML is understood, and only Telegram's tags."""
    if str(parse_mode).upper() != "HTML":
        return text
    opened: list[str] = []
    for closing, tag in re.findall(r"<(/?)([a-z-]+)[^>]*>", text):
        if tag not in _TAGS or (closing and (not opened or opened.pop() != tag)):
            raise Refusal(400, "Bad Request: can't parse entities: unsupported or unmatched tag")
        if not closing:
            opened.append(tag)
    if opened:
        raise Refusal(400, "Bad Request: can't parse entities: unclosed tag")
    return html.unescape(re.sub(r"<[^>]+>", "", text))
