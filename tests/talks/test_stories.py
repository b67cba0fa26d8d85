"""Eleven people, each from their first tap to the end: what they must see at each step, and what it costs them.

`make stories` prints the costs: taps (presses and texts), characters of every card that a step drew anew, apart from
those of its buttons, and how often each phone rang. Beside each story stands what it may cost.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.speech.incoming import What
from bot.speech.texts import both, seeker
from bot.speech.texts import member as member_texts
from flows.model import Level
from storage.case import Case, Claimed, Closed, Erased, Waiting
from tests.cases import handoff
from tests.talks.talks import Talks, talks
from tests.talks.test_own_words import opened, words_in
from tests.talks.walking import AIGUL, BORIS, CLARA, DINA, LAWYERS, Most, Table, Walker

__all__ = ["talks"]  # a fixture
PERSON = 900
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk"])
BORIS_READS = "ru"


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Printed when all stories are told."""
    table = Table()
    yield table
    print(f"\n\n{table}")


def lawyer(talks: Talks, *texts: str, chat: int = BORIS, language: str = BORIS_READS) -> None:
    """A lawyer presses one button after another."""
    for text in texts:
        talks.press(chat, talks.pana.words.text(language, text))


def takes(talks: Talks, walker: Walker, chat: int = BORIS) -> Claimed:
    """A lawyer takes the newest case, and the person's card says so."""
    with walker.meanwhile():
        talks.say(chat, f"/take {talks.case().code}")
    case = talks.case()
    assert isinstance(case, Claimed)
    return case


def writes(talks: Talks, walker: Walker) -> None:
    """Boris, who has it, sends a ready phrase."""
    with walker.meanwhile():
        lawyer(talks, member_texts.WRITE, member_texts.PHRASE_LAWYER)


def is_held(case: Case) -> None:
    """A critical case of somebody in custody."""
    assert case.level is Level.critical
    assert "C3" in [reason.rule for reason in handoff(case).facts.reasons]


def to_the_offer(person: Walker, place: str) -> None:
    """Somebody who is held, from how to reach them to the offer to stop: no paper, since yesterday."""
    person.presses(seeker.SKIP)
    person.chooses("q07", "west")
    person.sees_question("q08")
    person.says(place)
    person.sees(seeker.SAVED)
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.sees_question("q09")
    person.presses(seeker.YESTERDAY_DAY)
    person.chooses("q40", "no")
    person.sees_question("more_held")


# --- (a) held, on a bad line ---

HELD = Most(taps=22, read=4800, to_alert=(4, 900), to_offer=3000, rings={"Aigul": 2, "Boris": 3})


