"""A claim, from the lease to the end: contact, release, handing over, reminders, closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.gate import Event
from bot.handoff.dispatch import Dispatch
from bot.handoff.hours import HERE
from bot.handoff.roster import Roster
from bot.settings import Ladder, Rungs
from storage.cases import Case, Cases
from storage.handoffs import Handoff
from storage.lists import is_muted, mute, unmute
from storage.members import Member
from storage.offers import Offers
from storage.record import Entry
from storage.relay import Relay
from storage.tx import Reading, Tx
from storage.undoing import Undoing

ACTING = timedelta(hours=2)
OUTCOMES = ("helped", "referred", "unreachable", "declined", "false_alarm", "other")


@dataclass(frozen=True, slots=True)
class Claims:
    """Every method runs inside a change."""

    cases: Cases
    dispatch: Dispatch
    roster: Roster
    relay: Relay
    offers: Offers
    policy: Ladder
    undoing: Undoing

    def lease_of(self, tx: Reading, case_row: int) -> timedelta | None:
        """How long a claim of this case holds without contact."""
        rungs: Rungs = getattr(self.policy, self.cases.handoffs.get(tx, case_row).facts.level)
        return rungs.lease

    def begun(self, tx: Tx, case: Case, member: Member) -> None:
        """A new claimer: a new check word goes into the case before its bundle is made."""
        at = tx.now.astimezone(HERE).date().isoformat()
        self.cases.set_check_word(
            tx, case, lambda word: Entry(kind="check", at=at, value={"word": word, "for": member.name})
        )
        self.dispatch.to_member(tx, "bundle", member.id, case_row=case.row)

    # --- until the person has been reached ---

    def acts(self, tx: Tx, case: Case) -> None:
        """The claimer says "I am acting": the claim holds for two hours more."""
        if case.contacted_at is None:
            self.cases.handoffs.set_lease(tx, case.row, ACTING)
            self._redraw(tx, case)

    def reached(self, tx: Tx, case: Case) -> None:
        """First contact: from here on only the claimer, one deputy and recovery can open the case."""
        if case.contacted_at is None:
            self.cases.contacted(tx, case, self.roster.deputy(tx, case))
            self._redraw(tx, case)

    def release(self, tx: Tx, case: Case, member: Member) -> None:
        """The claimer gives the case back, and is called no more for it."""
        self.cases.alerted.keep(tx, case.row, member.id, state="passed")
        self.reopen(tx, case)
        self.dispatch.to_coordinators(tx, "released", case_row=case.row, about=member.id)

    def watch(self, tx: Tx, case: Case, handoff: Handoff) -> None:
        """What time brings to a claim: the question at two thirds of the lease, its end, reminders of clocks."""
        assert case.claimed_by is not None
        if handoff.lease_until is not None and handoff.lease_until <= tx.now:
            self._lapse(tx, case)
            return
        due = [one for one in handoff.facts.reminders if one[0] <= tx.now]
        if due:
            ahead = tuple(one for one in handoff.facts.reminders if one[0] > tx.now)
            reminded = (*handoff.facts.reminded, *((at, clock) for at, clock, _ in due))
            facts = msgspec.structs.replace(handoff.facts, reminders=ahead, reminded=reminded)
            self.cases.handoffs.set_facts(tx, case.row, facts)
        for _, clock, day in due:
            args = {"clock": clock, "day": day.isoformat()}
            self.dispatch.to_member(tx, "remind", case.claimed_by, case_row=case.row, args=args, mark=f":{clock}")
        self._watch_lease(tx, case, handoff)

    def _watch_lease(self, tx: Tx, case: Case, handoff: Handoff) -> None:
        assert case.claimed_by is not None
        if handoff.lease_until is None:
            self.cases.handoffs.set_due(tx, case.row, None)
            return
        ask_at = _two_thirds(case, handoff)
        if not handoff.lease_asked and ask_at <= tx.now:
            self.cases.handoffs.asked(tx, handoff)
            self.dispatch.to_member(tx, "ask", case.claimed_by, case_row=case.row)
        else:
            self.cases.handoffs.set_due(tx, case.row, handoff.lease_until if handoff.lease_asked else ask_at)

    def _lapse(self, tx: Tx, case: Case) -> None:
        """No contact in time: the next are called, and the silent claimer may take the case again."""
        assert case.claimed_by is not None
        self.dispatch.to_member(tx, "lapsed", case.claimed_by, case_row=case.row)
        self.dispatch.to_coordinators(tx, "lapsed", case_row=case.row, about=case.claimed_by)
        self.reopen(tx, case)

    def reopen(self, tx: Tx, case: Case) -> None:
        """The claim is over; what the former claimer's chat shows of the case goes."""
        self.relay.claim_over(tx, case.row)
        self.offers.drop(tx, case.row)
        self.dispatch.wipe_from_member(tx, case.row)
        self.cases.reopen(tx, case)

    # --- handing over ---

    def offer(self, tx: Tx, case: Case, member_id: int) -> bool:
        """The claimer offers the case to another lawyer; False when that is not somebody who could take it."""
        other = self.dispatch.members.find(tx, member_id)
        if other is None or other.role != "lawyer" or not other.works or other.id == case.claimed_by:
            return False
        self.offers.make(tx, case.row, member_id)
        self.dispatch.to_member(tx, "offer", member_id, case_row=case.row)
        return True

    def answer_offer(self, tx: Tx, case: Case, member: Member, *, accept: bool) -> bool:
        """The other lawyer answers. Who holds a wrap has the case at once; others wait for one from the claimer."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.member_id != member.id or case.status != "claimed" or case.claimed_by is None:
            return False
        if not accept:
            self.offers.drop(tx, case.row)
            self._to_claimer(tx, case, "declined")
        elif member.id in self.cases.wraps.can_open(tx, case.row):
            self._passes(tx, case, member)
        else:
            self.offers.accept(tx, case.row)
            self._to_claimer(tx, case, "share")
        return True

    def awaits_file(self, tx: Reading, member: Member) -> bool:
        """True when a lawyer who holds a case has been asked for another one's wrap."""
        offers = [self.offers.of(tx, case.row) for case in self.cases.held_by(tx, member.id)]
        return any(one is not None and one.accepted_at is not None for one in offers)

    def wrap_came(self, tx: Tx, case: Case, kid: str, sealed: bytes) -> bool:
        """The claimer has sent a wrap for the other lawyer, made on their own device."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.accepted_at is None:
            return False
        self.cases.wraps.add(tx, case.row, offer.member_id, kid, sealed)
        self.offers.wrapped(tx, case.row, kid)
        self.dispatch.to_member(tx, "bundle", offer.member_id, case_row=case.row)
        self.dispatch.to_member(tx, "opens", offer.member_id, case_row=case.row)
        return True

    def confirm_wrap(self, tx: Tx, case: Case, member: Member, *, opens: bool) -> bool:
        """Does the case open? Only then does the claim pass; else the wrap goes and the claimer is asked again."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.member_id != member.id or offer.wrap_kid is None:
            return False
        if opens:
            self._passes(tx, case, member)
        else:
            self.cases.wraps.drop(tx, case.row, member.id)
            self.offers.wrapped(tx, case.row, None)
            self._to_claimer(tx, case, "share", again=True)
        return True

    def _passes(self, tx: Tx, case: Case, member: Member) -> None:
        before = case.claimed_by
        assert before is not None
        self.offers.drop(tx, case.row)
        self.relay.claim_over(tx, case.row)
        self.dispatch.wipe_from_member(tx, case.row, but=member.id)
        self.cases.passed_to(tx, case, member, self.lease_of(tx, case.row))
        self.cases.alerted.keep(tx, case.row, member.id, state="rung", at=tx.now)
        self.begun(tx, case, member)
        self._redraw(tx, case)
        facts = self.cases.handoffs.get(tx, case.row).facts
        self.dispatch.news(tx, self.cases.get(tx, case.row), Event.taken, facts)
        self.dispatch.to_coordinators(tx, "passed", case_row=case.row, about=member.id)

    def risen(self, tx: Tx, case: Case) -> None:
        """A claimed case is more urgent than it was: its claimer hears it at once, outside Telegram too.

        Who has not reached the person yet has only as long as a case of this level has.
        """
        self._to_claimer(tx, case, "risen")
        assert case.claimed_by is not None
        until, lease = self.cases.handoffs.get(tx, case.row).lease_until, self.lease_of(tx, case.row)
        if case.contacted_at is None and until is not None and lease is not None and tx.now + lease < until:
            self.cases.handoffs.set_lease(tx, case.row, lease)
        claimer = self.dispatch.members.find(tx, case.claimed_by)
        if claimer is not None:
            self.dispatch.outside(tx, claimer)
        self.dispatch.to_coordinators(tx, "risen", case_row=case.row, about=case.claimed_by)

    # --- clocks, and the end ---

    def settle_clock(self, tx: Tx, case: Case, clock: str) -> None:
        """The claimer is done with a clock, or it is not theirs: no more reminders of it."""
        facts = self.cases.handoffs.get(tx, case.row).facts
        left = tuple(one for one in facts.reminders if one[1] != clock)
        settled = tuple(dict.fromkeys((*facts.settled, clock)))
        facts = msgspec.structs.replace(facts, reminders=left, settled=settled)
        self.cases.handoffs.set_facts(tx, case.row, facts)

    def close(self, tx: Tx, case: Case, member: Member, outcome: str) -> bool:
        """The claimer closes the case. After a false alarm nothing of this account rings before a coordinator looks."""
        if outcome not in OUTCOMES:
            return False
        if outcome == "false_alarm" and case.chat_look_up is not None:
            self._false_alarm(tx, case, member, case.chat_look_up)
        facts = self.cases.handoffs.get(tx, case.row).facts
        self.dispatch.last_card(tx, case, self.cases.card_shown(tx, case), facts)
        self.dispatch.wipe_from_member(tx, case.row)
        self.cases.close(tx, case, outcome)
        self._redraw(tx, case)
        self.dispatch.to_coordinators(tx, "closed", case_row=case.row, about=member.id)
        return True

    def _false_alarm(self, tx: Tx, case: Case, member: Member, look_up: bytes) -> None:
        """It cost its lawyer nothing of the day; what else waits of this account rings nobody. Undone for a while."""
        counted = case.claimed_at is not None and self.cases.give_back(tx, member.id, case.claimed_at)
        self.undoing.keep(tx, case, member.id, counted=counted, was_muted=is_muted(tx, look_up))
        mute(tx, look_up)
        for other in self.cases.all_of_chat(tx, look_up):
            if other.status == "waiting" and not self.cases.handoffs.get(tx, other.row).muted:
                self._mute(tx, other)

    def _mute(self, tx: Tx, case: Case) -> None:
        """A case that waits leaves the lawyers' chats; coordinators and the person are told."""
        self.cases.handoffs.mute(tx, case.row)
        for member_id, message_id in self.cases.alerted.drop_all(tx, case.row).items():
            self.dispatch.to_member(tx, "list", member_id)
            if message_id is not None:
                self.dispatch.wipe(tx, self.dispatch.members.get(tx, member_id).telegram_id, [message_id])
        for one in self.dispatch.members.coordinators(tx):
            self.dispatch.to_member(tx, "muted", one.id, case_row=case.row)
        self.dispatch.news(tx, case)

    def undo(self, tx: Tx, case: Case, member: Member) -> Sequence[Case] | None:
        """It was no false alarm: the same lawyer has the case as before. The cases that wait to be let through again.

        None when it cannot be undone: not theirs, ten minutes are over, erased meanwhile.
        """
        if case.status != "closed" or self.undoing.until(tx, case.row, member.id) is None:
            return None
        kept = self.undoing.restore(tx, case.row)
        case = self.cases.get(tx, case.row)
        if kept.counted and case.claimed_at is not None:
            self.cases.count_again(tx, member.id, case.claimed_at)
        if case.contacted_at is None:
            self.cases.handoffs.set_lease(tx, case.row, self.lease_of(tx, case.row))
        for kind in ("bundle", "alert"):
            self.dispatch.to_member(tx, kind, member.id, case_row=case.row)
        self._redraw(tx, case)
        self.dispatch.news(tx, case)
        self.dispatch.to_coordinators(tx, "undone", case_row=case.row, about=member.id)
        if kept.was_muted or case.chat_look_up is None:
            return ()
        unmute(tx, case.chat_look_up)
        return [one for one in self.cases.all_of_chat(tx, case.chat_look_up) if one.status == "waiting"]

    # --- parts ---

    def _redraw(self, tx: Tx, case: Case) -> None:
        for member_id in self.cases.alerted.of(tx, case.row):
            self.dispatch.to_member(tx, "alert", member_id, case_row=case.row)

    def _to_claimer(self, tx: Tx, case: Case, kind: str, **args: object) -> None:
        assert case.claimed_by is not None
        self.dispatch.to_member(tx, kind, case.claimed_by, case_row=case.row, args=args)


def _two_thirds(case: Case, handoff: Handoff) -> datetime:
    """When the claimer is asked; the row knows it as its due time, reminders may have come before it."""
    assert handoff.lease_until is not None
    begun = case.claimed_at or handoff.began_at
    return begun + (handoff.lease_until - begun) * 2 / 3
