"""What time brings to members: test pages once a month, a warning before nobody is on duty, old messages removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.handoff.questions import Questions
from bot.handoff.queue import Queue
from bot.handoff.rota.duty import Duty, OwnDuty
from bot.handoff.rota.duty_news import DutyNews
from flows.place import Place
from storage import duty_cards, in_chat, lost_words, practice, reachable, suspending
from storage.accounts import forget_accounts
from storage.claims import forget_taken
from storage.invites import Invites
from storage.membership import Membership
from storage.muted import forget_muted
from storage.outbox import LineKind, RowKind
from storage.tx import Tx
from storage.undoing import forget_undoing

TEST_EVERY = timedelta(days=30)
A_DAY = IN_CHAT_FOR = timedelta(hours=24)
WARNED_BEFORE = timedelta(hours=12)
MUTED_FOR = timedelta(days=90)


@dataclass(slots=True)
class Checks:
    """Every method runs inside a change."""

    queue: Queue
    duty: Duty
    invites: Invites
    membership: Membership
    place: Place
    _warned: datetime | None = None
    _cards: Mapping[int, OwnDuty] = field(default_factory=dict)  # of lawyers, as they were seen a minute ago

    def forget(self, tx: Tx) -> None:
        """What is over: old messages in chats, duty and invitations of the past, muted accounts, former members,

        practice cases.
        """
        self._clean(tx)
        self.duty.duties.forget_old(tx)
        self.invites.forget_old(tx)
        forget_muted(tx, self.queue.outbox.ring, tx.now - MUTED_FOR)
        in_chat.forget_old(tx)
        suspending.forget_old(tx)
        lost_words.forget_old(tx)
        forget_undoing(tx)
        practice.forget_old(tx, tx.now - A_DAY)
        forget_accounts(tx)
        forget_taken(tx, tx.now - A_DAY)
        for member in self.membership.left(tx):
            self.membership.forget(tx, member)

    def minute(self, tx: Tx) -> None:
        """Every minute: test pages, what is left in chats, what is new about duty, a warning before nobody is on it.

        Also what cards of duty say: it begins and ends by itself, and others change it.
        """
        self._test(tx)
        for member_id in in_chat.left_over(tx):
            self.queue.wipes.stood(tx, member_id, in_chat.take_all(tx, member_id))
        DutyNews(self.duty, self.queue).look(tx)
        self._redraw(tx)
        Questions(self.duty, self.queue).look(tx)
        if self._warned is None or tx.now - self._warned >= WARNED_BEFORE:
            self._warn(tx)

    def _redraw(self, tx: Tx) -> None:
        """Also what a command has changed, of which nobody else in this process knows; at a start, all of them."""
        cards = {member_id: self.duty.own(tx, member_id) for member_id in duty_cards.everybody(tx)}
        changed = [member_id for member_id, own in cards.items() if self._cards.get(member_id) != own]
        DutyNews(self.duty, self.queue).redraw(tx, changed)
        tx.after(lambda: self._were_seen(cards))

    def _were_seen(self, cards: Mapping[int, OwnDuty]) -> None:
        self._cards = cards

    def _clean(self, tx: Tx) -> None:
        """What lawyers' chats show of a case goes after a day (docs/threat-model.md)."""
        self.queue.wipes.from_members(tx, self.queue.delivered.take_older(tx, tx.now - IN_CHAT_FOR))

    def _test(self, tx: Tx) -> None:
        """Proof of reach: a test page once a month, by day, the first one a month after joining.

        For everybody who is on duty within a day: whose shifts are all at night would otherwise never get one.
        """
        if self.place.is_night(tx.now):
            return
        for member in self.duty.within(tx, tx.now, tx.now + A_DAY).values():
            last = member.reach_asked_at or member.joined_at
            if last is None:
                reachable.asked_later(tx, member.id)
            elif tx.now - last >= TEST_EVERY:
                reachable.asked(tx, member.id)
                self.queue.to_member(tx, RowKind.reach, member.id)

    def _warn(self, tx: Tx) -> None:
        """Coordinators hear it while there is time to find somebody.

        Instances without a rota have nobody to plan: there only cover that ends is told.
        """
        if not self.duty.rota.planned(tx) and not self.duty.covered(tx):
            return
        if self.duty.cover(tx, tx.now, tx.now + WARNED_BEFORE, self.duty.rota.at(tx, tx.now)).gaps:
            self.queue.to_coordinators(tx, LineKind.gap)
            tx.after(lambda: self._was_warned(tx.now))

    def _was_warned(self, at: datetime) -> None:
        self._warned = at
