"""The questionnaire moves on: `advance(flow, intake, happened, now)` gives a new intake and what follows from it.

Pure: no clock, no chance, nothing kept. What a person types never raises; what does not fit becomes an effect.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from msgspec import structs

from flows.dated import ToChoose, read_dates
from flows.model import (
    GO_ON,
    PHOTO,
    UNKNOWN,
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
    Untold,
    Written,
    tells_nothing,
)
from flows.said.asking import Asking
from flows.said.choices import Offer, Taken, read_beside, read_choice
from flows.said.commands import Wish, wish_at
from flows.triage import as_not_known, judge
from flows.typed import read_word


class Why(StrEnum):
    """Why something was not understood."""

    no_option = "no_option"
    not_together = "not_together"
    no_date = "no_date"
    future = "future"
    term = "term"
    empty = "empty"
    nothing_ticked = "nothing_ticked"
    not_asked = "not_asked"
    not_skippable = "not_skippable"


# --- what happens --------------------------------------------------------------------------------------------


class Pressed(Untold, frozen=True):
    """An option's button."""

    option: OptionId


class Done(Untold, frozen=True):
    """The ticks are complete."""


class Typed(Untold, frozen=True):
    """A text message. `at`: when it was written, where that is not now: "yesterday" is the day before that one."""

    text: str
    at: datetime | None = None


class Filed(Untold, frozen=True):
    """A photo, a paper or a voice message: in place of words, or with them, or where a paper is asked for."""

    text: str = ""


class Between(Untold, frozen=True):
    """A date's button: some day between these; of one day it may name the hours."""

    earliest: date
    latest: date
    hours: tuple[int, int] | None = None


class Back(Untold, frozen=True):
    """To the question before."""


class Skip(Untold, frozen=True):
    """No answer to this question."""


class Unknown(Untold, frozen=True):
    """Pressed or typed: I don't know."""


class Revisit(Untold, frozen=True):
    """Change one answer, from the summary."""

    question: QuestionId


class Send(Untold, frozen=True):
    """Send it: the summary is right, or the main part is done and the rest may stay open."""


class TakeOffered(Untold, frozen=True):
    """One of the answers that were offered, by its number."""

    number: int


Happened = Pressed | Done | Typed | Filed | Between | Back | Skip | Unknown | Revisit | Send | TakeOffered


# --- what follows --------------------------------------------------------------------------------------------


class Answered(Untold, frozen=True):
    """An answer was given; `text` is what was typed for a text question, to be sealed and forgotten."""

    question: QuestionId
    answer: Answer
    text: str | None = None


class NotUnderstood(Untold, frozen=True):
    """Nothing was kept; the question stays."""

    why: Why


class Offered(Untold, frozen=True):
    """What was typed may mean one of the answers that are now offered (`Intake.offered`)."""


class Sent(Untold, frozen=True):
    """The person sent the finished intake."""


Effect = Answered | NotUnderstood | Offered | Sent


class Turn(Untold, frozen=True):
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
    return structs.replace(turn, intake=_judged(flow, intake, turn, now.date()))


def _judged(flow: Flow, before: Intake, turn: Turn, today: date) -> Intake:
    verdict = judge(flow, turn.intake.answers, today)
    given = next((one for one in turn.effects if isinstance(one, Answered)), None)
    kept = _kept(flow, before, turn.intake.answers, verdict.reasons, given) if given else before.kept
    if not kept:
        return structs.replace(turn.intake, level=verdict.level, reasons=verdict.reasons, kept=())
    reasons = _besides(flow, verdict.reasons, [one.reason for one in kept])
    return structs.replace(turn.intake, level=_level(flow, reasons[0]), reasons=reasons, kept=kept)


