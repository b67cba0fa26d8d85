"""The process `pana run`: one at a time, patient with the network, plain about a wrong token."""

import asyncio
import signal

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer, Fault
from tests.bot.walks import answer, called, consent
from tests.conftest import change_rows, count_rows


async def test_a_second_bot_on_the_same_database_is_refused(telegram: BotApiServer, instance: Instance) -> None:
    """Two bots on SQLite would take each other's updates: the second says so and ends with 1."""
    if instance.database_url:
        pytest.skip("on PostgreSQL a second process stands by")
    await instance.start()
    second = await asyncio.to_thread(instance.pana, "run", check=False)
    assert second.returncode == 1
    assert "another `pana run` works on this database" in second.stderr


async def test_a_wrong_token_is_one_clear_line_without_the_token(telegram: BotApiServer, instance: Instance) -> None:
    """The token never stands in an error."""
    (instance.folder / "token").write_text("777:this-is-not-the-right-token-at-all-1234")
    ended = await asyncio.to_thread(instance.pana, "run", check=False)
    assert ended.returncode == 1
    assert "Telegram does not know the token" in ended.stderr
    assert "777:" not in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_a_bot_that_starts_before_its_network_waits(telegram: BotApiServer, instance: Instance) -> None:
    """The first calls fail; the bot tries again and comes up."""
    telegram.faults.append(Fault("getMe", "502", times=2))
    await instance.start()
    assert await instance.stop() == 0


async def test_a_key_file_that_cannot_be_written_loses_nobodys_tap(telegram: BotApiServer, instance: Instance) -> None:
    """It is no fault of what a person sent: nothing is confirmed or answered until the file is right, and then all."""
    aigul = telegram.person(201)
    telegram.person(202)
    person = telegram.person(956)
    await instance.start()
    lock = instance.folder / "server.key.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # which stops root, too
    person.say("срочно")
    while "storage is not available, nothing is confirmed" not in instance.log.read_text():
        await asyncio.sleep(0.05)
    assert not [one for one in person.chat if one.from_bot]
    looked = await asyncio.to_thread(instance.pana, "doctor", "--json", check=False)
    assert looked.returncode == 1 and f"{lock}: is a folder" in looked.stdout
    lock.rmdir()
    await person.sees("Где тот, кому")
    person.press("Удерживают")
    await aigul.sees("ШҰҒЫЛ")
    assert "set aside" not in instance.log.read_text()


async def test_an_intake_that_expires_is_destroyed_beside_the_running_bot(
    telegram: BotApiServer, instance: Instance
) -> None:
    """`pana sweep` works while the bot runs: row and card go, old buttons do nothing, and /start begins anew."""
    gone, stays = telegram.person(950), telegram.person(951)
    await instance.start()
    for person in (gone, stays):
        await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
        await answer(person, "1", "Где вы сейчас?")
    card = gone.last
    data = card.buttons[0][0].data
    assert count_rows(instance, "intake") == 2
    oldest = "(SELECT min(id) FROM intake)"
    change_rows(instance, f"UPDATE intake SET expires_at = '2026-01-01 00:00:00.000000' WHERE id = {oldest}")
    swept = await asyncio.to_thread(instance.pana, "sweep")
    assert swept.stdout in {"1 intakes expired\n", "0 intakes expired\n"}  # the bot may have been quicker
    assert count_rows(instance, "intake") == 1
    await gone.until(lambda: not any("Где вы" in one.text for one in gone.chat) or None)
    pressed = gone.press_data(data, card.id)
    await gone.until(lambda: pressed.answered or None)
    assert not any("Вас передают" in one.text for one in gone.chat)
    await consent(gone, "Русский", "Продолжить", "Кому нужна помощь?")
    await answer(stays, "7", "Там, где вы сейчас, безопасно?")
    again = await asyncio.to_thread(instance.pana, "sweep")
    assert again.stdout == "0 intakes expired\n"


