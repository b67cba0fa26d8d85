"""How a card looks: as entities and styles, and without them where a Bot API server does not know them."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram.error import BadRequest

from bot.errors import Unfit
from bot.speech.outgoing import Button, Card, Look, Mark, Style, with_codes
from bot.speech.texts import coordinator, member, practice, seeker
from bot.speech.words import Words
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from storage.outbox import Lane

CARD = Card("🙂 Где?", ((Button("Да", "x", Style.danger), Button("Нет", "y")),), marks=(Mark(Look.strong, 2, 4),))
SAID = (coordinator, member, practice, seeker)
Sent = tuple[str, list[tuple[str, int, int]], list[str | None]]


class Server:
    """A Bot API server that refuses what it does not know, and notes what it has taken."""

    def __init__(self, refuses: str | None = None) -> None:
        self.refuses = refuses
        self.taken: list[Sent] = []
        self.bot = self

    async def call(self, method: str, said: Mapping[str, Any]) -> dict[str, int] | bool:
        """As the Bot API does."""
        self._take(said["text"], said["entities"], said["reply_markup"])
        return {"message_id": len(self.taken)} if method == "sendMessage" else True

    async def send_document(self, _: int, __: bytes, **said: Any) -> SimpleNamespace:
        """As python-telegram-bot does."""
        entities = [one.to_dict() for one in said["caption_entities"]]
        self._take(said["caption"], entities, {"inline_keyboard": []})
        return SimpleNamespace(message_id=len(self.taken))

    def _take(self, text: str, entities: list[dict[str, Any]] | None, markup: dict[str, Any]) -> None:
        styles = [one.get("style") for row in markup["inline_keyboard"] for one in row]
        if self.refuses is not None and (entities or any(styles)):
            raise BadRequest(self.refuses)
        self.taken.append((text, [(one["type"], one["offset"], one["length"]) for one in entities or ()], styles))


def post(server: Server) -> Post:
    """What the bot says things with."""
    return Post(cast(Api, server), Lanes())


PLAIN: Sent = (CARD.text, [], [None, None])


async def test_looks_and_styles_are_entities_and_fields_and_never_markup() -> None:
    """Counted as the Bot API counts, in UTF-16 units."""
    server = Server()
    await post(server).send(Lane.reply, 7, CARD)
    await post(server).edit(Lane.reply, 7, 1, CARD)
    assert server.taken == [(CARD.text, [("bold", 3, 4)], ["danger", None])] * 2


@pytest.mark.parametrize("said", ["Can't parse entities: unsupported entity type", "BUTTON_STYLE_INVALID"])
async def test_what_a_server_does_not_know_is_left_out_and_the_card_comes_all_the_same(said: str) -> None:
    """Sent or changed: the words and the buttons matter, not how they look."""
    server = Server(said)
    assert await post(server).send(Lane.reply, 7, CARD) == 1
    assert await post(server).edit(Lane.reply, 7, 1, CARD)
    assert server.taken == [PLAIN, PLAIN]


async def test_a_card_that_is_refused_without_looks_too_is_not_sent_twice() -> None:
    """What else is wrong with it stays wrong."""
    server = Server("BUTTON_DATA_INVALID")
    bare = Card(CARD.text, ((Button("Да", "x"),),))
    server._take = lambda *_: (_ for _ in ()).throw(BadRequest("BUTTON_DATA_INVALID"))  # type: ignore[method-assign]
    with pytest.raises(Unfit):
        await post(server).send(Lane.reply, 7, bare)


async def test_every_code_can_be_tapped_wherever_it_stands_but_not_in_what_somebody_wrote() -> None:
    """Its own mark is kept; what is quoted or shown as code has none inside."""
    server = Server()
    text = "Кому: K7Q4-F2MX, № G33N-2492.\nK7Q4-F2MX"
    await post(server).send(Lane.lawyer, 7, Card(text, ((Button("Да", "x"),),), marks=(Mark(Look.code, 30, 9),)))
    assert server.taken[0][1] == [("code", 6, 9), ("code", 19, 9), ("code", 30, 9)]


async def test_a_code_under_a_file_can_be_tapped_and_the_name_of_a_file_is_none() -> None:
    """A server that does not know it gets the words alone."""
    caption = "Дело K7Q4-F2MX. Так: pana open K7Q4-F2MX.zip -i KEY.txt"
    for refuses, looks in ((None, [("code", 5, 9)]), ("unsupported entity type", [])):
        server = Server(refuses)
        assert await post(server).document(Lane.lawyer, 7, "K7Q4-F2MX.zip", b"PK", caption) == 1
        assert server.taken == [(caption, looks, [])]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_text_that_names_a_code_names_it_so_that_it_can_be_tapped(language: str) -> None:
    """Whatever stands beside it in a sentence."""
    words, code = Words.load(), "K7Q4-F2MX"
    said = {name: text for module in SAID for name, text in vars(module).items() if "%(code)s" in str(text)}
    assert len(said) > 70
    for name, text in said.items():
        values = dict.fromkeys(re.findall(r"%\((\w+)\)s", text), "x") | {"code": code}
        shown = with_codes(Card(words.text(language, text, **values)))
        assert [shown.text[mark.at : mark.at + mark.length] for mark in shown.marks] == [code], (name, shown.text)
