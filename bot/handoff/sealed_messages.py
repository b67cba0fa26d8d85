"""What person and lawyer write to each other: sealed into the case, and on its way to the other."""

from dataclasses import dataclass

from bot.handoff.messages import Messages
from bot.handoff.reaching import Reaching
from storage.case import Case, Claimed, Handed, Live
from storage.cases import Cases
from storage.members import Member
from storage.record import Entry, EntryKind
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedMessages:
    """Every method runs inside a change."""

    cases: Cases
    messages: Messages
    reaching: Reaching

    def add_message(self, tx: Tx, case: Handed, text: str) -> Handed:
        """Written to the lawyers: sealed into the case and announced to the one who has it."""
        self._seal(tx, case, text)
        return self.reaching.answered(tx, case)

    def add_words(self, tx: Tx, case: Live, text: str) -> None:
        """The same of a case that lawyers may not have yet."""
        if isinstance(case, Handed):
            self.add_message(tx, case, text)
        else:
            self._seal(tx, case, text)

    def _seal(self, tx: Tx, case: Live, text: str) -> None:
        entry = Entry(
            kind=EntryKind.message,
            at=self.cases.chain.stamp(tx.now),
            lang=case.language,
            flow=case.revision,
            value={"from": "seeker", "text": text},
        )
        self.cases.chain.append(tx, case, entry)
        self.messages.to_claimer(tx, case, text)

    def correct(self, tx: Tx, case: Case, text: str) -> None:
        """A text was edited after it was sealed: the newer one is sealed beside it, and announced."""
        at = self.cases.chain.stamp(tx.now)
        value = {"from": "seeker", "text": text, "corrected": True}
        entry = Entry(kind=EntryKind.message, at=at, lang=case.language, flow=case.revision, value=value)
        self.cases.chain.append(tx, case, entry)
        self.messages.to_claimer(tx, case, text, corrects=True)

    def write_to(self, tx: Tx, case: Claimed, member: Member, text: str) -> None:
        """A lawyer's message: sealed into the case, whose language it leaves as it is, and on its way to the person."""
        value = {"from": "lawyer", "name": member.name, "text": text}
        at = self.cases.chain.stamp(tx.now)
        entry = Entry(kind=EntryKind.message, at=at, lang=case.language, flow=case.revision, value=value)
        self.cases.chain.append(tx, case, entry)
        self.messages.to_seeker(tx, case, text)