def _besides(flow: Flow, reasons: Sequence[Reason], more: Sequence[Reason]) -> tuple[Reason, ...]:
    """Reasons and others besides, the gravest first; that no danger was named is one only where there is no other."""
    held = {one.rule for one in reasons}
    found = [*_dangers(flow, reasons), *(one for one in _dangers(flow, more) if one.rule not in held)]
    return tuple(sorted(found, key=lambda reason: -_level(flow, reason).rank)) or tuple(reasons)


def _kept(flow: Flow, before: Intake, answers: Answers, reasons: Sequence[Reason], given: Answered) -> tuple[Kept, ...]:
    """The reasons that count although no answer carries them any more.

    Somebody who said "a case about the border" and now says "I don't know" may be afraid, hurried or watched: that
    takes no danger back. The answer is kept as it was given last; only the reasons of the one before stay. They go
    when the same question is answered with something told, or when a correction elsewhere makes it pointless. Nor is
    a danger over because it turns out for whom somebody writes: it counts until it is told where that person is.
    """
    told = not tells_nothing(given.answer)
    asked = {*answers, flow.danger} - ({given.question} if told else set())  # where it went, it is asked again
    stay = tuple(one for one in before.kept if one.question in asked)
    asks_again = flow.danger in before.answers and flow.danger not in answers
    if told and not asks_again:
        return stay
    lost = _lost(flow, before, (*reasons, *(one.reason for one in stay)))
    return (*stay, *(Kept(flow.danger if asks_again else given.question, one) for one in lost))


def _lost(flow: Flow, before: Intake, reasons: Sequence[Reason]) -> list[Reason]:
    """The dangers of before that are not among these reasons."""
    known = {one.rule for one in reasons}
    return [one for one in _dangers(flow, before.reasons) if one.rule not in known]


def _dangers(flow: Flow, reasons: Sequence[Reason]) -> list[Reason]:
    return [one for one in reasons if _level(flow, one) is not Level.normal]


def _level(flow: Flow, reason: Reason) -> Level:
    rule = flow.rule(reason.rule)
    assert rule is not None
    return rule.level


def _moved(flow: Flow, intake: Intake, happened: Happened, now: datetime) -> Turn:
    """Whatever happens, an offer is over."""
    offered, intake = intake.offered, structs.replace(intake, offered=())
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
    flow: Flow,
    intake: Intake,
    question: Question,
    happened: Pressed | Done | Skip | Unknown | Typed | Filed | Between,
    now: datetime,
) -> Turn:
    match happened:
        case Filed(text):
            return _filed(flow, intake, question, text)
        case Between(earliest, latest, hours):
            dated = Dated(earliest, latest, "exact" if earliest == latest else "about", hours)
            return _answer(flow, intake, question, dated)
        case Pressed(option):
            return _press(flow, intake, question, option)
        case Done():
            return _done(flow, intake, question)
        case Skip():
            return _skip(flow, intake, question)
        case Unknown():
            return _unknown(flow, intake, question)
        case Typed(text, at):
            return _typed(flow, intake, question, text, now, at or now)
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
        return Turn(structs.replace(intake, ticked=_toggled(question, intake.ticked, option_id)))
    return _answer(flow, intake, question, Chosen((option_id,)))


def _take(flow: Flow, intake: Intake, offered: Sequence[Answer], number: int) -> Turn:
    if intake.asked is None or not 0 < number <= len(offered):
        return Turn(intake, (NotUnderstood(Why.no_option),))
    return _answer(flow, intake, flow.question(intake.asked), offered[number - 1])


def _offer(intake: Intake, answers: Sequence[Answer]) -> Turn:
    """They are offered. Buttons are bound to the visit: none of an earlier offer means one of these."""
    return Turn(structs.replace(intake, offered=tuple(answers), visit=intake.visit + 1), (Offered(),))


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
    if question.kind is not Kind.multiple:  # its card has no such button, so the word is one like any other
        return Turn(intake, (NotUnderstood(Why.no_option),))
    if not intake.ticked:
        return Turn(intake, (NotUnderstood(Why.nothing_ticked),))
    return _answer(flow, intake, question, Chosen(intake.ticked))


