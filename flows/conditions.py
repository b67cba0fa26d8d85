"""Which answers made a condition hold, what it reads, and how it is said in words."""

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
