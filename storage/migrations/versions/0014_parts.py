"""What a message in a member's chat is for, where it goes once that is over."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """What stands there now stays, as it would have."""
    op.add_column("in_chat", sa.Column("part", sa.String(24)))
