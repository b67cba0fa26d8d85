"""What has become of a case, for whoever presses a button of before: it was pressed already, or comes too late."""

from dataclasses import dataclass

from bot.handoff.calls import Calls
from bot.speech.outgoing import Outcome
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from storage.case import Case, Claimed, Closed, Erased, Open, Parted, Waiting
from storage.members import Member
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """Every method runs inside a change."""

    speech: Speech
    calls: Calls

    def to_lawyer(self, tx: Tx, case: Case | None, member: Member) -> Outcome:
        """Who has it, has closed it or was called about it reads so, on their card too; for others there is none."""
        reader = self.speech.to_member(member)
        if case is None or isinstance(case, Parted) or not self._is_known_to(tx, case, member):
            return reader.answer(texts.NO_CASE)
        if case.is_held_by(member.id):
            return reader.answer(texts.YOU_TOOK, code=case.code)
        self.calls.refresh(tx, case.row, only=member.id)  # whether they can take it stands on the card
        waits = isinstance(case, Waiting)
        return reader.answer(coordinator.LET_THROUGH_DONE if waits else over(case), code=case.code)

    def _is_known_to(self, tx: Tx, case: Case, member: Member) -> bool:
        theirs = case.is_held_by(member.id) or (isinstance(case, Closed) and case.by == member.id)
        return theirs or (member.role == "lawyer" and member.id in self.calls.cases.alerted.of(tx, case.row))


def to_coordinator(reader: Reader, case: Case | None, code: str) -> str:
    """To somebody who may know of every case. `code`: as the button names it."""
    if case is None:
        return reader.text(texts.CASE_GONE, code=code)
    if isinstance(case, Waiting):
        return reader.text(coordinator.MUTED if case.handoff.muted else coordinator.LET_THROUGH_DONE, code=case.code)
    return reader.text(over(case), code=case.code)


def over(case: Case) -> str:
    """What somebody reads of a case that is not theirs to take."""
    match case:
        case Closed():
            return texts.ALERT_CLOSED
        case Erased():
            return texts.ALERT_ERASED if case.by_wish else texts.ALERT_ERASED_HERE
        case Open():
            return texts.ALERT_WITHDRAWN
        case Waiting() | Claimed() | Parted():
            return texts.ALERT_TAKEN
