"""One row, file, chat or job never stops another: each kind of them fails in every way, and the rest is served."""

import asyncio
import contextlib
import itertools
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.cli.doctor import _updates_set_aside as updates_set_aside
from bot.delivery.sender import Sender
from bot.due_work import Work
from bot.edge import keep_alive
from bot.errors import CallError
from bot.front import Front
from bot.handoff.rota.current import CurrentRota
from bot.seeker.over_time import OverTime
from bot.speech.outgoing import Outcome
from bot.telegram.receive import Receiver
from flows import engine
from storage import shown, troubles
from storage.errors import StorageError, Unreadable
from storage.intakes import OpenIntake
from storage.outbox import Due, Lane, RowKind
from storage.tx import Tx
from tests.bot.stage import STARTS, Stage, opened_case, stage
from tests.virtual_time import run as run_virtually
from tests.whole import WHOLE

__all__ = ["stage"]  # a fixture

ERRORS: tuple[Exception, ...] = (
    ValueError("x"),
    KeyError("x"),
    AssertionError("x"),
    Unreadable("x"),
    zlib.error("x"),
    RecursionError("x"),
    CallError("refused"),
    StorageError("malformed"),
)


# --- rows of the outbox ---

ARGS = {
    "messages": [1],
    "message": 1,
    "language": "ru",
    "card": 5,
    "what": "gap",
    "at": STARTS.isoformat(),
    "clock": "x",
    "day": date(2026, 12, 1).isoformat(),
    "why": "cover",
    "place": 0,
    "way": "push",
    "says": "waits",
    "swap": 1,
    "relay": 1,
    "about": 1,
    "files": [[3, "photo", 1000, 0]],
    "since": 1,
}
TO_PERSONS = {
    RowKind.wipe,
    RowKind.stray,
    RowKind.blank,
    RowKind.closed,
    RowKind.bye,
    RowKind.news,
    RowKind.ping,
    RowKind.unread,
    RowKind.keyfile,
    RowKind.keysaid,
}


def queue(stage: Stage, tx: Tx, kind: RowKind, member: int, case_row: int, chat_id: int) -> int:
    """A row of any kind, about a case and for a member or a person; returns its number."""
    outbox = stage.pana.core.queue.outbox
    key = f"{kind}:{case_row}:{member}:test"
    before = set(tx.execute(text("SELECT id FROM outbox")).scalars())
    if kind in TO_PERSONS or kind is RowKind.fetch:
        who = {"member_id": member, "secret": "file"} if kind is RowKind.fetch else {"chat_id": chat_id}
        outbox.put(tx, kind, case_row=case_row, args=ARGS, key=key, **who)  # type: ignore[arg-type]
    elif kind in {RowKind.outside, RowKind.backstop}:
        whose = member if kind is RowKind.outside else None
        outbox.put(tx, kind, member_id=whose, args=ARGS, key=key)
    else:
        stage.pana.core.queue.to_member(tx, kind, member, case_row=case_row, args=ARGS, mark=":test")
    (row,) = set(tx.execute(text("SELECT id FROM outbox")).scalars()) - before
    return int(row)


PAUSES = [max(30.0, troubles.pause_after(tries).total_seconds()) for tries in range(1, troubles.MOST_TRIES)]


LOOKS_EACH = 1 if WHOLE else 5  # hours of the day after which coordinators would hear of it again
EACH = [(kind, where) for kind in RowKind for where in ("drawn", "settled")]
# In the suite one place for each kind, and each place for every other kind.
ONE_PLACE = [one for number, one in enumerate(EACH) if number % 4 in {0, 3}]


