"""What goes past python-telegram-bot's own objects says and means what it would say and mean (docs/decisions/0013)."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import TelegramError

from bot.errors import CallError
from bot.speech.outgoing import Button, Card, Look, Mark, Style
from bot.telegram.api import Api, named
from bot.telegram.lanes import Lanes
from bot.telegram.parse import Group, Received, Unreadable, _plain, _press, parse
from bot.telegram.post import Post
from bot.telegram.request import AiohttpRequest
from flows.model import Asks
from storage.outbox import Lane

ME = {"ok": True, "result": {"id": 4242, "is_bot": True, "first_name": "b", "username": "b_bot"}}
MESSAGE = {"message_id": 5, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}, "text": "x"}


class Wire:
    """What lies under the library: notes every request, and answers as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.status, self.answer = 200, json.dumps({"ok": True, "result": MESSAGE}).encode()
        monkeypatch.setattr(AiohttpRequest, "_exchange", self._exchange)

    async def _exchange(self, _method: str, url: str, body: bytes | None, _seconds: float) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        if name == "getMe":
            return 200, json.dumps(ME).encode()
        self.sent.append((name, json.loads(body or b"{}")))
        return self.status, self.answer


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """What the library and the bot talk to."""
    return Wire(monkeypatch)


@pytest.fixture
async def post(wire: Wire) -> AsyncIterator[Post]:
    """The bot's way to say things."""
    api = Api("4242:x", "http://127.0.0.1:1")
    await api.open()
    yield Post(api, Lanes())
    await api.close()


@pytest.fixture
def library(post: Post) -> Bot:
    """The library's."""
    return post.api.bot


BUTTONS = ((Button("1. Да", "a", Style.danger), Button("2. Нет", "b")), (Button("Назад", "c", Style.primary),))
MARKUP = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("1. Да", callback_data="a", style="danger"),
            InlineKeyboardButton("2. Нет", callback_data="b"),
        ],
        [InlineKeyboardButton("Назад", callback_data="c", style="primary")],
    ]
)
PLACE = ReplyKeyboardMarkup(
    [[KeyboardButton("Где я", request_location=True)]], one_time_keyboard=True, resize_keyboard=True
)
NUMBER = ReplyKeyboardMarkup(
    [[KeyboardButton("Мой номер", request_contact=True)]], one_time_keyboard=True, resize_keyboard=True
)
TEXT = "🙂 Где вы? 🏳️ Код"
MARKS = (Mark(Look.strong, 2, 6), Mark(Look.quiet, 9, 2), Mark(Look.code, 12, 3))
ENTITIES = [MessageEntity("bold", 2, 6), MessageEntity("italic", 9, 2), MessageEntity("code", 12, 3)]
CARDS: list[tuple[Card, Any, Any]] = [
    (Card("Где?"), None, None),
    (Card(TEXT, BUTTONS, marks=MARKS), ENTITIES, MARKUP),
    (Card(TEXT, BUTTONS, protect=False), None, MARKUP),
    (Card("Где?", sends=(Asks.place, "Где я")), None, PLACE),
    (Card("Номер?", sends=(Asks.number, "Мой номер")), None, NUMBER),
]


