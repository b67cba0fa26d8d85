"""A person chooses another language while lawyers know of them: what everybody reads of it agrees. In process."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import select, update

from bot.case_page import CasePage
from bot.speech.presses import Claim, CloseWith, OfClaim, Undo
from bot.speech.texts import member as member_texts
from bot.speech.texts import seeker as texts
from storage import muted
from storage.call_words import WORDS
from storage.case import Claimed, Handed, Open
from storage.schema import handoff
from tests.cases import claim
from tests.talks.requests import called, sends
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import AIGUL, BORIS, CLARA, PERSON, does, said
from tests.talks.test_handing_over import DINA, asked, comes, made
from tests.talks.test_papers import documents, opened

__all__ = ["asked", "talks"]  # fixtures
EITHER = pytest.mark.parametrize("everything_sent", [False, True], ids=["a question is open", "everything is sent"])
LANGUAGES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}


def chooses(talks: Talks, language: str = "kk") -> None:
    """The person, whatever they read before."""
    talks.say(PERSON, "/language")
    talks.press(PERSON, LANGUAGES[language])


def asks_for_help(talks: Talks, *, everything_sent: bool) -> None:
    """In Russian."""
    urgent(talks, PERSON)
    if everything_sent:
        sends(talks)


def takes(talks: Talks, lawyer: int = BORIS) -> None:
    """The newest case."""
    talks.say(lawyer, f"/take {talks.case().code}")


# --- the words that a lawyer says first ---


def on_card(talks: Talks, chat: int, text: str, language: str) -> str:
    """The two words that a chat shows in this sentence."""
    before = talks.pana.words.text(language, text, words="").strip()
    found = re.search(re.escape(before) + r" (\w+, \w+)", talks.seen(chat))
    assert found is not None, (before, talks.seen(chat))
    return found[1]


def everywhere(talks: Talks, language: str) -> set[str | None]:
    """The two words, wherever they stand for the claim that Boris has. `language`: what the person reads now."""
    first = opened(talks, documents(talks)[0])[1]
    if not claim(talks.case()).checked:
        talks.press(BORIS, "Написать")
        talks.say(BORIS, str(first.check_word))
    talks.say(BORIS, "/cases")
    talks.pass_by(minutes=2)
    found = {first.call_words(), on_card(talks, PERSON, texts.CALL_WORDS, language)}
    for one in (opened(talks, document)[1] for document in documents(talks)):
        page = CasePage(opened=one, words=talks.pana.words, here=talks.at).text()
        assert f": {one.call_words()}\n" in page
        found |= {one.call_words(), str(one.for_page()["call_words"])}
    return {*found, on_card(talks, BORIS, member_texts.SAY_FIRST, "ru")}


def writes_on(talks: Talks) -> None:
    """Entries in the new language follow."""
    chooses(talks)
    talks.say(PERSON, "Мені айыппұл салды, қағаз бермеді")


def keeps(_talks: Talks) -> None:
    """Their language."""


def chooses_often(talks: Talks) -> None:
    """One after another."""
    chooses(talks)
    chooses(talks, "en")


def chooses_russian(talks: Talks) -> None:
    """Again."""
    chooses(talks, "ru")


# What they do before and after it is taken, and what they read then.
CHANGES: Mapping[str, tuple[Callable[[Talks], None], Callable[[Talks], None], str]] = {
    "never": (keeps, keeps, "ru"),
    "before": (chooses, keeps, "kk"),
    "after": (keeps, chooses, "kk"),
    "before, and back after": (chooses, chooses_russian, "ru"),
    "often": (keeps, chooses_often, "en"),
    "after, and writes on": (keeps, writes_on, "kk"),
}


@EITHER
@pytest.mark.parametrize("changes", CHANGES)
def test_a_claim_has_the_same_two_words_wherever_they_stand_whatever_language_is_chosen(
    talks: Talks, changes: str, *, everything_sent: bool
) -> None:
    """The person compares them with what the caller says: other words, and the lawyer is a stranger to them.

    They are of the language that was read when the lawyer took it.
    """
    before, after, language = CHANGES[changes]
    asks_for_help(talks, everything_sent=everything_sent)
    before(talks)
    takes(talks)
    spoken = talks.case().language
    after(talks)
    assert talks.case().language == language
    (words,) = everywhere(talks, language)
    assert words is not None and set(words.split(", ")) <= set(WORDS[spoken])


@pytest.mark.parametrize("given_back", [False, True], ids=["handed over", "given back and taken anew"])
def test_who_has_a_case_after_another_has_words_of_their_own_in_the_language_that_is_read_then(
    talks: Talks, *, given_back: bool
) -> None:
    """Those of before stand nowhere any more but in what their lawyer has on a disk."""
    urgent(talks, PERSON)
    takes(talks)
    before = on_card(talks, PERSON, texts.CALL_WORDS, "ru")
    chooses(talks)
    if given_back:
        does(talks, BORIS, OfClaim(talks.case().code, Claim.give_back))
        assert "алдымен мынаны айтады" not in talks.seen(PERSON)
        takes(talks, AIGUL)
    else:
        talks.press(BORIS, "Передать коллеге")
        talks.press(BORIS, "✓ Aigul")
        talks.press(AIGUL, "Қабылдау")
    talks.pass_by(minutes=1)
    words = on_card(talks, PERSON, texts.CALL_WORDS, "kk")
    assert opened(talks, documents(talks, AIGUL)[-1], "Aigul")[1].call_words() == words != before
    assert set(words.split(", ")) <= set(WORDS["kk"])
    chooses(talks, "en")
    assert on_card(talks, PERSON, texts.CALL_WORDS, "en") == words
    assert before not in talks.seen(PERSON)


def test_a_zip_that_only_tests_the_key_tells_nobody_to_say_its_words_and_goes_with_the_claim(
    talks: Talks, asked: Claimed
) -> None:
    """It has those of whoever had the case: the next lawyer would say them, and be a stranger to the person."""
    comes(talks, made(talks, asked))
    inside = talks.pana.words.text("ru", member_texts.SAY_FIRST_INSIDE)
    (tests,) = documents(talks, DINA)
    assert inside not in tests.text
    talks.press(DINA, "Открывается")
    (theirs,) = documents(talks, DINA)
    assert theirs.id > tests.id
    assert inside in theirs.text


def test_a_false_alarm_that_is_undone_has_the_words_of_before(talks: Talks) -> None:
    """Also where another language was chosen after it was taken."""
    urgent(talks, PERSON)
    takes(talks)
    chooses(talks)
    before, code = on_card(talks, PERSON, texts.CALL_WORDS, "kk"), talks.case().code
    does(talks, BORIS, CloseWith(code, "false_alarm"))
    does(talks, BORIS, Undo(code))
    assert everywhere(talks, "kk") == {before}


# --- in which language they are to be spoken to ---


def is_sent(talks: Talks) -> None:
    """No question is open any more."""
    asks_for_help(talks, everything_sent=True)


def is_listed(talks: Talks) -> None:
    """It stands on a list, with others of a crowd."""
    for person in range(PERSON, PERSON + 5):
        urgent(talks, person)
    assert len(talks.chats[BORIS]) == 1


def waits_again(talks: Talks) -> None:
    """Boris has given it back, and Aigul can take it."""
    is_taken(talks)
    does(talks, BORIS, OfClaim(talks.case().code, Claim.give_back))


def is_muted(talks: Talks) -> None:
    """An earlier one was a false alarm: coordinators alone have it before them."""
    talks.change(lambda tx: muted.mute(tx, talks.core.ring, talks.core.ring.look_up("telegram", PERSON)))
    called(talks)


def is_taken(talks: Talks) -> None:
    """By Boris, while a question is open."""
    called(talks)
    takes(talks)


def is_taken_later(talks: Talks) -> None:
    """By Boris, once everything was sent."""
    is_sent(talks)
    takes(talks)


def is_changed(talks: Talks) -> None:
    """The questions about danger are open once more."""
    is_taken_later(talks)
    talks.press(PERSON, said(talks, texts.CHANGED))


# Who reads the alert, and in which words it must not and must name a language; that of coordinators names none.
RUSSIAN, KAZAKH, NONE = ("русский", "казахский"), ("орыс", "қазақ"), (" ", " ")
STATES: Mapping[Callable[[Talks], None], tuple[int, tuple[str, str]]] = {
    called: (BORIS, RUSSIAN),
    is_sent: (BORIS, RUSSIAN),
    is_listed: (BORIS, RUSSIAN),
    waits_again: (AIGUL, KAZAKH),
    is_muted: (CLARA, NONE),
    is_taken: (BORIS, RUSSIAN),
    is_taken_later: (BORIS, RUSSIAN),
    is_changed: (BORIS, RUSSIAN),
}


def of_person(talks: Talks) -> Handed:
    """The case of the first person."""
    case = talks.cases()[0]
    assert isinstance(case, Handed)
    return case


def alert(talks: Talks, chat: int) -> str:
    """What a chat shows of it, in a card of its own or as a line of a list."""
    parts = [one.text for one in talks.chats[chat].values() if of_person(talks).code in one.text]
    lines = [line for part in parts for line in part.splitlines() if of_person(talks).code in line]
    return "\n".join(lines if f"{of_person(talks).code} ·" in lines[0] else parts)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_alerts_and_ladder_go_by_the_language_that_was_chosen_last_and_nobody_is_rung_for_it(
    talks: Talks, state: Callable[[Talks], None]
) -> None:
    """Whoever speaks it is called first, and whoever takes the case reads whom they will have to talk to."""
    state(talks)
    (chat, (before, then)), known = STATES[state], of_person(talks).handoff
    assert known.facts.language == "ru"
    assert before in alert(talks, chat)
    rung = len(talks.rings)
    chooses(talks)
    talks.at += timedelta(seconds=2)
    talks.deliver()
    now = of_person(talks)
    assert (now.language, now.handoff) == ("kk", replace(known, facts=structs.replace(known.facts, language="kk")))
    assert before == then or before not in alert(talks, chat)
    assert then in alert(talks, chat)
    assert len(talks.rings) == rung


def test_a_call_that_was_withdrawn_goes_by_the_language_that_was_chosen_meanwhile(talks: Talks) -> None:
    """Once it is made again."""
    called(talks)
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    chooses(talks)
    assert isinstance(talks.case(), Open)
    talks.press(PERSON, talks.pana.words.text("kk", texts.CALL_NOW))
    assert of_person(talks).handoff.facts.language == "kk"
    assert "казахский" in alert(talks, BORIS)


def test_of_a_case_whose_facts_cannot_be_read_nothing_is_written_over_them(talks: Talks) -> None:
    """They may be read again, with the key that is missing now; the person is spoken to as they wish."""
    is_sent(talks)
    talks.change(lambda tx: tx.execute(update(handoff).values(facts_sealed=b"x")))
    chooses(talks)
    assert (of_person(talks).language, of_person(talks).handoff.facts.lost) == ("kk", True)
    assert talks.change(lambda tx: tx.execute(select(handoff.c.facts_sealed)).scalar_one()) == b"x"
