"""A claim, from the lease to the end: contact, release, handing over, reminders, closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.gate import Event
from bot.handoff.for_person import way_of
from bot.handoff.messages import Messages
from bot.handoff.queue import Queue
from bot.handoff.roster import Roster
from bot.settings import Ladder
from flows.model import ClockId
from flows.place import Place
from storage.case import Case, Claimed, Closed, Handed, Waiting
from storage.cases import ENDS_AFTER, Cases
from storage.contact import Contact, Contacts
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
    """Every method runs inside a change; what changes a case gives it back as it then is."""

    cases: Cases
    queue: Queue
    roster: Roster
    relay: Relay
    offers: Offers
    ladder: Ladder
    contacts: Contacts
    messages: Messages
    undoing: Undoing
    place: Place

    def lease_of(self, case: Handed) -> timedelta | None:
        """How long a claim of this case holds without contact."""
        return self.ladder.rungs_for(case.level).lease

    def begun(self, tx: Tx, case: Claimed, member: Member) -> Claimed:
        """A new claimer: a new check word goes into the case before its bundle is made."""
        self.contacts.begins(tx, case.row)
        at = self.place.today(tx.now).isoformat()

        def checks(word: str, call: str) -> Entry:
            return Entry(kind=EntryKind.check, at=at, value={"word": word, "for": member.name, "call": call})

        self.queue.to_member(tx, RowKind.bundle, member.id, case_row=case.row)
        return self.cases.set_check_word(tx, case, checks)

    # --- until the person has been reached ---

    def acts(self, tx: Tx, case: Claimed) -> Claimed | None:
        """The claimer says "I am acting": the claim holds for two hours more, once; None when it was extended before.

        After contact it is a sign of life.
        """
        before, until = self.contacts.get(tx, case.row).acted_at, case.handoff.lease_until
        self.contacts.spoke(tx, case.row, acted_at=before or tx.now)
        if until is None:
            return self._watch_lease(tx, case)
        if before is not None:
            return None
        case = self.cases.handoffs.set_lease(tx, case, max(until, tx.now) - tx.now + ACTING)
        self._redraw(tx, case)
        self.queue.person.news(tx, case)
        return case

    def phoned(self, tx: Tx, case: Claimed) -> bool:
        """The claimer reports a call; only of somebody who has typed the check word that counts as contact."""
        if not case.claim.checked:
            return False
        self.contacts.spoke(tx, case.row)
        self._reached(tx, case)
        return True

    def seen(self, tx: Tx, case: Handed, number: int) -> None:
        """The person has opened the lawyers' messages up to this one: of this claim, that is contact."""
        known = self.contacts.get(tx, case.row)
        self.contacts.spoke(tx, case.row, seen=max(number, known.seen), seen_at=tx.now)
        if not isinstance(case, Claimed):
            return
        if number > known.before:
            self._reached(tx, case)
        self._to_claimer(tx, case, RowKind.receipt)
        self._redraw(tx, case)

    def answered(self, tx: Tx, case: Handed) -> Handed:
        """The person has written to the lawyer: after a message of this claim, that is contact."""
        if isinstance(case, Claimed) and self.contacts.get(tx, case.row).wrote:
            return self._reached(tx, case)
        return case

    def _reached(self, tx: Tx, case: Claimed) -> Claimed:
        """First contact: from here on only the claimer, one deputy and recovery can open the case."""
        if case.claim.contacted_at is not None:
            return case
        deputy = self.roster.deputy(tx, case, self.cases.alerted.of(tx, case.row))
        case = self._watch_lease(tx, self.cases.contacted(tx, case, deputy))
        self._redraw(tx, case)
        self.queue.person.news(tx, case)
        return case

    def tell_again(self, tx: Tx, case: Claimed) -> None:
        """What became of the claimer's last message comes anew, at the end of their chat."""
        self.contacts.set(tx, case.row, receipt_of=0)
        self._to_claimer(tx, case, RowKind.receipt)

    # --- whether the person can be reached at all ---

    def cannot_reach(self, tx: Tx, case: Case) -> None:
        """Telegram refuses what goes to the person: whoever relies on it hears it. Nothing ends or narrows."""
        if not isinstance(case, Handed) or self.contacts.get(tx, case.row).unreached_at is not None:
            return
        self.contacts.set(tx, case.row, unreached_at=tx.now)
        self._redraw(tx, case)
        if isinstance(case, Waiting):
            self.queue.to_coordinators(tx, "unreached", case_row=case.row)
            return
        for kind in (RowKind.unreached, RowKind.receipt):
            self._to_claimer(tx, case, kind)

    def can_reach(self, tx: Tx, look_up: bytes) -> None:
        """The person of this chat has written, pressed or let the bot in again."""
        for case in self.cases.of_rows(tx, self.contacts.reachable(tx, look_up)):
            self._redraw(tx, case)
            self.messages.tell_again(tx, case)
            if isinstance(case, Claimed):
                for kind in (RowKind.reachable, RowKind.receipt):
                    self._to_claimer(tx, case, kind)

    def release(self, tx: Tx, case: Claimed, member: Member) -> Waiting:
        """The claimer gives the case back, and is called no more for it."""
        self.cases.alerted.keep(tx, case.row, member.id, state="passed")
        waiting = self.waits_again(tx, case)
        self.queue.to_coordinators(tx, "released", case_row=case.row, about=member.id)
        return waiting

    def free(self, tx: Tx, case: Claimed) -> Waiting | None:
        """A coordinator gives a claim that has fallen silent to others; None while it is not one that was shown so."""
        if self.contacts.get(tx, case.row).raised_at is None:
            return None
        self._to_claimer(tx, case, RowKind.freed)
        self.queue.to_coordinators(tx, "freed", case_row=case.row, about=case.claim.by)
        return self.waits_again(tx, case)

    def watch(self, tx: Tx, case: Claimed) -> Waiting | None:
        """What time brings to a claim: the question at two thirds of the lease, its end, a silence, reminders.

        The case, when the claim is over; None while it holds.
        """
        if case.handoff.lease_until is not None and case.handoff.lease_until <= tx.now:
            return self._lapse(tx, case)
        due = case.handoff.facts.due_reminders(tx.now)
        if due:
            case = self.cases.handoffs.set_facts(tx, case, case.handoff.facts.after_reminding(tx.now))
        for one in due:
            args = {"clock": one.clock, "day": one.last_day.isoformat()}
            self.queue.to_member(tx, RowKind.remind, case.claim.by, case_row=case.row, args=args, mark=f":{one.clock}")
        self._watch_lease(tx, case)
        return None

    def _watch_lease(self, tx: Tx, case: Claimed) -> Claimed:
        until, ask_at = case.handoff.lease_until, _two_thirds(case)
        if until is None or ask_at is None:
            return self.cases.handoffs.set_due(tx, case, self._watch_silence(tx, case))
        if not case.handoff.lease_asked and ask_at <= tx.now:
            self._to_claimer(tx, case, RowKind.ask)
            return self.cases.handoffs.asked(tx, case)
        return self.cases.handoffs.set_due(tx, case, until if case.handoff.lease_asked else ask_at)

    def _watch_silence(self, tx: Tx, case: Claimed) -> datetime:
        """No word from either side for two days: the claimer is asked; a day later coordinators may give it to others.

        When to look again.
        """
        known = self.contacts.get(tx, case.row)
        since = _last_word(case, known)
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

    def _lapse(self, tx: Tx, case: Claimed) -> Waiting:
        """No contact in time: the next are called, and the silent claimer may take the case again."""
        self._to_claimer(tx, case, RowKind.lapsed)
        self.queue.to_coordinators(tx, "lapsed", case_row=case.row, about=case.claim.by)
        return self.waits_again(tx, case, over="lapsed")

    def waits_again(self, tx: Tx, case: Claimed, over: str = "returned") -> Waiting:
        """The claim is over; what the former claimer's chat shows of the case goes. `over`: why, for the person."""
        self.leaves_chats(tx, case)
        self.contacts.set(tx, case.row, over=over, receipt_message=None)
        self.relay.claim_over(tx, case.row)
        self.offers.drop(tx, case.row)
        return self.cases.waits_again(tx, case)

    def ends(self, tx: Tx, case: Claimed, kept: timedelta) -> None:
        """Nothing was heard for nearly `kept`: claimer and coordinators are told on which day the case is erased."""
        known = self.contacts.get(tx, case.row)
        day = self.place.today(max(_last_word(case, known) + kept, tx.now + ENDS_AFTER))
        self.contacts.set(tx, case.row, ending_at=tx.now)
        self._to_claimer(tx, case, RowKind.ending, day=day.isoformat())
        self.queue.to_coordinators(tx, "ending", case_row=case.row, about=case.claim.by, day=day)

    # --- handing over ---

    def offer(self, tx: Tx, case: Claimed, member_id: int) -> bool:
        """The claimer offers the case to another lawyer; False when that is not somebody who could take it."""
        other = self.queue.members.find(tx, member_id)
        if other is None or other.role != "lawyer" or not other.works or case.is_held_by(other.id):
            return False
        self.offers.make(tx, case.row, member_id)
        self.queue.to_member(tx, RowKind.offer, member_id, case_row=case.row)
        return True

    def answer_offer(self, tx: Tx, case: Case, member: Member, *, accept: bool) -> bool:
        """The other lawyer answers. Who holds a wrap has the case at once; others wait for one from the claimer."""
        offer = self.offers.of(tx, case.row)
        if offer is None or offer.member_id != member.id or not isinstance(case, Claimed):
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
        if opens:
            self._passes(tx, case, member)
        else:
            self.cases.wraps.drop(tx, case.row, member.id)
            self.offers.wrapped(tx, case.row, None)
            self._to_claimer(tx, case, RowKind.share, again=True)
        return True

    def _passes(self, tx: Tx, case: Claimed, member: Member) -> None:
        self.offers.drop(tx, case.row)
        self.relay.claim_over(tx, case.row)
        self.leaves_chats(tx, case, but=member.id)
        case = self.cases.passed_to(tx, case, member, self.lease_of(case))
        self.cases.alerted.keep(tx, case.row, member.id, state="rung", at=tx.now)
        case = self._watch_lease(tx, self.begun(tx, case, member))
        self._redraw(tx, case)
        self.queue.person.news(tx, case, Event.taken)
        self.queue.to_coordinators(tx, "passed", case_row=case.row, about=member.id)

    def risen(self, tx: Tx, case: Claimed) -> Claimed:
        """A claimed case is more urgent than it was: its claimer hears it at once, outside Telegram too.

        Who has not reached the person yet has only as long as a case of this level has.
        """
        self._to_claimer(tx, case, RowKind.risen)
        until, lease = case.handoff.lease_until, self.lease_of(case)
        if case.claim.contacted_at is None and until is not None and lease is not None and tx.now + lease < until:
            case = self.cases.handoffs.set_lease(tx, case, lease)
        claimer = self.queue.members.find(tx, case.claim.by)
        if claimer is not None:
            self.queue.outside(tx, claimer, "yours")
        self.queue.to_coordinators(tx, "risen", case_row=case.row, about=case.claim.by)
        return case

    # --- clocks, and the end ---

    def settle_clock(self, tx: Tx, case: Claimed, clock: str) -> None:
        """The claimer is done with a clock, or it is not theirs: no more reminders of it."""
        self.cases.handoffs.set_facts(tx, case, case.handoff.facts.settling(ClockId(clock)))

    def close(self, tx: Tx, case: Claimed, member: Member, outcome: str) -> bool:
        """The claimer closes the case. After a false alarm nothing of this account rings before a coordinator looks."""
        held = self.cases.hold(tx, case.row)
        if outcome not in OUTCOMES or not isinstance(held, Claimed):
            return False
        self._close(tx, held, member, outcome)
        return True

    def _close(self, tx: Tx, case: Claimed, member: Member, outcome: str) -> None:
        card = self.cases.card_shown(tx, case)
        if outcome == "false_alarm" and case.chat_look_up is not None:
            self._false_alarm(tx, case, member, case.chat_look_up, card)
        self.queue.person.last_card(tx, case, card, way_of(Event.closed, case))
        if self.cases.is_last(tx, case):
            self.queue.wipes.forget_shown(tx, case)
        self.leaves_chats(tx, case)
        self.cases.close(tx, case, outcome)
        self._redraw(tx, case)
        self.queue.to_coordinators(tx, "closed", case_row=case.row, about=member.id)

    def _false_alarm(self, tx: Tx, case: Claimed, member: Member, look_up: bytes, card: int | None) -> None:
        """It cost its lawyer nothing of the day; what else waits of this account rings nobody. Undone for a while."""
        counted = self.cases.give_back(tx, member.id, case.claim.at)
        was_muted = is_muted(tx, self.cases.ring, look_up)
        self.undoing.keep(tx, case, member.id, card=card, counted=counted, was_muted=was_muted)
        mute(tx, self.cases.ring, look_up)
        for other in self.cases.all_of_chat(tx, look_up):
            if isinstance(other, Waiting) and not other.handoff.muted:
                self._mute(tx, other)

    def _mute(self, tx: Tx, case: Waiting) -> None:
        """A case that waits leaves the lawyers' chats; coordinators and the person are told."""
        self.cases.handoffs.mute(tx, case)
        for member_id, message_id in self.cases.alerted.drop_all(tx, case.row).items():
            self.queue.to_member(tx, RowKind.list, member_id)
            if message_id is not None:
                self.queue.wipes.messages(tx, self.queue.members.get(tx, member_id).telegram_id, [message_id])
        for one in self.queue.members.coordinators(tx):
            self.queue.to_member(tx, RowKind.muted, one.id, case_row=case.row)
        self.queue.person.news(tx, case)

    def undo(self, tx: Tx, case: Case, member: Member) -> Sequence[Waiting] | None:
        """It was no false alarm: the same lawyer has the case as before. The cases that wait to be let through again.

        None when it cannot be undone: not theirs, ten minutes are over, erased meanwhile.
        """
        case = self.cases.hold(tx, case.row)
        if not isinstance(case, Closed) or self.undoing.until(tx, case.row, member.id) is None:
            return None
        kept, case = self.undoing.restore(tx, case.row), self.cases.get(tx, case.row)
        if not isinstance(case, Claimed):
            return None
        if kept.counted:
            self.cases.count_again(tx, member.id, case.claim.at)
        if case.claim.contacted_at is None:
            case = self.cases.handoffs.set_lease(tx, case, self.lease_of(case))
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
        return [one for one in self.cases.all_of_chat(tx, case.chat_look_up) if isinstance(one, Waiting)]

    # --- parts ---

    def leaves_chats(self, tx: Tx, case: Case, but: int | None = None) -> None:
        """What members' chats show of the case goes: files, messages, what became of the claimer's own.

        `but`: not one member's, who has the case now.
        """
        receipt = self.contacts.get(tx, case.row).receipt_message
        if isinstance(case, Claimed) and receipt is not None:
            self.queue.wipes.from_members(tx, {case.claim.by: [receipt]})
        self.queue.wipes.of_case(tx, case.row, but=but)

    def _redraw(self, tx: Tx, case: Case) -> None:
        for member_id in self.cases.alerted.of(tx, case.row):
            self.queue.to_member(tx, RowKind.alert, member_id, case_row=case.row)

    def _to_claimer(self, tx: Tx, case: Claimed, kind: RowKind, **args: object) -> None:
        self.queue.to_member(tx, kind, case.claim.by, case_row=case.row, args=args)


def _two_thirds(case: Claimed) -> datetime | None:
    """When the claimer is asked; the row knows it as its due time, reminders may have come before it."""
    begun, until = case.claim.at, case.handoff.lease_until
    return None if until is None else begun + (until - begun) * 2 / 3


def _last_word(case: Claimed, known: Contact) -> datetime:
    """Since when neither side was heard."""
    return known.spoke_at or case.claim.contacted_at or case.claim.at
