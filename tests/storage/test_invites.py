"""Invitations: a code is good once, for two days, and cannot be guessed or read from the database."""

import hashlib
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import Refused
from storage.invites import MOST_TRIES, VALID_FOR, Invites
from storage.sealing.keyring import KeyRing
from tests.storage.test_record import NOW, database

__all__ = ["database"]  # a fixture
GUESSES, AT_ONCE = 1000, 8


@pytest.fixture
def invites(tmp_path: Path) -> Invites:
    """Invitations of a fresh key file."""
    return Invites(KeyRing.create(tmp_path / "server.key"))


def make(database: Database, invites: Invites, name: str = "Dina") -> str:
    """A code for a lawyer."""
    return database.change(lambda tx: invites.make(tx, name, "lawyer", ["kk"], ()), at=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_thousand_guesses_find_nothing_and_only_the_hash_of_a_code_is_kept(
    database: Database, invites: Invites
) -> None:
    """Also codes that differ in one character; the right one still works afterwards, once, for one account."""
    code = make(database, invites)
    near = [code[:at] + other + code[at + 1 :] for at in range(len(code)) for other in "aZ0_" if other != code[at]]
    guesses = near + [secrets.token_urlsafe(16) for _ in range(GUESSES - len(near))]
    found = database.change(
        lambda tx: [invites.accept(tx, guess, 7) for guess in [*guesses, "", code.swapcase()]], at=NOW
    )
    assert [one for one in found if one is not None] == []
    (row,) = database.read(lambda reading: reading.connection.execute(text("SELECT * FROM invite")).all())
    assert hashlib.sha256(code.encode()).digest() in row
    assert not any(code.encode() in value for value in row if isinstance(value, bytes))
    late = NOW + VALID_FOR
    for account, now, good in ((8, late, False), (8, NOW, True), (9, NOW, False), (8, NOW, False)):
        accepted = database.change(lambda tx, a=account: invites.accept(tx, code, a), at=now)
        assert (accepted is not None) == good


def test_of_many_who_come_with_one_code_at_once_one_is_let_in(
    database: Database, database_url: str, invites: Invites
) -> None:
    """Each over a connection of its own, as from two processes."""
    for _ in range(5):
        code, gate = make(database, invites), threading.Barrier(AT_ONCE)

        def come(account: int, code: str = code, gate: threading.Barrier = gate) -> int | None:
            mine = Database(database_url)
            gate.wait()
            found = mine.change(lambda tx: invites.accept(tx, code, account), at=NOW)
            mine.close()
            return found.telegram_id if found else None

        with ThreadPoolExecutor(AT_ONCE) as threads:
            won = [one for one in threads.map(come, range(1, AT_ONCE + 1)) if one is not None]
        assert len(won) == 1


def test_bad_keys_end_an_invitation_and_a_new_one_can_follow(database: Database, invites: Invites) -> None:
    """The fifth is the last; what an account had before does not stand in the way of another invitation."""
    code = make(database, invites)
    one = database.change(lambda tx: invites.accept(tx, code, 7), at=NOW)
    assert one is not None
    going_on = [database.change(lambda tx: invites.key_came(tx, one, None), at=NOW) for _ in range(MOST_TRIES)]
    assert going_on == [True] * (MOST_TRIES - 1) + [False]
    assert database.change(lambda tx: invites.of(tx, 7), at=NOW) is None
    other = make(database, invites, "Dina K.")
    again = database.change(lambda tx: invites.accept(tx, other, 7), at=NOW)
    assert again is not None
    assert again.name == "Dina K."
    database.change(lambda tx: invites.key_came(tx, again, "age1pq1example"), at=NOW)
    found = database.change(lambda tx: invites.by_name(tx, "dina k."), at=NOW)
    assert (found.recipient, found.telegram_id) == ("age1pq1example", 7)
    with pytest.raises(Refused):  # two days later the key that came is too old as well
        database.change(lambda tx: invites.by_name(tx, "Dina K."), at=NOW + VALID_FOR + timedelta(seconds=1))
