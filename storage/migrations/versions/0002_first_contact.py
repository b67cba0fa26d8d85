"""First contact: the lease of a claim, relayed messages, what a lawyer is writing; a call that waits for silence."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds what a claim needs until the person has been reached."""
    # Columns are added in place. Alembic's batch mode would copy and drop the table on SQLite, and with foreign keys
    # on, dropping `case_file` takes every handoff, entry and wrap along.
    op.drop_index("ix_intake_urgent_due_at", "intake")
    op.execute("ALTER TABLE intake RENAME COLUMN urgent_due_at TO call_due_at")
    op.create_index(op.f("ix_intake_call_due_at"), "intake", ["call_due_at"])
    op.add_column("case_file", sa.Column("contacted_at", Moment()))
    op.add_column("case_file", sa.Column("deputy", Id, sa.ForeignKey("member.id")), inline_references=True)
    op.add_column("handoff", sa.Column("lease_until", Moment()))
    op.add_column("handoff", sa.Column("lease_asked", sa.Integer(), nullable=False, server_default="0"))
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
