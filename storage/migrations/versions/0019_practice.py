"""A practice case for each lawyer, and when they have finished it; the bot's own name."""

import sqlalchemy as sa
from alembic import op

from storage.schema import DAY, MINUTE, Id, Moment, Past

revision = "0019"
down_revision = "0018"
_member = sa.table(
    "member",
    sa.column("practised_at", Past(DAY)),
    sa.column("joined_at", Past(DAY)),
)


def upgrade() -> None:
    """Whoever is a member already was let in without one, and counts as cover as before."""
    op.add_column("member", sa.Column("practised_at", Past(DAY)))
    since = sa.func.coalesce(_member.c.joined_at, sa.func.current_timestamp())
    op.get_bind().execute(sa.update(_member).values(practised_at=since))
    op.create_table("own_name", sa.Column("name", sa.String(64), primary_key=True))
    op.create_table(
        "practice",
        sa.Column("member_id", Id, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(9), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("recipient", sa.String(2100), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("check_mac", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("done", sa.String(60), nullable=False),
        sa.Column("began_at", Moment(MINUTE), nullable=False),
    )
