"""What a row of the outbox means at the moment it is sent: whom, and a card, a file, or messages to remove."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.errors import Undeliverable
from bot.gate import Event, Way
from bot.handoff.claims import Claims
from bot.handoff.queue import way_of
from bot.hours import is_night
from bot.member.cards import Alerts
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.seeker.chat import case_mark
from bot.seeker.talk import SeekerTalk
from bot.speech.outgoing import Card, Outcome
from storage.bundle import write_bundle
from storage.cases import Case, Cases
from storage.errors import Unreadable
from storage.lists import list_of
from storage.members import Member, Members
from storage.outbox import Due
from storage.relay import Relay
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What goes into a member's chat. `replaces`: an older message that goes when the new one is there.

    `anew`: sent as a new message when the one that was to be changed is gone.
    """

    chat_id: int = field(repr=False)
    card: Card | None = None
    edit: int | None = None
    anew: bool = False
    replaces: int | None = None
    silent: bool = False
    document: tuple[str, bytes, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Messages to be removed from a chat. `blank`: one that Telegram lets nobody remove any more loses its text."""

    chat_id: int = field(repr=False)
    messages: tuple[int, ...] = ()
    blank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPerson:
    """What goes through the door to a person's chat (bot/telegram/door.py). `removes`: messages that go before it."""

    chat_id: int = field(repr=False)
    outcome: Outcome
    removes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcels:
    """Every method runs inside a change; None when there is nothing left to say."""

    cases: Cases
    members: Members
    relay: Relay
    claims: Claims
    alerts: Alerts
    seeker: SeekerTalk
    duty: DutyTalk
    coordinators: CoordinatorTalk

    def of(self, tx: Tx, due: Due) -> Parcel | ToPerson | Removal | None:
        """The parcel of a row."""
        match due.kind:
            case "wipe":
                messages = due.args.get("messages")
                return Removal(chat_id=due.chat_id or 0, messages=tuple(messages) if isinstance(messages, list) else ())
            case "blank":
                return Removal(chat_id=due.chat_id or 0, blank=int(str(due.args["message"])))
            case "closed" | "bye":
                return self._goodbye(due)
            case "stray":
                return self._stray(tx, due.chat_id or 0, int(str(due.args["since"])))
            case "news" | "ping" | "unread":
                return self._to_person(tx, due)
        assert due.member_id is not None
        member = self.members.find(tx, due.member_id)
        if member is None:  # a row that cannot be read: the next are called, as for somebody who has blocked the bot
            raise Undeliverable("a member's row")
        if not member.works:
            return None
        case = self.cases.get(tx, due.case_row) if due.case_row is not None else None
        return self._to_member(tx, due, member, case)

    # --- the person ---

    def _goodbye(self, due: Due) -> ToPerson:
        """A case was closed, or what was answered has run out of time: nothing else is known of this chat any more."""
        chat_id, language, card = due.chat_id or 0, str(due.args["language"]), due.args.get("card")
        if isinstance(card, int):
            closed = self.seeker.cards.closed(chat_id, language)
            return ToPerson(chat_id=chat_id, outcome=Outcome(card=closed, edit=card, only_edit=True))
        ping = self.seeker.cards.goodbye(chat_id, language, expired="expired" in due.args)
        rings = due.args.get("way") == Way.ping
        return ToPerson(chat_id=chat_id, outcome=Outcome(card=ping, fresh=True, rings=rings, apart=True, goodbye=True))

    def _stray(self, tx: Tx, chat_id: int, since: int) -> ToPerson:
        """What may stand there unknown goes; then the card is drawn anew, where the chat shows one."""
        removes = tuple(self.seeker.strays(tx, chat_id, since))
        return ToPerson(chat_id=chat_id, outcome=self.seeker.view(tx, chat_id), removes=removes)

    def _to_person(self, tx: Tx, due: Due) -> ToPerson | None:
        """News of a case, as the gate lets them out at this moment."""
        assert due.case_row is not None
        case = self.cases.get(tx, due.case_row)
        if case.chat_id is None:
            return None
        joins = due.kind == "news" and self.cases.is_answering(tx, case.row)  # what is answered goes into it, unseen
        if case.hidden and not joins:
            return None
        if due.kind == "news":
            seen = self.seeker.view(tx, case.chat_id)
            return ToPerson(chat_id=case.chat_id, outcome=replace(seen, only_edit=True)) if seen.card else None
        return self._ping(tx, due, case, case.chat_id)

    def _ping(self, tx: Tx, due: Due, case: Case, chat_id: int) -> ToPerson | None:
        """One ping stands at a time, and none is sent for what has been opened meanwhile."""
        # What was queued has passed the gate for its own event; here it is asked for what may ring most.
        let = way_of(Event.relayed, case, self.cases.handoffs.get(tx, case.row).facts)
        unread = self.relay.waits(tx, case.row) or self.claims.contacts.get(tx, case.row).owes
        if let not in {Way.ping, Way.hint} or (due.kind == "unread" and not unread):
            return None
        self.seeker.make_room(tx, case, chat_id)
        of, rings = frozenset({case_mark(case.row)}), let is Way.ping
        ping = self.seeker.ping(case)
        return ToPerson(chat_id=chat_id, outcome=Outcome(card=ping, fresh=True, rings=rings, apart=True, of=of))

    # --- members ---

    def may_have(self, tx: Reading, case: Case, member_id: int) -> bool:
        """Whether a case is a member's, or is being offered to them."""
        if case.status != "claimed":
            return False
        offer = self.claims.offers.of(tx, case.row)
        return case.claimed_by == member_id or (offer is not None and offer.member_id == member_id)

    def _to_member(self, tx: Reading, due: Due, member: Member, case: Case | None) -> Parcel | None:
        chat_id = member.telegram_id
        match due.kind:
            case "line":
                return Parcel(chat_id=chat_id, card=self.alerts.line(tx, member, case, due.args))
            case "list" | "rings":
                return self._list(tx, due, member)
            case "reach":
                return Parcel(chat_id=chat_id, card=self.alerts.reach(member))
            case "asksuspend":
                card = self.coordinators.suspend_card(tx, member, int(str(due.args["about"])))
                return Parcel(chat_id=chat_id, card=card) if card else None
            case "duty" | "dutynow" | "unusable" | "swap" | "askrota":
                return self._of_duty(tx, due, member)
        assert case is not None
        of_claim: Mapping[str, Callable[[], Parcel | None]] = {
            "more": lambda: Parcel(chat_id=chat_id, card=self.alerts.notice(member, case, "more")),
            "risen": lambda: Parcel(chat_id=chat_id, card=self.alerts.notice(member, case, "risen")),
            "ask": lambda: self._ask(tx, case, member),
            "quiet": lambda: self._quiet(tx, case, member),
            "receipt": lambda: self._receipt(tx, case, member),
            "unreached": lambda: self._unreached(tx, case, member),
            "reachable": lambda: Parcel(chat_id=chat_id, card=self.alerts.notice(member, case, "reachable")),
            "ending": lambda: Parcel(chat_id=chat_id, card=self.alerts.ending(member, case, due.args)),
            "relay": lambda: self._relayed(tx, due, case, member),
            "preview": lambda: self._preview(tx, case, member),
            "remind": lambda: self._remind(tx, due, case, member),
            "declined": lambda: Parcel(chat_id=chat_id, card=self.alerts.notice(member, case, "declined")),
            "sent_on": lambda: Parcel(chat_id=chat_id, card=self.alerts.notice(member, case, "sent_on")),
            "share": lambda: self._share(tx, case, member, again=bool(due.args.get("again"))),
        }
        if due.kind in of_claim:
            # What only the claimer may get, while the claim holds.
            return of_claim[due.kind]() if case.status == "claimed" and case.claimed_by == member.id else None
        return self._about_case(tx, due, member, case)

    def _of_duty(self, tx: Reading, due: Due, member: Member) -> Parcel | None:
        """What a lawyer reads of their duty, and coordinators of the rota."""
        chat_id, card = member.telegram_id, None
        match due.kind:
            case "duty":
                shown = self.duty.duty.duties.card(tx, member.id)
                return Parcel(chat_id=chat_id, card=self.duty.card(tx, member), replaces=shown)
            case "dutynow":
                shown = self.duty.duty.duties.card(tx, member.id)
                return Parcel(chat_id=chat_id, card=self.duty.card(tx, member), edit=shown) if shown else None
            case "unusable":
                card = self.coordinators.unusable_card(tx, member)
            case "swap":
                card = self.duty.ask_card(tx, member, int(str(due.args["swap"])))
            case _:
                pending = self.claims.roster.duty.duties.rotas(tx).get("pending")
                if pending is not None:
                    card = self.coordinators.rota_card(member, pending, str(due.args["why"]))
        return Parcel(chat_id=chat_id, card=card) if card else None

    def _about_case(self, tx: Reading, due: Due, member: Member, case: Case) -> Parcel | None:
        chat_id = member.telegram_id
        match due.kind:
            case "bundle":
                return self._bundle(tx, case, member)
            case "offer" | "opens":
                offer = self.claims.offers.of(tx, case.row)
                if offer is None or offer.member_id != member.id:
                    return None
                asked = due.kind == "offer"
                card = self.alerts.offer(tx, case, member) if asked else self.alerts.opens(case, member)
                return Parcel(chat_id=chat_id, card=card)
            case "muted":
                waits = case.status == "waiting" and self.cases.handoffs.get(tx, case.row).muted
                card = self.coordinators.muted_card(member, case.code)
                return Parcel(chat_id=chat_id, card=card) if waits else None
            case "lapsed" | "freed":
                card = self.alerts.notice(member, case, due.kind)
                return Parcel(chat_id=chat_id, card=card) if case.claimed_by != member.id else None
            case "silent":
                raised = case.status == "claimed" and self.claims.contacts.get(tx, case.row).raised_at is not None
                return Parcel(chat_id=chat_id, card=self.coordinators.silent_card(tx, member, case)) if raised else None
        alerted = self.cases.alerted.of(tx, case.row).get(member.id)
        message_id = alerted.message_id if alerted else None
        if due.kind in {"unclaimed", "nobody"} and case.status == "waiting":
            kind = "unclaimed" if self.claims.roster.can_come(tx, case) else "nobody"
            card, quiet = self.alerts.notice(member, case, kind), self._is_quiet(tx, case)
            return Parcel(chat_id=chat_id, card=card, replaces=message_id, silent=quiet)
        card = self.alerts.alert(tx, case, member, alerted.state if alerted else "rung")
        if due.kind == "ring" and case.status == "waiting":
            level = self.cases.handoffs.get(tx, case.row).facts.level
            silent = level == "normal" or (level == "high" and is_night(tx.now)) or self._is_quiet(tx, case)
            return Parcel(chat_id=chat_id, card=card, replaces=message_id, silent=silent)
        mine = case.status == "claimed" and case.claimed_by == member.id
        if message_id is None and not mine:
            return None  # a refresh of an alert that is not out yet is done by the ring that is on its way
        open_to_take = case.status == "waiting" and alerted is not None and alerted.state == "rung"
        return Parcel(chat_id=chat_id, card=card, edit=message_id, anew=mine or open_to_take)

    def _is_quiet(self, tx: Reading, case: Case) -> bool:
        until = self.cases.handoffs.get(tx, case.row).quiet_until
        return until is not None and tx.now < until

    def _list(self, tx: Reading, due: Due, member: Member) -> Parcel | None:
        message_id, _ = list_of(tx, member.id)
        cases = self.cases.of_rows(tx, self.cases.alerted.listed_for(tx, member.id))
        if not cases and message_id is None:
            return None
        card = self.alerts.listed(tx, member, cases)
        if due.kind == "rings" and cases:
            return Parcel(chat_id=member.telegram_id, card=card, replaces=message_id)
        return Parcel(chat_id=member.telegram_id, card=card, edit=message_id, anew=True)

    def _bundle(self, tx: Reading, case: Case, member: Member) -> Parcel | None:
        """The sealed case with this lawyer's wrap only: for the claimer, and for whom it is being handed over to."""
        offer = self.claims.offers.of(tx, case.row)
        offered = offer is not None and offer.member_id == member.id and offer.wrap_kid is not None
        if case.status != "claimed" or not (case.claimed_by == member.id or offered):
            return None
        buffer = io.BytesIO()
        ring = self.cases.ring
        bundle = self.cases.bundle(tx, case, only_for=member.id)
        write_bundle(buffer, [bundle], ring.sign, ring.verify_key, tx.now.date())
        document = (f"{case.code}.zip", buffer.getvalue(), self.alerts.caption(member, case))
        return Parcel(chat_id=member.telegram_id, document=document)

    def _share(self, tx: Reading, case: Case, member: Member, *, again: bool) -> Parcel | None:
        """The public key of the lawyer who has accepted, and what to do with it."""
        offer = self.claims.offers.of(tx, case.row)
        if offer is None or offer.accepted_at is None:
            return None
        recipient = self.members.get(tx, offer.member_id).recipient
        document = ("NEW.pub", recipient.encode() + b"\n", self.alerts.share(member, case, again=again))
        return Parcel(chat_id=member.telegram_id, document=document)

    def _relayed(self, tx: Reading, due: Due, case: Case, member: Member) -> Parcel | None:
        try:
            found = self.relay.get(tx, int(str(due.args["relay"])))
        except Unreadable:  # it stands in the sealed case
            return Parcel(chat_id=member.telegram_id, card=self.alerts.notice(member, case, "more"))
        if found is None:  # it has not reached this lawyer for a day: it stands in the sealed case
            return Parcel(chat_id=member.telegram_id, card=self.alerts.notice(member, case, "more"))
        return Parcel(chat_id=member.telegram_id, card=self.alerts.from_seeker(case, member, found))

    def _ask(self, tx: Reading, case: Case, member: Member) -> Parcel | None:
        """Only while the claim still depends on it."""
        card = self.alerts.ask(tx, case, member)
        return Parcel(chat_id=member.telegram_id, card=card) if case.contacted_at is None else None

    def _quiet(self, tx: Reading, case: Case, member: Member) -> Parcel | None:
        known = self.claims.contacts.get(tx, case.row)
        card = self.alerts.quiet(case, member)
        return Parcel(chat_id=member.telegram_id, card=card) if known.asked_at is not None else None

    def _unreached(self, tx: Reading, case: Case, member: Member) -> Parcel | None:
        known = self.claims.contacts.get(tx, case.row)
        card = self.alerts.unreached(tx, case, member)
        return Parcel(chat_id=member.telegram_id, card=card) if known.unreached_at is not None else None

    def _receipt(self, tx: Reading, case: Case, member: Member) -> Parcel | None:
        """What became of the claimer's last message: a new card for a new one, else the card is changed."""
        known = self.claims.contacts.get(tx, case.row)
        if not known.wrote:
            return None
        card, chat_id = self.alerts.receipt(case, member, known, tx.now), member.telegram_id
        if known.sent > known.receipt_of:
            return Parcel(chat_id=chat_id, card=card, replaces=known.receipt_message)
        return Parcel(chat_id=chat_id, card=card, edit=known.receipt_message)

    def _preview(self, tx: Reading, case: Case, member: Member) -> Parcel | None:
        writing = self.relay.writing(tx, member.id)
        if writing is None or writing.text is None or writing.case_row != case.row:
            return None
        return Parcel(chat_id=member.telegram_id, card=self.alerts.preview(tx, case, member, writing.text))

    def _remind(self, tx: Reading, due: Due, case: Case, member: Member) -> Parcel | None:
        clock, last_day = str(due.args["clock"]), date.fromisoformat(str(due.args["day"]))
        if clock in self.cases.handoffs.get(tx, case.row).facts.settled:
            return None
        card = self.alerts.remind(tx, case, member, clock, last_day)
        return Parcel(chat_id=member.telegram_id, card=card)
