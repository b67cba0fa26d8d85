"""What a claim, an offer of one, or their end brings to members: messages of the person, questions, keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.delivery.kind import Came, Kind, ToMember
from bot.delivery.kinds.to_members import Draw, Stands, ToMembers, says
from bot.handoff.claims import Claims
from bot.handoff.handing_over import HandingOver
from bot.member.alerts import Alerts
from bot.member.claim_cards import ClaimCards, not_sent, over
from bot.member.coordinator import CoordinatorTalk
from bot.member.lines import Lines
from bot.member.noting import note_preview
from storage import in_chat
from storage.case import Case, Claimed, Closed, Handed, Waiting
from storage.errors import Unreadable
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimKinds:
    """What only the claimer gets while the claim holds, and what others hear of it."""

    to: ToMembers
    claims: Claims
    alerts: Alerts
    lines: Lines
    coordinators: CoordinatorTalk
    handing_over: HandingOver

    @property
    def _cards(self) -> ClaimCards:
        return self.alerts.claim_cards

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        return {**self._what_was_written(), **self._how_it_stands(), **self._handing_over(), **self._its_end()}

    def _what_was_written(self) -> Mapping[RowKind, Kind]:
        to = self.to
        receipt = to.while_theirs(self._receipt_stands)
        with_claim = to.goes_with_claim()
        return {
            RowKind.relay: Kind(draw=to.claimer(self._relayed), kept=self._relay_kept, lost=to.lost),
            RowKind.preview: Kind(draw=to.about_case(self._typed), kept=to.unsent(), lost=to.lost),
            RowKind.receipt: Kind(draw=to.claimer(self._receipt), kept=receipt, lost=to.lost, message=RowKind.receipt),
            RowKind.more: Kind(draw=self._notice_to_claimer(RowKind.more), kept=with_claim, lost=to.lost),
        }

    def _how_it_stands(self) -> Mapping[RowKind, Kind]:
        to, with_claim = self.to, self.to.goes_with_claim()
        asks = to.asks_claimer()
        return {
            RowKind.ask: Kind(draw=to.claimer(self._ask), kept=asks, lost=to.lost),
            RowKind.quiet: Kind(draw=to.claimer(self._quiet), kept=asks, lost=to.lost),
            RowKind.unreached: Kind(draw=to.claimer(self._unreached), kept=with_claim, lost=to.lost),
            RowKind.reachable: Kind(draw=self._notice_to_claimer(RowKind.reachable), kept=with_claim, lost=to.lost),
            RowKind.risen: Kind(
                draw=to.claimer(self._risen),
                kept=to.goes_with_claim(self._risen_stands),
                lost=to.lost,
                message=RowKind.risen,
            ),
            RowKind.remind: Kind(draw=to.claimer(self._remind), kept=to.reminds(), lost=to.lost),
            RowKind.ending: Kind(draw=to.claimer(self._ending), kept=to.asks(), lost=to.lost),
        }

    def _handing_over(self) -> Mapping[RowKind, Kind]:
        to, with_claim = self.to, self.to.goes_with_claim()
        return {
            RowKind.offer: Kind(draw=to.about_case(self._offer), kept=to.asks_claimer(), lost=self._offer_lost),
            RowKind.opens: Kind(draw=to.about_case(self._opens), kept=to.asks_claimer(), lost=self._offer_lost),
            RowKind.declined: Kind(draw=self._notice_to_claimer(RowKind.declined), kept=with_claim, lost=to.lost),
            RowKind.share: Kind(draw=to.claimer(self._share), kept=to.goes_in_a_day(), lost=to.lost),
            RowKind.sent_on: Kind(draw=self._notice_to_claimer(RowKind.sent_on), kept=with_claim, lost=to.lost),
        }

    def _its_end(self) -> Mapping[RowKind, Kind]:
        to, stays, waits = self.to, self.to.stays(), self.to.asks_while_it_waits()
        return {
            RowKind.lapsed: Kind(draw=self._notice_to_former(RowKind.lapsed, waits=True), kept=waits, lost=to.lost),
            RowKind.overtaken: Kind(draw=self._notice_to_former(RowKind.overtaken), kept=stays, lost=to.lost),
            RowKind.freed: Kind(draw=self._notice_to_former(RowKind.freed, waits=True), kept=waits, lost=to.lost),
            RowKind.silent: Kind(draw=to.about_case(self._silent), kept=to.asks(), lost=to.lost),
        }

    # --- what was written ---

    def _relayed(self, tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        try:
            found = self.claims.relay.get(tx, due.number("relay"))
        except Unreadable:  # it stands in the sealed case
            return says(member, self.lines.notice(member, case, RowKind.more))
        if found is None:  # it has not reached this lawyer for a day: it stands in the sealed case
            return says(member, self.lines.notice(member, case, RowKind.more))
        return says(member, self._cards.from_seeker(case, member, found))

    def _relay_kept(self, tx: Tx, due: Due, came: Came) -> None:
        """The text is not needed here any more, whether it was said or nobody may hear it now."""
        self.claims.relay.delivered(tx, due.number("relay"))
        self.to.goes_in_a_day()(tx, due, came)

    def _typed(self, tx: Tx, due: Due, case: Case, member: Member) -> ToMember | None:
        """What was typed, or that the time for it is over; whoever has lost the claim meanwhile is asked no more."""
        held = case if isinstance(case, Claimed) and case.is_held_by(member.id) else None
        if "over" in due.args:
            return self._over(tx, due, held, member)
        return None if held is None else self._preview(tx, due, held, member)

    def _over(self, tx: Tx, due: Due, case: Claimed | None, member: Member) -> ToMember | None:
        """In the place of the card that asks for a text: the newest answer to its reader, who did nothing since."""
        message = in_chat.newest(tx, member.id, in_chat.ANSWER)
        self.claims.relay.drafts.stop(tx, member.id)
        if message is None:
            return None
        if case is None:
            self.claims.queue.wipes.from_members(tx, {member.id: [message]})
            return None
        card = over(self._cards.speech, case, member, note=bool(due.args.get("note")))
        return ToMember(chat_id=member.telegram_id, card=card, edit=message)

    def _preview(self, tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        if "unsent" in due.args:
            return self._not_sent(tx, due, case, member)
        drafts = self.claims.relay.drafts
        writing, noting = drafts.of(tx, member.id), drafts.note_of(tx, member.id)
        if noting is not None and noting.note is not None and noting.case_row == case.row:
            return says(member, note_preview(self._cards.speech, case, member, noting.note))
        if writing is None or writing.text is None or writing.case_row != case.row:
            return None
        return says(member, self._cards.preview(tx, case, member, writing.text))

    def _not_sent(self, tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        """In the place of what was typed and not sent, where that still stands."""
        message = due.number("unsent")
        if in_chat.part_of(tx, member.id, message) != in_chat.UNSENT:
            return None
        card = not_sent(self._cards.speech, case, member, note=bool(due.args.get("note")))
        return ToMember(chat_id=member.telegram_id, card=card, edit=message)

    def _receipt(self, tx: Reading, _due: Due, case: Claimed, member: Member) -> ToMember | None:
        """What became of the claimer's last message: a new card for a new one, else the card is changed."""
        known = self.claims.contacts.get(tx, case.row)
        if not known.wrote:
            return None
        card, chat_id = self._cards.receipt(case, member, known, tx.now), member.telegram_id
        if known.sent > known.receipt_of:
            return ToMember(chat_id=chat_id, card=card, replaces=known.receipt_message)
        return ToMember(chat_id=chat_id, card=card, edit=known.receipt_message)

    def _receipt_stands(self, tx: Tx, due: Due, stands: Stands) -> None:
        assert due.case_row is not None
        contacts = self.claims.contacts
        known = contacts.get(tx, due.case_row)
        self.to.takes_place(tx, stands, known.receipt_message)
        contacts.set(tx, due.case_row, receipt_message=stands.message_id, receipt_of=known.sent)

    # --- how it stands ---

    def _ask(self, tx: Reading, _due: Due, case: Claimed, member: Member) -> ToMember | None:
        """Only while the claim still depends on it."""
        return None if case.claim.has_reached else says(member, self._cards.ask(tx, case, member))

    def _quiet(self, tx: Reading, _due: Due, case: Claimed, member: Member) -> ToMember | None:
        known = self.claims.contacts.get(tx, case.row)
        return says(member, self._cards.quiet(case, member)) if known.asked_at is not None else None

    def _unreached(self, tx: Reading, _due: Due, case: Claimed, member: Member) -> ToMember | None:
        known = self.claims.contacts.get(tx, case.row)
        return says(member, self._cards.unreached(tx, case, member)) if known.unreached_at is not None else None

    def _remind(self, tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        clock, on = str(due.args["clock"]), due.args["day"]
        if clock in case.handoff.facts.settled:
            return None
        last_day = date.fromisoformat(str(on)) if on else None
        return says(member, self._cards.remind(tx, case, member, clock, last_day))

    def _ending(self, _tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        return says(member, self._cards.ending(member, case, due.args))

    def _risen(self, tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        """What has become graver: a fresh card in place of the one before, while it was not seen; else that changes."""
        change = case.handoff.facts.change
        if change is None:
            return None
        card, shown = self.alerts.graver_cards.for_claimer(tx, case, member, change), change.message
        if "at" not in due.args:
            return ToMember(chat_id=member.telegram_id, card=card, edit=shown) if shown is not None else None
        return ToMember(chat_id=member.telegram_id, card=card, replaces=shown) if change.due_at is not None else None

    def _risen_stands(self, tx: Tx, due: Due, stands: Stands) -> None:
        assert due.case_row is not None
        case = self.claims.cases.get(tx, due.case_row)
        change = case.handoff.facts.change if isinstance(case, Claimed) else None
        self.to.takes_place(tx, stands, change.message if change is not None else None)
        self.claims.graver_stands(tx, case, stands.message_id)

    # --- handing over ---

    def _offer(self, tx: Reading, _due: Due, case: Case, member: Member) -> ToMember | None:
        if not isinstance(case, Handed) or not self._is_offered(tx, case, member):
            return None
        return says(member, self.alerts.offer(tx, case, member))

    def _opens(self, tx: Reading, _due: Due, case: Case, member: Member) -> ToMember | None:
        return says(member, self._cards.opens(case, member)) if self._is_offered(tx, case, member) else None

    def _is_offered(self, tx: Reading, case: Case, member: Member) -> bool:
        offer = self.claims.offers.of(tx, case.row)
        return offer is not None and offer.member_id == member.id

    def _share(self, tx: Reading, due: Due, case: Claimed, member: Member) -> ToMember | None:
        """The public key of the lawyer who has accepted, and what to do with it."""
        offer = self.claims.offers.of(tx, case.row)
        if offer is None or offer.accepted_at is None:
            return None
        other = self.claims.queue.members.get(tx, offer.member_id)
        caption = self._cards.share(member, case, other, again=bool(due.args.get("again")))
        return ToMember(chat_id=member.telegram_id, document=("NEW.pub", other.recipient.encode() + b"\n", caption))

    def _offer_lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        """They cannot answer what they were not asked: the claimer hears that the case stays theirs."""
        assert due.case_row is not None
        assert due.member_id is not None
        member = self.claims.queue.members.find(tx, due.member_id)
        if member is not None:
            case = self.claims.cases.get(tx, due.case_row)
            self.handing_over.answer_offer(tx, case, member, accept=False)
        self.to.lost(tx, due, gone=gone)

    # --- its end ---

    def _silent(self, tx: Reading, _due: Due, case: Case, member: Member) -> ToMember | None:
        if not isinstance(case, Claimed) or self.claims.contacts.get(tx, case.row).raised_at is None:
            return None
        return says(member, self.coordinators.silent_card(tx, member, case))

    # --- lines ---

    def _notice_to_claimer(self, kind: RowKind) -> Draw:
        def draw(_tx: Tx, _due: Due, case: Claimed, member: Member) -> ToMember:
            return says(member, self.lines.notice(member, case, kind))

        return self.to.claimer(draw)

    def _notice_to_former(self, kind: RowKind, *, waits: bool = False) -> Draw:
        """To whom the claim was taken from, unless they have the case again. `waits`: only while it can be taken."""

        def draw(_tx: Tx, _due: Due, case: Case, member: Member) -> ToMember | None:
            closed = isinstance(case, Closed) and case.by == member.id
            if closed or case.is_held_by(member.id) or (waits and not isinstance(case, Waiting)):
                return None
            return says(member, self.lines.notice(member, case, kind))

        return self.to.about_case(draw)
