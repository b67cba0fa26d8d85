"""The measures beside a real browser, and the pictures of the documentation (`make pictures`)."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.speech import phone
from bot.speech.outgoing import Card, with_codes
from bot.speech.texts import both, coordinator, member
from tests.chromium import CHROMIUM
from tests.phone.cards import every_card
from tests.phone.picture import browser, heights, show
from tests.talks.talks import Talks, talks
from tests.talks.test_member_cards import BORIS, CLARA, PERSON, Night, gathered
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
PICTURES = os.environ.get("PICTURES")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WAYS = {"ru": ("Русский", "срочно"), "kk": ("Қазақша", "шұғыл")}


async def test_a_card_is_as_tall_in_a_browser_with_the_same_font(tmp_path: Path) -> None:
    """Every ninth card of the questionnaire; a line more or less is allowed in one of fifty, where kerning decides.

    In the suite one in 27, in Russian and Kazakh: one of forty, for in English kerning decides least often.
    """
    cards = [one.card for one in every_card()[:: 9 if WHOLE else 27]]
    async with browser() as page:
        await show(page, [cards], tmp_path)
        found = await heights(page)
    apart = [abs(seen - phone.height(card)) for seen, card in zip(found, cards, strict=True)]
    assert len(apart) > (400 if WHOLE else 130)
    apart_by_a_line = sum(one > 4 for one in apart)
    assert max(apart) <= phone.LINE + 4
    assert apart_by_a_line <= len(apart) / (50 if WHOLE else 40)


async def drawn(name: str, chats: Sequence[Sequence[Card]], folder: Path) -> None:
    """A picture of several phones side by side."""
    if PICTURES is None:
        return
    async with browser() as page:
        await show(page, chats, folder)
        await page.locator("main").screenshot(path=Path(PICTURES) / f"{name}.png", scale="css")


def seen(talks: Talks, chat: int) -> list[Card]:
    """What a chat shows, from top to bottom."""
    return [
        Card(one.text or str(one.document), one.rows, marks=one.marks) for _, one in sorted(talks.chats[chat].items())
    ]


@pytest.mark.parametrize("language", list(WAYS))
async def test_the_main_path_is_seen_whole(talks: Talks, tmp_path: Path, language: str) -> None:
    """From the first message to the summary, each card to its first line."""
    person, (chosen, urgent) = 900, WAYS[language]
    cards = []
    for said in ("/start", chosen, urgent, "1", "1", "2", "5", "1", "1", "/skip", "/skip", "3", "/skip", "/skip", "1"):
        talks.say(person, said)
        cards.append(seen(talks, person))
    assert [phone.height(card) <= phone.SMALLEST.chat for chat in cards for card in chat[-1:]] == [True] * len(cards)
    await drawn(f"phone-{language}-1", cards[:5], tmp_path)
    await drawn(f"phone-{language}-2", cards[5:10], tmp_path)
    await drawn(f"phone-{language}-3", cards[10:], tmp_path)


def marked(talks: Talks, chat: int) -> list[Card]:
    """What a member's chat shows, with the codes as they are sent."""
    return [with_codes(card) for card in seen(talks, chat)]


@pytest.mark.parametrize("language", list(WAYS))
async def test_a_lawyers_night_is_seen_where_it_matters(
    talks: Talks, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alert, what stands after taking it, the ways on, and what is asked before something grave."""
    gathered(talks, language, monkeypatch)
    night, chats = Night(talks, language), list[list[Card]]()
    for said in ("срочно", "1", "1", "1", "2", "1"):
        talks.say(PERSON, said)

    def keep() -> None:
        chats.append(marked(talks, BORIS))

    keep()
    for texts in ((member.TAKE,), (member.WRITE,)):
        night.press(BORIS, *texts)
        keep()
    talks.say(BORIS, night.check_word())
    night.press(BORIS, member.WRITE)
    talks.say(BORIS, {"ru": "Здравствуйте. Где вас держат?", "kk": "Сәлеметсіз бе? Сізді қайда ұстап отыр?"}[language])
    keep()
    night.press(BORIS, member.SEND_MESSAGE)
    keep()
    for last in (member.HAND_OVER, member.CLOSE, member.OUTCOME_FALSE_ALARM):
        night.press(BORIS, *((both.CANCEL,) if last is member.CLOSE else ()), last)
        keep()
    for chat in chats:
        assert phone.height(chat[-1]) <= phone.SMALLEST.chat
    await drawn(f"lawyer-{language}-1", chats[:4], tmp_path)
    await drawn(f"lawyer-{language}-2", chats[4:], tmp_path)


@pytest.mark.parametrize("language", list(WAYS))
async def test_a_coordinators_night_is_seen_where_it_matters(
    talks: Talks, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That nobody has taken a case, who was called, the queue, and who is on duty."""
    gathered(talks, language, monkeypatch)
    night, chats = Night(talks, language), list[list[Card]]()
    for said in ("срочно", "1", "1"):
        talks.say(PERSON, said)
    talks.pass_by(minutes=11)
    chats.append(marked(talks, CLARA))
    night.press(CLARA, coordinator.WHO_WAS_CALLED)
    chats.append(marked(talks, CLARA))
    for said in ("/queue", "/oncall"):
        talks.say(CLARA, said)
        chats.append(marked(talks, CLARA))
    for chat in chats:
        assert phone.height(chat[-1]) <= phone.SMALLEST.chat
    await drawn(f"coordinator-{language}", chats, tmp_path)
