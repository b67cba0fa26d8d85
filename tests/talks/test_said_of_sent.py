"""What was to be said about something that was sent is said once the chat is back, whatever was done meanwhile."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from bot.speech.incoming import LARGEST_FILE, FileKind, Said, SentFile, What
from storage.sent_files import GONE, TOO_LARGE
from tests.talks.requests import PERSON, called, sent
from tests.talks.talks import ON_BOTH, Talks, talks, urgent
from tests.whole import by_pairs

__all__ = ["talks"]  # a fixture
LARGE = "Не сохранено файлов больше 20 МБ: 1"
LOST = "Не удалось сохранить 1 файл"
Does = Callable[[Talks], object]


STATES: Mapping[str, Does] = {"called": called, "sent": sent}
NEWS: Mapping[str, tuple[str, str]] = {"too large": (TOO_LARGE, LARGE), "not to be had": (GONE, LOST)}


def back(talks: Talks) -> None:
    """The code leads back to a hidden chat."""
    talks.say(PERSON, talks.case().code)


# What is done while the file is on its way; what is done once it is lost; both leave the request alone.
COVERED: Mapping[str, tuple[Does, Does]] = {
    "nothing": (lambda _: None, lambda t: t.say(PERSON, "и ещё одно слово для юриста")),
    "another answer": (lambda t: t.say(PERSON, "и ещё слово"), lambda t: t.say(PERSON, "и ещё одно слово для юриста")),
    "delete?, then something typed": (
        lambda t: t.say(PERSON, "/delete"),
        lambda t: t.say(PERSON, "нет, я хочу сначала подумать"),
    ),
    "delete?, then no": (lambda t: t.say(PERSON, "/delete"), lambda t: t.say(PERSON, "нет")),
    "delete?, then back": (lambda t: t.say(PERSON, "/delete"), lambda t: t.press(PERSON, "Отмена")),
    "delete?, then /start": (lambda t: t.say(PERSON, "/delete"), lambda t: t.say(PERSON, "/start")),
    "help": (lambda t: t.say(PERSON, "/help"), lambda t: t.say(PERSON, "/start")),
    "help, then something typed": (
        lambda t: t.say(PERSON, "/help"),
        lambda t: t.say(PERSON, "и ещё одно слово для юриста"),
    ),
    "status": (lambda t: t.say(PERSON, "/status"), lambda t: t.say(PERSON, "/start")),
    "languages": (lambda t: t.say(PERSON, "/language"), lambda t: t.say(PERSON, "русский")),
    "hidden, and back": (lambda t: t.press(PERSON, "Скрыть чат"), back),
    "hidden, begun anew, and back": (
        lambda t: (t.press(PERSON, "Скрыть чат"), t.say(PERSON, "/start")),
        back,
    ),
}


def a_photo(talks: Talks) -> None:
    """It does not come at once."""
    talks.telegram.away = True
    talks.file(PERSON, FileKind.photo, b"x" * 900)


def is_lost(talks: Talks, why: str) -> None:
    """It is asked for, and cannot be had."""
    files = talks.core.case_files
    (wanted,) = talks.change(lambda tx: files.files.take(tx, 1))
    talks.change(lambda tx: files.lost(tx, wanted, why))


def told(talks: Talks, what: str) -> int:
    """How often the chat says it now."""
    return talks.seen(PERSON).count(what)


@pytest.mark.parametrize(("state", "news", "meanwhile", "wait"), by_pairs([*STATES], [*NEWS], [*COVERED], [1, 40]))
def test_what_became_of_a_file_is_read_once_the_chat_is_back(
    talks: Talks, state: str, news: str, meanwhile: str, wait: int
) -> None:
    """Once, and until the next thing is sent; it says nothing in a hidden chat."""
    (why, what), (covers, ends) = NEWS[news], COVERED[meanwhile]
    STATES[state](talks)
    a_photo(talks)
    covers(talks)
    is_lost(talks, why)
    talks.deliver()
    talks.pass_by(seconds=wait)
    if meanwhile.startswith("hidden"):
        assert told(talks, what) == 0
    stood = told(talks, what)
    ends(talks)
    assert stood or told(talks, what) == 1
    talks.pass_by(minutes=3)
    assert stood or told(talks, what) == 1
    talks.pass_by(seconds=30)
    talks.say(PERSON, "и ещё кое-что")
    assert told(talks, what) == 0


@ON_BOTH
@pytest.mark.parametrize("news", NEWS)
def test_what_is_said_while_the_line_is_slow_is_still_read(talks: Talks, news: str) -> None:
    """The card that says it has not been drawn yet when the next thing is typed."""
    why, what = NEWS[news]
    called(talks)
    a_photo(talks)
    is_lost(talks, why)
    talks.at += timedelta(seconds=20)
    talks.say(PERSON, "и ещё одно слово для юриста")
    assert told(talks, what) == 1


@pytest.mark.parametrize("command", ["/delete", "/help", "/language"])
def test_what_was_covered_a_moment_later_is_said_once_more(talks: Talks, command: str) -> None:
    """It stood there for two seconds, which nobody need have read."""
    called(talks)
    a_photo(talks)
    is_lost(talks, TOO_LARGE)
    talks.deliver()
    talks.at += timedelta(seconds=2)
    talks.say(PERSON, command)
    assert told(talks, LARGE) == 0
    talks.at += timedelta(seconds=30)
    talks.say(PERSON, "и ещё одно слово для юриста")
    assert told(talks, LARGE) == 1


# --- what is said at once ---

AT_ONCE: Mapping[str, tuple[What, int, str]] = {
    "too large": (What.paper, LARGEST_FILE + 1, "Не принимается: больше 20 МБ"),
    "no such files": (What.file, 10, "Такие файлы не принимаются"),
    "no videos": (What.video, 10, "Видео не принимается"),
    "a sticker": (What.other, 0, "Не принимается. Пришлите текст"),
}
UNDER: Mapping[str, Does] = {
    "nothing": lambda _: None,
    "delete?": lambda t: t.say(PERSON, "/delete"),
    "help": lambda t: t.say(PERSON, "/help"),
    "status": lambda t: t.say(PERSON, "/status"),
    "languages": lambda t: t.say(PERSON, "/language"),
    "a lost file": lambda t: (a_photo(t), is_lost(t, TOO_LARGE), t.deliver()),
}


def sends(talks: Talks, what: What, size: int, text: str = "") -> None:
    """One of them."""
    kind = {What.paper: FileKind.photo, What.file: FileKind.document, What.video: FileKind.document}.get(what)
    file = None if kind is None else SentFile(kind=kind, file_id="f", size=size, seconds=0)
    talks.send(PERSON, what, text, None, file)


@pytest.mark.parametrize(
    ("state", "what", "under", "caption"), by_pairs([*STATES], [*AT_ONCE], [*UNDER], ["", "это бумага из суда"])
)
def test_what_is_not_taken_is_said_at_once(talks: Talks, state: str, what: str, under: str, caption: str) -> None:
    """Whatever stood there when it was sent, and whatever was written with it."""
    STATES[state](talks)
    UNDER[under](talks)
    kind, size, text = AT_ONCE[what]
    sends(talks, kind, size, caption)
    assert told(talks, text) == 1


def late(talks: Talks, text: str) -> None:
    """Typed before an outage, and heard after it."""
    number = next(talks._numbers)
    talks.hear(Said(update_id=number, chat_id=PERSON, message_id=number, text=text, at=talks.at, late=True))


AFTERWARDS: Mapping[str, Does] = {
    "show": lambda t: t.press(PERSON, "Показать"),
    "/start": lambda t: t.say(PERSON, "/start"),
    "a photo": lambda t: t.file(PERSON, FileKind.photo, b"x" * 900),
    "a film": lambda t: sends(t, What.video, 10),
    "help, and back": lambda t: (t.say(PERSON, "/help"), t.say(PERSON, "/start")),
    "delete?, and no": lambda t: (t.say(PERSON, "/delete"), t.say(PERSON, "нет")),
    "status, and back": lambda t: (t.say(PERSON, "/status"), t.press(PERSON, "Назад")),
    "languages, and back": lambda t: (t.say(PERSON, "/language"), t.say(PERSON, "русский")),
    "hidden, and back": lambda t: (t.say(PERSON, "/clear"), back(t)),
}


@pytest.mark.parametrize("then", AFTERWARDS)
def test_what_became_of_a_late_text_is_read_whatever_comes_first(talks: Talks, then: str) -> None:
    """Nobody was there when it was answered."""
    urgent(talks, PERSON, None)
    talks.pass_by(seconds=61)
    talks.press(PERSON, "На свободе")
    late(talks, "меня допрашивали вчера вечером")
    AFTERWARDS[then](talks)
    if then in {"a photo", "a film"}:  # of which its own answer speaks
        talks.say(PERSON, "/start")
    assert told(talks, "Сохранено для юриста") == 1
