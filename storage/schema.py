"""The tables, and what may rest in them.

A column that is not in clear says what it holds, under which key, and until when (`rests`); every other column may be
read by anybody who holds the disk. The table in docs/threat-model.md, shredding (storage/database.py) and the test that
looks for leaks read the same lines. Rows stay inside `storage/`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

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
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import BigInteger, TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


class Shred(IntEnum):
    """When what was deleted or replaced leaves the disk: `soon` is within a second, `at_once` with the commit."""

    never = 0
    soon = 1
    at_once = 2


SHRED = "shred"  # the option of a deletion that says how soon, where it is not as the table says


def rests(under: str, holds: str, until: str, *, replaced: Shred = Shred.at_once) -> dict[str, object]:
    """What rests in a column: under which key, what it is, until when; and when a value that is replaced is gone."""
    return {"rests": under, "holds": holds, "until": until, "shred": replaced}


def deleted(shred: Shred) -> dict[str, object]:
    """When a row that is deleted is gone."""
    return {"shred": shred}


SERVER, DRAFT, MAC = "server key", "draft key of the day", "HMAC"
MUTE = "HMAC with a salt of the month, which is destroyed"
CASE, READER, HASH, CLEAR = "case key (age)", "a reader's key (age)", "SHA-256", "clear"
SLOW = "scrypt with the server key, HMAC with a salt of its own"


class Exact(TypeDecorator[datetime]):
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


SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Moment(Exact):
    """A moment as it rests: in whole seconds at the most, since finer ones lead from a row to an update of Telegram.

    What is due then, or is counted from then, is rounded up: nothing comes early, and no lease ends early. Compared
    with a column, a moment is exact. `whole`: how coarse.
    """

    cache_ok = True

    def __init__(self, whole: timedelta = SECOND) -> None:
        super().__init__()
        self.whole = whole

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        exact = super().process_bind_param(value, dialect)
        return exact if exact is None else self.rests(exact)

    def rests(self, exact: datetime) -> datetime:
        """What is kept of an exact moment in UTC."""
        return exact + (_EPOCH - exact) % self.whole

    def coerce_compared_value(self, op: object, value: object) -> TypeEngine[Any]:
        """Only what is kept is rounded; `<= now` means now."""
        del op, value
        return Exact()


class Past(Moment):
    """A moment that only says when something was: rounded down, so that it never lies ahead."""

    cache_ok = True

    def rests(self, exact: datetime) -> datetime:
        return exact - (exact - _EPOCH) % self.whole


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_they_rest(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by column as a table gives them back: moments in UTC, as coarse as they are kept."""
    return {name: _as_it_rests(table.c[name], value) for name, value in values.items()}


def _as_it_rests(column: Column[Any], value: Any) -> Any:
    if isinstance(value, datetime) and isinstance(column.type, Moment):
        return column.type.rests(value.astimezone(UTC))
    return value


Id = BigInteger().with_variant(Integer, "sqlite")

seen_update = Table(
    "seen_update",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment(DAY), nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("error_class", String(80), nullable=False),
    Column("at", Moment(HOUR), nullable=False),
)

# What waits in a flood, of people with something open: it is confirmed to Telegram before it is heard.
waiting_update = Table(
    "waiting_update",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "raw_sealed", LargeBinary, nullable=False, info=rests(SERVER, "an update of a flood", "heard; a day at most")
    ),
    Column("at", Moment(HOUR), nullable=False),
    info=deleted(Shred.soon),
)

flow_revision = Table(
    "flow_revision",
    metadata,
    Column("revision", String(64), primary_key=True),
    Column("compiled", LargeBinary, nullable=False, info=rests(CLEAR, "the questionnaire's texts", "-")),
)

