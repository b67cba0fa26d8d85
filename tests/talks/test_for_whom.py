"""Somebody writes for another: the case is that person's, and every answer stays under the words it was given to."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from flows.model import Level, QuestionId
from flows.release import carried_of
from storage.case import Case, Waiting
from storage.chain import Chain
from storage.opened import OpenedCase
from storage.reading import ReadCase
from storage.record import Entry
from storage.tx import Tx
from tests.cases import handoff
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once
from tests.ways import CALM_ON, HELD_ON

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, PERSON = 201, 202, 900
OPENLY, OF_ANOTHER, OF_SELF = "Где тот, кому нужна помощь?", "Где этот человек сейчас?", "Где вы сейчас?"
WRITERS = pytest.mark.parametrize("who", ["2", "3", "4"], ids=["a relative", "a friend for several", "a lawyer"])


@walked_once
def says(talks: Talks, *said: str) -> None:
    """One answer after another."""
    for one in said:
        talks.say(PERSON, one)


@walked_once
def begins(talks: Talks, way: str = "Продолжить") -> None:
    """From /start over the consent to the first question."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    talks.press(PERSON, way)


def is_of_the_detained(talks: Talks) -> None:
    """A critical case of somebody who is held; lawyers read nothing of being abroad or free."""
    case = talks.case()
    facts = handoff(case).facts
    assert isinstance(case, Waiting)
    assert case.level is Level.critical
    assert (QuestionId("q02"), "held") in [pair for one in facts.reasons if one.rule == "C3" for pair in one.because]
    alerts = talks.seen(AIGUL) + talks.seen(BORIS)
    assert "Удерживают" in alerts
    assert not [one for one in ("Не в Казахстане", "На свободе", "За границей") if one in alerts]
    assert "Кто удерживает этого человека?" in talks.text(PERSON)


@WRITERS
def test_whoever_presses_urgent_and_says_where_the_other_is_gives_the_case_of_the_detained(
    talks: Talks, who: str
) -> None:
    """Two answers: held, and for whom; the alert has left after the first."""
    urgent(talks, PERSON, None)
    assert OPENLY in talks.text(PERSON)
    says(talks, "1")
    assert talks.case().level is Level.critical
    says(talks, who)
    is_of_the_detained(talks)


@WRITERS
@pytest.mark.parametrize("where", ["8", "7"], ids=["abroad", "free"])
def test_whoever_presses_urgent_and_says_where_they_are_themselves_is_asked_of_the_other(
    talks: Talks, who: str, where: str
) -> None:
    """Abroad or free may be true of the writer: of the person it is asked once it is told that there is one."""
    urgent(talks, PERSON, None)
    says(talks, where)
    says(talks, who)
    assert OF_ANOTHER in talks.text(PERSON)
    says(talks, "1")
    is_of_the_detained(talks)


@WRITERS
def test_whoever_takes_the_calm_way_is_asked_where_the_other_is(talks: Talks, who: str) -> None:
    """For whom comes first there."""
    begins(talks)
    says(talks, who)
    assert OF_ANOTHER in talks.text(PERSON)
    says(talks, "1")
    is_of_the_detained(talks)


@WRITERS
def test_who_began_for_oneself_and_corrects_it_is_asked_again_and_is_not_calm_meanwhile(talks: Talks, who: str) -> None:
    """Silence then is not knowing where somebody else is."""
    begins(talks)
    says(talks, "1", "8", "/back", "/back", who)
    assert OF_ANOTHER in talks.text(PERSON)
    talks.pass_by(minutes=16)
    assert talks.case().level is Level.critical  # C12: whereabouts unknown
    assert "C12" in [one.rule for one in handoff(talks.case()).facts.reasons]
    talks.press(PERSON, "Показать") if "Показать" in talks.labels(PERSON) else None
    says(talks, "1")
    is_of_the_detained(talks)


def test_a_danger_stays_while_it_is_asked_anew_of_whom_it_is(talks: Talks) -> None:
    """Held, said of oneself; then it is for somebody else: the lawyers' case is no lower until it is told."""
    begins(talks)
    says(talks, "1", "1")
    assert talks.case().level is Level.critical
    says(talks, "/back", "/back", "2")
    assert OF_ANOTHER in talks.text(PERSON)
    assert talks.case().level is Level.critical
    assert next(one.rule for one in handoff(talks.case()).facts.reasons) == "C3"


