"""What may be said of a case outside its seal, in words: region, language, the way of contact."""

from bot.speech.reader import Reader
from bot.speech.texts import member as texts
from bot.speech.words import language_name
from flows.facts import Facts
from flows.model import Flow


def region(flow: Flow, facts: Facts, reader: Reader) -> str:
    """Where the person is."""
    label = _label(flow, flow.region, facts.region, reader) if flow.region and facts.region else None
    return label or reader.text(texts.NOT_KNOWN)


def language(facts: Facts, reader: Reader) -> str:
    """In which language the person answers."""
    return reader.text(texts.NOT_KNOWN) if facts.lost else language_name(facts.language, reader.language)


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
    found = flow.option(question, option)
    return found.label.get(reader.language) if found else None
