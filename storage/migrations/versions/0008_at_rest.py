"""Case codes rest as a MAC and sealed, call words come from a secret, and an erased case goes after a day;
muted accounts are known by a salt of their month.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage import codes
from storage.errors import NotReady
from storage.schema import Moment
from storage.sealing.errors import SealingError
from storage.sealing.keyring import KeyRing

revision = "0008"
down_revision = "0007"

_case = sa.table(
    "case_file",
    sa.column("id", sa.Integer),
    sa.column("code_look_up", sa.String),
    sa.column("code_sealed", sa.LargeBinary),
    sa.column("case_id", sa.String),
    sa.column("status", sa.String),
    sa.column("closed_at", Moment()),
)
_muted = sa.table("muted", sa.column("account_mac", sa.LargeBinary), sa.column("at", Moment()))
_member = sa.table("member", sa.column("telegram_look_up", sa.LargeBinary), sa.column("about_sealed", sa.LargeBinary))


def upgrade() -> None:
    """The column of the code becomes that of its MAC; a table that is rebuilt would take with it what hangs on it.

    Raises NotReady where there are cases and the key file is not there, or another one.
    """
    op.add_column("case_file", sa.Column("code_sealed", sa.LargeBinary()))
    op.add_column("case_file", sa.Column("call_sealed", sa.LargeBinary()))
    op.execute("ALTER TABLE case_file RENAME COLUMN code TO code_look_up")
    connection = op.get_bind()
    cases = connection.execute(sa.select(_case.c.id, _case.c.case_id, _case.c.code_look_up)).all()
    op.execute("ALTER TABLE muted RENAME COLUMN chat_look_up TO account_mac")
    accounts = connection.execute(sa.select(_muted)).all()
    ring = _ring(connection, [*cases, *accounts])
    if ring is not None:
        for row in accounts:
            mac = ring.mutes.mac(row.at.date(), bytes(row.account_mac))
            here = _muted.c.account_mac == row.account_mac
            connection.execute(sa.update(_muted).where(here).values(account_mac=mac))
        for row in cases:
            rested = codes.rested(ring, row.case_id, row.code_look_up)
            connection.execute(sa.update(_case).where(_case.c.id == row.id).values(**rested))
    erased = sa.update(_case).where(_case.c.status == "erased", _case.c.closed_at.is_(None))
    connection.execute(erased.values(closed_at=datetime.now(UTC)))


def _ring(connection: sa.Connection, rows: Sequence[object]) -> KeyRing | None:
    """The key ring of this database, None where no row needs it."""
    if not rows:
        return None
    config = op.get_context().config
    ring: KeyRing | None = config.attributes.get("ring") if config is not None else None
    if ring is None:
        raise NotReady("this step seals the codes of cases: put back server.key, then run `pana migrate` again")
    members = connection.execute(sa.select(_member)).all()
    if members and not any(_opens(ring, one) for one in members):
        raise NotReady(
            "the key file is not that of this database: put back its own server.key, then run `pana migrate`"
        )
    return ring


def _opens(ring: KeyRing, row: Any) -> bool:
    try:
        ring.open_row("member", "member", "about", bytes(row.telegram_look_up).hex(), bytes(row.about_sealed))
    except SealingError:
        return False
    return True
