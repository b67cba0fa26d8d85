"""What a card says of *the lawyer* is said while a lawyer has the case, in each state that a case comes to."""

import re
from collections.abc import Callable, Mapping

import pytest

from bot.speech.presses import Claim, OfClaim
from bot.speech.texts import seeker as texts
from storage.case import Claimed, Open, Waiting
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import AIGUL, BORIS, PERSON, does
from tests.talks.test_giving_back import WAYS
from tests.whole import by_pairs

__all__ = ["talks"]  # a fixture
# Only while somebody has it.
OF_A_CLAIM = {
    texts.TAKEN_CARD,
    texts.CALL_WORDS,
    texts.JOINED_TAKEN,
    texts.STATUS_TAKEN,
    texts.STATUS_WAIT_HERE,
    texts.STATUS_CLAIMER_GONE,
    texts.STATUS_LEASE,
    texts.STATUS_LEASE_ALONE,
    texts.STATUS_REACHED,
    texts.MISSED_ASK,
    texts.DELETE_CONFIRM_LAWYER,
    texts.DELETE_LAWYER_TOO,
}


def waits(talks: Talks) -> None:
    """Nobody has taken it yet."""
    urgent(talks, PERSON)


def taken(talks: Talks) -> None:
    """Boris has it."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")


def withdrawn(talks: Talks) -> None:
    """It was given back, and the person wants nobody called."""
    gives_back(talks)
    talks.say(PERSON, "/status")
    talks.press(PERSON, said(talks, texts.WITHDRAW))
    talks.press(PERSON, said(talks, texts.WITHDRAW_YES))
    assert isinstance(talks.case(), Open)


def gives_back(talks: Talks) -> None:
    """Boris has given it back."""
    taken(talks)
    does(talks, BORIS, OfClaim(talks.case().code, Claim.give_back))


def again(talks: Talks) -> None:
    """And Aigul has it."""
    gives_back(talks)
    talks.say(AIGUL, f"/take {talks.case().code}")


STATES: Mapping[str, Callable[[Talks], object]] = {
    "waits": waits,
    "taken": taken,
    "withdrawn": withdrawn,
    "taken again": again,
    **{name: way for name, (way, _, _) in WAYS.items()},
}


def said(talks: Talks, text: str, language: str = "ru") -> str:
    """A text as it stands there."""
    return talks.pana.words.text(language, text)


def at_question(talks: Talks) -> None:
    """Whatever stands there is drawn anew."""
    talks.say(PERSON, "/start")


def joined(talks: Talks) -> None:
    """Hidden, and begun anew twice: the answers join it."""
    for _ in range(2):
        talks.press(PERSON, "Скрыть чат")
        talks.say(PERSON, "/start")
        talks.press(PERSON, "Русский")
        talks.press(PERSON, "Срочно")
        talks.press(PERSON, "1. ")


SHOWN: Mapping[str, Callable[[Talks], None]] = {
    "at a question": at_question,
    "status": lambda talks: talks.say(PERSON, "/status"),
    "delete?": lambda talks: talks.say(PERSON, "/delete"),
    "joined": joined,
}


def patterns(talks: Talks) -> Mapping[str, re.Pattern[str]]:
    """How each text of a claim would look in Russian, and in Kazakh."""
    found = {}
    for text in OF_A_CLAIM:
        forms = (re.sub(r"%\\\(\w+\\\)s|%\(\w+\)s", ".+", re.escape(said(talks, text, one))) for one in ("ru", "kk"))
        found[text] = re.compile("|".join(forms))
    return found


@pytest.mark.parametrize(("state", "shown", "missed"), by_pairs([*STATES], [*SHOWN], [False, True]))
def test_of_the_lawyer_a_card_speaks_while_one_has_the_case(talks: Talks, state: str, shown: str, missed: bool) -> None:
    """Also of a message that nobody has opened: it can be asked for once there is somebody to ask."""
    STATES[state](talks)
    row = talks.case().row
    if missed:
        talks.change(lambda tx: talks.core.contacts.set(tx, row, sent=2, missed=2))
    SHOWN[shown](talks)
    case = talks.change(lambda tx: talks.core.cases.get(tx, row))
    seen = "\n".join((talks.seen(PERSON), *talks.labels(PERSON)))
    said_of_it = [text for text, pattern in patterns(talks).items() if pattern.search(seen)]
    if not isinstance(case, Claimed) and not isinstance(talks.case(), Claimed):
        assert said_of_it == []
    elif shown != "joined":
        assert said_of_it
    if missed and shown == "at a question" and not isinstance(case, Open):
        assert said(talks, texts.MISSED) in seen
        assert (texts.MISSED_ASK in said_of_it) == isinstance(case, Claimed)


def test_what_stands_there_changes_with_the_claim(talks: Talks) -> None:
    """Nobody presses anything: the claim lapses while the message was missed, and another lawyer takes it."""
    taken(talks)
    row = talks.case().row
    talks.change(lambda tx: talks.core.contacts.set(tx, row, sent=2, missed=2))
    talks.say(PERSON, "/start")
    assert said(talks, texts.MISSED_ASK) in talks.text(PERSON)
    does(talks, BORIS, OfClaim(talks.case().code, Claim.give_back))
    assert isinstance(talks.case(), Waiting)
    assert said(talks, texts.MISSED_ASK) not in talks.seen(PERSON)
    talks.say(AIGUL, f"/take {talks.case().code}")
    assert said(talks, texts.MISSED_ASK) in talks.text(PERSON)
