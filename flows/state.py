"""An intake as bytes and back, for the draft row."""

from datetime import date
from typing import Literal

import msgspec

from flows.model import (
    Answer,
    Chosen,
    Dated,
    Intake,
    Kept,
    Level,
    OptionId,
    QuestionId,
    Reason,
    Skipped,
    Written,
)


class _Chosen(msgspec.Struct, frozen=True, tag="c"):
    o: tuple[str, ...]


class _Dated(msgspec.Struct, frozen=True, tag="d"):
    f: date
    t: date
    s: Literal["exact", "about"]
    h: tuple[int, int] | None = None


class _Written(msgspec.Struct, frozen=True, tag="w"):
    p: int
    f: int = 0


class _Skipped(msgspec.Struct, frozen=True, tag="s"):
    pass


_AnyAnswer = _Chosen | _Dated | _Written | _Skipped


class _Intake(msgspec.Struct, frozen=True):
    flow: str
    language: str
    answers: dict[str, _AnyAnswer]
    asked: str | None
    ticked: tuple[str, ...]
    visit: int
    trail: tuple[str, ...]
    urgent: bool
    level: Level
    reasons: tuple[Reason, ...]
    kept: tuple[tuple[QuestionId, Reason], ...] = ()
    openly: bool = False
    aside: dict[str, _AnyAnswer] = {}
    offered: tuple[_AnyAnswer, ...] = ()


_decoder = msgspec.json.Decoder(_Intake)
_encoder = msgspec.json.Encoder()


def dump(intake: Intake) -> bytes:
    """The intake as JSON bytes."""
    return _encoder.encode(
        _Intake(
            flow=intake.flow,
            language=intake.language,
            answers={question: _pack(answer) for question, answer in intake.answers.items()},
            asked=intake.asked,
            ticked=intake.ticked,
            visit=intake.visit,
            trail=intake.trail,
            urgent=intake.urgent,
            level=intake.level,
            reasons=intake.reasons,
            kept=tuple((one.question, one.reason) for one in intake.kept),
            openly=intake.openly,
            aside={question: _pack(answer) for question, answer in intake.aside.items()},
            offered=tuple(_pack(one) for one in intake.offered),
        )
    )


def load(data: bytes) -> Intake:
    """The intake that `dump` wrote."""
    read = _decoder.decode(data)
    return Intake(
        flow=read.flow,
        language=read.language,
        answers={QuestionId(question): _unpack(answer) for question, answer in read.answers.items()},
        asked=None if read.asked is None else QuestionId(read.asked),
        ticked=tuple(OptionId(option) for option in read.ticked),
        visit=read.visit,
        trail=tuple(QuestionId(question) for question in read.trail),
        urgent=read.urgent,
        level=read.level,
        reasons=read.reasons,
        kept=tuple(Kept(question, reason) for question, reason in read.kept),
        openly=read.openly,
        aside={QuestionId(question): _unpack(answer) for question, answer in read.aside.items()},
        offered=tuple(_unpack(one) for one in read.offered),
    )


def _pack(answer: Answer) -> _AnyAnswer:
    match answer:
        case Chosen(options):
            return _Chosen(options)
        case Dated(earliest, latest, sure, hours):
            return _Dated(earliest, latest, sure, hours)
        case Written(parts, files):
            return _Written(parts, files)
        case Skipped():
            return _Skipped()


def _unpack(answer: _AnyAnswer) -> Answer:
    match answer:
        case _Chosen():
            return Chosen(tuple(OptionId(option) for option in answer.o))
        case _Dated():
            return Dated(answer.f, answer.t, answer.s, answer.h)
        case _Written():
            return Written(answer.p, answer.f)
        case _Skipped():
            return Skipped()
