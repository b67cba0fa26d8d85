"""A list of critical cases rings at once when it is due, however many of its cases are looked at in that moment.

The watch looks at all cases that are due in one change (bot/watch/rows.py): after an outage, a suspension, a lawyer who
comes back, and in a surge that is several. The second of them must not put off the ring of the first.
"""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from storage import ladder_due
from storage.case import Waiting
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, PERSON = 201, 202, 900


def crowd(talks: Talks, many: int = 5) -> None:
    """So many are held at once: the lawyers have one list."""
    for number in range(many):
        urgent(talks, PERSON + number)
        talks.at += timedelta(seconds=7)
    assert all(isinstance(one, Waiting) for one in talks.cases())
    (shown,) = talks.chats[BORIS].values()
    assert all(case.code in shown.labels for case in talks.cases())


def looks(talks: Talks) -> None:
    """What the watch does in one second: every case that is due, together; then the outbox is emptied."""
    rows = talks.change(ladder_due.due)
    talks.changes([partial(talks.core.looking.look, row=row) for row in rows])
    talks.deliver()


@pytest.mark.parametrize("minutes", [6, 10, 60])
def test_after_an_outage_the_list_rings_at_once(talks: Talks, minutes: int) -> None:
    """Overdue means now; the lawyers have heard nothing all that time."""
    crowd(talks)
    talks.at += timedelta(minutes=minutes)
    before = talks.rung(BORIS), talks.rung(AIGUL)
    looks(talks)
    assert talks.rung(BORIS) == before[0] + 1
    assert talks.rung(AIGUL) == before[1] + 1


def test_a_list_rings_every_five_minutes_as_long_as_somebody_waits(talks: Talks) -> None:
    """Cases that came in one moment are looked at together ever after: it was silent for twenty minutes."""
    for number in range(5):
        urgent(talks, PERSON + number)
    rang = []
    for _ in range(25 * 60):
        before = talks.rung(BORIS)
        talks.at += timedelta(seconds=1)
        looks(talks)
        if talks.rung(BORIS) > before:
            rang.append(talks.at)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(rang)]
    assert rang and max(gaps, default=9999) <= 6 * 60, [f"{one:%M:%S}" for one in rang]


@pytest.mark.parametrize("many", [3, 4, 5, 8, 16])
def test_many_who_come_in_one_second_ring_the_lawyers(talks: Talks, many: int) -> None:
    """They have pressed "urgent" in the same second: a minute later the watch calls for all of them together."""
    for number in range(many):
        talks.say(PERSON + number, "срочно")
    talks.at += timedelta(seconds=61)
    calls = talks.change(lambda tx: talks.core.intakes.due(tx, "call"))
    assert len(calls) == many
    one = talks.pana.intake_to_case.call_after_silence
    talks.changes([(lambda tx, row=row: one(tx, row)) for row in calls])
    talks.deliver()
    for _ in range(60):
        talks.at += timedelta(seconds=1)
        looks(talks)
    assert talks.rung(BORIS) > 0
    assert talks.rung(AIGUL) > 0


def test_who_wants_it_is_told_outside_of_a_list_too_as_often_as_of_one_case(talks: Talks) -> None:
    """However many stand on it, and although it may ring later than it is looked at."""
    for member in talks.change(talks.core.members.all):
        about = partial(talks.core.members.set_about, languages=["ru"], regions=(), email="a@example.org", push=None)
        talks.change(lambda tx, about=about, member=member: about(tx, member))
    for number in range(5):
        urgent(talks, PERSON + number)
    told = []
    for _ in range(25 * 60):
        before = len(talks.outside)
        talks.at += timedelta(seconds=1)
        looks(talks)
        told += [talks.at] * (len(talks.outside) - before)
    lawyers = 2
    assert 4 * lawyers <= len([at for at in told if at < talks.at - timedelta(minutes=3)]) <= 8 * lawyers + 4


def test_who_comes_while_the_list_is_on_its_way_does_not_make_it_ring_twice(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is changed instead, and shows them."""
    crowd(talks)
    talks.at += timedelta(minutes=6)
    sender = talks.running.sender
    with monkeypatch.context() as nothing_is_sent:
        nothing_is_sent.setattr(Talks, "deliver", lambda _talks: None)
        looks(talks)
        due = talks.change(talks.core.queue.outbox.take)
        drawn = talks.changes([partial(sender._draw, due=one) for one in due])
        urgent(talks, PERSON + 50)
    before = talks.rung(BORIS)
    came = [talks._brought(parcel) for parcel in drawn]
    talks.changes([partial(sender._settle, due=one, came=two) for one, two in zip(due, came, strict=True)])
    assert talks.rung(BORIS) == before + 1
    talks.deliver()
    assert talks.rung(BORIS) == before + 1
    assert talks.case().code in talks.labels(BORIS)
