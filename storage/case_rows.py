"""Columns of a case's row that go together, and writing them."""

from collections.abc import Mapping

from sqlalchemy import Delete, Table, bindparam, delete, update

from storage.schema import case_file
from storage.tx import Tx

# What leads from a case to a person, and what belongs to a claim: nobody needs it once the case, or the claim, is over.
LINK: Mapping[str, object] = {"chat_look_up": None, "chat_sealed": None, "card_message": None, "wants_ping": 0}
CLAIM: Mapping[str, object] = {
    "claimed_at": None,
    "contacted_at": None,
    "check_mac": None,
    "checked": 0,
    "call_sealed": None,
}
WISH = "wish"  # in `outcome`: the person's own
_OF_ROW = update(case_file).where(case_file.c.id == bindparam("row"))  # what is set is given with the row


def gone_with_case(*tables: Table) -> tuple[Delete, ...]:
    """What takes out every row of these tables that is about the case `row`."""
    return tuple(delete(one).where(one.c.case_row == bindparam("row")) for one in tables)


def set_columns(tx: Tx, case_row: int, **values: object) -> None:
    """Writes these columns of a case's row, and what was put off."""
    put_off = tx.gather(case_file, _write).pop(str(case_row), {})
    tx.execute(_OF_ROW, {"row": case_row, **put_off, **values})


def put_off(tx: Tx, case_row: int, **values: object) -> None:
    """The same, once more of the row is written or it is asked for, or the change ends."""
    _put_off(tx, case_row, values)
    tx.forget(case_file)


def ends_at(tx: Tx, case_row: int, seq: int, head: str) -> None:
    """Where a case's chain ends now, put off in the same way; whoever knows the case need not know that."""
    _put_off(tx, case_row, {"seq": seq, "head": head})


def _put_off(tx: Tx, case_row: int, values: Mapping[str, object]) -> None:
    tx.gather(case_file, _write).setdefault(str(case_row), {}).update(values)


def _write(tx: Tx, rows: Mapping[str, Mapping[str, object]]) -> None:
    for case_row, values in rows.items():
        tx.execute(_OF_ROW, {"row": int(case_row), **values})
