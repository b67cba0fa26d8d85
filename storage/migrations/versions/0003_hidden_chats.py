"""A chat can be hidden: which messages it still shows, which case is out of sight; when each lawyer was told."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds columns in place (0002 tells why) and one table."""
    op.add_column("case_file", sa.Column("hidden", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alert", sa.Column("at", Moment()))
    op.create_table(
        "shown",
        sa.Column("chat_look_up", sa.LargeBinary(32), primary_key=True),
        sa.Column("message_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", Moment(), nullable=False),
    )
