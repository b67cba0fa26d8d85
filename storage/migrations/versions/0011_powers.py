"""What one account, one coordinator, one tap may bring about: counters, second opinions, a false alarm undone."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Four tables, empty; of what waits already it is not known whether anything was answered, so it counts as that."""
    op.add_column("handoff", sa.Column("unanswered", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("handoff", sa.Column("quiet_until", Moment()))
    op.create_table(
        "in_chat",
        sa.Column("member_id", Id, sa.ForeignKey("member.id", name="fk_in_chat_member_id"), primary_key=True),
        sa.Column("message_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "suspending",
        sa.Column("member_id", Id, sa.ForeignKey("member.id", name="fk_suspending_member_id"), primary_key=True),
        sa.Column("asked_by", Id, sa.ForeignKey("member.id", name="fk_suspending_asked_by"), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "undoing",
        sa.Column(
            "case_row",
            Id,
            sa.ForeignKey("case_file.id", name="fk_undoing_case_row", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("member_id", Id, sa.ForeignKey("member.id", name="fk_undoing_member_id"), nullable=False),
        sa.Column("chat_look_up", sa.LargeBinary(32), nullable=False),
        sa.Column("kept_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
    )
    op.create_table(
        "account",
        sa.Column("mark", sa.LargeBinary(32), primary_key=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("rang_at", Moment()),
        sa.Column("rang_for", sa.Integer(), nullable=False),
        sa.Column("told_at", Moment()),
    )
