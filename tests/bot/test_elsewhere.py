"""Another country is another place.yaml: its clocks, its night, its languages, and no line of code."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.handoff.rota.calendar import plan_of
from bot.settings import load_settings
from bot.wiring.core import open_core
from flows.facts import Facts
from flows.model import Level
from flows.place_file import load_place
from storage.case import Waiting
from storage.tx import Tx
from tests.bot.calendars import calendar, event
from tests.bot.stage import STARTS, Stage, on_stage

FLOWS = Path(__file__).parent.parent.parent / "flows" / "kazakhstan"
PLACE = Path(__file__).parent.parent / "flows" / "elsewhere" / "place.yaml"
ELSEWHERE = load_place(PLACE)
LATE = datetime(2026, 11, 24, 22, 30, tzinfo=ELSEWHERE.zone)  # the next day already in UTC, and in Kazakhstan
MORNING = datetime(2026, 11, 25, 7, tzinfo=ELSEWHERE.zone)
LAWYERS = {201, 202}


@pytest.fixture
def folder(tmp_path: Path, made_once: Path) -> Path:
    """An instance whose questionnaire is asked elsewhere."""
    folder = tmp_path / "pana"
    shutil.copytree(made_once, folder)
    shutil.copytree(FLOWS, folder / "elsewhere")
    shutil.copy(PLACE, folder / "elsewhere" / "place.yaml")
    configuration = folder / "pana.toml"
    configuration.write_text(f'{configuration.read_text()}\n[intake]\nflow = "elsewhere/intake.yaml"\n')
    return folder


@pytest.fixture
async def elsewhere(folder: Path) -> AsyncIterator[Stage]:
    """The bot there, at half past ten in the evening."""
    async with on_stage(folder) as stage:
        stage.wait((LATE - STARTS).total_seconds())
        yield stage


async def called(stage: Stage) -> int:
    """A case of level high, and what goes out for it at once."""

    def call(tx: Tx) -> int:
        core, revision = stage.pana.core, stage.pana.questionnaires.current.revision
        case = core.cases.chain.open(tx, chat_id=900, look_up=b"x" * 32, language="en", revision=revision)
        return core.calls.call(tx, case, Facts(level=Level.high, language="en")).row

    row: int = stage.change(call)
    await stage.send()
    return row


async def test_an_alert_at_night_is_silent_and_is_said_aloud_in_the_morning_of_the_place(elsewhere: Stage) -> None:
    """It is a morning of its own in Kazakhstan, and it would ring there."""
    await called(elsewhere)
    assert {(chat, silent) for chat, _, silent in elsewhere.post.cards} == {(lawyer, True) for lawyer in LAWYERS}
    elsewhere.wait((MORNING - LATE).total_seconds() - 1)
    await elsewhere.does("ladder")
    await elsewhere.send()
    assert [chat for chat, _, silent in elsewhere.post.cards if not silent and chat in LAWYERS] == []
    elsewhere.wait(1)
    await elsewhere.does("ladder")
    await elsewhere.send()
    assert {chat for chat, _, silent in elsewhere.post.cards if not silent} >= LAWYERS


async def test_times_and_days_on_cards_are_those_of_the_place(elsewhere: Stage) -> None:
    """For the person, for a coordinator and for a lawyer."""
    row = await called(elsewhere)
    pana, core = elsewhere.pana, elsewhere.pana.core

    def look(tx: Tx) -> tuple[str, str, str, str]:
        case, (clara,), aigul = core.cases.get(tx, row), core.members.coordinators(tx), core.members.get(tx, 1)
        assert isinstance(case, Waiting)
        pana.member.duty.said(tx, aigul, "until 06:00")
        return (
            pana.seeker.screen.status.of(tx, case),
            pana.member.coordinators.overview.queue(tx, clara).text,
            pana.member.duty.card(tx, aigul).text,
            pana.seeker.screen.chats.of(tx, 901).here.date().isoformat(),
        )

    status, queue, duty, today = elsewhere.change(look)
    assert "22:30: 2 lawyers told." in status.now
    assert "At 07:00 we ring the lawyers." in status.now
    assert "A line for tests: +00 000" in status.advice
    assert " · since 22:30 · " in queue
    assert "25.11, 06:00" in duty
    assert today == "2026-11-24"


async def test_a_person_is_offered_the_languages_of_the_place(elsewhere: Stage) -> None:
    """In its order, and the questions are there in them."""
    card = elsewhere.pana.seeker.screen.cards.choose_language(900)
    assert [row[0].text for row in card.rows] == ["1. English", "2. Қазақша"]
    assert elsewhere.pana.questionnaires.current.languages == ("en", "kk")
    assert elsewhere.pana.core.calls.place.last_resort == "en"


def test_a_language_in_which_the_place_has_no_questions_cannot_be_offered(folder: Path) -> None:
    """It is said at the start, and not to a person."""
    configuration = folder / "pana.toml"
    configuration.write_text(f'{configuration.read_text()}languages = ["en", "ru"]\n')
    with pytest.raises(ConfigurationError, match=r"intake\.languages: ru is none of the place's languages, en, kk"):
        open_core(load_settings(configuration, {}))


def test_a_time_of_the_rota_without_a_zone_is_one_of_the_place() -> None:
    """As a whole day is a day there."""
    text = calendar(event("Aigul", "DTSTART:20261125T200000\nDTEND:20261126T080000"))
    (shift,) = plan_of(text, LATE, ELSEWHERE.zone).shifts
    assert (shift.begins, shift.ends - shift.begins) == (datetime(2026, 11, 26, 1, tzinfo=UTC), timedelta(hours=12))
