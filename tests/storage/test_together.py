"""What is read together, known after a write, or put off says the same as what stands in the database."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

import storage.chain
from flows.facts import Facts
from flows.model import Level
from storage import claims as kept_claims
from storage import shown
from storage.alerted import AlertedMembers
from storage.case import Claimed, Waiting
from storage.cases import Cases
from storage.database import Database
from storage.duty import Duties
from storage.members import Member, Members
from storage.record import new_code
from storage.rotas import Rotas
from storage.sealing.keyring import KeyRing
from storage.together import read_together
from storage.tx import Reading, Tx
from storage.updates import first_heard, first_time
from tests.storage.test_record import NOW, cases, database, fill

__all__ = ["cases", "database"]  # fixtures
FACTS = Facts(level=Level.critical, language="kk")
LOOK_UP = b"5" * 32  # of the chat of every case here
AN_HOUR = timedelta(hours=1)


def waiting(tx: Tx, cases: Cases) -> Waiting:
    """A case before the lawyers."""
    return cases.hand_over(tx, fill(tx, cases, []), FACTS)


@pytest.fixture
def lawyers(database: Database, cases: Cases) -> tuple[Member, Member]:
    """Aigul and Boris."""
    aigul, boris = database.read(cases.chain.members.all)
    return aigul, boris


def test_what_is_read_together_is_what_is_found_by_itself(
    database: Database, cases: Cases, lawyers: tuple[Member, Member]
) -> None:
    """Members, who can open the case and was told, what each holds and took, who is on duty and by which rota."""
    (aigul, boris), duties, rotas = lawyers, Duties(), Rotas(cases.ring)

    def prepare(tx: Tx) -> int:
        case, other = waiting(tx, cases), waiting(tx, cases)
        cases.alerted.keep(tx, case.row, aigul.id, state="passed", message_id=3, at=tx.now)
        cases.wraps.drop(tx, case.row, boris.id)
        assert cases.claims.claim(tx, other, boris) is not None
        duties.stay(tx, aigul.id, tx.now + AN_HOUR)
        for number in range(3):  # all of one owner, out of order
            begins = tx.now + (3 - number) * AN_HOUR
            duties.hand(tx, aigul.id, begins, begins + AN_HOUR, boris.id, given_up=number == 1)
        duties.hand(tx, boris.id, tx.now, tx.now + AN_HOUR, aigul.id, given_up=False)
        rotas.keep(tx, "accepted", "a" * 64, b"in force")
        rotas.keep(tx, "pending", "b" * 64, b"not yet")
        return case.row

    row = database.change(prepare, at=NOW)

    def found(tx: Reading) -> list[object]:
        return [
            cases.chain.members.all(tx),
            cases.wraps.can_open(tx, row),
            dict(cases.alerted.of(tx, row)),
            dict(kept_claims.held(tx)),
            [kept_claims.taken_since(tx, one.id, tx.now - kept_claims.A_DAY) for one in lawyers],
            duties.untils(tx),
            duties.handed(tx),
            rotas.in_force(tx),
        ]

    def together(tx: Tx) -> list[object]:
        read_together(tx, row)
        return found(tx)

    by_itself = database.read(found, at=NOW + AN_HOUR)
    assert database.change(together, at=NOW + AN_HOUR) == by_itself
    assert by_itself[-1] == "a" * 64 and len(by_itself[-2]) == 4 and by_itself[4] == [0, 1]  # type: ignore[arg-type]


KEPT: dict[str, Callable[[Tx, AlertedMembers, int, int], None]] = {
    "state": lambda tx, alerted, row, one: alerted.keep(tx, row, one, state="listed", message_id=None, at=tx.now),
    "message": lambda tx, alerted, row, one: alerted.keep(tx, row, one, message_id=9),
    "outside": lambda tx, alerted, row, one: alerted.keep(tx, row, one, outside_at=tx.now),
}


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("kept", KEPT)
def test_what_is_known_of_an_alert_that_was_written_is_what_stands_there(
    database: Database, cases: Cases, lawyers: tuple[Member, Member], kept: str, before: bool
) -> None:
    """Of one that was there, and of a new one; the other's stays."""
    aigul, boris = lawyers
    now = NOW + timedelta(microseconds=1)  # rests more coarsely

    def change(tx: Tx) -> tuple[int, object]:
        row = waiting(tx, cases).row
        cases.alerted.keep_all(tx, row, [boris.id, *([aigul.id] if before else [])], state="told", message_id=4)
        cases.alerted.of(tx, row)
        KEPT[kept](tx, cases.alerted, row, aigul.id)
        return row, dict(cases.alerted.of(tx, row))

    row, known = database.change(change, at=now)
    assert known == database.read(lambda tx: cases.alerted.of(tx, row))


