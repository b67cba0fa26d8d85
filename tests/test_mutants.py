"""The list of faults is true: each still fits the code, and names tests that there are (tests/mutants.py)."""

from collections import Counter

from tests.mutants import ROOT, listed, misplaced

MUTANTS = listed()


def test_each_fault_changes_one_place_of_the_code() -> None:
    """Whoever changes that place changes the list with it; none is there twice."""
    assert misplaced(MUTANTS) == []
    assert [name for name, times in Counter(one.id for one in MUTANTS).items() if times > 1] == []


def test_each_fault_names_the_tests_that_should_notice_it() -> None:
    """Files of the suite."""
    files = {test.partition("::")[0] for one in MUTANTS for test in one.tests}
    assert [file for file in files if not (ROOT / file).is_file()] == []
    assert all(one.tests for one in MUTANTS)


def test_every_room_where_a_fault_is_grave_has_some() -> None:
    """And there are enough of them to say something."""
    rooms = Counter(one.file for one in MUTANTS)
    assert len(MUTANTS) >= 103  # those that were found by hand, and sixty more
    for file in (
        "flows/triage.py",
        "flows/clocks.py",
        "bot/handoff/ladder.py",
        "bot/handoff/claims.py",
        "bot/speech/presses.py",
        "bot/gate.py",
        "bot/seeker/hiding.py",
        "storage/wraps.py",
        "storage/outbox.py",
        "storage/database.py",
        "storage/record.py",
        "storage/sealing/keyring.py",
    ):
        assert rooms[file] > 2, file
