"""What a person is told for the next hour: only what an advocate has signed, and numbers that somebody has checked."""

import shutil

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from tests.bot.test_revisions import FLOWS
from tests.bot.walks import answer, to_free_text

CONTACT = '\n[[contacts]]\nlabel = "Горячая линия"\nnumber = "+7 700 000 00 00"\nverified_at = "2026-11-20"\n'
SIGNED = "  - id: custody\n    verified_by: A. Advocate\n    verified_at: 2026-11-20\n"


async def test_signed_advice_and_checked_contacts_stand_with_the_true_state(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The signed one for somebody held is shown, the unsigned others to nobody."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(965)
    shutil.copytree(FLOWS, instance.folder / "flow")
    flow = instance.folder / "flow" / "intake.yaml"
    assert "  - id: custody\n    when" in flow.read_text()
    flow.write_text(flow.read_text().replace("  - id: custody\n    when", f"{SIGNED}    when"))
    configuration = instance.folder / "pana.toml"
    configuration.write_text(f'{configuration.read_text()}\n[intake]\nflow = "{flow}"\n{CONTACT}')
    await instance.start()
    await to_free_text(person)
    await answer(person, "/status", "Прошу убежища в Казахстане. Прошу зарегистрировать.")
    assert "Горячая линия: +7 700 000 00 00" in person.last.text
    assert "Запишите, кто удерживает" not in person.last.text


async def test_unsigned_advice_is_shown_to_nobody(telegram: BotApiServer, instance: Instance) -> None:
    """As the questionnaire is today."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(966)
    await instance.start()
    await to_free_text(person)
    await answer(person, "/status", "Ваше обращение пока никто не взял в работу")
    assert "Прошу убежища" not in person.last.text
