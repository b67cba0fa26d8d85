"""The questionnaire moves on: `advance(flow, intake, happened, now)` gives a new intake and what follows from it.

Pure: no clock, no chance, nothing kept. What a person types never raises; what does not fit becomes an effect.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from flows import dates
from flows.conditions import holds
from flows.model import (
    Answer,
    Answers,
    Chose,
    Chosen,
    Dated,
    Flow,
    Intake,
    Kept,
    Kind,
    Level,
    OptionId,
    Question,
    QuestionId,
    Reason,
    Skipped,
    Written,
    tells_nothing,
)
from flows.said.asking import Asking
from flows.said.choices import Offer, Taken, read_beside, read_choice
from flows.said.commands import Wish, wish_at
from flows.triage import judge
from flows.typed import read_word


class Why(StrEnum):
    """Why something was not understood."""

    no_option = "no_option"
    no_date = "no_date"
    future = "future"
    empty = "empty"
    nothing_ticked = "nothing_ticked"
    not_asked = "not_asked"
    not_skippable = "not_skippable"


# --- what happens --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pressed:
    """An option's button."""

    option: OptionId = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """The ticks are complete."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Back:
    """To the question before."""


@dataclass(frozen=True, slots=True)
class Skip:
    """No answer to this question."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Pressed or typed: I don't know."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """Change one answer, from the summary."""

    question: QuestionId


@dataclass(frozen=True, slots=True)
class Send:
    """The summary is right: send it."""


@dataclass(frozen=True, slots=True)
class TakeOffered:
    """One of the answers that were offered, by its number."""

    number: int


Happened = Pressed | Done | Typed | Back | Skip | Unknown | Revisit | Send | TakeOffered


