"""A draft that an earlier version has sealed is read by this one, and one that it writes has the same names."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from flows.model import Chosen, Intake, OptionId, QuestionId
from storage.database import Database
from storage.intakes import Intakes, OpenIntake
from storage.schema import flow_revision
from storage.schema import intake as table
from storage.sealing.keyring import KeyRing
from storage.tx import Tx

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
REVISION = insert(flow_revision).values(revision="r", compiled=b"x")
# What the version of 27 November 2026 wrote, but for the intake in it (tests/flows/test_resting.py).
WROTE = {
    "tag": "abcdef",
    "handed": True,
    "withdrawn": False,
    "asked_urgent": True,
    "long_text": ["q33", 2, "2026-11-27T08:59:00Z"],
    "hidden": False,
    "veiled": ["q02"],
    "reopens": True,
    "silent": False,
    "last_said": [7, "q33"],
    "joined": False,
    "asked_at": "2026-11-27T08:58:00Z",
    "asked_after": 7,
    "lawyer_said": [1, 0],
    "album": None,
    "untold": None,
    "files": True,
    "files_of": ["a", "q33"],
    "around": 5,
}


def test_what_an_earlier_version_has_sealed_is_read_and_written_with_the_same_names(
    migrated: Path, tmp_path: Path
) -> None:
    file = tmp_path / "pana.db"
    file.write_bytes(migrated.read_bytes())
    database, ring = Database(f"sqlite:///{file}"), KeyRing.create(tmp_path / "server.key")
    intakes, look_up = Intakes(ring, timedelta(hours=48)), ring.look_up("telegram", 900)
    state = Intake(flow="r", language="kk", answers={QuestionId("q02"): Chosen((OptionId("held"),))}, asked=None)
    first = OpenIntake(look_up=look_up, chat_id=900, state=state, tag="abcdef", expires_at=NOW)

    def sealed(tx: Tx) -> dict[str, object]:
        row = tx.execute(table.select()).one()
        found: dict[str, object] = json.loads(ring.drafts.open("intake", "state", look_up.hex(), row.state_sealed))
        return found

    def earlier(tx: Tx) -> None:
        intakes.put(tx, first)
        draft = json.dumps({"intake": sealed(tx)["intake"], **WROTE}).encode()
        tx.execute(
            update(table).values(state_sealed=ring.drafts.seal(NOW.date(), "intake", "state", look_up.hex(), draft))
        )

    database.change(lambda tx: tx.execute(REVISION))
    database.change(earlier, at=NOW)
    found = database.read(lambda tx: intakes.find(tx, look_up), at=NOW)
    assert found is not None
    assert (found.tag, found.about_change, found.last_said, found.around) == ("abcdef", True, (7, "q33"), 5)
    assert (found.long_text, found.state) == (("q33", 2, NOW - timedelta(minutes=1)), state)

    def written(tx: Tx) -> dict[str, object]:
        intakes.put(tx, found)
        return sealed(tx)

    again = database.change(written, at=NOW)
    later = {"covered": False}  # came after it
    assert {name: told for name, told in again.items() if name != "intake"} == WROTE | later
    database.close()
