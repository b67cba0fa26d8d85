"""What waits to be heard in a flood does not get lost with the process."""

import sqlalchemy as sa
from alembic import op

from storage.schema import HOUR, Moment

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """A table; nothing waits."""
    op.create_table(
        "waiting_update",
        sa.Column("update_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(HOUR), nullable=False),
    )