@pytest.mark.parametrize(("kind", "where"), EACH if WHOLE else ONE_PLACE)
async def test_a_row_of_the_outbox_that_fails_stops_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, kind: RowKind, where: str
) -> None:
    """Every kind, every class of error, before and after it was sent: pauses grow, then it is set aside and told."""

    def fill(tx: Tx) -> tuple[int, int, int]:
        first, second = opened_case(stage, tx, 900, claimed_by=1), opened_case(stage, tx, 901, claimed_by=2)
        other = RowKind.reach if kind is RowKind.line else RowKind.line
        rows = ((kind, 1, first, 900), (kind, 2, second, 901), (other, 2, second, 901))
        poisoned, same, another = (queue(stage, tx, *row) for row in rows)
        return poisoned, same, another

    row, same, another = stage.change(fill)
    tried = [0]  # each try fails in another way
    poison(monkeypatch, row, where, lambda: ERRORS[tried[0] % len(ERRORS)])
    calls_a_lawyer = stage.ask(f"SELECT lane FROM outbox WHERE id = {row}") == [Lane.urgent]
    keys = "SELECT dedupe_key FROM outbox"  # numbers of rows are used again
    served = stage.ask(f"{keys} WHERE id IN ({same}, {another})")
    await stage.send()
    assert row in stage.ask("SELECT id FROM outbox")
    assert not set(served) & set(stage.ask(keys))
    for tries, pause in enumerate(PAUSES, start=1):
        tried[0] = tries
        stage.wait(pause - 1)  # a row that is taken is left alone for half a minute in any case
        await stage.send()
        assert stage.tries("outbox", row) == tries
        stage.wait(2)
        await stage.send()
    assert stage.tries("outbox", row) == troubles.MOST_TRIES
    assert "warning work that fails: 1 messages (1 for long)" in stage.doctor()
    assert stage.told() == 1
    for _ in range(0, 20, LOOKS_EACH):
        stage.wait(LOOKS_EACH * 3600)
        await stage.send()
        assert stage.told() == 0
    assert (stage.tries("outbox", row) > troubles.MOST_TRIES) == calls_a_lawyer
    monkeypatch.undo()
    stage.wait(3600)
    stage.change(lambda tx: queue_again(stage, tx, row))
    await stage.send()
    assert row not in stage.ask("SELECT id FROM outbox")
    assert stage.doctor() == ""


def queue_again(stage: Stage, tx: Tx, row: int) -> None:
    """There is news: the same row is queued once more."""
    ((key, kind),) = tx.execute(text(f"SELECT dedupe_key, kind FROM outbox WHERE id = {row}")).all()
    stage.pana.core.queue.outbox.put(tx, RowKind[kind], key=key)


def poison(monkeypatch: pytest.MonkeyPatch, row: int, where: str, error: Callable[[], Exception]) -> None:
    """The real function raises for one row: before it draws, or after it has settled."""
    name = {"drawn": "_draw", "settled": "_settle"}[where]
    real = getattr(Sender, name)

    def fails(sender: Sender, tx: Tx, due: Due, *rest: object, **more: object) -> object:
        if due.id == row and where == "drawn":
            raise error()
        done = real(sender, tx, due, *rest, **more)
        if due.id == row:
            raise error()
        return done

    monkeypatch.setattr(Sender, name, fails)


async def test_a_row_of_a_kind_that_a_newer_version_knows_is_told_and_stops_no_other(stage: Stage) -> None:
    """After going back to an older version: it is set aside for the newer one, and coordinators hear of it."""

    def fill(tx: Tx) -> tuple[int, int]:
        case = opened_case(stage, tx, 900, claimed_by=1)
        unknown, other = (queue(stage, tx, kind, 1, case, 900) for kind in (RowKind.more, RowKind.line))
        tx.execute(text(f"UPDATE outbox SET kind = 'tomorrow' WHERE id = {unknown}"))
        return unknown, other

    row, other = stage.change(fill)
    key = stage.ask(f"SELECT dedupe_key FROM outbox WHERE id = {other}")
    for tries in range(1, troubles.MOST_TRIES + 1):
        await stage.send()
        assert stage.tries("outbox", row) == tries
        assert stage.ask(f"SELECT kind FROM outbox WHERE id = {row}") == ["tomorrow"]
        stage.wait(24 * 3600)
    assert not {*key} & {*stage.ask("SELECT dedupe_key FROM outbox")}
    assert stage.told() == 1
    assert "warning work that fails: 1 messages (1 for long)" in stage.doctor()


