"""What a lawyer does with cases that wait: take, pass, look at those who have answered nothing."""

from dataclasses import dataclass, replace

from bot.handoff.calls import Calls, Taken
from bot.member.alerts import PASS_REASONS, Alerts
from bot.speech.outgoing import Outcome
from bot.speech.reader import Speech
from bot.speech.texts import member as texts
from storage.case import Claimed, Waiting
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

    def take(self, tx: Tx, member: Member, code: str) -> Outcome:
        """The case is theirs, or not to be had."""
        case = self.cases.by_typed_code(tx, code)
        found: Taken = self.calls.take(tx, case, member) if isinstance(case, Waiting) else "no"
        if isinstance(case, Claimed) and self.calls.graver.take_over(tx, case, member):
            found = "taken"
        if found != "taken":
            return self.speech.to_member(member).answer(_NOT_TAKEN[found])
        return Outcome(wake=True)  # the bundle and the alert's new text come through the outbox

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
        if case is None or not passed:
            return reader.answer(texts.NO_CASE)
        if why in PASS_REASONS:
            return replace(reader.answer(texts.PASS_NOTED, code=case.code), wake=True)
        return Outcome(wake=True)

    def silent(self, tx: Tx, member: Member) -> Outcome:
        """The part of the list that is one line: people who have pressed "urgent" and said nothing."""
        cases = self.cases.waiting(tx, self.cases.alerted.listed_for(tx, member.id))
        return Outcome(card=self.alerts.listed_silent(tx, member, cases), fresh=True)
