"""Draft keys and the salts of muted accounts can rest in the database, for bots on several machines."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """A table; they rest where they did until `server.draft_keys` says otherwise."""
    op.create_table(
        "day_key",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
    )
