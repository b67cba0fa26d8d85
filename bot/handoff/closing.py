"""The claimer closes a case; a false alarm that was none is undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.gate import Way
from bot.handoff.claims import Claims
from bot.handoff.for_person import way_of
from bot.handoff.messages import Messages
from bot.handoff.muted_cases import coordinators_look
from bot.handoff.queue import Queue
from bot.rings import Event
from storage import claims as kept_claims
from storage import in_sight
from storage.case import Case, Claimed, Closed, Waiting
from storage.cases import Cases
from storage.contact import Contacts
from storage.members import Member
from storage.muted import is_muted, mute, unmute
from storage.outbox import LineKind, RowKind
from storage.tx import Tx
from storage.undoing import Undoing

UNDO = ":undo"  # the mark of the row that takes the button away
OUTCOMES = ("helped", "referred", "unreachable", "declined", "false_alarm", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Every method runs inside a change."""

    cases: Cases
    queue: Queue
    claims: Claims
    contacts: Contacts
    messages: Messages
    undoing: Undoing

    def close(self, tx: Tx, case: Claimed, member: Member, outcome: str) -> bool:
        """The claimer closes the case. After a false alarm nothing of this account rings before a coordinator looks."""
        held = self.cases.hold(tx, case.row)
        if outcome not in OUTCOMES or not isinstance(held, Claimed):
            return False
        self._close(tx, held, member, outcome)
        return True

    def _close(self, tx: Tx, case: Claimed, member: Member, outcome: str) -> None:
        card = in_sight.card_shown(tx, case)
        if outcome == "false_alarm" and case.chat_look_up is not None:
            self._false_alarm(tx, case, member, case.chat_look_up, card)
        behind = in_sight.is_behind(tx, case)  # what stands in its chat is another one's
        self.queue.person.last_card(tx, case, card, Way.nothing if behind else way_of(Event.closed, case))
        if in_sight.is_last(tx, case):
            self.queue.wipes.forget_shown(tx, case)
        self.claims.leaves_chats(tx, case)
        self.cases.claims.close(tx, case, outcome)
        in_front = self.cases.of_chat(tx, case.chat_look_up) if behind and case.chat_look_up is not None else None
        if in_front is not None:  # its card has led to this one
            self.queue.person.repair_card(tx, in_front)
        self.claims.redraw(tx, case)
        self.queue.to_coordinators(tx, LineKind.closed, case_row=case.row, about=member.id)

    def _false_alarm(self, tx: Tx, case: Claimed, member: Member, look_up: bytes, card: int | None) -> None:
        """It cost its lawyer nothing of the day; what else waits of this account rings nobody. Undone for a while."""
        counted = kept_claims.count_no_more(tx, member.id, case.claim.at)
        was_muted = is_muted(tx, self.cases.ring, look_up)
        self.undoing.keep(tx, case, member.id, card=card, counted=counted, was_muted=was_muted)
        # The button that undoes it goes once nothing can be undone.
        until = self.undoing.until(tx, case.row, member.id)
        self.queue.to_member(tx, RowKind.alert, member.id, at=until, case_row=case.row, mark=UNDO)
        mute(tx, self.cases.ring, look_up)
        for other in self.cases.all_of_chat(tx, look_up):
            if isinstance(other, Waiting) and not other.handoff.muted:
                self._mute(tx, other)

    def _mute(self, tx: Tx, case: Waiting) -> None:
        """A case that waits leaves the lawyers' chats; coordinators and the person are told."""
        case = self.cases.handoffs.mute(tx, case)
        self.claims.former_may_not_take_it(tx, case.row)
        for member_id, message_id in self.cases.alerted.drop_all(tx, case.row).items():
            self.queue.to_member(tx, RowKind.list, member_id)
            if message_id is not None:
                self.queue.wipes.cards(tx, member_id, [message_id])
        coordinators_look(tx, self.cases, self.queue, case)
        self.queue.person.news(tx, case)

    def undo(self, tx: Tx, case: Case, member: Member) -> Sequence[Waiting] | None:
        """It was no false alarm: the same lawyer has the case as before. The cases that wait to be let through again.

        None when it cannot be undone: not theirs, ten minutes are over, erased meanwhile.
        """
        case = self.cases.hold(tx, case.row)
        if not isinstance(case, Closed) or self.undoing.until(tx, case.row, member.id) is None:
            return None
        self.queue.outbox.drop(tx, f"{RowKind.alert}:{case.row}:{member.id}{UNDO}")
        kept, case = self.undoing.restore(tx, case.row), self.cases.get(tx, case.row)
        if not isinstance(case, Claimed):
            return None
        if kept.counted:
            kept_claims.count_again(tx, member.id, case.claim.at)
        self._has_it_again(tx, case, member)
        if kept.was_muted or case.chat_look_up is None:
            return ()
        unmute(tx, self.cases.ring, case.chat_look_up)
        return [one for one in self.cases.all_of_chat(tx, case.chat_look_up) if isinstance(one, Waiting)]

    def _has_it_again(self, tx: Tx, case: Claimed, member: Member) -> None:
        """What a claimer's chat shows of a case comes anew; the person's card stays, and coordinators are told."""
        if not case.claim.has_reached:
            case = self.cases.handoffs.set_lease(tx, case, self.claims.lease_of(case))
        # What became of their own messages has left the claimer's chat, and comes anew.
        self.contacts.set(tx, case.row, receipt_message=None, receipt_of=0)
        for kind in (RowKind.bundle, RowKind.alert, RowKind.receipt):
            self.queue.to_member(tx, kind, member.id, case_row=case.row)
        self.claims.redraw(tx, case)
        if case.chat_id is not None:
            self.queue.person.no_goodbye_after_all(tx, case.chat_id, in_sight.card_shown(tx, case))
        self.messages.tell_again(tx, case)
        self.queue.person.repair_card(tx, case)
        self.queue.to_coordinators(tx, LineKind.undone, case_row=case.row, about=member.id)
