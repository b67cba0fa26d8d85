"""What a lawyer does with cases that wait: take, pass, look at those who have answered nothing."""

from dataclasses import dataclass

from bot.handoff.calls import Calls, Taken
from bot.member.alerts import PASS_REASONS, Alerts
from bot.member.became import Became
from bot.speech import presses
from bot.speech.outgoing import Outcome
from bot.speech.reader import Speech
from bot.speech.texts import member as texts
from storage.alerted import Alerted
from storage.case import Case, Claimed, Waiting
from storage.cases import Cases
from storage.members import Member
from storage.outbox import RowKind
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
        too_late = self._too_late(tx, case, member, pressed=pressed)
        return too_late or self.speech.to_member(member).answer(_NOT_TAKEN[found])

    def _too_late(self, tx: Tx, case: Case | None, member: Member, *, pressed: bool) -> Outcome | None:
        """It does not wait any more. None while it does; and of a code that was typed, unless they have the case."""
        has_it = isinstance(case, Claimed) and case.is_held_by(member.id)
        if isinstance(case, Waiting) or not (pressed or has_it):
            return None
        return Became(speech=self.speech, calls=self.calls).to_lawyer(tx, case, member)

    def pass_on(self, tx: Tx, member: Member, code: str, why: str = "", *, pressed: bool = False) -> Outcome:
        """The first press passes; the reason is a second one, and a conflict of interest closes the case to them."""
        case, reader = self.cases.by_typed_code(tx, code), self.speech.to_member(member)
        before = self._alerted(tx, member, case)
        if case is None or not self._passes(tx, member, case, why):
            return self._too_late(tx, case, member, pressed=pressed) or reader.answer(texts.NO_CASE)
        if before is not None and before.state == "listed":
            self.calls.queue.to_member(tx, RowKind.list, member.id)
        if why in PASS_REASONS:
            self._alert_goes(tx, member, case)
            return reader.answer(texts.PASS_NOTED, code=case.code)
        return self._asks_why(tx, member, case, before if pressed else None)

    def _passes(self, tx: Tx, member: Member, case: Case, why: str) -> bool:
        match case:
            case Waiting():
                return self.calls.pass_on(tx, case, member, why)
            case Claimed():
                return self.calls.graver.pass_on(tx, case, member, why)
            case _:
                return False

    def _asks_why(self, tx: Tx, member: Member, case: Case, pressed: Alerted | None) -> Outcome:
        """The reasons: on the alert where it was pressed, else anew, at the end of the chat."""
        if pressed is None or pressed.message_id is None:
            self._alert_goes(tx, member, case)
            args, mark = {"passed": True}, ":passed"
            self.calls.queue.to_member(tx, RowKind.alert, member.id, case_row=case.row, args=args, mark=mark)
        elif pressed.state == "passed":  # they stand there already
            return self.speech.to_member(member).answer(texts.PASS_NOTED, code=case.code)
        return Outcome()

    def _alert_goes(self, tx: Tx, member: Member, case: Case) -> None:
        """Nothing of it is left in this chat."""
        alerted = self._alerted(tx, member, case)
        if alerted is not None and alerted.message_id is not None:
            self.calls.queue.wipes.cards(tx, member.id, [alerted.message_id])
            self.cases.alerted.keep(tx, case.row, member.id, message_id=None)

    def _alerted(self, tx: Tx, member: Member, case: Case | None) -> Alerted | None:
        return None if case is None else self.cases.alerted.of(tx, case.row).get(member.id)

    def listed(self, tx: Tx, member: Member, press: presses.OfLists, pressed: int) -> Outcome:
        """A part of the list, in its place; those who have pressed "urgent" and said nothing, on a card of their own.

        `pressed`: the message on which it stands.
        """
        cases = self.cases.waiting(tx, self.cases.alerted.listed_for(tx, member.id))
        if isinstance(press, presses.ShowList):
            return Outcome(card=self.alerts.listed(tx, member, cases, press.first), edit=pressed)
        return Outcome(card=self.alerts.listed_silent(tx, member, cases, press.first), fresh=True)
