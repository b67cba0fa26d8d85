"""The calls: turns what the ladder decides into rows of the outbox, inside the transaction that caused it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.gate import Way
from bot.handoff.claims import Claims
from bot.handoff.for_person import way_of
from bot.handoff.graver import Graver, is_called
from bot.handoff.ladder import Decision, Progress, decide
from bot.handoff.muted_cases import coordinators_look
from bot.handoff.queue import Queue, of_member
from bot.handoff.roster import Roster
from bot.rings import Calm, Event, Sound, calm_of, sound_of
from bot.settings import OncallSettings
from flows.facts import Facts
from flows.model import Level, Reason
from flows.place import Place
from storage import claims as kept_claims
from storage import erasing, in_sight, ladder_due, reachable
from storage.accounts import Accounts
from storage.alerted import Alerted
from storage.case import Case, Claimed, Handed, Handoff, Live, Waiting
from storage.cases import Cases, any_calls
from storage.lists import list_of
from storage.members import Member
from storage.muted import is_muted
from storage.outbox import LineKind, RowKind
from storage.together import read_together
from storage.tx import Reading, Tx

MOST_ALONE, CROWD_WITHIN = 3, timedelta(minutes=30)
LIST_RINGS_EVERY = timedelta(minutes=5)
OUTSIDE_EVERY, BACKSTOP_EVERY = timedelta(minutes=5), timedelta(minutes=10)
Taken = Literal["taken", "no", "enough"]


@dataclass(frozen=True, slots=True)
class Calls:
    """Every method runs inside a change; what changes a case returns it as it then is."""

    cases: Cases
    queue: Queue
    claims: Claims
    roster: Roster
    oncall: OncallSettings
    accounts: Accounts
    graver: Graver
    place: Place

    def call(self, tx: Tx, case: Live, facts: Facts) -> Waiting:
        """Puts a case before the lawyers and queues the first alerts; after a false alarm only coordinators see it."""
        muted = is_muted(tx, self.cases.ring, case.chat_look_up)
        quiet = None if muted else self._quiet_until(tx, case, facts)
        waiting = self.cases.hand_over(tx, case, facts, muted=muted, quiet_until=quiet)
        if not muted:
            return self.climb(tx, waiting)
        coordinators_look(tx, self.cases, self.queue, waiting)
        return waiting

    def let_through(self, tx: Tx, case: Waiting) -> None:
        """A coordinator has looked: the lawyers are called after all, and every coordinator's card says so."""
        looked = [one for one, alerted in self.cases.alerted.of(tx, case.row).items() if alerted.state == "told"]
        self.cases.alerted.keep_all(tx, case.row, looked, state="through")
        self.refresh(tx, case.row)
        self.climb(tx, self.cases.handoffs.unmute(tx, case))
        self.queue.person.news(tx, case)

    def bring_up_to_date(self, tx: Tx, case: Handed, facts: Facts, new: Sequence[Reason] = ()) -> Handed:
        """Brings the alerts up to date; a rise rings again, and a claimer hears what is `new` and grave."""
        before, facts = case.handoff.facts, facts.continuing(case.handoff.facts)
        if before == facts:
            return case
        rises, graver = facts.level.rank > before.level.rank, facts.grade > before.grade
        if case.handoff.muted:
            return self._coordinators_hear(tx, case, facts, rises=rises)
        quiet = self._quiet_until(tx, case, facts) if graver else None
        case = self.cases.update_facts(tx, case, facts, ring_now=tx.at_once if graver else None, quiet_until=quiet)
        self._watches(tx, case)
        if before.unanswered and not facts.unanswered:
            self._leaves_lists(tx, case)
        case = self._rings_again(tx, case, new, graver=graver, rises=rises)
        self.refresh(tx, case.row)
        return case

    def speaks(self, tx: Tx, case: Case, language: str) -> None:
        """The person reads this language from now on: they are spoken to in it, alerts name it, the ladder goes by it.

        Nobody is rung for that. Facts that cannot be read stay as they rest.
        """
        in_sight.set_language(tx, self.cases.ring, case, language)
        if not isinstance(case, Handed) or case.handoff.facts.lost or case.handoff.facts.language == language:
            return
        self.cases.handoffs.set_facts(tx, case, case.handoff.facts.spoken(language))
        self.refresh(tx, case.row)

    def _rings_again(self, tx: Tx, case: Handed, new: Sequence[Reason], *, graver: bool, rises: bool) -> Handed:
        """The lawyers of a case that waits, or the one who has it."""
        match case:
            case Waiting() if graver:
                return self.climb(tx, case)
            case Claimed() if rises or new:
                return self.graver.rings(tx, case, new, rises=rises)
            case _:
                return case

    def _coordinators_hear(self, tx: Tx, case: Handed, facts: Facts, *, rises: bool) -> Handed:
        """A muted case rings nobody, but coordinators hear that it is graver."""
        case = self.cases.update_facts(tx, case, facts, ring_now=None)
        if rises and isinstance(case, Waiting):
            coordinators_look(tx, self.cases, self.queue, case)
        return case

    def _leaves_lists(self, tx: Tx, case: Handed) -> None:
        """Something was answered: the case deserves an alert of its own."""
        for member_id in self.cases.alerted.unlist(tx, case.row):
            self.queue.to_member(tx, RowKind.list, member_id)

    def _watches(self, tx: Tx, case: Handed) -> None:
        """The next threshold of a clock, or the next reminder of one, is not missed."""
        facts = case.handoff.facts
        ahead = facts.risings if isinstance(case, Waiting) else facts.reminders
        if ahead:
            self.cases.handoffs.bring_forward(tx, case.row, ahead[0].at)

    def withdraw(self, tx: Tx, case: Waiting) -> None:
        """The person has withdrawn the call."""
        self.cases.withdraw(tx, case)
        self.claims.former_may_not_take_it(tx, case.row)
        self.refresh(tx, case.row)

    def take(self, tx: Tx, case: Waiting, member: Member) -> Taken:
        """`taken` for the one lawyer who wins the case; queues the bundle, the others' alerts, the person's card."""
        read_together(tx, case.row)
        if member.role != "lawyer" or not member.works or member.id not in self.cases.wraps.can_open(tx, case.row):
            return "no"
        if self._has_enough(tx, member.id):
            self.queue.to_coordinators(tx, LineKind.collects, about=member.id)
            if self._somebody_else(tx, case, member):
                return "enough"
        claimed = self.cases.claims.claim(tx, case, member, self.claims.lease_of(case))
        if claimed is None:
            return "no"
        self.claims.former_may_not_take_it(tx, case.row)
        self.refresh(tx, case.row)
        self.cases.alerted.keep(tx, case.row, member.id, state="rung", at=tx.now)
        self.queue.to_member(tx, RowKind.alert, member.id, case_row=case.row)
        self.queue.person.news(tx, self.claims.begun(tx, claimed, member), Event.taken)
        self.queue.to_coordinators(tx, LineKind.taken, case_row=case.row, about=member.id)
        return "taken"

    def pass_on(self, tx: Tx, case: Waiting, member: Member, reason: str) -> bool:
        """The lawyer passes: no more alerts to them. With a conflict of interest they cannot open the case any more."""
        if member.id not in self.cases.wraps.can_open(tx, case.row):
            return False
        self.cases.alerted.keep(tx, case.row, member.id, state="passed")
        if reason == "conflict":
            self.cases.wraps.drop(tx, case.row, member.id)
        self.refresh(tx, case.row, only=member.id)
        case = self.climb(tx, case)
        if not self.roster.can_come(tx, case, self.cases.alerted.of(tx, case.row)):
            # Neither the person's card nor the coordinators' go on saying that somebody may take it.
            self.queue.person.news(tx, case)
            self.refresh(tx, case.row)
        return True

    def _has_enough(self, tx: Tx, member_id: int) -> bool:
        return kept_claims.taken_since(tx, member_id, tx.now - kept_claims.A_DAY) >= self.oncall.claims_a_day

    def _somebody_else(self, tx: Tx, case: Waiting, member: Member) -> bool:
        """Could another lawyer take this case? A limit of lawyers never leaves a person without one."""
        roster = self.roster.of(tx, case.row, self.cases.alerted.of(tx, case.row))
        others = [one for one in roster if one.role == "lawyer" and one.id != member.id]
        able = [one for one in others if one.can_open and not one.passed and not one.gone]
        return any(not self._has_enough(tx, one.id) for one in able)

    def _quiet_until(self, tx: Tx, case: Live, facts: Facts) -> datetime | None:
        """An account rings once in ten minutes, or for something graver; more often it calls without a sound."""
        if case.chat_look_up is None or facts.level is Level.normal:
            return None
        quiet = self.accounts.of(tx, case.chat_look_up).quiet_until(tx.now, facts.grade)
        if quiet is None:
            self.accounts.rang(tx, case.chat_look_up, facts.grade)
        return quiet

    # --- the ladder ---

    def climb(self, tx: Tx, case: Waiting, *, hurry: bool = False, also: Sequence[int] = ()) -> Waiting:
        """Lets the ladder decide and queues what it decides. `hurry`: only those who were not told yet.

        `also`: lawyers who are rung too, whatever it decides.
        """
        handoff = case.handoff
        if handoff.muted:
            return case
        alerts = self.roster.told(tx, case.row)
        roster = self.roster.of(tx, case.row, alerts)
        decision = decide(Progress.of(handoff), roster, self.oncall.ladder, tx.now, place=self.place, hurry=hurry)
        lawyers = [one for one in decision.lawyers if not (hurry and one in alerts)]
        lawyers = list(dict.fromkeys((*lawyers, *also)))
        self._ring(tx, case, lawyers, alerts)
        self._tell_coordinators(tx, case, decision)
        case = self._backstop(tx, case, decision)
        if decision.rings and self._is_news(handoff, decision, lawyers, alerts):
            self.queue.person.news(tx, case)
        self._card_changes_at_night(tx, case)
        due = [at for at in (decision.next_due_at, *(one.at for one in handoff.facts.risings)) if at is not None]
        return self.cases.handoffs.climbed(
            tx,
            case,
            rung=decision.rung,
            rang_at=tx.now if decision.rings else handoff.rang_at,
            next_due_at=min(due, default=None),
        )

    def _card_changes_at_night(self, tx: Tx, case: Waiting) -> None:
        if case.level is Level.high and not self.place.is_night(tx.now):
            self.queue.person.at_night(tx, case, self.place.next_at(self.place.night_begins, tx.now))

    def unreachable(
        self,
        tx: Tx,
        member_id: int,
        *,
        case_row: int | None = None,
        listed: bool = False,
        gone: bool = True,
    ) -> None:
        """The bot cannot reach a member (blocked, account gone): coordinators are told, the next rung rings at once.

        What has not arrived was about this case, or about the cases on the member's list; they were not told of it.
        `gone`: false when only this message could not be said.
        """
        if gone and reachable.gone(tx, member_id):
            self.queue.to_coordinators(tx, LineKind.gone, about=member_id)
            self._reach_changed(tx, member_id)
        rows = [case_row] if case_row is not None else []
        rows += self.cases.alerted.listed_for(tx, member_id) if listed else []
        never = not listed or list_of(tx, member_id)[0] is None
        for case in (self.cases.get(tx, row) for row in rows):
            if isinstance(case, Waiting):
                if never and self.cases.alerted.never_told(tx, case.row, member_id):
                    self.queue.person.news(tx, case)
                self.climb(tx, case, hurry=True)

    def back(self, tx: Tx, member: Member) -> None:
        """The bot can reach a member again: what waits for somebody like them is looked at now."""
        if member.gone_at is not None:
            reachable.back(tx, member)
            self._reach_changed(tx, member.id)

    def _reach_changed(self, tx: Tx, member_id: int) -> None:
        """Who can still come has changed: the ladder looks again, and the cards of those who wait tell it."""
        for case in self.cases.of_rows(tx, self.cases.alerted.by_member(tx, member_id)):
            self.cases.handoffs.bring_forward(tx, case.row, tx.at_once)
            self.refresh(tx, case.row)
            self.queue.person.news(tx, case)
        for case in self.cases.held_by(tx, member_id):
            self.queue.person.news(tx, case)

    def told(self, tx: Tx, member_id: int, case_rows: Sequence[int]) -> None:
        """An alert has been delivered: only now the person's card says so; a question's card only of coordinators."""
        rows = self.cases.alerted.told(tx, member_id, case_rows)
        member = self.queue.members.find(tx, member_id)
        coordinates = member is not None and member.role == "coordinator"
        for case in self.cases.of_rows(tx, rows):
            if case.chat_id is not None and (coordinates or not in_sight.is_answering(tx, case.row)):
                self.queue.person.news(tx, case)

    def still_waits(self, tx: Reading, member_id: int | None, says: str) -> bool:
        """Whether there is still something to say outside Telegram: somebody may have taken the case meanwhile."""
        if says == "yours" and member_id is not None:
            return bool(self.cases.held_by(tx, member_id))
        if says == "unseen" and member_id is not None:
            opened = self.cases.of_rows(tx, self.cases.wraps.opened_by(tx, member_id))
            return any(is_called(case, member_id) for case in opened)
        if says != "waits":
            return True
        member = self.queue.members.find(tx, member_id) if member_id is not None else None
        lawyer = member is not None and member.role == "lawyer"
        return any_calls(tx, member_id if lawyer else None)

    def refresh(self, tx: Tx, case_row: int, only: int | None = None) -> None:
        """Queues one row per alert, to be rendered from the truth of the moment of sending."""
        for member_id, alerted in self.cases.alerted.of(tx, case_row).items():
            if only not in {None, member_id}:
                continue
            if alerted.state == "listed":
                self.queue.to_member(tx, RowKind.list, member_id)
            else:
                self.queue.to_member(tx, RowKind.alert, member_id, case_row=case_row)

    def erased(self, tx: Tx, case: Case, *, wish: bool = False, told: bool = False) -> None:
        """Destroys a case: whatever its cards say is brought up to date, in every chat that shows one.

        `wish`: its person did it, whose chat is wiped anyway; `told`: they are told otherwise.
        """
        case = self.cases.hold(tx, case.row)
        self.refresh(tx, case.row)
        if not wish and not told:
            self._says_goodbye(tx, case)
        self.claims.leaves_chats(tx, case)
        erasing.erase(tx, case, wish=wish)

    def _says_goodbye(self, tx: Tx, case: Case) -> None:
        """The card of a live case, and of questions that are added to one that is out of sight; not another one's."""
        if not isinstance(case, Live) or in_sight.is_behind(tx, case):
            return
        card, way = in_sight.card_shown(tx, case), way_of(Event.closed, case)
        if card is not None and way is Way.nothing:
            way = Way.edit
        self.queue.person.last_card(tx, case, card, way)

    # --- parts ---

    def _ring(self, tx: Tx, case: Waiting, lawyers: Sequence[int], alerts: Mapping[int, Alerted]) -> None:
        """One alert a case; but a digest for what can wait, and one list when many critical cases come at once."""
        level, silent = case.level, case.handoff.facts.unanswered
        many = ladder_due.crowd(tx, tx.now - CROWD_WITHIN, unanswered=silent)
        crowd = level is Level.critical and many > MOST_ALONE
        listed = {one for one, alerted in alerts.items() if alerted.state == "listed"}
        listed = set(lawyers) if level is Level.normal or crowd else listed.intersection(lawyers)
        self.cases.alerted.keep_all(
            tx, case.row, [one for one in lawyers if one not in listed], state="rung", at=tx.now
        )
        for member_id in lawyers:
            if member_id in listed:
                self._list(tx, case, member_id, crowd=crowd, silent=silent)
                continue
            self.queue.to_member(tx, RowKind.ring, member_id, case_row=case.row)
            self._outside(tx, case, member_id, alerts[member_id].outside_at if member_id in alerts else None)

    def _list(self, tx: Tx, case: Waiting, member_id: int, *, crowd: bool, silent: bool) -> None:
        """Puts a case on the lawyer's list, in a crowd with the critical ones that had an alert of their own.

        `silent`: a crowd of people who have answered nothing puts nobody else on a list.
        """
        alone = self.cases.alerted.alone(tx, member_id, None if crowd else case.row, unanswered=crowd and silent)
        gone = [message_id for message_id in alone.values() if message_id is not None]
        self.queue.wipes.cards(tx, member_id, gone)
        for row in {case.row, *alone}:
            self.cases.alerted.keep(tx, row, member_id, state="listed", message_id=None, at=tx.now)
        if sound_of(RowKind.rings, calm=self._calm(tx, case)) is not Sound.rings:
            self.queue.to_member(tx, RowKind.list, member_id)
            return
        # Several cases are looked at in one moment: what the first of them has queued rings for all.
        rings = self.queue.outbox.waits(tx, of_member(RowKind.rings, member_id))
        _, rang_at = list_of(tx, member_id)
        next_ring = max(tx.now, rang_at + LIST_RINGS_EVERY) if rang_at else tx.now
        if not rings:
            self.queue.to_member(tx, RowKind.rings, member_id, at=next_ring)
        if rings or next_ring > tx.now:
            self.queue.to_member(tx, RowKind.list, member_id)
        self._outside(tx, case, member_id, self.cases.alerted.listed_outside(tx, member_id))

    def _outside(self, tx: Tx, case: Waiting, member_id: int, last: datetime | None) -> None:
        """A bot's message does not pass "do not disturb": who wants it is told by e-mail or push, too.

        `last`: when that was done for this case, or for any of the list that it stands on.
        """
        member = next(one for one in self.queue.members.all(tx) if one.id == member_id)
        calm = self._calm(tx, case)
        if sound_of(RowKind.outside, "waits", calm) is not Sound.rings or not (member.email or member.push):
            return
        if last is None or tx.now - last >= OUTSIDE_EVERY:
            self.cases.alerted.keep(tx, case.row, member_id, outside_at=tx.now)
            self.queue.outside(tx, member)

    def _tell_coordinators(self, tx: Tx, case: Waiting, decision: Decision) -> None:
        self.cases.alerted.keep_all(tx, case.row, decision.coordinators, state="told", at=tx.now)
        for member_id in decision.coordinators:
            self.queue.to_member(tx, RowKind.unclaimed, member_id, case_row=case.row)

    def _backstop(self, tx: Tx, case: Waiting, decision: Decision) -> Waiting:
        """The last resort: everybody who has a way outside Telegram, and the addresses of the configuration."""
        last = case.handoff.backstop_at
        lately = last is not None and tx.now - last < BACKSTOP_EVERY
        rings = sound_of(RowKind.backstop, calm=self._calm(tx, case)) is Sound.rings
        if not (decision.backstop and rings) or lately:
            return case
        for member in self.queue.members.working(tx):
            self.queue.outside(tx, member)
        self.queue.backstop(tx, len(self.oncall.backstop))
        return self.cases.handoffs.set_backstop(tx, case)

    def _is_news(
        self, handoff: Handoff, decision: Decision, lawyers: Sequence[int], alerts: Mapping[int, Alerted]
    ) -> bool:
        """For the card: more were called, nobody is there, or what was said quietly at night is said aloud."""
        if decision.nobody or (alerts and set(lawyers) - set(alerts)):
            return True
        rang_at = handoff.rang_at
        return handoff.facts.level is Level.high and rang_at is not None and self.place.is_night(rang_at)

    def _calm(self, tx: Reading, case: Handed) -> frozenset[Calm]:
        """What takes the sound from the calls of a case (bot/rings.py)."""
        return calm_of(case.level, night=self.place.is_night(tx.now), often=case.handoff.is_quiet(tx.now))
