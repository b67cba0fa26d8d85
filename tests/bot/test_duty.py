"""Duty: the rota's file beside a running bot, `/oncall` in Telegram, shifts that change hands."""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.handoff.rota import current
from bot.handoff.rota.file import RotaFile
from bot.settings import load_settings
from bot.wiring.core import Core
from bot.wiring.pana import open_pana
from storage.errors import NotKept, Refused
from storage.members import Member, Role
from storage.tx import Tx
from tests.bot.calendars import calendar, event, observance, shift, zone
from tests.bot.test_crash import codes_in
from tests.bot.walks import held_by_police
from tests.cases import joins
from tests.conftest import change_rows, count_rows
from tests.places import HERE

ON_SQLITE = pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
A_WHILE = timedelta(minutes=5)
RULES = "A new rota is in force"


def days(name: str, first: int, last: int) -> list[str]:
    """One shift a day from the hour that runs now, from so many days from now to so many."""
    begins = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return [shift(name, begins + timedelta(days=day)) for day in range(first, last)]


def with_rota(instance: Instance, *shifts: str) -> Path:
    """A rota's file in the configuration, and nobody on call whatever it says."""
    path = instance.folder / "rota.ics"
    path.write_bytes(calendar(*shifts))
    configuration = instance.folder / "pana.toml"
    configuration.write_text(configuration.read_text() + '\n[oncall]\nrota = "rota.ics"\n')
    change_rows(instance, "UPDATE member SET on_call = 0")
    return path


