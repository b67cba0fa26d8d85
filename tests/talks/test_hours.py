"""Somebody who is held says since which hour: the card repeats it, and whoever is called sees until when."""

from bot.speech.words import day
from flows.model import Kind
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, PERSON = 201, 900


def asked(talks: Talks) -> str | None:
    """The question on the person's card."""
    intakes = talks.core.intakes
    state = talks.change(lambda tx: intakes.of_row(tx, intakes.rows(tx)[0])).state
    return str(state.asked) if state.asked else None


def goes_on_to(talks: Talks, wanted: str) -> None:
    """Answers what comes before a question, as whoever is held and has time."""
    flow = talks.pana.questionnaires.current
    for _ in range(40):
        if (now := asked(talks)) == wanted:
            return
        assert now is not None
        untold = flow.question(now).kind in {Kind.date, Kind.text}
        talks.say(PERSON, "/skip" if untold else "2" if now == "more" else "1")
    raise AssertionError(f"{wanted} never came")


def test_the_hour_that_is_told_is_repeated_and_the_alert_says_when_the_term_ends(talks: Talks) -> None:
    """Three hours after the first minute of that hour: the shortest term that the law knows."""
    urgent(talks, PERSON)
    goes_on_to(talks, "q09")
    talks.say(PERSON, "с 6:15")
    today = talks.at.date()
    assert f"{day('ru', today)}, 06:00–07:00" in talks.seen(PERSON)
    talks.pass_by(minutes=1)
    assert f"{day('kk', today)}, 09:00" in talks.text(AIGUL)
