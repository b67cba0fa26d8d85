"""Of several processes one at a time may change a message; a row that was queued anew is another than the one taken."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Nobody has a turn yet."""
    op.add_column("outbox", sa.Column("queued", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "turn",
        sa.Column("message", sa.String(60), primary_key=True),
        sa.Column("holder", sa.String(16), nullable=False),
        sa.Column("until", Moment, nullable=False),
    )
