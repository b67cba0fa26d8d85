"""Who writes in a private chat, and what is known about them at this moment."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from storage.cases import Case, Cases
from storage.errors import Unreadable
from storage.intakes import SILENCE, Intakes, OpenIntake
from storage.sealing.keyring import KeyRing
from storage.tx import Reading


@dataclass(frozen=True, slots=True)
class Chat:
    """The open intake and the case that the chat shows.

    `hidden`: an intake that was put out of sight; `lost`: there is one that cannot be read.
    """

    chat_id: int = field(repr=False)
    look_up: bytes = field(repr=False)
    intake: OpenIntake | None
    case: Case | None
    now: datetime
    hidden: OpenIntake | None = None
    lost: bool = False

    @property
    def is_stranger(self) -> bool:
        """True when nothing is known, or everything is hidden."""
        return self.intake is None and self.case is None

    @property
    def card_message(self) -> int | None:
        """The message that is the card."""
        if self.intake is not None:
            return self.intake.card_message
        return self.case.card_message if self.case is not None else None

    @property
    def rows(self) -> frozenset[int]:
        """The cases behind what the chat shows."""
        behind = (
            self.case.row if self.case is not None else None,
            self.intake.case_row if self.intake is not None else None,
        )
        return frozenset(row for row in behind if row is not None)

    @property
    def shows(self) -> frozenset[str]:
        """What request the chat shows, by names that a message keeps until it has arrived; empty for none."""
        intake = {self.intake.tag} if self.intake is not None else set()
        row = self.case.row if self.case is not None else None
        row = self.intake.case_row if self.intake is not None and self.intake.case_row is not None else row
        return frozenset(intake if row is None else {*intake, case_mark(row)})

    def language(self, otherwise: str) -> str:
        """The language that the person chose."""
        if self.intake is not None:
            return self.intake.state.language
        return self.case.language if self.case is not None else otherwise


def chat_of(ring: KeyRing, intakes: Intakes, cases: Cases, tx: Reading, chat_id: int, *, hold: bool = False) -> Chat:
    """Looks a chat up, inside a change. `hold`: until its end nobody else hides, closes or erases what it shows."""
    look_up = ring.look_up("telegram", chat_id)
    try:  # first, for it is locked: what is read after that is as new
        intake = intakes.find(tx, look_up)
    except Unreadable:
        return Chat(chat_id, look_up, None, cases.of_chat(tx, look_up, hold=hold), tx.now, lost=True)
    case = cases.of_chat(tx, look_up, hold=hold)
    intake = None if intake is None else as_shown(intake, tx.now)
    if intake is not None and intake.hidden:
        return Chat(chat_id, look_up, None, case, tx.now, hidden=intake)
    return Chat(chat_id, look_up, intake, case, tx.now)


def as_shown(intake: OpenIntake, now: datetime) -> OpenIntake:
    """An intake as its chat may show it now."""
    silent = intake.touched_at is not None and now - intake.touched_at >= SILENCE
    return veil(intake) if silent else intake


def case_mark(row: int) -> str:
    """The name of a case in `Chat.shows`."""
    return f"case {row}"


def veil(intake: OpenIntake) -> OpenIntake:
    """After a silence somebody else may hold the phone: what was answered so far can be changed, not read."""
    return replace(intake, veiled=tuple(intake.state.answers), state=replace(intake.state, ticked=()), silent=True)
