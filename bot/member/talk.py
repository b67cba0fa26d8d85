"""The conversation with a lawyer or coordinator: what they press and type. A member's chat never opens an intake.

Whatever a member may not do answers the same as a case that does not exist; for somebody suspended nothing exists. A
button of before tells whom the case concerned what has become of it (became.py).
"""

from dataclasses import dataclass, replace

from bot.member.beginning import BeginningTalk
from bot.member.claim import ClaimTalk
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.member.taking import TakingTalk
from bot.member.tidying import Tidying
from bot.speech import presses
from bot.speech.incoming import Corrected, Incoming, Pushed, Reach, Said, SentOther
from bot.speech.outgoing import Outcome
from bot.speech.presses import Press
from bot.speech.reader import Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from storage import reachable
from storage.members import Member
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTalk:
    """Hears a member; every method runs inside a change."""

    taking: TakingTalk
    claims: ClaimTalk
    duty: DutyTalk
    coordinators: CoordinatorTalk
    tidying: Tidying
    beginning: BeginningTalk

    @property
    def speech(self) -> Speech:
        """As its parts speak."""
        return self.claims.speech

    def hear(self, tx: Tx, member: Member, incoming: Incoming) -> Outcome:
        """Handles one update of a member's private chat."""
        calls = self.taking.calls
        if isinstance(incoming, Reach) and not incoming.here:
            calls.unreachable(tx, member.id)
            return Outcome()
        if member.suspended:
            return Outcome() if isinstance(incoming, Reach) else self._no_case(member)
        if member.met_at is None:
            calls.queue.menu(tx, member.id)  # from here on Telegram takes one for this chat
        calls.back(tx, member)
        self.tidying.goes_on(tx, member, incoming)
        return self.tidying.after(tx, member, incoming, self._heard(tx, member, incoming))

    def _heard(self, tx: Tx, member: Member, incoming: Incoming) -> Outcome:
        match incoming:
            case Reach():
                return Outcome()
            case Corrected():
                return self._said(tx, member, incoming.as_said)
            case Pushed():
                return self._pushed(tx, member, incoming)
            case Said():
                return self._said(tx, member, incoming)
            case SentOther():
                return self.claims.handing_over.file(tx, member, incoming)

    def _pushed(self, tx: Tx, member: Member, pushed: Pushed) -> Outcome:
        press = self.speech.press(pushed.chat_id, pushed.data)
        match press:
            case presses.Take(case=code):
                return self.taking.take(tx, member, code, pressed=True)
            case presses.Pass(case=code, why=why):
                return self.taking.pass_on(tx, member, code, why or "", pressed=True)
            case (
                presses.ShowDuty()
                | presses.ShowQueue()
                | presses.ShowCase()
                | presses.CallNow()
                | presses.TakeRota()
                | presses.Suspend()
                | presses.LetThrough()
                | presses.Free()
            ) if member.role == "coordinator":
                return self.coordinators.hear(tx, member, press, pushed.message_id)
            case presses.Reached():
                reachable.confirmed(tx, member.id)
                return _in_place(self.speech.to_member(member).answer(texts.REACH_THANKS), pushed)
            case presses.SettleSwap():
                return _in_place(self.duty.hear(tx, member, press), pushed)
            case presses.OnDuty() | presses.OfferShift() | presses.AskColleague() if member.role == "lawyer":
                return self.duty.hear(tx, member, press)
            case presses.Dismiss():
                return Outcome()
            case _:
                return self._of_case(tx, member, press, pushed)

    def _of_case(self, tx: Tx, member: Member, press: Press | None, pushed: Pushed) -> Outcome:
        match press:
            case presses.HowClosed() | presses.CloseWith() | presses.SettleClock():
                # Ways to an end: the pressed card is changed, so that a second press at the same place hits nothing.
                return _in_place(self.claims.hear(tx, member, press), pushed)
            case presses.Undo():
                return self.claims.closing.undo(tx, member, press)
            case presses.Practise() if member.role == "lawyer":
                return self.beginning.hear(tx, member, press)
            case presses.Arrived():
                return _in_place(self.beginning.hear(tx, member, press), pushed)
            case presses.Answer():
                return self.claims.handing_over.offered(tx, member, press)
            case presses.ShowList() | presses.ShowSilent() if member.role == "lawyer":
                return self.taking.listed(tx, member, press, pushed.message_id)
            case (
                presses.OfClaim()
                | presses.SendTyped()
                | presses.Say()
                | presses.GetFile()
                | presses.Colleagues()
                | presses.Give()
            ):
                return self.claims.hear(tx, member, press)
            case _:
                return self._no_case(member)

    def _said(self, tx: Tx, member: Member, said: Said) -> Outcome:
        word, rest = [*said.text.split(maxsplit=1), "", ""][:2]
        command = word.partition("@")[0].lower()
        match command:
            case "/take":
                return self.taking.take(tx, member, rest)
            case "/pass":
                return self.taking.pass_on(tx, member, rest)
            case "/cases":
                return self.claims.send_all(tx, member)
            case "/oncall" if member.role == "lawyer":
                return self.duty.said(tx, member, rest.strip())
            case "/start" | "/help":
                self.taking.calls.queue.menu(tx, member.id)
                text = texts.MEMBER_HELP if member.role == "lawyer" else coordinator.COORDINATOR_HELP
                return Outcome(
                    card=self.speech.to_member(member).card(text, *self.beginning.practice.button(member)), fresh=True
                )
            case "/oncall" | "/queue" | "/suspend" if member.role == "coordinator":
                return self.coordinators.said(tx, member, command, rest.strip())
            case "/queue" | "/suspend":
                return self._no_case(member)
            case _:
                busy = bool(self.claims.calls.cases.held_by(tx, member.id))
                practised = self.beginning.practice.typed(tx, member, said.text, busy=busy)
                return practised or self.claims.typed(tx, member, said)

    def _no_case(self, member: Member) -> Outcome:
        return self.speech.to_member(member).answer(texts.NO_CASE)


def _in_place(outcome: Outcome, pushed: Pushed) -> Outcome:
    return replace(outcome, fresh=False, edit=pushed.message_id)
