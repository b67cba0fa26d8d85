"""The bench itself: people get through the questionnaire of the real bot, and every page can be written."""

import asyncio
import contextlib
import os
import re
import shutil
from pathlib import Path

import pytest

from bench import fill, page
from bench.bots import Pana, Server
from bench.page import Found
from bench.people import Person
from bench.rounds import LARGE_WORK, LIMITED, NOTHING_ELSE, PANA, Load, exports, measured
from bench.server import Figures, Run
from tests.bot.in_process import BESIDE

FIGURES = Figures(
    asked=60.0,
    updates=300,
    seconds=5.0,
    cpu=0.3,
    own_cpu=0.1,
    p50=0.004,
    p99=0.009,
    longest=0.02,
    whole=11,
    megabytes=80.0,
    calls={"editMessageText": 300, "getUpdates": 250},
    behind=0,
)


@pytest.fixture
def pana(made_once: Path, tmp_path: Path) -> Pana:
    """An instance that is there already."""
    shutil.copytree(made_once, tmp_path / "bench" / "made", ignore=BESIDE)
    return Pana(tmp_path / "bench")


def two_people(pana: Pana, folder: Path, load: Load) -> Figures:
    """What they meet on this instance."""
    return measured(lambda url: pana.begin(url, folder, limited=False), load)


async def test_people_come_to_the_end_as_fast_as_they_can_and_at_set_moments(pana: Pana) -> None:
    """The real bot as a process of its own, with cases and intakes of others beside them.

    Three, so that at the end one is in the middle of the questions.
    """
    folder = pana.copy()
    for seconds in (2.0, 10.0):  # whatever else the machine does
        closed = await asyncio.to_thread(two_people, pana, folder, Load(people=3, seconds=seconds, warm=0.3))
        if closed.whole:
            break
    assert closed.whole > 0, closed
    assert closed.cpu > 0.0
    await asyncio.to_thread(fill.intakes, folder, 20)
    await asyncio.to_thread(fill.close_all, folder)
    await asyncio.to_thread(fill.cases, folder, 50)
    arrivals = await asyncio.to_thread(two_people, pana, folder, Load(people=2, rate=10.0, seconds=1.0, warm=0.3))
    assert arrivals.updates > 0, arrivals


async def test_people_are_heard_beside_an_export_a_sweep_and_those_who_press_without_end(pana: Pana) -> None:
    """What is past its time is erased meanwhile, and the export does not fail."""
    folder = pana.copy()
    await asyncio.to_thread(fill.cases, folder, 50)
    await asyncio.to_thread(fill.overdue, folder, 25)
    left = 50
    for seconds in (2.0, 10.0):  # whatever else the machine does
        load = Load(people=2, rate=2.0, seconds=seconds, warm=0.5, flood=50.0)
        with exports(folder):
            seen = await asyncio.to_thread(two_people, pana, folder, load)
        assert seen.updates > 0, seen
        left = await asyncio.to_thread(fill.count, folder)
        if left == 25:
            break
    assert left == 25


def test_the_page_names_goals_tables_and_plots(tmp_path: Path) -> None:
    """From whatever parts were run."""
    found = Found(
        saturated={PANA: [FIGURES], LIMITED: [FIGURES], "ptb_bare": [FIGURES]},
        latency={PANA: [FIGURES, FIGURES]},
        stored={"0": [FIGURES], "10000": [FIGURES]},
        intakes={"10000": [FIGURES]},
        large={NOTHING_ELSE: [FIGURES], LARGE_WORK: [FIGURES]},
        flood={"1000": [FIGURES]},
    )
    page.write(found, tmp_path / "page.md", tmp_path / "pictures")
    text = (tmp_path / "page.md").read_text()
    assert "| CPU of (a), saturated | at most 0.3 times | 1.00 (1.00 to 1.00) |" in text
    assert "| p99 beside an export and a sweep | under 50 ms | 9 ms |" in text
    assert "| p99 of who reads the cards, in a flood of 1,000 updates a second | under 300 ms | 9 ms |" in text
    assert f"| {LARGE_WORK} | 60 | 4.0 | 9.0 | 20.0 |" in text
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert [(tmp_path / one).read_text()[:4] for one in shown] == ["<svg", "<svg"]


def test_a_person_presses_what_leads_on_and_waits_for_another_card() -> None:
    """A card that is shown once more is no answer; without a button that leads on it is the end."""
    person = Person(4)
    card = b'{"inline_keyboard":[[{"text":"1. One","callback_data":"a"}],[{"text":"Back","callback_data":"b"}]]}'
    assert person.sees(7, b"{}", card)
    assert (person.card, person.next) == (7, "a")
    person.pressed = "a"
    assert not person.sees(7, b"{}", card)
    assert person.sees(7, b"{}", None)
    assert person.next is None


def test_a_server_tells_of_a_run_without_a_bot() -> None:
    """Nobody answers: people are behind, and that is said."""
    with contextlib.closing(Server()) as server:
        seen = server.run(Run(pid=os.getpid(), people=1, seconds=0.5, warm=0.2, rate=20.0))
    assert (seen.updates, seen.behind > 5) == (0, True)


def test_the_page_says_of_which_commit_each_part_is() -> None:
    """A part that is measured anew leaves the others as they were."""
    some = {"pana": [FIGURES]}
    assert Found(saturated=some, flood=some, commits={"flood": "b", "saturated": "b", "large": "c"}).commit() == "b"
    anew = Found(saturated=some, large=some, flood=some, commits={"flood": "b", "large": "b"})
    assert anew.commit() == "an earlier one (saturated), b (large, flood)"
