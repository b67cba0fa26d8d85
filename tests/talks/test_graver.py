"""A claimed case becomes graver, or as grave in another way: its lawyer hears what is new, or others do."""

from datetime import timedelta

import pytest

from bot.speech.texts import coordinator as coordinator_texts
from bot.speech.texts import member as texts
from storage.case import Claimed
from tests.cases import joins
from tests.talks.talks import Message, Talks, talks
from tests.talks.test_claims import AIGUL, BORIS, CLARA, PERSON, able, member, reached, said, taken, third, written
from tests.talks.walked_once import walked_once

__all__ = ["talks"]  # a fixture
NOW, POLICE = "Сейчас или сегодня", "Полиция"
IN_TIME, LATE = timedelta(minutes=2, seconds=30), timedelta(minutes=3, seconds=30)


def newest(talks: Talks, chat: int) -> Message:
    """The newest message of the bot."""
    return list(talks.chats[chat].values())[-1]


def holder(talks: Talks) -> str:
    """Who has the newest case."""
    case = talks.case()
    assert isinstance(case, Claimed)
    return str(talks.change(lambda tx: talks.core.members.get(tx, case.claim.by)).name)


def passes(talks: Talks, by: timedelta) -> None:
    """Time passes."""
    talks.pass_by(seconds=by.total_seconds())


@walked_once
def begun(talks: Talks) -> None:
    """Boris has the case; its person has said for whom it is."""
    taken(talks)
    for answer in ("Мне", POLICE):
        talks.press(PERSON, answer)
    talks.pass_by(seconds=60)


def graver(talks: Talks) -> Message:
    """And then it is graver; his newest message."""
    begun(talks)
    talks.press(PERSON, NOW)
    return newest(talks, BORIS)


def test_whoever_is_asked_to_take_it_over_is_asked_anew_with_what_is_new(talks: Talks) -> None:
    """They would say yes or no to another case than it is."""
    begun(talks)
    talks.press(BORIS, "Передать коллеге")
    talks.press(BORIS, "✓ Aigul")
    before, rung = newest(talks, AIGUL), talks.rung(AIGUL)
    talks.press(PERSON, NOW)
    asked = [one for one in talks.chats[AIGUL].values() if "Қабылдау" in one.labels]
    assert len(asked) == 1 and asked[0].id != before.id
    assert talks.rung(AIGUL) == rung + 1
    assert set(asked[0].text.splitlines()) > set(before.text.splitlines())
    talks.press(AIGUL, "Қабылдау")
    assert holder(talks) == "Aigul"


def test_whoever_has_said_yes_to_it_is_not_asked_again(talks: Talks) -> None:
    """They wait for the file that lets them open it; what they get then is the case as it is."""
    begun(talks)
    talks.change(lambda tx: joins(tx, talks.core, "Dina", 203, met=True))
    for label in ("Передать коллеге", "Dina", "Ключ верный: Dina"):
        talks.press(BORIS, label)
    talks.press(203, "Принять")
    rung = talks.rung(203)
    talks.press(PERSON, NOW)
    assert talks.rung(203) == rung
    assert not any("Принять" in one.labels for one in talks.chats[203].values())


LANGUAGE = {AIGUL: "kk", BORIS: "ru", CLARA: "en", 203: "ru"}
NAMES = ("time", "code", "name", "count", "num")


def as_read(talks: Talks, chat: int, text: str) -> str:
    """A text as this member reads it."""
    return talks.pana.words.text(LANGUAGE[chat], text)


def is_told(talks: Talks, chat: int, text: str) -> bool:
    """The unchanging part of a text stands in this chat."""
    part = max(talks.pana.words.text(LANGUAGE[chat], text, **dict.fromkeys(NAMES, "@")).split("@"), key=len)
    return chat in talks.chats and part in talks.seen(chat)


# --- the claimer hears it ---


def test_another_danger_rings_the_claimer_at_once_with_what_is_new_and_what_the_alert_says(talks: Talks) -> None:
    """Critical before and after: in words, with the option, on a fresh card; nothing rings half a minute later."""
    begun(talks)
    rung = talks.rung(BORIS)
    talks.press(PERSON, NOW)
    card = newest(talks, BORIS)
    assert (card.rang, talks.rung(BORIS)) == (True, rung + 1)
    head, new = card.text.split(said(talks, texts.GRAVER_NEW))
    assert talks.case().code in head
    assert "Регион" in head
    assert NOW in new
    assert POLICE not in new
    assert card.labels == [said(talks, texts.SEEN), said(talks, texts.WRITE)]
    talks.pass_by(seconds=60)
    assert talks.rung(BORIS) == rung + 1


