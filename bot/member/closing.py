"""The end of a claim: how it came out, what closing brings, and a false alarm that was none."""

from dataclasses import dataclass

from bot.handoff.calls import Calls
from bot.handoff.closing import Closing
from bot.handoff.intake_ends import IntakeEnds
from bot.speech import presses
from bot.speech.outgoing import Outcome, Style
from bot.speech.presses import Claim
from bot.speech.reader import Speech
from bot.speech.texts import both
from bot.speech.texts import member as texts
from storage.case import Claimed, Closed
from storage.cases import Cases
from storage.members import Member
from storage.tx import Tx

OUTCOMES = {
    "helped": texts.OUTCOME_HELPED,
    "referred": texts.OUTCOME_REFERRED,
    "unreachable": texts.OUTCOME_UNREACHABLE,
    "declined": texts.OUTCOME_DECLINED,
    "false_alarm": texts.OUTCOME_FALSE_ALARM,
    "other": texts.OUTCOME_OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingTalk:
    """Every method runs inside a change; `case` is one that the member has claimed."""

    speech: Speech
    cases: Cases
    calls: Calls
    ends: Closing
    intake_ends: IntakeEnds

    def ask(self, case: Claimed, member: Member) -> Outcome:
        """How did it end?"""
        reader = self.speech.to_member(member)
        rows = [(reader.button(label, presses.HowClosed(case.code, outcome)),) for outcome, label in OUTCOMES.items()]
        rows.append((reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.not_closed)),))
        return Outcome(card=reader.card(texts.CLOSE_HOW, *rows, code=case.code), fresh=True)

    def confirm(self, case: Claimed, member: Member, outcome: str) -> Outcome:
        """What closing brings, before it is done; the way back stands first, where a second press would hit."""
        reader = self.speech.to_member(member)
        if outcome not in OUTCOMES:
            return reader.answer(texts.NO_CASE)
        text = texts.FALSE_CONFIRM if outcome == "false_alarm" else texts.CLOSE_CONFIRM
        back = reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.not_closed))
        yes = reader.button(texts.CLOSE_YES, presses.CloseWith(case.code, outcome), Style.danger)
        return Outcome(card=reader.card(text, (back,), (yes,), code=case.code, outcome=reader.text(OUTCOMES[outcome])))

    def keep_open(self, case: Claimed, member: Member) -> Outcome:
        """The no to closing."""
        return self.speech.to_member(member).answer(texts.CLOSE_NOT, code=case.code)

    def close(self, tx: Tx, case: Claimed, member: Member, outcome: str) -> Outcome:
        """It is closed; a false alarm can be undone for a while."""
        reader = self.speech.to_member(member)
        if not self.ends.close(tx, case, member, outcome):
            return reader.answer(texts.NO_CASE)
        until = self.ends.undoing.until(tx, case.row, member.id) if outcome == "false_alarm" else None
        if until is None:
            return reader.answer(texts.ALERT_CLOSED, code=case.code)
        # What stands there of the case has the button (bot/member/alerts.py).
        return reader.answer(texts.FALSE_DONE, code=case.code, time=reader.clock(until))

    def undo(self, tx: Tx, member: Member, press: presses.Undo) -> Outcome:
        """The false alarm was none: the case is this lawyer's again, and what waits of its person rings again."""
        case, reader = self.cases.by_typed_code(tx, press.case), self.speech.to_member(member)
        if case is None:
            return reader.answer(texts.NO_CASE)
        waiting = self.ends.undo(tx, case, member)
        twice = isinstance(case, Claimed) and case.is_held_by(member.id)
        closed = isinstance(case, Closed) and case.by == member.id
        if waiting is None and not twice and not closed:
            return reader.answer(texts.NO_CASE)
        if waiting is None:
            self.calls.refresh(tx, case.row, only=member.id)
            return reader.answer(texts.UNDONE if twice else texts.UNDO_OVER, code=case.code)
        self.intake_ends.takes_its_place(tx, self.cases.get(tx, case.row))
        for other in waiting:
            self.calls.let_through(tx, other)
        return reader.answer(texts.UNDONE, code=case.code)
