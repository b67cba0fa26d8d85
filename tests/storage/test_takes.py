"""Two lawyers, two cases, 200 takes each at once, from two processes' worth of connections: one winner."""

import threading
from concurrent.futures import ThreadPoolExecutor

from storage.cases import Cases, Facts
from storage.members import Member
from storage.writer import Database
from tests.storage.test_record import NOW, cases, database, fill

__all__ = ["cases", "database"]  # fixtures
TAKES, AT_ONCE = 200, 4


def test_of_two_hundred_takes_at_once_exactly_one_wins(database: Database, cases: Cases, database_url: str) -> None:
    """Every take runs in a transaction of its own; whoever wins is the one who holds the case."""
    facts = Facts(level="critical", reasons=(), region=None, language="kk")
    lawyers = database.now(cases.members.all)
    for _ in range(2):
        case = database.now(lambda connection: fill(connection, cases, []))
        database.now(lambda connection, case=case: cases.hand_over(connection, case, facts, NOW))
        winners = take_at_once(database_url, cases, case.row, [lawyers[place % 2] for place in range(AT_ONCE)])
        held = database.now(lambda connection, row=case.row: cases.get(connection, row))
        assert winners == [held.claimed_by]
        assert held.status == "claimed"


def take_at_once(database_url: str, cases: Cases, row: int, lawyers: list[Member]) -> list[int]:
    """Lets each lawyer take over a connection of their own, again and again; who won, as often as they did."""
    gate = threading.Barrier(AT_ONCE)

    def takes(lawyer: Member) -> list[int]:
        database = Database(database_url)
        gate.wait()
        tries = [
            database.now(lambda connection: cases.claim(connection, cases.get(connection, row), lawyer, NOW))
            for _ in range(TAKES // AT_ONCE)
        ]
        database.close()
        return [lawyer.id] * sum(tries)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [one for each in threads.map(takes, lawyers) for one in each]
