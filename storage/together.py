"""What the ladder asks of one case, in one statement: the members, what they hold, who was told, who can open it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Row

from storage import alerted, claims, duty, members, wraps
from storage.case import Status
from storage.schema import alert, case_file, member, on_until, wrap
from storage.tx import Reading, Tx

_HELD = (
    select(case_file.c.claimed_by, func.count().label("holds"))
    .where(case_file.c.status == Status.claimed)
    .group_by(case_file.c.claimed_by)
    .subquery()
)


def read_together(tx: Reading, case_row: int) -> None:
    """After it a change asks for none of this again (`Reading.once`), each under its own name."""
    if isinstance(tx, Tx):
        rows = tx.execute(_asked(case_row)).all()
        _know(tx, case_row, list({row.id: row for row in rows}.values()))


def _asked(case_row: int) -> Select[Any]:
    of_case = member.outerjoin(on_until, on_until.c.member_id == member.c.id)
    of_case = of_case.outerjoin(alert, (alert.c.member_id == member.c.id) & (alert.c.case_row == case_row))
    of_case = of_case.outerjoin(wrap, (wrap.c.member_id == member.c.id) & (wrap.c.case_row == case_row))
    of_case = of_case.outerjoin(_HELD, _HELD.c.claimed_by == member.c.id)
    labelled = [column.label(f"{column.table.name}_{column.name}") for column in (*on_until.c, *alert.c, wrap.c.kid)]
    return select(*member.c, *labelled, _HELD.c.holds).select_from(of_case).order_by(member.c.id)


def _know(tx: Tx, case_row: int, rows: Sequence[Row[Any]]) -> None:
    tx.know(members.ALL, [member], rows)
    tx.know(duty.UNTILS, [on_until], [_until(row) for row in rows if row.on_until_ends_at is not None])
    tx.know(claims.HELD, [case_file], {row.id: row.holds for row in rows if row.holds})
    tx.know(wraps.who_can_open(case_row), [wrap], [row.id for row in rows if row.wrap_kid is not None])
    tx.know(alerted.those_of(case_row), [alert], {row.id: _alerted(row) for row in rows if row.alert_state is not None})


def _until(row: Row[Any]) -> duty.Until:
    return duty.Until(row.id, row.on_until_begins_at, row.on_until_ends_at)


def _alerted(row: Row[Any]) -> alerted.Alerted:
    return alerted.Alerted(row.alert_message_id, row.alert_state, row.alert_outside_at, row.alert_told_at)