async def oncall(instance: Instance, *arguments: str) -> tuple[int, str, str]:
    """`pana oncall ...` beside the bot: exit code, answer, what it said besides."""
    ended = await asyncio.to_thread(instance.pana, "oncall", *arguments, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def on_duty(core: Core) -> list[str]:
    """Who is on duty now, as the running bot sees it."""
    core.duty.rota.make_ready(core.database, datetime.now(UTC))
    found = core.database.read(core.duty.on_duty)
    return [one.name for one in found.values()]


def join(core: Core, name: str, telegram_id: int, language: str, role: Role = "lawyer") -> Member:
    """One more member, not on call."""
    return core.database.change(lambda tx: joins(tx, core, name, telegram_id, role=role, language=language))


def put_in_force(core: Core, text: bytes, now: datetime) -> None:
    """A rota as the database holds it, whatever it is worth."""
    sha256 = hashlib.sha256(text).hexdigest()
    core.database.change(lambda tx: core.duty.rota.kept.keep(tx, "accepted", sha256, text), at=now)


@pytest.fixture
def core(instance: Instance) -> Iterator[Core]:
    """The same database and key file, beside the bot."""
    found = open_pana(load_settings(instance.folder / "pana.toml", instance.environment)).core
    yield found
    found.database.close()


async def is_told(lawyers: list[Person], cases: int) -> None:
    """Waits until each of these lawyers has so many cases on the screen."""
    for one in lawyers:
        await one.until(lambda one=one: len(codes_in(one)) == cases or None)


def count(person: Person, text: str) -> int:
    """In how many messages this text stands."""
    return sum(text in one.text for one in person.from_bot)


async def test_the_rota_says_who_is_rung_and_follows_its_file(
    telegram: BotApiServer, instance: Instance, core: Core
) -> None:
    """In force at start and after a change; a broken file keeps the last good one, a grave change waits for a yes."""
    aigul, boris, clara = telegram.person(201), telegram.person(202), telegram.person(301)
    mine = days("Aigul", 0, 20)
    path = with_rota(instance, *mine)
    code, said, _ = await oncall(instance, "check", "--json")  # the bot has not seen the file yet
    found = json.loads(said)
    assert (code, found["gaps"], found["notes"], found["unreachable"]) == (0, [], [], [])
    assert (sorted(found["languages"]), len(found["languages"]["ru"])) == (["en", "ru"], 1)

    await instance.start()
    await clara.sees(RULES)
    await held_by_police(telegram.person(980))
    await is_told([aigul], 1)

    path.write_bytes(calendar(*mine, *days("Boris [ru]", 0, 1)))
    await clara.until(lambda: count(clara, RULES) == 2 or None)
    await held_by_police(telegram.person(981))
    await is_told([boris], 1)
    await is_told([aigul], 2)

    path.write_bytes(b"no calendar")
    await clara.sees("The rota file cannot be used, the earlier one stays in force. Why: pana oncall check")
    assert on_duty(core) == ["Aigul", "Boris"]

    path.write_bytes(calendar(*mine, *days("Boris [ru]", 0, 1), *days("Dina", 0, 1)))
    said_of = await clara.sees("In the rota these entries cannot be used, nobody is on call by them:\n• Dina, ")
    assert "The rest is in force. Why: pana oncall check" in said_of.text
    assert on_duty(core) == ["Aigul", "Boris"]

    path.write_bytes(calendar(*days("Aigul", 3, 20)))
    await clara.sees("The new rota takes cover away within 48 hours. Use it?")
    kept = clara.press("No")
    await clara.until(lambda: kept.toast == "The earlier rota stays in force." or None)
    code, said, _ = await oncall(instance, "check")
    assert (code, "rota: a coordinator has refused the file" in said, "the file has no shift" in said) == (
        0,
        True,
        True,
    )

    path.write_bytes(calendar(*days("Boris", 0, 20)))
    question = await clara.sees("The new rota changes more than half of the shifts. Use it?")
    assert await instance.stop() == 0
    await instance.start()  # it still waits, and is not asked again
    assert on_duty(core) == ["Aigul", "Boris"]
    clara.press("Yes", question)
    await clara.until(lambda: count(clara, RULES) == 4 or None)
    await clara.until(lambda: count(clara, "changes more than half") == 0 or None)
    assert count(clara, "cannot be used") == 2
    await held_by_police(telegram.person(982))
    await is_told([boris], 2)
    assert len(codes_in(aigul)) == 2


@ON_SQLITE
def test_show_answers_for_any_time_and_no_calendar_is_endless(instance: Instance) -> None:
    """Rung by rung, who is told at a time of Kazakhstan's; without a traceback for a year that nobody means."""
    with_rota(instance, *days("Aigul", 0, 20))
    then = (datetime.now(HERE) + timedelta(days=30)).strftime("%Y-%m-%d 03:00")
    show = ["oncall", "show", "-c", str(instance.folder / "pana.toml"), "--at"]
    shown = CliRunner().invoke(app, [*show, then])
    assert (shown.exit_code, shown.stderr, shown.stdout.splitlines()[0]) == (0, "", then)
    rows = [line.split("\t") for line in shown.stdout.splitlines()[1:]]
    assert rows[:4] == [
        ["critical", "+0min", "on_call", "nobody"],
        ["critical", "+5min", "all", "Aigul, Boris"],
        ["critical", "+10min", "coordinators", "Clara"],
        ["critical", "+15min", "backstop", "nobody"],
    ]
    assert rows[-2] == ["normal", "09:00", "on_call", "nobody"]
    refused = CliRunner().invoke(app, [*show, "0001-01-01T00:00"])
    assert isinstance(refused.exception, Refused)
    assert str(refused.exception) == "--at: a year from 2020 to 2100 is needed"


TIMES = {
    "2031-12-31 24:00": "2032-01-01 00:00",
    "2032-01-01T00:00": "2032-01-01 00:00",
    "2032-01-01 7": "2032-01-01 07:00",
    "2032-01-01 07.30": "2032-01-01 07:30",
    " 2032-01-01  07:30:00 ": "2032-01-01 07:30",
}
NO_TIMES = ("24:01", "25", "7:5", "2032-01-01", "2032-02-30 07:00", "01.01.2032 07:00", "07:00Z", "завтра", "")


@ON_SQLITE
def test_a_time_of_day_is_written_at_the_terminal_as_in_the_chat(instance: Instance) -> None:
    """The next one, where no day is named; what is none is wrong usage, told with how it is written."""
    show = ["oncall", "show", "-c", str(instance.folder / "pana.toml"), "--at"]
    for written, shown in TIMES.items():
        assert CliRunner().invoke(app, [*show, written]).stdout.splitlines()[0] == shown
    today = datetime.now(HERE).date()
    midnight = CliRunner().invoke(app, [*show, "24:00"]).stdout.splitlines()[0]
    assert midnight in {f"{today + timedelta(days=days)} 00:00" for days in (1, 2)}
    for written in NO_TIMES:
        wrong = CliRunner().invoke(app, [*show, written])
        assert (wrong.exit_code, "'2026-12-01 23:30'" in wrong.stderr) == (2, True), written


@ON_SQLITE
def test_a_shift_of_somebody_who_is_added_later_is_theirs_from_then_on(instance: Instance, core: Core) -> None:
    """Until then it is nobody's, which coordinators hear once; a file that goes away changes nothing."""
    path, now = with_rota(instance, *days("Dina", 0, 2)), datetime.now(UTC)

    def look(file: RotaFile, at: datetime) -> tuple[bool, list[str]]:
        core.duty.rota.make_ready(core.database, at)
        seen = file.look(at)
        if seen is not None:
            core.database.change(lambda tx: file.take(tx, seen), at=at)
        return seen is not None, [one.name for one in core.database.read(core.duty.on_duty, at=at).values()]

    files = [RotaFile(path, core.duty, core.queue) for _ in range(2)]
    assert look(files[0], now) == (True, [])
    assert look(files[0], now + timedelta(seconds=61)) == (False, [])
    assert look(files[1], now + timedelta(seconds=61)) == (True, [])  # the bot has been started again
    join(core, "Dina", 203, "ru")
    assert look(files[1], now + timedelta(seconds=62)) == (False, ["Dina"])
    due = core.database.change(core.queue.outbox.take, at=now + A_WHILE)
    said = [one.args.get("what", one.kind) for one in due if one.args.get("what") != "joined" and one.kind != "menu"]
    assert said == ["rota", "unusable"]
    path.unlink()
    assert look(files[1], now + A_WHILE) == (True, ["Dina"])
    assert "broken" in core.database.read(core.duty.rota.kept.marks)


@ON_SQLITE
def test_a_coordinator_who_comes_later_is_asked_about_a_rota_that_waits(instance: Instance, core: Core) -> None:
    """Otherwise it would wait for good when nobody else can say yes."""
    now = datetime.now(UTC)
    path = with_rota(instance, *days("Aigul", 0, 20))

    def take() -> None:
        file = RotaFile(path, core.duty, core.queue)
        core.duty.rota.make_ready(core.database, now)
        seen = file.look(now)
        assert seen is not None
        core.database.change(lambda tx: file.take(tx, seen), at=now)

    def asked(tx: Tx) -> list[tuple[int | None, object]]:
        due = core.queue.outbox.take(tx)
        return [(one.member_id, one.args["why"]) for one in due if one.kind == "askrota"]

    take()
    clara = core.database.change(lambda tx: core.members.by_name(tx, "Clara"))
    assert clara is not None
    core.database.change(lambda tx: core.membership_changes.suspend(tx, clara, force=True), at=now)
    path.write_bytes(calendar(*days("Aigul", 3, 20)))
    take()
    assert core.database.change(asked) == []
    elena = join(core, "Elena", 302, "en", "coordinator")
    core.database.change(lambda tx: core.membership_changes.joined(tx, elena), at=now)
    core.database.change(lambda tx: core.membership_changes.resume(tx, clara), at=now)
    assert sorted(core.database.change(asked)) == [(clara.id, "cover"), (elena.id, "cover")]


@ON_SQLITE
def test_a_rota_in_force_that_cannot_be_read_any_more_is_a_gap_that_coordinators_hear_of(
    instance: Instance, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is on duty by it: silence would be the worst answer."""
    logged = list[str]()
    monkeypatch.setattr(current, "log", SimpleNamespace(error=lambda event, **_: logged.append(event)))
    now = datetime.now(UTC)
    with_rota(instance)
    put_in_force(core, b"no calendar", now)
    core.duty.rota.make_ready(core.database, now)
    checks = core.checks
    core.database.change(checks.minute, at=now)
    due = core.database.change(core.queue.outbox.take, at=now + A_WHILE)
    assert [one.args["what"] for one in due if one.args.get("what", "joined") != "joined"] == ["gap"]
    assert any("cannot be read" in event for event in logged)


@ON_SQLITE
def test_a_file_that_storage_could_not_keep_is_taken_at_the_next_look(instance: Instance, core: Core) -> None:
    """It counts as seen once what was decided about it is kept: else a disk that is full for a second costs a night."""
    path, now = with_rota(instance, *days("Aigul", 0, 2)), datetime.now(UTC)
    file = RotaFile(path, core.duty, core.queue)
    seen = file.look(now)
    assert seen is not None

    def fails(tx: Tx) -> None:
        file.take(tx, seen)
        raise NotKept

    with pytest.raises(NotKept):
        core.database.change(fails)
    again = file.look(now)
    assert again == seen
    core.database.change(lambda tx: file.take(tx, seen))
    assert file.look(now) is None
    assert "accepted" in core.database.read(core.duty.rota.kept.marks)


HOSTILE = zone(
    *(observance(kind, rule="RRULE:FREQ=SECONDLY;UNTIL=20380101T000000Z") for kind in ("STANDARD", "DAYLIGHT"))
)


async def test_the_bot_polls_and_rings_with_a_hostile_rota_in_its_database_and_in_its_file(
    telegram: BotApiServer, instance: Instance, core: Core
) -> None:
    """Less than 500 bytes once held it for minutes at each start."""
    in_zone = event("Boris", "DTSTART;TZID=Ours:20261126T080000\nDURATION:PT1H")
    path = with_rota(instance)
    path.write_bytes(calendar(HOSTILE, in_zone))
    put_in_force(core, calendar(HOSTILE, in_zone) + b" ", datetime.now(UTC))
    aigul, clara = telegram.person(201), telegram.person(301)
    await instance.start()
    await clara.sees("In the rota these entries cannot be used")
    change_rows(instance, "UPDATE member SET on_call = 1 WHERE role = 'lawyer'")
    await held_by_police(telegram.person(984))
    await is_told([aigul], 1)
    path.write_bytes(calendar(*days("Boris", 0, 20)))
    await clara.sees(RULES)
    assert on_duty(core) != []


async def test_a_lawyer_says_in_telegram_who_is_on_duty(telegram: BotApiServer, instance: Instance, core: Core) -> None:
    """`/oncall`: on, off, until a time, by the rota; a shift changes hands when the lawyer who was asked agrees."""
    join(core, "Dina", 203, "en")
    aigul, boris, dina = telegram.person(201), telegram.person(202), telegram.person(203)
    with_rota(instance, *days("Aigul", 0, 2))
    clara = telegram.person(301)
    await instance.start()
    await clara.sees(RULES)
    for lawyer, said, answer in [
        (aigul, "/oncall", "Сіздің кезекшіліктеріңіз:"),
        (aigul, "/oncall off", "Сіз кезекшілікте емессіз."),
        (boris, "/oncall", "Вы не на дежурстве."),
        (boris, "/oncall swap", "нет ваших дежурств"),
        (boris, "/oncall until nonsense", "/oncall until 07:00"),
        (boris, "/oncall until 07:00", "Окончание: "),
    ]:
        lawyer.clear_chat()
        lawyer.say(said)
        await lawyer.sees(answer)
    assert on_duty(core) == ["Boris"]
    for lawyer, answer in ((aigul, "Сіз кезекшіліктесіз."), (boris, "Вы не на дежурстве.")):
        lawyer.clear_chat()
        lawyer.say("/oncall rota")
        await lawyer.sees(answer)

    await asks(aigul, "Boris")
    asked = await boris.sees("Aigul просит вас взять дежурство")
    theirs = asked.buttons[0][0].data
    dina.say("/start")
    foreign = dina.press_data(theirs, (await dina.sees("/oncall")).id)
    await dina.until(lambda: "There is no such case" in (foreign.toast or "") or None)
    boris.press("Отказаться", asked)
    await aigul.sees("Сұралған заңгер: Boris")
    late = boris.press_data(theirs, asked.id)
    await boris.until(lambda: late.answered or None)
    assert on_duty(core) == ["Aigul"]

    boris.clear_chat()
    await asks(aigul, "Boris")
    again = await boris.sees("Aigul просит вас взять дежурство")
    agrees = again.buttons[0][0].data
    await asks(aigul, "Dina")
    dina.press("Accept", await dina.sees("Aigul asks you to take a shift"))
    await aigul.sees("Кімге: Dina")
    assert count_rows(instance, "swap") == 0  # also should the shift come back to Aigul one day, Boris cannot take it
    said_over = await boris.sees("Эта просьба уже не действует.")
    assert (said_over.id, said_over.labels) == (again.id, [])
    over = boris.press_data(agrees, again.id)
    await boris.until(lambda: over.answered or None)
    assert on_duty(core) == ["Dina"]
    await held_by_police(telegram.person(983))
    await is_told([dina], 1)
    assert (codes_in(aigul), codes_in(boris)) == (set(), set())
    for lawyer, shifts in ((aigul, 1), (dina, 1)):  # the one given away stands with the one who has taken it
        lawyer.clear_chat()
        lawyer.say("/oncall")
        card = await lawyer.sees("/oncall swap")
        assert sum("–" in line for line in card.text.splitlines()) == shifts


async def asks(lawyer: Person, other: str) -> None:
    """Asks another lawyer to take the shift that runs now."""
    lawyer.clear_chat()
    lawyer.say("/oncall swap")
    which = await lawyer.until(lambda: found if (found := lawyer.from_bot) and found[-1].labels else None)
    lawyer.press(which[-1].labels[0])
    await lawyer.until(lambda: other in lawyer.last.labels or None)
    asked = lawyer.press(other)
    await lawyer.until(lambda: "Әріптесіңізден сұрадық." in (asked.toast or "") or None)
