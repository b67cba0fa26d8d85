"""Random conversations whose steps fit what is asked, so that they get deep, and a tally of where they have been."""

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

from flows import engine
from flows.conditions import chosen_in
from flows.model import UNTOLD, Intake, Kind, OptionId, Question, QuestionId
from tests.flows.samples import LARGE
from tests.flows.test_engine import FLOW, NOW

DATES = ["сегодня", "вчера", "3 дня назад", "12.03.2026", "в марте", "23 ноября", "30.12.2026", "неделю назад"]
WRITTEN = ["8 700, кодовое слово", "не помню", "Как угодно"]
LONGEST = 120
# In the suite as many walks as meet every question, looked at here and there; `make properties` looks at every step of
# many more.
WALKS = int(os.environ.get("WALKS", 10 * len(FLOW.questions)))
EVERY = 1 if LARGE else 90


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a walk."""

    before: Intake
    happened: engine.Happened
    after: Intake
    effects: tuple[engine.Effect, ...]


@lru_cache(maxsize=100)
def walk(number: int) -> tuple[Step, ...]:
    """The walk of this number, always the same: mostly answers, now and then skip, "I don't know", back.

    At the summary it changes an answer or ends. Half of the time it answers what leads to its goal, so that questions
    which few answers lead to are met as well.
    """
    dice = random.Random(number)
    wished = _leading_to(_goal(number))
    intake, steps = engine.begin(FLOW, "ru", NOW, urgent=dice.random() < 0.5), []
    while len(steps) < LONGEST and (events := _fitting(intake, dice, wished)):
        for happened in events:
            turn = engine.advance(FLOW, intake, happened, NOW)
            steps.append(Step(intake, happened, turn.intake, turn.effects))
            intake = turn.intake
    return tuple(steps)


def _goal(number: int) -> Question:
    return FLOW.questions[number % len(FLOW.questions)]


def walks() -> Iterator[tuple[int, tuple[Step, ...]]]:
    """The walks that are looked at, each with its number: in the suite those towards what none before has met."""
    met: set[QuestionId | None] = set()
    for number in range(WALKS):
        if LARGE or _goal(number).id not in met:
            yield number, walk(number)
            met |= {step.after.asked for step in walk(number)}


def _leading_to(goal: Question) -> Mapping[QuestionId, list[OptionId]]:
    """The options that a question waits for, and those that the questions wait for from which these come."""
    found: dict[QuestionId, list[OptionId]] = {}
    for chose in chosen_in(goal.show_if):
        found |= _leading_to(FLOW.question(chose.question))
        found[chose.question] = sorted(chose.options)
    return found


def _fitting(intake: Intake, dice: random.Random, wished: Mapping[QuestionId, list[OptionId]]) -> list[engine.Happened]:
    """What a person may do here; nothing when they have done with it."""
    if intake.asked is None:
        listed = engine.answered_in_order(FLOW, intake)
        return [engine.Revisit(dice.choice(listed))] if dice.random() < 0.8 else []
    question = FLOW.question(intake.asked)
    chance = dice.random()
    if chance < 0.06:
        return [engine.Back()]
    if chance < 0.12:
        return [engine.Unknown()]
    if chance < 0.18:
        return [engine.Skip()]
    if chance < 0.6 and question.id in wished:
        return choosing(question, intake, [dice.choice(wished[question.id])])
    return _answering(question, intake, dice)


def _answering(question: Question, intake: Intake, dice: random.Random) -> list[engine.Happened]:
    """An answer that fits, pressed or typed; "enough for now" is pressed seldom."""
    match question.kind:
        case Kind.text:
            return [engine.Typed(dice.choice(WRITTEN))]
        case Kind.date:
            return [engine.Typed(dice.choice(DATES))]
        case Kind.multiple | Kind.single if dice.random() < 0.1:
            return [engine.Typed(str(dice.randint(1, len(question.options))))]
        case Kind.multiple:
            several = dice.randint(1, min(4, len(question.options)))
            return choosing(question, intake, [one.id for one in dice.sample(question.options, several)])
        case Kind.single:
            options = [one.id for one in question.options if one.id != "stop" or dice.random() < 0.2]
            return choosing(question, intake, [dice.choice(options)])


def choosing(question: Question, intake: Intake, wanted: Sequence[OptionId]) -> list[engine.Happened]:
    """Presses one option; or unticks what is not wanted, ticks the rest where it goes together, and says done."""
    if question.kind is Kind.single:
        return [engine.Pressed(wanted[0])]
    off, on = [one for one in intake.ticked if one not in wanted], [one for one in wanted if one not in intake.ticked]
    return [*(engine.Pressed(one) for one in (*off, *on)), engine.Done()]


def untold(intake: Intake) -> Iterator[Intake]:
    """The intake after each way of telling nothing to what is asked."""
    question = FLOW.question(intake.asked) if intake.asked else None
    ways: list[list[engine.Happened]] = [[engine.Skip()], [engine.Unknown()]]
    if question is not None:
        ways += [choosing(question, intake, [one.id]) for one in question.options if one.id in UNTOLD]
    for events in ways:
        after = intake
        for happened in events:
            after = engine.advance(FLOW, after, happened, NOW).intake
        yield after


def to_the_summary(intake: Intake) -> Intake:
    """By skipping, and by the first option where one must choose; fails when that leads nowhere."""
    for _ in range(len(FLOW.questions) + 1):
        if intake.asked is None:
            return intake
        question = FLOW.question(intake.asked)
        event = engine.Skip() if question.skippable else engine.Pressed(question.options[0].id)
        intake = engine.advance(FLOW, intake, event, NOW).intake
    raise AssertionError(f"{intake.asked} leads nowhere")


def everywhere(name: str, tried: Callable[[Step, random.Random], int]) -> None:
    """Tries something on the steps of every walk, and proves that every question and the summary were looked at."""
    begun, cases, numbers, steps, asked, longest = perf_counter(), 0, 0, 0, set(), 0
    for number, walked in walks():
        dice, numbers = random.Random(f"{name} {number}"), numbers + 1
        for at, step in enumerate(walked):
            steps += 1
            # New ground is always looked at.
            if step.after.asked not in asked or at % EVERY == number % EVERY:
                asked.add(step.after.asked)
                longest = max(longest, len(step.after.answers))
                cases += _tried(tried, step, dice, f"walk {number}, step {at}")
    took = perf_counter() - begun
    print(f"\n{name}: {cases} cases in {numbers} walks of {steps} steps, up to {longest} answers, {took:.0f} s")
    missed = {None, *(question.id for question in FLOW.questions)} - asked
    assert not missed, f"never met: {missed}"
    assert longest > len(FLOW.questions) / 2


def _tried(tried: Callable[[Step, random.Random], int], step: Step, dice: random.Random, where: str) -> int:
    try:
        return tried(step, dice)
    except Exception as error:
        error.add_note(where)
        raise