@pytest.mark.parametrize(("back", "where"), [(1, "Военные или неизвестные"), (3, "куда-то везут")])
def test_an_answer_taken_back_for_another_is_new_as_well(talks: Talks, back: int, where: str) -> None:
    """Held by the police, then by people whom nobody knows, or driven away."""
    begun(talks)
    rung = talks.rung(BORIS)
    for _ in range(back):
        talks.press(PERSON, "Назад")
    if not any(where in label for label in talks.labels(PERSON)):
        talks.press(PERSON, "Ещё ответы")
    talks.press(PERSON, where)
    assert where in newest(talks, BORIS).text.split(said(talks, texts.GRAVER_NEW))[1]
    assert (newest(talks, BORIS).rang, talks.rung(BORIS)) == (True, rung + 1)


def test_who_holds_the_person_is_only_more_about_what_was_known(talks: Talks) -> None:
    """It is asked right after the alert, and rings nobody anew."""
    taken(talks)
    rung = talks.rung(BORIS)
    for answer in ("Мне", POLICE):
        talks.press(PERSON, answer)
    assert talks.rung(BORIS) == rung


def test_what_is_less_grave_waits_until_the_person_pauses(talks: Talks) -> None:
    """ "I don't know" about a hand-over is a reason, and not of the gravest kind."""
    begun(talks)
    rung = talks.rung(BORIS)
    talks.press(PERSON, "Не знаю")
    card = newest(talks, BORIS)
    talks.pass_by(seconds=60)
    assert (talks.rung(BORIS), is_told(talks, BORIS, texts.MORE)) == (rung, True)
    assert newest(talks, BORIS) is not card


def test_two_changes_that_nobody_has_seen_stand_on_one_card(talks: Talks) -> None:
    """The older card goes, and its time goes on."""
    first = graver(talks)
    passes(talks, timedelta(minutes=1))
    talks.press(PERSON, "Суд сегодня")
    shown = [one for one in talks.chats[BORIS].values() if said(talks, texts.SEEN) in one.labels]
    assert len(shown) == 1 != first.id
    new = shown[0].text.split(said(talks, texts.GRAVER_NEW))[1]
    assert NOW in new
    assert "Суд сегодня" in new
    passes(talks, timedelta(minutes=2, seconds=30))
    assert is_told(talks, AIGUL, texts.UNSEEN)


def test_outside_telegram_the_claimer_is_told_that_a_case_needs_them(talks: Talks) -> None:
    """A bot's message does not pass "do not disturb"; the words say nothing of the case."""
    boris = member(talks, "Boris")
    talks.change(
        lambda tx: talks.core.members.set_about(
            tx, boris, languages=["ru"], regions=(), email="b@example.org", push=None
        )
    )
    begun(talks)
    talks.said_outside.clear()
    talks.press(PERSON, NOW)
    assert talks.said_outside == [said(talks, texts.OUTSIDE_YOURS)]


# --- nobody looks ---


def test_what_is_not_seen_in_three_minutes_is_told_to_the_other_lawyers_and_the_coordinators(talks: Talks) -> None:
    """Aloud, with what is new; the claimer is rung again, and reads who was called and since when."""
    graver(talks)
    passes(talks, IN_TIME)
    assert not is_told(talks, AIGUL, texts.UNSEEN)
    rung = talks.rung(BORIS)
    passes(talks, LATE - IN_TIME)
    card = newest(talks, AIGUL)
    assert card.rang
    assert as_read(talks, AIGUL, texts.GRAVER_NEW) in card.text
    assert card.labels == [as_read(talks, AIGUL, texts.TAKE), as_read(talks, AIGUL, texts.PASS)]
    assert newest(talks, CLARA).rang
    assert is_told(talks, CLARA, coordinator_texts.LINE_UNSEEN)
    assert talks.rung(BORIS) == rung + 1
    assert "(1)" in newest(talks, BORIS).text
    assert holder(talks) == "Boris"


def test_it_rings_again_until_somebody_has_seen_it(talks: Talks) -> None:
    """As often as a case of this level that nobody takes; coordinators are told once."""
    graver(talks)
    passes(talks, LATE)
    rung, lines = talks.rung(AIGUL), talks.rung(CLARA)
    passes(talks, timedelta(minutes=4))
    assert talks.rung(AIGUL) == rung + 2
    assert talks.rung(CLARA) == lines
    talks.press(BORIS, said(talks, texts.SEEN))
    passes(talks, timedelta(minutes=4))
    assert talks.rung(AIGUL) == rung + 2


