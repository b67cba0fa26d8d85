"""What a person is told for the next hour: signed by an advocate in their language, or quoted from an official page."""

from bot.speech.texts import seeker as texts
from bot.speech.words import Words, day
from flows.model import Advice, Answers, Flow


def advice_text(words: Words, language: str, advice: Advice) -> str:
    """Advice as its person reads it; of an official page with its source and the day on which it was read there."""
    said = advice.text[language]
    if advice.read_on is None:
        return said
    return words.text(language, texts.QUOTED, text=said, source=advice.source, day=day(language, advice.read_on))


def advised(words: Words, language: str, flow: Flow, answers: Answers) -> str:
    """All that may be shown of it after these answers."""
    shown = (one for one in flow.advice if one.may_be_shown_in(language) and one.when.holds(answers))
    return "\n\n".join(advice_text(words, language, one) for one in shown)
