"""Who writes in a private chat, and what is known about them at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from msgspec import structs

from bot.questionnaires import Questionnaires
from bot.seeker.other_cards import OtherCards
from flows.model import Untold
from flows.place import Place
from storage.case import Handed
from storage.cases import Cases
from storage.errors import Unreadable
from storage.intakes import SILENCE, Intakes, OpenIntake
from storage.sealing.keyring import KeyRing
from storage.tx import Reading


class Chat(Untold, frozen=True, kw_only=True):
    """The open intake and the case that the chat shows.

    `here`: now, as the clocks of the place show it. `hidden`: an intake that was put out of sight; `lost`: there is one
    that cannot be read. `first_language`: that of somebody who has chosen none. `beside`: a text that is said
    once, with whatever else is said. `behind`: a request that was opened again while this one stood there.
    """

    chat_id: int
    look_up: bytes
    intake: OpenIntake | None = None
    case: Handed | None = None
    now: datetime
    here: datetime
    first_language: str
    behind: Handed | None = None
    hidden: OpenIntake | None = None
    lost: bool = False
    beside: str | None = None

    @property
    def is_stranger(self) -> bool:
        """True when nothing is known, or everything is hidden."""
        return self.intake is None and self.case is None

    @property
    def language(self) -> str:
        """The language that the person chose."""
        if self.intake is not None:
            return self.intake.state.language
        return self.case.language if self.case is not None else self.first_language

    @property
    def card_message(self) -> int | None:
        """The message that is the card."""
        if self.intake is not None:
            return self.intake.card_message
        return self.case.card_message if self.case is not None else None

    @property
    def case_row(self) -> int | None:
        """The case of what the chat shows, if there is one: of the open questions, else the one that was sent."""
        if self.intake is not None:
            return self.intake.case_row
        return self.case.row if self.case is not None else None

    @property
    def rows(self) -> frozenset[int]:
        """The cases behind what the chat shows."""
        behind = (self.case.row if self.case is not None else None, self.case_row)
        return frozenset(row for row in behind if row is not None)

    @property
    def shows(self) -> frozenset[str]:
        """What request the chat shows, by names that a message keeps until it has arrived; empty for none."""
        intake = {self.intake.tag} if self.intake is not None else set()
        row = self.case.row if self.case is not None else None
        row = self.case_row if self.case_row is not None else row
        return frozenset(intake if row is None else {*intake, case_mark(row)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chats:
    """Finds out what is known of a chat, inside a change.

    `languages`: those that can be chosen. `others`: what stands in the place of a question.
    """

    ring: KeyRing = field(repr=False)
    questionnaires: Questionnaires
    intakes: Intakes
    cases: Cases
    place: Place
    languages: tuple[str, ...]
    others: OtherCards = field(default_factory=OtherCards, repr=False)

    def of(self, tx: Reading, chat_id: int, *, hold: bool = False) -> Chat:
        """What a chat is now. `hold`: until the change's end nobody else hides, closes or erases what it shows."""
        look_up = self.look_up(chat_id)
        begun = partial(
            Chat,
            chat_id=chat_id,
            look_up=look_up,
            now=tx.now,
            here=self.place.here(tx.now),
            first_language=self.languages[0],
        )
        try:  # first, for it is locked: what is read after that is as new
            intake = self.intakes.find(tx, look_up)
            if intake is not None:
                self.questionnaires.of(tx, intake.state.flow)
        except Unreadable:  # an intake goes on only with its questions
            case, behind = self._cases(tx, look_up, hold=hold)
            return begun(case=case, behind=behind, lost=True)
        case, behind = self._cases(tx, look_up, hold=hold, asks=intake is not None and not intake.hidden)
        if intake is None:
            return begun(case=case, behind=behind)
        intake = as_shown(intake, tx.now)
        if intake.hidden:
            return begun(case=case, behind=behind, hidden=intake)
        return begun(case=case, behind=behind, intake=intake)

    def _cases(
        self, tx: Reading, look_up: bytes, *, hold: bool, asks: bool = False
    ) -> tuple[Handed | None, Handed | None]:
        """The case that the chat shows, and the one behind that. `asks`: it shows questions that are open."""
        case, behind = self.cases.of_chat(tx, look_up, hold=hold), self.cases.of_chat(tx, look_up, behind=True)
        return (case, behind) if asks or case is not None else (behind, None)

    def look_up(self, chat_id: int) -> bytes:
        """Under what a person's rows stand."""
        return self.ring.look_up("telegram", chat_id)

    def chooses_until(self, tx: Reading, chat_id: int) -> datetime | None:
        """Until when somebody chooses on another card than theirs ("delete everything?"); None when nobody does."""
        return self.others.chooses_until(self.look_up(chat_id), tx.now)

    def known(self, tx: Reading, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have an intake or a case."""
        look_ups = {self.look_up(chat_id): chat_id for chat_id in chats}
        found = self.intakes.known(tx, list(look_ups)) | self.cases.known(tx, list(look_ups))
        return frozenset(look_ups[look_up] for look_up in found)

    def id_of(self, tx: Reading, look_up: bytes) -> int | None:
        """The chat behind a look-up; None when nothing of it is in sight."""
        intake = self.intakes.find(tx, look_up)
        if intake is not None:
            return intake.chat_id
        case = self.cases.of_chat(tx, look_up) or self.cases.of_chat(tx, look_up, behind=True)
        return case.chat_id if case is not None else None

    def hides_something(self, tx: Reading, chat: Chat) -> bool:
        """Whether something of this person is out of sight."""
        return chat.hidden is not None or any(case.hidden for case in self.cases.all_of_chat(tx, chat.look_up))


def as_shown(intake: OpenIntake, now: datetime) -> OpenIntake:
    """An intake as its chat may show it now."""
    silent = intake.touched_at is not None and now - intake.touched_at >= SILENCE
    return veil(intake) if silent else intake


def case_mark(row: int) -> str:
    """The name of a case in `Chat.shows`."""
    return f"case {row}"


def veil(intake: OpenIntake) -> OpenIntake:
    """After a silence somebody else may hold the phone: what was answered so far can be changed, not read."""
    state = structs.replace(intake.state, ticked=(), offered=())
    return structs.replace(intake, veiled=tuple(intake.state.answers), state=state, silent=True)
