"""Open intakes: the questionnaire as far as it has come, under the draft key of the day.

Chosen options must stay readable while the questionnaire runs, to branch and to judge; that is at most
`expires_after` plus a day, because then the key is destroyed. Free text never comes here (storage/chain.py).
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Insert, Update, bindparam, delete, func, insert, select, text, update
from sqlalchemy.engine import Row

from flows.model import Intake, QuestionId, Untold
from storage import key_rows
from storage.errors import Unreadable
from storage.schema import SHRED, Exact, Shred
from storage.schema import intake as table
from storage.sealing.draft_keys import draft_day
from storage.sealing.keyring import KeyRing
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable


class _Draft(Untold, frozen=True):
    """What is sealed in `state_sealed`: names in it stay."""

    state: Intake = msgspec.field(name="intake")
    tag: str
    handed: bool
    withdrawn: bool
    asked_urgent: bool
    long_text: tuple[str, int, datetime] | None
    hidden: bool = False
    veiled: tuple[QuestionId, ...] = ()
    about_change: bool = msgspec.field(default=False, name="reopens")
    silent: bool = False
    last_said: tuple[int, QuestionId] | None = None
    joined: bool = False
    asked_at: datetime | None = None
    asked_after: int = 0
    lawyer_said: tuple[int, int] = (0, 0)
    album: str | None = None
    untold: str | None = None
    files: bool = False
    files_of: tuple[str, str] | None = None
    around: int = 1
    covered: bool = False


class OpenIntake(Untold, frozen=True, kw_only=True):
    """One person's open intake.

    `tag` is random and part of every button, so that a button of an earlier intake fits nothing. `handed` is true
    once a snapshot was sealed; `withdrawn` after "not now"; `long_text` names the question whose last text filled
    a whole message (question, parts so far, when), because the next text may belong to it; `hidden` after "hide chat";
    `veiled` are the questions whose answers the chat no longer shows, since the person has been silent after them;
    `about_change` of a case that was sent: only what may have changed is asked; `silent` when its person was last
    heard of more than a quarter of an hour ago; `last_said` is the message in which the last answer was typed, and its
    question: it may still be corrected; `joined` to a case of the same account, which has enough of them: that one is
    hidden, and stays so. `asked_at`: since when the open question stands on the card; `asked_after`: the newest message
    that was known then. `lawyer_said`: the numbers of the lawyer's last message that was sent and of the last one
    that was opened, as they were then or when its person wrote back; `album`: the one whose caption answered last;
    `untold`: a text of ours that stands behind a neutral message. `files`: photos, papers or voices were sent of which
    the card still has to say what became of them; `files_of`: the album to which the last one belongs, and the question
    that it answers, empty for none. `around`: the place in a long list of answers that is seen. `covered`: a neutral
    message, or another card, stands in the place of the question.
    `expires_at` follows the last sign of life; `warned_at`: its person was told since then that it comes near.
    """

    look_up: bytes
    chat_id: int
    state: Intake
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
    about_change: bool = False
    silent: bool = False
    last_said: tuple[int, QuestionId] | None = None
    joined: bool = False
    asked_at: datetime | None = None
    asked_after: int = 0
    lawyer_said: tuple[int, int] = (0, 0)
    album: str | None = None
    untold: str | None = None
    files: bool = False
    files_of: tuple[str, str] | None = None
    around: int = 1
    covered: bool = False
    warned_at: datetime | None = None
    touched_at: datetime | None = None
    stored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LostIntake:
    """What is left of an intake that cannot be read. `call_due`: a danger was named, or a lawyer asked for."""

    look_up: bytes = field(repr=False)
    chat_id: int | None = field(repr=False)
    case_row: int | None
    card_message: int | None
    revision: str
    call_due: bool


_SEALED = _Draft.__struct_fields__
_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(_Draft)
What = Literal["call", "expiry", "veil", "warning"]
SILENCE = timedelta(minutes=15)
WARNED_BEFORE = timedelta(hours=6)
MOST_DUE = 100
# What is done for an intake when time has passed, and from which moment on.
_DUE: dict[What, ColumnElement[datetime]] = {
    "call": table.c.call_due_at,
    "expiry": table.c.expires_at,
    "veil": table.c.touched_at,
    "warning": table.c.expires_at,
}
_ONLY: dict[What, tuple[ColumnElement[bool], ...]] = {"warning": (table.c.warned_at.is_(None),)}
_ARE_DUE = {
    what: select(table.c.id)
    .where(
        column <= bindparam("until", type_=Exact()),
        may_be_tried(bindparam("now", type_=Exact()), what, table.c.id),
        *_ONLY.get(what, ()),
    )
    .order_by(column)
    .limit(MOST_DUE)
    for what, column in _DUE.items()
}

_HERE = table.c.chat_look_up == bindparam("here")
_OF_CHAT, _OF_ROW = select(table).where(_HERE), select(table).where(table.c.id == bindparam("row"))
_NEW, _PUT, _REMOVE = insert(table), update(table).where(_HERE), delete(table).where(_HERE)  # values are given with it
# What was sent rests in the case, sealed, and no text says that it is gone: nobody waits until the log is empty.
_REMOVE_SENT = _REMOVE.execution_options(**{SHRED: Shred.soon})
_WITH_KEY = {one: key_rows.with_key(one) for one in (_NEW, _PUT)}
_KNOWN = select(table.c.chat_look_up).where(table.c.chat_look_up.in_(bindparam("look_ups", expanding=True)))
_ROWS = select(table.c.id)
_TOUCHED = _ROWS.where(table.c.touched_at >= bindparam("since", type_=Exact()))
_DRAFT_DAYS = select(func.substr(table.c.state_sealed, 1, 10)).distinct()


@dataclass(frozen=True, slots=True)
class Intakes:
    """Finds and keeps open intakes; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    expires_after: timedelta

    def find(self, tx: Reading, look_up: bytes) -> OpenIntake | None:
        """The open intake of a chat, or None."""
        # Locked by its row: on PostgreSQL two processes may hear the same person (docs/how-it-holds.md, locks).
        row = tx.execute(tx.held(_OF_CHAT), {"here": look_up}).one_or_none()
        return None if row is None else self._read(tx, row)

    def known(self, tx: Reading, look_ups: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these chats have an open intake."""
        return frozenset(bytes(one) for one in tx.execute(_KNOWN, {"look_ups": list(look_ups)}).scalars())

    def put(self, tx: Tx, intake: OpenIntake, *, touched: bool = True) -> None:
        """Writes an intake as it now is; only the columns that say nothing about answers stay clear.

        `touched`: by its person, or by what need not be done again; else the silence goes on.
        """
        key = intake.look_up.hex()
        draft = _Draft(*(getattr(intake, name) for name in _SEALED))
        seal = partial(self._seal, tx, key, _encoder.encode(draft))
        sealed = seal()
        values = {
            "state_sealed": sealed,
            "revision": intake.state.flow,
            "case_row": intake.case_row,
            "card_message": intake.card_message,
            "call_due_at": intake.call_due_at,
            "expires_at": intake.expires_at,
            "warned_at": intake.warned_at,
            "touched_at": tx.now if touched or intake.touched_at is None else intake.touched_at,
        }
        if intake.stored:
            self._write(tx, _PUT, {"here": intake.look_up, **values})
        else:
            chat = self.ring.seal_row("chat", "intake", "chat", key, str(intake.chat_id).encode())
            self._write(tx, _NEW, {**values, "chat_look_up": intake.look_up, "chat_sealed": chat})
        # From the write on whoever destroys keys waits for this row (`hold_draft_days`); its own may be gone already.
        if not tx.is_alone and not key_rows.drafts(tx, self.ring).keeps("intake", "state", key, sealed):
            tx.execute(_PUT, {"here": intake.look_up, "state_sealed": seal()})

    def cover(self, tx: Tx, look_up: bytes, *, covered: bool) -> None:
        """Whether something else stands in the place of the question; nothing else of the intake is changed."""
        found = self.find(tx, look_up)
        if found is not None and found.covered is not covered:
            self.put(tx, msgspec.structs.replace(found, covered=covered), touched=False)

    def _write(self, tx: Tx, statement: Insert | Update, values: Mapping[str, object]) -> None:
        if self.ring.in_database:
            key_rows.write(tx, self.ring, tx.now.date(), _WITH_KEY[statement], values)
        else:
            tx.execute(statement, values)

    def _seal(self, tx: Tx, key: str, draft: bytes) -> bytes:
        return key_rows.drafts(tx, self.ring).seal(tx.now.date(), "intake", "state", key, draft)

    def set_card(self, tx: Tx, look_up: bytes, message_id: int) -> None:
        """Remembers which message is the card."""
        tx.execute(_PUT, {"here": look_up, "card_message": message_id})

    def remove(self, tx: Tx, look_up: bytes, *, sent: bool = False) -> None:
        """Takes the intake out: it leaves the disk with the commit, or within a second where it was `sent`."""
        tx.execute(_REMOVE_SENT if sent else _REMOVE, {"here": look_up})

    def due(self, tx: Reading, what: What) -> Sequence[int]:
        """The rows of intakes for which it is time, the most urgent first; nothing of them is opened here."""
        return list(tx.execute(_ARE_DUE[what], {"now": tx.now, "until": self._until(tx, what)}).scalars())

    def take(self, tx: Tx, what: What, row_id: int) -> OpenIntake | None:
        """An intake, when it is still time for it and no other process has it in hand; raises Unreadable."""
        due = (_DUE[what] <= self._until(tx, what), *_ONLY.get(what, ()))
        query = select(table).where(table.c.id == row_id, *due)
        row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
        return None if row is None else self._read(tx, row)

    def _until(self, tx: Reading, what: What) -> datetime:
        """What lies before that is due."""
        match what:
            case "call" | "expiry":
                return tx.now
            case "veil":
                return tx.now - SILENCE
            case "warning":  # a short life leaves less time for it
                return tx.now + min(WARNED_BEFORE, self.expires_after / 4)

    def alive(self, intake: OpenIntake, now: datetime) -> OpenIntake:
        """Its person is there: it ends that much later."""
        return msgspec.structs.replace(intake, expires_at=now + self.expires_after, warned_at=None)

    def rows(self, tx: Reading, *, touched_since: datetime | None = None) -> Sequence[int]:
        """Every open intake's row, or of those changed lately."""
        if touched_since is None:
            return list(tx.execute(_ROWS).scalars())
        return list(tx.execute(_TOUCHED, {"since": touched_since}).scalars())

    def of_row(self, tx: Reading, row_id: int) -> OpenIntake | None:
        """The intake of this row, None when it is over; raises Unreadable."""
        row = tx.execute(_OF_ROW, {"row": row_id}).one_or_none()
        return None if row is None else self._read(tx, row)

    def lost(self, tx: Tx, *, look_up: bytes | None = None, row_id: int | None = None) -> LostIntake | None:
        """Takes out an intake that cannot be read, by chat or row; what of it still can be is in the answer."""
        here = table.c.chat_look_up == look_up if row_id is None else table.c.id == row_id
        row = tx.execute(select(table).where(here)).one_or_none()
        if row is None:
            return None
        tx.execute(delete(table).where(table.c.id == row.id))
        chat_id = None
        with contextlib.suppress(Unreadable):
            chat_id = self._chat(row)
        return LostIntake(
            look_up=row.chat_look_up,
            chat_id=chat_id,
            case_row=row.case_row,
            card_message=row.card_message,
            revision=row.revision,
            call_due=row.call_due_at is not None,
        )

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"intake": unreadable(tx.execute(select(table)), partial(self._read, tx))}

    def destroy_old_keys(self, tx: Tx) -> None:
        """Draft keys go when no row of their day is left.

        A key is destroyed inside the change, while no other process can add a row: after it one could need that key.
        Should the change be thrown away, nothing is missing: no row needed the key.
        """
        before = (tx.now - self.expires_after - timedelta(days=1)).date()
        key_rows.drafts(tx, self.ring).destroy(before, needed=lambda: self.hold_draft_days(tx))

    def hold_draft_days(self, tx: Tx) -> frozenset[date]:
        """The days whose draft keys open intakes need; until the end of the change nobody else writes one."""
        if not tx.is_alone:  # whoever has written one is waited for, and whoever writes one waits
            tx.execute(text("LOCK TABLE intake IN SHARE MODE"))
        days = tx.execute(_DRAFT_DAYS).scalars()
        return frozenset(day for each in days if (day := draft_day(bytes(each))) is not None)

    def _read(self, tx: Reading, row: Row[tuple[object, ...]]) -> OpenIntake:
        with reading("intake"):
            state = key_rows.drafts(tx, self.ring).open("intake", "state", row.chat_look_up.hex(), row.state_sealed)
            draft = _decoder.decode(state)
        return OpenIntake(
            look_up=row.chat_look_up,
            chat_id=self._chat(row),
            case_row=row.case_row,
            card_message=row.card_message,
            call_due_at=row.call_due_at,
            expires_at=row.expires_at,
            warned_at=row.warned_at,
            touched_at=row.touched_at,
            stored=True,
            **{name: getattr(draft, name) for name in _SEALED},
        )

    def _chat(self, row: Row[tuple[object, ...]]) -> int:
        with reading("intake"):
            return int(self.ring.open_row("chat", "intake", "chat", row.chat_look_up.hex(), row.chat_sealed))
