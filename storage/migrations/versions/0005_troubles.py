"""What could not be done is remembered: how often it was tried, and when it is tried again."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds one table."""
    op.create_table(
        "trouble",
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("which", sa.String(40), primary_key=True),
        sa.Column("error_class", sa.String(80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment()),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("told_at", Moment()),
    )