@pytest.mark.parametrize(("card", "entities", "markup"), CARDS, ids=range(len(CARDS)))
@pytest.mark.parametrize("silent", [False, True])
async def test_a_new_message_is_the_one_that_the_library_would_send(
    wire: Wire, post: Post, library: Bot, card: Card, entities: Any, markup: Any, silent: bool
) -> None:
    """Every parameter: text, looks, buttons, what it asks the phone for, whether it rings and may be forwarded."""
    assert await post.send(Lane.reply, 7, card, silent=silent) == MESSAGE["message_id"]
    await library.send_message(
        7,
        card.text,
        entities=None if entities is None else MessageEntity.adjust_message_entities_to_utf_16(card.text, entities),
        reply_markup=markup,
        protect_content=card.protect,
        disable_notification=silent,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert wire.sent[0] == wire.sent[1]


@pytest.mark.parametrize(("card", "entities", "markup"), CARDS[:3], ids=range(3))
async def test_a_changed_message_is_the_one_that_the_library_would_change(
    wire: Wire, post: Post, library: Bot, card: Card, entities: Any, markup: Any
) -> None:
    """Every parameter."""
    assert await post.edit(Lane.reply, 7, 5, card)
    await library.edit_message_text(
        card.text,
        7,
        5,
        entities=None if entities is None else MessageEntity.adjust_message_entities_to_utf_16(card.text, entities),
        reply_markup=markup,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert wire.sent[0] == wire.sent[1]


@pytest.mark.parametrize(("toast", "alert"), [(None, False), ("Готово", False), ("Готово", True)])
async def test_a_press_is_answered_as_the_library_would(
    wire: Wire, post: Post, library: Bot, toast: str | None, alert: bool
) -> None:
    """With and without words."""
    await post.answer_press(7, "press", toast, alert=alert)
    await library.answer_callback_query("press", text=toast, show_alert=alert)
    assert wire.sent[0] == wire.sent[1]


async def test_messages_are_removed_as_the_library_would(wire: Wire, post: Post, library: Bot) -> None:
    """Several at once."""
    await post.remove(Lane.wipe, 7, [1, 2])
    await library.delete_messages(7, [1, 2])
    assert wire.sent[0] == wire.sent[1]


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        (None, True),
        ("message to delete not found", True),
        ("message can't be deleted for everyone", False),
        ("message can't be deleted", False),
        ("MESSAGE_DELETE_FORBIDDEN", False),
        ("words that nobody knows", False),
    ],
)
async def test_of_one_message_it_is_known_whether_it_has_gone(
    wire: Wire, post: Post, library: Bot, said: str | None, *, goes: bool
) -> None:
    """Of several at once Telegram does not say so (Bot API, deleteMessages)."""
    await library.delete_message(7, 5)
    if said is not None:
        wire.status, wire.answer = refused(400, f"Bad Request: {said}")
    assert await post.delete(Lane.wipe, 7, 5) == goes
    assert wire.sent[0] == wire.sent[1]