def _skip(flow: Flow, intake: Intake, question: Question) -> Turn:
    if not question.skippable:
        return Turn(intake, (NotUnderstood(Why.not_skippable),))
    if question.id in intake.answers:  # skipping takes no answer back, so it never lowers a level
        return Turn(_ask_next(flow, intake, question.id))
    return _answer(flow, intake, question, Skipped())


def _unknown(flow: Flow, intake: Intake, question: Question) -> Turn:
    if question.option(UNKNOWN):
        return _answer(flow, intake, question, Chosen((UNKNOWN,)))
    return _skip(flow, intake, question)


def _typed(flow: Flow, intake: Intake, question: Question, text: str, now: datetime, written: datetime) -> Turn:
    said = tidy(text)
    if not said:
        return Turn(intake, (NotUnderstood(Why.empty),))
    match question.kind:
        case Kind.text:
            return _wrote(flow, intake, question, said)
        case Kind.date:
            return _typed_date(flow, intake, question, said, written)
        case Kind.single | Kind.multiple:
            return _typed_options(flow, intake, question, said, now)
        case _:
            assert_never(question.kind)


def _wrote(flow: Flow, intake: Intake, question: Question, said: str) -> Turn:
    wish = read_word(said)
    if wish in {Wish.back, Wish.skip} or (wish is Wish.send and may_send(flow, intake)):
        return _by_word(flow, intake, question, wish)
    return _answer(flow, intake, question, Written(1), said)


def _filed(flow: Flow, intake: Intake, question: Question, text: str) -> Turn:
    """It answers a question for words; where a paper is asked for by name, it says that one was sent, and no more."""
    if question.kind is Kind.text:
        return _answer(flow, intake, question, Written(int(bool(text)), 1), text or None)
    if question.kind is Kind.multiple and question.option(PHOTO) and PHOTO not in intake.ticked:
        return Turn(structs.replace(intake, ticked=_toggled(question, intake.ticked, PHOTO)))
    return Turn(intake)


def _typed_date(flow: Flow, intake: Intake, question: Question, said: str, now: datetime) -> Turn:
    if wish := read_word(said) or wish_at(flow, question, said, _asking(intake, now)):
        return _by_word(flow, intake, question, wish)
    match read_dates(question, intake.answers, said, now, language=intake.language):
        case str(why):
            return Turn(intake, (NotUnderstood(Why(why)),))
        case Dated() as answer:
            return _answer(flow, intake, question, answer)
        case ToChoose(answers):
            return _offer(intake, answers)


def _asking(intake: Intake, now: datetime) -> Asking:
    return Asking(today=now.date(), language=intake.language)


def _typed_options(flow: Flow, intake: Intake, question: Question, said: str, now: datetime) -> Turn:
    match read_choice(flow, question, said, _asking(intake, now)):
        case Taken(options):
            return _taken(flow, intake, question, options, said, now)
        case Offer(options):
            return _offer(intake, [Chosen((option,)) for option in options])
        case None:
            wish = read_word(said) or wish_at(flow, question, said, _asking(intake, now))
            return _by_word(flow, intake, question, wish) if wish else Turn(intake, (NotUnderstood(Why.no_option),))


def _taken(
    flow: Flow, intake: Intake, question: Question, options: Sequence[OptionId], said: str, now: datetime
) -> Turn:
    chosen = tuple(options) if question.kind is Kind.single else _tick(question, tuple(options), newest=options[-1])
    if set(chosen) != set(options):  # "3, 1" with one that excludes the others: neither is dropped without a word
        return Turn(intake, (NotUnderstood(Why.not_together),))
    return _answered_beside(flow, _answer(flow, intake, question, Chosen(chosen)), said, now)


