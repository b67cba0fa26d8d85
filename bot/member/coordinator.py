"""What coordinators do in Telegram: the queue, whom to call, stopping a member, a rota that waits for a yes."""

from dataclasses import dataclass, replace

from bot.handoff.calls import Calls
from bot.handoff.giving_back import GivingBack
from bot.member import became
from bot.member.overview import Overview
from bot.member.rota import RotaTalk
from bot.member.suspending import SuspendingTalk
from bot.speech import presses
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import OfCoordinator
from bot.speech.reader import Speech
from bot.speech.texts import coordinator as texts
from storage.case import Claimed, Waiting
from storage.members import Member
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorTalk:
    """Every method runs inside a change."""

    speech: Speech
    calls: Calls
    giving_back: GivingBack
    overview: Overview
    suspending: SuspendingTalk
    rota: RotaTalk

    def said(self, tx: Tx, member: Member, command: str, rest: str) -> Outcome:
        """A coordinator's command, and what stands behind it."""
        match command:
            case "/oncall":
                return Outcome(card=self.overview.on_call(tx, member), fresh=True)
            case "/queue":
                return Outcome(card=self.overview.queue(tx, member), fresh=True)
            case _:
                return self.suspending.suspend(tx, member, rest)

    def hear(self, tx: Tx, member: Member, press: OfCoordinator, pressed: int) -> Outcome:
        """A coordinator's press. `pressed`: the message on which it stands."""
        match press:
            case presses.ShowDuty():
                return Outcome(card=self.overview.on_call(tx, member), edit=pressed)
            case presses.ShowQueue(unanswered, first):
                show = self.overview.silent if unanswered else self.overview.queue
                return Outcome(card=show(tx, member, first), fresh=True)
            case presses.ShowCase(code):
                return Outcome(card=self.overview.of_case(tx, member, code), fresh=True)
            case presses.CallNow(code, whom):
                return replace(self._call_now(tx, member, code, whom), fresh=True)
            case presses.TakeRota(yes, sha256):
                return self.rota.settle(tx, member, sha256, pressed, yes=yes)
            case presses.Suspend(yes, about):
                return self.suspending.settle(tx, member, about, pressed, yes=yes)
            case presses.LetThrough(code):
                return self._let_through(tx, member, code)
            case presses.Free(code):
                return self._free(tx, member, code)

    def silent_card(self, tx: Reading, member: Member, case: Claimed) -> Card:
        """A claim in which nothing is heard: a coordinator may give it to others."""
        reader, members = self.speech.to_member(member), self.calls.queue.members
        claimer = members.find(tx, case.claim.by)
        name = claimer.name if claimer is not None else ""
        free = reader.button(texts.FREE, presses.Free(case.code))
        return reader.card(texts.SILENT, (free,), code=case.code, name=name)

    def _let_through(self, tx: Tx, member: Member, code: str) -> Outcome:
        """The lawyers are called for a case of a muted account."""
        case, reader = self.calls.cases.by_typed_code(tx, code), self.speech.to_member(member)
        if isinstance(case, Waiting) and case.handoff.muted:
            self.calls.let_through(tx, case)
            return reader.answer(texts.LET_THROUGH_DONE, code=case.code)
        return _said(became.to_coordinator(reader, case, code))

    def _call_now(self, tx: Tx, member: Member, code: str, whom: int | None) -> Outcome:
        """A lawyer, or every one who can take the case, is rung at once, whatever the ladder would do next."""
        case, reader = self.calls.cases.by_typed_code(tx, code), self.speech.to_member(member)
        if not isinstance(case, Waiting) or case.handoff.muted:
            return Outcome(card=self.overview.of_case(tx, member, code))
        alerts = self.calls.cases.alerted.of(tx, case.row)
        called = [one for one in self.calls.roster.who_can_come(tx, case, alerts) if whom in {None, one}]
        self.calls.climb(tx, case, also=called)
        said = reader.text(texts.CALLED_NOW if called else texts.CALLED_NOBODY, code=case.code)
        return Outcome(card=self.overview.of_case(tx, member, code), toast=said)

    def _free(self, tx: Tx, member: Member, code: str) -> Outcome:
        """A silent claim is ended, and the others are called; the question goes from every coordinator's chat."""
        case, reader = self.calls.cases.by_typed_code(tx, code), self.speech.to_member(member)
        if isinstance(case, Claimed) and self.giving_back.freed(tx, case):
            return Outcome(toast=reader.text(texts.LET_THROUGH_DONE, code=case.code))
        return _said(became.to_coordinator(reader, case, code))


def _said(text: str) -> Outcome:
    return Outcome(card=Card(text), fresh=True)
