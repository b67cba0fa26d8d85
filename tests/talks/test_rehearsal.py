"""That a change may run again is tried on every kind of change that a talk shows (tests/rehearsal.py)."""

import functools
from collections.abc import Callable

import pytest

from bot.speech.incoming import Incoming, Pushed, Reach, Said
from storage import database
from storage.outbox import Due, RowKind
from storage.tx import Tx
from tests.rehearsal import ONE_IN, SAMPLE, Sample, kind_of
from tests.talks.talks import BEGAN, Talks, talks, urgent

__all__ = ["talks"]  # a fixture
BORIS, PERSON = 202, 900


def _pushed(data: str) -> Incoming:
    return Pushed(update_id=1, chat_id=1, message_id=1, callback_id="c", data=f"{data}.mac")


def _said(text: str) -> Incoming:
    return Said(update_id=1, chat_id=1, message_id=1, text=text, at=BEGAN)


def _due(kind: RowKind, what: str | None = None) -> Due:
    args = {"what": what} if what else {}
    return Due(id=1, lane=kind.lane, kind=kind, case_row=1, member_id=1, secret=None, args=args, attempts=0)


def _hears(incoming: Incoming) -> Callable[[Tx], object]:
    return lambda tx: (tx, incoming)


def _sends(due: Due) -> Callable[[Tx], object]:
    return lambda tx, due=due: (tx, due)


def test_presses_commands_lines_and_jobs_are_kinds_of_their_own() -> None:
    """And what somebody types, which case it is about, and which answer they gave, make no difference."""
    pressed = ("take.K7Q4-F2MX", "claim.K7Q4-F2MX.acting", "claim.K7Q4-F2MX.release", "o.12.a.3")
    heard = [
        *(_pushed(data) for data in pressed),
        *(_said(text) for text in ("/clear", "/delete", "слова")),
        *(Reach(update_id=1, chat_id=1, here=here) for here in (True, False)),
    ]
    sent = [_due(RowKind.ring), _due(RowKind.alert), _due(RowKind.line, "gone"), _due(RowKind.line, "bare")]
    kinds = [*(kind_of(_hears(one)) for one in heard), *(kind_of(_sends(one)) for one in sent)]
    assert len(set(kinds)) == len(kinds)
    for one, same in (("take.K7Q4-F2MX", "take.AAAA-BBBB"), ("o.12.a.3", "o.13.b.4")):
        assert kind_of(_hears(_pushed(one))) == kind_of(_hears(_pushed(same)))
    assert kind_of(_hears(_said("слова"))) == kind_of(_hears(_said("другие слова")))
    assert kind_of(functools.partial(_hears, _said("/clear"))) != kind_of(functools.partial(_hears, _said("/start")))


def test_the_first_change_of_a_kind_is_rehearsed_and_some_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a test the same ones each time."""
    monkeypatch.delenv("BOTH", raising=False)

    def takes(sample: Sample, test: str) -> list[bool]:
        sample.begin(test)
        return [sample.takes(_hears(_said("слова"))) for _ in range(50 * ONE_IN)]

    sample = Sample()
    first, second, again = takes(sample, "a"), takes(sample, "b"), takes(Sample(), "a")
    assert first[0]
    assert 25 < sum(first) < 100
    assert 25 < sum(second) < 100
    assert first == again
    assert first[1:] != second[1:]
    sample.begin("c")
    assert sample.takes(_hears(_said("/clear")))
    sample.end()
    assert all(sample.takes(_hears(_said("слова"))) for _ in range(50))


def test_make_both_rehearses_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the tests of storage and of the whole bot do."""
    monkeypatch.setenv("BOTH", "1")
    sample = Sample()
    sample.begin("test")
    assert all(sample.takes(_hears(_said("слова"))) for _ in range(50))


def test_a_change_that_alters_more_than_the_database_is_found(talks: Talks) -> None:
    """The first of its kind: it has run twice, and what it keeps beside the database is there twice."""
    urgent(talks, PERSON)
    runs: list[str] = []
    talks.change(lambda tx: (tx, runs.append("run")))
    assert runs == ["run"] * 2
    assert database.REHEARSED


def test_every_press_of_a_talk_was_rehearsed_once(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever presses it: the front has heard it in a change that was rolled back, and then in one that was kept."""
    monkeypatch.setattr(SAMPLE, "_met", set())  # as in a process that begins
    heard: list[str] = []
    hear = type(talks.pana.front).hear

    def hears(front: object, tx: Tx, incoming: Incoming) -> object:
        heard.append(incoming.data.split(".")[0] if isinstance(incoming, Pushed) else type(incoming).__name__)
        return hear(front, tx, incoming)  # type: ignore[arg-type]

    monkeypatch.setattr(type(talks.pana.front), "hear", hears)
    talks.say(PERSON, "срочно")
    talks.press(PERSON, "Удерживают")
    talks.press(BORIS, "Взять в работу")
    talks.press(BORIS, "Написать")
    talks.press(PERSON, "Скрыть чат")
    assert {one: min(heard.count(one), 2) for one in heard} == dict.fromkeys(heard, 2)
    assert {"take", "claim", "h"} < set(heard)
