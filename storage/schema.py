"""The tables, and what may rest in them (docs/architecture.md has the table of who can read what).

Columns named `*_sealed` hold AES-256-GCM under a server subkey, or an age file; every other column may be read
by anybody who holds the disk. Rows stay inside `storage/`.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import BigInteger

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
# A table with this holds what must leave the disk once it is deleted: a checkpoint follows (storage/database.py).
SHREDDED = {"shred": True}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")

seen_update = Table(
    "seen_update",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("error_class", String(80), nullable=False),
    Column("at", Moment, nullable=False),
)

flow_revision = Table(
    "flow_revision",
    metadata,
    Column("revision", String(64), primary_key=True),
    Column("compiled", LargeBinary, nullable=False),
)

intake = Table(
    "intake",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_look_up", LargeBinary(32), nullable=False, unique=True),
    Column("chat_sealed", LargeBinary, nullable=False),
    Column("state_sealed", LargeBinary, nullable=False),
    Column("revision", ForeignKey("flow_revision.revision"), nullable=False),
    Column("case_row", ForeignKey("case_file.id")),
    Column("card_message", BigInteger),
    Column("call_due_at", Moment, index=True),
    Column("touched_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_intake_expires_at", "expires_at"),
    info=SHREDDED,
)

case_file = Table(
    "case_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(9), nullable=False, unique=True),
    Column("case_id", String(64), nullable=False, unique=True),
    Column("recipient", String(2100), nullable=False),
    Column("status", String(8), nullable=False),
    Column("level", String(8), nullable=False),
    Column("revision", ForeignKey("flow_revision.revision"), nullable=False),
    Column("chat_look_up", LargeBinary(32)),
    Column("chat_sealed", LargeBinary),
    Column("card_message", BigInteger),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("created_on", Date, nullable=False),
    Column("claimed_by", ForeignKey("member.id")),
    Column("claimed_at", Moment),
    Column("closed_at", Moment),
    Column("contacted_at", Moment),
    Column("deputy", ForeignKey("member.id")),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Column("wants_ping", Integer, nullable=False, server_default="0"),
    Column("outcome", String(16)),
    Column("check_mac", LargeBinary(32)),
    Column("checked", Integer, nullable=False, server_default="0"),
    Index("ix_case_file_chat_look_up", "chat_look_up"),
    Index("ix_case_file_status", "status"),
)

entry = Table(
    "entry",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    info=SHREDDED,
)

wrap = Table(
    "wrap",
    metadata,
    Column("kid", String(32), primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("member_id", ForeignKey("member.id")),
    Column("sealed", LargeBinary, nullable=False),
    info=SHREDDED,
)

member = Table(
    "member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_look_up", LargeBinary(32), nullable=False, unique=True),
    Column("name_look_up", LargeBinary(32), nullable=False, unique=True),
    Column("about_sealed", LargeBinary, nullable=False),
    Column("role", String(11), nullable=False),
    Column("recipient", String(2100), nullable=False),
    Column("on_call", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("suspended", Integer, nullable=False, server_default="0"),
    Column("joined_at", Moment),
    Column("met_at", Moment),
    Column("gone_at", Moment),
    Column("reach_asked_at", Moment),
    Column("reach_confirmed_at", Moment),
)

handoff = Table(
    "handoff",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("facts_sealed", LargeBinary, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("rang_at", Moment),
    Column("next_due_at", Moment, index=True),
    Column("lease_until", Moment),
    Column("lease_asked", Integer, nullable=False, server_default="0"),
    Column("muted", Integer, nullable=False, server_default="0"),
    Column("backstop_at", Moment),
    Column("code_until", Moment, index=True),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    Column("quiet_until", Moment),
    info=SHREDDED,
)

# How far claimer and person are in touch: numbers of messages, moments, ids of messages (storage/contact.py).
contact = Table(
    "contact",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("sent", "before", "seen", "missed", "excused", "heard", "receipt_of")
    ),
    *(
        Column(name, Moment)
        for name in ("seen_at", "spoke_at", "acted_at", "asked_at", "raised_at", "ending_at", "unreached_at")
    ),
    Column("receipt_message", BigInteger),
    Column("over", String(8)),
    info=SHREDDED,
)

relay = Table(
    "relay",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("member_id", ForeignKey("member.id")),
    Column("place", String(32), nullable=False, unique=True),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("corrects", Integer, nullable=False, server_default="0"),
    Column("at", Moment, nullable=False),
    Column("shown_at", Moment),
    info=SHREDDED,
)

writing = Table(
    "writing",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("text_sealed", LargeBinary),
    Column("at", Moment, nullable=False),
    info=SHREDDED,
)

alert = Table(
    "alert",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger),
    Column("state", String(8), nullable=False),
    Column("at", Moment),
    Column("told_at", Moment),
    Column("outside_at", Moment),
)

# Who has said "on duty until", whatever the rota says.
on_until = Table(
    "on_until",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

# A shift of the rota that somebody else has, or that whoever has it has ended. It is known by whom the rota names and
# by its times: when the rota has no such shift any more, the row is over.
handed = Table(
    "handed",
    metadata,
    Column("owner", ForeignKey("member.id"), primary_key=True),
    Column("begins_at", Moment, primary_key=True),
    Column("ends_at", Moment, primary_key=True),
    Column("holder", ForeignKey("member.id"), nullable=False),
    Column("given_up", Integer, nullable=False),
)

# The message in a lawyer's chat that tells of their duty; it is corrected when that changes.
duty_card = Table(
    "duty_card",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
)

# A shift that one lawyer has asked another to take.
swap = Table(
    "swap",
    metadata,
    Column("id", Id, primary_key=True),
    Column("asker", ForeignKey("member.id"), nullable=False),
    Column("taker", ForeignKey("member.id"), nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
)

# The rota as it is in force, and one that waits for a coordinator's yes; `broken` and `refused` keep only the hash,
# `told` which unusable events coordinators have heard of, `covered` that somebody was on call a minute ago.
rota = Table(
    "rota",
    metadata,
    Column("state", String(8), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("text_sealed", LargeBinary),
    Column("at", Moment, nullable=False),
)

# The one card of a lawyer that lists many cases.
list_card = Table(
    "list_card",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger),
    Column("rang_at", Moment),
)

# Messages about a case in members' chats, to be removed after a day or when the case leaves them.
delivered = Table(
    "delivered",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_row", BigInteger, nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

# The messages of members' chats that Telegram still lets a bot remove: those of two days.
in_chat = Table(
    "in_chat",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

# Suspensions by Telegram in the last hour, and those that wait for a second coordinator's yes.
suspending = Table(
    "suspending",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("asked_by", ForeignKey("member.id"), nullable=False),
    Column("waits", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

# A false alarm that can still be undone: what closing has removed, until it is removed for good.
undoing = Table(
    "undoing",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("chat_look_up", LargeBinary(32), nullable=False),
    Column("kept_sealed", LargeBinary, nullable=False),
    Column("ends_at", Moment, nullable=False),
    info=SHREDDED,
)

# How often an account has called in the last day, under a name that leads to nothing else.
account = Table(
    "account",
    metadata,
    Column("mark", LargeBinary(32), primary_key=True),
    Column("cases", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("rang_at", Moment),
    Column("rang_for", Integer, nullable=False),
    Column("told_at", Moment),
    info=SHREDDED,
)

# The claimer has offered a case to another lawyer; `wrap_sealed` is that lawyer's wrap until they confirm it opens.
offer = Table(
    "offer",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("accepted_at", Moment),
    Column("wrap_kid", String(32)),
    Column("at", Moment, nullable=False),
    info=SHREDDED,
)

# Accounts whose case was a false alarm: later ones ring nobody.
muted = Table(
    "muted",
    metadata,
    Column("chat_look_up", LargeBinary(32), primary_key=True),
    Column("at", Moment, nullable=False),
)

# When members took cases, for a day: nobody should collect them.
taken = Table(
    "taken",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# One-time codes for new members: only the hash of a code is kept.
invite = Table(
    "invite",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("name_look_up", LargeBinary(32), nullable=False, unique=True),
    Column("about_sealed", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("telegram_look_up", LargeBinary(32), unique=True),
    Column("joining_sealed", LargeBinary),
    Column("tries", Integer, nullable=False),
    info=SHREDDED,
)

# What could not be done, of which row or job, and when it is tried again; without a time it has been set aside.
trouble = Table(
    "trouble",
    metadata,
    Column("what", String(16), primary_key=True),
    Column("which", String(40), primary_key=True),
    Column("error_class", String(80), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Moment),
    Column("at", Moment, nullable=False),
    Column("told_at", Moment),
)

# The last wall time that a process saw: a clock that was set back must delay nothing.
seen_time = Table(
    "seen_time",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

shown = Table(
    "shown",
    metadata,
    Column("chat_look_up", LargeBinary(32), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("case_row", BigInteger),
    Column("member_id", BigInteger),
    Column("chat_sealed", LargeBinary),
    Column("args", String(2000), nullable=False),
    Column("dedupe_key", String(120), nullable=False, unique=True),
    Column("chain", String(40)),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("taken_until", Moment),
    Column("last_error", String(80)),
    Index("ix_outbox_next_at", "next_at"),
    Index("ix_outbox_chain", "chain"),
)

# The keys of the key file that rows of this database need: a server key by its number with a MAC made with a subkey of
# it, which says nothing about the key; or the day of a draft key. `lost_at`: the operator has said that it is gone.
instance_key = Table(
    "instance_key",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("key_check", LargeBinary(32)),
    Column("lost_at", Moment),
)