# --- the words that an answer was given to ---


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Entry]]:
    """What is sealed into which case, in clear. A change is rehearsed, so it may stand there twice."""
    found: list[tuple[int, Entry]] = []
    append = Chain.append

    def appends(self: Chain, tx: Tx, case: Case, new: Entry, **beside: object) -> None:
        found.append((case.row, new))
        append(self, tx, case, new, **beside)

    monkeypatch.setattr(Chain, "append", appends)
    return found


def opened(talks: Talks, sealed: list[tuple[int, Entry]]) -> dict[str, Any]:
    """The newest case as its lawyer opens it."""
    case = talks.case()
    entries = [
        {name: getattr(one, name) for name in Entry.__slots__ if getattr(one, name) is not None} | {"seq": at}
        for at, (row, one) in enumerate(sealed)
        if row == case.row
    ]
    flow = json.loads(carried_of(talks.pana.questionnaires.compiled))
    return OpenedCase(ReadCase(case.code, entries=entries, flows={case.revision: flow}), "ru").as_json()


def asked_on(card: str) -> str:
    """The question that a card asks."""
    lines = card.splitlines()
    at = next((number for number, line in enumerate(lines) if line.startswith("Вопрос ")), None)
    beside = ("«", "Можно прислать")  # no quotation, nor what else may be sent
    return "" if at is None else next(line for line in lines[at + 1 :] if not line.startswith(beside))


STORIES = {
    "urgent, for oneself, free": (True, ["7", "1", "2", "1", "6", "5", "1", "2", "1", *CALM_ON, "1"]),
    "urgent, abroad, then of another": (True, ["8", "2", "1", "2", "6", "5", "1", "2", "слова", "1", *HELD_ON, "1"]),
    "held, then of another": (True, ["1", "2", "2", "6", "5", "1", "2", "слова", "1", *HELD_ON, "1"]),
    "of oneself, corrected to another": (
        False,
        ["1", "1", "2", "/back", "/back", "/back", "2", "1", "2", "6", "5", "1", "2", "слова", "1", *HELD_ON, "1"],
    ),
    "asked again where one is": (
        True,
        ["7", "1", "/back", "/back", "7", "2", "1", "6", "5", "1", "2", "1", *CALM_ON, "1"],
    ),
}


def told_under(talks: Talks, said: list[str]) -> Iterator[tuple[str, str]]:
    """Which question stood on the card when each answer was given."""
    for one in said:
        (row,) = talks.change(talks.core.intakes.rows)
        before = talks.change(lambda tx, row=row: talks.core.intakes.of_row(tx, row)).state
        card = talks.text(PERSON)
        says(talks, one)
        if one != "/back" and before.asked is not None:
            yield before.asked, asked_on(card)


@pytest.mark.parametrize("story", STORIES)
def test_every_answer_stands_under_the_question_that_was_on_the_card(
    talks: Talks, sealed: list[tuple[int, Entry]], story: str
) -> None:
    """On the summary, in the case that a lawyer opens, and after a change of the situation."""
    urgently, said = STORIES[story]
    urgent(talks, PERSON, None) if urgently else begins(talks)
    under = dict(told_under(talks, said))
    assert all(under.values())
    summary = dict(re.findall(r"^\d+\. (.*)\n(.*)$", talks.text(PERSON), re.MULTILINE))
    answered = talks.change(lambda tx: talks.core.intakes.of_row(tx, talks.core.intakes.rows(tx)[0])).state.answers
    offers = talks.pana.questionnaires.current.offers  # whether somebody went on is no answer
    assert set(summary) == {under[one] for one in answered if one not in offers}
    says(talks, "отправить")
    case = opened(talks, sealed)
    assert {one["question"] for one in case["answers"]} == set(answered)
    assert {one["question"]: one["label"] for one in case["answers"]} == {one: under[one] for one in answered}
    talks.press(PERSON, "Ситуация изменилась")
    assert OPENLY in talks.text(PERSON)
    says(talks, "1")
    labels = {one["question"]: one["label"] for one in opened(talks, sealed)["answers"]}
    assert labels["q02"] == OPENLY
    assert {one: labels[one] for one in labels if one != "q02"} == {
        one: under[one] for one in answered if one in labels and one != "q02"
    }
