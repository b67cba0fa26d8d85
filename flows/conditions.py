"""Does a condition hold, and which answers made it hold."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from flows.model import (
    UNKNOWN,
    AllOf,
    Always,
    Answers,
    AnyOf,
    AtClock,
    Chose,
    Chosen,
    Condition,
    Dated,
    Level,
    Not,
    OptionId,
    QuestionId,
    Since,
    Skipped,
    Until,
    WasAnswered,
    WasSkipped,
)

Because = tuple[tuple[QuestionId, OptionId], ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day where the person is, and the levels at which clocks stand on it."""

    today: date
    clocks: frozenset[Level] = frozenset()


def holds(condition: Condition, answers: Answers, day: Day | None = None) -> bool:
    """True when the condition holds; an unanswered question matches nothing, a skipped one what "I don't know" matches.

    Only rules look at the day: what is asked must not change overnight.
    """
    # The commonest first, and loops rather than `all` and `any`: this runs some hundred times at every answer.
    if isinstance(condition, Chose):
        answer = answers.get(condition.question)
        if isinstance(answer, Chosen):
            return not condition.options.isdisjoint(answer.options)
        return isinstance(answer, Skipped) and UNKNOWN in condition.options
    if isinstance(condition, AllOf):
        for one in condition.conditions:  # noqa: SIM110 - see above
            if not holds(one, answers, day):
                return False
        return True
    if isinstance(condition, AnyOf):
        for one in condition.conditions:  # noqa: SIM110 - see above
            if holds(one, answers, day):
                return True
        return False
    if isinstance(condition, Not):
        return not holds(condition.condition, answers, day)
    return _single_holds(condition, answers, day)


def _single_holds(
    condition: WasAnswered | WasSkipped | Since | Until | AtClock | Always, answers: Answers, day: Day | None
) -> bool:
    match condition:
        case Always():
            return True
        case WasAnswered(question):
            return not isinstance(answers.get(question, Skipped()), Skipped)
        case WasSkipped(question):
            return isinstance(answers.get(question), Skipped)
        case Since() | Until() | AtClock():
            return day is not None and _holds_on(condition, answers, day)
        case _:
            assert_never(condition)


def _holds_on(condition: Since | Until | AtClock, answers: Answers, day: Day) -> bool:
    if isinstance(condition, AtClock):
        return condition.level in day.clocks
    dated = answers.get(condition.question)
    if not isinstance(dated, Dated):
        return False
    since = isinstance(condition, Since)
    apart = day.today - dated.latest if since else dated.earliest - day.today
    return apart.days <= condition.days


def because(condition: Condition, answers: Answers) -> Because:
    """The chosen options that make a condition hold, in the order of the condition, each once."""
    found: dict[tuple[QuestionId, OptionId], None] = {}
    for one in chosen_in(condition):
        answer = answers.get(one.question)
        if isinstance(answer, Skipped) and UNKNOWN in one.options:
            answer = Chosen((UNKNOWN,))
        if isinstance(answer, Chosen):
            found |= {(one.question, option): None for option in answer.options if option in one.options}
    return tuple(found)


def chosen_in(condition: Condition) -> list[Chose]:
    """The positive option tests inside a condition: what is under a `Not` explains nothing."""
    match condition:
        case Chose():
            return [condition]
        case AllOf(conditions) | AnyOf(conditions):
            return [part for one in conditions for part in chosen_in(one)]
        case _:
            return []


def questions_in(condition: Condition) -> set[QuestionId]:
    """Every question that a condition reads."""
    match condition:
        case (
            Chose(question, _) | WasAnswered(question) | WasSkipped(question) | Since(question, _) | Until(question, _)
        ):
            return {question}
        case AllOf(conditions) | AnyOf(conditions):
            return {question for one in conditions for question in questions_in(one)}
        case Not(inner):
            return questions_in(inner)
        case _:
            return set()


def in_words(condition: Condition) -> str:  # noqa: C901 - an arm for each kind
    """The condition as a person reads it, with the ids of questions and options."""
    match condition:
        case Chose(question, options):
            return f"{question} is {_listed(options)}"
        case Not(Chose(question, options)):
            return f"{question} is not {_listed(options)}"
        case WasAnswered(question):
            return f"{question} is answered"
        case WasSkipped(question):
            return f"{question} is skipped"
        case Since(question, days):
            return f"{question} is at most {days} days ago"
        case Until(question, days):
            return f"{question} is at most {days} days ahead"
        case AtClock(level):
            return f"a clock stands at {level.value}"
        case AllOf(conditions):
            return " and ".join(_inside(one) for one in conditions)
        case AnyOf(conditions):
            return " or ".join(_inside(one) for one in conditions)
        case Not(inner):
            return f"not ({in_words(inner)})"
        case Always():
            return "always"
        case _:
            assert_never(condition)


def _listed(options: frozenset[OptionId]) -> str:
    return f"one of {', '.join(sorted(options))}" if len(options) > 1 else "".join(options)


def _inside(condition: Condition) -> str:
    return f"({in_words(condition)})" if isinstance(condition, AllOf | AnyOf) else in_words(condition)
