"""The first minutes of a lawyer: the link of their invitation, what will come, and the key as text or as a file."""

import asyncio

import pytest

from bot.cli import members
from bot.demo.server import BotApiServer
from bot.errors import Refused
from bot.joining import LARGEST_KEY_FILE
from bot.settings import load_settings
from bot.speech import phone
from bot.speech.incoming import FileKind, SentFile, What
from bot.speech.outgoing import Card
from bot.speech.texts import joining, practice
from bot.wiring.core import open_core
from storage import own_name
from storage.schema import metadata
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from tests.bot.test_members import run
from tests.talks.talks import Talks, talks
from tests.talks.test_menus import menus

__all__ = ["talks"]  # a fixture
CLARA, DINA = 301, 203
SECRET, SECRET_2 = age.generate_identity(), age.generate_identity()
KEY = age.recipient_of(SECRET)
COMMAND, EXAMPLE = "pana keygen -o me.txt --passphrase", "age1pq1…"


def says(talks: Talks, text: str, language: str = "ru", **values: object) -> str:
    """A text as an invited person reads it."""
    return talks.pana.words.text(language, text, command=COMMAND, example=EXAMPLE, **{"file": "reader.html"} | values)


def invited(talks: Talks, language: str = "ru", role: str = "lawyer") -> str:
    """Somebody has pressed Start with an invitation's link; its code."""
    made = run(talks, "invite", "Dina", "--role", role, "--language", language)
    code = made.out.split()[0]
    talks.say(DINA, f"/start {code}")
    return code


def sends(talks: Talks, content: bytes, size: int | None = None) -> int:
    """A document; the number of its message."""
    talks.telegram.files[name := f"key-{len(talks.telegram.files)}"] = content
    file = SentFile(kind=FileKind.document, file_id=name, size=len(content) if size is None else size, name="me.pub")
    return talks.send(DINA, What.file, file=file)


def everything_kept(talks: Talks) -> bytes:
    """All that rests in the database, in every table."""

    def look(tx: object) -> bytes:
        rows = [tx.execute(table.select()).all() for table in metadata.sorted_tables]  # type: ignore[attr-defined]
        return repr(rows).encode()

    return talks.core.database.read(look)


# --- the link, and what it leads to ---


async def test_the_link_is_the_bots_own_and_never_a_placeholder(talks: Talks) -> None:
    """Its name is asked where the Bot API is; else it is what was kept, or the way without a link is said."""
    made = run(talks, "invite", "Dina", "--role", "lawyer")
    code = made.out.splitlines()[0]
    assert "BOT" not in made.out
    assert f"/start {code}" in made.out
    folder = talks.core.settings.server.key_file.parent
    async with BotApiServer() as server:
        told = {"PANA_TELEGRAM_TOKEN": server.world.token, "PANA_TELEGRAM_API_URL": server.url}
        core = open_core(load_settings(folder / "pana.toml", told))
        assert await asyncio.to_thread(members._link, core, code) == f"https://t.me/pana_local_bot?start={code}"
        core.database.close()
    for name in ("older_bot", "kept_bot"):
        talks.change(lambda tx, name=name: own_name.keep(tx, name))
    made = await asyncio.to_thread(run, talks, "invite", "Dina", "--role", "lawyer")
    assert f"https://t.me/kept_bot?start={made.out.splitlines()[0]}" in made.out


@pytest.mark.parametrize(
    ("language", "role"), [("ru", "lawyer"), ("kk", "lawyer"), ("en", "lawyer"), ("ru", "coordinator")]
)
def test_start_says_in_few_lines_what_will_come(talks: Talks, language: str, role: str) -> None:
    """In their language, at most six lines, whole on the smallest phone; again at the next command."""
    invited(talks, language, role)
    steps = says(talks, joining.JOIN_STEPS, language)
    steps += "\n" + says(talks, practice.JOIN_PRACTICE, language) if role == "lawyer" else ""
    assert talks.text(DINA) == steps
    assert len(steps.splitlines()) <= 6
    assert phone.fits_well(Card(steps))
    talks.say(DINA, "/help")
    assert talks.text(DINA) == steps


# --- the key ---


@pytest.mark.parametrize(
    "content",
    [
        KEY.encode(),
        f"# public key of Dina\r\n{KEY}\r\n".encode(),
        f"\ufeff{KEY}\n".encode(),
        f"{KEY}\n".encode("utf-16"),
    ],
    ids=["bare", "with a remark", "with a mark of order", "of Windows"],
)
def test_a_public_key_may_come_as_a_file(talks: Talks, content: bytes) -> None:
    """It is known as the same typed is; the coordinator has its fingerprint, the chat no file."""
    invited(talks)
    message = sends(talks, content)
    assert talks.text(DINA) == says(talks, joining.JOIN_DONE, key=fingerprint(KEY))
    assert message not in talks.here[DINA]
    assert fingerprint(KEY) in talks.seen(CLARA)
    assert run(talks, "approve", "Dina", "--fingerprint", fingerprint(KEY)).code == 0


