"""Until when the card of a sent request shows its code."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    """A card that stands now shows its code for as long as its person is heard of: it goes with the next look."""
    op.add_column("handoff", sa.Column("code_until", Moment()))
    op.create_index("ix_handoff_code_until", "handoff", ["code_until"])
    op.execute("UPDATE handoff SET code_until = began_at")
