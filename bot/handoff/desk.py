"""The desk: turns what the ladder decides into rows of the outbox, inside the transaction that caused it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.handoff.ladder import Candidate, Standing, decide
from bot.settings import Ladder, Rungs
from storage import shown
from storage.cases import Case, Cases, Facts, Handoff
from storage.members import Member, Members
from storage.outbox import Lane, Outbox
from storage.relay import Relay
from storage.writer import Connection

REPAIR_AFTER = timedelta(seconds=5)
ACTING = timedelta(hours=2)
MOST_REMOVED = 100  # Bot API, deleteMessages: ids at once
DELETABLE = timedelta(hours=48)  # Bot API, deleteMessage: older ones stay


@dataclass(frozen=True, slots=True)
class Desk:
    """Every method runs inside a change."""

    cases: Cases
    members: Members
    outbox: Outbox
    relay: Relay
    policy: Ladder

    def call(self, connection: Connection, case: Case, facts: Facts, now: datetime) -> Case:
        """Puts a case before the lawyers and queues the first alerts."""
        handoff = self.cases.hand_over(connection, case, facts, now)
        self.climb(connection, handoff, now)
        return self.cases.get(connection, case.row)

    def changed(self, connection: Connection, case: Case, facts: Facts, now: datetime) -> None:
        """Brings the alerts up to date; a rise rings again."""
        before = self.cases.handoff(connection, case.row)
        if before.facts == facts:
            return
        rises = _rank(facts.level) > _rank(before.facts.level)
        self.cases.update_facts(connection, case, facts, ring_now=now if rises else None)
        if case.status == "waiting" and facts.risings:
            self.cases.bring_forward(connection, case.row, facts.risings[0][0])
        if rises and case.status == "waiting":
            self.climb(connection, self.cases.handoff(connection, case.row), now)
        self.refresh(connection, case.row, now)

    def withdraw(self, connection: Connection, case: Case, now: datetime) -> None:
        """The person pressed "not now"."""
        self.cases.withdraw(connection, case)
        self.refresh(connection, case.row, now)

    def take(self, connection: Connection, case: Case, member: Member, now: datetime) -> bool:
        """True for the one lawyer who wins the case; queues the bundle, the others' alerts, the person's card."""
        able = member.role == "lawyer" and member.id in self.cases.can_open(connection, case.row)
        lease = self._lease(connection, case.row)
        if not able or not self.cases.claim(connection, case, member, now, lease):
            return False
        self.send_bundle(connection, case, member, now)
        self.refresh(connection, case.row, now)
        self.tell_seeker(connection, case, now)
        return True

    def pass_on(self, connection: Connection, case: Case, member: Member, now: datetime) -> bool:
        """The lawyer passes: no more alerts to them; when nobody else has been told, the next rung rings at once."""
        if case.status != "waiting" or member.id not in self.cases.can_open(connection, case.row):
            return False
        self.cases.set_alert(connection, case.row, member.id, state="passed")
        self._put(connection, "alert", case.row, member.id, now)
        self.climb(connection, self.cases.handoff(connection, case.row), now)
        return True

    # --- a claim, until the person has been reached ---

    def acts(self, connection: Connection, case: Case, now: datetime) -> None:
        """The claimer says "I am acting": the claim holds for two hours more."""
        if case.contacted_at is None:
            self.cases.set_lease(connection, case.row, now, ACTING)
            self.refresh(connection, case.row, now)

    def reached(self, connection: Connection, case: Case, now: datetime) -> None:
        """First contact: from here on only the claimer, one deputy and recovery can open the case."""
        if case.contacted_at is None:
            self.cases.contacted(connection, case, self._deputy(connection, case), now)
            self.refresh(connection, case.row, now)

    def release(self, connection: Connection, case: Case, member: Member, now: datetime) -> None:
        """The claimer gives the case back: the others are called at once, this lawyer no more."""
        self.cases.set_alert(connection, case.row, member.id, state="passed")
        self._reopen(connection, case, now)

    def _lapse(self, connection: Connection, case: Case, now: datetime) -> None:
        """No contact in time: the next are called, and the silent claimer may take the case again."""
        assert case.claimed_by is not None
        self._put(connection, "lapsed", case.row, case.claimed_by, now)
        self._reopen(connection, case, now)

    def _reopen(self, connection: Connection, case: Case, now: datetime) -> None:
        self.relay.claim_over(connection, case.row)
        handoff = self.cases.reopen(connection, case, now)
        self.refresh(connection, case.row, now)
        self.climb(connection, handoff, now)
        self.tell_seeker(connection, case, now)

    def _watch_lease(self, connection: Connection, case: Case, handoff: Handoff, now: datetime) -> None:
        if case.claimed_by is None or handoff.lease_until is None:
            return
        if handoff.lease_until <= now:
            self._lapse(connection, case, now)
        elif not handoff.lease_asked:
            self.cases.asked(connection, handoff)
            self._put(connection, "ask", case.row, case.claimed_by, now)

    def _deputy(self, connection: Connection, case: Case) -> int | None:
        """The next on the ladder who can open the case."""
        roster = self._roster(connection, case.row)
        able = [one for one in roster if one.role == "lawyer" and one.can_open and one.id != case.claimed_by]
        able.sort(key=lambda one: (one.passed, not one.on_call))
        return able[0].id if able else None

    def _lease(self, connection: Connection, case_row: int) -> timedelta | None:
        rungs: Rungs = getattr(self.policy, self.cases.handoff(connection, case_row).facts.level)
        return rungs.lease

    # --- messages between lawyer and seeker ---

    def to_seeker(self, connection: Connection, case: Case, text: str, now: datetime) -> None:
        """A lawyer's message: kept until it is seen. Somebody who is held gets no notification, only a changed card."""
        self.relay.put(connection, case.row, None, text, now)
        if self.cases.handoff(connection, case.row).facts.quiet:
            self.tell_seeker(connection, case, now)
        else:
            self.outbox.put(connection, Lane.reply, "ping", now, case_row=case.row, key=f"ping:{case.row}")

    def to_claimer(self, connection: Connection, case: Case, text: str, now: datetime) -> None:
        """What the seeker wrote goes to whoever holds the case; to nobody while it waits (it is in the sealed case)."""
        if case.status == "claimed" and case.claimed_by is not None:
            row = self.relay.put(connection, case.row, case.claimed_by, text, now)
            self.outbox.put(
                connection,
                Lane.lawyer,
                "relay",
                now,
                case_row=case.row,
                member_id=case.claimed_by,
                args={"relay": row},
                key=f"relay:{row}",
            )

    def send_bundle(self, connection: Connection, case: Case, member: Member, now: datetime) -> None:
        """Queues the sealed case for the lawyer who holds it."""
        self._put(connection, "bundle", case.row, member.id, now)

    def added(self, connection: Connection, case: Case, at: datetime) -> None:
        """Tells the claimer that the person added something; once for all that comes before `at`."""
        if case.claimed_by is not None:
            self._put(connection, "more", case.row, case.claimed_by, at)

    def erased(self, connection: Connection, case: Case, now: datetime) -> None:
        """Destroys a case and brings its alerts up to date."""
        self.refresh(connection, case.row, now)
        self.cases.erase(connection, case)

    def refresh(self, connection: Connection, case_row: int, now: datetime) -> None:
        """Queues one row per alert, to be rendered from the truth of the moment of sending."""
        for member_id in self.cases.alerts(connection, case_row):
            self._put(connection, "alert", case_row, member_id, now)

    def tell_seeker(self, connection: Connection, case: Case, now: datetime) -> None:
        """Queues the person's card."""
        self.outbox.put(connection, Lane.reply, "news", now, case_row=case.row, key=f"news:{case.row}")

    def repair_card(self, connection: Connection, case: Case, now: datetime) -> None:
        """Queues the person's card for a little later, in case that a direct reply is lost."""
        key = f"repair:{case.row}"
        self.outbox.put(connection, Lane.reply, "news", now + REPAIR_AFTER, case_row=case.row, key=key)

    def wipe_all(self, connection: Connection, chat_id: int, also: Sequence[int], now: datetime, but: int = 0) -> int:
        """Queues the removal of everything that the chat shows, `but` one; how many Telegram no longer lets go."""
        sent = shown.take_all(connection, self.outbox.ring.look_up("telegram", chat_id))
        messages = sorted({*also, *(message for message, _ in sent)} - {but}, reverse=True)
        for at in range(0, len(messages), MOST_REMOVED):
            self.wipe(connection, chat_id, messages[at : at + MOST_REMOVED], now)
        return sum(1 for _, at in sent if now - at > DELETABLE)

    def wipe(self, connection: Connection, chat_id: int, message_ids: Sequence[int], now: datetime) -> None:
        """Queues the removal of messages from a chat, at `now` or later."""
        if message_ids:
            shown.gone(connection, self.outbox.ring.look_up("telegram", chat_id), message_ids)
            # The same messages are one row; a row keeps its list, so another list is another row.
            which = f"{message_ids[0]}-{message_ids[-1]}-{len(message_ids)}"
            key = f"wipe:{self.outbox.ring.look_up('wipe', chat_id).hex()[:16]}:{which}"
            args = {"messages": list(message_ids)}
            self.outbox.put(connection, Lane.wipe, "wipe", now, chat_id=chat_id, args=args, key=key)

    def climb(self, connection: Connection, handoff: Handoff, now: datetime) -> None:
        """Lets the ladder decide and queues what it decides."""
        case = self.cases.get(connection, handoff.case_row)
        if case.status != "waiting":
            return
        standing = Standing(
            level=handoff.facts.level, began_at=handoff.began_at, rung=handoff.rung, rang_at=handoff.rang_at
        )
        decision = decide(standing, self._roster(connection, case.row), self.policy, now)
        for member_id in decision.lawyers:
            self.cases.set_alert(connection, case.row, member_id, state="rung", at=now)
            self._put(connection, "ring", case.row, member_id, now)
        for member_id in decision.coordinators:
            self._put(connection, "nobody" if decision.nobody else "unclaimed", case.row, member_id, now)
        rang_at = now if decision.rings else handoff.rang_at or now
        due = [at for at in (decision.next_due_at, *(one[0] for one in handoff.facts.risings)) if at is not None]
        self.cases.climbed(
            connection, case.row, rung=decision.rung, rang_at=rang_at, next_due_at=min(due, default=None)
        )

    def _rise(self, connection: Connection, case: Case, handoff: Handoff, now: datetime) -> Handoff:
        """A clock has reached its threshold while the case waits: the level rises, and it rings again."""
        due = [one for one in handoff.facts.risings if one[0] <= now]
        if not due:
            return handoff
        _, level, rule = due[-1]
        ahead = tuple(one for one in handoff.facts.risings if one[0] > now)
        facts = msgspec.structs.replace(
            handoff.facts, level=level, reasons=((rule, ()), *handoff.facts.reasons), risings=ahead
        )
        self.cases.update_facts(connection, case, facts, ring_now=now)
        self.refresh(connection, case.row, now)
        return self.cases.handoff(connection, case.row)

    def tick(self, connection: Connection, now: datetime) -> None:
        """What time alone brings: ladders and leases that are due. Overdue means now."""
        for handoff in self.cases.due(connection, now):
            case = self.cases.get(connection, handoff.case_row)
            if case.status == "claimed":
                self._watch_lease(connection, case, handoff, now)
            else:
                self.climb(connection, self._rise(connection, case, handoff, now), now)

    def _roster(self, connection: Connection, case_row: int) -> list[Candidate]:
        able = self.cases.can_open(connection, case_row)
        alerts = self.cases.alerts(connection, case_row)
        return [
            Candidate(
                id=one.id,
                role=one.role,
                on_call=one.on_call,
                can_open=one.id in able,
                passed=alerts.get(one.id, (None, ""))[1] == "passed",
            )
            for one in self.members.all(connection)
            if one.active
        ]

    def _put(self, connection: Connection, kind: str, case_row: int, member_id: int, now: datetime) -> None:
        lane = Lane.urgent if kind in {"ring", "nobody"} else Lane.lawyer
        # A ring and a refresh of the same alert are one row: whichever comes first brings the whole truth.
        self.outbox.put(
            connection,
            lane,
            kind,
            now,
            case_row=case_row,
            member_id=member_id,
            key=f"{kind}:{case_row}:{member_id}",
        )


def _rank(level: str) -> int:
    return {"critical": 2, "high": 1}.get(level, 0)