async def test_a_line_of_a_kind_that_a_newer_version_knows_is_told_and_stops_no_other(stage: Stage) -> None:
    """The same for its word."""

    def fill(tx: Tx) -> tuple[int, int]:
        case = opened_case(stage, tx, 900, claimed_by=1)
        unknown, other = (queue(stage, tx, RowKind.line, member, case, 900) for member in (1, 2))
        tx.execute(text(f"UPDATE outbox SET args = replace(args, 'gap', 'tomorrow') WHERE id = {unknown}"))
        return unknown, other

    row, other = stage.change(fill)
    key = stage.ask(f"SELECT dedupe_key FROM outbox WHERE id = {other}")
    for tries in range(1, troubles.MOST_TRIES + 1):
        await stage.send()
        assert stage.tries("outbox", row) == tries
        stage.wait(24 * 3600)
    assert not {*key} & {*stage.ask("SELECT dedupe_key FROM outbox")}
    assert stage.told() == 1


# --- due work, row by row ---


def works(stage: Stage) -> dict[str, Work]:
    """Every kind of due work of the program, by name."""
    due, listed = stage.pana.due, list[Work]()
    for field in fields(due):
        value = getattr(due, field.name)
        listed += [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Work)]
    found = {one.what: one for one in listed}
    assert {"handoff", "call", "veil", "expiry", "retention"} <= set(found)
    return found


WORKS = ["handoff", "call", "veil", "warning", "code", "fade", "renew", "expiry", "unopened", "ending", "retention"]
WORKS += ["parting"]


def test_every_kind_of_due_work_is_in_the_table(stage: Stage) -> None:
    """A new one must be added here."""
    assert sorted(works(stage)) == sorted(WORKS)


def due_everywhere(stage: Stage, tx: Tx) -> None:
    """Three open intakes and three waiting cases for which it is time for everything."""
    core, flow = stage.pana.core, stage.pana.questionnaires.current
    for chat in (900, 901, 902):
        said = core.relay.put(tx, opened_case(stage, tx, chat), None, "слова")
        core.relay.show(tx, [said])
        shown.keep(tx, core.ring.look_up("telegram", chat), chat)
        one = OpenIntake(
            look_up=core.ring.look_up("telegram", chat + 50),
            chat_id=chat + 50,
            state=engine.begin(flow, "ru", tx.now, urgent=True),
            tag="aaaaaa",
            card_message=7,
            call_due_at=tx.now,
            expires_at=tx.now,
        )
        core.intakes.put(tx, one)
    old = (tx.now - timedelta(days=400)).date().isoformat()
    tx.execute(text(f"UPDATE case_file SET created_on = '{old}'"))
    tx.execute(text("UPDATE handoff SET code_until = began_at"))
    tx.execute(text("UPDATE shown SET at = '2026-11-01 00:00:00.000000'"))


def silent_claims(stage: Stage, tx: Tx) -> None:
    """Three claims without a word for a year, each with a message that nobody has opened."""
    for chat in (903, 904, 905):
        stage.pana.core.relay.put(tx, opened_case(stage, tx, chat, claimed_by=1), None, "слова")
    tx.execute(text("UPDATE case_file SET claimed_at = '2025-11-01 00:00:00.000000' WHERE claimed_by IS NOT NULL"))
    tx.execute(text("UPDATE relay SET at = '2025-11-01 00:00:00.000000' WHERE shown_at IS NULL"))


def parted(stage: Stage, tx: Tx) -> None:
    """Three whose person has deleted everything a day ago."""
    for chat in (903, 904, 905):
        case = stage.pana.core.cases.get(tx, opened_case(stage, tx, chat, claimed_by=1))
        stage.pana.intake_ends.parting.wished(tx, case, lawyer_too=False)
    tx.execute(text("UPDATE case_file SET erase_at = '2025-11-01 00:00:00.000000' WHERE erase_at IS NOT NULL"))