def _answered_beside(flow: Flow, turn: Turn, said: str, now: datetime) -> Turn:
    """The text may also answer what is asked only because of this answer, and name a danger that is asked for next."""
    given = [one.question for one in turn.effects if isinstance(one, Answered)][-1]
    following = _asked_for(flow, turn.intake.answers, given) or _danger_asked_next(flow, turn.intake, given)
    option = read_beside(flow, following, said, _asking(turn.intake, now)) if following is not None else None
    if following is None or option is None or not _counts_beside(flow, turn.intake, following, option):
        return turn
    more = _answer(flow, turn.intake, following, Chosen((option,)))
    return _answered_beside(flow, Turn(more.intake, (*turn.effects, *more.effects)), said, now)


def _asked_for(flow: Flow, answers: Answers, given: QuestionId) -> Question | None:
    """The open question with options that is asked for one answer alone."""
    behind = (one for one in flow.questions if isinstance(one.show_if, Chose) and one.show_if.question == given)
    return next((one for one in behind if one.options and one.id not in answers and one.show_if.holds(answers)), None)


def _danger_asked_next(flow: Flow, intake: Intake, given: QuestionId) -> Question | None:
    """The question about danger, where it has not been answered and comes next after for whom somebody writes."""
    comes = given == flow.subject and intake.asked == flow.danger and flow.danger not in intake.answers
    return flow.question(flow.danger) if comes else None


def _counts_beside(flow: Flow, intake: Intake, question: Question, option: OptionId) -> bool:
    """Of the question about danger only what calls lawyers: that there is none is not taken from another's answer."""
    answer = Chosen((option,))
    if question.id == flow.danger:
        return not tells_nothing(answer) and _is_grave(flow, {**intake.answers, question.id: answer})
    return not tells_nothing(answer)


def _by_word(flow: Flow, intake: Intake, question: Question, wish: Wish) -> Turn:
    if wish in {Wish.done, Wish.send} and question.id in flow.offers:  # whoever says so takes the offer to stop
        stops = next(option.id for option in question.options if option.id != GO_ON)
        return _answer(flow, intake, question, Chosen((stops,)))
    match wish:
        case Wish.back:
            return _back(intake)
        case Wish.skip:
            return _skip(flow, intake, question)
        case Wish.done:
            return _done(flow, intake, question)
        case Wish.unknown:
            return _unknown(flow, intake, question)
        case Wish.send if may_send(flow, intake):
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
    return Turn(_show(structs.replace(intake, trail=intake.trail[:-1]), before))


def _revisit(flow: Flow, intake: Intake, question_id: QuestionId) -> Turn:
    if intake.asked is not None or question_id not in intake.answers:
        return Turn(intake, (NotUnderstood(Why.not_asked),))
    return Turn(_show(intake, flow.question(question_id).id))


def may_send(flow: Flow, intake: Intake) -> bool:
    """At the summary, and at every question behind the main part."""
    return intake.asked is None or any(one in intake.answers for one in flow.offers)


def stopped(flow: Flow, intake: Intake, today: date) -> Intake:
    """The intake as it counts when nothing more is answered: what was not asked counts as "I don't know"."""
    verdict = judge(flow, as_not_known(flow.questions, intake.answers), today)
    if verdict.level.rank <= intake.level.rank:
        return intake
    return structs.replace(intake, level=verdict.level, reasons=_besides(flow, intake.reasons, verdict.reasons))


def _send(flow: Flow, intake: Intake) -> Turn:
    if not may_send(flow, intake):
        return Turn(intake, (NotUnderstood(Why.not_asked),))
    return Turn(intake, (Sent(),))


# --- answering and the next question --------------------------------------------------------------------------


