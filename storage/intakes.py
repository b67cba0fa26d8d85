"""Open intakes: the questionnaire as far as it has come, under the draft key of the day.

Chosen options must stay readable while the questionnaire runs, to branch and to judge; that is at most
`expires_after` plus a day, because then the key is destroyed. Free text never comes here (storage/cases.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.engine import Row

from flows.model import Intake, QuestionId
from flows.state import dump, load
from storage.schema import intake as table
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx


class _Draft(msgspec.Struct, frozen=True):
    """What is sealed in `state_sealed`."""

    intake: msgspec.Raw
    tag: str
    handed: bool
    withdrawn: bool
    asked_urgent: bool
    long_text: tuple[str, int, datetime] | None
    hidden: bool = False
    veiled: tuple[QuestionId, ...] = ()
    reopens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIntake:
    """One person's open intake.

    `tag` is random and part of every button, so that a button of an earlier intake fits nothing. `handed` is true
    once a snapshot was sealed; `withdrawn` after "not now"; `long_text` names the question whose last text filled
    a whole message (question, parts so far, when), because the next text may belong to it; `hidden` after "hide chat";
    `veiled` are the questions whose answers the chat no longer shows, since the person has been silent after them;
    `reopens` a case that was sent: only what may have changed is asked.
    """

    look_up: bytes = field(repr=False)
    chat_id: int = field(repr=False)
    intake: Intake = field(repr=False)
    tag: str
    case_row: int | None = None
    card_message: int | None = None
    call_due_at: datetime | None = None
    expires_at: datetime
    handed: bool = False
    withdrawn: bool = False
    asked_urgent: bool = False
    long_text: tuple[str, int, datetime] | None = None
    hidden: bool = False
    veiled: tuple[QuestionId, ...] = ()
    reopens: bool = False
    touched_at: datetime | None = None
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Intakes:
    """Finds and keeps open intakes; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    expires_after: timedelta

    def find(self, tx: Reading, look_up: bytes) -> OpenIntake | None:
        """The open intake of a chat, or None."""
        # Locked by its row: on PostgreSQL two processes may hear the same person (docs/architecture.md, locks).
        query = tx.held(select(table).where(table.c.chat_look_up == look_up))
        row = tx.execute(query).one_or_none()
        return None if row is None else self._read(row)

    def known(self, tx: Reading, look_ups: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these chats have an open intake."""
        query = select(table.c.chat_look_up).where(table.c.chat_look_up.in_(look_ups))
        return frozenset(bytes(one) for one in tx.execute(query).scalars())

    def put(self, tx: Tx, one: OpenIntake, *, touched: bool = True) -> None:
        """Writes an intake as it now is; only the columns that say nothing about answers stay clear.

        `touched`: by its person, or by what need not be done again; else the silence goes on.
        """
        key = one.look_up.hex()
        draft = _Draft(
            intake=msgspec.Raw(dump(one.intake)),
            tag=one.tag,
            handed=one.handed,
            withdrawn=one.withdrawn,
            asked_urgent=one.asked_urgent,
            long_text=one.long_text,
            hidden=one.hidden,
            veiled=one.veiled,
            reopens=one.reopens,
        )
        sealed = self.ring.seal_draft(tx.now.date(), "intake", "state", key, msgspec.json.encode(draft))
        values = {
            "state_sealed": sealed,
            "revision": one.intake.flow,
            "case_row": one.case_row,
            "card_message": one.card_message,
            "call_due_at": one.call_due_at,
            "touched_at": tx.now if touched or one.touched_at is None else one.touched_at,
        }
        if one.stored:
            tx.execute(update(table).where(table.c.chat_look_up == one.look_up).values(**values))
            return
        chat = self.ring.seal_row("chat", "intake", "chat", key, str(one.chat_id).encode())
        values |= {"chat_look_up": one.look_up, "chat_sealed": chat, "expires_at": one.expires_at}
        tx.execute(insert(table).values(**values))

    def set_card(self, tx: Tx, look_up: bytes, message_id: int) -> None:
        """Remembers which message is the card."""
        tx.execute(update(table).where(table.c.chat_look_up == look_up).values(card_message=message_id))

    def remove(self, tx: Tx, look_up: bytes) -> None:
        """Takes the intake out."""
        tx.execute(delete(table).where(table.c.chat_look_up == look_up))

    def call_due(self, tx: Tx) -> Sequence[OpenIntake]:
        """Intakes whose person asked for urgent help, or named a danger, and has been silent since."""
        rows = tx.execute(_shared_out(select(table).where(table.c.call_due_at <= tx.now))).all()
        return [self._read(row) for row in rows]

    def expired(self, tx: Tx) -> Sequence[OpenIntake]:
        """Intakes past their time."""
        rows = tx.execute(_shared_out(select(table).where(table.c.expires_at <= tx.now))).all()
        return [self._read(row) for row in rows]

    def all(self, tx: Reading) -> Sequence[OpenIntake]:
        """Every open intake."""
        return [self._read(row) for row in tx.execute(select(table)).all()]

    def silent(self, tx: Tx, since: datetime) -> Sequence[OpenIntake]:
        """Intakes that nobody has touched since a moment, a hundred of them."""
        query = select(table).where(table.c.touched_at <= since).order_by(table.c.touched_at)
        rows = tx.execute(_shared_out(query)).all()
        return [self._read(row) for row in rows]

    def touched_since(self, tx: Reading, since: datetime) -> Sequence[OpenIntake]:
        """Intakes changed lately, whose reply may have been lost in a crash."""
        rows = tx.execute(select(table).where(table.c.touched_at >= since)).all()
        return [self._read(row) for row in rows]

    def _read(self, row: Row[tuple[object, ...]]) -> OpenIntake:
        key = row.chat_look_up.hex()
        draft = msgspec.json.decode(self.ring.open_draft("intake", "state", key, row.state_sealed), type=_Draft)
        return OpenIntake(
            look_up=row.chat_look_up,
            chat_id=int(self.ring.open_row("chat", "intake", "chat", key, row.chat_sealed)),
            intake=load(bytes(draft.intake)),
            tag=draft.tag,
            case_row=row.case_row,
            card_message=row.card_message,
            call_due_at=row.call_due_at,
            expires_at=row.expires_at,
            handed=draft.handed,
            withdrawn=draft.withdrawn,
            asked_urgent=draft.asked_urgent,
            long_text=draft.long_text,
            hidden=draft.hidden,
            veiled=draft.veiled,
            reopens=draft.reopens,
            touched_at=row.touched_at,
            stored=True,
        )


def _shared_out(query: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    """Due work, a hundred at a time, none of which another process has in hand."""
    return query.limit(100).with_for_update(skip_locked=True)
