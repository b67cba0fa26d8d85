"""The measures beside a real browser, and the pictures of the documentation (`make pictures`)."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.seeker.card_sizes import everything
from bot.speech import phone
from bot.speech.outgoing import Card
from bot.speech.words import Words
from tests.flows.test_engine import FLOW
from tests.phone.picture import CHROMIUM, browser, heights, show
from tests.places import KAZAKHSTAN
from tests.talks.talks import Talks, talks

__all__ = ["talks"]  # a fixture
PICTURES = os.environ.get("PICTURES")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WAYS = {"ru": ("Русский", "срочно"), "kk": ("Қазақша", "шұғыл")}


async def test_a_card_is_as_tall_in_a_browser_with_the_same_font(tmp_path: Path) -> None:
    """Every ninth card of the questionnaire; a line more or less is allowed in one of fifty, where kerning decides."""
    cards = [one.card for one in everything(FLOW, KAZAKHSTAN, Words.load())][::9]
    async with browser() as page:
        await show(page, [cards], tmp_path)
        found = await heights(page)
    apart = [abs(seen - phone.height(card)) for seen, card in zip(found, cards, strict=True)]
    assert len(apart) > 400
    assert max(apart) <= phone.LINE + 4
    assert sum(one > 4 for one in apart) <= len(apart) / 50


async def drawn(name: str, chats: Sequence[Sequence[Card]], folder: Path) -> None:
    """A picture of several phones side by side."""
    if PICTURES is None:
        return
    async with browser() as page:
        await show(page, chats, folder)
        await page.locator("main").screenshot(path=Path(PICTURES) / f"{name}.png", scale="css")


def seen(talks: Talks, chat: int) -> list[Card]:
    """What a chat shows, from top to bottom."""
    return [Card(one.text, one.rows, marks=one.marks) for _, one in sorted(talks.chats[chat].items())]


@pytest.mark.parametrize("language", list(WAYS))
async def test_the_main_path_is_seen_whole(talks: Talks, tmp_path: Path, language: str) -> None:
    """From the first message to the summary, each card to its first line."""
    person, (chosen, urgent) = 900, WAYS[language]
    cards = []
    for said in ("/start", chosen, urgent, "1", "1", "2", "5", "1", "1", "/skip", "/skip", "4", "/skip", "1"):
        talks.say(person, said)
        cards.append(seen(talks, person))
    assert [phone.height(card) <= phone.SMALLEST.chat for chat in cards for card in chat[-1:]] == [True] * len(cards)
    await drawn(f"phone-{language}-1", cards[:5], tmp_path)
    await drawn(f"phone-{language}-2", cards[5:10], tmp_path)
    await drawn(f"phone-{language}-3", cards[10:], tmp_path)
