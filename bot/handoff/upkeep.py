"""What time brings to members: test pages once a month, a warning before nobody is on duty, old messages removed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.handoff.dispatch import Dispatch
from bot.handoff.duty import Duty
from bot.handoff.hours import is_night
from storage.invites import Invites
from storage.lists import forget_muted
from storage.writer import Connection

TEST_EVERY = timedelta(days=30)
A_DAY = IN_CHAT_FOR = timedelta(hours=24)
WARNED_BEFORE = timedelta(hours=12)
MUTED_FOR = timedelta(days=90)


@dataclass(slots=True)
class Upkeep:
    """Every method runs inside a change."""

    dispatch: Dispatch
    duty: Duty
    invites: Invites
    _warned: datetime | None = None

    def minute(self, connection: Connection, now: datetime) -> None:
        """Once a minute."""
        self._clean(connection, now)
        self._test(connection, now)
        self.duty.duties.forget_old(connection, now)
        self.invites.forget_old(connection, now)
        forget_muted(connection, now - MUTED_FOR)
        if self._warned is None or now - self._warned >= WARNED_BEFORE:
            self._warn(connection, now)

    def _clean(self, connection: Connection, now: datetime) -> None:
        """What lawyers' chats show of a case goes after a day (docs/threat-model.md)."""
        old = self.dispatch.delivered.take_older(connection, now - IN_CHAT_FOR)
        for member_id, messages in old.items():
            self.dispatch.wipe(connection, self.dispatch.members.get(connection, member_id).telegram_id, messages, now)

    def _test(self, connection: Connection, now: datetime) -> None:
        """Proof of reach: a test page once a month, by day, the first one a month after joining.

        For everybody who is on duty within a day: whose shifts are all at night would otherwise never get one.
        """
        if is_night(now):
            return
        for member in self.duty.within(connection, now, now + A_DAY).values():
            last = member.reach_asked_at or member.joined_at
            if last is None:
                self.dispatch.members.reach_asked_later(connection, member.id, now)
            elif now - last >= TEST_EVERY:
                self.dispatch.members.reach_asked(connection, member.id, now)
                self.dispatch.to_member(connection, "reach", member.id, now)

    def _warn(self, connection: Connection, now: datetime) -> None:
        """Coordinators hear it while there is time to find somebody; instances without a rota have nobody to plan."""
        if not self.duty.plans(connection):
            return
        if self.duty.cover(connection, now, now + WARNED_BEFORE, self.duty.rota(connection, now)).gaps:
            self._warned = now
            self.dispatch.to_coordinators(connection, "gap", now)
