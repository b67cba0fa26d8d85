"""That a change may run again is tried on every kind of change that a talk shows (tests/rehearsal.py)."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.speech.incoming import Incoming, Pushed, Reach, Said
from storage import database
from storage.outbox import Due, RowKind
from storage.tx import Tx
from tests import rehearsal
from tests.rehearsal import ONE_IN, Sample, kind_of, rehearsed, rule
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


def test_the_first_change_of_a_kind_is_rehearsed_and_some_of_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of a test the same ones each time; the first once in a run, whichever process meets it."""

    def takes(test: str) -> list[bool]:
        sample = Sample(test, tmp_path)
        return [sample.takes(_hears(_said("слова"))) for _ in range(50 * ONE_IN)]

    first, second = takes("a"), takes("b")
    monkeypatch.setattr(rehearsal, "_met", set())  # as in another process
    again = takes("a")
    assert (first[0], again[0]) == (True, False)
    assert 25 < sum(first) < 100
    assert 25 < sum(second) < 100
    assert first[1:] == again[1:] != second[1:]
    assert Sample("c", tmp_path).takes(_hears(_said("/clear")))


def test_of_changes_that_run_together_all_are_rehearsed_if_one_is(tmp_path: Path) -> None:
    """They are rolled back together."""
    sample = Sample("a", tmp_path)
    known, new = (database.Pending(_hears(_said(text)), BEGAN) for text in ("слова", "/clear"))
    assert [sample([known]), sample([known, known]), sample([known, new])] == [True, False, True]


def test_storage_and_make_both_rehearse_all_and_what_is_timed_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A sample is for what the rest of the suite does."""
    monkeypatch.delenv("BOTH", raising=False)
    assert rehearsed("tests/bot/test_cost.py::test", [], tmp_path) == ("tests/bot/test_cost.py::test", str(tmp_path))
    assert rehearsed("tests/storage/test_once.py::test", [], tmp_path) is True
    monkeypatch.setenv("BOTH", "1")
    assert rehearsed("tests/bot/test_cost.py::test", [], tmp_path) is True
    for mark in ("timed", "once"):
        assert rehearsed("tests/storage/test_once.py::test", [mark], tmp_path) is False
    assert [rule(told)([]) for told in (True, False)] == [True, False]


@pytest.mark.parametrize("data", ["", ".", "take", "take.", "..."])
def test_whatever_is_pressed_or_typed_is_of_some_kind(data: str) -> None:
    """Also what no button of ours says."""
    pressed = Pushed(update_id=1, chat_id=1, message_id=1, callback_id="c", data=data)
    assert kind_of(_hears(pressed)) and kind_of(_hears(_said(f"/{data}"))) and kind_of(_hears(_said("/ ")))


def test_a_change_that_alters_more_than_the_database_is_found(
    talks: Talks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first of its kind: it has run twice, and what it keeps beside the database is there twice."""
    monkeypatch.setattr(database, "rehearses", Sample("as in a run that begins", tmp_path))
    urgent(talks, PERSON)
    runs: list[str] = []
    talks.change(lambda tx: (tx, runs.append("run")))
    assert runs == ["run"] * 2


def test_every_press_of_a_talk_was_rehearsed_once(
    talks: Talks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever presses it: the front has heard it in a change that was rolled back, and then in one that was kept."""
    monkeypatch.setattr(database, "rehearses", Sample("as in a run that begins", tmp_path))
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