intake = Table(
    "intake",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_look_up", LargeBinary(32), nullable=False, unique=True, info=rests(MAC, "account", "intake ends")),
    Column("chat_sealed", LargeBinary, nullable=False, info=rests(SERVER, "chat id", "intake ends")),
    Column(
        "state_sealed",
        LargeBinary,
        nullable=False,
        info=rests(DRAFT, "options and dates chosen so far", "intake ends", replaced=Shred.soon),
    ),
    Column("revision", ForeignKey("flow_revision.revision"), nullable=False),
    Column("case_row", ForeignKey("case_file.id")),
    Column("card_message", BigInteger),
    Column("call_due_at", Moment, index=True),
    Column("touched_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("warned_at", Moment),
    Index("ix_intake_expires_at", "expires_at"),
    info=deleted(Shred.at_once),
)

case_file = Table(
    "case_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code_look_up", String(9), nullable=False, info=rests(MAC, "case code", "a day after erasing")),
    Column("code_sealed", LargeBinary, info=rests(SERVER, "case code", "a day after erasing")),
    Column("case_id", String(64), nullable=False, unique=True),
    Column("recipient", String(2100), nullable=False),
    Column("status", String(8), nullable=False),
    Column("level", String(8), nullable=False),
    Column("revision", ForeignKey("flow_revision.revision"), nullable=False),
    Column("chat_look_up", LargeBinary(32), info=rests(MAC, "account", "closing")),
    Column("chat_sealed", LargeBinary, info=rests(SERVER, "chat id, language", "closing")),
    Column("card_message", BigInteger),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("created_on", Date, nullable=False),
    Column("claimed_by", ForeignKey("member.id")),
    Column("claimed_at", Past),
    Column("closed_at", Moment(HOUR)),
    Column("erase_at", Moment(MINUTE)),
    Column("contacted_at", Past),
    Column("deputy", ForeignKey("member.id")),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Column("wants_ping", Integer, nullable=False, server_default="0"),
    Column("outcome", String(16)),
    Column("call_sealed", LargeBinary, info=rests(SERVER, "secret of the call words, their language", "claim ends")),
    Column("check_mac", LargeBinary(32), info=rests(MAC, "check word of the claimer", "claim ends")),
    Column("checked", Integer, nullable=False, server_default="0"),
    Index("ix_case_file_chat_look_up", "chat_look_up"),
    Index("ix_case_file_status", "status"),
    UniqueConstraint("code_look_up", name="uq_case_file_code"),
    info=deleted(Shred.at_once),
)

entry = Table(
    "entry",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=rests(CASE, "answers, texts, messages", "case erased")),
    info=deleted(Shred.at_once),
)

