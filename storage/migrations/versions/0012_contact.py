"""How far claimer and person are in touch; who was really told; messages of one conversation in their order."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Moment

revision = "0012"
down_revision = "0011"

_CASE = sa.ForeignKey("case_file.id", ondelete="CASCADE")
NUMBERS = ("sent", "before", "seen", "missed", "excused", "heard", "receipt_of")
MOMENTS = ("seen_at", "spoke_at", "acted_at", "asked_at", "raised_at", "ending_at", "unreached_at")


def upgrade() -> None:
    """An alert whose message is known was told when it was queued; a claim has been silent since it was in touch."""
    op.create_table(
        "contact",
        sa.Column("case_row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), _CASE, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in NUMBERS),
        *(sa.Column(name, Moment()) for name in MOMENTS),
        sa.Column("receipt_message", sa.BigInteger),
        sa.Column("over", sa.String(8)),
    )
    op.add_column("relay", sa.Column("number", sa.Integer, nullable=False, server_default="0"))
    op.add_column("relay", sa.Column("corrects", sa.Integer, nullable=False, server_default="0"))
    op.add_column("alert", sa.Column("told_at", Moment()))
    op.add_column("outbox", sa.Column("chain", sa.String(40)))
    op.create_index("ix_outbox_chain", "outbox", ["chain"])
    op.execute("UPDATE alert SET told_at = at WHERE message_id IS NOT NULL OR state = 'listed'")
    op.execute(
        "INSERT INTO contact (case_row, spoke_at) SELECT id, coalesce(contacted_at, claimed_at) FROM case_file"
        " WHERE status = 'claimed'"
    )
