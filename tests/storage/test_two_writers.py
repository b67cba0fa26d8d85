"""Two processes on one PostgreSQL get more done than one: `make two` prints how much."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from storage.database import Database
from storage.schema import flow_revision
from storage.sealing.keyring import KeyRing
from tests.storage.two_writers import Home, away, taps_a_second
from tests.whole import WHOLE

ROUND_TRIP = 0.001  # seconds; without it the cores of the machine would be measured, and who else uses them
AT_LEAST = 1.2  # times what one does; about 1.8 where nothing else runs


@pytest.mark.timed
@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("home", [None, "database"])
def test_a_second_process_does_not_wait_for_the_first(migrated_url: str, tmp_path: Path, home: Home) -> None:
    """Of different people; wherever the draft key rests that both seal with."""
    database, key_file = Database(migrated_url), tmp_path / "server.key"
    KeyRing.create(key_file)
    database.change(lambda tx: tx.execute(insert(flow_revision).values(revision="r", compiled=b"x")))
    database.close()
    with away(migrated_url, ROUND_TRIP) as url:
        one, two = 0.0, 0.0
        for _ in range(2):  # the second time only if something else ran beside the first
            one, two = (max(best, taps_a_second(url, key_file, home, many)) for many, best in ((1, one), (2, two)))
            if two >= AT_LEAST * one and not WHOLE:
                break
    print(f"\nkeys in the {home or 'file'}: one process {one:.0f} taps a second, two {two:.0f}: {two / one:.1f} times")
    assert two >= AT_LEAST * one