@EACH_LANGUAGE
def test_a_somebody_held_on_a_bad_line_has_a_lawyer_after_four_taps(talks: Talks, table: Table, language: str) -> None:
    """Lost presses and texts sent twice harm nothing; the phone never rings; who looks at it later reads nothing."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.sees_question("q02")
    held = next((data, message) for label, data, message in talks.data(PERSON) if label.startswith("1. "))
    person.chooses("q02", "held")
    case = talks.case()
    assert isinstance(case, Waiting)
    is_held(case)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 1)
    person.sees(seeker.CALLING, code=case.code)
    person.sees_question("q01")
    person.pushes(*held)  # nothing had seemed to happen
    person.sees_question("q01")
    assert len(talks.cases()) == 1
    person.says("1")
    person.says("1", again=True)
    person.sees(seeker.CAME_TWICE)
    person.sees_question("q02_by")
    person.waits(minutes=2)  # without a network
    person.sees(seeker.CALLING, code=case.code)
    takes(talks, person)
    person.sees(seeker.TAKEN_CARD)
    person.answers(q02_by="border", q03="unknown", q04="none")
    to_the_offer(person, "застава Маштаково")
    writes(talks, person)
    person.sees_question("more_held")
    phrase = person.words(member_texts.PHRASE_LAWYER)
    assert phrase not in person.seen
    person.presses(seeker.SHOW)
    assert phrase in person.seen
    person.waits(minutes=20)
    assert phrase not in person.seen
    assert case.code not in person.seen
    person.chooses("more_held", "stop")
    person.sees(seeker.SUMMARY)
    person.sees(seeker.ANSWERED_MARK)
    assert "Маштаково" not in person.seen
    person.presses(seeker.SEND)
    assert case.code in person.seen
    assert person.rung == 0
    table.add("a held, bad line", person, HELD)


# --- (c) a wife abroad, urgently and truthfully ---

WIFE = Most(taps=24, read=4000, to_alert=(5, 900), to_offer=3000, rings={"Aigul": 1, "Boris": 3, "person": 2})
WROTE = {"ru": "его увезли в отдел на Абая, адвоката не пускают", "kk": "оны Абай көшесіндегі бөлімге әкетті"}


@EACH_LANGUAGE
def test_c_a_wife_in_russia_who_tells_the_truth_brings_her_husbands_case(
    talks: Talks, table: Table, tmp_path: Path, language: str
) -> None:
    """Abroad is she, held is he: the lawyers ring for him; her phone, free and at home, rings for news."""
    person = Walker(talks, PERSON, language)
    person.begins()
    person.sees_question("q02")
    person.chooses("q02", "outside")
    person.chooses("q01", "relative")
    person.sees_form("q02", "other")
    assert talks.rung(*LAWYERS) == 0
    person.chooses("q02", "held")
    case = talks.case()
    assert isinstance(case, Waiting)
    is_held(case)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 1)
    alerts = talks.seen(AIGUL) + talks.seen(BORIS)
    for language_of_alert in ("ru", "kk"):
        assert person.option("q02", "outside", language_of_alert) not in alerts
    person.sees_form("q02_by", "other")
    person.chooses("q02_by", "police")
    takes(talks, person)
    assert person.rung == 1
    person.comes_back()
    person.sees(seeker.TAKEN_CARD)
    person.answers(q03="no", q04="none")
    person.chooses("q05", "phone")
    person.sees_question("q06")
    writes(talks, person)
    assert person.rung == 2
    person.comes_back()
    assert person.words(member_texts.PHRASE_LAWYER) in person.seen
    person.says(WROTE[language])
    person.sees(seeker.ADDED)
    assert talks.rung(BORIS) == 2  # the alert, and her words
    assert WROTE[language] in words_in(opened(talks, tmp_path))
    person.says("+7 700 000 00 00")
    person.sees_question("q07")
    person.chooses("q07", "astana")
    person.sees_form("q08", "other")
    assert person.words(seeker.MY_PLACE) not in person.labels  # hers would lead to the wrong place
    person.presses(seeker.SKIP)
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.presses(seeker.TODAY_MORNING)
    person.chooses("q40", "unknown")
    person.chooses("more_held", "stop")
    for line in (person.option("q02", "held"), person.option("q02_by", "police")):
        assert line in person.seen
    assert person.option("q02", "outside") not in person.seen
    person.presses(seeker.SEND)
    person.sees(seeker.SENT)
    table.add("c wife abroad", person, WIFE)


# --- (d) comes back, because it is worse ---

BACK = Most(taps=26, read=5200, rings={"Aigul": 2, "Boris": 5, "person": 3, "Clara": 1})


@EACH_LANGUAGE
def test_d_who_comes_back_because_it_is_worse_rings_the_lawyer_who_has_it(
    talks: Talks, table: Table, language: str
) -> None:
    """Free and in danger, in touch with a lawyer; hours later they are driven away: that is said at once, in words."""
    person = Walker(talks, PERSON, language)
    person.begins(seeker.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="unsafe", q03="threat", q04="none", q05="here", q07="north")
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.chooses("q15", "none")
    person.presses(person.span("q18", 1))
    person.answers(q19="checkpoint_foreign", q23="none", q27="likely", more="stop")
    person.presses(seeker.SEND)
    person.sees(seeker.SENT)
    takes(talks, person)
    assert person.rung == 1
    person.comes_back()
    writes(talks, person)
    assert person.rung == 2
    person.comes_back()
    person.waits(hours=5)
    person.says("/status")
    person.sees(seeker.STATUS_TAKEN)
    person.sees(seeker.STATUS_REACHED)
    person.presses(seeker.CHANGED)
    rung = talks.rung(BORIS)
    person.chooses("q02", "moving")
    assert talks.rung(BORIS) == rung + 1
    newest = list(talks.chats[BORIS].values())[-1]
    assert newest.rang
    assert person.option("q02", "moving", BORIS_READS) in newest.text
    before = talks.rung(AIGUL)
    person.waits(minutes=4)  # Boris has not seen it
    assert talks.rung(AIGUL) > before
    lawyer(talks, member_texts.SEEN)
    rung = talks.rung(*LAWYERS)
    person.waits(minutes=4)
    assert talks.rung(*LAWYERS) == rung
    heard = person.rung
    writes(talks, person)
    assert person.rung == heard  # in other hands now
    person.says("/delete")
    person.presses(seeker.DELETE_YES)
    person.sees(seeker.DELETE_DONE)
    assert isinstance(talks.case(), Erased)
    table.add("d comes back, graver", person, BACK)
