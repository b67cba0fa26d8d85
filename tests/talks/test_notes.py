"""A note of a lawyer for the next one: sealed into the case, read there, and on no way to the person. In process."""

from typing import get_type_hints

import pytest

from bot.case_page import CasePage
from bot.handoff.messages import Messages
from bot.handoff.sealed_messages import SealedMessages
from bot.member.noting import LONGEST_NOTE
from bot.speech.outgoing import Card
from bot.speech.presses import Claim, OfClaim, SendTyped, button_data
from storage.case import Claimed
from storage.drafts import Note, Writing
from storage.opened import OpenedCase
from storage.relay import Relay
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_papers import checked, documents, opened

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
NOTE = "Белый кит: жена звонит по вечерам.\nБрату не говорить."
CANARY = "Белый кит"


def note(talks: Talks, text: str = NOTE) -> None:
    """Boris notes something and saves it."""
    talks.press(BORIS, "Заметка для коллеги")
    talks.say(BORIS, text)
    talks.press(BORIS, "Сохранить")


def page(talks: Talks, language: str = "ru") -> str:
    """The case as Boris opens it now."""
    talks.say(BORIS, "/cases")
    read, _ = opened(talks, documents(talks)[-1])
    return CasePage(opened=OpenedCase(read, language), words=talks.pana.words, here=talks.at).text()


def kept(talks: Talks) -> list[str]:
    """What is noted in the case."""
    talks.say(BORIS, "/cases")
    return [one["text"] for one in opened(talks, documents(talks)[-1])[1].as_json()["for_colleagues"]]


def writing(talks: Talks) -> Writing | None:
    """The message that Boris is writing."""
    boris = talks.core.database.read(lambda tx: talks.core.members.by_telegram(tx, BORIS))
    assert boris is not None
    return talks.core.database.read(lambda tx: talks.core.relay.drafts.of(tx, boris.id))


def test_it_is_shown_once_more_and_stands_in_the_opened_case_under_a_heading_of_its_own(talks: Talks) -> None:
    """With who wrote it and when, in every language; what was typed goes from the chat."""
    case = checked(talks)
    talks.press(BORIS, "Заметка для коллеги")
    talks.here.setdefault(BORIS, set()).add(next(talks._numbers) + 1)
    talks.say(BORIS, NOTE)
    assert not talks.here[BORIS]
    assert talks.text(BORIS) == f"Заметка в обращении № {case.code}, сам человек её не увидит:\n{NOTE}"
    talks.press(BORIS, "Сохранить")
    assert CANARY not in talks.seen(BORIS)
    assert talks.toast == f"Обращение № {case.code}: заметка зашифрована в файле обращения."
    for language, heading in (("ru", "Заметки юристов"), ("kk", "Заңгерлердің"), ("en", "Notes of lawyers")):
        shown = page(talks, language)
        assert heading in shown
        assert f"  Boris, 24.11, 11:00\n  {NOTE.splitlines()[0]}\n  {NOTE.splitlines()[1]}" in shown
    assert CANARY not in str(opened(talks, documents(talks)[-1])[1].as_json()["messages"])


@pytest.mark.parametrize(
    ("begins", "saves"), [("Заметка для коллеги", "Сақтау"), ("Написать", "Жіберу")], ids=["a note", "a message"]
)
def test_it_changes_neither_the_language_of_the_case_nor_the_words_of_who_calls(
    talks: Talks, begins: str, saves: str
) -> None:
    """Those come from the person's language; so for what a lawyer of another language writes to them."""
    checked(talks)
    boris = talks.core.database.read(lambda tx: talks.core.members.by_telegram(tx, BORIS))
    assert boris is not None
    talks.change(
        lambda tx: talks.core.members.set_about(tx, boris, languages=["kk"], regions=(), email=None, push=None)
    )
    before = opened(talks, documents(talks)[-1])[1]
    talks.press(BORIS, begins)
    talks.say(BORIS, NOTE)
    talks.press(BORIS, saves)
    talks.say(BORIS, "/cases")
    now = opened(talks, documents(talks)[-1])[1]
    assert len(now.for_colleagues) + len(now.as_json()["messages"]) == 1 + len(before.as_json()["messages"])
    assert (now.language, now.call_words()) == (before.language, before.call_words()) != (None, None)