@pytest.mark.parametrize(
    "content",
    [
        f"# public key: {KEY}\n{SECRET}\n".encode(),
        SECRET.lower().encode(),
        f"{KEY}\n{SECRET}\n".encode("utf-16"),
        b"age-encryption.org/v1\n-> scrypt aaaa 16\nbbbb\n--- cccc\nddd\xff\x00",
        b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n",
    ],
    ids=["a key file", "small letters", "of Windows", "under a passphrase", "the same in letters"],
)
def test_a_secret_key_in_a_file_is_refused_as_typed_and_nothing_of_it_stays(
    talks: Talks, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The same sentence, no file in the chat, nothing at rest and nothing in the log."""
    invited(talks)
    with caplog.at_level(0):
        message = sends(talks, content)
    assert talks.text(DINA) == says(talks, joining.JOIN_SECRET)
    assert message not in talks.here[DINA]
    kept = everything_kept(talks).lower()
    for trace in (SECRET.lower().encode(), b"scrypt", KEY.lower().encode()):
        assert trace not in kept
    assert "age-secret" not in caplog.text.lower()
    assert "has sent a key" not in talks.seen(CLARA)
    sends(talks, KEY.encode())  # a new one is taken
    assert talks.text(DINA) == says(talks, joining.JOIN_DONE, key=fingerprint(KEY))


@pytest.mark.parametrize("size", [None, 0, LARGEST_KEY_FILE + 1], ids=["said", "not said", "said too large"])
def test_a_file_that_is_larger_is_not_read(talks: Talks, size: int | None) -> None:
    """Whatever Telegram says of its size; it counts as a try, and leaves the chat."""
    invited(talks)
    message = sends(talks, KEY.encode() + b"\n" * LARGEST_KEY_FILE, size)
    assert talks.text(DINA) == says(talks, joining.JOIN_BAD)
    assert message not in talks.here[DINA]
    for _ in range(3):
        sends(talks, b"no key")
    assert talks.text(DINA) == says(talks, joining.JOIN_BAD)
    sends(talks, b"no key")  # the last try: from here on this is a stranger
    sends(talks, KEY.encode())
    assert fingerprint(KEY) not in talks.seen(CLARA)


def test_a_file_that_telegram_does_not_give_is_said_and_no_try(talks: Talks) -> None:
    """It is somebody else's failure."""
    invited(talks)
    talks.telegram.fails = lambda _: Refused("wrong file_id")
    for _ in range(6):
        message = sends(talks, KEY.encode())
    assert talks.text(DINA) == says(talks, joining.JOIN_UNFETCHED)
    assert message not in talks.here[DINA]
    talks.telegram.fails = lambda _: None
    sends(talks, KEY.encode())
    assert talks.text(DINA) == says(talks, joining.JOIN_DONE, key=fingerprint(KEY))


def test_the_key_of_somebody_else_as_a_file_is_no_key(talks: Talks) -> None:
    """A coordinator's own file, passed on by mistake."""
    invited(talks)
    folder = talks.core.settings.server.key_file.parent
    sends(talks, (folder / "Aigul.pub").read_bytes())
    assert talks.text(DINA) == says(talks, joining.JOIN_OTHERS)


# --- approved ---


def approved(talks: Talks, *options: str, language: str = "ru") -> None:
    """Their key has come, and a coordinator has compared it."""
    invited(talks, language)
    talks.say(DINA, KEY)
    assert run(talks, "approve", "Dina", "--fingerprint", fingerprint(KEY), *options).code == 0


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_who_is_approved_hears_it_with_the_servers_fingerprint_and_has_a_menu(
    talks: Talks, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It rings, it fits, and nobody has to press anything for it."""
    found = menus(talks, monkeypatch)
    approved(talks, language=language)
    key = talks.core.ring.signing_fingerprint
    for text in (joining.WELCOME, joining.WELCOME_NEXT, joining.WELCOME_WAYS):
        assert says(talks, text, language, key=key) in talks.text(DINA)
    (card,) = (one for one in talks.chats[DINA].values() if key in one.text)
    assert card.rang
    assert phone.fits_well(Card(card.text, card.rows))
    assert set(found[DINA]) >= {"cases", "oncall", "help"}


@pytest.mark.parametrize("came", [True, False])
def test_push_and_mail_are_tried_at_once_and_what_has_not_come_is_told(talks: Talks, came: bool) -> None:
    """A test on each way that is set, a question for each; who has a way is not asked for one."""
    approved(talks, "--push", "https://ntfy.example.org/d", "--email", "d@example.org")
    assert talks.said_outside == ["Проверка: делать ничего не нужно."] * 2
    assert says(talks, joining.WELCOME_WAYS) not in talks.seen(DINA)
    answer = joining.TRIAL_CAME if came else joining.TRIAL_MISSED
    for question in (joining.TRIAL_MAIL, joining.TRIAL_PUSH):
        assert says(talks, question) in talks.seen(DINA)
        talks.press(DINA, says(talks, answer))
        assert talks.toast == says(talks, joining.TRIAL_THANKS if came else joining.TRIAL_TOLD)
    assert not {says(talks, one) for one in (joining.TRIAL_MAIL, joining.TRIAL_PUSH)} & set(
        talks.seen(DINA).split("\n")
    )
    told = ["Dina: the test by push has not come", "Dina: the test by e-mail has not come"]
    assert [one in talks.seen(CLARA) for one in told] == [not came] * 2


def test_later_ways_are_tried_when_that_is_asked_for_and_not_before(talks: Talks) -> None:
    """`member set --try` of somebody whom the bot knows; of somebody who never pressed Start nobody can ask."""
    approved(talks)
    before = len(talks.said_outside)
    run(talks, "set", "Dina", "--email", "d@example.org", "--push", "https://ntfy.example.org/d")
    assert len(talks.said_outside) == before
    run(talks, "set", "Dina", "--try")
    run(talks, "set", "Dina", "--language", "en")
    assert len(talks.said_outside) == before + 2
    asked = [one.text for one in talks.chats[DINA].values()]
    assert [asked.count(says(talks, one)) for one in (joining.TRIAL_MAIL, joining.TRIAL_PUSH)] == [1, 1]
    run(talks, "add", "Egor", "--role", "lawyer", "--telegram-id", "204", "--recipient", age.recipient_of(SECRET_2))
    run(talks, "set", "Egor", "--push", "https://ntfy.example.org/e", "--try")
    assert len(talks.said_outside) == before + 2
