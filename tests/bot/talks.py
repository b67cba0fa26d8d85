"""The bot's own parts in the test's process: people type and press, rows go out over HTTP, time moves when it is told.

Nothing polls and nothing waits: `settle` hands in what people did and sends all that is due, until nothing is left.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.speech.texts import member as to_member
from bot.speech.texts import seeker as to_seeker
from bot.telegram import lanes
from bot.telegram.parse import parse
from bot.wiring.pana import open_pana
from bot.wiring.running import wire_bot
from storage import ladder_due
from storage.case import Case
from storage.contact import Contact
from storage.members import Member
from storage.record import Entry, EntryKind
from storage.schema import outbox
from tests.cases import handoff, joins
from tests.ways import CALM_ON

NOON = 7  # UTC; noon in Kazakhstan


class Talk:
    """One bot, as it would run; `now` is what its clock shows."""

    def __init__(self, telegram: BotApiServer, instance: Instance) -> None:
        self.world, self.instance = telegram.world, instance
        # Tomorrow's noon: what was queued when the instance was made is due by then.
        self.now = datetime.now(UTC).replace(hour=NOON, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.world.clock.advance(self.now.timestamp() - self.world.clock.now())
        pana = open_pana(load_settings(instance.folder / "pana.toml", instance.environment))
        self.pana, self.core = pana, pana.core
        self.running = wire_bot(pana, token=instance.token)
        self.core.database.clock = self.running.sender._now = lambda: self.now  # and not Telegram's time
        self.due = pana.due
        self._offset: int | None = None

    async def settle(self, rounds: int = 200) -> None:
        """Until nothing that people did is unheard and nothing that is due is unsent."""
        for _ in range(rounds):
            heard = await self.hear()
            sent = await self.send()
            await self._replied()
            if not heard and not sent:
                return

    async def hear(self) -> int:
        """What people did is handled; nothing is sent. How much that was."""
        raws = self.world.updates.fetch(self._offset, 100)
        for raw in raws:
            await self.running.updates.handle(parse(raw, self.running.api.bot))
            self._offset = raw["update_id"] + 1
        return len(raws)

    async def send(self) -> int:
        """Sends what is due at this moment, as the sender does: all of it at once."""
        batch = await self.running.sender._take()
        await asyncio.gather(*(self.running.sender._deliver(due) for due in batch))
        return len(batch)

    async def _replied(self) -> None:
        while not self.running.showing.idle:
            await asyncio.sleep(0.01)

    async def passes(self, by: timedelta) -> None:
        """Time passes: first nothing happens, then what is due is done and sent."""
        self.now += by
        self.world.clock.advance(by.total_seconds())
        await self.work()

    async def work(self) -> None:
        """Ladder, leases, and what is destroyed or announced."""
        self.core.database.change(ladder_due.without_due_time)
        for work in (self.due.calls, self.due.handoffs, *self.due.shown, *self.due.destroys):
            for _ in range(20):
                rows = self.core.database.change(work.rows)
                for row in rows:
                    seen = self.core.database.change(lambda tx, work=work, row=row: work.do(tx, row=row))
                    if seen is not None:
                        self.running.showing.show(*seen)
                if not rows:
                    break
        self.core.database.change(self.due.forget)
        await self.settle()

    # --- what is known ---

    def cases(self) -> list[Case]:
        """Every case."""
        return list(self.core.database.read(self.core.cases.listed))

    def case(self) -> Case:
        """The newest one."""
        return self.cases()[-1]

    def contact(self) -> Contact:
        """Of the newest case."""
        row = self.case().row
        return self.core.database.read(lambda tx: self.core.contacts.get(tx, row))

    def wraps(self) -> int:
        """How many can open the newest case, recovery among them."""
        row = self.case().row
        return len(self.core.database.read(lambda tx: self.core.cases.wraps.of(tx, row)))

    def lease(self) -> datetime | None:
        """Until when the claim of the newest case holds without contact."""
        return handoff(self.case()).lease_until

    def waiting_rows(self) -> int:
        """How many messages have not gone out; not those that are for later."""
        waits = select(func.count()).select_from(outbox).where(outbox.c.next_at <= self.now + timedelta(minutes=10))
        return self.core.database.read(lambda tx: tx.execute(waits).scalar_one())

    def member(self, name: str) -> Member:
        """A member."""
        found = self.core.database.read(lambda tx: self.core.members.by_name(tx, name))
        assert found is not None
        return found

    def add_lawyer(self, name: str, number: int) -> None:
        """One more lawyer, who is not on call."""
        self.core.database.change(lambda tx: joins(tx, self.core, name, number))

    def says(self, text: str, language: str, **values: object) -> str:
        """A text as people see it."""
        return self.pana.words.text(language, text, **values)

    # --- what people do ---

    async def press(self, person: Person, text: str, language: str = "ru") -> str:
        """Presses a button and lets everything follow; what the window of the press says."""
        pressed = person.press(self.says(text, language))
        await self.settle()
        await person.until(lambda: pressed.answered or None)  # beside the card, and maybe later
        return pressed.toast or ""

    async def say(self, person: Person, text: str) -> int:
        """Types something and lets everything follow; the message."""
        message = person.say(text)
        await self.settle()
        return message.id

    async def called(self, person: Person, *, free: bool) -> None:
        """A critical case: of somebody who is held, or of somebody at liberty who is to be handed over today."""
        await self.say(person, "срочно")
        for said in ("7", "1", "2", "1") if free else ("1",):
            await self.say(person, said)

    async def sent(self, person: Person) -> None:
        """A critical case of somebody at liberty whose answers are sent: the card shows where the request stands."""
        await self.called(person, free=True)
        for said in ("5", "1", "2", "1", *CALM_ON, "1", "отправить"):
            await self.say(person, said)
        assert shows(person, self.says(to_seeker.ADD_HINT, "ru"))

    async def taken(self, lawyer: Person, language: str) -> None:
        """Takes the newest alert."""
        await self.press(lawyer, to_member.TAKE, language)

    async def writes(self, lawyer: Person, phrase: str = to_member.PHRASE_LAWYER, language: str = "kk") -> None:
        """The claimer sends a ready phrase."""
        await self.press(lawyer, to_member.WRITE, language)
        await self.press(lawyer, phrase, language)

    async def proves_the_key(self, lawyer: Person, language: str = "kk") -> None:
        """The claimer types the check word of the newest case."""
        words: list[str] = []

        def entry(word: str, call: str) -> Entry:
            words.append(word)
            return Entry(kind=EntryKind.check, at="2026-11-24", value={"word": word, "call": call})

        row = self.case().row
        cases = self.core.cases
        self.core.database.change(lambda tx: cases.claims.set_check_word(tx, cases.get(tx, row), entry))
        await self.press(lawyer, to_member.WRITE, language)
        await self.say(lawyer, words[-1])


def shows(person: Person, text: str) -> bool:
    """Something in this chat contains a text."""
    return any(text in one.text for one in person.from_bot)


@asynccontextmanager
async def talk(telegram: BotApiServer, instance: Instance) -> AsyncIterator[Talk]:
    """The bot in this process; limits of Telegram are not waited for."""
    before = lanes.CHAT_A_SECOND, lanes.CHAT_AT_ONCE, lanes.A_SECOND
    lanes.CHAT_A_SECOND, lanes.CHAT_AT_ONCE, lanes.A_SECOND = 1e6, 1e6, 1e6
    made = Talk(telegram, instance)
    made.core.database.change(made.pana.questionnaires.store)
    made.running.writer.start()
    try:
        async with asyncio.TaskGroup() as group:
            made.running.showing.begin(group)
            yield made
            await made._replied()
    finally:
        await made.running.writer.stop()
        await made.running.api.close()
        made.core.database.close()
        lanes.CHAT_A_SECOND, lanes.CHAT_AT_ONCE, lanes.A_SECOND = before
