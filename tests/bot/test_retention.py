"""The end of a case's time and of a draft's: many are told before, and no key goes that a row still needs."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from bot.wiring.pana import Pana
from storage.intakes import Intakes
from storage.schema import case_file
from storage.sealing.errors import Tampered
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from tests.bot.test_clock import BEGAN, DAY, HOUR, SECOND, Bot, case, intake, no_waiting, pana

__all__ = ["no_waiting", "pana"]  # fixtures
LONG_AGO = (BEGAN - timedelta(days=400)).date()


def cases_of(pana: Pana, count: int, *, first: int = 0, created: object = LONG_AGO) -> None:
    """So many cases that nobody has taken."""

    def change(tx: Tx) -> None:
        for number in range(first, first + count):
            row = case(pana, tx, 3000 + number)
            tx.execute(update(case_file).where(case_file.c.id == row).values(created_on=created))

    pana.core.database.change(change, at=BEGAN)


def swept(pana: Pana, at: datetime) -> tuple[int, int, int]:
    """What is left, announced, and told to the coordinator, after a sweep at this moment."""
    database = pana.core.database
    database.clock = lambda: at
    found = pana.sweep.once(at).waiting
    query = text("SELECT (SELECT count(*) FROM case_file WHERE status = 'waiting'),"
                 " (SELECT count(*) FROM outbox WHERE kind = 'line' AND args LIKE '%erasing%')")  # fmt: skip
    left, told = database.read(lambda tx: tx.connection.execute(query).one())
    return left, 0 if found is None else found.count, told


def test_ten_go_at_once_and_eleven_a_day_after_the_coordinators_were_told(pana: Pana) -> None:
    """One line; what comes to its end meanwhile is no part of the notice; then all of it goes."""
    cases_of(pana, 10)
    assert swept(pana, BEGAN) == (0, 0, 0)
    cases_of(pana, 11, first=100)
    assert swept(pana, BEGAN + HOUR) == (11, 11, 1)
    assert swept(pana, BEGAN + DAY) == (11, 11, 1)
    cases_of(pana, 10, first=200, created=(BEGAN - timedelta(days=180)).date())
    assert swept(pana, BEGAN + DAY + HOUR - SECOND)[0] in {11, 21}
    left, waits, told = swept(pana, BEGAN + DAY + HOUR)
    assert (waits, told) == (0, 1)
    assert left <= 10
    assert swept(pana, BEGAN + DAY + 2 * HOUR)[1:] == (0, 1)


def test_a_notice_covers_only_what_it_was_about(pana: Pana) -> None:
    """Eleven were told; a retention made shorter within that day takes no hundred others along."""
    cases_of(pana, 11)
    assert swept(pana, BEGAN) == (11, 11, 1)
    cases_of(pana, 30, first=100, created=BEGAN.date() - timedelta(days=20))
    kept = pana.settings.retention
    shorter = kept.model_copy(update={"unclaimed_after": timedelta(days=10)})
    object.__setattr__(pana.retention, "kept", shorter)
    assert swept(pana, BEGAN + DAY - SECOND) == (41, 11, 1)
    left, waits, told = swept(pana, BEGAN + DAY + SECOND)
    assert (left, waits, told) == (30, 0, 1)
    assert swept(pana, BEGAN + DAY + HOUR) == (30, 30, 2)
    object.__setattr__(pana.retention, "kept", kept)  # somebody has looked, and made it longer again
    assert swept(pana, BEGAN + 2 * DAY + 2 * HOUR) == (30, 0, 2)


async def test_a_clock_that_jumps_neither_announces_nor_shortens_the_day(pana: Pana) -> None:
    """Two days ahead within the day of notice, with and without Telegram."""
    cases_of(pana, 11)
    bot = Bot(pana)
    bot.database.clock = bot.machine.wall
    await bot.start()
    await bot.live(8)
    for heard in (True, False):
        bot.reaches_telegram = heard
        for offset in (2 * DAY, timedelta(), -365 * DAY, timedelta()):
            bot.machine.offset = offset
            await bot.start()
            await bot.live(8)
            assert bot.database.read(pana.retention.waiting, at=BEGAN).count == 11  # type: ignore[union-attr]
    bot.reaches_telegram = True
    bot.machine.true += DAY + HOUR
    await bot.live(8)
    assert bot.database.read(pana.retention.waiting) is None
    assert bot.database.read(lambda tx: tx.connection.execute(text("SELECT count(*) FROM wrap")).scalar()) == 0
    await bot.stop()


def keys(pana: Pana) -> list[str]:
    """The days whose draft keys are there."""
    return [day.isoformat() for day in sorted(KeyRing.load(pana.settings.server.key_file).drafts.days)]


async def test_150_intakes_expire_after_four_days_down_and_then_their_keys_go(pana: Pana) -> None:
    """More than one batch, in the first sweep after the start; a day with a row left keeps its key."""
    database = pana.core.database
    for number in range(150):
        at = BEGAN + timedelta(days=number // 75)
        late = 30 * DAY if number == 149 else timedelta(hours=72)
        database.change(lambda tx, n=number, late=late: intake(pana, tx, n, tx.now + late), at=at)
    assert len(keys(pana)) == 2
    bot = Bot(pana)
    bot.machine.true += 6 * DAY
    await bot.start()
    await bot.live(4)
    left = database.read(pana.core.intakes.rows)
    assert len(left) == 1
    assert database.read(lambda tx: pana.core.intakes.of_row(tx, left[0])) is not None
    assert keys(pana) == [(BEGAN + DAY).date().isoformat()]
    bot.machine.true += 30 * DAY
    await bot.live(4)
    assert database.read(pana.core.intakes.rows) == []
    assert keys(pana) == []
    await bot.stop()


@pytest.mark.both
def test_no_key_is_destroyed_under_a_row_that_another_process_is_about_to_add(pana: Pana) -> None:
    """A process whose clock is a week behind seals under an old day while this one sweeps, again and again."""
    due, database = pana.due, pana.core.database
    other = KeyRing.load(pana.settings.server.key_file)
    theirs = Intakes(other, pana.core.intakes.expires_after)
    old, stop, added = BEGAN - timedelta(days=9), threading.Event(), []

    def add() -> None:
        from dataclasses import replace

        second = type(database)(database._url.render_as_string(hide_password=False))
        with_theirs = replace(pana, core=replace(pana.core, ring=other, intakes=theirs))
        number = 0
        while not stop.is_set() or number < 5:
            number += 1
            second.change(lambda tx, n=number: intake(with_theirs, tx, n, BEGAN + DAY), at=old)
            found = second.read(theirs.rows)
            added.append(second.read(lambda tx, row=found[0]: theirs.of_row(tx, row)))
            second.change(lambda tx, n=number: theirs.remove(tx, other.look_up("chat", n)), at=old)
        second.close()

    thread = threading.Thread(target=add)
    thread.start()
    fresh = KeyRing.load(pana.settings.server.key_file)
    for _ in range(60):
        database.change(due.forget, at=BEGAN)
    stop.set()
    thread.join(60)
    del fresh
    assert len(added) >= 5
    assert all(one is not None for one in added)


def test_a_key_that_another_process_has_destroyed_seals_nothing(pana: Pana) -> None:
    """It was in memory; on disk it is gone, and what it sealed could not be read after a restart."""
    path = pana.settings.server.key_file
    mine, other = KeyRing.load(path), KeyRing.load(path)
    day = BEGAN.date()
    before = mine.drafts.seal(day, "intake", "state", "1", b"before")
    other.drafts.destroy(day + DAY)
    after = mine.drafts.seal(day, "intake", "state", "1", b"after")
    assert KeyRing.load(path).drafts.open("intake", "state", "1", after) == b"after"
    with pytest.raises(Tampered):
        KeyRing.load(path).drafts.open("intake", "state", "1", before)
