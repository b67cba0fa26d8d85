"""A claimed case becomes another lawyer's: the offer, the answer, and the wrap that lets them open it."""

from dataclasses import dataclass

from bot.handoff.claims import Claims
from bot.handoff.queue import Queue
from bot.rings import Event
from storage.case import Case, Claimed
from storage.cases import Cases
from storage.members import Member
from storage.offers import Offers
from storage.outbox import LineKind, RowKind
from storage.relay import Relay
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """Every method runs inside a change."""

    cases: Cases
    queue: Queue
    claims: Claims
    offers: Offers
    relay: Relay

    def offer(self, tx: Tx, case: Claimed, member_id: int) -> bool:
        """The claimer offers the case to another lawyer; False when that is not somebody who could take it."""
        other = self.queue.members.find(tx, member_id)
        if other is None or other.role != "lawyer" or not other.works or case.is_held_by(other.id):
            return False
        before = self.offers.of(tx, case.row)
        if before is not None and before.member_id != member_id:
            self.queue.wipes.from_members(tx, self.queue.delivered.take_of(tx, case.row, before.member_id))
        self.offers.make(tx, case.row, member_id)
        self.queue.to_member(tx, RowKind.offer, member_id, case_row=case.row)
        return True

    def graver(self, tx: Tx, case: Claimed) -> None:
        """Whoever has not answered yet whether they take it hears what it is now; what they were asked before goes."""
        offer = self.offers.of(tx, case.row)
        if offer is not None and offer.accepted_at is None:
            self.queue.wipes.from_members(tx, self.queue.delivered.take_of(tx, case.row, offer.member_id))
            self.queue.to_member(tx, RowKind.offer, offer.member_id, case_row=case.row)

    def answer_offer(self, tx: Tx, case: Case, member: Member, *, accept: bool) -> bool:
        """The other lawyer answers. Who holds a wrap has the case at once; others wait for one from the claimer."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.member_id != member.id or not isinstance(case, Claimed):
            return False
        if not accept:
            self.offers.drop(tx, case.row)
            self.claims.to_claimer(tx, case, RowKind.declined)
        elif member.id in self.cases.wraps.can_open(tx, case.row):
            self.passes(tx, case, member)
        elif offer.accepted_at is None:
            self.offers.accept(tx, case.row)
            self.claims.to_claimer(tx, case, RowKind.share)
        return True

    def waits_for_file(self, tx: Reading, case: Case, member: Member) -> bool:
        """True when this lawyer has accepted a case, and nothing that opens it with their key has come yet."""
        offer = self.offers.of(tx, case.row)
        return (
            offer is not None
            and offer.accepted_at is not None
            and offer.wrap_kid is None
            and offer.member_id == member.id
        )

    def awaits_file(self, tx: Reading, member: Member) -> bool:
        """True when a lawyer who holds a case has been asked for another one's wrap."""
        offers = [self.offers.of(tx, case.row) for case in self.cases.held_by(tx, member.id)]
        return any(one is not None and one.accepted_at is not None for one in offers)

    def wrap_came(self, tx: Tx, case: Claimed, kid: str, sealed: bytes) -> bool:
        """The claimer has sent a wrap for the other lawyer, made on their own device."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.accepted_at is None:
            return False
        self.cases.wraps.add(tx, case.row, offer.member_id, kid, sealed)
        self.offers.wrapped(tx, case.row, kid)
        self.queue.to_member(tx, RowKind.bundle, offer.member_id, case_row=case.row)
        self.queue.to_member(tx, RowKind.opens, offer.member_id, case_row=case.row)
        return True

    def confirm_wrap(self, tx: Tx, case: Claimed, member: Member, *, opens: bool) -> bool:
        """Does the case open? Only then does the claim pass; else the wrap goes and the claimer is asked again."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.member_id != member.id or offer.wrap_kid is None:
            return False
        if opens:  # what has shown it has the words of whoever had the case: a zip of their own follows
            self.queue.wipes.from_members(tx, self.queue.delivered.take_of(tx, case.row, member.id))
            self.passes(tx, case, member)
        else:
            self.cases.wraps.drop(tx, case.row, member.id)
            self.offers.wrapped(tx, case.row, None)
            self.claims.to_claimer(tx, case, RowKind.share, again=True)
        return True

    def passes(self, tx: Tx, case: Claimed, member: Member, event: Event = Event.handed) -> None:
        """The claim is this lawyer's from now on, who can open the case. `event`: as the person hears of it."""
        self.offers.drop(tx, case.row)
        self.relay.claim_over(tx, case.row)
        self.claims.leaves_chats(tx, case, but=member.id)
        case = self.cases.claims.passed_to(tx, case, member, self.claims.lease_of(case))
        self.cases.alerted.keep(tx, case.row, member.id, state="rung", at=tx.now)
        case = self.claims.watch_lease(tx, self.claims.begun(tx, case, member))
        self.claims.redraw(tx, case)
        self.queue.person.news(tx, case, event)
        self.queue.to_coordinators(tx, LineKind.passed, case_row=case.row, about=member.id)
