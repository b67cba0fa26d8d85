"""From 23 to 08 what is not critical rings on no member's phone; in the morning it does."""

from datetime import UTC, datetime

import msgspec

from bot.speech.texts import seeker as texts
from flows.model import Level
from storage.case import Waiting
from tests.talks.talks import Talks, talks
from tests.talks.test_calls import HIGH, waiting
from tests.talks.walking import Walker

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
EIGHT_IN_THE_EVENING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
HALF_PAST_TWO = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)


def rang(talks: Talks) -> list[tuple[int, datetime]]:
    """Which member's phone, and when by the clock of the place."""
    return [(chat, talks.core.place.here(at)) for chat, at in talks.rings if chat != PERSON]


def important(talks: Talks) -> None:
    """At eight in the evening somebody who is free says that they are not safe, and no more; nobody takes it."""
    talks.at = EIGHT_IN_THE_EVENING
    walker = Walker(talks, PERSON, "ru")
    walker.begins(texts.CONTINUE)
    walker.answers(q01="self", q02="free", q02_free="unsafe")
    talks.pass_by(minutes=20)
    assert talks.case().level is Level.high


def test_what_is_important_wakes_nobody_and_rings_everybody_in_the_morning(talks: Talks) -> None:
    """Also the coordinators, whose turn is four hours later, at night."""
    important(talks)
    talks.pass_by(hours=12, minutes=30)
    by_night = [(chat, at) for chat, at in rang(talks) if talks.core.place.is_night(at)]
    assert by_night == []
    assert {chat for chat, at in rang(talks) if at.hour == 8} == {AIGUL, BORIS, CLARA}


def test_what_can_wait_wakes_nobody_two_days_later(talks: Talks) -> None:
    """Its last rung comes at half past two; coordinators hear it with the list of the morning."""
    talks.at = HALF_PAST_TWO
    waiting(talks, PERSON, msgspec.structs.replace(HIGH, level=Level.normal, reasons=()))
    talks.pass_by(hours=56)
    by_night = [(chat, at) for chat, at in rang(talks) if talks.core.place.is_night(at)]
    assert by_night == []
    assert (CLARA, 9) in [(chat, at.hour) for chat, at in rang(talks)]


def test_whoever_has_an_important_case_is_asked_without_a_sound_and_loses_it_without_one(talks: Talks) -> None:
    """Who took it late in the evening; the coordinators read it in the morning."""
    important(talks)
    talks.pass_by(hours=2, minutes=30)  # 22:50
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.pass_by(hours=9, minutes=30)
    by_night = [(chat, at) for chat, at in rang(talks) if talks.core.place.is_night(at)]
    assert by_night == []
    assert isinstance(talks.case(), Waiting)
    assert (AIGUL, 8) in [(chat, at.hour) for chat, at in rang(talks)]
