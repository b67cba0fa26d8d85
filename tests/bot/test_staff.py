"""Members who stop taking part: from that moment on nothing of any case exists for them, and others take over."""

import asyncio
import subprocess

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.wiring.core import open_core
from tests.bot.test_crash import codes_in
from tests.bot.walks import held_by_police

NOTHING = "Для вас такого обращения нет."


async def nothing_exists_for(lawyer: Person, data: list[tuple[str, int]], code: str) -> None:
    """Every press and every command has the same answer, the one for a case that does not exist."""
    lawyer.clear_chat()
    for one in data:
        lawyer.press_data(*one)
    for said in (f"/take {code}", f"/pass {code}", "/take AAAA-AAAA", "/cases", "/oncall on", "/help", "Салем"):
        lawyer.say(said)
    await lawyer.until(lambda: (lawyer.from_bot and not lawyer.world.updates.unconfirmed) or None)
    assert {one.text for one in lawyer.from_bot} == {NOTHING}
    assert not any(one.labels or one.document for one in lawyer.from_bot)


async def nothing_exists_to_take(lawyer: Person, code: str) -> None:
    """The same answer as for a case that does not exist."""
    lawyer.say(f"/take {code}")
    await lawyer.sees(NOTHING)
    lawyer.clear_chat()


def buttons(lawyer: Person) -> list[tuple[str, int]]:
    """The data of every button in this chat, with its message."""
    return [(button.data, one.id) for one in lawyer.from_bot for row in one.buttons for button in row]


async def test_a_suspended_lawyer_and_a_former_one_can_neither_take_nor_read_nor_write(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Between alert and claim, between claim and download; coordinators hear each change with the key's fingerprint."""
    aigul, boris, clara, person = (telegram.person(chat) for chat in (201, 202, 301, 988))

    async def pana(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return await asyncio.to_thread(instance.pana, "member", *arguments, check=False)

    await instance.start()
    core = open_core(load_settings(instance.folder / "pana.toml", instance.environment))
    await held_by_police(person)
    await boris.until(lambda: codes_in(boris) or None)
    (code,), alert = codes_in(boris), buttons(boris)

    clara.say("/suspend boris")
    await clara.sees("Boris: no alerts, no cases, no messages from now on. Undone on the server: pana member resume")
    await clara.sees("Suspended: Boris. Key: ")
    await boris.until(lambda: not codes_in(boris) or None)  # the alert has left the chat
    await nothing_exists_for(boris, alert, code)
    assert codes_in(aigul) == {code}
    assert (await pana("resume", "Boris")).returncode == 0
    await clara.sees("Takes part again: Boris. Key: ")

    boris.clear_chat()
    await nothing_exists_to_take(boris, code)  # what waited while he was suspended is closed to him
    await held_by_police(telegram.person(989))
    await boris.until(lambda: codes_in(boris) or None)
    (fresh,) = codes_in(boris)
    boris.clear_chat()
    boris.say(f"/take {fresh}")
    await boris.wait(lambda one: one.document is not None)
    await boris.until(lambda: "Написать" in [label for one in boris.from_bot for label in one.labels] or None)
    claim = buttons(boris)
    aigul.clear_chat()
    assert (await pana("suspend", "Boris")).returncode == 0  # in Telegram a second one within the hour needs two
    await aigul.until(lambda: "Өзіме алу" in aigul.last.labels or None if aigul.from_bot else None)
    await boris.until(lambda: not any(one.document or one.labels for one in boris.from_bot) or None)
    await nothing_exists_for(boris, claim, fresh)
    boris.clear_chat()
    person.say("Мне страшно")

    assert (await pana("disable", "Boris")).returncode == 0
    await clara.sees("No longer a member: Boris. Key: ")
    before = boris.say("/start")
    await boris.wait(lambda one: one.id > before.id and one.labels == ["1. Русский", "2. Қазақша", "3. English"])
    boris.clear_chat()
    for said in (f"/take {code}", "/cases"):
        boris.say(said)
    for one in alert + claim:
        boris.press_data(*one)
    await boris.until(lambda: boris.from_bot or None)
    assert {tuple(one.labels) for one in boris.from_bot} == {("1. Русский", "2. Қазақша", "3. English")}

    def readers() -> set[str]:
        case = core.database.change(lambda tx: core.cases.by_code(tx, code))
        assert case is not None
        able = core.database.change(lambda tx: core.cases.wraps.can_open(tx, case.row))
        return {one.name for one in core.database.change(core.members.all) if one.id in able}

    assert readers() == {"Aigul"}
    refused = await pana("disable", "Aigul")
    assert (refused.returncode, refused.stderr.count("\n"), code in refused.stderr) == (1, 1, True)
    assert readers() == {"Aigul"}
    forced = await pana("disable", "Aigul", "--force")
    assert (forced.returncode, code in forced.stdout) == (0, True)
    await clara.sees(f"Case {code}: nobody can take it now")
    await aigul.until(lambda: not codes_in(aigul) or None)
    assert readers() == set()
    documents = [call.chat_id for call in telegram.world.calls if call.method == "senddocument"]
    assert documents == [202]  # the one that Boris had while he took part
    core.database.close()
