"""A claim while it holds: its lease, reminders, silences.

Contact with the person: reaching.py. How it ends: giving_back.py, handing_over.py, closing.py.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.handoff.queue import Queue
from bot.handoff.silences import nobody_frees
from bot.settings import Ladder
from flows.model import ClockId
from flows.place import Place
from storage.case import Case, Claimed, Handed
from storage.cases import Cases
from storage.contact import Contact, Contacts
from storage.erasing import ENDS_AFTER
from storage.members import Member
from storage.offers import Offers
from storage.outbox import LineKind, RowKind
from storage.record import Entry, EntryKind
from storage.relay import Relay
from storage.tx import Tx

SILENT, UNANSWERED = timedelta(hours=48), timedelta(hours=24)
RAISED_EVERY = timedelta(days=7)
ALERT_FOR = timedelta(hours=24)  # what an alert said stays on the claimer's card, unless the person is reached sooner


@dataclass(frozen=True, slots=True)
class Claims:
    """Every method runs inside a change; what changes a case returns it as it then is."""

    cases: Cases
    queue: Queue
    relay: Relay
    offers: Offers
    ladder: Ladder
    contacts: Contacts
    place: Place

    def lease_of(self, case: Handed) -> timedelta | None:
        """How long a claim of this case holds without contact."""
        return self.ladder.rungs_for(case.level).lease

    def begun(self, tx: Tx, case: Claimed, member: Member) -> Claimed:
        """A new claimer: a new check word goes into the case before its bundle is made."""
        self.contacts.begins(tx, case.row)
        if case.handoff.facts.change is not None:
            case = self.cases.handoffs.set_facts(tx, case, case.handoff.facts.with_change(None))
        at = self.place.today(tx.now).isoformat()

        def checks(word: str, call: str) -> Entry:
            return Entry(kind=EntryKind.check, at=at, value={"word": word, "for": member.name, "call": call})

        self.queue.to_member(tx, RowKind.bundle, member.id, case_row=case.row)
        self._grows_old(tx, case, member)
        return self.cases.claims.set_check_word(tx, case, checks)

    def _grows_old(self, tx: Tx, case: Claimed, member: Member) -> None:
        """The claimer's card is drawn anew when it would say something wrong.

        How many days are left is another number after midnight, and what the alert said goes after a day.
        """
        begun, midnight = case.claim.at, self.place.next_at(time(), tx.now + timedelta(seconds=1))
        for mark, at in ((":midnight", midnight), (":day", begun + ALERT_FOR)):  # of the newest claim alone
            self.queue.to_member(tx, RowKind.alert, member.id, at=at, case_row=case.row, mark=mark)

    def watch(self, tx: Tx, case: Claimed) -> None:
        """What time brings to a claim that holds: the question at two thirds of the lease, a silence, reminders."""
        due = case.handoff.facts.due_reminders(tx.now)
        if due:
            case = self.cases.handoffs.set_facts(tx, case, case.handoff.facts.after_reminding(tx.now))
        for one in due:
            args = {"clock": one.clock, "day": one.last_day.isoformat() if one.last_day else None}
            self.queue.to_member(tx, RowKind.remind, case.claim.by, case_row=case.row, args=args, mark=f":{one.clock}")
        self.watch_lease(tx, case)

    def watch_lease(self, tx: Tx, case: Claimed) -> Claimed:
        """The question at two thirds of the lease, and when the case is looked at next."""
        until, ask_at = case.handoff.lease_until, _two_thirds(case)
        if until is None or ask_at is None:
            return self.cases.handoffs.set_due(tx, case, self._watch_silence(tx, case))
        if not case.handoff.lease_asked and ask_at <= tx.now:
            self.to_claimer(tx, case, RowKind.ask)
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
            self.to_claimer(tx, case, RowKind.quiet)
            return tx.now + UNANSWERED
        due = known.asked_at + UNANSWERED if known.raised_at is None else known.raised_at + RAISED_EVERY
        if due > tx.now:
            return due
        self.contacts.set(tx, case.row, raised_at=tx.now)
        for one in self.queue.members.coordinators(tx):
            self.queue.to_member(tx, RowKind.silent, one.id, case_row=case.row)
        return tx.now + RAISED_EVERY

    def ends(self, tx: Tx, case: Claimed, kept: timedelta) -> None:
        """Nothing was heard for nearly `kept`: claimer and coordinators are told on which day the case is erased."""
        known = self.contacts.get(tx, case.row)
        day = self.place.today(max(_last_word(case, known) + kept, tx.now + ENDS_AFTER))
        self.contacts.set(tx, case.row, ending_at=tx.now)
        self.to_claimer(tx, case, RowKind.ending, day=day.isoformat())
        self.queue.to_coordinators(tx, LineKind.ending, case_row=case.row, about=case.claim.by, day=day)

    def risen(self, tx: Tx, case: Claimed) -> Claimed:
        """A claimed case is more urgent than it was; its claimer hears what is new (graver.py).

        Who has not reached the person yet has only as long as a case of this level has.
        """
        until, lease = case.handoff.lease_until, self.lease_of(case)
        if until is not None and lease is not None and tx.now + lease < until:
            case = self.cases.handoffs.set_lease(tx, case, lease)
        self.queue.to_coordinators(tx, LineKind.risen, case_row=case.row, about=case.claim.by)
        return case

    def graver_stands(self, tx: Tx, case: Case, message_id: int) -> None:
        """What tells the claimer that the case is graver stands in their chat."""
        change = case.handoff.facts.change if isinstance(case, Claimed) else None
        if isinstance(case, Claimed) and change is not None:
            self.cases.handoffs.set_facts(tx, case, case.handoff.facts.with_change(change.shown_by(message_id)))

    def settle_clock(self, tx: Tx, case: Claimed, clock: str) -> None:
        """The claimer is done with a clock, or it is not theirs: no more reminders of it."""
        self.cases.handoffs.set_facts(tx, case, case.handoff.facts.settling(ClockId(clock)))

    # --- parts ---

    def leaves_chats(self, tx: Tx, case: Case, but: int | None = None) -> None:
        """What members' chats show of the case goes: files, messages, what became of the claimer's own.

        `but`: not one member's, who has the case now.
        """
        known = self.contacts.get(tx, case.row)
        receipt = known.receipt_message
        if known.raised_at is not None:
            nobody_frees(tx, self.queue, case)
        if isinstance(case, Claimed):
            self.queue.wipes.asked(tx, case.claim.by, case.row)
            self.queue.wipes.deadlines(tx, case.claim.by, case.row)
            self.queue.wipes.cards(tx, case.claim.by, [receipt] if receipt is not None else [])
        self.former_may_not_take_it(tx, case.row, but=but)
        self.queue.wipes.of_case(tx, case.row, but=but)

    def former_may_not_take_it(self, tx: Tx, case_row: int, but: int | None = None) -> None:
        """Whoever had the case before reads no more that others are called, and that they can take it again."""
        called = [one for one in self.cases.alerted.of(tx, case_row) if one != but]
        self.queue.wipes.asked_each(tx, called, case_row)

    def redraw(self, tx: Tx, case: Case) -> None:
        """Every alert of a case is brought up to date."""
        for member_id in self.cases.alerted.of(tx, case.row):
            self.queue.to_member(tx, RowKind.alert, member_id, case_row=case.row)

    def to_claimer(self, tx: Tx, case: Claimed, kind: RowKind, **args: object) -> None:
        """A row for whoever has taken a case."""
        self.queue.to_member(tx, kind, case.claim.by, case_row=case.row, args=args)


def _two_thirds(case: Claimed) -> datetime | None:
    """When the claimer is asked; the row knows it as its due time, reminders may have come before it."""
    begun, until = case.claim.at, case.handoff.lease_until
    return None if until is None else begun + (until - begun) * 2 / 3


def _last_word(case: Claimed, known: Contact) -> datetime:
    """Since when neither side was heard."""
    return known.spoke_at or case.claim.contacted_at or case.claim.at
