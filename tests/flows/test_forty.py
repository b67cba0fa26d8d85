"""People who were made up for `forty/people.yaml`: what the law demands for each, beside what the program gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows import engine
from flows.clocks import deadlines
from flows.model import Answers, Intake, Kind, Level, OptionId, Question
from flows.triage import as_not_known, judge, risings
from tests.flows.tables import table
from tests.flows.test_engine import FLOW
from tests.whole import WHOLE

TABLE = table("forty/people.yaml")
PEOPLE: Mapping[str, Mapping[str, Any]] = {one["id"]: one for one in TABLE["people"]}
TODAY: date = TABLE["today"]
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 14, tzinfo=ZoneInfo("Asia/Almaty"))
LANGUAGES = ("ru", "kk")
NEAR = {
    "ru": {0: "сегодня", -1: "вчера", -2: "позавчера", 1: "завтра"},
    "kk": {0: "бүгін", -1: "кеше", -2: "алдыңғы күні", 1: "ертең"},
}
AGO = {"ru": "{} дней назад", "kk": "{} күн бұрын"}
AT_HOUR = {"ru": "{} в {}:00", "kk": "{} сағат {}:00-де"}
TOLD = {"id", "who", "language", "urgent", "answers", "rest", "why", "open"}
OF_ALERT = {"unsaid", "named", "untrue"}  # what its alert says: tests/bot/test_alerts_of_forty.py
DEMANDED = {"level", "clocks", "absent", "rises", "reasons", *OF_ALERT}


@dataclass(frozen=True, slots=True)
class Walk:
    """A person's way through the questions: every state of it, the first included, and what could not be answered."""

    intakes: Sequence[Intake]
    refused: Mapping[str, str]

    @property
    def last(self) -> Intake:
        """The state at which lawyers get it."""
        return self.intakes[-1]


@cache
def walked(who: str, language: str) -> Walk:
    """Answers in the order in which they are asked for, dates and texts typed in the language."""
    person = PEOPLE[who]
    intakes = [engine.begin(FLOW, language, NOW, urgent=person.get("urgent", False))]
    refused: dict[str, str] = {}
    while (asked := intakes[-1].asked) is not None:
        question = FLOW.question(asked)
        if asked not in person["answers"] and person.get("rest") == "silent":
            break
        turns = list(taken(intakes[-1], events_at(question, person, language)))
        if turns[-1].intake.asked == asked:  # it was not understood: what such a person can still do
            refused[asked] = "not understood"
            turns = [engine.advance(FLOW, intakes[-1], engine.Unknown(), NOW)]
        intakes += [one.intake for one in turns]
    open_yet = person["answers"].keys() - intakes[-1].answers.keys() - {None}
    skipped = {one for one in open_yet if any(intake.asked == one for intake in intakes)}
    return Walk(intakes, refused | dict.fromkeys(sorted(open_yet - skipped), "not asked"))


def taken(intake: Intake, events: Iterator[engine.Happened]) -> Iterator[engine.Turn]:
    """What follows from each of them."""
    for event in events:
        turn = engine.advance(FLOW, intake, event, NOW)
        intake = turn.intake
        yield turn


def events_at(question: Question, person: Mapping[str, Any], language: str) -> Iterator[engine.Happened]:
    """What the person does at a question."""
    given = person["answers"]
    if question.id not in given:
        yield engine.Unknown() if person.get("rest") == "unknown" or not question.skippable else engine.Skip()
        return
    match given[question.id]:
        case None:
            yield engine.Skip()
        case "?":
            yield engine.Unknown()
        case {"day": days, "hour": hour}:
            yield engine.Typed(AT_HOUR[language].format(said_day(days, language), hour))
        case dict() as texts:
            yield engine.Typed(texts[language])
        case int() as days:
            yield engine.Typed(said_day(days, language))
        case list() as ticks:
            yield from (engine.Pressed(OptionId(one)) for one in ticks)
            yield engine.Done()
        case str() as option:
            yield engine.Pressed(OptionId(option))
            if question.kind is Kind.multiple:
                yield engine.Done()


def said_day(days: int, language: str) -> str:
    """A day as people say it: near ones by their words, those of this month by how long ago, others by their date."""
    if days in NEAR[language]:
        return NEAR[language][days]
    if -31 < days < 0:
        return AGO[language].format(-days)
    return f"{TODAY + timedelta(days=days):%d.%m.%Y}"


