"""Duty: shifts that changed hands by what they are, "until" apart from "until changed", whom the bot has met."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Moment

revision = "0007"
down_revision = "0006"

_duty = sa.table(
    "duty",
    sa.column("id"),
    sa.column("member_id"),
    sa.column("on_duty"),
    sa.column("begins_at", Moment()),
    sa.column("ends_at", Moment()),
)
_handed = sa.table(
    "handed",
    sa.column("owner"),
    sa.column("begins_at", Moment()),
    sa.column("ends_at", Moment()),
    sa.column("holder"),
    sa.column("given_up"),
)
_until = sa.table("on_until", sa.column("member_id"), sa.column("begins_at", Moment()), sa.column("ends_at", Moment()))
_member = sa.table(
    "member",
    sa.column("id"),
    sa.column("on_call"),
    sa.column("joined_at", Moment()),
    sa.column("reach_confirmed_at", Moment()),
    sa.column("met_at", Moment()),
)


def upgrade() -> None:
    """Rows of `duty` become what they were said as; of whom a message is known, the bot has met them."""
    op.add_column("member", sa.Column("met_at", Moment()))
    op.create_table("on_until", _of_member("member_id", key=True), _moment("begins_at"), _moment("ends_at"))
    op.create_table(
        "handed",
        _of_member("owner", key=True),
        _moment("begins_at", key=True),
        _moment("ends_at", key=True),
        _of_member("holder"),
        sa.Column("given_up", sa.Integer(), nullable=False),
    )
    op.create_table(
        "duty_card", _of_member("member_id", key=True), sa.Column("message_id", sa.BigInteger(), nullable=False)
    )
    _carry_over()
    op.drop_table("duty")
    _met()


def _of_member(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey("member.id"), primary_key=key, nullable=False)


def _moment(name: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Moment(), primary_key=key, nullable=False)


def _carry_over() -> None:
    """A swap was two rows, off and on, for the same time; what had no end was said until changed."""
    connection = op.get_bind()
    rows = list(connection.execute(sa.select(_duty).order_by(_duty.c.id)).all())
    holders: dict[tuple[int, Any, Any], int] = {}
    untils: dict[int, Any] = {}
    for off, on in _swaps(rows):
        times = (off.begins_at, off.ends_at)
        owner = next((key[0] for key, holder in holders.items() if key[1:] == times and holder == off.member_id), None)
        holders[owner or off.member_id, *times] = on.member_id
        rows.remove(off)
        rows.remove(on)
    for row in rows:
        untils.pop(row.member_id, None)
        if row.ends_at is None:
            changed = sa.update(_member).where(_member.c.id == row.member_id).values(on_call=row.on_duty)
            connection.execute(changed)
        elif row.on_duty:
            untils[row.member_id] = row
    for (owner, begins, ends), holder in holders.items():
        if owner != holder:
            values = {"owner": owner, "begins_at": begins, "ends_at": ends, "holder": holder, "given_up": 0}
            connection.execute(sa.insert(_handed).values(**values))
    for member_id, row in untils.items():
        values = {"member_id": member_id, "begins_at": row.begins_at, "ends_at": row.ends_at}
        connection.execute(sa.insert(_until).values(**values))


def _swaps(rows: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Neighbours that one answer has made."""
    for off, on in list(pairwise(rows)):
        times = off.ends_at is not None and (off.begins_at, off.ends_at) == (on.begins_at, on.ends_at)
        if times and not off.on_duty and on.on_duty and off.member_id != on.member_id:
            yield off, on


def _met() -> None:
    """Who has confirmed a test page, or has a message of the bot in the chat; of others it is found out."""
    told = [
        sa.exists().where(sa.column("member_id", _selectable=table) == _member.c.id)
        for table in (sa.table("delivered", sa.column("member_id")), sa.table("list_card", sa.column("member_id")))
    ]
    alert = sa.table("alert", sa.column("member_id"), sa.column("message_id"))
    told.append(sa.exists().where((alert.c.member_id == _member.c.id) & alert.c.message_id.is_not(None)))
    known = sa.or_(_member.c.reach_confirmed_at.is_not(None), *told)
    since = sa.func.coalesce(_member.c.reach_confirmed_at, _member.c.joined_at, sa.func.current_timestamp())
    op.get_bind().execute(sa.update(_member).where(known).values(met_at=since))
