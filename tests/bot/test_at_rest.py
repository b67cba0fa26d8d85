"""What rests in the database after each step of a request is what docs/threat-model.md says, and nothing older.

The bot runs in this process, so that everything it ever seals is known, with what it was sealed under. After each step
each of those values is looked for in the raw bytes of the database and its log, as is whatever may never be in clear.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, select

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.handoff.alarm import Alarm
from bot.hearing import Trouble
from bot.settings import load_settings
from bot.wiring.pana import Pana, open_pana
from bot.wiring.running import wire_bot
from storage import erasing
from storage.database import SHRED_WITHIN
from storage.parting import every
from storage.schema import CASE, DRAFT, READER, SERVER, Moment, metadata, outbox
from storage.sealing import age
from storage.sealing.draft_keys import DraftKeys
from storage.sealing.keyring import KeyRing
from storage.tx import Reading
from tests.bot.test_first_contact import at_large_and_in_danger, taken
from tests.bot.test_main_job import opened
from tests.bot.walks import CALM_STEPS, answer, answers, to_free_text, to_summary
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
pytestmark = pytest.mark.own  # what lies in the file is of this test alone
CHAT = 7_123_456_789
FROM_LAWYER, FROM_PERSON, DROPPED, FREE = (f"canary-{word}-қазір" for word in ("lawyer", "person", "dropped", "free"))
NAMES = ("Aigul", "Boris", "Clara")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PIECE, APART = 16, 200  # bytes; of a long value several pieces are looked for
CLAIM = {"claim ends", "shown, or a day", "sent, or 15 minutes"}
OPEN_CASE = {"closing", "a day after erasing", "case erased", "reader dropped"}
ALWAYS = {"-", "two days", "90 days", "a newer one", "a day"}  # what an account has called counts for a day


@dataclass
class Seals:
    """Everything that was sealed, and under what."""

    under: dict[bytes, str] = field(default_factory=dict)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """From now on nothing is sealed unseen."""
        self._note(patch, KeyRing, "seal_row", SERVER)
        self._note(patch, DraftKeys, "seal", DRAFT)
        self._note(patch, age, "seal", "age")

    def _note(self, patch: pytest.MonkeyPatch, where: Any, name: str, under: str) -> None:
        seal: Callable[..., bytes] = getattr(where, name)

        def noted(*given: Any) -> bytes:
            sealed = seal(*given)
            self.under[sealed] = under
            return sealed

        patch.setattr(where, name, noted)


@dataclass
class Rest:
    """What is looked at after each step."""

    pana: Pana
    folder: Path
    seals: Seals
    before: frozenset[bytes] = frozenset()

    def rows(self) -> dict[tuple[str, str], list[bytes]]:
        """Column -> its values, of every column of which the threat model says what rests in it."""

        def look(tx: Reading) -> dict[tuple[str, str], list[bytes]]:
            return {
                (table.name, column.name): [
                    bytes(one) if isinstance(one, bytes) else str(one).encode()
                    for one in tx.execute(select(column).where(column.is_not(None))).scalars()
                ]
                for table in metadata.tables.values()
                for column in table.columns
                if "rests" in column.info
            }

        return self.pana.core.database.read(look)

    def raw(self) -> bytes:
        """Every byte of the database and its log; none of a server's."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("pana.db*")))

    async def holds(self, *until: str) -> None:
        """Within a moment the database holds columns of these ends only, sealed as it is said, and nothing older."""
        wrong: object = None
        for _ in range(20):
            wrong = self._wrong(ALWAYS.union(*until))
            if not wrong:
                return
            await asyncio.sleep(SHRED_WITHIN / 4)
        raise AssertionError(wrong)

    def _wrong(self, allowed: set[str]) -> object:
        """The first that is wrong, if anything is: what goes last is looked for first, the rest once that is gone."""
        return next(self._each_wrong(allowed), None)

    def _each_wrong(self, allowed: set[str]) -> Iterator[object]:
        rows, raw = self.rows(), self.raw()
        filled = {place for place, values in rows.items() if values}
        too_long = {place for place in filled if _info(place)["until"] not in allowed}
        otherwise = {place for place, values in rows.items() for one in values if not self._as_said(place, one)}
        yield from (one for one in (too_long, otherwise) if one)
        now = {one for values in rows.values() for one in values}
        yield from (
            f"older, under {under}"
            for one, under in reversed(list(self.seals.under.items()))
            if one not in now and _stands(one, raw)
        )
        yield from self.too_fine()
        yield from _in_clear(raw, self.codes())

    def too_fine(self) -> set[str]:
        """Columns, of times or words in clear, that hold a time finer than it may be."""

        def look(tx: Reading) -> set[str]:
            return {
                f"{table.name}.{column.name}"
                for table in metadata.tables.values()
                for column in table.columns
                if isinstance(column.type, Moment | String)
                for one in tx.execute(select(column).where(column.is_not(None))).scalars()
                if (re.search(r":\d\d\.\d", one) if isinstance(one, str) else (one - EPOCH) % _whole(column.type))
            }

        return self.pana.core.database.read(look)

    def _as_said(self, place: tuple[str, str], value: bytes) -> bool:
        """Whether a value was sealed under what the threat model says."""
        said = str(_info(place)["rests"])
        if said in {CASE, READER}:
            return self.seals.under.get(value) == "age"
        return value in self.before or said not in {SERVER, DRAFT} or self.seals.under.get(value) == said

    def codes(self) -> list[str]:
        """The codes of all cases."""
        return [one.code for one in self.pana.core.database.read(self.pana.core.cases.listed)]