# --- what follows --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer was given; `text` is what was typed for a text question, to be sealed and forgotten."""

    question: QuestionId
    answer: Answer
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing was kept; the question stays."""

    why: Why


@dataclass(frozen=True, slots=True)
class Offered:
    """What was typed may mean one of the answers that are now offered (`Intake.offered`)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The person sent the finished intake."""


Effect = Answered | NotUnderstood | Offered | Sent


@dataclass(frozen=True, slots=True)
class Turn:
    """The intake after what happened, and the effects of it."""

    intake: Intake
    effects: tuple[Effect, ...] = ()


def begin(flow: Flow, language: str, now: datetime, *, urgent: bool) -> Intake:
    """A new intake at the first question, or at the danger question when help is urgent."""
    verdict = judge(flow, {}, now.date())
    first = flow.danger if urgent else flow.questions[0].id
    return Intake(
        flow=flow.revision,
        language=language,
        answers={},
        asked=first,
        urgent=urgent,
        level=verdict.level,
        reasons=verdict.reasons,
    )


def advance(flow: Flow, intake: Intake, happened: Happened, now: datetime) -> Turn:
    """Moves an intake on by one event and judges it. `now` is aware, in the time zone of the person.

    The level never falls because nothing is told, be it in place of a graver answer; a correction may lower it.
    """
    turn = _moved(flow, intake, happened, now)
    return replace(turn, intake=_judged(flow, intake, turn, now.date()))


def _judged(flow: Flow, before: Intake, turn: Turn, today: date) -> Intake:
    verdict = judge(flow, turn.intake.answers, today)
    given = next((one for one in turn.effects if isinstance(one, Answered)), None)
    kept = _kept(flow, before, turn.intake.answers, verdict.reasons, given) if given else before.kept
    if not kept:
        return replace(turn.intake, level=verdict.level, reasons=verdict.reasons, kept=())
    held = {one.rule for one in verdict.reasons}
    reasons = [one for one in verdict.reasons if verdict.level is not Level.normal]
    reasons += [one.reason for one in kept if one.reason.rule not in held]
    reasons.sort(key=lambda reason: -_level(flow, reason).rank)
    return replace(turn.intake, level=_level(flow, reasons[0]), reasons=tuple(reasons), kept=kept)


def _kept(flow: Flow, before: Intake, answers: Answers, reasons: Sequence[Reason], given: Answered) -> tuple[Kept, ...]:
    """The reasons that count although no answer carries them any more.

    Somebody who said "a case about the border" and now says "I don't know" may be afraid, hurried or watched: that
    takes no danger back. The answer is kept as it was given last; only the reasons of the one before stay. They go
    when the same question is answered with something told, or when a correction elsewhere makes it pointless.
    """
    stay = tuple(one for one in before.kept if one.question in answers)
    if not tells_nothing(given.answer):
        return tuple(one for one in stay if one.question != given.question)
    known = {one.rule for one in reasons} | {one.reason.rule for one in stay}
    return (*stay, *(Kept(given.question, one) for one in _dangers(flow, before.reasons) if one.rule not in known))


def _dangers(flow: Flow, reasons: Sequence[Reason]) -> list[Reason]:
    return [one for one in reasons if _level(flow, one) is not Level.normal]


def _level(flow: Flow, reason: Reason) -> Level:
    rule = flow.rule(reason.rule)
    assert rule is not None
    return rule.level


def _moved(flow: Flow, intake: Intake, happened: Happened, now: datetime) -> Turn:
    """Whatever happens, an offer is over."""
    offered, intake = intake.offered, replace(intake, offered=())
    match happened:
        case TakeOffered(number):
            return _take(flow, intake, offered, number)
        case Back():
            return _back(intake)
        case Revisit(wanted):
            return _revisit(flow, intake, wanted)
        case Send():
            return _send(flow, intake)
        case _ if intake.asked is None:
            return _at_summary(flow, intake, happened, now)
        case _:
            return _at_question(flow, intake, flow.question(intake.asked), happened, now)


def _at_question(
    flow: Flow, intake: Intake, question: Question, happened: Pressed | Done | Skip | Unknown | Typed, now: datetime
) -> Turn:
    match happened:
        case Pressed(option):
            return _press(flow, intake, question, option)
        case Done():
            return _done(flow, intake, question)
        case Skip():
            return _skip(flow, intake, question)
        case Unknown():
            return _unknown(flow, intake, question)
        case Typed(text):
            return _typed(flow, intake, question, text, now)
        case _:
            assert_never(happened)


def tidy(text: str) -> str:
    """Text as it is kept: NFC, without control and format characters, except those that words need.

    Zero-width (non-)joiners stay for scripts that need them; line breaks and tabs stay; lone surrogates go, since
    they cannot be written as UTF-8.
    """
    normal = unicodedata.normalize("NFC", text)
    if not normal.isprintable():  # a printable text has nothing that goes
        normal = "".join(one for one in normal if _keeps(one))
    return normal.strip()


def _keeps(letter: str) -> bool:
    if letter in "\n\t\u200c\u200d":
        return True
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


# --- one function per event ----------------------------------------------------------------------------------


def _press(flow: Flow, intake: Intake, question: Question, option_id: OptionId) -> Turn:
    option = question.option(option_id)
    if option is None:
        return Turn(intake, (NotUnderstood(Why.no_option),))
    if question.kind is Kind.multiple:
        return Turn(replace(intake, ticked=_toggled(question, intake.ticked, option_id)))
    return _answer(flow, intake, question, Chosen((option_id,)))


def _take(flow: Flow, intake: Intake, offered: Sequence[Answer], number: int) -> Turn:
    if intake.asked is None or not 0 < number <= len(offered):
        return Turn(intake, (NotUnderstood(Why.no_option),))
    return _answer(flow, intake, flow.question(intake.asked), offered[number - 1])


def _offer(intake: Intake, answers: Sequence[Answer]) -> Turn:
    """They are offered. Buttons are bound to the visit: none of an earlier offer means one of these."""
    return Turn(replace(intake, offered=tuple(answers), visit=intake.visit + 1), (Offered(),))


def _toggled(question: Question, ticked: tuple[OptionId, ...], option_id: OptionId) -> tuple[OptionId, ...]:
    if option_id in ticked:
        return tuple(one for one in ticked if one != option_id)
    return _tick(question, (*ticked, option_id), newest=option_id)


def _tick(question: Question, wanted: tuple[OptionId, ...], newest: OptionId) -> tuple[OptionId, ...]:
    """Ticks in the order of the question; an exclusive option stands alone."""
    exclusive = {option.id for option in question.options if option.exclusive}
    if newest in exclusive:
        return (newest,)
    return tuple(option.id for option in question.options if option.id in wanted and option.id not in exclusive)


def _done(flow: Flow, intake: Intake, question: Question) -> Turn:
    if question.kind is not Kind.multiple or not intake.ticked:
        return Turn(intake, (NotUnderstood(Why.nothing_ticked),))
    return _answer(flow, intake, question, Chosen(intake.ticked))


def _skip(flow: Flow, intake: Intake, question: Question) -> Turn:
    if not question.skippable:
        return Turn(intake, (NotUnderstood(Why.not_skippable),))
    if question.id in intake.answers:  # skipping takes no answer back, so it never lowers a level
        return Turn(_ask_next(flow, intake, question.id))
    return _answer(flow, intake, question, Skipped())


def _unknown(flow: Flow, intake: Intake, question: Question) -> Turn:
    if question.option("unknown"):
        return _answer(flow, intake, question, Chosen((OptionId("unknown"),)))
    return _skip(flow, intake, question)


def _typed(flow: Flow, intake: Intake, question: Question, text: str, now: datetime) -> Turn:
    said = tidy(text)
    if not said:
        return Turn(intake, (NotUnderstood(Why.empty),))
    match question.kind:
        case Kind.text:
            return _wrote(flow, intake, question, said)
        case Kind.date:
            return _typed_date(flow, intake, question, said, now)
        case Kind.single | Kind.multiple:
            return _typed_options(flow, intake, question, said, now)
        case _:
            assert_never(question.kind)


def _wrote(flow: Flow, intake: Intake, question: Question, said: str) -> Turn:
    if (wish := read_word(said)) in {Wish.back, Wish.skip}:
        return _by_word(flow, intake, question, wish)
    return _answer(flow, intake, question, Written(1), said)


def _typed_date(flow: Flow, intake: Intake, question: Question, said: str, now: datetime) -> Turn:
    if wish := read_word(said) or wish_at(flow, question, said, _asking(intake, now)):
        return _by_word(flow, intake, question, wish)
    found = dates.read(said, now.date(), language=intake.language, ahead=not question.past)
    if found is None:
        return Turn(intake, (NotUnderstood(Why.no_date),))
    if question.past and found.earliest > now.date():
        return Turn(intake, (NotUnderstood(Why.future),))
    return _answer(flow, intake, question, Dated(found.earliest, found.latest, found.sure))


def _asking(intake: Intake, now: datetime) -> Asking:
    return Asking(today=now.date(), language=intake.language)


def _typed_options(flow: Flow, intake: Intake, question: Question, said: str, now: datetime) -> Turn:
    match read_choice(flow, question, said, _asking(intake, now)):
        case Taken(options):
            chosen = options if question.kind is Kind.single else _tick(question, options, newest=options[-1])
            return _answered_beside(flow, _answer(flow, intake, question, Chosen(chosen)), said, now)
        case Offer(options):
            return _offer(intake, [Chosen((option,)) for option in options])
        case None:
            wish = read_word(said) or wish_at(flow, question, said, _asking(intake, now))
            return _by_word(flow, intake, question, wish) if wish else Turn(intake, (NotUnderstood(Why.no_option),))


def _answered_beside(flow: Flow, turn: Turn, said: str, now: datetime) -> Turn:
    """The text may also answer the question that is asked only because of this answer."""
    (given,) = (one.question for one in turn.effects if isinstance(one, Answered))
    following = _asked_for(flow, turn.intake.answers, given)
    option = read_beside(flow, following, said, _asking(turn.intake, now)) if following is not None else None
    if following is None or option is None or tells_nothing(Chosen((option,))):
        return turn
    more = _answer(flow, turn.intake, following, Chosen((option,)))
    return Turn(more.intake, (*turn.effects, *more.effects))


def _asked_for(flow: Flow, answers: Answers, given: QuestionId) -> Question | None:
    """The open question with options that is asked for one answer alone."""
    behind = (one for one in flow.questions if isinstance(one.show_if, Chose) and one.show_if.question == given)
    return next((one for one in behind if one.options and one.id not in answers and holds(one.show_if, answers)), None)


def _by_word(flow: Flow, intake: Intake, question: Question, wish: Wish) -> Turn:
    match wish:
        case Wish.back:
            return _back(intake)
        case Wish.skip:
            return _skip(flow, intake, question)
        case Wish.done:
            return _done(flow, intake, question)
        case Wish.unknown:
            return _unknown(flow, intake, question)
        case Wish.send if intake.asked is None:
            return _send(flow, intake)
        case _:  # what only a conversation can do (bot/seeker/talk.py)
            return Turn(intake, (NotUnderstood(Why.no_option),))


def _at_summary(flow: Flow, intake: Intake, happened: Happened, now: datetime) -> Turn:
    if not isinstance(happened, Typed):
        return Turn(intake, (NotUnderstood(Why.not_asked),))
    said = tidy(happened.text)
    wish = read_word(said) or wish_at(flow, None, said, _asking(intake, now))
    if wish is Wish.send:
        return _send(flow, intake)
    if wish is Wish.back:
        return _back(intake)
    listed = answered_in_order(flow, intake)
    if said.isascii() and said.isdigit() and len(said) < 4 and 0 < int(said) <= len(listed):
        return _revisit(flow, intake, listed[int(said) - 1])
    return Turn(intake, (NotUnderstood(Why.not_asked),))


def _back(intake: Intake) -> Turn:
    if not intake.trail:
        return Turn(intake)
    before = intake.trail[-1]
    return Turn(_show(replace(intake, trail=intake.trail[:-1]), before))


def _revisit(flow: Flow, intake: Intake, question_id: QuestionId) -> Turn:
    if intake.asked is not None or question_id not in intake.answers:
        return Turn(intake, (NotUnderstood(Why.not_asked),))
    return Turn(_show(intake, flow.question(question_id).id))


def _send(flow: Flow, intake: Intake) -> Turn:
    if intake.asked is not None:
        return Turn(intake, (NotUnderstood(Why.not_asked),))
    return Turn(intake, (Sent(),))


# --- answering and the next question --------------------------------------------------------------------------


def _answer(flow: Flow, intake: Intake, question: Question, answer: Answer, text: str | None = None) -> Turn:
    answers = _still_shown(flow, {**intake.answers, question.id: answer})
    return Turn(_ask_next(flow, replace(intake, answers=answers), question.id), (Answered(question.id, answer, text),))


def _still_shown(flow: Flow, answers: Mapping[QuestionId, Answer]) -> Answers:
    """Drops answers to questions that another answer has made pointless, in the order of the flow."""
    kept = {question.id: answers[question.id] for question in flow.questions if question.id in answers}
    for question in flow.questions:
        if question.id in kept and not holds(question.show_if, kept):
            del kept[question.id]
    return kept


def _ask_next(flow: Flow, intake: Intake, left: QuestionId) -> Intake:
    """The first unanswered question in the order of the flow; the summary when there is none."""
    unanswered = (one for one in flow.questions if one.id not in intake.answers)
    following = next((one.id for one in unanswered if holds(one.show_if, intake.answers)), None)
    trail = tuple(one for one in intake.trail if one != left and one in intake.answers)
    return _show(replace(intake, trail=(*trail, left)), following)


def _show(intake: Intake, question_id: QuestionId | None) -> Intake:
    answer = intake.answers.get(question_id) if question_id else None
    ticked = answer.options if isinstance(answer, Chosen) else ()
    return replace(intake, asked=question_id, ticked=ticked, visit=intake.visit + 1)


def shown(flow: Flow, answers: Answers) -> tuple[Question, ...]:
    """The questions that these answers lead to, in the order of the flow."""
    return tuple(question for question in flow.questions if holds(question.show_if, answers))


def hurry(flow: Flow, intake: Intake) -> Intake:
    """The question about danger is asked now; what was answered stays."""
    asked = intake.asked
    trail = intake.trail if asked is None or asked in intake.trail else (*intake.trail, asked)
    return _show(replace(intake, urgent=True, offered=(), trail=trail), flow.question(flow.danger).id)


def answered_in_order(flow: Flow, intake: Intake) -> tuple[QuestionId, ...]:
    """The answered questions as the summary numbers them."""
    return tuple(question.id for question in flow.questions if question.id in intake.answers)
