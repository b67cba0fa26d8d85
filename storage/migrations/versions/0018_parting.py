"""A case whose person has deleted everything while a lawyer had it: when it is erased."""

import sqlalchemy as sa
from alembic import op

from storage.schema import MINUTE, Moment

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """No case is such a one yet: until now each was erased at once."""
    op.add_column("case_file", sa.Column("erase_at", Moment(MINUTE)))