@pytest.mark.parametrize("name", WORKS)
async def test_a_row_of_due_work_that_fails_stops_no_other(stage: Stage, name: str) -> None:
    """In every way: the others are done, pauses grow, then it is set aside, unless it calls a lawyer."""
    stage.change(lambda tx: due_everywhere(stage, tx))
    if name in {"unopened", "ending"}:
        stage.change(lambda tx: silent_claims(stage, tx))
    if name == "parting":
        stage.change(lambda tx: parted(stage, tx))
    stage.wait(3600)
    work = works(stage)[name]
    poisoned = stage.change(work.rows)[1]
    tried, done = [0], Counter[int]()

    def do(tx: Tx, row: int) -> Any:
        if row == poisoned:
            raise ERRORS[tried[0] % len(ERRORS)]
        tx.after(lambda: done.update([row]))
        return work.do(tx, row)

    async def round_() -> None:
        await stage.running.rows.each(replace(work, do=do))

    await round_()
    assert len(done) == 2
    for tries in range(1, troubles.MOST_TRIES):
        pause = troubles.pause_after(tries).total_seconds()
        tried[0] = tries
        stage.wait(pause - 1)
        await round_()
        assert stage.tries(work.what, poisoned) == tries
        stage.wait(2)
        await round_()
    assert stage.tries(work.what, poisoned) == troubles.MOST_TRIES
    assert stage.told() == 1
    state = "warning" if work.given_up else "failed"
    assert f"{state} work that fails: 1 " in stage.doctor()
    stage.wait(3600)
    await round_()
    assert (stage.tries(work.what, poisoned) > troubles.MOST_TRIES) == (not work.given_up)
    assert stage.told() == 1


@pytest.mark.parametrize("what", ["ask again", "redraw"])
async def test_a_chat_that_cannot_be_asked_or_drawn_again_stops_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """After an outage, and after a start."""
    stage.change(lambda tx: due_everywhere(stage, tx))
    poisoned = stage.ask("SELECT id FROM intake")[1]
    name = what.replace(" ", "_")
    real = getattr(OverTime, name)

    def fails(self: OverTime, tx: Tx, row: int, **rest: Any) -> Any:
        if row == poisoned:
            raise RecursionError
        return real(self, tx, row, **rest)

    monkeypatch.setattr(OverTime, name, fails)
    outage = stage.running.outage
    if what == "redraw":
        await outage.redraw()
    else:
        outage.missed()
        outage._is_over = lambda: True
        stage.wait(60)
        await outage.ask_again()
    assert {chat for chat, _ in stage.shown} == {950, 952}
    assert stage.tries(what, poisoned) == 1


async def test_a_row_that_stays_due_although_its_work_is_done_ends_no_round(stage: Stage) -> None:
    """It counts as one that has failed; the round ends, and the others are done."""
    stage.change(lambda tx: due_everywhere(stage, tx))
    work, done = works(stage)["handoff"], Counter[int]()
    rows = stage.change(work.rows)

    def do(tx: Tx, row: int) -> Any:
        tx.after(lambda: done.update([row]))
        return None if row == rows[0] else work.do(tx, row)

    async with asyncio.timeout(20):
        await stage.running.rows.each(replace(work, do=do))
    assert set(done) == set(rows)
    assert stage.tries("handoff", rows[0]) == 1


# --- jobs ---


async def test_a_job_that_fails_stops_no_other(stage: Stage) -> None:
    """Every second one fails in its own way, then the others: all of the rest are done meanwhile."""
    watch = stage.running.watch
    jobs = watch.jobs.table
    for first in (0, 1):
        done = Counter[str]()

        def work(number: int, name: str, first: int = first, done: Counter[str] = done) -> Callable[[], Any]:
            async def do() -> None:
                done.update([name])
                if number % 2 == first:
                    raise ERRORS[number % len(ERRORS)]

            return do

        table = tuple(replace(one, seconds=0.05, work=work(at, one.name)) for at, one in enumerate(jobs))
        watch.jobs = replace(watch.jobs, table=table)
        running = asyncio.create_task(watch.run())
        await asyncio.sleep(0.6)
        assert not running.done()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        for at, one in enumerate(jobs):
            assert (done[one.name] == 1) == (at % 2 == first), one.name
            assert (stage.tries("job", one.name) > 0) or at % 2 != first


async def test_each_job_is_left_alone_longer_each_time_and_told_once_a_day(stage: Stage) -> None:
    """A job is never given up; `pana doctor` calls it failed. When it works again, that is over."""
    for job in stage.running.watch.jobs.table:
        fails = [True]

        async def work(fails: list[bool] = fails) -> None:
            if fails[0]:
                raise ValueError

        pauses = [await stage.running.edge.job(job.name, work) for _ in range(12)]
        assert pauses == sorted(pauses)
        assert (pauses[0], pauses[-1]) == (5, 600)
        assert "failed work that fails: 1 jobs of the bot (1 for long), last ValueError" in stage.doctor()
        fails[0] = False
        assert await stage.running.edge.job(job.name, work) == 0
        assert stage.doctor() == ""
    assert stage.told() == 1  # for all of them: the line says to look
    stage.wait(25 * 3600)
    fails[0] = True
    for _ in range(12):
        await stage.running.edge.job("ladder", work)
    assert stage.told() == 2