def _info(place: tuple[str, str]) -> dict[str, Any]:
    return dict(metadata.tables[place[0]].c[place[1]].info)


def _whole(kind: object) -> timedelta:
    assert isinstance(kind, Moment)
    return kind.whole


def _stands(value: bytes, raw: bytes) -> bool:
    """Whether a piece of a value is anywhere; the first bytes of an age file are the same in all."""
    body = value[value.find(b"\n---") :] if value.startswith(b"age-encryption") else value[10:]
    pieces = (body[at : at + PIECE] for at in range(0, max(1, len(body) - PIECE), APART))
    return any(len(piece) == PIECE and piece in raw for piece in pieces)


def _in_clear(raw: bytes, codes: list[str]) -> Iterator[str]:
    """What may never be read without a key."""
    for one in (*NAMES, FROM_LAWYER, FROM_PERSON, DROPPED, FREE, str(CHAT), *codes):
        if any(spelled in raw for spelled in (one.encode(), one.encode("utf-16-le"), one.replace("-", "").encode())):
            yield one
    if CHAT.to_bytes(6, "big") in raw:
        yield "the chat id as a number"


@pytest.fixture
async def rest(instance: Instance, telegram: BotApiServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rest]:
    """The bot in this process; the others' rows were sealed before."""
    seals = Seals()
    seals.watch(monkeypatch)
    settings = load_settings(instance.folder / "pana.toml", instance.environment)
    pana = open_pana(settings)
    bot = wire_bot(pana, token=telegram.world.token).bot
    running = asyncio.create_task(bot.run())
    found = Rest(pana, instance.folder, seals)
    found.before = frozenset(one for values in found.rows().values() for one in values)
    yield found
    bot.stop()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    pana.core.database.close()


async def check_word(instance: Instance, lawyer: Person, name: str) -> str:
    """From the newest bundle in a lawyer's chat."""
    bundle = [one.document for one in lawyer.chat if one.document][-1]
    path = instance.folder / f"{name}-{bundle[0]}"
    path.write_bytes(bundle[1])
    return str((await asyncio.to_thread(opened, instance, path, name))["check_word"])


