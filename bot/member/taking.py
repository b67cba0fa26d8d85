"""What a lawyer does with cases that wait: take, pass, look at those who have answered nothing."""

from dataclasses import dataclass

from bot.handoff.calls import Calls, Taken
from bot.member.alerts import PASS_REASONS, Alerts
from bot.speech import presses
from bot.speech.outgoing import Outcome
from bot.speech.reader import Speech
from bot.speech.texts import member as texts
from storage.case import Case, Claimed, Waiting
from storage.cases import Cases
from storage.members import Member
from storage.tx import Tx

_NOT_TAKEN = {"no": texts.NO_CASE, "enough": texts.TAKE_MANY}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingTalk:
    """Every method runs inside a change."""

    speech: Speech
    cases: Cases
    calls: Calls
    alerts: Alerts

    def take(self, tx: Tx, member: Member, code: str, *, pressed: bool = False) -> Outcome:
        """The case is theirs, or not to be had. `pressed`: on what its alert or a list shows; else a code was typed."""
        case = self.cases.by_typed_code(tx, code)
        found: Taken = self.calls.take(tx, case, member) if isinstance(case, Waiting) else "no"
        if isinstance(case, Claimed) and self.calls.graver.take_over(tx, case, member):
            found = "taken"
        if found == "taken":
            return Outcome()  # the bundle and the alert's new text come through the outbox
        if found == "no" and isinstance(case, Claimed) and (pressed or case.is_held_by(member.id)):
            return self._too_late(tx, member, case)
        return self.speech.to_member(member).answer(_NOT_TAKEN[found])

    def _too_late(self, tx: Tx, member: Member, case: Claimed) -> Outcome:
        """Somebody has it; who was called about it is told so, and their alert says it too."""
        reader = self.speech.to_member(member)
        if case.is_held_by(member.id):
            return reader.answer(texts.YOU_TOOK, code=case.code)
        if member.role != "lawyer" or member.id not in self.cases.alerted.of(tx, case.row):
            return reader.answer(texts.NO_CASE)
        self.calls.refresh(tx, case.row, only=member.id)
        return reader.answer(texts.ALERT_TAKEN, code=case.code)

    def pass_on(self, tx: Tx, member: Member, code: str, why: str = "") -> Outcome:
        """The first press passes; the reason is a second one, and a conflict of interest closes the case to them."""
        case, reader = self.cases.by_typed_code(tx, code), self.speech.to_member(member)
        match case:
            case Waiting():
                passed = self.calls.pass_on(tx, case, member, why)
            case Claimed():
                passed = self.calls.graver.pass_on(tx, case, member, why)
            case _:
                passed = False
        if isinstance(case, Claimed) and not passed and case.is_held_by(member.id):
            return reader.answer(texts.YOU_TOOK, code=case.code)
        if case is None or not passed:
            return reader.answer(texts.NO_CASE)
        if why not in PASS_REASONS:
            return Outcome()
        self._alert_goes(tx, member, case)
        return reader.answer(texts.PASS_NOTED, code=case.code)

    def _alert_goes(self, tx: Tx, member: Member, case: Case) -> None:
        """All is said about it: nothing of it is left in this chat."""
        alerted = self.cases.alerted.of(tx, case.row).get(member.id)
        if alerted is not None and alerted.message_id is not None:
            self.calls.queue.wipes.cards(tx, member.id, [alerted.message_id])
            self.cases.alerted.keep(tx, case.row, member.id, message_id=None)

    def listed(self, tx: Tx, member: Member, press: presses.OfLists, pressed: int) -> Outcome:
        """A part of the list, in its place; those who have pressed "urgent" and said nothing, on a card of their own.

        `pressed`: the message on which it stands.
        """
        cases = self.cases.waiting(tx, self.cases.alerted.listed_for(tx, member.id))
        if isinstance(press, presses.ShowList):
            return Outcome(card=self.alerts.listed(tx, member, cases, press.first), edit=pressed)
        return Outcome(card=self.alerts.listed_silent(tx, member, cases, press.first), fresh=True)
