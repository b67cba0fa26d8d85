"""What the ladder asks of one case, in one statement: the members, what they hold, who was told, who is on duty."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Row

from storage import alerted, claims, duty, members, rotas, wraps
from storage.case import Status
from storage.schema import Exact, Id, alert, case_file, handed, member, on_until, rota, taken, wrap
from storage.tx import Reading, Tx

_CASE_ROW, _SINCE = bindparam("case_row", type_=Id), bindparam("since", type_=Exact())
_HELD = (
    select(case_file.c.claimed_by, func.count().label("holds"))
    .where(case_file.c.status == Status.claimed, case_file.c.erase_at.is_(None))
    .group_by(case_file.c.claimed_by)
    .subquery()
)
_TAKEN = claims.taken_by(_SINCE).subquery()
# Asked at most presses, so it is made once. Of a member there is a row for each shift of theirs that changed hands.
_ASKED = (
    select(
        *member.c,
        *(one.label(f"{one.table.name}_{one.name}") for one in (*on_until.c, *handed.c, *alert.c, wrap.c.kid)),
        _HELD.c.holds,
        _TAKEN.c.takes,
        rotas.in_force().label("in_force"),
    )
    .select_from(member)
    .outerjoin(on_until, on_until.c.member_id == member.c.id)
    .outerjoin(handed, handed.c.owner == member.c.id)
    .outerjoin(alert, (alert.c.member_id == member.c.id) & (alert.c.case_row == _CASE_ROW))
    .outerjoin(wrap, (wrap.c.member_id == member.c.id) & (wrap.c.case_row == _CASE_ROW))
    .outerjoin(_HELD, _HELD.c.claimed_by == member.c.id)
    .outerjoin(_TAKEN, _TAKEN.c.member_id == member.c.id)
    .order_by(member.c.id)
)


def read_together(tx: Reading, case_row: int) -> None:
    """After it a change asks for none of this again (`Reading.once`), each under its own name."""
    every = members.ALL, duty.UNTILS, duty.HANDED, claims.HELD, wraps.who_can_open(case_row), alerted.those_of(case_row)
    if isinstance(tx, Tx) and not all(tx.knows(one) for one in every):
        _know(tx, case_row, tx.execute(_ASKED, {"case_row": case_row, "since": tx.now - claims.A_DAY}).all())


def _know(tx: Tx, case_row: int, rows: Sequence[Row[Any]]) -> None:
    shifts = {_handed(row) for row in _with(rows, "handed_owner")}
    tx.know(duty.HANDED, [handed], sorted(shifts, key=lambda one: (one.begins, one.owner)))
    if rows:
        tx.know(rotas.IN_FORCE, [rota], rows[0].in_force)
    rows = list({row.id: row for row in rows}.values())
    tx.know(members.ALL, [member], rows)
    tx.know(duty.UNTILS, [on_until], [_until(row) for row in _with(rows, "on_until_ends_at")])
    tx.know(claims.HELD, [case_file], {row.id: row.holds for row in _with(rows, "holds")})
    since = tx.now - claims.A_DAY
    tx.know(claims.have_taken(since), [taken], {row.id: row.takes for row in _with(rows, "takes")})
    tx.know(wraps.who_can_open(case_row), [wrap], [row.id for row in _with(rows, "wrap_kid")])
    tx.know(alerted.those_of(case_row), [alert], {row.id: _alerted(row) for row in _with(rows, "alert_state")})


def _with(rows: Sequence[Row[Any]], column: str) -> Sequence[Row[Any]]:
    """Those in which there is something of one of the joined tables."""
    return [row for row in rows if getattr(row, column) is not None]


def _until(row: Row[Any]) -> duty.Until:
    return duty.Until(row.id, row.on_until_begins_at, row.on_until_ends_at)


def _handed(row: Row[Any]) -> duty.Handed:
    begins, ends = row.handed_begins_at, row.handed_ends_at
    return duty.Handed(row.handed_owner, begins, ends, row.handed_holder, bool(row.handed_given_up))


def _alerted(row: Row[Any]) -> alerted.Alerted:
    return alerted.Alerted(row.alert_message_id, row.alert_state, row.alert_outside_at, row.alert_told_at)
