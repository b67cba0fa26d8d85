"""Which keys of the server's key file this database needs: a wrong or older key file is refused at start."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table, empty: the first command that opens both key file and database judges by the rows and fills it."""
    op.create_table(
        "instance_key",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("key_check", sa.LargeBinary(32)),
        sa.Column("lost_at", Moment()),
    )
