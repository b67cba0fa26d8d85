"""Who joins, is suspended, takes part again, leaves, comes back or has a new key: what follows for their cases.

Claims of whoever stops go to others; their wraps go when they leave for good.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.handoff.calls import Calls
from bot.handoff.giving_back import GivingBack
from bot.handoff.handing_over import HandingOver
from bot.handoff.queue import WAYS
from bot.handoff.rota import asking
from bot.handoff.rota.duty import Duty
from storage import duty_cards, in_chat, suspending
from storage.case import Case, Claimed, Waiting
from storage.errors import Refused
from storage.lists import keep_list, list_of
from storage.members import Member
from storage.membership import Membership
from storage.outbox import LineKind, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What became of the cases of somebody who was suspended or has left.

    `waits`: they held them, and others are called. `alone`: nobody else can open them.
    """

    waits: Sequence[Case]
    alone: Sequence[Case]


@dataclass(frozen=True, slots=True)
class MembershipChanges:
    """Every method runs inside a change."""

    calls: Calls
    giving_back: GivingBack
    handing_over: HandingOver
    duty: Duty
    membership: Membership

    def joined(self, tx: Tx, member: Member) -> None:
        """Coordinators see each new member with the key's fingerprint: a stranger among them must be noticed."""
        self.calls.queue.to_coordinators(tx, LineKind.joined, about=member.id)
        self.calls.queue.menu(tx, member.id)
        self._ask_about_rota(tx, member)

    def admitted(self, tx: Tx, member: Member) -> None:
        """Somebody who was invited is a member now: they are told so, and each way outside Telegram is tried."""
        self.joined(tx, member)
        self.calls.queue.to_member(tx, RowKind.welcome, member.id)
        self._try(tx, member, [way for way in WAYS if getattr(member, way)])

    def about_changed(self, tx: Tx, before: Member, *, tries: bool = False) -> None:
        """What a member speaks is another language, and so is their menu. `tries`: each way outside Telegram is tried.

        Somebody who has never pressed Start cannot be asked whether it came.
        """
        after = self.calls.queue.members.get(tx, before.id)
        if after.languages != before.languages:
            self.calls.queue.menu(tx, after.id)
        if tries and after.met_at is not None:
            self._try(tx, after, [way for way in WAYS if getattr(after, way)])

    def _try(self, tx: Tx, member: Member, ways: Collection[str]) -> None:
        """A test goes out, and they are asked whether it has come."""
        self.calls.queue.outside(tx, member, "test", ways=ways)
        for way in ways:
            self.calls.queue.to_member(tx, RowKind.trial, member.id, args={"way": way}, mark=f":{way}")

    def suspend(self, tx: Tx, member: Member, *, force: bool, lost: bool = False) -> Stopped:
        """From now on no alerts, no cases, no messages; what they hold waits for others, who alone can open it.

        `lost`: by their lost word, and their chat is a stranger's from now on.
        Raises Refused for the last lawyer who can open a case, unless forced.
        """
        alone = _unless_forced(member, self.only_theirs(tx, member), force=force)
        self.membership.suspend(tx, member.id, suspended=True, lost=lost)
        self.calls.queue.to_coordinators(tx, LineKind.lost if lost else LineKind.suspended, about=member.id)
        waits = self._give_up(tx, member)
        self.calls.cases.wraps.drop_waiting(tx, member.id)
        self._nobody(tx, alone)
        return Stopped(waits=waits, alone=alone)

    def only_theirs(self, tx: Reading, member: Member) -> Sequence[Case]:
        """The cases that nobody could open any more if this member were suspended now."""
        return [case for case in self._only(tx, member) if not isinstance(case, Claimed) or case.is_held_by(member.id)]

    def resume(self, tx: Tx, member: Member) -> None:
        """Takes part again; of the cases that came meanwhile they have no wrap."""
        self.membership.suspend(tx, member.id, suspended=False)
        self.calls.queue.to_coordinators(tx, LineKind.resumed, about=member.id)
        self.calls.queue.menu(tx, member.id)
        self._ask_about_rota(tx, member)

    def enable(self, tx: Tx, member: Member) -> None:
        """Somebody who was a member is one again."""
        self.joined(tx, self.membership.enable(tx, member))

    def disable(self, tx: Tx, member: Member, *, force: bool) -> Stopped:
        """Is a member no more and can open nothing that is here.

        Raises Refused for the last lawyer who can open a case, unless forced.
        """
        alone = _unless_forced(member, self._only(tx, member), force=force)
        self.membership.disable(tx, member.id)
        self.calls.queue.to_coordinators(tx, LineKind.left, about=member.id)
        waits = self._give_up(tx, member)
        self.calls.cases.wraps.drop_all_of(tx, member.id)
        self.membership.forget(tx, member)
        self._nobody(tx, alone)
        return Stopped(waits=waits, alone=alone)

    def change_key(self, tx: Tx, member: Member, recipient: str, *, force: bool) -> Sequence[Case]:
        """A new key: no old wrap changes hands. The cases that stay sealed to the old one.

        What nobody has taken is offered to them no more: only the old key could open it. What they hold stays theirs,
        sealed to the old key. Raises Refused when nobody else could open what waits, unless forced.
        """
        cases, told = self.calls.cases, self.calls.queue.to_coordinators
        untaken = [case for case in self._only(tx, member) if not isinstance(case, Claimed)]
        alone = _unless_forced(member, untaken, force=force)
        sealed = cases.of_rows(tx, cases.wraps.opened_by(tx, member.id))
        self.membership.set_recipient(tx, member, recipient)
        cases.wraps.drop_waiting(tx, member.id)
        for case in sealed:
            if isinstance(case, Waiting):
                self._take_alert_away(tx, case, member)
        told(tx, LineKind.rekeyed, about=member.id)
        self._nobody(tx, alone)
        return sealed

    def _only(self, tx: Reading, member: Member) -> Sequence[Case]:
        return self.calls.cases.of_rows(tx, self.calls.cases.wraps.only_open_by(tx, member.id))

    def _nobody(self, tx: Tx, alone: Sequence[Case]) -> None:
        for case in alone:
            for one in self.calls.queue.members.coordinators(tx):
                self.calls.queue.to_member(tx, RowKind.unclaimed, one.id, case_row=case.row)

    def _ask_about_rota(self, tx: Tx, member: Member) -> None:
        """A rota may wait for a yes since before this coordinator came, with nobody else to give it."""
        waiting = asking.waiting(tx, self.duty) if member.role == "coordinator" else None
        if waiting is not None:
            sha256, why = waiting
            self.calls.queue.ask_about_rota(tx, member.id, sha256, why)

    def _give_up(self, tx: Tx, member: Member) -> Sequence[Case]:
        """What this member holds waits again, and is returned; what was offered to them stays with who has it.

        Their chat keeps nothing of any case: a stranger may have the phone.
        """
        suspending.stopped(tx, member.id)
        for case in self.calls.cases.of_rows(tx, self.calls.claims.offers.made_to(tx, member.id)):
            self.handing_over.answer_offer(tx, case, member, accept=False)
        held = self.calls.cases.held_by(tx, member.id)
        for claimed in held:
            self.giving_back.stopped(tx, claimed)
        for case in self.calls.cases.waiting(tx):
            if member.id in self.calls.cases.alerted.of(tx, case.row):
                self.calls.climb(tx, case)
        self._empty(tx, member)
        return self.calls.cases.waiting(tx, [case.row for case in held])

    def _empty(self, tx: Tx, member: Member) -> None:
        """Whatever still stands in a member's chat goes: alerts, lists, questions with their buttons."""
        stood, (listed, _), card = in_chat.take_all(tx, member.id), list_of(tx, member.id), duty_cards.of(tx, member.id)
        self.calls.queue.wipes.stood(tx, member.id, stood)
        if listed is not None:
            keep_list(tx, member.id, message_id=None)
        duty_cards.keep(tx, member.id, None)
        cards = {*self.calls.cases.alerted.take_messages_of(tx, member.id), listed, card}
        self.calls.queue.wipes.cards(tx, member.id, sorted(one for one in cards if one is not None))
        self.calls.queue.menu(tx, member.id)

    def _take_alert_away(self, tx: Tx, case: Waiting, member: Member) -> None:
        """Of a case that they cannot open any more, their chat says nothing; the ladder calls the others."""
        gone = self.calls.cases.alerted.drop(tx, case.row, member.id)
        if gone is not None:
            self.calls.queue.wipes.cards(tx, member.id, [gone])
        self.calls.queue.to_member(tx, RowKind.list, member.id)
        self.calls.climb(tx, case)


def _unless_forced(member: Member, alone: Sequence[Case], *, force: bool) -> Sequence[Case]:
    """Cases that nobody else can open; raises Refused when there are any, unless forced."""
    if alone and not force:
        codes = ", ".join(case.code for case in alone[:20])
        raise Refused(f"{member.name} is the last lawyer who can open {codes}; --force does it all the same")
    return alone
