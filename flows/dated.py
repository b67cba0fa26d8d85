"""A typed date as answers to the question it was typed at."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flows import dates
from flows.model import Answers, Dated, Question

Unread = Literal["no_date", "future", "term"]  # as in `engine.Why`


@dataclass(frozen=True, slots=True)
class ToChoose:
    """What was typed may mean one of these, the likelier first: whoever typed it says which.

    It may be one alone: where the other reading has not come yet, the text is likelier a slip than a day a year ago.
    """

    answers: tuple[Dated, ...]


def read_dates(
    question: Question, answers: Answers, said: str, now: datetime, *, language: str
) -> Dated | ToChoose | Unread:
    """What was typed, or why it is no answer."""
    today = now.date()
    if not question.past and dates.read_term(said, today, language=language):
        return _of_term(question, answers, said, language)
    found = dates.readings(dates.read(said, today, language=language, ahead=not question.past, hour=now.hour))
    if not found:
        return "no_date"
    been = [one for one in found if not question.past or one.earliest <= today]
    if not been:
        return "future"
    return _answer(question, been[0]) if len(found) == 1 else ToChoose(tuple(_answer(question, one) for one in been))


def _of_term(question: Question, answers: Answers, said: str, language: str) -> Dated | Unread:
    """A term counts from the earliest day that any of its papers was handed over: its end is never too late."""
    begins = min((day for one in question.term_from if (day := _day(answers, one))), default=None)
    term = dates.read_term(said, begins, language=language) if begins else None
    return _answer(question, term) if term else "term"


def _day(answers: Answers, question: str) -> date | None:
    answer = next((given for one, given in answers.items() if one == question), None)
    return answer.earliest if isinstance(answer, Dated) else None


def _answer(question: Question, found: dates.Found) -> Dated:
    hours = found.hours if question.hours else None
    return Dated(found.earliest, found.latest, found.sure, hours)
