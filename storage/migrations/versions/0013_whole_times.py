"""Times rest in whole seconds, and coarser where that is enough."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema import DAY, Moment, Past

revision = "0013"
down_revision = "0012"

_OTHERWISE = {
    ("seen_update", "at"): Moment(DAY),
    ("muted", "at"): Moment(DAY),
    ("member", "joined_at"): Moment(DAY),
    ("member", "met_at"): Past(DAY),
    ("member", "gone_at"): Past(DAY),
    ("handoff", "rang_at"): Past(),
    ("seen_time", "at"): Past(),
}


def upgrade() -> None:
    """Each time that is there is written again as it rests from now on; what it needs no more goes within days."""
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    for name in inspector.get_table_names():
        found = [one["name"] for one in inspector.get_columns(name) if isinstance(one["type"], sa.DateTime)]
        keys = inspector.get_pk_constraint(name)["constrained_columns"]
        times = [one for one in found if one not in keys]
        if times:
            _write_again(connection, name, keys, times)


def _write_again(connection: sa.Connection, name: str, keys: Sequence[str], times: Sequence[str]) -> None:
    types = {one: _OTHERWISE.get((name, one), Moment()) for one in times}
    table = sa.table(name, *(sa.column(one) for one in keys), *(sa.column(one, types[one]) for one in times))
    for row in connection.execute(sa.select(table)).all():
        values: dict[str, Any] = {one: at for one in times if (at := row._mapping[one]) is not None}
        here = sa.and_(*(table.c[one] == row._mapping[one] for one in keys))
        if values:
            connection.execute(sa.update(table).where(here).values(**values))
