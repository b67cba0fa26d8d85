"""A claim, from the lease to the end: contact, release, handing over, reminders, closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.gate import Event
from bot.handoff.for_person import way_of
from bot.handoff.messages import Messages
from bot.handoff.queue import Queue
from bot.handoff.roster import Roster
from bot.hours import HERE
from bot.settings import Ladder, Rungs
from storage.cases import ENDS_AFTER, Case, Cases
from storage.contact import Contacts
from storage.handoffs import Handoff
from storage.members import Member
from storage.muted import is_muted, mute, unmute
from storage.offers import Offers
from storage.outbox import RowKind
from storage.record import Entry, EntryKind
from storage.relay import Relay
from storage.tx import Reading, Tx
from storage.undoing import Undoing

ACTING = timedelta(hours=2)
SILENT, UNANSWERED = timedelta(hours=48), timedelta(hours=24)
RAISED_EVERY = timedelta(days=7)
OUTCOMES = ("helped", "referred", "unreachable", "declined", "false_alarm", "other")


@dataclass(frozen=True, slots=True)
class Claims:
    """Every method runs inside a change."""

    cases: Cases
    queue: Queue
    roster: Roster
    relay: Relay
    offers: Offers
    ladder: Ladder
    contacts: Contacts
    messages: Messages
    undoing: Undoing

    def lease_of(self, tx: Reading, case_row: int) -> timedelta | None:
        """How long a claim of this case holds without contact."""
        rungs: Rungs = getattr(self.ladder, self.cases.handoffs.get(tx, case_row).facts.level)
        return rungs.lease

    def begun(self, tx: Tx, case: Case, member: Member) -> None:
        """A new claimer: a new check word goes into the case before its bundle is made."""
        self.contacts.begins(tx, case.row)
        at = tx.now.astimezone(HERE).date().isoformat()

        def checks(word: str, call: str) -> Entry:
            return Entry(kind=EntryKind.check, at=at, value={"word": word, "for": member.name, "call": call})

        self.cases.set_check_word(tx, case, checks)
        self.queue.to_member(tx, RowKind.bundle, member.id, case_row=case.row)

    # --- until the person has been reached ---

    def acts(self, tx: Tx, case: Case) -> bool:
        """The claimer says "I am acting": the claim holds for two hours more, once; False when it was extended before.

        After contact it is a sign of life.
        """
        before, until = self.contacts.get(tx, case.row).acted_at, self.cases.handoffs.get(tx, case.row).lease_until
        self.contacts.spoke(tx, case.row, acted_at=before or tx.now)
        if until is None:
            self._watch(tx, case)
            return True
        if before is not None:
            return False
        self.cases.handoffs.set_lease(tx, case.row, max(until, tx.now) - tx.now + ACTING)
        self._redraw(tx, case)
        self.queue.person.news(tx, case)
        return True

    def phoned(self, tx: Tx, case: Case) -> bool:
        """The claimer reports a call; only of somebody who has typed the check word that counts as contact."""
        if not case.checked:
            return False
        self.contacts.spoke(tx, case.row)
        self._reached(tx, case)
        return True

    def seen(self, tx: Tx, case: Case, number: int) -> None:
        """The person has opened the lawyers' messages up to this one: of this claim, that is contact."""
        known = self.contacts.get(tx, case.row)
        self.contacts.spoke(tx, case.row, seen=max(number, known.seen), seen_at=tx.now)
        if case.claimed_by is None:
            return
        if number > known.before:
            self._reached(tx, case)
        self._to_claimer(tx, case, RowKind.receipt)
        self._redraw(tx, case)

    def answered(self, tx: Tx, case: Case) -> None:
        """The person has written to the lawyer: after a message of this claim, that is contact."""
        if case.status == "claimed" and self.contacts.get(tx, case.row).wrote:
            self._reached(tx, case)

    def _reached(self, tx: Tx, case: Case) -> None:
        """First contact: from here on only the claimer, one deputy and recovery can open the case."""
        if case.status == "claimed" and case.contacted_at is None:
            self.cases.contacted(tx, case, self.roster.deputy(tx, case))
            self._watch(tx, self.cases.get(tx, case.row))
            self._redraw(tx, case)
            self.queue.person.news(tx, case)

    def tell_again(self, tx: Tx, case: Case) -> None:
        """What became of the claimer's last message comes anew, at the end of their chat."""
        self.contacts.set(tx, case.row, receipt_of=0)
        self._to_claimer(tx, case, RowKind.receipt)

    # --- whether the person can be reached at all ---

    def cannot_reach(self, tx: Tx, case: Case) -> None:
        """Telegram refuses what goes to the person: whoever relies on it hears it. Nothing ends or narrows."""
        if case.status not in {"waiting", "claimed"} or self.contacts.get(tx, case.row).unreached_at is not None:
            return
        self.contacts.set(tx, case.row, unreached_at=tx.now)
        self._redraw(tx, case)
        if case.claimed_by is None:
            self.queue.to_coordinators(tx, "unreached", case_row=case.row)
            return
        for kind in (RowKind.unreached, RowKind.receipt):
            self._to_claimer(tx, case, kind)

    def can_reach(self, tx: Tx, look_up: bytes) -> None:
        """The person of this chat has written, pressed or let the bot in again."""
        for case in self.cases.of_rows(tx, self.contacts.reachable(tx, look_up)):
            self._redraw(tx, case)
            self.messages.tell_again(tx, case)
            if case.claimed_by is not None:
                for kind in (RowKind.reachable, RowKind.receipt):
                    self._to_claimer(tx, case, kind)

    def release(self, tx: Tx, case: Case, member: Member) -> None:
        """The claimer gives the case back, and is called no more for it."""
        self.cases.alerted.keep(tx, case.row, member.id, state="passed")
        self.waits_again(tx, case)
        self.queue.to_coordinators(tx, "released", case_row=case.row, about=member.id)

    def free(self, tx: Tx, case: Case) -> bool:
        """A coordinator gives a claim that has fallen silent to others; False while it is not one that was shown so."""
        if case.claimed_by is None or self.contacts.get(tx, case.row).raised_at is None:
            return False
        self.queue.to_member(tx, RowKind.freed, case.claimed_by, case_row=case.row)
        self.queue.to_coordinators(tx, "freed", case_row=case.row, about=case.claimed_by)
        self.waits_again(tx, case)
        return True

    def watch(self, tx: Tx, case: Case, handoff: Handoff) -> None:
        """What time brings to a claim: the question at two thirds of the lease, its end, a silence, reminders."""
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
            self.queue.to_member(tx, RowKind.remind, case.claimed_by, case_row=case.row, args=args, mark=f":{clock}")
        self._watch_lease(tx, case, handoff)

    def _watch(self, tx: Tx, case: Case) -> None:
        self._watch_lease(tx, case, self.cases.handoffs.get(tx, case.row))

    def _watch_lease(self, tx: Tx, case: Case, handoff: Handoff) -> None:
        assert case.claimed_by is not None
        if handoff.lease_until is None:
            self.cases.handoffs.set_due(tx, case.row, self._watch_silence(tx, case))
            return
        ask_at = _two_thirds(case, handoff)
        if not handoff.lease_asked and ask_at <= tx.now:
            self.cases.handoffs.asked(tx, handoff)
            self.queue.to_member(tx, RowKind.ask, case.claimed_by, case_row=case.row)
        else:
            self.cases.handoffs.set_due(tx, case.row, handoff.lease_until if handoff.lease_asked else ask_at)

    def _watch_silence(self, tx: Tx, case: Case) -> datetime:
        """No word from either side for two days: the claimer is asked; a day later coordinators may give it to others.

        When to look again.
        """
        known = self.contacts.get(tx, case.row)
        since = known.spoke_at or case.contacted_at or case.claimed_at or tx.now
        if since + SILENT > tx.now:
            return since + SILENT
        if known.asked_at is None:
            self.contacts.set(tx, case.row, asked_at=tx.now)
            self._to_claimer(tx, case, RowKind.quiet)
            return tx.now + UNANSWERED
        due = known.asked_at + UNANSWERED if known.raised_at is None else known.raised_at + RAISED_EVERY
        if due > tx.now:
            return due
        self.contacts.set(tx, case.row, raised_at=tx.now)
        for one in self.queue.members.coordinators(tx):
            self.queue.to_member(tx, RowKind.silent, one.id, case_row=case.row)
        return tx.now + RAISED_EVERY

    def _lapse(self, tx: Tx, case: Case) -> None:
        """No contact in time: the next are called, and the silent claimer may take the case again."""
        assert case.claimed_by is not None
        self.queue.to_member(tx, RowKind.lapsed, case.claimed_by, case_row=case.row)
        self.queue.to_coordinators(tx, "lapsed", case_row=case.row, about=case.claimed_by)
        self.waits_again(tx, case, over="lapsed")

    def waits_again(self, tx: Tx, case: Case, over: str = "returned") -> None:
        """The claim is over; what the former claimer's chat shows of the case goes. `over`: why, for the person."""
        self.leaves_chats(tx, case)
        self.contacts.set(tx, case.row, over=over, receipt_message=None)
        self.relay.claim_over(tx, case.row)
        self.offers.drop(tx, case.row)
        self.cases.waits_again(tx, case)

    def ends(self, tx: Tx, case: Case, kept: timedelta) -> None:
        """Nothing was heard for nearly `kept`: claimer and coordinators are told on which day the case is erased."""
        known = self.contacts.get(tx, case.row)
        since = known.spoke_at or case.contacted_at or case.claimed_at or tx.now
        day = max(since + kept, tx.now + ENDS_AFTER).astimezone(HERE).date()
        self.contacts.set(tx, case.row, ending_at=tx.now)
        self._to_claimer(tx, case, RowKind.ending, day=day.isoformat())
        self.queue.to_coordinators(tx, "ending", case_row=case.row, about=case.claimed_by, day=day)

    # --- handing over ---

    def offer(self, tx: Tx, case: Case, member_id: int) -> bool:
        """The claimer offers the case to another lawyer; False when that is not somebody who could take it."""
        other = self.queue.members.find(tx, member_id)
        if other is None or other.role != "lawyer" or not other.works or other.id == case.claimed_by:
            return False
        self.offers.make(tx, case.row, member_id)
        self.queue.to_member(tx, RowKind.offer, member_id, case_row=case.row)
        return True

    def answer_offer(self, tx: Tx, case: Case, member: Member, *, accept: bool) -> bool:
        """The other lawyer answers. Who holds a wrap has the case at once; others wait for one from the claimer."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.member_id != member.id or case.status != "claimed" or case.claimed_by is None:
            return False
        if not accept:
            self.offers.drop(tx, case.row)
            self._to_claimer(tx, case, RowKind.declined)
        elif member.id in self.cases.wraps.can_open(tx, case.row):
            self._passes(tx, case, member)
        else:
            self.offers.accept(tx, case.row)
            self._to_claimer(tx, case, RowKind.share)
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
        self.queue.to_member(tx, RowKind.bundle, offer.member_id, case_row=case.row)
        self.queue.to_member(tx, RowKind.opens, offer.member_id, case_row=case.row)
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
            self._to_claimer(tx, case, RowKind.share, again=True)
        return True

    def _passes(self, tx: Tx, case: Case, member: Member) -> None:
        before = case.claimed_by
        assert before is not None
        self.offers.drop(tx, case.row)
        self.relay.claim_over(tx, case.row)
        self.leaves_chats(tx, case, but=member.id)
        self.cases.passed_to(tx, case, member, self.lease_of(tx, case.row))
        self.cases.alerted.keep(tx, case.row, member.id, state="rung", at=tx.now)
        self.begun(tx, case, member)
        self._watch(tx, self.cases.get(tx, case.row))
        self._redraw(tx, case)
        facts = self.cases.handoffs.get(tx, case.row).facts
        self.queue.person.news(tx, self.cases.get(tx, case.row), Event.taken, facts)
        self.queue.to_coordinators(tx, "passed", case_row=case.row, about=member.id)

    def risen(self, tx: Tx, case: Case) -> None:
        """A claimed case is more urgent than it was: its claimer hears it at once, outside Telegram too.

        Who has not reached the person yet has only as long as a case of this level has.
        """
        self._to_claimer(tx, case, RowKind.risen)
        assert case.claimed_by is not None
        until, lease = self.cases.handoffs.get(tx, case.row).lease_until, self.lease_of(tx, case.row)
        if case.contacted_at is None and until is not None and lease is not None and tx.now + lease < until:
            self.cases.handoffs.set_lease(tx, case.row, lease)
        claimer = self.queue.members.find(tx, case.claimed_by)
        if claimer is not None:
            self.queue.outside(tx, claimer, "yours")
        self.queue.to_coordinators(tx, "risen", case_row=case.row, about=case.claimed_by)

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
        case = self.cases.hold(tx, case.row)
        card = self.cases.card_shown(tx, case)
        if outcome == "false_alarm" and case.chat_look_up is not None:
            self._false_alarm(tx, case, member, case.chat_look_up, card)
        way = way_of(Event.closed, case, self.cases.handoffs.get(tx, case.row).facts)
        self.queue.person.last_card(tx, case, card, way)
        if self.cases.is_last(tx, case):
            self.queue.wipes.forget_shown(tx, case)
        self.leaves_chats(tx, case)
        self.cases.close(tx, case, outcome)
        self._redraw(tx, case)
        self.queue.to_coordinators(tx, "closed", case_row=case.row, about=member.id)
        return True

    def _false_alarm(self, tx: Tx, case: Case, member: Member, look_up: bytes, card: int | None) -> None:
        """It cost its lawyer nothing of the day; what else waits of this account rings nobody. Undone for a while."""
        counted = case.claimed_at is not None and self.cases.give_back(tx, member.id, case.claimed_at)
        was_muted = is_muted(tx, self.cases.ring, look_up)
        self.undoing.keep(tx, case, member.id, card=card, counted=counted, was_muted=was_muted)
        mute(tx, self.cases.ring, look_up)
        for other in self.cases.all_of_chat(tx, look_up):
            if other.status == "waiting" and not self.cases.handoffs.get(tx, other.row).muted:
                self._mute(tx, other)

    def _mute(self, tx: Tx, case: Case) -> None:
        """A case that waits leaves the lawyers' chats; coordinators and the person are told."""
        self.cases.handoffs.mute(tx, case.row)
        for member_id, message_id in self.cases.alerted.drop_all(tx, case.row).items():
            self.queue.to_member(tx, RowKind.list, member_id)
            if message_id is not None:
                self.queue.wipes.messages(tx, self.queue.members.get(tx, member_id).telegram_id, [message_id])
        for one in self.queue.members.coordinators(tx):
            self.queue.to_member(tx, RowKind.muted, one.id, case_row=case.row)
        self.queue.person.news(tx, case)

    def undo(self, tx: Tx, case: Case, member: Member) -> Sequence[Case] | None:
        """It was no false alarm: the same lawyer has the case as before. The cases that wait to be let through again.

        None when it cannot be undone: not theirs, ten minutes are over, erased meanwhile.
        """
        case = self.cases.hold(tx, case.row)
        if case.status != "closed" or self.undoing.until(tx, case.row, member.id) is None:
            return None
        kept = self.undoing.restore(tx, case.row)
        case = self.cases.get(tx, case.row)
        if kept.counted and case.claimed_at is not None:
            self.cases.count_again(tx, member.id, case.claimed_at)
        if case.contacted_at is None:
            self.cases.handoffs.set_lease(tx, case.row, self.lease_of(tx, case.row))
        # What became of their own messages has left the claimer's chat, and comes anew.
        self.contacts.set(tx, case.row, receipt_message=None, receipt_of=0)
        for kind in (RowKind.bundle, RowKind.alert, RowKind.receipt):
            self.queue.to_member(tx, kind, member.id, case_row=case.row)
        self._redraw(tx, case)
        if case.chat_id is not None:
            self.queue.person.no_goodbye_after_all(tx, case.chat_id, self.cases.card_shown(tx, case))
        self.messages.tell_again(tx, case)
        self.queue.person.repair_card(tx, case)
        self.queue.to_coordinators(tx, "undone", case_row=case.row, about=member.id)
        if kept.was_muted or case.chat_look_up is None:
            return ()
        unmute(tx, self.cases.ring, case.chat_look_up)
        return [one for one in self.cases.all_of_chat(tx, case.chat_look_up) if one.status == "waiting"]

    # --- parts ---

    def leaves_chats(self, tx: Tx, case: Case, but: int | None = None) -> None:
        """What members' chats show of the case goes: files, messages, what became of the claimer's own.

        `but`: not one member's, who has the case now.
        """
        receipt = self.contacts.get(tx, case.row).receipt_message
        if case.claimed_by is not None and receipt is not None:
            self.queue.wipes.from_members(tx, {case.claimed_by: [receipt]})
        self.queue.wipes.of_case(tx, case.row, but=but)

    def _redraw(self, tx: Tx, case: Case) -> None:
        for member_id in self.cases.alerted.of(tx, case.row):
            self.queue.to_member(tx, RowKind.alert, member_id, case_row=case.row)

    def _to_claimer(self, tx: Tx, case: Case, kind: RowKind, **args: object) -> None:
        assert case.claimed_by is not None
        self.queue.to_member(tx, kind, case.claimed_by, case_row=case.row, args=args)


def _two_thirds(case: Case, handoff: Handoff) -> datetime:
    """When the claimer is asked; the row knows it as its due time, reminders may have come before it."""
    assert handoff.lease_until is not None
    begun = case.claimed_at or handoff.began_at
    return begun + (handoff.lease_until - begun) * 2 / 3
