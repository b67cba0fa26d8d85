"""A claim, from the lease to the end: contact, release, handing over, reminders, closing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.handoff.dispatch import Dispatch
from bot.handoff.hours import HERE
from bot.handoff.roster import Roster
from bot.settings import Ladder, Rungs
from storage.cases import Case, Cases
from storage.handoffs import Handoff
from storage.lists import mute
from storage.members import Member
from storage.offers import Offers
from storage.record import Entry
from storage.relay import Relay
from storage.writer import Connection

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

    def lease_of(self, connection: Connection, case_row: int) -> timedelta | None:
        """How long a claim of this case holds without contact."""
        rungs: Rungs = getattr(self.policy, self.cases.handoffs.get(connection, case_row).facts.level)
        return rungs.lease

    def begun(self, connection: Connection, case: Case, member: Member, now: datetime) -> None:
        """A new claimer: a new check word goes into the case before its bundle is made."""
        at = now.astimezone(HERE).date().isoformat()
        self.cases.set_check_word(
            connection, case, lambda word: Entry(kind="check", at=at, value={"word": word, "for": member.name})
        )
        self.dispatch.to_member(connection, "bundle", member.id, now, case_row=case.row)

    # --- until the person has been reached ---

    def acts(self, connection: Connection, case: Case, now: datetime) -> None:
        """The claimer says "I am acting": the claim holds for two hours more."""
        if case.contacted_at is None:
            self.cases.handoffs.set_lease(connection, case.row, now, ACTING)
            self._redraw(connection, case, now)

    def reached(self, connection: Connection, case: Case, now: datetime) -> None:
        """First contact: from here on only the claimer, one deputy and recovery can open the case."""
        if case.contacted_at is None:
            self.cases.contacted(connection, case, self.roster.deputy(connection, case, now), now)
            self._redraw(connection, case, now)

    def release(self, connection: Connection, case: Case, member: Member, now: datetime) -> None:
        """The claimer gives the case back, and is called no more for it."""
        self.cases.alerted.keep(connection, case.row, member.id, state="passed")
        self.reopen(connection, case, now)
        self.dispatch.to_coordinators(connection, "released", now, case_row=case.row, about=member.id)

    def watch(self, connection: Connection, case: Case, handoff: Handoff, now: datetime) -> None:
        """What time brings to a claim: the question at two thirds of the lease, its end, reminders of clocks."""
        assert case.claimed_by is not None
        if handoff.lease_until is not None and handoff.lease_until <= now:
            self._lapse(connection, case, now)
            return
        due = [one for one in handoff.facts.reminders if one[0] <= now]
        if due:
            ahead = tuple(one for one in handoff.facts.reminders if one[0] > now)
            reminded = (*handoff.facts.reminded, *((at, clock) for at, clock, _ in due))
            facts = msgspec.structs.replace(handoff.facts, reminders=ahead, reminded=reminded)
            self.cases.handoffs.set_facts(connection, case.row, facts)
        for _, clock, day in due:
            args = {"clock": clock, "day": day.isoformat()}
            self.dispatch.to_member(
                connection, "remind", case.claimed_by, now, case_row=case.row, args=args, mark=f":{clock}"
            )
        self._watch_lease(connection, case, handoff, now)

    def _watch_lease(self, connection: Connection, case: Case, handoff: Handoff, now: datetime) -> None:
        assert case.claimed_by is not None
        if handoff.lease_until is None:
            self.cases.handoffs.set_due(connection, case.row, None)
            return
        ask_at = _two_thirds(case, handoff)
        if not handoff.lease_asked and ask_at <= now:
            self.cases.handoffs.asked(connection, handoff)
            self.dispatch.to_member(connection, "ask", case.claimed_by, now, case_row=case.row)
        else:
            self.cases.handoffs.set_due(connection, case.row, handoff.lease_until if handoff.lease_asked else ask_at)

    def _lapse(self, connection: Connection, case: Case, now: datetime) -> None:
        """No contact in time: the next are called, and the silent claimer may take the case again."""
        assert case.claimed_by is not None
        self.dispatch.to_member(connection, "lapsed", case.claimed_by, now, case_row=case.row)
        self.dispatch.to_coordinators(connection, "lapsed", now, case_row=case.row, about=case.claimed_by)
        self.reopen(connection, case, now)

    def reopen(self, connection: Connection, case: Case, now: datetime) -> None:
        """The claim is over; what the former claimer's chat shows of the case goes."""
        self.relay.claim_over(connection, case.row)
        self.offers.drop(connection, case.row)
        self.dispatch.wipe_from_member(connection, case.row, now)
        self.cases.reopen(connection, case, now)

    # --- handing over ---

    def offer(self, connection: Connection, case: Case, member_id: int, now: datetime) -> bool:
        """The claimer offers the case to another lawyer; False when that is not somebody who could take it."""
        other = self.dispatch.members.get(connection, member_id)
        if other.role != "lawyer" or not other.works or other.id == case.claimed_by:
            return False
        self.offers.make(connection, case.row, member_id, now)
        self.dispatch.to_member(connection, "offer", member_id, now, case_row=case.row)
        return True

    def answer_offer(self, connection: Connection, case: Case, member: Member, now: datetime, *, accept: bool) -> bool:
        """The other lawyer answers. Who holds a wrap has the case at once; others wait for one from the claimer."""
        offer = self.offers.of(connection, case.row)
        if offer is None or offer.member_id != member.id or case.status != "claimed" or case.claimed_by is None:
            return False
        if not accept:
            self.offers.drop(connection, case.row)
            self._to_claimer(connection, case, "declined", now)
        elif member.id in self.cases.wraps.can_open(connection, case.row):
            self._passes(connection, case, member, now)
        else:
            self.offers.accept(connection, case.row, now)
            self._to_claimer(connection, case, "share", now)
        return True

    def awaits_file(self, connection: Connection, member: Member) -> bool:
        """True when a lawyer who holds a case has been asked for another one's wrap."""
        offers = [self.offers.of(connection, case.row) for case in self.cases.held_by(connection, member.id)]
        return any(one is not None and one.accepted_at is not None for one in offers)

    def wrap_came(self, connection: Connection, case: Case, kid: str, sealed: bytes, now: datetime) -> bool:
        """The claimer has sent a wrap for the other lawyer, made on their own device."""
        offer = self.offers.of(connection, case.row)
        if offer is None or offer.accepted_at is None:
            return False
        self.cases.wraps.add(connection, case.row, offer.member_id, kid, sealed)
        self.offers.wrapped(connection, case.row, kid)
        self.dispatch.to_member(connection, "bundle", offer.member_id, now, case_row=case.row)
        self.dispatch.to_member(connection, "opens", offer.member_id, now, case_row=case.row)
        return True

    def confirm_wrap(self, connection: Connection, case: Case, member: Member, now: datetime, *, opens: bool) -> bool:
        """Does the case open? Only then does the claim pass; else the wrap goes and the claimer is asked again."""
        offer = self.offers.of(connection, case.row)
        if offer is None or offer.member_id != member.id or offer.wrap_kid is None:
            return False
        if opens:
            self._passes(connection, case, member, now)
        else:
            self.cases.wraps.drop(connection, case.row, member.id)
            self.offers.wrapped(connection, case.row, None)
            self._to_claimer(connection, case, "share", now, again=True)
        return True

    def _passes(self, connection: Connection, case: Case, member: Member, now: datetime) -> None:
        before = case.claimed_by
        assert before is not None
        self.offers.drop(connection, case.row)
        self.relay.claim_over(connection, case.row)
        self.dispatch.wipe_from_member(connection, case.row, now, but=member.id)
        self.cases.passed_to(connection, case, member, now, self.lease_of(connection, case.row))
        self.cases.alerted.keep(connection, case.row, member.id, state="rung", at=now)
        self.begun(connection, case, member, now)
        self._redraw(connection, case, now)
        self.dispatch.news(connection, self.cases.get(connection, case.row), now)
        self.dispatch.to_coordinators(connection, "passed", now, case_row=case.row, about=member.id)

    def risen(self, connection: Connection, case: Case, now: datetime) -> None:
        """A claimed case is more urgent than it was: its claimer hears it at once, outside Telegram too.

        Who has not reached the person yet has only as long as a case of this level has.
        """
        self._to_claimer(connection, case, "risen", now)
        assert case.claimed_by is not None
        until, lease = self.cases.handoffs.get(connection, case.row).lease_until, self.lease_of(connection, case.row)
        if case.contacted_at is None and until is not None and lease is not None and now + lease < until:
            self.cases.handoffs.set_lease(connection, case.row, now, lease)
        self.dispatch.outside(connection, self.dispatch.members.get(connection, case.claimed_by), now)
        self.dispatch.to_coordinators(connection, "risen", now, case_row=case.row, about=case.claimed_by)

    # --- clocks, and the end ---

    def settle_clock(self, connection: Connection, case: Case, clock: str) -> None:
        """The claimer is done with a clock, or it is not theirs: no more reminders of it."""
        facts = self.cases.handoffs.get(connection, case.row).facts
        left = tuple(one for one in facts.reminders if one[1] != clock)
        settled = tuple(dict.fromkeys((*facts.settled, clock)))
        facts = msgspec.structs.replace(facts, reminders=left, settled=settled)
        self.cases.handoffs.set_facts(connection, case.row, facts)

    def close(self, connection: Connection, case: Case, member: Member, outcome: str, now: datetime) -> bool:
        """The claimer closes the case; after a false alarm later cases of this account ring nobody."""
        if outcome not in OUTCOMES:
            return False
        if outcome == "false_alarm" and case.chat_look_up is not None:
            mute(connection, case.chat_look_up, now)
        self.dispatch.last_card(connection, case, self.cases.card_shown(connection, case), now)
        self.dispatch.wipe_from_member(connection, case.row, now)
        self.cases.close(connection, case, outcome, now)
        self._redraw(connection, case, now)
        self.dispatch.to_coordinators(connection, "closed", now, case_row=case.row, about=member.id)
        return True

    # --- parts ---

    def _redraw(self, connection: Connection, case: Case, now: datetime) -> None:
        for member_id in self.cases.alerted.of(connection, case.row):
            self.dispatch.to_member(connection, "alert", member_id, now, case_row=case.row)

    def _to_claimer(self, connection: Connection, case: Case, kind: str, now: datetime, **args: object) -> None:
        assert case.claimed_by is not None
        self.dispatch.to_member(connection, kind, case.claimed_by, now, case_row=case.row, args=args)


def _two_thirds(case: Case, handoff: Handoff) -> datetime:
    """When the claimer is asked; the row knows it as its due time, reminders may have come before it."""
    assert handoff.lease_until is not None
    begun = case.claimed_at or handoff.began_at
    return begun + (handoff.lease_until - begun) * 2 / 3
