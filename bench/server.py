"""A Bot API server that costs little, and the people who use it: `python -m bench.server DELAY_MS`.

Tells its address in a line of JSON; then each line on standard input asks for a `Run`, and its `Figures` come back.
"""

import asyncio
import itertools
import random
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import uvloop

from bench import cpu
from bench.people import Person
from bench.wire import Connection, Fields, Reply

BOT = b'{"id":4242,"is_bot":true,"first_name":"Bot","username":"bench_bot"}'
TRUE = b'{"ok":true,"result":true}'
MOST_UPDATES = 100
WEBHOOK = b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":%d}}'
FLOODERS = 200
FIXED = {
    b"getme": b'{"ok":true,"result":' + BOT + b"}",
    b"getuserprofilephotos": b'{"ok":true,"result":{"total_count":1,"photos":[]}}',
    b"getmycommands": b'{"ok":true,"result":[]}',
}


class Run(msgspec.Struct, kw_only=True):
    """What is asked for. `rate`: updates a second, whatever the bot does; 0 is a closed loop of `people`.

    `held`: they are, and lawyers are called for each of them from the first answer on. `flood`: so many updates a
    second more, of accounts that press without end; they are not counted.
    """

    pid: int
    people: int
    seconds: float
    warm: float
    rate: float = 0.0
    held: bool = False
    flood: float = 0.0


class Figures(msgspec.Struct, kw_only=True):
    """What was seen between the first and the last moment that counts. Times in seconds."""

    asked: float  # updates a second that were asked for
    updates: int
    seconds: float
    cpu: float
    own_cpu: float
    p50: float
    p99: float
    longest: float
    whole: int  # conversations that came to their end
    megabytes: float
    calls: dict[str, int]
    behind: (
        int  # updates whose moment had passed at the end, and whose person still awaited an answer to the one before
    )