async def test_what_had_failed_before_a_start_is_over_when_it_works(stage: Stage) -> None:
    """The failures of the process before are known to the next one."""
    stage.change(lambda tx: troubles.happened(tx, "job", "rota", "ValueError"))

    async def works_now() -> None:
        return

    await stage.running.edge.begin()
    await stage.running.edge.job("rota", works_now)
    assert stage.doctor() == ""


async def test_a_rota_that_cannot_be_read_stops_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its reading raises, at the start and later."""
    for error in ERRORS:

        def fails(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(CurrentRota, "make_ready", fails)
        await stage.running.watch.begin()
    assert stage.tries("job", "rota in force") == len(ERRORS)
    assert stage.change(stage.pana.core.duty.on_duty)


# --- updates ---


def update(number: int, chat_id: int, said: str) -> dict[str, Any]:
    """A text, as Telegram sends it."""
    someone = {"id": chat_id, "is_bot": False, "first_name": "x"}
    chat = {"id": chat_id, "type": "private"}
    message = {"message_id": number, "date": 1_764_000_000, "chat": chat, "from": someone, "text": said}
    return {"update_id": number, "message": message}


@pytest.mark.parametrize("aside_fails", [False, True])
async def test_an_update_that_fails_stops_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, aside_fails: bool
) -> None:
    """Also when it cannot even be set aside: its person is asked to send it again, the next one is heard."""
    real = Front.hear

    def hear(self: Front, tx: Tx, incoming: Any, slow: bytes | None = None) -> Outcome:
        if incoming.chat_id < 900 + len(ERRORS):
            raise ERRORS[incoming.chat_id - 900]
        return real(self, tx, incoming, slow)

    def aside(*_: object) -> Outcome:
        raise RecursionError

    monkeypatch.setattr(Front, "hear", hear)
    if aside_fails:
        monkeypatch.setattr(Front, "aside", aside)
    running = stage.running

    async def leads() -> bool:
        return True

    receiver = Receiver(
        api=running.api,
        handle=running.updates.handle,
        receives=leads,
        known=running.updates.known,
        waiting=running.updates,
        missed=lambda: None,
        hearing=running.hearing,
    )
    await receiver._batch([update(100 + at, 900 + at, "/start") for at in range(len(ERRORS) + 2)])
    assert receiver._offset == 100 + len(ERRORS) + 2
    shown = dict(stage.shown)
    for at in range(len(ERRORS)):
        assert "Отправьте его ещё раз" in shown[900 + at].card.text  # type: ignore[union-attr]
    for at in range(len(ERRORS), len(ERRORS) + 2):
        assert "Выберите язык" in shown[900 + at].card.text  # type: ignore[union-attr]
    aside_now = "\n".join(one.said for one in updates_set_aside(stage.pana))
    assert (f"{len(ERRORS)} in the last two days" in aside_now) != aside_fails


async def test_who_is_known_cannot_be_looked_up_and_nobody_is_kept_waiting(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a flood, too, a failure there sets nobody apart."""

    def fails(*_: object) -> None:
        raise StorageError("malformed")

    monkeypatch.setattr(Front, "known", fails)
    assert await stage.running.updates.known([1, 2]) == {1, 2}


# --- loops ---


def test_a_loop_that_ends_by_an_error_is_begun_anew() -> None:
    """After a second, then two, up to half a minute; one that has lasted is begun anew soon."""
    began: list[float] = []

    async def work() -> None:
        loop = asyncio.get_running_loop()
        began.append(loop.time())
        if len(began) == 9:
            await asyncio.sleep(100)
        if len(began) == 11:
            return
        raise ExceptionGroup("x", [ERRORS[len(began) % len(ERRORS)]])

    run_virtually(keep_alive("x", work))
    gaps = [round(after - before) for before, after in itertools.pairwise(began)]
    assert gaps == [2, 4, 8, 16, 30, 30, 30, 30, 101, 2]
