"""Two lawyers, two cases, 200 takes each at once, from two processes' worth of connections: one winner."""

import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Queue, get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from flows.facts import Facts
from flows.model import Level
from storage.case import Claimed, Waiting
from storage.cases import Cases
from storage.database import Database
from storage.members import Member, Members
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from tests.cases import claim
from tests.storage.test_record import NOW, cases, cases_of, database, fill
from tests.whole import WHOLE

__all__ = ["cases", "database"]  # fixtures
TAKES, AT_ONCE = 200, 4
IN_STEP = 10


def test_of_two_hundred_takes_at_once_exactly_one_wins(database: Database, cases: Cases, database_url: str) -> None:
    """Every take runs in a transaction of its own; whoever wins is the one who holds the case."""
    facts = Facts(level=Level.critical, language="kk")
    lawyers = database.change(cases.chain.members.all)
    for _ in range(2):
        case = database.change(lambda tx: fill(tx, cases, []))
        database.change(lambda tx, case=case: cases.hand_over(tx, case, facts), at=NOW)
        (waits,) = database.read(cases.waiting)
        winners = take_at_once(database_url, cases, waits, [lawyers[place % 2] for place in range(AT_ONCE)])
        held = database.change(lambda tx, row=case.row: cases.get(tx, row))
        assert winners == [claim(held).by]
        assert isinstance(held, Claimed)


def take_at_once(database_url: str, cases: Cases, waits: Waiting, lawyers: list[Member]) -> list[int]:
    """Lets each lawyer take over a connection of their own, again and again; who won, as often as they did."""
    gate = threading.Barrier(AT_ONCE)

    def takes(lawyer: Member) -> list[int]:
        database = Database(database_url)
        gate.wait()
        tries = [
            database.change(lambda tx: cases.claims.claim(tx, waits, lawyer), at=NOW) is not None
            for _ in range(TAKES // AT_ONCE)
        ]
        database.close()
        return [lawyer.id] * sum(tries)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [one for each in threads.map(takes, lawyers) for one in each]


def race(
    database_url: str, key_file: str, lawyer_id: int, rows: list[int], gate: Barrier, won: "Queue[list[int]]"
) -> None:
    """One process: its lawyer takes every case, in step with the other process."""
    ring = KeyRing.load(Path(key_file))
    members = Members(ring)
    cases = cases_of(ring, members)
    database, mine = Database(database_url), []
    lawyer = database.change(lambda tx: members.get(tx, lawyer_id))
    waiting = {case.row: case for case in database.read(cases.waiting)}
    for at in range(0, len(rows), IN_STEP):
        gate.wait()
        for row in rows[at : at + IN_STEP]:
            if database.change(lambda tx, case=waiting[row]: cases.claims.claim(tx, case, lawyer), at=NOW):
                mine.append(row)
    database.close()
    won.put(mine)


def race_in_two_processes(database: Database, cases: Cases, database_url: str, key_file: Path, races: int) -> None:
    """So many races; every case has exactly one winner, who is the one that the database names."""
    facts = Facts(level=Level.critical, language="kk")

    def wait(tx: Tx) -> int:
        case = fill(tx, cases, [])
        cases.hand_over(tx, case, facts)
        return case.row

    rows = [database.change(wait, at=NOW) for _ in range(races)]
    lawyers = [one.id for one in database.change(cases.chain.members.all)]
    context = get_context("spawn")
    gate, won = context.Barrier(2), context.Queue()
    racers = [
        context.Process(target=race, args=(database_url, str(key_file), lawyer, rows, gate, won)) for lawyer in lawyers
    ]
    for racer in racers:
        racer.start()
    wins = [won.get(timeout=600) for _ in racers]
    for racer in racers:
        racer.join()
    held = database.change(lambda tx: [claim(cases.get(tx, row)).by for row in rows])
    print(f"\n{races} races of two processes: {len(wins[0])} to {len(wins[1])}, one winner each")
    assert sorted(wins[0] + wins[1]) == rows
    assert all(one in lawyers for one in held)
    assert len(wins[0]) and len(wins[1])


def test_two_processes_race_for_every_case(database: Database, cases: Cases, database_url: str, tmp_path: Path) -> None:
    """Fault E31 in short: exactly one winner of each of 60 races; of 200 in `make both`."""
    race_in_two_processes(database, cases, database_url, tmp_path / "server.key", 200 if WHOLE else 60)


@pytest.mark.long
def test_ten_thousand_races(database: Database, cases: Cases, database_url: str, tmp_path: Path) -> None:
    """Fault E31."""
    race_in_two_processes(database, cases, database_url, tmp_path / "server.key", 10_000)
