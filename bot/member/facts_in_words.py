"""What may be said of a case outside its seal, in words: reasons, region, language, deadline, the way of contact."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.speech import fitting
from bot.speech.reader import Reader
from bot.speech.texts import member as texts
from bot.speech.words import day, language_name
from flows.facts import Facts
from flows.model import Flow

LONGEST_LINE = 3  # on the smallest screen


def reasons(flow: Flow, facts: Facts, reader: Reader) -> list[str]:
    """Why the case is urgent, a line each: what threatens stands before a cry for help."""
    return list(_reasons(flow, facts, reader))


def _reasons(flow: Flow, facts: Facts, reader: Reader) -> Iterator[str]:
    if facts.lost:
        yield reader.text(texts.FACTS_LOST)
    for reason in facts.reasons:
        rule = flow.rule(reason.rule)
        why = rule.reason.get(reader.language, reason.rule) if rule else reason.rule
        labels = [label for question, option in reason.because if (label := _label(flow, question, option, reader))]
        yield f"{why}: {', '.join(labels)}" if labels else why
    if facts.asked_urgent:
        yield reader.text(texts.ASKED_URGENT)


def in_a_line(code: str, flow: Flow, facts: Facts, reader: Reader) -> str:
    """A case as one line of a list: what threatens stands first."""
    why = fitting.shortened(f"{code} · {next(_reasons(flow, facts, reader), '')}", 2)
    return f"{why} · {region(flow, facts, reader)} · {language(facts, reader)}"


def in_short(
    flow: Flow, facts: Facts, reader: Reader, most: int, *, unreached: bool, but: Sequence[str] = ()
) -> list[str]:
    """What an alert says of a case, in at most so many lines of the smallest screen: the gravest reasons stay.

    `but`: reasons that are said elsewhere.
    """
    other = [
        reader.text(texts.ALERT_REGION, region=region(flow, facts, reader)),
        reader.text(texts.ALERT_LANGUAGE, language=language(facts, reader)),
        soonest(flow, facts, reader),
        contact(flow, facts, reader, unreached=unreached),
    ]
    if most <= len(other) + 1:
        other.pop(1)  # the language: it stands in the sealed case too
    why = [f"• {reason}" for reason in reasons(flow, facts, reader) if reason not in but]
    for longest in (LONGEST_LINE, 2, 1):
        below = [fitting.shortened(line, longest) for line in other]
        left = most - fitting.lines_of(*below)
        if left > longest or longest == 1:
            break
    above = [fitting.shortened(line, longest) for line in why]
    lines = [*fitting.folded(above, left, lambda num: reader.text(texts.REASONS_MORE, num=num)), *below]
    return fitting.folded(lines, most, lambda _num: "…")


def region(flow: Flow, facts: Facts, reader: Reader) -> str:
    """Where the person is."""
    label = _label(flow, flow.region, facts.region, reader) if flow.region and facts.region else None
    return label or reader.text(texts.NOT_KNOWN)


def language(facts: Facts, reader: Reader) -> str:
    """In which language the person answers."""
    return reader.text(texts.NOT_KNOWN) if facts.lost else language_name(facts.language, reader.language)


def soonest(flow: Flow, facts: Facts, reader: Reader) -> str:
    """The deadline that ends first; marked until an advocate has signed its clock."""
    clock = next((clock for clock in flow.clocks if facts.soonest and clock.id == facts.soonest.clock), None)
    if clock is None or facts.soonest is None:
        return reader.text(texts.ALERT_NO_CLOCK)
    said = reader.text(
        texts.ALERT_CLOCK,
        date=_ends(facts.soonest.last_day, facts.moment, reader),
        event=clock.event[reader.language],
    )
    return said if clock.verified_by else f"{said} {reader.text(texts.UNSIGNED)}"


def _ends(last_day: date | None, moment: datetime | None, reader: Reader) -> str:
    """The last day, or the moment of a term in hours; without a day it cannot wait."""
    if last_day is None:
        return reader.text(texts.AT_ONCE)
    on = day(reader.language, moment.date() if moment else last_day)
    return f"{on}, {moment:%H:%M}" if moment else on


def way(flow: Flow, facts: Facts, reader: Reader) -> str:
    """How the person wants to be reached."""
    return _way(flow, facts, reader) or reader.text(texts.NOT_KNOWN)


def contact(flow: Flow, facts: Facts, reader: Reader, *, unreached: bool) -> str:
    """Is writing safe, and if not, or if nobody is reached there, which other way was chosen."""
    chosen = _way(flow, facts, reader)
    if unreached:
        return reader.text(texts.ALERT_UNREACHED, way=way(flow, facts, reader))
    if chosen is None:
        return reader.text(texts.ALERT_WRITING_UNKNOWN)
    return reader.text(texts.ALERT_WRITING_UNSAFE, way=chosen) if facts.quiet else reader.text(texts.ALERT_WRITING_SAFE)


def _way(flow: Flow, facts: Facts, reader: Reader) -> str | None:
    return _label(flow, flow.contact, facts.contact, reader) if flow.contact and facts.contact else None


def _label(flow: Flow, question: str, option: str, reader: Reader) -> str | None:
    asked = next((asked for asked in flow.questions if asked.id == question), None)
    found = asked.option(option) if asked else None
    return found.label.get(reader.language) if found else None