def test_given_up_too_long_or_pressed_twice_nothing_more_is_kept(talks: Talks) -> None:
    """And whoever presses "write" meanwhile writes a message again."""
    checked(talks)
    talks.press(BORIS, "Заметка для коллеги")
    talks.press(BORIS, "Отмена")
    talks.say(BORIS, NOTE)
    assert "никуда не отправлен" in talks.text(BORIS)
    talks.press(BORIS, "Заметка для коллеги")
    talks.say(BORIS, "x" * (LONGEST_NOTE + 1))
    assert f"не больше {LONGEST_NOTE} знаков" in talks.text(BORIS)
    talks.say(BORIS, NOTE)
    save = next((data, one) for label, data, one in talks.data(BORIS) if label == "Сохранить")
    talks.press(BORIS, "Сохранить")
    talks.push(BORIS, *save)
    assert kept(talks) == [NOTE]
    talks.press(BORIS, "Заметка для коллеги")
    talks.press(BORIS, "Написать")
    talks.say(BORIS, "Здравствуйте")
    talks.push(BORIS, *save)
    assert kept(talks) == [NOTE]
    talks.press(BORIS, "Отправить")
    assert kept(talks) == [NOTE]


def test_before_the_check_word_nobody_notes_anything(talks: Talks) -> None:
    """A phone in other hands has no button for it, and a forged press opens nothing."""
    urgent(talks, PERSON)
    code = talks.case().code
    talks.say(BORIS, f"/take {code}")
    assert "Заметка для коллеги" not in talks.labels(BORIS)
    for step in (Claim.note, Claim.save_note):
        talks.push(BORIS, button_data(talks.core.ring, BORIS, OfClaim(code, step)), talks.newest)
        talks.say(BORIS, NOTE)
        assert CANARY not in talks.seen(BORIS)
    assert kept(talks) == []


def test_no_text_that_a_persons_chat_ever_gets_has_a_word_of_it(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the note to the end of the case: every press of the lawyer, every card of the person, hidden and shown."""
    shown, put, edit = list[str](), Talks._put, Talks._edit

    def put_too(self: Talks, chat: int, card: Card | None, **more: object) -> int:
        if chat == PERSON and card is not None:
            shown.append(card.text)
        return put(self, chat, card, **more)  # type: ignore[arg-type]

    def edit_too(self: Talks, chat: int, message: int, card: Card) -> None:
        shown.extend([card.text] if chat == PERSON else [])
        edit(self, chat, message, card)

    monkeypatch.setattr(Talks, "_put", put_too)
    monkeypatch.setattr(Talks, "_edit", edit_too)
    case = checked(talks)
    talks.press(BORIS, "Заметка для коллеги")
    talks.say(BORIS, NOTE)
    for number in range(4):  # as if it were a message
        talks.push(BORIS, button_data(talks.core.ring, BORIS, SendTyped(case.code, number)), talks.newest)
    assert writing(talks) is None
    talks.press(BORIS, "Сохранить")
    talks.press(BORIS, "Написать")
    talks.say(BORIS, "Здравствуйте, я ваш юрист.")
    talks.press(BORIS, "Отправить")
    talks.press(PERSON, "Показать")
    for said in ("/status", "/start", "/help", "что дальше?", "/clear", case.code):
        talks.say(PERSON, said)
    talks.press(BORIS, "Передать коллеге")
    talks.press(BORIS, "Aigul")
    talks.pass_by(minutes=20)
    held = talks.case()
    assert isinstance(held, Claimed)
    talks.press(BORIS, "Закрыть")
    talks.press(BORIS, next(one for one in talks.labels(BORIS) if "помощь" in one.lower() or "помог" in one.lower()))
    talks.pass_by(minutes=15)
    talks.say(PERSON, "/start")
    assert any("я ваш юрист" in one for one in shown)
    assert not [one for one in shown if CANARY in one]
    assert CANARY not in "\n".join(talks.seen(chat) for chat in (AIGUL, CLARA))


def test_by_its_type_no_way_to_the_person_takes_a_note() -> None:
    """What sends takes a text; a note is none, and the drafts of messages never give one."""
    assert not issubclass(Note, str)
    assert get_type_hints(Messages.to_seeker)["text"] is str
    assert get_type_hints(SealedMessages.write_to)["text"] is str
    assert get_type_hints(Writing)["text"] == str | None
    assert "Note" not in str([get_type_hints(one) for one in vars(Relay).values() if callable(one)])
