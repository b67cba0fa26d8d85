"""What mypy must refuse: mistakes, written here as somebody would make them. It is run once, over all of them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from mypy import api as mypy

ROOT = Path(__file__).parents[1]
MISTAKES = {
    "looks": """\
from sqlalchemy import delete
from storage.schema import muted
from storage.tx import Reading
from storage.updates import first_time

def look(tx: Reading) -> None:
    tx.execute(delete(muted))  # wrong
    first_time(tx, 1)  # wrong
    tx.after(print)  # wrong
""",
    "leaves_out": """\
from bot.delivery.kind import Kind, Removal, nobody_told, nothing_kept
from bot.handoff.queue import Queue
from storage.outbox import Due, RowKind
from storage.tx import Tx

def draw(_tx: Tx, due: Due) -> Removal:
    return Removal(chat_id=due.chat_id or 0)

Kind(draw=draw, kept=nothing_kept, lost=nobody_told)
Kind(kept=nothing_kept, lost=nobody_told)  # wrong
Kind(draw=draw, lost=nobody_told)  # wrong
Kind(draw=draw, kept=nothing_kept)  # wrong

def put(queue: Queue, tx: Tx) -> None:
    queue.to_member(tx, RowKind.ring, 1)
    queue.to_member(tx, 'ring', 1)  # wrong
""",
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[int]]:
    """The lines that mypy refuses, of each file.

    With the project's own settings, so that what `make check` has just found out need not be found out anew.
    """
    folder = tmp_path_factory.mktemp("mistakes")
    for name, code in MISTAKES.items():
        (folder / f"{name}.py").write_text(code)
    files = [str(folder / f"{name}.py") for name in MISTAKES]
    said, _, status = mypy.run(["--config-file", str(ROOT / "pyproject.toml"), *files])
    assert status == 1, said
    errors = [line.split(":") for line in said.splitlines() if ": error: " in line]
    return {name: {int(line) for path, line, *_ in errors if Path(path).stem == name} for name in MISTAKES}


def wrong(name: str) -> set[int]:
    """The lines that are marked so."""
    return {number for number, line in enumerate(MISTAKES[name].splitlines(), start=1) if line.endswith("# wrong")}


def test_mypy_tells_reading_from_changing(refused: Mapping[str, set[int]]) -> None:
    """Whoever was given a `Reading` can neither change anything nor call who does."""
    assert refused["looks"] == wrong("looks") != set()


def test_no_kind_is_left_without_a_room_and_no_room_without_one_of_its_parts(
    refused: Mapping[str, set[int]],
) -> None:
    """Nor is a row of a kind that does not exist queued."""
    assert refused["leaves_out"] == wrong("leaves_out") != set()