async def test_after_each_step_the_database_holds_what_the_threat_model_says_and_nothing_older(
    telegram: BotApiServer, instance: Instance, rest: Rest
) -> None:
    """Intake, answers, alert, claim, messages both ways, handing over, sending, closing."""
    aigul, boris, person = telegram.person(201), telegram.person(202), telegram.person(CHAT)
    telegram.person(301)
    await rest.holds()
    await at_large_and_in_danger(person)
    await rest.holds({"intake ends"}, OPEN_CASE)
    await answers(person, ("5", "Как юристу безопасно"), ("1", "Какой город"), ("2", "Какие бумаги"))
    await rest.holds({"intake ends"}, OPEN_CASE)

    await taken(boris, "Взять в работу", "Написать")
    await rest.holds({"intake ends"}, OPEN_CASE, CLAIM)
    boris.press("Написать")
    await boris.sees("проверочное слово")
    boris.say(await check_word(instance, boris, "Boris"))
    await boris.sees("проверочное слово верное")
    for text, way, then in ((DROPPED, "Отмена", "Не отправлено"), (FROM_LAWYER, "Отправить", "ещё не прочитано")):
        boris.press("Написать")
        await boris.until(lambda: "Я юрист-волонтёр" in boris.last.labels or None)
        boris.say(text)
        preview = await boris.wait(lambda one, text=text: one.from_bot and one.text.endswith(text))
        pressed = boris.press(way, preview)
        await boris.until(lambda then=then, pressed=pressed: then in f"{pressed.toast} {boris.last.text}" or None)
    ping = await person.wait(lambda one: one.text == "Есть новое сообщение")
    await rest.holds({"intake ends"}, OPEN_CASE, CLAIM)
    person.press("Показать", ping)
    await person.sees(FROM_LAWYER)
    boris.press("Передать")
    await boris.wait(lambda one: "✓ Aigul" in one.labels)
    boris.press("✓ Aigul")
    await aigul.sees("Әріптесіңіз осы өтінішті")
    aigul.press("Қабылдау")
    await aigul.wait(lambda one: one.document is not None)
    await aigul.wait(lambda one: "Жазу" in one.labels)
    aigul.press("Жазу")
    await aigul.sees("тексеру сөзін")
    aigul.say(await check_word(instance, aigul, "Aigul"))
    await aigul.sees("тексеру сөзі дұрыс")
    await rest.holds({"intake ends"}, OPEN_CASE, CLAIM)

    await answers(person, ("1", "Что с ходатайством"), *CALM_STEPS, ("1", "Проверьте ответы"))
    person.press("Отправить юристу")
    await person.sees("Ответы отправлены")
    person.say(FROM_PERSON)
    await aigul.sees(FROM_PERSON)
    await rest.holds(OPEN_CASE, CLAIM)

    aigul.press("Өтінішті жабу")
    await aigul.wait(lambda one: "Көмек көрсетілді" in one.labels)
    aigul.press("Көмек көрсетілді")
    await aigul.wait(lambda one: "Иә, жабу" in one.labels)
    aigul.press("Иә, жабу")
    await person.sees("обращение закрыто")
    await rest.holds(OPEN_CASE - {"closing"}, {"sent, or a day after closing"})  # the last card goes after a day


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_after_delete_nothing_of_the_person_is_left_but_for_a_day_what_the_lawyer_can_open(
    telegram: BotApiServer, instance: Instance, rest: Rest
) -> None:
    """Dates, a text in one's own words, a claim. Then what leads to the person goes; a day later the record, then all.

    Of that day the server can read nothing but the code.
    """
    boris, person = telegram.person(202), telegram.person(CHAT)
    telegram.person(201), telegram.person(301)
    await to_free_text(person)
    await answer(person, FREE, "Какие бумаги")
    await to_summary(person)
    await taken(boris, "Взять в работу", "Написать")
    await rest.holds({"intake ends"}, OPEN_CASE, CLAIM)
    person.say("/delete")
    await person.wait(lambda one: one.from_bot and "Удалить всё" in one.labels)
    person.press("Удалить всё")
    await person.sees("Мы удалили ваши данные")
    await rest.holds({"a day after erasing", "case erased", "reader dropped"})
    parting, database = rest.pana.intake_ends.parting, rest.pana.core.database
    (row,) = database.read(every)
    database.change(lambda tx: parting.over(tx, row))  # as a day later
    await rest.holds({"a day after erasing"})
    database.change(erasing.forget_over, at=database.clock() + timedelta(hours=26))
    await rest.holds()


def test_no_row_that_waits_to_be_sent_names_a_moment_finer_than_a_second(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines to coordinators, questions, a new member's key, an alarm: as they stand before they are sent."""
    talks.at += timedelta(microseconds=123_456)
    core, deliver, seen = talks.core, Talks.deliver, set[tuple[str, str, str]]()

    def looked(one: Talks) -> None:
        columns = outbox.c.kind, outbox.c.args, outbox.c.dedupe_key
        seen.update((kind, args, key) for kind, args, key in one.change(lambda tx: tx.execute(select(*columns)).all()))
        deliver(one)

    monkeypatch.setattr(Talks, "deliver", looked)
    second = {"role": "coordinator", "languages": ["en"], "regions": (), "on_call": False, "telegram_id": 302}
    key = age.recipient_of(age.generate_identity())
    talks.change(lambda tx: core.membership.add(tx, name="Second", recipient=key, met=True, **second))
    urgent(talks, 900)
    talks.say(202, f"/take {talks.case().code}")
    for name in ("Boris", "Aigul"):
        talks.say(301, f"/suspend {name}")
    code = talks.change(lambda tx: core.invites.make(tx, "Dina", "lawyer", ["kk"], ()))
    talks.say(203, f"/start {code}")
    talks.say(203, age.recipient_of(age.generate_identity()))
    talks.change(lambda tx: Alarm(core.queue, 0).ring(tx, Trouble.unreachable))
    talks.deliver()
    assert {"ring", "line", "asksuspend"} <= {kind for kind, _, _ in seen}
    assert {"taken", "suspended", "key", "unreachable"} <= {json.loads(args).get("what") for _, args, _ in seen}
    assert [one for one in seen if re.search(r":\d\d\.\d", " ".join(one))] == []