async def test_a_calm_end_sends_what_is_due_and_is_not_held_up(telegram: BotApiServer, instance: Instance) -> None:
    """SIGTERM right after a decisive tap: the alert still goes out; a reply held for minutes keeps nobody waiting."""
    aigul = telegram.person(201)
    telegram.person(202)
    person = telegram.person(951)
    await instance.start()
    person.say("срочно")
    await person.sees("Где тот, кому")
    telegram.faults.append(Fault("editMessageText", "429", 600, chat_id=951))
    begun = asyncio.get_running_loop().time()
    person.press("Удерживают")
    await person.until(lambda: any(call.method == "answercallbackquery" for call in telegram.world.calls) or None)
    assert await instance.stop() == 0
    assert asyncio.get_running_loop().time() - begun < 15
    assert any("ШҰҒЫЛ" in one.text for one in aigul.chat)


@pytest.mark.parametrize("ignored", [False, True])
async def test_a_terminal_that_is_gone_ends_the_bot_calmly_unless_it_was_told_to_stay(
    telegram: BotApiServer, instance: Instance, ignored: bool
) -> None:
    """SIGHUP, as from a connection that is lost; `nohup` begins a program so that it is ignored."""
    began = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    cold = Instance(instance.folder, instance.token, instance.api_url, instance.database_url)
    try:
        await cold.start()
    finally:
        signal.signal(signal.SIGHUP, began)
    assert cold.process is not None
    cold.process.send_signal(signal.SIGHUP)
    if ignored:
        person = telegram.person(957)
        person.say("срочно")
        await person.sees("Где тот, кому")
    assert await cold.stop() == 0
    assert (cold.log.read_text().count('"stopped"'), "KeyboardInterrupt" in cold.log.read_text()) == (1, False)


async def test_what_has_been_kept_long_enough_is_destroyed(telegram: BotApiServer, instance: Instance) -> None:
    """A case that nobody took for longer than `unclaimed_after` is erased by the sweep, and its lawyers are told."""
    aigul = telegram.person(201)
    telegram.person(202)
    person = telegram.person(952)
    await instance.start()
    person.say("срочно")
    await person.sees("Где тот, кому")
    person.press("Удерживают")
    await aigul.sees("ШҰҒЫЛ")
    change_rows(instance, "UPDATE case_file SET created_on = '2026-01-01'")
    await asyncio.to_thread(instance.pana, "sweep")
    await aigul.sees("өтініш жойылды")
    rows = await asyncio.to_thread(instance.pana, "case", "list", "--json")
    assert '"status": "erased"' in rows.stdout


async def test_after_an_outage_the_question_comes_again_behind_a_ping_and_rings_on_no_held_phone(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Presses live 150 seconds at Telegram: whoever may have pressed in vain is asked again; what was typed counts."""
    free, typing, held = telegram.person(970), telegram.person(971), telegram.person(972)
    telegram.person(201), telegram.person(202)
    await instance.start()
    for person in (free, typing):
        await consent(person, "Русский", "Продолжить", "Кому нужна помощь?")
    await called(held)
    card = held.last
    while count_rows(instance, "seen_time") == 0:  # written by the process that polls, once it does
        await asyncio.sleep(0.1)
    await instance.stop()
    change_rows(instance, "UPDATE seen_time SET at = '2026-11-01 00:00:00'")
    change_rows(instance, "UPDATE intake SET touched_at = '2026-11-25 00:00:00'")
    typing.say("1")
    await instance.start()
    await typing.sees("Где вы сейчас?")
    ping = await free.wait(lambda one: one.text == "Есть новое сообщение")
    await free.until(lambda: [one.id for one in free.from_bot] == [ping.id] or None)  # the old card is gone
    free.press("Показать")
    await free.sees("Кому нужна помощь?")
    await answer(free, "1", "Где вы сейчас?")
    assert len(free.from_bot) == len(typing.from_bot) == 1
    assert [one.id for one in held.from_bot] == [card.id]
