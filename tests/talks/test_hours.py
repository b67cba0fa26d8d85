"""Somebody who is held says since which hour: the card repeats it, and whoever is called sees until when."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.speech.presses import read_press
from bot.speech.words import day
from flows.model import Intake, Kind
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
AIGUL, PERSON = 201, 900
PARTS = {"Ночью, 0–6", *(f"{day} {part}" for day in ("Сегодня", "Вчера") for part in ("утром", "днём", "вечером"))}


def intake_of(talks: Talks) -> Intake:
    """How far the person has come."""
    intakes = talks.core.intakes
    found = talks.change(lambda tx: intakes.of_row(tx, intakes.rows(tx)[0]))
    assert found is not None
    return found.state


def asked(talks: Talks) -> str | None:
    """The question on the person's card."""
    return intake_of(talks).asked


@walked_once
def goes_on_to(talks: Talks, wanted: str) -> None:
    """Answers what comes before a question, as whoever is held and has time."""
    flow = talks.pana.questionnaires.current
    for _ in range(40):
        if (now := asked(talks)) == wanted:
            return
        assert now is not None
        untold = flow.question(now).kind in {Kind.date, Kind.text}
        talks.say(PERSON, "/skip" if untold else "1")
    raise AssertionError(f"{wanted} never came")


def test_the_hour_that_is_told_is_repeated_and_the_alert_says_when_the_term_ends(talks: Talks) -> None:
    """Three hours after the first minute of that hour: the shortest term that the law knows."""
    urgent(talks, PERSON)
    goes_on_to(talks, "q09")
    talks.say(PERSON, "с 10:15")
    today = talks.at.date()
    assert f"{day('ru', today)}, 10:00–11:00" in talks.seen(PERSON)
    talks.pass_by(minutes=1)
    assert "Ең жақын мерзім: бүгін, сағат 13:00 болғанша" in talks.text(AIGUL)


@pytest.mark.parametrize("hour", [0, 5, 6, 11, 12, 17, 18, 23] if WHOLE else [0, 5, 6, 12, 17, 23])
def test_the_part_of_the_day_is_one_tap_and_none_lies_ahead(talks: Talks, hour: int) -> None:
    """The four parts that came last, at any hour; a press names its day, also after midnight."""
    place = talks.core.place
    talks.at = next(at for half in range(48) if place.here(at := talks.at + half * timedelta(minutes=30)).hour == hour)
    urgent(talks, PERSON)
    goes_on_to(talks, "q09")
    here = place.here(talks.at)
    parts = [(label, data, message) for label, data, message in talks.data(PERSON) if label in PARTS]
    assert len(parts) == 4
    pressed = [read_press(talks.core.ring, PERSON, data) for _, data, _ in parts]
    begins = [datetime.combine(date.fromordinal(one.day), time(6 * one.part)) for one in pressed]
    assert begins == [begins[0] - back * timedelta(hours=6) for back in range(4)]
    assert timedelta() <= here.replace(tzinfo=None) - begins[0] < timedelta(hours=6)
    days = [("Сегодня" if one.date() == here.date() else "Вчера") for one in begins]
    named = ["Ночью," if one.hour == 0 else day for one, day in zip(begins, days, strict=True)]
    assert [label.split()[0] for label, _, _ in parts] == named
    talks.pass_by(minutes=14)
    talks.push(PERSON, *parts[0][1:])
    answer = intake_of(talks).answers["q09"]
    assert (answer.earliest, answer.latest, answer.hours[0]) == (begins[0].date(), begins[0].date(), begins[0].hour)


@pytest.mark.parametrize(
    ("said", "days"), [("во вторник", ["17 ноября 2026", "24 ноября 2026"]), ("25.11", ["25 ноября 2025"])]
)
def test_a_day_with_two_readings_is_offered_and_never_chosen(talks: Talks, said: str, days: list[str]) -> None:
    """On a Tuesday, the 24th: each with its year, as a button; a day that has not come yet is no answer."""
    urgent(talks, PERSON)
    goes_on_to(talks, "q10")
    talks.say(PERSON, "4")
    talks.say(PERSON, said)
    assert intake_of(talks).asked == "q11_exp_ruling"
    offered = [label for label in talks.labels(PERSON) if "202" in label]
    assert sorted(label.replace("\u00a0", " ").removesuffix(" г.") for label in offered) == sorted(days)
    talks.press(PERSON, offered[0])
    answer = intake_of(talks).answers["q11_exp_ruling"]
    assert answer.earliest == answer.latest
    assert str(answer.earliest.year) in offered[0]
