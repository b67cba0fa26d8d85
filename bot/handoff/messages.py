"""Messages between a lawyer and a seeker on their way, and what the claimer hears of what was added.

Each has a number in its direction, so that a gap can be seen. Those to a lawyer are a chain: one after another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.gate import Way
from bot.handoff.for_person import way_of
from bot.handoff.queue import Queue, of_member
from bot.handoff.silences import heard
from bot.rings import Event
from storage.case import Case, Claimed, Handed
from storage.contact import Contacts
from storage.outbox import RowKind
from storage.relay import Relay
from storage.sent_files import SentFiles
from storage.tx import Tx

GATHERED = timedelta(seconds=20)  # an album is told in one message, unless it takes longer
PING_AGAIN = timedelta(hours=1)  # what comes that long after the last unopened message rings once more


@dataclass(frozen=True, slots=True)
class Messages:
    """Every method runs inside a change."""

    queue: Queue
    relay: Relay
    contacts: Contacts
    files: SentFiles

    def to_seeker(self, tx: Tx, case: Claimed, text: str) -> None:
        """A lawyer's message: kept until it is seen. That it is on its way is told by a row, like all that must be."""
        number = self.contacts.get(tx, case.row).sent + 1
        heard(tx, self.contacts, self.queue, case, sent=number)
        rings = not self.relay.waits(tx, case.row, since=tx.now - PING_AGAIN)
        self.relay.put(tx, case.row, None, text, number)
        self._tell(tx, case, rings=rings)
        self._receipt(tx, case)

    def unopened(self, tx: Tx, case: Case) -> None:
        """What nobody opened in a day is in the sealed case only; both sides are told, and nothing goes silently."""
        last = self.relay.drop_unopened(tx, case.row)
        if last:
            self.contacts.set(tx, case.row, missed=last)
            self._tell(tx, case, Event.unopened)
            self._receipt(tx, case)

    def tell_again(self, tx: Tx, case: Case) -> None:
        """The person can be reached again: what waits for them is told once more."""
        if self.relay.waits(tx, case.row) or self.contacts.get(tx, case.row).owes:
            self._tell(tx, case)
        else:
            self.queue.person.news(tx, case)

    def to_claimer(self, tx: Tx, case: Case, text: str, *, corrects: bool = False) -> None:
        """What the seeker wrote goes to whoever holds the case; to nobody while it waits (it is in the sealed case).

        Who has not typed the check word hears only that something was added: the phone may be in other hands.
        """
        if not isinstance(case, Claimed):
            return
        known = self.contacts.get(tx, case.row)
        heard(tx, self.contacts, self.queue, case, heard=known.heard + 1, excused=known.missed)
        if not case.claim.checked:
            self.added(tx, case, tx.now, words=True)
            return
        claimer = case.claim.by
        row = self.relay.put(tx, case.row, claimer, text, known.heard + 1, corrects=corrects)
        args, chain = {"relay": row}, f"relay:{case.row}:{claimer}"
        self.queue.to_member(tx, RowKind.relay, claimer, case_row=case.row, args=args, mark=f":{row}", chain=chain)

    def added(self, tx: Tx, case: Case, at: datetime, *, words: bool = False) -> None:
        """Tells the claimer that the person added something; once for all that comes before `at`.

        `words`: the person has written, which rings, however much follows; answers come without a sound, and once no
        more of them follow (what is graver: graver.py).
        """
        if not isinstance(case, Claimed):
            return
        heard(tx, self.contacts, self.queue, case)
        claimer, what, mark = case.claim.by, {}, ""
        if words:
            before = self.queue.outbox.gathering(tx, of_member(RowKind.more, claimer, case.row))
            at = at if before is None else min(at, before.at)
            self.queue.drop_to_member(tx, RowKind.more, claimer, case_row=case.row)
            what, mark = {"what": "words"}, ":words"
        self.queue.to_member(tx, RowKind.more, claimer, at=at, case_row=case.row, args=what, mark=mark)

    def file_came(self, tx: Tx, case: Case, seq: int, kind: str, size: int, seconds: int) -> None:
        """A file of the person is in the case: its claimer hears at once of which kind, and once for a whole album.

        Who has not typed the check word hears only that something was added.
        """
        if not isinstance(case, Claimed):
            return
        more_come = self.files.counts(tx, case.row).waiting > 0
        at = tx.now + GATHERED if more_come else tx.now
        if not case.claim.checked:
            self.added(tx, case, at, words=True)
            return
        heard(tx, self.contacts, self.queue, case)
        self.queue.sent_file(tx, case, [seq, kind, size, seconds], at)

    def _tell(self, tx: Tx, case: Case, event: Event = Event.relayed, *, rings: bool = True) -> None:
        """The card is changed; whether a neutral message rings on the phone, bot/gate.py decides.

        `rings`: one ping stands for all that is unread, so what comes soon after it rings no more.
        """
        self.queue.person.news(tx, case)
        if rings and isinstance(case, Handed) and way_of(event, case) in {Way.ping, Way.hint}:
            self.queue.person.unread(tx, case)

    def _receipt(self, tx: Tx, case: Case) -> None:
        """What became of the message, on a card of its own."""
        if isinstance(case, Claimed):
            self.queue.to_member(tx, RowKind.receipt, case.claim.by, case_row=case.row)
