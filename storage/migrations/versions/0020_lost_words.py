"""Members can choose a lost word, of which a slow hash is kept; what is written may be a note for a colleague."""

import sqlalchemy as sa
from alembic import op

from storage.schema import DAY, Id, Past

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Nobody has chosen one yet, and what is being written is a message."""
    op.add_column("writing", sa.Column("note", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "lost_word",
        sa.Column("id", Id, primary_key=True),
        sa.Column("member_id", Id, sa.ForeignKey("member.id"), nullable=False, index=True),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("kept", sa.LargeBinary(32), nullable=False),
        sa.Column("replaced_at", Past(DAY)),
    )
