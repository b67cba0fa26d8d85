"""Proof of reach: a test page once a month, and nobody who does not confirm it counts as cover."""

import asyncio
import json
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from bot.settings import load_settings
from bot.wiring.pana import open_pana
from storage import in_chat
from storage.members import Member
from storage.tx import Tx
from tests.bot.calendars import calendar, shift
from tests.conftest import change_rows
from tests.places import HERE

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)


def at(hour: int) -> datetime:
    """The last time that the clock in Kazakhstan showed this hour."""
    now = datetime.now(HERE)
    found = datetime.combine(now.date(), time(hour), HERE)
    return (found if found <= now else found - timedelta(days=1)).astimezone(UTC)


def days_ago(days: int) -> str:
    """As the database has it."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d %H:%M:%S}"


@ON_SQLITE
async def test_who_confirms_the_test_page_counts_and_who_does_not_is_named(
    telegram: BotApiServer, instance: Instance
) -> None:
    """A month after joining it comes by day; a day later who has not confirmed it is no cover any more."""
    change_rows(instance, f"UPDATE member SET joined_at = '{days_ago(40)}' WHERE id = 1")
    aigul, boris = telegram.person(201), telegram.person(202)
    telegram.person(301)
    await instance.start()
    core = open_pana(load_settings(instance.folder / "pana.toml", instance.environment)).core
    checks = core.checks
    core.database.change(checks.minute, at=at(12))  # by day also when this runs at night
    page = await aigul.sees("Байланысты тексеру")
    asked = partial(in_chat.part_of, member_id=1, message_id=page.id)
    while core.database.change(asked) is None:  # nobody presses sooner
        await asyncio.sleep(0.02)
    confirms = aigul.press(page.labels[0], page)
    await aigul.until(lambda: (confirms.toast or "").startswith("Расталды") or None)
    await aigul.until(lambda: not aigul.from_bot or None)
    assert boris.from_bot == []
    rows = json.loads((await asyncio.to_thread(instance.pana, "member", "list", "--json")).stdout)
    confirmed = {row["name"]: row["confirmed"] for row in rows}
    assert confirmed == {"Aigul": datetime.now(UTC).date().isoformat(), "Boris": None, "Clara": None}

    change_rows(instance, f"UPDATE member SET reach_asked_at = '{days_ago(2)}' WHERE id = 2")
    now = datetime.now(UTC)
    found = core.database.change(lambda tx: core.duty.cover(tx, now, now + timedelta(days=2), None))
    assert (list(found.gaps), [one.name for one in found.unreachable]) == ([], ["Boris"])
    assert (sorted(found.languages), len(found.languages["ru"])) == (["en", "ru"], 1)
    change_rows(instance, "UPDATE member SET on_call = 0 WHERE id = 1")
    ended = await asyncio.to_thread(instance.pana, "oncall", "check", "--days", "2", check=False)
    assert (ended.returncode, ended.stdout.splitlines()[0].startswith("nobody on call: 20")) == (1, True)
    assert "cannot be reached or has not confirmed the test page: Boris" in ended.stdout
    core.database.close()


@ON_SQLITE
@pytest.mark.parametrize(("hour", "asked"), [(12, ["Boris"]), (3, [])])
def test_the_page_comes_by_day_also_to_who_has_only_nights(instance: Instance, hour: int, asked: list[str]) -> None:
    """Boris has one shift, next night; Aigul none. Nobody is woken for a test, and who is not on call gets none."""
    change_rows(instance, f"UPDATE member SET on_call = 0, joined_at = '{days_ago(40)}'")
    core = open_pana(load_settings(instance.folder / "pana.toml", instance.environment)).core
    checks, now = core.checks, at(hour)
    night = calendar(shift("Boris", at(1) if at(1) > now else at(1) + timedelta(days=1), 5))

    sha256 = core.duty.rota.prepare(night, now).sha256

    def change(tx: Tx) -> list[Member]:
        core.duty.rota.kept.keep(tx, "accepted", sha256, night)
        for _ in range(2):
            checks.minute(tx)
        due = core.queue.outbox.take(tx)
        return [core.members.get(tx, one.member_id or 0) for one in due if one.kind == "reach"]

    assert [one.name for one in core.database.change(change, at=now)] == asked
    core.database.close()
