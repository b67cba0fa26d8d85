"""Links of posters and hotline cards: they lead to the consent in their language, and nothing is kept for it."""

import pytest
from sqlalchemy import func, select

from bot.speech.texts import seeker
from storage.schema import metadata
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
PERSON, AIGUL, DINA = 900, 201, 203
OF_ACCOUNTS = ("case_file", "intake", "handoff", "account", "shown", "muted", "invite", "outbox")


def consent(talks: Talks, language: str) -> list[str]:
    """The labels of the consent, *urgent* first."""
    return [talks.pana.words.text(language, text) for text in (seeker.URGENT, seeker.CONTINUE, seeker.LEAVE)]


def kept(talks: Talks) -> dict[str, int]:
    """How many rows there are of whatever is kept of people."""
    counts = {name: select(func.count()).select_from(metadata.tables[name]) for name in OF_ACCOUNTS}
    return talks.core.database.read(lambda tx: {name: tx.execute(count).scalar_one() for name, count in counts.items()})


@pytest.mark.parametrize("behind", ["ru", "ru_u", "kk", "kk_u", "en", "en_u", "RU_U"])
def test_a_link_leads_to_the_consent_in_its_language_and_nothing_is_kept(talks: Talks, behind: str) -> None:
    """One tap less; the first button of the consent is the urgent one, as always."""
    before = kept(talks)
    talks.say(PERSON, f"/start {behind}")
    assert talks.labels(PERSON)[:3] == consent(talks, behind.lower().removesuffix("_u"))
    assert kept(talks) == before
    talks.press(PERSON, consent(talks, behind.lower().removesuffix("_u"))[0])
    assert kept(talks)["intake"] == before["intake"] + 1


@pytest.mark.parametrize("behind", ["", "de", "ru_x", "_u", "ru u", "u_ru", "x" * 22, "ru_u_u"])
def test_anything_else_behind_start_is_plain_start(talks: Talks, behind: str) -> None:
    """The choice of a language."""
    before = kept(talks)
    talks.say(PERSON, f"/start {behind}")
    assert talks.labels(PERSON) == ["1. Русский", "2. Қазақша", "3. English"]
    assert kept(talks) == before


def test_a_link_in_a_chat_that_is_known_is_plain_start_and_members_have_their_help(talks: Talks) -> None:
    """Whoever has answered something reads on where they were."""
    urgent(talks, PERSON)
    card = talks.text(PERSON)
    talks.say(PERSON, "/start kk_u")
    assert talks.text(PERSON) == card
    talks.say(AIGUL, "/start ru_u")
    assert "/oncall" in talks.text(AIGUL)


def test_a_hidden_chat_reads_a_link_as_if_it_were_new(talks: Talks) -> None:
    """Nothing tells that there is something."""
    urgent(talks, PERSON)
    talks.say(PERSON, "/clear")
    talks.say(PERSON, "/start ru_u")
    assert talks.labels(PERSON)[:3] == consent(talks, "ru")
    assert talks.case().code not in talks.seen(PERSON)
