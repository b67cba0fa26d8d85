"""An open intake that cannot be read any more: a danger in it reaches a lawyer, the rest goes, nobody is stuck."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import text

from bot.speech.incoming import Pushed, Said
from bot.speech.outgoing import Outcome
from flows import engine
from storage.intakes import OpenIntake
from storage.tx import Tx
from tests.bot.stage import Stage, opened_case, stage

__all__ = ["stage"]  # a fixture
NUMBERS = itertools.count(5000)
SPOILT = "UPDATE intake SET state_sealed = substr(state_sealed, 1, 40) || x'00' || substr(state_sealed, 42)"
SPOILT_CHAT = "UPDATE {table} SET chat_sealed = substr(chat_sealed, 1, 20) || x'00' || substr(chat_sealed, 22)"


@dataclass
class Chat:
    """Somebody who writes and presses, by hand."""

    stage: Stage
    id: int
    seen: list[Outcome] = field(default_factory=list)

    async def say(self, said: str) -> str:
        """Types; the text of the card that is shown then."""
        number = next(NUMBERS)
        return await self._hear(
            Said(update_id=number, chat_id=self.id, message_id=number, text=said, at=self.stage.wall.at)
        )

    async def press(self, label: str) -> str:
        """Presses a button of the newest card that has it."""
        cards = [one.card for one in reversed(self.seen) if one.card]
        data = next(each.data for card in cards for row in card.rows for each in row if label in each.text)
        number = next(NUMBERS)
        return await self._hear(Pushed(update_id=number, chat_id=self.id, message_id=7, callback_id="1", data=data))

    async def _hear(self, incoming: Any) -> str:
        await self.stage.running.updates.handle(incoming)
        self.seen = [shown for chat, shown in self.stage.shown if chat == self.id]
        newest = self.seen[-1].card
        return newest.text if newest else ""

    async def begin(self, way: str) -> None:
        """To the first question."""
        await self.say("/start")
        await self.press("Русский")
        await self.press(way)


def spoil(stage: Stage, statement: str) -> None:
    """Bytes of a row change."""
    stage.change(lambda tx: tx.execute(text(statement)))


def cases(stage: Stage) -> list[tuple[str, str]]:
    """Level and status of each case."""
    rows = stage.change(lambda tx: tx.execute(text("SELECT level, status FROM case_file ORDER BY id")).all())
    return [tuple(row) for row in rows]


async def look(stage: Stage) -> None:
    """What the watch does about calls, ladders and expiry."""
    await stage.running.rows.each(stage.pana.due.calls)
    await stage.does("ladder")
    await stage.does("destroy")


async def test_at_its_time_an_unreadable_call_is_a_critical_case_and_the_person_is_told_the_truth(stage: Stage) -> None:
    """A minute after "urgent": lawyers are rung although nothing is readable; the chat shows what is so, and works."""
    person = Chat(stage, 900)
    await person.begin("Срочно: нужен юрист")
    spoil(stage, SPOILT)
    stage.wait(61)
    await look(stage)
    assert cases(stage) == [("critical", "waiting")]
    assert len(stage.ask("SELECT id FROM outbox WHERE kind = 'ring'")) == 2
    assert stage.ask("SELECT id FROM intake") == []
    assert "юрист" in await person.say("/status")
    assert stage.ask("SELECT tries FROM trouble") == []


async def test_an_expired_unreadable_intake_goes_its_chat_is_emptied_and_the_next_tap_is_answered(stage: Stage) -> None:
    """Nothing was asked for and nothing sealed: the row goes; an old button is answered, and /start works again."""
    person = Chat(stage, 901)
    await person.begin("Продолжить")
    spoil(stage, "DELETE FROM outbox")
    spoil(stage, SPOILT)
    stage.wait(49 * 3600)
    await look(stage)
    assert (stage.ask("SELECT id FROM intake"), cases(stage)) == ([], [])
    (wiped,) = stage.ask("SELECT args FROM outbox WHERE kind = 'blank'")  # it is older than two days
    assert "7" in wiped
    assert "Выберите язык" in await person.press("Мне")
    await person.begin("Продолжить")
    assert "Кому нужна помощь?" in person.seen[-1].card.text  # type: ignore[union-attr]


async def test_an_unreadable_intake_whose_chat_is_unreadable_too_goes_at_its_time(stage: Stage) -> None:
    """Nobody can be written to then, and nothing is left."""
    person = Chat(stage, 902)
    await person.begin("Продолжить")
    spoil(stage, SPOILT_CHAT.format(table="intake"))
    stage.wait(49 * 3600)
    await look(stage)
    assert stage.ask("SELECT id FROM intake") == []
    assert stage.ask("SELECT tries FROM trouble") == []


async def test_whoever_writes_before_that_hears_it_and_can_begin_anew(stage: Stage) -> None:
    """The truth, in each language; then the way is open."""
    person = Chat(stage, 903)
    await person.begin("Продолжить")
    spoil(stage, SPOILT)
    said = await person.say("1")
    assert "заново" in said
    assert stage.ask("SELECT id FROM intake") == []
    await person.begin("Продолжить")
    assert "Кому нужна помощь?" in person.seen[-1].card.text  # type: ignore[union-attr]


@pytest.mark.parametrize("way", ["Продолжить", "Срочно: нужен юрист"])
async def test_a_hidden_one_looks_like_the_first_time(stage: Stage, way: str) -> None:
    """Whoever holds the phone learns nothing: no news is queued for the chat, and /start asks for the language."""
    person = Chat(stage, 904)
    await person.begin(way)
    await person.say("/clear")
    spoil(stage, SPOILT)
    stage.wait(61)
    await look(stage)
    if way == "Срочно: нужен юрист":
        assert cases(stage) == [("critical", "waiting")]
    assert stage.ask("SELECT id FROM outbox WHERE kind IN ('news', 'ping')") == []
    said = await person.say("/start")
    assert "Выберите язык" in said
    assert "заново" not in said


async def test_a_case_whose_chat_cannot_be_read_heals_when_its_person_writes(stage: Stage) -> None:
    """Lawyers have it all the while."""

    def fill(tx: Tx) -> None:
        opened_case(stage, tx, 905)

    stage.change(fill)
    spoil(stage, SPOILT_CHAT.format(table="case_file"))
    core = stage.pana.core
    assert stage.change(lambda tx: core.cases.waiting(tx)[0].chat_id) is None
    assert await Chat(stage, 905).say("/status")
    assert stage.change(lambda tx: core.cases.waiting(tx)[0].chat_id) == 905
    assert stage.change(core.cases.unreadable)["case_file"] == 0


async def test_an_intake_whose_questionnaire_is_damaged_is_as_one_that_cannot_be_read(stage: Stage) -> None:
    """An older questionnaire; the case of one that was called goes on with the one in use."""
    afraid, other = Chat(stage, 906), Chat(stage, 907)
    for person in (afraid, other):
        await person.begin("Срочно: нужен юрист" if person is afraid else "Продолжить")
    older = "0" * 64
    spoil(stage, f"INSERT INTO flow_revision VALUES ('{older}', x'00')")

    def age(tx: Tx) -> None:
        for chat in (906, 907):
            one = stage.pana.core.intakes.find(tx, stage.pana.core.ring.look_up("telegram", chat))
            assert one is not None
            stage.pana.core.intakes.put(tx, _on(one, older))

    stage.change(age)
    stage.wait(61)
    await look(stage)
    assert cases(stage) == [("critical", "waiting")]
    await stage.send()
    assert stage.post.sent[201] == 1
    assert "заново" in await other.say("1")
    assert stage.change(stage.pana.core.cases.unreadable)["flow_revision"] == 1


def _on(one: OpenIntake, revision: str) -> OpenIntake:
    return structs.replace(one, state=structs.replace(one.state, flow=revision))


async def test_after_four_days_away_a_hundred_and_fifty_expire_and_their_keys_go_after_them(
    stage: Stage,
) -> None:
    """One sweep looks at a hundred at a time; some of them cannot be read, and one cannot be removed at first."""
    core, flow = stage.pana.core, stage.pana.questionnaires.current

    def fill(tx: Tx) -> None:
        for chat in range(1000, 1150):
            one = OpenIntake(
                look_up=core.ring.look_up("telegram", chat),
                chat_id=chat,
                state=engine.begin(flow, "ru", tx.now, urgent=False),
                tag="aaaaaa",
                card_message=7,
                expires_at=tx.now + timedelta(hours=48),
            )
            core.intakes.put(tx, one)

    stage.change(fill)
    day = stage.wall.at.date()
    stage.change(lambda tx: tx.execute(text(f"{SPOILT} WHERE id % 7 = 0")))
    stage.wait(4 * 86400)
    real = stage.pana.intake_ends
    failing = [True]

    def expire(tx: Tx, row: int) -> None:
        if row == 50 and failing[0]:
            raise ValueError
        real.expire_due(tx, row)

    (expiry,) = (one for one in stage.pana.due.destroys if one.what == "expiry")
    object.__setattr__(expiry, "do", expire)
    await stage.does("destroy")
    assert stage.ask("SELECT id FROM intake") == [50]
    assert day in core.ring.drafts.days, "its key stays while one row needs it"
    failing[0] = False
    stage.wait(600)
    await stage.does("destroy")
    assert stage.ask("SELECT id FROM intake") == []
    await stage.does("destroy")
    assert day not in core.ring.drafts.days
