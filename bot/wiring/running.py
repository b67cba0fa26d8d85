"""A Pana with its ways to Telegram, mail and push, and the bot that runs it."""

import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from bot.app import Bot
from bot.clock import Clock
from bot.delivery.bundles import Bundles
from bot.delivery.carrier import Carrier
from bot.delivery.fetching import Fetching
from bot.delivery.kinds import person
from bot.delivery.sender import Rests, Sender
from bot.edge import Edge
from bot.everybody import Everybody
from bot.face import Face
from bot.handoff.alarm import Alarm
from bot.handoff.rota.file import RotaFile
from bot.hearing import Hearing
from bot.kept import KeptDatabase
from bot.listening import Listening
from bot.lost_words import LostWords
from bot.outside.mail import Mail
from bot.outside.push import Push
from bot.permits import Permits
from bot.pulse import Pulse
from bot.roles import Roles
from bot.showing import Showing
from bot.telegram.api import Api
from bot.telegram.door import Door
from bot.telegram.files import Files
from bot.telegram.lanes import Lanes
from bot.telegram.post import Post
from bot.unreadable import unreadable
from bot.updates import Updates
from bot.watch.destroying import Destroying
from bot.watch.following import Following
from bot.watch.jobs import Watch, jobs
from bot.watch.outage import Outage
from bot.watch.rota import WatchedRota
from bot.watch.rows import DueRows
from bot.watch.telling import Telling
from bot.watchdog import Watchdog
from bot.wiring.pana import Pana
from storage import own_name
from storage.errors import StorageError
from storage.outbox import LineKind
from storage.schema import outbox, sent_file
from storage.tx import Tx
from storage.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The parts by name; tests take their steps by hand, everybody else runs `bot`."""

    pana: Pana
    bot: Bot
    api: Api
    writer: Writer
    edge: Edge
    roles: Roles
    permits: Permits
    door: Door
    showing: Showing
    sender: Sender
    bundles: Bundles
    fetching: Fetching
    hearing: Hearing
    updates: Updates
    lost_words: LostWords
    rows: DueRows
    outage: Outage
    watch: Watch


def wire_bot(
    pana: Pana,
    *,
    token: str,
    post: Post | None = None,
    files: Files | None = None,
    writer: Writer | None = None,
    clock: Clock | None = None,
    after_ready: Callable[[], None] = lambda: None,
) -> Running:
    """The running bot.

    `post`, `files`, `writer`, `clock`: in place of the real ways to Telegram, of the thread and of time.
    `after_ready`: begins what nobody has to wait for, once the first people are heard.
    """
    core, settings = pana.core, pana.settings
    clock = clock or Clock(core.database.clock)
    core.database.clock = now = clock
    writer = writer or Writer(core.database)
    edge = Edge(writer, lambda tx, _trouble: core.queue.to_coordinators(tx, LineKind.aside))
    roles = Roles(election=core.database.election(), shared=core.database.shared, telegram=clock.telegram)
    api = Api(token, settings.telegram.api_url, clock.telegram)
    lanes = Lanes()
    post, files = post or Post(api, lanes), files or Files(api, lanes)
    bundles = Bundles(database=core.database, cases=core.cases)
    push, watchdog = Push(settings.push), Watchdog()

    def nobody_there(tx: Tx, chat_id: int) -> None:
        person.nobody_there(tx, core.reaching, chat_id)

    async def named(name: str) -> None:  # for links; the next start tells it again
        with suppress(StorageError):
            await writer.run(lambda tx: own_name.keep(tx, name))

    permits = Permits(front=pana.front, writer=writer)
    door = Door(post=post, may=permits.may, leaves=permits.leaves, came=permits.came)
    rests = Rests()
    showing = Showing(door=door, writer=writer, nobody_there=nobody_there, answers=rests.end)
    sender = Sender(
        writer=writer,
        rests=rests,
        queue=core.queue,
        kinds=pana.kinds,
        carrier=Carrier(
            door=door,
            files=files,
            bundles=bundles,
            mail=Mail(settings.mail),
            push=push,
            shown=showing.shown,
        ),
        edge=edge,
        now=now,
        works=roles.works,
        shared=core.database.shared,
    )
    fetching = Fetching(writer=writer, case_files=core.case_files, files=files, edge=edge, now=now, works=roles.works)
    writer.when_queued(outbox, sender.wake)
    writer.when_queued(sent_file, fetching.wake)
    rows = DueRows(writer=writer, edge=edge, show=showing.show)
    hearing = Hearing(lambda: _is_ready(watchdog, outage, after_ready), time.monotonic)
    outage = Outage(
        writer=writer,
        rows=rows,
        intakes=core.intakes,
        over_time=pana.seeker.over_time,
        now=now,
        is_over=lambda: hearing.seen.heard_at is not None,
    )
    everybody = Everybody(
        roles=roles,
        writer=writer,
        alarm=Alarm(queue=core.queue, backstop=len(settings.oncall.backstop)),
    )
    pulse = Pulse(
        hearing=hearing,
        watchdog=watchdog,
        push=push,
        watcher=settings.server.heartbeat_url,
        everybody=everybody.tell,
        reachable=api.answers,
    )
    watch = wire_watch(
        pana,
        roles=roles,
        writer=writer,
        edge=edge,
        clock=clock,
        rows=rows,
        outage=outage,
        ticked=pulse.ticked,
    )
    lost_words = LostWords(front=pana.front, writer=writer)
    updates = Updates(
        front=pana.front,
        writer=writer,
        database=core.database,
        waiting=core.waiting,
        showing=showing,
        lost_words=lost_words,
        leave=post.leave,
        heard=outage.heard,
    )
    listening = Listening(
        api=api,
        roles=roles,
        hearing=hearing,
        updates=updates,
        face=Face(post=post, words=pana.words, bot=settings.bot, languages=core.place.languages),
        missed=outage.missed,
        named=named,
    )
    bot = Bot(
        kept=KeptDatabase(
            database=core.database,
            questionnaires=pana.questionnaires,
            queue=core.queue,
            files=core.case_files.files,
            writer=writer,
        ),
        ways=_ways(api, push, roles),
        listening=listening,
        showing=showing,
        sender=sender,
        fetch=fetching.run,
        compare=lost_words.run,
        watch=watch,
        pulse=pulse,
    )
    return Running(
        pana=pana,
        bot=bot,
        api=api,
        writer=writer,
        edge=edge,
        roles=roles,
        permits=permits,
        door=door,
        showing=showing,
        sender=sender,
        bundles=bundles,
        fetching=fetching,
        hearing=hearing,
        updates=updates,
        lost_words=lost_words,
        rows=rows,
        outage=outage,
        watch=watch,
    )


def wire_watch(
    pana: Pana,
    *,
    roles: Roles,
    writer: Writer,
    edge: Edge,
    clock: Clock,
    rows: DueRows,
    outage: Outage,
    ticked: Callable[[], None],
) -> Watch:
    """What time brings, without what receives and sends."""
    core, file = pana.core, pana.settings.oncall.rota
    telling = Telling(
        writer=writer,
        database=core.database,
        queue=core.queue,
        count=partial(unreadable, core.sealed),
    )
    table = jobs(
        roles=roles,
        writer=writer,
        edge=edge,
        database=core.database,
        handoffs=core.cases.handoffs,
        checks=core.checks,
        due=pana.due,
        rows=rows,
        following=Following(roles=roles, writer=writer, database=core.database, clock=clock, outage=outage, now=clock),
        outage=outage,
        rota=WatchedRota(
            writer=writer,
            database=core.database,
            duty=core.duty,
            file=None if file is None else RotaFile(path=file, duty=core.duty, queue=core.queue),
            now=clock,
        ),
        destroying=Destroying(
            writer=writer,
            edge=edge,
            clock=clock,
            rows=rows,
            due=pana.due,
            telling=telling,
            announce=pana.retention.announce,
            forget=core.checks.forget,
        ),
        telling=telling,
        ticked=ticked,
    )
    return Watch(jobs=table, edge=edge)


def _is_ready(watchdog: Watchdog, outage: Outage, after_ready: Callable[[], None]) -> None:
    """People are heard for the first time, or this process stands by."""
    print("ready", file=sys.stderr, flush=True)  # noqa: T201 - the contract's line, alone
    watchdog.ready()
    outage.reached()
    after_ready()


@asynccontextmanager
async def _ways(api: Api, push: Push, roles: Roles) -> AsyncIterator[None]:
    """The connections outside; with them ends what only one of several processes does."""
    try:
        async with push:
            yield
    finally:
        await api.close()
        roles.resign()