# What a person has sent that is no text. Its row is there before it is fetched, and becomes the index of its parts.
sent_file = Table(
    "sent_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", String(32), nullable=False, unique=True),
    Column(
        "wanted_sealed",
        LargeBinary,
        info=rests(SERVER, "a file's id at Telegram, its name, size and message", "kept, or refused; at most a day"),
    ),
    Column("message", BigInteger),
    Column("seq", Integer),
    Column("lost", String(16)),
    Column("parts", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("sent_at", Moment, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("taken_until", Moment),
    Column("last_error", String(80)),
    Index("ix_sent_file_next_at", "next_at"),
    info=deleted(Shred.at_once),
)

file_part = Table(
    "file_part",
    metadata,
    Column("file_row", ForeignKey("sent_file.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False, info=rests(CASE, "photos, papers, voices", "case erased")),
    info=deleted(Shred.at_once),
)

wrap = Table(
    "wrap",
    metadata,
    Column("kid", String(32), primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("member_id", ForeignKey("member.id")),
    Column("sealed", LargeBinary, nullable=False, info=rests(READER, "the case key", "reader dropped")),
    info=deleted(Shred.at_once),
)

member = Table(
    "member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_look_up", LargeBinary(32), nullable=False, unique=True, info=rests(MAC, "Telegram id", "-")),
    Column("name_look_up", LargeBinary(32), nullable=False, unique=True, info=rests(MAC, "working name", "-")),
    Column("about_sealed", LargeBinary, nullable=False, info=rests(SERVER, "name, Telegram id, languages, ways", "-")),
    Column("role", String(11), nullable=False),
    Column("recipient", String(2100), nullable=False, info=rests(CLEAR, "public key", "-")),
    Column("on_call", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("suspended", Integer, nullable=False, server_default="0"),
    Column("joined_at", Moment(DAY)),
    Column("met_at", Past(DAY)),
    Column("gone_at", Past(DAY)),
    Column("reach_asked_at", Moment),
    Column("reach_confirmed_at", Moment),
    Column("practised_at", Past(DAY)),
    info=deleted(Shred.at_once),
)

# The bot's user name: one row.
own_name = Table("own_name", metadata, Column("name", String(64), primary_key=True))

# The practice case of a lawyer who has begun it: no case, so it stands in no table of theirs.
practice = Table(
    "practice",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("code", String(9), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("recipient", String(2100), nullable=False),
    Column("revision", String(64), nullable=False),
    Column("check_mac", LargeBinary(32), nullable=False, info=rests(MAC, "check word of the practice case", "its end")),
    Column("sealed", LargeBinary, nullable=False, info=rests(CASE, "a practice case: nobody's answers", "its end")),
    Column("held", Integer, nullable=False),
    Column("done", String(60), nullable=False),
    Column("began_at", Moment(MINUTE), nullable=False),
    info=deleted(Shred.soon),
)

handoff = Table(
    "handoff",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "facts_sealed",
        LargeBinary,
        nullable=False,
        info=rests(
            SERVER,
            "what alerts say: level, reasons, deadlines, region, the options and the days of papers that stand on their"
            " lines; never a text",
            "closing",
            replaced=Shred.soon,
        ),
    ),
    Column("began_at", Moment, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("rang_at", Past),
    Column("next_due_at", Moment, index=True),
    Column("lease_until", Moment),
    Column("lease_asked", Integer, nullable=False, server_default="0"),
    Column("muted", Integer, nullable=False, server_default="0"),
    Column("backstop_at", Moment),
    Column("code_until", Moment, index=True),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    Column("quiet_until", Moment),
    info=deleted(Shred.at_once),
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
    Column("seen_at", Past),
    *(Column(name, Moment) for name in ("spoke_at", "asked_at", "raised_at", "ending_at")),
    *(Column(name, Past(DAY)) for name in ("acted_at", "unreached_at")),
    Column("receipt_message", BigInteger),
    Column("over", String(8)),
    info=deleted(Shred.at_once),
)

relay = Table(
    "relay",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("member_id", ForeignKey("member.id")),
    Column("place", String(32), nullable=False, unique=True),
    Column("text_sealed", LargeBinary, nullable=False, info=rests(SERVER, "a message on its way", "shown, or a day")),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("corrects", Integer, nullable=False, server_default="0"),
    Column("at", Moment, nullable=False),
    Column("shown_at", Moment),
    info=deleted(Shred.soon),
)

writing = Table(
    "writing",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("text_sealed", LargeBinary, info=rests(SERVER, "a message being written", "sent, or 15 minutes")),
    Column("at", Moment, nullable=False),
    Column("note", Integer, nullable=False, server_default="0"),
    info=deleted(Shred.soon),
)

alert = Table(
    "alert",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger),
    Column("state", String(8), nullable=False),
    Column("at", Past(MINUTE)),
    Column("told_at", Past(MINUTE)),
    Column("outside_at", Moment),
    info=deleted(Shred.soon),
)

# Who has said "on duty until", whatever the rota says.
on_until = Table(
    "on_until",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("begins_at", Past, nullable=False),
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
    Column("at", Past(DAY), nullable=False),
)

# The rota as it is in force, and one that waits for a coordinator's yes; `broken` and `refused` keep only the hash,
# `told` which unusable events coordinators have heard of, `covered` that somebody was on call a minute ago.
rota = Table(
    "rota",
    metadata,
    Column("state", String(8), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("text_sealed", LargeBinary, info=rests(SERVER, "who is on duty when", "a newer one")),
    Column("at", Past(DAY), nullable=False),
    info=deleted(Shred.soon),
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
    info=deleted(Shred.soon),
)

# The messages of members' chats of thirty days, so that a chat can be emptied. `part`: what one is for that goes before
# (storage/in_chat.py).
in_chat = Table(
    "in_chat",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Past, nullable=False),
    Column("part", String(24)),
    info=deleted(Shred.soon),
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

# What a member's lost word became. One that was replaced goes on working for a week.
lost_word = Table(
    "lost_word",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("salt", LargeBinary(16), nullable=False, info=rests(CLEAR, "random", "used, replaced + 7 d")),
    Column("kept", LargeBinary(32), nullable=False, info=rests(SLOW, "a member's lost word", "used, replaced + 7 d")),
    Column("replaced_at", Past(DAY)),
    info=deleted(Shred.at_once),
)

# A false alarm that can still be undone: what closing has removed, until it is removed for good.
undoing = Table(
    "undoing",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("chat_look_up", LargeBinary(32), nullable=False, info=rests(MAC, "account", "undone, or ten minutes")),
    Column(
        "kept_sealed", LargeBinary, nullable=False, info=rests(SERVER, "what closing removes", "undone, or ten minutes")
    ),
    Column("ends_at", Moment, nullable=False),
    info=deleted(Shred.at_once),
)

# How often an account has called in the last day, under a name that leads to nothing else.
account = Table(
    "account",
    metadata,
    Column("mark", LargeBinary(32), primary_key=True, info=rests(MAC, "account, by a name of its own", "a day")),
    Column("cases", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("rang_at", Moment),
    Column("rang_for", Integer, nullable=False),
    Column("told_at", Moment),
    info=deleted(Shred.at_once),
)

# The claimer has offered a case to another lawyer; `wrap_sealed` is that lawyer's wrap until they confirm it opens.
offer = Table(
    "offer",
    metadata,
    Column("case_row", ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("accepted_at", Past(DAY)),
    Column("wrap_kid", String(32)),
    Column("at", Past(DAY), nullable=False),
    info=deleted(Shred.at_once),
)

# Accounts whose case was a false alarm: later ones ring nobody.
muted = Table(
    "muted",
    metadata,
    Column("account_mac", LargeBinary(32), primary_key=True, info=rests(MUTE, "account", "90 days")),
    Column("at", Moment(DAY), nullable=False),
    info=deleted(Shred.at_once),
)

# When members took cases, for a day: nobody should collect them.
taken = Table(
    "taken",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("at", Past, nullable=False),
    info=deleted(Shred.soon),
)

# One-time codes for new members: only the hash of a code is kept.
invite = Table(
    "invite",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True, info=rests(HASH, "one-time code", "two days")),
    Column("name_look_up", LargeBinary(32), nullable=False, unique=True, info=rests(MAC, "working name", "two days")),
    Column("about_sealed", LargeBinary, nullable=False, info=rests(SERVER, "name, role, languages", "two days")),
    Column("expires_at", Moment, nullable=False),
    Column("telegram_look_up", LargeBinary(32), unique=True, info=rests(MAC, "Telegram id", "two days")),
    Column("joining_sealed", LargeBinary, info=rests(SERVER, "Telegram id, public key", "two days")),
    Column("tries", Integer, nullable=False),
    info=deleted(Shred.at_once),
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
    Column("at", Past, nullable=False),
)

shown = Table(
    "shown",
    metadata,
    Column("chat_look_up", LargeBinary(32), primary_key=True, info=rests(MAC, "account", "closing")),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Past, nullable=False),
    info=deleted(Shred.soon),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("case_row", BigInteger),
    Column("member_id", BigInteger),
    Column("chat_sealed", LargeBinary, info=rests(SERVER, "chat id, or a file's id", "sent, or a day after closing")),
    Column("args", String(2000), nullable=False),
    Column("dedupe_key", String(120), nullable=False, unique=True),
    Column("chain", String(40)),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("taken_until", Moment),
    Column("last_error", String(80)),
    Column("queued", Integer, nullable=False, server_default="0"),
    Index("ix_outbox_next_at", "next_at"),
    Index("ix_outbox_chain", "chain"),
    info=deleted(Shred.soon),
)

# Which of several processes may change one message now: the message by kind, case and member, as the outbox names its
# rows; the holder by a name that it has given itself.
turn = Table(
    "turn",
    metadata,
    Column("message", String(60), primary_key=True),
    Column("holder", String(16), nullable=False),
    Column("until", Moment, nullable=False),
    info=deleted(Shred.soon),
)

# The keys of the key file that rows of this database need: a server key by its number with a MAC made with a subkey of
# it, which says nothing about the key; or the day of a draft key. `lost_at`: the operator has said that it is gone.
instance_key = Table(
    "instance_key",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("key_check", LargeBinary(32), info=rests(MAC, "shows which server.key belongs to it", "-")),
    Column("lost_at", Past(DAY)),
)

# Keys of a day, where they rest in the database (storage/key_rows.py): a draft key by its day, a salt by its month.
day_key = Table(
    "day_key",
    metadata,
    Column("name", String(16), primary_key=True),
    Column(
        "key_sealed",
        LargeBinary,
        nullable=False,
        info=rests(SERVER, "draft key of a day, salt of a month of muted accounts", "no row needs it"),
    ),
)
