"""A member whose row cannot be read: the cases they hold or were to be told of go on, and the row can be made whole."""

from bot.cli.doctor import _rows_that_cannot_be_read as rows_that_cannot_be_read
from storage.case import Waiting
from storage.sealing import age
from storage.tx import Tx
from tests.bot.stage import Stage, opened_case, stage

__all__ = ["stage"]  # a fixture
SPOILT = (
    "UPDATE member SET about_sealed = substr(about_sealed, 1, 30) || x'00' || substr(about_sealed, 32) WHERE id = 1"
)


async def test_a_case_whose_claimer_cannot_be_read_goes_to_the_others_when_the_lease_ends(stage: Stage) -> None:
    """What was sent to the claimer's chat stays there; a rise of the case is kept, too."""
    core = stage.pana.core
    row = stage.change(lambda tx: opened_case(stage, tx, 900, claimed_by=1))
    stage.change(lambda tx: core.queue.delivered.keep(tx, 1, 77, row))
    stage.change(lambda tx: tx.connection.exec_driver_sql(SPOILT))
    stage.change(lambda tx: core.calls.graver.rings(tx, core.cases.get(tx, row), (), rises=True))
    stage.wait(3601)
    await stage.does("ladder")
    assert isinstance(stage.change(lambda tx: core.cases.get(tx, row)), Waiting)
    assert stage.ask(f"SELECT member_id FROM outbox WHERE kind = 'ring' AND case_row = {row}") == [2]
    assert stage.ask("SELECT tries FROM trouble") == []


async def test_who_cannot_be_read_counts_as_out_of_reach(stage: Stage) -> None:
    """Their alert goes, the coordinators hear it once, and nothing is tried on and on."""
    row = stage.change(lambda tx: opened_case(stage, tx, 901))
    await stage.does("ladder")
    stage.change(lambda tx: tx.connection.exec_driver_sql(SPOILT))
    await stage.send()
    assert stage.ask(f"SELECT member_id FROM outbox WHERE kind = 'ring' AND case_row = {row}") == []
    lines = "SELECT id FROM outbox WHERE kind = 'line' AND args LIKE '%gone%'"
    assert len(stage.ask(lines)) == 1
    await stage.send()
    assert stage.ask(lines) == []
    assert stage.ask("SELECT tries FROM trouble") == []


async def test_doctor_counts_them_and_adding_them_anew_makes_the_row_whole(stage: Stage) -> None:
    """Under the same row, so that their cases stay theirs; a member who can be read is never written over."""
    core = stage.pana.core
    stage.change(lambda tx: tx.connection.exec_driver_sql(SPOILT))
    (found,) = rows_that_cannot_be_read(stage.pana)
    assert (found.state, found.said.startswith("1 members: ")) == ("failed", True)

    def add(tx: Tx) -> int:
        recipient = age.recipient_of(age.generate_identity())
        return core.membership.add(
            tx,
            name="Aigul",
            telegram_id=201,
            role="lawyer",
            languages=["kk"],
            regions=(),
            recipient=recipient,
            on_call=True,
        ).id

    assert stage.change(add) == 1
    assert list(rows_that_cannot_be_read(stage.pana)) == []
