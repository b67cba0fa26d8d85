"""A questionnaire is changed while people answer it: each finishes on the one that they began with."""

import shutil
from pathlib import Path

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from storage.reading import read_bundle
from storage.sealing.identity_file import read_identity_file
from tests.bot.walks import FROM_TEXT, answer, answers, consent, to_free_text

FLOWS = Path(__file__).parent.parent.parent / "flows" / "kazakhstan"


async def test_an_open_intake_finishes_on_the_questionnaire_it_began_with(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The new one begins for whoever comes next; each bundle carries its own; the language changes and answers stay."""
    telegram.person(201), telegram.person(202)
    before, after = telegram.person(960), telegram.person(961)
    shutil.copytree(FLOWS, instance.folder / "flow")
    flow = instance.folder / "flow" / "intake.yaml"
    configuration = instance.folder / "pana.toml"
    configuration.write_text(f'{configuration.read_text()}\n[intake]\nflow = "{flow}"\n')
    await instance.start()
    await to_free_text(before)
    assert await instance.stop() == 0

    lost = "      - {id: lost, label: No contact, danger: true, note: Nobody can reach the person.}\n"
    changed = flow.read_text().replace(lost, "")
    changed = changed.replace("border, lost]", "border]").replace("moving, lost]", "moving]")
    flow.write_text(changed.replace("{q02: [lost]}", "{q02: [unknown]}"))
    await instance.start()
    await answer(before, "описание", "Какие бумаги")
    await answer(before, "/language", "Тілді таңдаңыз")
    before.press("Қазақша")
    await before.sees("Қандай қағаздар")
    await answer(before, "5, 6", "Бұл қағазды қай күні берді: Елден шығару")
    await answers(
        before,
        ("кеше", "шығу керегі жазылған"),
        ("білмеймін", "қашаннан бері"),
        ("бүгін", "Ұстау себебін білесіз"),
        ("айтпады", "жазбаша пана сұралды"),
        ("3", "Қазір жіберуге болады"),
        ("1", "Жауаптарыңызды тексеріңіз"),
    )
    assert "Полиция" in before.last.text
    assert len(FROM_TEXT) == 7
    before.press("Заңгерге жіберу")
    await before.sees("Жауаптар жіберілді")
    await consent(after, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    assert not any("Связи нет" in label for label in after.last.labels)
    await answer(after, "1", "Кому нужна помощь?")

    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    identities = read_identity_file((instance.folder / "Aigul.txt").read_bytes(), str).identities
    cases = read_bundle(instance.folder / "all.zip", identities, None)
    revisions = [{entry["flow"] for entry in case.entries if entry.get("flow")} for case in cases]
    assert [len(each) for each in revisions] == [1, 1]
    assert revisions[0] != revisions[1]
    assert [set(case.flows) for case in cases] == revisions
