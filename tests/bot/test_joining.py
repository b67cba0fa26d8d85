"""Joining: an invitation lets in exactly one account, whose key a coordinator compares; nobody else learns of it."""

import asyncio
import json
import re
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.wiring.core import Core, open_core
from storage import own_name
from storage.errors import Refused
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from tests.bot.test_crash import codes_in
from tests.bot.test_main_job import at_rest
from tests.bot.walks import held_by_police
from tests.conftest import change_rows

SEND_KEY, NO_KEY = "Ашық кілтіңізді осында", "Бұл ашық кілт емес"


def invited(core: Core, name: str) -> str:
    """One more invitation, made beside the running bot."""
    return core.database.change(lambda tx: core.invites.make(tx, name, "lawyer", ["kk"], ()), at=datetime.now(UTC))


async def meets_the_ordinary_start(person: Person, said: str) -> None:
    """What anybody sees who writes to the bot for the first time."""
    before = person.say(said)
    card = await person.wait(lambda one: one.from_bot and one.id > before.id)
    assert card.labels == ["1. Русский", "2. Қазақша", "3. English"]
    person.clear_chat()


async def hears(person: Person, said: str, answer: str) -> None:
    """Says something, which must leave the chat, and gets an answer of its own."""
    person.clear_chat()
    typed = person.say(said)
    await person.sees(answer)
    await person.until(lambda: typed.id not in {one.id for one in person.chat} or None)


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_an_invited_lawyer_joins_and_is_called_and_nobody_else_gets_in(
    telegram: BotApiServer, instance: Instance
) -> None:
    """Code, key, fingerprint, approval; a second account, an old code and a guesser meet the ordinary /start."""
    clara, dina = telegram.person(301), telegram.person(203)
    for chat in (201, 202):
        telegram.person(chat)
    key = age.recipient_of(age.generate_identity())
    made = (
        await asyncio.to_thread(instance.pana, "member", "invite", "Dina", "--role", "lawyer", "--language", "kk")
    ).stdout
    code, link = made.splitlines()[:2]
    assert re.fullmatch(r"[\w-]{22}", code)
    assert link == f"https://t.me/pana_local_bot?start={code}"
    await instance.start()
    core = open_core(load_settings(instance.folder / "pana.toml", instance.environment))
    assert core.database.read(own_name.kept) == "pana_local_bot"

    guesser = telegram.person(401)
    for number in range(6):
        await meets_the_ordinary_start(guesser, f"/start {number}{'x' * 21}")
    await meets_the_ordinary_start(guesser, f"/start {code}")  # right, and too late for this account
    await hears(dina, f"/start {code}", SEND_KEY)
    await meets_the_ordinary_start(telegram.person(402), f"/start {code}")
    assert code.encode() not in at_rest(instance)

    late = invited(core, "Egor")
    change_rows(instance, "UPDATE invite SET expires_at = '2026-01-01 00:00:00' WHERE telegram_look_up IS NULL")
    await meets_the_ordinary_start(telegram.person(403), f"/start {late}")
    hasty = telegram.person(404)
    await hears(hasty, f"/start {invited(core, 'Fatima')}", SEND_KEY)
    await hears(hasty, "age1pq1nonsense", NO_KEY)
    secret = age.generate_identity()
    await hears(hasty, f"# public key: {age.recipient_of(secret)}\n{secret}", "Бұл – құпия кілт")
    change_rows(instance, "UPDATE invite SET tries = 4 WHERE tries = 2")  # two more
    await meets_the_ordinary_start(hasty, "AGE-SECRET-KEY-PQ-1NONSENSE")
    await meets_the_ordinary_start(hasty, key)
    assert not any("has sent a key" in one.text for one in clara.from_bot)

    await hears(dina, "Салем", NO_KEY)
    await hears(dina, f"{key[:900]}\n{key[900:]}", f"Оның баспасы (салыстыру коды): {fingerprint(key)}")
    await clara.sees(f"An invited member has sent a key. Name: Dina. Key: {fingerprint(key)}. Compare it")
    await meets_the_ordinary_start(dina, "/start")  # nobody is a member before the coordinator says so
    wrong = await asyncio.to_thread(
        instance.pana, "member", "approve", "Dina", "--fingerprint", "AAAAA-BBBBB", check=False
    )
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "another fingerprint" in wrong.stderr
    await asyncio.to_thread(
        instance.pana, "member", "approve", "dina", "--fingerprint", fingerprint(key).lower(), "--on-call"
    )
    await clara.sees(f"New member: Dina. Key: {fingerprint(key)}")
    await held_by_police(telegram.person(987))
    await dina.until(lambda: len(codes_in(dina)) == 1 or None)
    core.database.close()


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
def test_a_region_that_no_question_offers_is_refused(instance: Instance) -> None:
    """Such a lawyer would match no case, and nobody would notice."""
    invite = ["member", "invite", "Dina", "--role", "lawyer", "-c", str(instance.folder / "pana.toml"), "--region"]
    typo = CliRunner().invoke(app, [*invite, "almatty"])
    assert isinstance(typo.exception, Refused)
    assert str(typo.exception).startswith("almatty is no region of the questionnaire: ")
    first, second, *_ = str(typo.exception).partition(": ")[2].split(", ")
    assert CliRunner().invoke(app, [*invite, first, "--region", "almatty"]).exit_code == 1
    config = ["-c", str(instance.folder / "pana.toml")]
    key = ["--recipient", age.recipient_of(age.generate_identity())]
    both = ["--role", "lawyer", "--telegram-id", "204", *key, "--region", first, "--region", second]
    assert CliRunner().invoke(app, ["member", "add", "Elif", *both, *config]).exit_code == 0
    listed = json.loads(CliRunner().invoke(app, ["member", "list", "--json", *config]).stdout)
    assert next(one["regions"] for one in listed if one["name"] == "Elif") == [first, second]
