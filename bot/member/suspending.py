"""A coordinator stops a member from the phone; where much would be stopped by it, a second one has to agree."""

from dataclasses import dataclass, replace

from bot.handoff.membership_changes import MembershipChanges
from bot.handoff.queue import Queue
from bot.handoff.rota.duty import Duty
from bot.speech import presses
from bot.speech.outgoing import Card, Outcome
from bot.speech.reader import Speech
from bot.speech.texts import coordinator as texts
from bot.speech.texts import member as of_member
from storage import in_chat, suspending
from storage.members import Member, Members
from storage.outbox import LineKind, RowKind
from storage.tx import Reading, Tx

RESUME, SUSPEND = "pana member resume NAME", "pana member suspend NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendingTalk:
    """Every method runs inside a change."""

    speech: Speech
    members: Members
    duty: Duty
    queue: Queue
    membership_changes: MembershipChanges

    def suspend(self, tx: Tx, member: Member, name: str) -> Outcome:
        """/suspend NAME: no alerts, bundles or messages for them; undone only on the terminal.

        Where another coordinator asks for just that, it is the yes that they wait for.
        """
        other = self.members.by_name(tx, name) if name else None
        if other is None or not other.works or other.id == member.id:
            return self.speech.to_member(member).answer(of_member.NO_MEMBER)
        if not self._is_grave(tx, other):
            return self._suspend(tx, member, other, asked_by=member.id)
        asker = suspending.asked_by(tx, other.id)
        if asker is None or not self._may_agree(tx, member, asker, other.id):
            return self._ask_another(tx, member, other)
        self.queue.wipes.of_coordinators(tx, in_chat.suspension(other.id))
        return self._suspend(tx, member, other, asked_by=asker)

    def card(self, tx: Reading, member: Member, about: int) -> Card | None:
        """The question to a second coordinator; None when it is over."""
        asker = suspending.asked_by(tx, about)
        if asker is None:
            return None
        reader = self.speech.to_member(member)
        yes = reader.button(texts.YES, presses.Suspend(yes=True, about=about))
        no = reader.button(texts.NO, presses.Suspend(yes=False, about=about))
        names = {"by": self.members.get(tx, asker).name, "name": self.members.get(tx, about).name}
        return reader.card(texts.SUSPEND_ASK, (yes, no), **names)

    def over_card(self, tx: Reading, member: Member, about: int) -> Card:
        """In place of the question: it is none any more."""
        return self.speech.to_member(member).card(texts.SUSPEND_OVER, name=self.members.get(tx, about).name)

    def settle(self, tx: Tx, member: Member, about: int, pressed: int, *, yes: bool) -> Outcome:
        """The second coordinator's answer: of somebody else than who asks and who is asked about."""
        asker, reader = suspending.asked_by(tx, about), self.speech.to_member(member)
        if asker is None or not self._may_agree(tx, member, asker, about):
            return Outcome(card=reader.card(of_member.SWAP_OVER), edit=pressed)
        other = self.members.get(tx, about)
        self.queue.wipes.of_coordinators(tx, in_chat.suspension(about), but=(member.id, pressed))
        if yes and other.works:
            return replace(self._suspend(tx, member, other, asked_by=asker), fresh=False, edit=pressed)
        suspending.drop(tx, about)
        what, at = LineKind.unsuspended, tx.at_once.isoformat()
        self.queue.line(tx, what, asker, mark=f":{what}:{about}", about=about, at=at)
        return Outcome(card=reader.card(texts.SUSPEND_NOT, name=other.name), edit=pressed)

    def _may_agree(self, tx: Reading, member: Member, asker: int, about: int) -> bool:
        """Who asks takes part still, and this member is neither they nor who is asked about."""
        return member.id not in {asker, about} and self.members.get(tx, asker).works

    def _is_grave(self, tx: Reading, other: Member) -> bool:
        """A second one within an hour, a coordinator, the last lawyer on duty or who can open a case."""
        if other.role == "coordinator" or suspending.lately(tx) or self.membership_changes.only_theirs(tx, other):
            return True
        here = [lawyer for lawyer in self.members.working(tx) if lawyer.role == "lawyer" and lawyer.gone_at is None]
        on_duty = self.duty.on_duty(tx)
        return all(lawyer.id == other.id for lawyer in here if lawyer.id in on_duty or other.id not in on_duty)

    def _ask_another(self, tx: Tx, member: Member, other: Member) -> Outcome:
        """The other coordinators are asked; alone, one coordinator can do it on the server."""
        reader, neither = self.speech.to_member(member), {member.id, other.id}
        asked = [each for each in self.members.coordinators(tx) if each.id not in neither and each.gone_at is None]
        if not asked:
            return reader.answer(texts.SUSPEND_ALONE, name=other.name, command=SUSPEND)
        suspending.keep(tx, other.id, member.id, waits=True)
        for coordinator in asked:
            self.queue.to_member(tx, RowKind.asksuspend, coordinator.id, args={"about": other.id}, mark=f":{other.id}")
        return reader.answer(texts.SUSPEND_ASKED, name=other.name)

    def _suspend(self, tx: Tx, member: Member, other: Member, *, asked_by: int) -> Outcome:
        suspending.keep(tx, other.id, asked_by, waits=False)
        self.membership_changes.suspend(tx, other, force=True)
        return self.speech.to_member(member).answer(texts.SUSPENDED, name=other.name, command=RESUME)
