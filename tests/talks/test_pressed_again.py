"""Buttons that members press again, or too late: the answer is what has become of it, never that there is none."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.speech import presses
from bot.speech.presses import Offer, Press, button_data
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from storage.case import Case, Claimed
from storage.members import Member
from tests.cases import joins
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
PERSON, AIGUL, BORIS, DINA, CLARA = 900, 201, 202, 203, 301


def said(talks: Talks, text: str, language: str = "en", **values: object) -> str:
    """A text as a member reads it."""
    return talks.pana.words.text(language, text, **values)


def pressed(talks: Talks, chat: int, press: Press, message: int = 1) -> str:
    """What a button brings that was shown to this chat before."""
    before = set(talks.chats.get(chat, {}))
    talks.push(chat, button_data(talks.core.ring, chat, press), message)
    new = [one.text for number, one in talks.chats.get(chat, {}).items() if number not in before]
    return "\n".join([talks.toast or "", *new]).strip()


# --- a coordinator ---


def waits(talks: Talks) -> str:
    """Nobody has it."""
    return coordinator.LET_THROUGH_DONE


def taken(talks: Talks) -> str:
    """A lawyer has it."""
    talks.say(BORIS, f"/take {talks.case().code}")
    return texts.ALERT_TAKEN


def closed(talks: Talks) -> str:
    """Its lawyer is done."""
    taken(talks)
    for label in (texts.CLOSE, texts.OUTCOME_HELPED, texts.CLOSE_YES):
        talks.press(BORIS, said(talks, label, "ru"))
    return texts.ALERT_CLOSED


def withdrawn(talks: Talks) -> str:
    """Its person wants no lawyer called any more."""
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    return texts.ALERT_WITHDRAWN


def erased(talks: Talks) -> str:
    """Its person has deleted everything."""
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")
    return texts.ALERT_ERASED


def forgotten(talks: Talks) -> str:
    """Days ago: not even its code is known."""
    erased(talks)
    talks.at += timedelta(days=3)
    talks.change(talks.pana.due.forget)
    return texts.CASE_GONE


PRESSES: tuple[Callable[[str], Press], ...] = (
    presses.LetThrough,
    presses.Free,
    presses.CallNow,
    lambda code: presses.CallNow(code, 1),
    presses.ShowCase,
)


@pytest.mark.parametrize("become", [waits, taken, closed, withdrawn, erased, forgotten])
@pytest.mark.parametrize("press", PRESSES, ids=["let through", "call others", "call all", "call one", "who was called"])
def test_a_coordinator_who_presses_too_late_reads_what_has_become_of_the_case(
    talks: Talks, become: Callable[[Talks], str], press: Callable[[str], Press]
) -> None:
    """Whoever was quicker, and whatever has happened since."""
    urgent(talks, PERSON)
    code = talks.case().code
    text = become(talks)
    read = pressed(talks, CLARA, press(code))
    assert said(talks, texts.NO_CASE) not in read
    if become is waits and not isinstance(press(code), presses.LetThrough | presses.Free):
        assert code in read
    else:
        assert said(talks, text, code=code) in read


# --- a lawyer ---


def known(talks: Talks, name: str) -> Member:
    """A member as they are."""
    found = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, name))
    assert found is not None
    return found


def holder(talks: Talks) -> str:
    """Who has the case."""
    case: Case = talks.case()
    assert isinstance(case, Claimed)
    return talks.core.database.read(lambda tx: talks.core.members.get(tx, case.claim.by)).name


@pytest.fixture
def offered(talks: Talks) -> Talks:
    """Boris has a case, and offers it to Dina, who has joined since and cannot open it, and before that to Aigul."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.change(lambda tx: joins(tx, talks.core, "Dina", DINA, met=True))
    return talks


def offers(talks: Talks, *labels: str) -> None:
    """Boris hands over."""
    talks.press(BORIS, said(talks, texts.HAND_OVER, "ru"))
    for label in labels:
        talks.press(BORIS, label)


def test_who_accepts_what_they_cannot_open_yet_reads_what_is_needed(offered: Talks) -> None:
    """At every press; and the lawyer who has the case is asked for the file once."""
    offers(offered, "Dina", "Ключ верный: Dina")
    code = offered.case().code
    (accept,) = [(data, one) for label, data, one in offered.data(DINA) if label == said(offered, texts.ACCEPT, "ru")]
    for _ in range(2):
        offered.push(DINA, *accept)
        assert said(offered, texts.OFFER_WAITS, "ru", code=code) in f"{offered.toast}{offered.seen(DINA)}"
    assert [one.document for one in offered.chats[BORIS].values()].count("NEW.pub") == 1
    assert holder(offered) == "Boris"


@pytest.mark.parametrize("first", [Offer.accept, Offer.decline])
@pytest.mark.parametrize("second", [Offer.accept, Offer.decline])
def test_an_offer_that_was_answered_is_answered_no_more(offered: Talks, first: Offer, second: Offer) -> None:
    """A second press says so; whoever has the case by the first reads that."""
    offers(offered, "✓ Aigul")
    code = offered.case().code
    pressed(offered, AIGUL, presses.Answer(code, first))
    read = pressed(offered, AIGUL, presses.Answer(code, second))
    text = said(offered, texts.YOU_TOOK if first is Offer.accept else texts.SWAP_OVER, "kk", code=code)
    assert read == text
    assert holder(offered) == ("Aigul" if first is Offer.accept else "Boris")


def test_an_offer_that_the_claimer_has_made_to_another_is_over(offered: Talks) -> None:
    """Whoever was asked first reads that."""
    code = offered.case().code
    offers(offered, "✓ Aigul")
    offers(offered, "Dina", "Ключ верный: Dina")
    assert pressed(offered, AIGUL, presses.Answer(code, Offer.accept)) == said(offered, texts.SWAP_OVER, "kk")
    assert holder(offered) == "Boris"


@pytest.mark.parametrize(
    ("press", "text"),
    [
        (lambda code: presses.CloseWith(code, "helped"), texts.ALERT_CLOSED),
        (lambda code: presses.OfClaim(code, presses.Claim.write), texts.ALERT_CLOSED),
        (presses.Take, texts.ALERT_CLOSED),
        (presses.Pass, texts.ALERT_CLOSED),
    ],
    ids=["close", "write", "take", "pass"],
)
def test_who_has_closed_a_case_reads_that_it_is_closed(talks: Talks, press: Callable[[str], Press], text: str) -> None:
    """The finger was quicker than the answer."""
    urgent(talks, PERSON)
    closed(talks)
    code = talks.case().code
    assert pressed(talks, BORIS, press(code)) == said(talks, text, "ru", code=code)


def test_who_gives_a_case_back_twice_reads_nothing_that_is_not_so(talks: Talks) -> None:
    """They can still take it after all: their card says so."""
    urgent(talks, PERSON)
    taken(talks)
    back = presses.OfClaim(talks.case().code, presses.Claim.give_back)
    pressed(talks, BORIS, back)
    assert pressed(talks, BORIS, back) == said(talks, coordinator.LET_THROUGH_DONE, "ru", code=talks.case().code)
    assert said(talks, texts.TAKE_AFTER_ALL, "ru") in talks.labels(BORIS)


def test_who_never_was_called_about_a_case_learns_nothing_of_it(offered: Talks) -> None:
    """Whatever is pressed: the same as of no case."""
    code = offered.case().code
    for press in (presses.Take(code), presses.Pass(code), presses.OfClaim(code, presses.Claim.write)):
        assert pressed(offered, DINA, press) == said(offered, texts.NO_CASE, "ru")
