"""The buttons of a date question: days that need not be typed, and parts of days where the law counts hours."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.speech import presses
from bot.speech.outgoing import Button
from bot.speech.reader import Reader
from bot.speech.texts import seeker as texts
from flows.engine import Between
from flows.model import Question, Span
from storage.intakes import OpenIntake

HOURS = 6  # of a part of the day
_TODAY = (texts.TODAY_NIGHT, texts.TODAY_MORNING, texts.TODAY_DAY, texts.TODAY_EVENING)
_YESTERDAY = (None, texts.YESTERDAY_MORNING, texts.YESTERDAY_DAY, texts.YESTERDAY_EVENING)


def day_buttons(reader: Reader, intake: OpenIntake, question: Question, here: datetime) -> Sequence[Button]:
    """What may be pressed in place of a typed date."""
    tag, visit = intake.tag, intake.state.visit
    yesterday = reader.button(texts.YESTERDAY, presses.DateOf(tag, visit, presses.Date.yesterday))
    if question.hours:
        return [*_parts(reader, tag, visit, here), yesterday]
    today = reader.button(texts.TODAY, presses.DateOf(tag, visit, presses.Date.today))
    if not question.past:
        return [today, reader.button(texts.TOMORROW, presses.DateOf(tag, visit, presses.Date.tomorrow))]
    spans = [
        reader.named(span.label[reader.language], presses.DaySpan(tag, visit, number))
        for number, span in enumerate(question.spans, start=1)
    ]
    return [today, yesterday, *spans]


def _parts(reader: Reader, tag: str, visit: int, here: datetime) -> Sequence[Button]:
    """The four parts of a day that came last, this one first: a button names its day, so that midnight moves none."""
    found, now = [], here.hour // HOURS
    for back in range(4):
        days, part = (0, now - back) if back <= now else (1, now - back + 4)
        label = (_TODAY, _YESTERDAY)[days][part]
        assert label is not None
        found.append(reader.button(label, presses.DayPart(tag, visit, here.date().toordinal() - days, part)))
    return found


def between(span: Span, today: date) -> Between:
    """Some day so long ago."""
    return Between(today - timedelta(days=span.most), today - timedelta(days=span.least))


def part_of(day: date, part: int) -> Between:
    """Some hour of a part of a day."""
    return Between(day, day, (part * HOURS, (part + 1) * HOURS))


def example(here: datetime) -> str:
    """Today's date as people here write it."""
    return here.strftime("%d.%m.%Y")