def test_a_claim_is_seen_at_once_although_its_row_is_written_later(
    database: Database, cases: Cases, lawyers: tuple[Member, Member]
) -> None:
    """Whichever way the case was known before; and whoever comes second has not won."""
    aigul, boris = lawyers

    def change(tx: Tx) -> list[object]:
        case = waiting(tx, cases)
        ways = [
            lambda: cases.get(tx, case.row),
            lambda: cases.of_chat(tx, LOOK_UP),
            lambda: cases.by_code(tx, case.code),
        ]
        assert all(isinstance(way(), Waiting) for way in ways)
        won = cases.claims.claim(tx, case, aigul)
        again = cases.claims.claim(tx, case, boris)
        return [won is not None, again, *(way() for way in ways), dict(kept_claims.held(tx))]

    won, again, *cases_then, held = database.change(change, at=NOW)
    assert won and again is None and held == {aigul.id: 1}
    assert all(isinstance(one, Claimed) and one.claim.by == aigul.id for one in cases_then)


def test_a_code_that_another_case_has_is_not_given_again(
    database: Database, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often chance finds it."""
    first, free = database.change(lambda tx: fill(tx, cases, []).code), new_code()

    def by_chance() -> Iterator[str]:
        while True:
            yield from (first, first, free)

    codes = by_chance()
    monkeypatch.setattr(storage.chain, "new_code", lambda: next(codes))
    assert database.change(lambda tx: fill(tx, cases, []).code) == free


def test_what_a_chat_shows_is_known_with_its_cases_and_without_one(database: Database, cases: Cases) -> None:
    """What was kept twice stands there once; what goes is gone; another chat's messages are its own."""
    other = b"6" * 32

    def change(tx: Tx) -> list[object]:
        for message in (7, 8, 7):
            shown.keep(tx, LOOK_UP, message)
        shown.keep(tx, other, 9)
        alone = [cases.all_of_chat(tx, LOOK_UP), shown.beside(tx, LOOK_UP, 8)]
        waiting(tx, cases)
        with_a_case = [len(cases.all_of_chat(tx, LOOK_UP)), shown.beside(tx, LOOK_UP, None)]
        shown.gone(tx, LOOK_UP, [7, 9, 100])
        return [*alone, *with_a_case, shown.beside(tx, LOOK_UP), shown.beside(tx, other)]

    assert database.change(change, at=NOW) == [[], [7], 1, [7, 8], [8], [9]]
    assert database.read(lambda tx: shown.beside(tx, LOOK_UP)) == [8]


def test_a_member_is_found_by_their_update_whether_it_comes_for_the_first_time_or_again(
    database: Database, cases: Cases, lawyers: tuple[Member, Member]
) -> None:
    """Nobody else is, nor who takes part no more."""
    members, (aigul, boris) = cases.chain.members, lawyers
    database.change(lambda tx: leaves(tx, boris))

    def heard(tx: Tx, number: int, sender: int) -> tuple[bool, Member | None]:
        first = first_heard(tx, number, members.look_up(sender))
        return first, members.by_telegram(tx, sender)

    for number, (sender, member) in enumerate([(1, aigul), (2, None), (3, None)]):
        found = [database.change(lambda tx, one=(number, sender): heard(tx, *one)) for _ in range(2)]
        assert found == [(True, member), (False, member)]
    assert not database.change(lambda tx: first_time(tx, 0))


def leaves(tx: Tx, member: Member) -> None:
    """Takes part no more."""
    storage.members.set_columns(tx, member.id, active=0)


def test_a_row_of_a_member_is_opened_again_only_when_it_says_something_else(
    database: Database, cases: Cases, lawyers: tuple[Member, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whichever process it was changed."""
    members, opened, opens = Members(cases.ring), list[str](), KeyRing.open_row

    def open_row(ring: KeyRing, purpose: str, table: str, column: str, row: str, blob: bytes) -> bytes:
        opened.append(table)
        return opens(ring, purpose, table, column, row, blob)  # type: ignore[arg-type]

    monkeypatch.setattr(KeyRing, "open_row", open_row)
    for _ in range(2):
        assert database.read(members.all) == list(lawyers)
    assert len(opened) == len(lawyers)
    database.change(lambda tx: leaves(tx, lawyers[1]))
    assert [one.active for one in database.read(members.all)] == [True, False]
