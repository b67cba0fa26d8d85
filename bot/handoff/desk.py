"""The desk: turns what the ladder decides into rows of the outbox, inside the transaction that caused it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.handoff.claims import Claims
from bot.handoff.dispatch import Dispatch
from bot.handoff.hours import is_night
from bot.handoff.ladder import Decision, Standing, decide
from bot.handoff.roster import Roster
from bot.settings import OncallSettings
from storage.alerted import Alerted
from storage.cases import Case, Cases
from storage.handoffs import MOST_DUE, Facts, Handoff
from storage.lists import is_muted, keep_list, list_of
from storage.members import Member
from storage.writer import Connection

MOST_ALONE, CROWD_WITHIN = 3, timedelta(minutes=30)
LIST_RINGS_EVERY = timedelta(minutes=5)
OUTSIDE_EVERY, BACKSTOP_EVERY = timedelta(minutes=5), timedelta(minutes=10)
A_DAY = timedelta(days=1)
MOST_BATCHES = 20
Taken = Literal["taken", "no", "enough"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Every method runs inside a change."""

    cases: Cases
    dispatch: Dispatch
    claims: Claims
    roster: Roster
    policy: OncallSettings

    def call(self, connection: Connection, case: Case, facts: Facts, now: datetime) -> Case:
        """Puts a case before the lawyers and queues the first alerts; after a false alarm only coordinators see it."""
        muted = is_muted(connection, case.chat_look_up)
        handoff = self.cases.hand_over(connection, case, facts, now, muted=muted)
        if muted:
            for one in self.dispatch.members.coordinators(connection):
                self.dispatch.to_member(connection, "muted", one.id, now, case_row=case.row)
        self.climb(connection, handoff, now)
        return self.cases.get(connection, case.row)

    def let_through(self, connection: Connection, case: Case, now: datetime) -> None:
        """A coordinator has looked: the lawyers are called after all."""
        self.cases.handoffs.unmute(connection, case.row, now)
        self.climb(connection, self.cases.handoffs.get(connection, case.row), now)
        self.dispatch.news(connection, case, now)

    def changed(self, connection: Connection, case: Case, facts: Facts, now: datetime) -> None:
        """Brings the alerts up to date; a rise rings again."""
        before = self.cases.handoffs.get(connection, case.row)
        settled, reminded = before.facts.settled, before.facts.reminded
        open_still = tuple(one for one in facts.reminders if one[1] not in settled and one[:2] not in reminded)
        facts = msgspec.structs.replace(facts, settled=settled, reminded=reminded, reminders=open_still)
        if before.facts == facts:
            return
        rises = _rank(facts.level) > _rank(before.facts.level)
        if before.muted:  # rings nobody, but coordinators hear that it is graver
            self.cases.update_facts(connection, case, facts, ring_now=None)
            for one in self.dispatch.members.coordinators(connection) if rises else ():
                self.dispatch.to_member(connection, "muted", one.id, now, case_row=case.row)
            return
        self.cases.update_facts(connection, case, facts, ring_now=now if rises else None)
        if case.status == "waiting" and facts.risings:
            self.cases.handoffs.bring_forward(connection, case.row, facts.risings[0][0])
        if case.status == "claimed" and facts.reminders:
            self.cases.handoffs.bring_forward(connection, case.row, facts.reminders[0][0])
        if rises and case.status == "waiting":
            self.climb(connection, self.cases.handoffs.get(connection, case.row), now)
        if rises and case.status == "claimed" and case.claimed_by is not None:
            self.claims.risen(connection, case, now)
        self.refresh(connection, case.row, now)

    def withdraw(self, connection: Connection, case: Case, now: datetime) -> None:
        """The person pressed "not now"."""
        self.cases.withdraw(connection, case)
        self.refresh(connection, case.row, now)

    def take(self, connection: Connection, case: Case, member: Member, now: datetime) -> Taken:
        """`taken` for the one lawyer who wins the case; queues the bundle, the others' alerts, the person's card."""
        able = member.role == "lawyer" and member.works and member.id in self.cases.wraps.can_open(connection, case.row)
        if not able or case.status != "waiting":
            return "no"
        if self.cases.taken_since(connection, member.id, now - A_DAY) >= self.policy.claims_a_day:
            self.dispatch.to_coordinators(connection, "collects", now, about=member.id)
            return "enough"
        if not self.cases.claim(connection, case, member, now, self.claims.lease_of(connection, case.row)):
            return "no"
        self.refresh(connection, case.row, now)
        self.cases.alerted.keep(connection, case.row, member.id, state="rung", at=now)
        self.dispatch.to_member(connection, "alert", member.id, now, case_row=case.row)
        self.claims.begun(connection, case, member, now)
        self.dispatch.news(connection, self.cases.get(connection, case.row), now)
        self.dispatch.to_coordinators(connection, "taken", now, case_row=case.row, about=member.id)
        return "taken"

    def pass_on(self, connection: Connection, case: Case, member: Member, reason: str, now: datetime) -> bool:
        """The lawyer passes: no more alerts to them. With a conflict of interest they cannot open the case any more."""
        if case.status != "waiting" or member.id not in self.cases.wraps.can_open(connection, case.row):
            return False
        self.cases.alerted.keep(connection, case.row, member.id, state="passed")
        if reason == "conflict":
            self.cases.wraps.drop(connection, case.row, member.id)
        self.refresh(connection, case.row, now, only=member.id)
        self.climb(connection, self.cases.handoffs.get(connection, case.row), now)
        return True

    # --- the ladder ---

    def climb(self, connection: Connection, handoff: Handoff, now: datetime, *, hurry: bool = False) -> None:
        """Lets the ladder decide and queues what it decides. `hurry`: only those who were not told yet."""
        case = self.cases.get(connection, handoff.case_row)
        if case.status != "waiting" or handoff.muted:
            return
        standing = Standing(
            level=handoff.facts.level,
            began_at=handoff.began_at,
            rung=handoff.rung,
            rang_at=handoff.rang_at,
            language=handoff.facts.language,
            region=handoff.facts.region,
        )
        alerts = self.cases.alerted.of(connection, case.row)
        roster = self.roster.of(connection, case.row, now)
        decision = decide(standing, roster, self.policy.ladder, now, hurry=hurry)
        lawyers = [one for one in decision.lawyers if not (hurry and one in alerts)]
        self._ring(connection, case, handoff, lawyers, alerts, now)
        self._tell_coordinators(connection, case, decision, now)
        self._backstop(connection, handoff, decision, now)
        if decision.rings and (decision.nobody or (alerts and set(lawyers) - set(alerts))):
            self.dispatch.news(connection, case, now)  # the card tells that more were called, or that nobody is there
        due = [at for at in (decision.next_due_at, *(one[0] for one in handoff.facts.risings)) if at is not None]
        rang_at = now if decision.rings else handoff.rang_at
        self.cases.handoffs.climbed(
            connection, case.row, rung=decision.rung, rang_at=rang_at, next_due_at=min(due, default=None)
        )

    def unreachable(
        self,
        connection: Connection,
        member_id: int,
        now: datetime,
        *,
        case_row: int | None = None,
        listed: bool = False,
    ) -> None:
        """The bot cannot reach a member (blocked, account gone): coordinators are told, the next rung rings at once.

        What has not arrived was about this case, or about the cases on the member's list; they were not told of it.
        """
        if self.dispatch.members.gone(connection, member_id, now):
            self.dispatch.to_coordinators(connection, "gone", now, about=member_id)
        rows = [case_row] if case_row is not None else []
        rows += self.cases.alerted.listed_for(connection, member_id) if listed else []
        never = not listed or list_of(connection, member_id)[0] is None
        for case in (self.cases.get(connection, row) for row in rows):
            if case.status == "waiting":
                if never and self.cases.alerted.never_told(connection, case.row, member_id):
                    self.dispatch.news(connection, case, now)
                self.climb(connection, self.cases.handoffs.get(connection, case.row), now, hurry=True)

    def tick(self, connection: Connection, now: datetime) -> None:
        """What time alone brings: ladders, leases and reminders that are due. Overdue means now."""
        for _ in range(MOST_BATCHES):
            due = self.cases.handoffs.due(connection, now)
            for handoff in due:
                self._look(connection, handoff, now)
            if len(due) < MOST_DUE:
                break

    def _look(self, connection: Connection, handoff: Handoff, now: datetime) -> None:
        case = self.cases.get(connection, handoff.case_row)
        if case.status != "claimed":
            self.climb(connection, self._rise(connection, case, handoff, now), now)
            return
        self.claims.watch(connection, case, handoff, now)
        after = self.cases.get(connection, case.row)
        if after.status == "waiting":
            self.went_on(connection, after, now)

    def went_on(self, connection: Connection, case: Case, now: datetime) -> None:
        """A claim is over: the others are called, from where the ladder was; everybody is told the truth."""
        self.refresh(connection, case.row, now)
        self.climb(connection, self.cases.handoffs.get(connection, case.row), now)
        self.dispatch.news(connection, case, now)

    def refresh(self, connection: Connection, case_row: int, now: datetime, only: int | None = None) -> None:
        """Queues one row per alert, to be rendered from the truth of the moment of sending."""
        for member_id, alerted in self.cases.alerted.of(connection, case_row).items():
            if only not in {None, member_id}:
                continue
            if alerted.state == "listed":
                self.dispatch.to_member(connection, "list", member_id, now)
            else:
                self.dispatch.to_member(connection, "alert", member_id, now, case_row=case_row)

    def erased(self, connection: Connection, case: Case, now: datetime) -> None:
        """Destroys a case and brings its alerts up to date."""
        self.refresh(connection, case.row, now)
        self.dispatch.wipe_from_member(connection, case.row, now)
        self.cases.erase(connection, case)

    # --- parts ---

    def _ring(
        self,
        connection: Connection,
        case: Case,
        handoff: Handoff,
        lawyers: Sequence[int],
        alerts: Mapping[int, Alerted],
        now: datetime,
    ) -> None:
        """One alert a case; but a digest for what can wait, and one list when many critical cases come at once."""
        level = handoff.facts.level
        crowd = level == "critical" and self.cases.handoffs.crowd(connection, now - CROWD_WITHIN) > MOST_ALONE
        for member_id in lawyers:
            listed = member_id in alerts and alerts[member_id].state == "listed"
            if level == "normal" or crowd or listed:
                self._list(connection, case, member_id, now, crowd=crowd)
                continue
            self.cases.alerted.keep(connection, case.row, member_id, state="rung", at=now)
            self.dispatch.to_member(connection, "ring", member_id, now, case_row=case.row)
            self._outside(connection, case, member_id, alerts, now)

    def _list(self, connection: Connection, case: Case, member_id: int, now: datetime, *, crowd: bool) -> None:
        """Puts a case on the lawyer's list, in a crowd with the critical ones that had an alert of their own."""
        alone = self.cases.alerted.alone(connection, member_id, None if crowd else case.row)
        gone = [message_id for message_id in alone.values() if message_id is not None]
        if gone:
            self.dispatch.wipe(connection, self.dispatch.members.get(connection, member_id).telegram_id, gone, now)
        for row in {case.row, *alone}:
            self.cases.alerted.keep(connection, row, member_id, state="listed", message_id=None, at=now)
        _, rang_at = list_of(connection, member_id)
        next_ring = max(now, rang_at + LIST_RINGS_EVERY) if rang_at else now
        self.dispatch.to_member(connection, "rings", member_id, next_ring)
        if next_ring > now:
            self.dispatch.to_member(connection, "list", member_id, now)
        else:
            keep_list(connection, member_id, rang_at=now)
            self._outside(connection, case, member_id, {}, now)

    def _outside(
        self, connection: Connection, case: Case, member_id: int, alerts: Mapping[int, Alerted], now: datetime
    ) -> None:
        """A bot's message does not pass "do not disturb": who wants it is told by e-mail or push, too."""
        member = self.dispatch.members.get(connection, member_id)
        if not (member.email or member.push) or case.level == "normal" or (case.level == "high" and is_night(now)):
            return
        last = alerts[member_id].outside_at if member_id in alerts else None
        if last is None or now - last >= OUTSIDE_EVERY:
            self.cases.alerted.keep(connection, case.row, member_id, outside_at=now)
            self.dispatch.outside(connection, member, now)

    def _tell_coordinators(self, connection: Connection, case: Case, decision: Decision, now: datetime) -> None:
        for member_id in decision.coordinators:
            self.cases.alerted.keep(connection, case.row, member_id, state="told", at=now)
            kind = "nobody" if decision.nobody else "unclaimed"
            self.dispatch.to_member(connection, kind, member_id, now, case_row=case.row)

    def _backstop(self, connection: Connection, handoff: Handoff, decision: Decision, now: datetime) -> None:
        """The last resort: everybody who has a way outside Telegram, and the addresses of the configuration."""
        last = handoff.backstop_at
        if not decision.backstop or (last is not None and now - last < BACKSTOP_EVERY):
            return
        self.cases.handoffs.set_backstop(connection, handoff.case_row, now)
        for member in self.dispatch.members.working(connection):
            self.dispatch.outside(connection, member, now)
        self.dispatch.backstop(connection, len(self.policy.backstop), now)

    def _rise(self, connection: Connection, case: Case, handoff: Handoff, now: datetime) -> Handoff:
        """A clock has reached its threshold while the case waits: the level rises, and it rings again."""
        graver = [one for one in handoff.facts.risings if _rank(one[1]) > _rank(handoff.facts.level)]
        due = [one for one in graver if one[0] <= now]
        if not due:
            return handoff
        _, level, rule = max(due, key=lambda one: _rank(one[1]))
        ahead = tuple(one for one in graver if one[0] > now and _rank(one[1]) > _rank(level))
        facts = msgspec.structs.replace(
            handoff.facts, level=level, reasons=((rule, ()), *handoff.facts.reasons), risings=ahead
        )
        self.cases.update_facts(connection, case, facts, ring_now=now)
        self.refresh(connection, case.row, now)
        return self.cases.handoffs.get(connection, case.row)


def _rank(level: str) -> int:
    return {"critical": 2, "high": 1}.get(level, 0)