async def test_of_an_answer_that_nobody_reads_nothing_is_parsed(
    wire: Wire, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that was changed comes back whole; all that counts is that it was taken."""
    large = {**MESSAGE, "text": "x" * 4000, "reply_markup": {"inline_keyboard": []}}
    wire.answer = json.dumps({"ok": True, "result": large}).encode()
    parsed: list[bytes] = []
    parse_json = AiohttpRequest.parse_json_payload
    monkeypatch.setattr(
        AiohttpRequest, "parse_json_payload", staticmethod(lambda said: parsed.append(said) or parse_json(said))
    )
    await post.edit(Lane.reply, 7, 5, Card("x"))
    await post.answer_press(7, "press", None, alert=False)
    await post.remove(Lane.wipe, 7, [1])
    assert max(map(len, parsed)) < 40
    assert await post.send(Lane.reply, 7, Card("x")) == 5
    assert parsed[-1] == wire.answer


def refused(code: int, description: object = "Bad Request: x", **parameters: object) -> tuple[int, bytes]:
    """An answer that refuses."""
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    return code, json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()


ANSWERS = [
    *(refused(code) for code in (400, 401, 403, 404, 409, 413, 420, 429, 500, 502, 503, 504, 599)),
    *(refused(429, "Too Many Requests: retry after 7", retry_after=after) for after in (7, 0, 7.5)),
    refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100),
    refused(400, "Bad Request: message is not modified: specified new message content"),
    refused(400, "Bad Request: message to edit not found"),
    refused(400, "Bad Request: chat not found"),
    refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
    refused(400, "Bad Request: BUTTON_DATA_INVALID"),
    refused(400, None),
    refused(403, "Forbidden: bot was blocked by the user"),
    (400, b"<html>"),
    (502, b"<html>Bad Gateway</html>"),
    (200, b"<html>a portal</html>"),
    (200, b""),
    (200, b"\xff\xfe"),
    (200, b"[" * 100_000),
]


async def outcome(call: Callable[[], Awaitable[object]]) -> str:
    """What a call comes to, as the bot names it."""
    try:
        await call()
    except TelegramError as error:
        ours = named(error)
    except (CallError, RecursionError) as error:
        ours = error  # type: ignore[assignment]
    else:
        return "done"
    return f"{type(ours).__name__} {ours} {getattr(ours, 'after', None)} {getattr(ours, 'too_many', None)}"


CALLS: dict[str, tuple[Mapping[str, object], Callable[[Bot], Awaitable[object]]]] = {
    "sendMessage": ({"chat_id": 7, "text": "x"}, lambda bot: bot.send_message(7, "x")),
    "editMessageText": (
        {"chat_id": 7, "message_id": 5, "text": "x"},
        lambda bot: bot.edit_message_text("x", 7, 5),
    ),
    "answerCallbackQuery": ({"callback_query_id": "c"}, lambda bot: bot.answer_callback_query("c")),
    "deleteMessage": ({"chat_id": 7, "message_id": 1}, lambda bot: bot.delete_message(7, 1)),
    "deleteMessages": ({"chat_id": 7, "message_ids": [1]}, lambda bot: bot.delete_messages(7, [1])),
}


@pytest.mark.parametrize("method", CALLS)
async def test_what_is_refused_is_the_same_error(wire: Wire, post: Post, library: Bot, method: str) -> None:
    """By status, description and parameters, and when the answer is none of the Bot API's."""
    values, by_library = CALLS[method]
    for wire.status, wire.answer in ANSWERS:
        found = await outcome(lambda: post.api.call(method, values))
        assert (wire.answer, found) == (wire.answer, await outcome(lambda: by_library(library)))
        assert found != "done", wire.answer


IDS = st.one_of(st.integers(-3, 2**60), st.none(), st.booleans(), st.just("7"), st.just(10**40), st.floats())
KINDS = st.sampled_from(["private", "private", "group", "channel", None, 3])
TEXTS = st.one_of(st.text(max_size=8), st.none(), st.integers(0, 3))


@st.composite
def presses(draw: st.DrawFn) -> dict[str, Any]:
    """Raw presses, most of them as they should be and some not."""
    chat = {"id": draw(IDS), "type": draw(KINDS)}
    message = draw(
        st.sampled_from(
            [{"message_id": draw(IDS), "date": draw(st.sampled_from([0, 1_790_000_000])), "chat": chat}, None, {}, []]
        )
    )
    press = {"id": draw(TEXTS), "from": {"id": 7, "is_bot": False, "first_name": "x"}, "chat_instance": "1"}
    press |= {"data": draw(TEXTS)} | ({"message": message} if message is not None else {})
    more = draw(st.sampled_from([{}, {}, {"message": dict(MESSAGE)}, {"unheard_of": 1}]))
    return {"update_id": draw(IDS), "callback_query": press} | more


def by_library(raw: Mapping[str, Any]) -> Received | None:
    """An update as it is read by the library's types alone; None where it cannot be."""
    try:
        return _plain(Update.de_json(dict(raw), _bot()))
    except Exception:
        return None


@cache
def _bot() -> Bot:
    return Bot("4242:x")  # reads every certificate of the machine, for httpx


@settings(max_examples=300, deadline=None)
@given(presses())
def test_a_press_is_read_as_the_library_reads_it(raw: dict[str, Any]) -> None:
    """Whatever it carries: what is read without the library is read so by it, and the rest is left to it."""
    quick = _press(raw)
    assert quick is None or quick == by_library(raw)


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_a_press_in_a_group_is_no_persons(kind: str) -> None:
    """The bot leaves such a chat."""
    press = {"id": "c", "data": "d", "from": {"id": 7, "is_bot": False, "first_name": "x"}, "chat_instance": "1"}
    message = {"message_id": 5, "date": 0, "chat": {"id": 7, "type": kind}}
    assert parse({"update_id": 3, "callback_query": {**press, "message": message}}, _bot()) == Group(
        update_id=3, chat_id=7
    )


def test_an_ordinary_press_is_read_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a press on a message that is too old to be shown, too (Bot API, InaccessibleMessage)."""
    monkeypatch.setattr(Update, "de_json", lambda *_: pytest.fail("the library was asked"))
    for date in (1_790_000_000, 0):
        chat = {"id": 7, "type": "private"}
        press = {"id": "c", "data": "d", "message": {"message_id": 5, "date": date, "chat": chat}}
        assert not isinstance(parse({"update_id": 3, "callback_query": press}, _bot()), Unreadable)
