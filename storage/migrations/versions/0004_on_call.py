"""On call: duty, swaps, the rota, lists, offers, invitations, muted accounts, and how members are reached."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Moment

revision = "0004"
down_revision = "0003"


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


_COLUMNS: dict[str, tuple[sa.Column[Any], ...]] = {
    "case_file": (
        _flag("wants_ping"),
        sa.Column("outcome", sa.String(16)),
        sa.Column("check_mac", sa.LargeBinary(32)),
        _flag("checked"),
    ),
    "member": (
        _flag("suspended"),
        sa.Column("joined_at", Moment()),
        sa.Column("gone_at", Moment()),
        sa.Column("reach_asked_at", Moment()),
        sa.Column("reach_confirmed_at", Moment()),
    ),
    "handoff": (_flag("muted"), sa.Column("backstop_at", Moment())),
    "alert": (sa.Column("outside_at", Moment()),),
}


def _member(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey("member.id"), primary_key=key, nullable=False)


def upgrade() -> None:
    """Adds columns in place (0002 tells why) and the tables of this version."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "duty",
        sa.Column("id", Id, primary_key=True),
        _member("member_id"),
        sa.Column("on_duty", sa.Integer(), nullable=False),
        sa.Column("begins_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment()),
    )
    op.create_table(
        "swap",
        sa.Column("id", Id, primary_key=True),
        _member("asker"),
        _member("taker"),
        sa.Column("begins_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "rota",
        sa.Column("state", sa.String(8), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary()),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "list_card",
        _member("member_id", key=True),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("rang_at", Moment()),
    )
    op.create_table(
        "delivered",
        _member("member_id", key=True),
        sa.Column("message_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("case_row", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("ix_delivered_case_row", "delivered", ["case_row"])
    op.create_table(
        "offer",
        sa.Column("case_row", Id, sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        _member("member_id"),
        sa.Column("accepted_at", Moment()),
        sa.Column("wrap_kid", sa.String(32)),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "muted",
        sa.Column("chat_look_up", sa.LargeBinary(32), primary_key=True),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "taken",
        sa.Column("id", Id, primary_key=True),
        _member("member_id"),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_table(
        "invite",
        sa.Column("id", Id, primary_key=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("name_look_up", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("telegram_look_up", sa.LargeBinary(32), unique=True),
        sa.Column("joining_sealed", sa.LargeBinary()),
        sa.Column("tries", sa.Integer(), nullable=False),
    )
    op.create_table(
        "seen_time",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", Moment(), nullable=False),
    )