@pytest.mark.parametrize("how", ["seen", "acting", "writes", "/cases"])
def test_who_presses_seen_or_acts_has_seen_it(talks: Talks, how: str) -> None:
    """Nobody else is called, and the card asks for nothing any more."""
    graver(talks)
    match how:
        case "seen":
            talks.press(BORIS, said(talks, texts.SEEN))
            assert talks.toast == said(talks, texts.SEEN_NOTED)
        case "acting":
            talks.press(BORIS, said(talks, texts.ACTING))
        case "writes":
            written(talks)
        case _:
            talks.say(BORIS, "/cases")
    assert said(talks, texts.SEEN) not in talks.labels(BORIS)
    passes(talks, LATE)
    assert not is_told(talks, AIGUL, texts.UNSEEN)
    assert not is_told(talks, CLARA, coordinator_texts.LINE_UNSEEN)


def test_who_sees_it_after_others_were_called_calls_them_off(talks: Talks) -> None:
    """Their alert says again that the case has a lawyer; coordinators hear it without a sound."""
    graver(talks)
    passes(talks, LATE)
    rung = talks.rung(CLARA)
    talks.press(BORIS, said(talks, texts.SEEN))
    assert not is_told(talks, AIGUL, texts.UNSEEN)
    assert as_read(talks, AIGUL, texts.TAKE) not in talks.labels(AIGUL)
    assert is_told(talks, CLARA, coordinator_texts.LINE_SEEN)
    assert talks.rung(CLARA) == rung
    talks.say(AIGUL, f"/take {talks.case().code}")
    assert holder(talks) == "Boris"


def test_after_contact_only_the_deputy_can_open_the_case_and_is_called(talks: Talks) -> None:
    """The others could do nothing with it."""
    third(talks)
    case = reached(talks)
    assert isinstance(case, Claimed)
    deputy = talks.change(lambda tx: talks.core.members.get(tx, case.claim.deputy)).name
    assert able(talks) == {"Boris", deputy}
    talks.press(PERSON, "Мне")
    talks.press(PERSON, POLICE)
    talks.press(PERSON, NOW)
    passes(talks, LATE)
    assert {name for name, chat in (("Aigul", AIGUL), ("Dina", 203)) if is_told(talks, chat, texts.UNSEEN)} == {deputy}


def test_where_nobody_else_can_open_it_the_claimer_and_the_coordinators_read_that(talks: Talks) -> None:
    """None of them is told that somebody was called."""
    begun(talks)
    row, aigul = talks.case().row, member(talks, "Aigul").id
    talks.change(lambda tx: talks.core.cases.wraps.drop(tx, row, aigul))
    talks.press(PERSON, NOW)
    passes(talks, LATE)
    assert not is_told(talks, AIGUL, texts.UNSEEN)
    assert "(0)" in newest(talks, BORIS).text
    assert ": 0." in talks.text(CLARA)


# --- another one takes it over ---


def test_who_was_called_can_take_the_case_over(talks: Talks) -> None:
    """One tap; the first lawyer hears it aloud, and nothing of the case is left in their chat."""
    graver(talks)
    passes(talks, LATE)
    talks.press(AIGUL, as_read(talks, AIGUL, texts.TAKE))
    assert holder(talks) == "Aigul"
    assert newest(talks, BORIS).rang
    assert is_told(talks, BORIS, texts.OVERTAKEN)
    assert not is_told(talks, BORIS, texts.GRAVER)
    assert any(one.document for one in talks.chats[AIGUL].values())
    rung = talks.rung(AIGUL), talks.rung(BORIS)
    passes(talks, LATE)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == rung


def test_who_was_not_called_cannot_take_what_another_one_has(talks: Talks) -> None:
    """Nor before the three minutes are over."""
    graver(talks)
    passes(talks, IN_TIME)
    talks.say(AIGUL, f"/take {talks.case().code}")
    assert holder(talks) == "Boris"


def test_who_was_called_can_pass_and_is_called_no_more(talks: Talks) -> None:
    """With a conflict of interest they cannot open the case any more."""
    graver(talks)
    passes(talks, LATE)
    talks.press(AIGUL, as_read(talks, AIGUL, texts.PASS))
    rung = talks.rung(AIGUL)
    talks.press(AIGUL, as_read(talks, AIGUL, texts.PASS_CONFLICT))
    passes(talks, timedelta(minutes=6))
    assert talks.rung(AIGUL) == rung
    assert "Aigul" not in able(talks)


def test_a_new_claimer_is_asked_about_nothing_that_was_new_to_the_one_before(talks: Talks) -> None:
    """The alert that they took has said it."""
    graver(talks)
    talks.press(BORIS, said(talks, texts.GIVE_BACK))
    talks.say(AIGUL, f"/take {talks.case().code}")
    rung = talks.rung(AIGUL, CLARA)
    passes(talks, LATE)
    assert (holder(talks), talks.rung(AIGUL, CLARA)) == ("Aigul", rung)
