"""Who can open which case: one claimer, wraps that go, and whose wrap is the last that can be used."""

from datetime import timedelta

from sqlalchemy import update

from flows.facts import Facts
from flows.model import Level
from storage import claims as kept_claims
from storage.case import Case
from storage.cases import Cases
from storage.database import Database
from storage.membership import Membership
from storage.schema import member
from storage.sealing import age
from storage.tx import Tx
from tests.cases import claim
from tests.storage.test_record import NOW, cases, database, fill

__all__ = ["cases", "database"]  # fixtures
FACTS = Facts(level=Level.critical, language="kk")


def waiting(database: Database, cases: Cases) -> Case:
    """A case that both lawyers can open."""

    def change(tx: Tx) -> Case:
        case = fill(tx, cases, ["x"])
        cases.hand_over(tx, case, FACTS)
        return cases.get(tx, case.row)

    return database.change(change, at=NOW)


def able(database: Database, cases: Cases, case: Case) -> set[str]:
    """Who holds a wrap."""
    rows = database.read(lambda tx: cases.wraps.can_open(tx, case.row))
    return {one.name for one in database.read(cases.chain.members.all) if one.id in rows}


def test_one_of_two_who_take_a_case_at_once_gets_it(database: Database, cases: Cases) -> None:
    """Both have seen that it waits."""
    case = waiting(database, cases)
    aigul, boris = database.read(cases.chain.members.all)[:2]
    assert database.change(lambda tx: cases.claims.claim(tx, case, aigul), at=NOW)
    assert not database.change(lambda tx: cases.claims.claim(tx, case, boris), at=NOW)
    assert claim(database.read(lambda tx: cases.get(tx, case.row))).by == aigul.id


def test_what_a_claimer_has_proved_ends_with_the_claim(database: Database, cases: Cases) -> None:
    """Whoever takes or is handed the case next must open it themselves before they write."""
    case = waiting(database, cases)
    aigul, boris = database.read(cases.chain.members.all)[:2]
    words: list[str] = []

    def entry(word: str, call: str) -> "object":
        from storage.record import Entry, EntryKind

        words.append(word)
        return Entry(kind=EntryKind.check, at="2026-11-24", value={"word": word, "call": call})

    def begun(tx: Tx) -> None:
        cases.claims.set_check_word(tx, cases.get(tx, case.row), entry)  # type: ignore[arg-type]

    database.change(lambda tx: cases.claims.claim(tx, case, aigul), at=NOW)
    database.change(begun, at=NOW)
    assert database.change(lambda tx: cases.claims.check(tx, cases.get(tx, case.row), words[-1]), at=NOW)
    assert claim(database.read(lambda tx: cases.get(tx, case.row))).checked
    database.change(begun, at=NOW)  # handed over
    assert not claim(database.read(lambda tx: cases.get(tx, case.row))).checked
    database.change(lambda tx: cases.claims.check(tx, cases.get(tx, case.row), words[-1]), at=NOW)
    database.change(lambda tx: cases.claims.waits_again(tx, cases.get(tx, case.row)), at=NOW)
    waits = database.read(lambda tx: cases.get(tx, case.row))
    assert database.change(lambda tx: cases.claims.claim(tx, waits, boris), at=NOW)  # type: ignore[arg-type]
    assert not claim(database.read(lambda tx: cases.get(tx, case.row))).checked


def test_a_wrap_of_who_takes_no_part_saves_no_case(database: Database, cases: Cases) -> None:
    """Neither of somebody suspended nor of somebody disabled: the last other one must not go without asking."""
    case = waiting(database, cases)
    aigul, boris = database.read(cases.chain.members.all)[:2]
    alone = lambda: database.read(lambda tx: list(cases.wraps.only_open_by(tx, aigul.id)))  # noqa: E731
    assert alone() == []
    for values in ({"suspended": 1}, {"active": 0}):
        database.change(lambda tx, v=values: tx.execute(update(member).where(member.c.id == boris.id).values(**v)))
        assert alone() == [case.row]
        database.change(lambda tx: tx.execute(update(member).values(suspended=0, active=1)))
        assert alone() == []


def test_a_newer_wrap_takes_the_place_of_the_one_before(database: Database, cases: Cases) -> None:
    """Each member has one."""
    case = waiting(database, cases)
    (boris,) = [one for one in database.read(cases.chain.members.all) if one.name == "Boris"]
    for kid in ("0a", "0b"):
        database.change(lambda tx, kid=kid: cases.wraps.add(tx, case.row, boris.id, kid, b"x"))
    assert [kid for kid, _ in database.read(lambda tx: cases.wraps.of(tx, case.row, only_for=boris.id))] == ["0b"]


def test_from_contact_and_from_handing_over_on_others_can_open_nothing(database: Database, cases: Cases) -> None:
    """Claimer, deputy and recovery; then the new claimer and the one before."""
    case = waiting(database, cases)
    recipient = age.recipient_of(age.generate_identity())

    def join(tx: Tx) -> None:
        Membership(members=cases.chain.members, recovery=()).add(
            tx,
            name="Dina",
            telegram_id=3,
            role="lawyer",
            languages=["kk"],
            regions=(),
            recipient=recipient,
            on_call=True,
        )

    database.change(join)
    everybody = {one.name: one for one in database.read(cases.chain.members.all)}
    for name in ("Dina",):
        database.change(lambda tx, n=name: cases.wraps.add(tx, case.row, everybody[n].id, f"0{n}", b"x"))
    recovery = len(database.read(lambda tx: cases.wraps.of(tx, case.row))) - 3
    database.change(lambda tx: cases.claims.claim(tx, case, everybody["Aigul"], timedelta(hours=1)), at=NOW)
    claimed = database.read(lambda tx: cases.get(tx, case.row))
    database.change(lambda tx: cases.claims.contacted(tx, claimed, everybody["Boris"].id), at=NOW)
    assert able(database, cases, case) == {"Aigul", "Boris"}
    database.change(lambda tx: cases.wraps.add(tx, case.row, everybody["Dina"].id, "0c", b"x"))
    held = database.read(lambda tx: cases.get(tx, case.row))
    database.change(lambda tx: cases.claims.passed_to(tx, held, everybody["Dina"], None), at=NOW)
    assert able(database, cases, case) == {"Aigul", "Dina"}
    assert len(database.read(lambda tx: cases.wraps.of(tx, case.row))) == 2 + recovery


def test_who_is_suspended_cannot_open_what_nobody_has_taken(database: Database, cases: Cases) -> None:
    """Open or waiting; what was claimed before is somebody's."""
    case = waiting(database, cases)
    (boris,) = [one for one in database.read(cases.chain.members.all) if one.name == "Boris"]
    database.change(lambda tx: cases.wraps.drop_waiting(tx, boris.id))
    assert able(database, cases, case) == {"Aigul"}


def test_only_the_cases_of_the_last_day_count_for_what_a_lawyer_may_take(database: Database, cases: Cases) -> None:
    """Of older ones nothing is kept."""
    case = waiting(database, cases)
    aigul = database.read(cases.chain.members.all)[0]
    database.change(lambda tx: cases.claims.claim(tx, case, aigul), at=NOW)  # type: ignore[arg-type]

    def count(later: timedelta) -> int:
        return database.change(
            lambda tx: kept_claims.taken_since(tx, aigul.id, tx.now - timedelta(days=1)), at=NOW + later
        )

    assert count(timedelta(hours=23)) == 1
    assert count(timedelta(hours=25)) == 0
