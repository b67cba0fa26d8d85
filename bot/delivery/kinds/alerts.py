"""Who is called to a case: alerts, the list of many cases, and what coordinators hear when nobody takes one.

A call that does not arrive is told to the ladder, which rings the next rung at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.kind import Kind, ToMember
from bot.delivery.kinds.to_members import Stands, ToMembers
from bot.handoff.calls import Calls
from bot.handoff.graver import is_called
from bot.member.alerts import Alerts
from bot.member.lines import Lines
from bot.speech.outgoing import Card
from storage.alerted import Alerted
from storage.case import Case, Erased, Parted, Waiting
from storage.lists import keep_list, list_of
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx

# An alert changes with every tap of its person, a list with every tap of each. Nobody reads that fast, and Telegram
# answers a chat in which messages are changed more than once a second with a 429, which would hold back what rings.
CHANGED_ONCE_IN = 1.0
_NEEDS_AN_ALERT = {RowKind.ring.value, RowKind.alert.value}  # what coordinators hear of a case needs none


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKinds:
    """What is queued by the ladder (bot/handoff/calls.py)."""

    to: ToMembers
    calls: Calls
    alerts: Alerts
    lines: Lines

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        to, alert_kept = self.to, self.to.kept(self._alert_stands)
        unclaimed = Kind(
            draw=to.about_case(self._unclaimed), kept=alert_kept, lost=self._alert_lost, message=RowKind.alert
        )
        return {
            RowKind.ring: Kind(
                draw=to.about_case(self._ring), kept=alert_kept, lost=self._ring_lost, message=RowKind.alert
            ),
            RowKind.alert: Kind(
                draw=to.about_case(self._alert),
                kept=alert_kept,
                lost=self._alert_lost,
                rests=CHANGED_ONCE_IN,
                message=RowKind.alert,
            ),
            RowKind.rings: Kind(
                draw=to.member(self._list_rings),
                kept=to.kept(self._list_rang),
                lost=self._list_rings_lost,
                message=RowKind.list,
            ),
            RowKind.list: Kind(
                draw=to.member(self._list),
                kept=to.kept(self._list_stands),
                lost=self._list_lost,
                rests=CHANGED_ONCE_IN,
                message=RowKind.list,
            ),
            RowKind.unclaimed: unclaimed,
            RowKind.nobody: unclaimed,  # which of the two is true is found when it is drawn
            RowKind.parted: Kind(
                draw=to.about_case(self._parted), kept=alert_kept, lost=to.lost, message=RowKind.alert
            ),
            RowKind.muted: Kind(
                draw=to.about_case(self._muted), kept=alert_kept, lost=self._alert_lost, message=RowKind.alert
            ),
        }

    # --- one case ---

    def _ring(self, tx: Reading, due: Due, case: Case, member: Member) -> ToMember | None:
        """A new message in place of the old one; of a case that does not wait any more the old one is changed."""
        if not (isinstance(case, Waiting) or is_called(case, member.id)):
            return self._alert(tx, due, case, member)
        alerted = self._alerted(tx, case, member)
        if alerted is None or alerted.state == "listed":  # withdrawn before it was sent
            return None
        if alerted.state == "passed":  # before it was sent: it says so, and rings nobody
            return self._alert(tx, due, case, member)
        card = self._card(tx, case, member)
        return ToMember(chat_id=member.telegram_id, card=card, replaces=alerted.message_id)

    def _alert(self, tx: Reading, due: Due, case: Case, member: Member) -> ToMember | None:
        """The message that stands there says what is true now; one that is gone comes anew if it can still be used."""
        alerted, wanted = self._alerted(tx, case, member), case.is_held_by(member.id) or "passed" in due.args
        message_id = alerted.message_id if alerted else None
        if message_id is None and not wanted:
            return None  # a refresh of an alert that is not out yet is done by the ring that is on its way
        called = isinstance(case, Waiting) or is_called(case, member.id)
        open_to_take = called and alerted is not None and alerted.state == "rung"
        card = self._card(tx, case, member)
        return ToMember(chat_id=member.telegram_id, card=card, edit=message_id, anew=wanted or open_to_take)

    def _unclaimed(self, tx: Reading, due: Due, case: Case, member: Member) -> ToMember | None:
        """Nobody has taken it, or nobody is there who could."""
        if not isinstance(case, Waiting):
            return self._alert(tx, due, case, member)
        if case.handoff.muted:
            return None
        alerted = self._alerted(tx, case, member)
        replaces = alerted.message_id if alerted else None
        return ToMember(chat_id=member.telegram_id, card=self._untaken(tx, case, member), replaces=replaces)

    def _muted(self, tx: Reading, _due: Due, case: Case, member: Member) -> ToMember | None:
        if not isinstance(case, Waiting) or not case.handoff.muted:
            return None
        alerted = self._alerted(tx, case, member)
        replaces = alerted.message_id if alerted else None
        return ToMember(chat_id=member.telegram_id, card=self._card(tx, case, member), replaces=replaces)

    def _parted(self, tx: Reading, _due: Due, case: Case, member: Member) -> ToMember | None:
        """Everything was deleted in the person's chat: a new message in place of the card of the claim."""
        gone = isinstance(case, Erased) and case.by_wish  # it was the member's, else there were no such row
        if not gone and not (isinstance(case, Parted) and case.is_held_by(member.id)):
            return None
        alerted = self._alerted(tx, case, member)
        replaces = alerted.message_id if alerted else None
        return ToMember(chat_id=member.telegram_id, card=self._card(tx, case, member), replaces=replaces)

    def _alert_stands(self, tx: Tx, due: Due, stands: Stands) -> None:
        """It can be changed from here on, and has told somebody; what was overtaken on its way is put right."""
        assert due.case_row is not None
        cases, member_id = self.calls.cases, stands.member_id
        case, alerted = cases.get(tx, due.case_row), cases.alerted.of(tx, due.case_row).get(member_id)
        withdrawn = alerted is None and due.kind in _NEEDS_AN_ALERT and not case.is_held_by(member_id)
        if withdrawn or (alerted is not None and alerted.state == "listed"):  # while it was on its way
            self.calls.queue.wipes.cards(tx, member_id, [stands.message_id])
            return
        self.to.takes_place(tx, stands, alerted.message_id if alerted is not None else None)
        cases.alerted.keep(tx, due.case_row, member_id, message_id=stands.message_id)
        self.calls.told(tx, member_id, [due.case_row])
        if not (isinstance(case, Waiting) or is_called(case, member_id)):  # taken or withdrawn meanwhile
            self.calls.queue.to_member(tx, RowKind.alert, member_id, case_row=due.case_row)

    def _alert_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        if gone:
            self._ring_lost(tx, due, gone=gone)

    def _ring_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        """The others are called, also where only this message could not be said."""
        assert due.member_id is not None
        self.calls.unreachable(tx, due.member_id, case_row=due.case_row, gone=gone)

    # --- the list ---

    def _list_rings(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        """A new message in place of the old list, while there is something on it."""
        cases = self._listed(tx, member)
        if not cases:
            return self._list(tx, due, member)
        message_id, _ = list_of(tx, member.id)
        return ToMember(chat_id=member.telegram_id, card=self.alerts.listed(tx, member, cases), replaces=message_id)

    def _list(self, tx: Reading, _due: Due, member: Member) -> ToMember | None:
        message_id, _ = list_of(tx, member.id)
        cases = self._listed(tx, member)
        if not cases and message_id is None:
            return None
        card = self.alerts.listed(tx, member, cases)
        return ToMember(chat_id=member.telegram_id, card=card, edit=message_id, anew=True)

    def _list_rang(self, tx: Tx, due: Due, stands: Stands) -> None:
        """One that was put off rings now, and the five minutes count from here."""
        keep_list(tx, stands.member_id, rang_at=tx.now)
        self._list_stands(tx, due, stands)

    def _list_stands(self, tx: Tx, _due: Due, stands: Stands) -> None:
        self.to.takes_place(tx, stands, list_of(tx, stands.member_id)[0])
        keep_list(tx, stands.member_id, message_id=stands.message_id)
        self.calls.told(tx, stands.member_id, self.calls.cases.alerted.listed_for(tx, stands.member_id))

    def _list_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        if gone:
            self._list_rings_lost(tx, due, gone=gone)

    def _list_rings_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        """The others are called to every case on it, also where only this list could not be said."""
        assert due.member_id is not None
        self.calls.unreachable(tx, due.member_id, listed=True, gone=gone)

    # --- parts ---

    def _alerted(self, tx: Reading, case: Case, member: Member) -> Alerted | None:
        return self.calls.cases.alerted.of(tx, case.row).get(member.id)

    def _card(self, tx: Reading, case: Case, member: Member) -> Card:
        alerted = self._alerted(tx, case, member)
        state = alerted.state if alerted else "rung"
        if member.role == "coordinator" and state == "told" and isinstance(case, Waiting) and not case.handoff.muted:
            return self._untaken(tx, case, member)
        return self.alerts.alert(tx, case, member, state)

    def _untaken(self, tx: Reading, case: Waiting, member: Member) -> Card:
        """To a coordinator: whether there is anybody who could still take it."""
        alerts = self.calls.cases.alerted.of(tx, case.row)
        kind = RowKind.unclaimed if self.calls.roster.can_come(tx, case, alerts) else RowKind.nobody
        return self.lines.notice(member, case, kind)

    def _listed(self, tx: Reading, member: Member) -> Sequence[Waiting]:
        return self.calls.cases.waiting(tx, self.calls.cases.alerted.listed_for(tx, member.id))
