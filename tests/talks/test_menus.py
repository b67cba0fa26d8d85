"""The menu of a member's chat: theirs while they take part. The bot's face, set at each start."""

import pytest

from bot.delivery.kind import Menu
from bot.demo.server import BotApiServer, Fault
from bot.face import Face
from bot.picture import picture
from bot.settings import BotSettings
from bot.speech.words import Words
from bot.telegram.api import Api
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from storage.tx import Tx
from tests.cases import joins
from tests.talks.talks import Talks, talks

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, DINA = 201, 202, 301, 203
EVERYBODY = ["start", "language", "clear", "help"]


def menus(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> dict[int, dict[str, str]]:
    """Chat -> its menu, as it is set from here on."""
    found: dict[int, dict[str, str]] = {}
    send = Talks._send

    def send_too(self: Talks, parcel: object) -> int | None:
        if isinstance(parcel, Menu):
            found[parcel.chat_id] = dict(parcel.commands)
            return None
        return send(self, parcel)  # type: ignore[arg-type]

    monkeypatch.setattr(Talks, "_send", send_too)
    return found


def test_a_member_has_a_menu_from_joining_to_leaving_in_their_language(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Joined, met, another language, suspended, back, gone; a coordinator has another one."""
    found, changes = menus(talks, monkeypatch), talks.core.membership_changes

    def join(tx: Tx) -> int:
        member = joins(tx, talks.core, "Dina", DINA, language="kk")
        changes.joined(tx, member)
        return member.id

    dina = talks.change(join)
    talks.deliver()
    assert found.pop(DINA) == {"cases": "Менің өтініштерім", "oncall": "Менің кезекшілігім", "help": "Анықтама"}
    talks.say(DINA, "сәлем")  # Telegram refuses a menu for a chat that was never begun
    assert set(found.pop(DINA)) == {"cases", "oncall", "help"}
    for leaves, comes in ((changes.suspend, changes.resume), (changes.disable, changes.enable)):
        talks.change(lambda tx, leaves=leaves: leaves(tx, talks.core.members.get(tx, dina), force=True))
        talks.deliver()
        assert found.pop(DINA) == {}
        talks.change(lambda tx, comes=comes: comes(tx, talks.core.members.get(tx, dina)))
        talks.deliver()
        assert set(found.pop(DINA)) == {"cases", "oncall", "help"}
    talks.say(CLARA, "/start")
    assert set(found[CLARA]) == {"queue", "oncall", "suspend", "help"}


async def face(server: BotApiServer, **bot: str) -> None:
    """A start sets the face, once the server was reached."""
    api = Api(server.world.token, server.url)
    await api.open()
    lanes = Lanes()
    await Face(
        post=Post(api, lanes),
        words=Words.load(),
        bot=BotSettings(**bot),
        languages=("ru", "kk", "en"),  # type: ignore[arg-type]
    ).put_on()
    await api.close()


async def test_a_start_sets_harmless_words_in_each_language_and_a_picture_once() -> None:
    """Who opens an empty chat reads how to begin; a picture that somebody has chosen stays."""
    async with BotApiServer() as server:
        await face(server)
        world = server.world
        assert [one["command"] for one in world.menus["kk"]] == EVERYBODY
        assert world.face["name"] == "Anketa"
        assert world.face["description"] == world.face["short_description"] == "Press “Start”."
        assert world.face["description ru"] == world.face["short_description ru"] == "Нажмите «Начать»."
        assert world.face["description kk"] == "«Бастау» түймесін басыңыз."
        assert world.picture == picture()
        world.picture = b"chosen"
        await face(server, about="Forms")
        assert (world.picture, world.face["short_description ru"]) == (b"chosen", "Forms")


@pytest.mark.parametrize("method", ["setMyProfilePhoto", "getUserProfilePhotos"])
async def test_a_server_that_knows_no_picture_is_no_failure(method: str) -> None:
    """Everything else is set."""
    async with BotApiServer() as server:
        server.faults.append(Fault(method, "error", (404, "Not Found"), times=99))
        await face(server)
        assert server.world.face["name"] == "Anketa"
        assert server.world.picture is None


def test_the_picture_is_a_small_file_of_the_form_that_telegram_takes() -> None:
    """A JPEG of 640 points a side: begin, size, end."""
    drawn = picture()
    assert drawn.startswith(b"\xff\xd8") and drawn.endswith(b"\xff\xd9")
    assert b"\xff\xc0\x00\x11\x08\x02\x80\x02\x80" in drawn
    assert len(drawn) < 50_000