class Server:
    """Answers the bot's calls `delay` seconds later, and brings it what people do."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._updates: deque[tuple[int, bytes]] = deque()
        # Greater than those of any round before, for an instance that has had some: 2,000 a second.
        first = int((time.time() % 1_000_000) * 2000)
        self._numbers, self._messages = itertools.count(first), itertools.count(first)
        self._chats = itertools.count(4 * first)
        self._poll: tuple[Reply, asyncio.TimerHandle] | None = None
        self._poll_may = 0.0
        self.people: dict[int, Person] = {}
        self.calls: dict[str, int] = {}
        self.answered: Callable[[Person, float], None] = lambda _, __: None
        self.trace, self.held = False, False

    # --- what people do ---

    def join(self) -> Person:
        """Somebody who has never been here."""
        person = Person(next(self._chats), held=self.held)
        self.people[person.chat_id] = person
        return person

    def act(self, person: Person, due: float) -> None:
        """Presses what leads on, and waits for the answer; who has no card says /start."""
        person.since = due
        self.press(person)

    def press(self, person: Person) -> None:
        """The same of somebody who waits for nothing."""
        person.pressed = person.next
        number, chat, now = next(self._numbers), person.chat_id, int(time.time())
        user = b'{"id":%d,"is_bot":false,"first_name":"Person","language_code":"ru"}' % chat
        if person.next is None:
            what = (
                b'"message":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private","first_name":"Person"},"from":%b,'
                b'"text":"/start","entities":[{"type":"bot_command","offset":0,"length":6}]}'
            ) % (next(self._messages), now, chat, user)
        else:
            what = b'"callback_query":{"id":"%d","from":%b,"message":%b,"chat_instance":"1","data":%b}' % (
                number,
                user,
                person.shown,
                msgspec.json.encode(person.next),
            )
        self._updates.append((number, b'{"update_id":%d,%b}' % (number, what)))
        if self._poll is not None and self._loop.time() >= self._poll_may:
            self._loop.call_soon(self._end_poll)

    # --- what the bot calls ---

    def handle(self, method: bytes, fields: Fields, reply: Reply) -> None:
        """One call."""
        name = method.decode()
        self.calls[name] = self.calls.get(name, 0) + 1
        if method == b"getupdates":
            self._updates_asked(fields, reply)
        elif self._delay:
            self._loop.call_later(self._delay, self._do, method, fields, reply)
        else:
            self._do(method, fields, reply)

    def _do(self, method: bytes, fields: Fields, reply: Reply) -> None:
        if method in {b"sendmessage", b"editmessagetext", b"senddocument"}:
            reply(b'{"ok":true,"result":%b}' % self._message(method, fields))
        elif method == b"getwebhookinfo":
            reply(WEBHOOK % len(self._updates))
        else:
            reply(FIXED.get(method, TRUE))

    def _message(self, method: bytes, fields: Fields) -> bytes:
        chat = int(fields["chat_id"].strip(b'"'))
        message = int(fields["message_id"]) if method == b"editmessagetext" else next(self._messages)
        markup = fields.get("reply_markup") or None
        if markup is not None and markup[:1] == b'"':
            markup = msgspec.json.decode(markup, type=str).encode()
        text = fields.get("text", b'""')
        shown = b'{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private","first_name":"Person"},"from":%b' % (
            message,
            int(time.time()),
            chat,
            BOT,
        )
        shown += b',"text":%b' % (text if text[:1] == b'"' else msgspec.json.encode(text.decode()))
        shown += (b',"reply_markup":%b}' % markup) if markup else b"}"
        person = self.people.get(chat)
        if self.trace:
            print(method, chat, shown.decode(), file=sys.stderr, flush=True)
        if person is not None:
            self._seen(person, message, shown, markup)
        return shown

    def _seen(self, person: Person, message: int, shown: bytes, markup: bytes | None) -> None:
        if not person.sees(message, shown, markup) or not person.since:
            return
        since, person.since = person.since, 0.0
        if person.next is None:
            del self.people[person.chat_id]
        self.answered(person, since)

    # --- getUpdates ---

    def _updates_asked(self, fields: Fields, reply: Reply) -> None:
        offset, wait = int(fields.get("offset", b"0")), float(fields.get("timeout", b"0"))
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()
        if self._poll is not None:
            self._end_poll()
        now = self._loop.time()
        self._poll_may = now + self._delay
        self._poll = reply, self._loop.call_later(max(wait, self._delay), self._end_poll)
        if self._updates:
            if self._delay:
                self._loop.call_later(self._delay, self._end_poll_of, reply)
            else:
                self._end_poll()
        elif self._delay:
            self._loop.call_later(self._delay, self._end_poll_if_any, reply)

    def _end_poll_of(self, reply: Reply) -> None:
        if self._poll is not None and self._poll[0] is reply:
            self._end_poll()

    def _end_poll_if_any(self, reply: Reply) -> None:
        if self._updates:
            self._end_poll_of(reply)

    def _end_poll(self) -> None:
        if self._poll is None:
            return
        (reply, timer), self._poll = self._poll, None
        timer.cancel()
        found = [update for _, update in itertools.islice(self._updates, MOST_UPDATES)]
        reply(b'{"ok":true,"result":[%b]}' % b",".join(found))


@dataclass(slots=True)
class Slot:
    """In which one person after the other uses the bot, an update at each moment that was set for it."""

    person: Person
    due: float
    waiting: deque[float] = field(default_factory=deque)  # moments that have passed while an answer was awaited


class Load:
    """Runs that count: latencies between two moments, and the CPU that passed meanwhile."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._took: list[float] = []
        self._whole = 0
        self._slots: dict[int, Slot] = {}
        self._closed = False
        server.answered = self._answered

    async def run(self, run: Run) -> Figures:
        """A warm-up, in which people begin one after the other; then what counts."""
        self._closed, self._server.held = run.rate == 0.0, run.held
        self._slots.clear()
        work = [asyncio.create_task(self._arrive(run) if run.rate else self._begin(run))]
        if run.flood:
            work.append(asyncio.create_task(self._flood(run.flood)))
        await asyncio.sleep(run.warm)
        self._took, self._whole, self._server.calls = [], 0, {}
        began, before, own = time.perf_counter(), cpu.seconds(run.pid), time.process_time()
        await asyncio.sleep(run.seconds)
        took, whole, calls = sorted(self._took), self._whole, dict(self._server.calls)
        passed, used, own = time.perf_counter() - began, cpu.seconds(run.pid) - before, time.process_time() - own
        self._closed = False
        for one in work:
            one.cancel()
        return Figures(
            asked=run.rate,
            updates=len(took),
            seconds=passed,
            cpu=used,
            own_cpu=own,
            p50=took[len(took) // 2] if took else passed,
            p99=took[int(len(took) * 0.99)] if took else passed,
            longest=took[-1] if took else passed,
            whole=whole,
            megabytes=cpu.megabytes(run.pid),
            calls=calls,
            behind=sum(len(slot.waiting) for slot in self._slots.values()),
        )

    async def _begin(self, run: Run) -> None:
        """A closed loop: everybody acts as soon as they see the answer. They begin apart, or they act in step."""
        for _ in range(run.people):
            self._server.act(self._server.join(), time.perf_counter())
            await asyncio.sleep(run.warm / run.people)

    async def _arrive(self, run: Run) -> None:
        """Updates at a fixed rate: each person acts at moments of their own, whatever the bot does."""
        began, every, apart = time.perf_counter(), run.people / run.rate, run.warm / run.people
        dice = random.Random(1)
        for number in range(run.people):
            slot = Slot(self._server.join(), began + (number + dice.random()) * apart)
            self._slots[slot.person.chat_id] = slot
        while True:
            slot = min(self._slots.values(), key=lambda one: one.due)
            if (wait := slot.due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            slot.waiting.append(slot.due)
            slot.due += every
            self._act(slot)

    async def _flood(self, rate: float) -> None:
        """Accounts that press whatever their card shows, again and again, whether it was answered or not."""
        began, accounts = time.perf_counter(), [self._server.join() for _ in range(FLOODERS)]
        for number in itertools.count():
            if (wait := began + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            self._server.press(accounts[number % FLOODERS])

    def _act(self, slot: Slot) -> None:
        if slot.waiting and not slot.person.since:
            self._server.act(slot.person, slot.waiting.popleft())

    def _answered(self, person: Person, since: float) -> None:
        self._took.append(time.perf_counter() - since)
        over = person.next is None
        self._whole += over
        following = self._server.join() if over else person
        if self._closed:
            self._server.act(following, time.perf_counter())
        elif slot := self._slots.pop(person.chat_id, None):
            slot.person = following
            self._slots[following.chat_id] = slot
            self._act(slot)


async def serve(delay: float, *, trace: bool = False) -> None:
    """Until standard input ends."""
    loop = asyncio.get_running_loop()
    server = Server(delay)
    server.trace = trace
    load = Load(server)
    listening = await loop.create_server(lambda: Connection(server.handle), "127.0.0.1", 0)
    print(msgspec.json.encode(listening.sockets[0].getsockname()[1]).decode(), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        figures = await load.run(msgspec.json.decode(line, type=Run))
        print(msgspec.json.encode(figures).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(serve(float(sys.argv[1]) / 1000, trace=len(sys.argv) > 2))
