"""What people send that is no text: sealed, in parts, beside the entry that names it."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Two tables; nobody has sent anything yet."""
    op.create_table(
        "sent_file",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_row", Id, sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("wanted_sealed", sa.LargeBinary()),
        sa.Column("message", sa.BigInteger()),
        sa.Column("seq", sa.Integer()),
        sa.Column("lost", sa.String(16)),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("taken_until", Moment()),
        sa.Column("last_error", sa.String(80)),
        sa.UniqueConstraint("place", name="uq_sent_file_place"),
    )
    op.create_index("ix_sent_file_case_row", "sent_file", ["case_row"])
    op.create_index("ix_sent_file_next_at", "sent_file", ["next_at"])
    op.create_table(
        "file_part",
        sa.Column("file_row", Id, sa.ForeignKey("sent_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
