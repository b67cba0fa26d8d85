"""The conversation with a lawyer or coordinator: what they press and type. A member's chat never opens an intake.

Whatever a member may not do answers the same as a case that does not exist; for somebody suspended nothing exists.
"""

from dataclasses import dataclass, field, replace

from bot.handoff.calls import Calls
from bot.member.cards import PASS_REASONS
from bot.member.claim import ClaimTalk
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.speech import presses, texts
from bot.speech.incoming import Corrected, Incoming, Pushed, Reach, Said, SentOther
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Claim, Press, read_press
from bot.speech.words import Words
from storage import reachable
from storage.cases import Cases
from storage.members import Member, Members
from storage.sealing.keyring import KeyRing
from storage.tx import Tx

_TAKEN = {"no": texts.NO_CASE, "enough": texts.TAKE_MANY}


@dataclass(frozen=True, slots=True)
class MemberTalk:
    """Hears a member; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    cases: Cases
    members: Members
    calls: Calls
    claims: ClaimTalk
    duty: DutyTalk
    coordinators: CoordinatorTalk

    def hear(self, tx: Tx, member: Member, incoming: Incoming) -> Outcome:
        """Handles one update of a member's private chat."""
        if isinstance(incoming, Reach) and not incoming.here:
            self.calls.unreachable(tx, member.id)
            return Outcome(wake=True)
        if member.suspended:
            return Outcome() if isinstance(incoming, Reach) else self._answer(member, texts.NO_CASE)
        self.calls.back(tx, member)
        match incoming:
            case Reach():
                return Outcome(wake=True)
            case Corrected():
                return self._said(tx, member, incoming.as_said)
            case Pushed():
                return self._pushed(tx, member, incoming)
            case Said():
                return self._said(tx, member, incoming)
            case SentOther():
                return self.claims.file(tx, member, incoming)

    def _pushed(self, tx: Tx, member: Member, pushed: Pushed) -> Outcome:
        press = read_press(self.ring, pushed.chat_id, pushed.data)
        match press:
            case presses.Take(case=code):
                return replace(self._take(tx, member, code), fresh=True)
            case presses.Pass(case=code, why=why):
                return self._pass(tx, member, code, why or "")
            case (
                presses.ShowDuty()
                | presses.ShowQueue()
                | presses.TakeRota()
                | presses.Suspend()
                | presses.LetThrough()
                | presses.Free()
            ) if member.role == "coordinator":
                return self.coordinators.hear(tx, member, press, pushed.message_id)
            case presses.Reached():
                reachable.confirmed(tx, member.id)
                return replace(self._answer(member, texts.REACH_THANKS), fresh=False, edit=pushed.message_id)
            case presses.OfferShift() | presses.AskColleague() | presses.SettleSwap():
                return self.duty.hear(tx, member, press)
            case _:
                return self._of_case(tx, member, press, pushed)

    def _of_case(self, tx: Tx, member: Member, press: Press | None, pushed: Pushed) -> Outcome:
        match press:
            case presses.HowClosed() | presses.CloseWith() | presses.OfClaim(step=Claim.not_closed):
                # Ways to an end: the pressed card is changed, so that a second press at the same place hits nothing.
                return _in_place(self.claims.hear(tx, member, press), pushed)
            case presses.Undo():
                return _in_place(self.claims.undo(tx, member, press), pushed)
            case presses.Answer():
                return self.claims.offered(tx, member, press)
            case presses.ShowSilent() if member.role == "lawyer":
                return self.claims.silent(tx, member)
            case presses.OfClaim() | presses.SendTyped() | presses.Say() | presses.Give() | presses.SettleClock():
                return self.claims.hear(tx, member, press)
            case _:
                return self._answer(member, texts.NO_CASE)

    def _said(self, tx: Tx, member: Member, said: Said) -> Outcome:
        command, rest = [*said.text.split(maxsplit=1), "", ""][:2]
        match command.partition("@")[0].lower():
            case "/take":
                return self._take(tx, member, rest)
            case "/pass":
                return self._pass(tx, member, rest, "")
            case "/cases":
                return self.claims.send_all(tx, member)
            case "/oncall" if member.role == "lawyer":
                return self.duty.said(tx, member, rest.strip())
            case "/oncall" if member.role == "coordinator":
                return self.coordinators.oncall(tx, member)
            case "/queue" if member.role == "coordinator":
                return self.coordinators.waiting(tx, member)
            case "/suspend" if member.role == "coordinator":
                return self.coordinators.suspend(tx, member, rest.strip())
            case "/start" | "/help":
                lawyer = member.role == "lawyer"
                return self._answer(member, texts.MEMBER_HELP if lawyer else texts.COORDINATOR_HELP)
            case _:
                return self.claims.typed(tx, member, said)

    def _take(self, tx: Tx, member: Member, code: str) -> Outcome:
        case = self.cases.by_typed_code(tx, code)
        found = self.calls.take(tx, case, member) if case is not None else "no"
        if found != "taken":
            return self._answer(member, _TAKEN[found])
        return Outcome(wake=True)  # the bundle and the alert's new text come through the outbox

    def _pass(self, tx: Tx, member: Member, code: str, why: str) -> Outcome:
        """The first press passes; the reason is a second one, and a conflict of interest closes the case to them."""
        case = self.cases.by_typed_code(tx, code)
        if case is None or not self.calls.pass_on(tx, case, member, why):
            return self._answer(member, texts.NO_CASE)
        if why in PASS_REASONS:
            return replace(self._answer(member, texts.PASS_NOTED, code=case.code), wake=True)
        return Outcome(wake=True)

    def _answer(self, member: Member, text: str, **values: object) -> Outcome:
        return Outcome(card=Card(self.words.text(member.language, text, **values)), fresh=True)


def _in_place(outcome: Outcome, pushed: Pushed) -> Outcome:
    return replace(outcome, fresh=False, edit=pushed.message_id)
