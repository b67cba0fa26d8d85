"""The cards of the questionnaire that is delivered, drawn once for every test of this folder."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from bot.seeker.card_sizes import Drawn, everything
from bot.speech.words import Words
from tests.flows.test_engine import FLOW
from tests.places import KAZAKHSTAN
from tests.whole import WHOLE

LANGUAGES = KAZAKHSTAN.languages if WHOLE else ("ru", "kk")


@cache
def every_card() -> Sequence[Drawn]:
    """In every state; the suite leaves English out, whose cards `pana flow check` measures before it."""
    return everything(FLOW, replace(KAZAKHSTAN, languages=LANGUAGES), Words.load())
