"""The cards of the questionnaire that is delivered, drawn once for every test of this folder."""

from collections.abc import Sequence
from functools import cache

from bot.seeker.card_sizes import Drawn, everything
from bot.speech.words import Words
from tests.flows.test_engine import FLOW
from tests.places import KAZAKHSTAN


@cache
def every_card() -> Sequence[Drawn]:
    """In every language and state."""
    return everything(FLOW, KAZAKHSTAN, Words.load())