def _answer(flow: Flow, intake: Intake, question: Question, answer: Answer, text: str | None = None) -> Turn:
    given: Answers = {**intake.answers, question.id: answer}
    openly, doubted = intake.openly, intake.doubted and question.id != flow.danger
    if question.id == flow.danger:
        openly = flow.form(intake.answers) == "open"
    elif question.id == flow.subject:
        given = _of_whom(flow, intake, given)
        openly = openly and flow.danger in given
    known = {**intake.aside, **given}
    answers = _still_shown(flow, known)
    aside = {one: said for one, said in known.items() if isinstance(said, Written) and one not in answers}
    answered = structs.replace(intake, answers=answers, aside=aside, openly=openly, doubted=doubted)
    return Turn(_ask_next(flow, answered, question.id), (Answered(question.id, answer, text),))


def _of_whom(flow: Flow, intake: Intake, given: Answers) -> Answers:
    """It is told for whom somebody writes: what was asked of somebody else, or may have been meant so, is asked again.

    Asked of both, a danger is true of whoever needs help; that somebody is free, or abroad, may be true of the writer.
    """
    before, form = flow.form(intake.answers), flow.form(given)
    again: set[QuestionId] = set()
    if before == "open" and form == "other" and not _is_grave(flow, given):
        again = {flow.danger}
    elif before not in {"open", form}:
        again = {one.id for one in flow.questions if one.text.differ}
    return {one: answer for one, answer in given.items() if one not in again or one == flow.subject}


def _is_grave(flow: Flow, answers: Answers) -> bool:
    """Where the person is calls lawyers at once."""
    told = {one: answers[one] for one in (flow.subject, flow.danger) if one in answers}
    return judge(flow, told, date.min).level is Level.critical


def _still_shown(flow: Flow, answers: Mapping[QuestionId, Answer]) -> Answers:
    """Drops answers to questions that another answer has made pointless, in the order of the flow."""
    kept = {question.id: answers[question.id] for question in flow.questions if question.id in answers}
    for question in flow.questions:
        if question.id in kept and not question.show_if.holds(kept):
            del kept[question.id]
    return kept


def _ask_next(flow: Flow, intake: Intake, left: QuestionId) -> Intake:
    """The first unanswered question in the order of the flow, or that in doubt; the summary when there is none."""
    known = intake.answers.keys() - ({flow.danger} if intake.doubted else set())
    following = next((one.id for one in flow.shown(intake.answers) if one.id not in known), None)
    trail = tuple(one for one in intake.trail if one != left and one in intake.answers)
    return _show(structs.replace(intake, trail=(*trail, left)), following)


def _show(intake: Intake, question_id: QuestionId | None) -> Intake:
    answer = intake.answers.get(question_id) if question_id else None
    ticked = answer.options if isinstance(answer, Chosen) else ()
    return structs.replace(intake, asked=question_id, ticked=ticked, visit=intake.visit + 1)


def hurry(flow: Flow, intake: Intake) -> Intake:
    """The question about danger is asked now; what was answered stays, and is in doubt until it is answered again."""
    asked, doubted = intake.asked, flow.danger in intake.answers
    intake = structs.replace(intake, urgent=True, offered=(), doubted=doubted)
    if asked == flow.danger:
        return intake
    trail = intake.trail if asked is None or asked in intake.trail else (*intake.trail, asked)
    return structs.replace(_show(structs.replace(intake, trail=trail), flow.danger), ticked=())


def asks_for_help(flow: Flow, intake: Intake) -> bool:
    """Has asked for urgent help, and not answered since whether there is danger."""
    return intake.urgent and (intake.doubted or flow.danger not in intake.answers)


def names_danger(flow: Flow, intake: Intake, text: str, now: datetime) -> bool:
    """A text that would answer the question about danger with what calls lawyers at once."""
    option = read_beside(flow, flow.question(flow.danger), text, _asking(intake, now))
    return option is not None and _counts_beside(flow, intake, flow.question(flow.danger), option)


def answered_in_order(flow: Flow, intake: Intake) -> tuple[QuestionId, ...]:
    """The answered questions as the summary numbers them; whether somebody went on at an offer is no answer."""
    asked = [question.id for question in flow.questions if question.option(GO_ON) is None]
    return tuple(one for one in asked if one in intake.answers)
