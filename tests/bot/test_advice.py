"""What a person is told for the next hour: only what an advocate has signed, and numbers that somebody has checked."""

import shutil
from pathlib import Path

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from tests.bot.test_revisions import FLOWS
from tests.bot.walks import answer, to_free_text

CONTACT = '\n[[contacts]]\nlabel = "Горячая линия"\nnumber = "+7 700 000 00 00"\nverified_at = "2026-11-20"\n'
CUSTODY, SIGNED = "Прошу убежища в Казахстане. Прошу зарегистрировать.", "advice.custody"


@pytest.fixture
def flow(instance: Instance) -> Path:
    """A questionnaire of this instance alone, whose advice for somebody held an advocate has signed in Russian."""
    shutil.copytree(FLOWS, instance.folder / "flow")
    flow = instance.folder / "flow" / "intake.yaml"
    configuration = instance.folder / "pana.toml"
    configuration.write_text(f'{configuration.read_text()}\n[intake]\nflow = "{flow}"\n{CONTACT}')
    sign(instance, flow)
    return flow


def sign(instance: Instance, flow: Path) -> None:
    """An advocate reads the advice for somebody held as it is now."""
    who = ("--as", "advocate", "--language", "ru", "--by", "advocate A. A.")
    instance.pana("flow", "sign", *who, "--flow", str(flow), "--yes", SIGNED)


async def test_signed_advice_and_checked_contacts_stand_with_the_true_state(
    telegram: BotApiServer, instance: Instance, flow: Path
) -> None:
    """The signed one for somebody held is shown, the unsigned others to nobody."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(965)
    await instance.start()
    await to_free_text(person)
    await answer(person, "/status", CUSTODY)
    assert "Горячая линия: +7 700 000 00 00" in person.last.text
    assert "Запишите, кто удерживает" not in person.last.text


async def test_advice_that_has_changed_since_reaches_nobody_until_it_is_signed_anew(
    telegram: BotApiServer, instance: Instance, flow: Path
) -> None:
    """Also not those who came while it held; in a language in which nobody has signed it, it never did."""
    telegram.person(201), telegram.person(202)
    before, kazakh = telegram.person(967), telegram.person(968)
    await instance.start()
    await to_free_text(before)
    await answer(before, "/status", CUSTODY)
    assert await instance.stop() == 0

    when = "  - id: custody\n    when: {q02: [held, border]}"
    assert when in flow.read_text()
    flow.write_text(flow.read_text().replace(when, "  - id: custody\n    when: {q02: [held]}", 1))
    await instance.start()
    await answer(before, "/status", "Горячая линия")
    assert CUSTODY not in before.last.text
    assert await instance.stop() == 0

    sign(instance, flow)
    await instance.start()
    await to_free_text(kazakh)
    await answer(kazakh, "/status", CUSTODY)
    await answer(kazakh, "/language", "Выберите язык")
    kazakh.press("Қазақша")
    await answer(kazakh, "/status", "Горячая линия")
    assert "Қазақстаннан пана сұраймын" not in kazakh.last.text
    assert CUSTODY not in kazakh.last.text


async def test_unsigned_advice_is_shown_to_nobody(telegram: BotApiServer, instance: Instance) -> None:
    """As the questionnaire is today."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(966)
    await instance.start()
    await to_free_text(person)
    await answer(person, "/status", "Ваше обращение пока никто не взял в работу")
    assert "Прошу убежища" not in person.last.text