def found(walk: Walk) -> dict[str, object]:
    """The level that counts when nothing more is answered, and the clocks that run, with their last days."""
    ends: dict[str, object] = {one.clock: one.ends or "at_once" for one in deadlines(FLOW, walk.last.answers)}
    rises = {one.level.value: one.on for one in risings(FLOW, walk.last.answers, TODAY)}
    return {"level": engine.stopped(FLOW, walk.last, TODAY).level.value, "rises": rises, **ends}


def demanded(person: Mapping[str, Any]) -> dict[str, object]:
    """What the law demands of it: None for a clock that must not run."""
    rises = {"rises": person["rises"]} if "rises" in person else {}
    return {"level": person["level"], **rises, **person.get("clocks", {}), **dict.fromkeys(person.get("absent", []))}


def differences(person: Mapping[str, Any], walk: Walk) -> dict[str, tuple[object, object]]:
    """Where the program gives something else: what is demanded, and what it gives."""
    given = found(walk)
    told = {name: (wanted, given.get(name)) for name, wanted in demanded(person).items()}
    different = {name: both for name, both in told.items() if not agrees(*both)}
    reasons = {one.rule for one in engine.stopped(FLOW, walk.last, TODAY).reasons}
    different |= {rule: ("a reason", "none") for rule in person.get("reasons", []) if rule not in reasons}
    return different | {name: (person["answers"][name], why) for name, why in walk.refused.items()}


def agrees(wanted: object, given: object) -> bool:
    """`runs` asks for any day."""
    return given is not None if wanted == "runs" else given == wanted


EACH = pytest.mark.parametrize("who", PEOPLE)
# In the suite each in their own language: the answers are the same in both, as a test below says.
IN_EACH = pytest.mark.parametrize(
    ("who", "language"),
    [(who, one) for who, person in PEOPLE.items() for one in LANGUAGES if WHOLE or one == person["language"]],
)


@IN_EACH
def test_the_law_gets_what_it_demands(who: str, language: str) -> None:
    """Level and deadlines; what is still open is open to the letter, and no longer listed once it is mended."""
    person = PEOPLE[who]
    assert person.keys() <= TOLD | DEMANDED
    different = differences(person, walked(who, language))
    assert different.keys() == person.get("open", {}).keys(), different


@IN_EACH
def test_stopping_is_never_safer_than_going_on_without_knowing(who: str, language: str) -> None:
    """After every answer of it: not below the level so far, and not below "I don't know" to all that was not asked."""
    for intake in walked(who, language).intakes:
        stopped = engine.stopped(FLOW, intake, TODAY).level
        unknown = judge(FLOW, as_not_known(FLOW.questions, intake.answers), TODAY).level
        assert stopped.rank >= max(intake.level.rank, unknown.rank), intake.asked


@EACH
def test_both_languages_say_the_same(who: str) -> None:
    """The same answers, whatever the words."""
    ru, kk = (answers_of(walked(who, language)) for language in LANGUAGES)
    assert ru == kk


def answers_of(walk: Walk) -> Answers:
    """Its answers at the end."""
    return walk.last.answers


def test_the_table_of_all() -> None:
    """Printed with `-s`; and the people are as varied as their file says."""
    print()
    for who, person in PEOPLE.items():
        walk = walked(who, person["language"])
        given, different = found(walk), differences(person, walk)
        print(
            f"{who:30} {person['language']} demanded {person['level']:8} given {given['level']!s:8} {in_a_line(given)}"
        )
        for name, (wanted, gives) in different.items():
            print(f"{'':8} {name}: demanded {wanted}, given {gives}. Open: {person.get('open', {}).get(name, 'new')}")
    assert len(PEOPLE) >= 40
    assert {one["language"] for one in PEOPLE.values()} == set(LANGUAGES)
    assert {one["level"] for one in PEOPLE.values()} == {level.value for level in Level}


def in_a_line(given: Mapping[str, object]) -> str:
    """Clocks and their days; `!` where nothing may wait."""
    ends = {name: end for name, end in given.items() if name not in {"level", "rises"}}
    return " ".join(f"{name}:{end:%d.%m}" if isinstance(end, date) else f"{name}:!" for name, end in ends.items())
