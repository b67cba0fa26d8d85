"""First contact: the lease of a claim, relayed messages, what a lawyer is writing."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds what a claim needs until the person has been reached."""
    with op.batch_alter_table("case_file") as table:
        table.add_column(sa.Column("contacted_at", Moment()))
        table.add_column(sa.Column("deputy", Id))
        table.create_foreign_key(op.f("fk_case_file_deputy"), "member", ["deputy"], ["id"])
    with op.batch_alter_table("handoff") as table:
        table.add_column(sa.Column("lease_until", Moment()))
        table.add_column(sa.Column("lease_asked", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "relay",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_row", Id, sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", Id, sa.ForeignKey("member.id")),
        sa.Column("place", sa.String(32), nullable=False, unique=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("shown_at", Moment()),
    )
    op.create_index(op.f("ix_relay_case_row"), "relay", ["case_row"])
    op.create_table(
        "writing",
        sa.Column("member_id", Id, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        sa.Column("case_row", Id, sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary()),
        sa.Column("at", Moment(), nullable=False),
    )
