"""Whether the person of an intake was told that it is about to end."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Nobody was told yet."""
    op.add_column("intake", sa.Column("warned_at", Moment()))
