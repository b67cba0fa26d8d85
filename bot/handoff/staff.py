"""Members who stop taking part: their claims go to others, their wraps go when they leave for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.desk import Desk
from bot.handoff.duty import Duty
from storage.cases import Case
from storage.errors import Refused
from storage.lists import keep_list, list_of
from storage.members import Member
from storage.writer import Connection


@dataclass(frozen=True, slots=True)
class Staff:
    """Every method runs inside a change."""

    desk: Desk
    duty: Duty

    def joined(self, connection: Connection, member: Member, now: datetime) -> None:
        """Coordinators see each new member with the key's fingerprint: a stranger among them must be noticed."""
        self.desk.dispatch.to_coordinators(connection, "joined", now, about=member.id)
        self._ask_about_rota(connection, member, now)

    def suspend(self, connection: Connection, member: Member, now: datetime) -> None:
        """From now on no alerts, no cases, no messages; what they hold waits for others."""
        self.desk.dispatch.members.suspend(connection, member.id, suspended=True)
        self._give_up(connection, member, now)
        self.desk.dispatch.to_coordinators(connection, "suspended", now, about=member.id)

    def resume(self, connection: Connection, member: Member, now: datetime) -> None:
        """Takes part again."""
        self.desk.dispatch.members.suspend(connection, member.id, suspended=False)
        self.desk.dispatch.to_coordinators(connection, "resumed", now, about=member.id)
        self._ask_about_rota(connection, member, now)

    def disable(self, connection: Connection, member: Member, now: datetime, *, force: bool) -> Sequence[Case]:
        """Is a member no more and can open nothing that is here; the cases that nobody else can open.

        Raises Refused for the last lawyer who can open a case, unless forced.
        """
        alone = self.desk.cases.of_rows(connection, self.desk.cases.wraps.only_open_by(connection, member.id))
        if alone and not force:
            codes = ", ".join(case.code for case in alone[:20])
            raise Refused(f"{member.name} is the last lawyer who can open {codes}; --force does it all the same")
        self.desk.dispatch.members.disable(connection, member.id)
        self._give_up(connection, member, now)
        self.desk.cases.wraps.drop_all_of(connection, member.id)
        self.desk.dispatch.to_coordinators(connection, "left", now, about=member.id)
        for case in alone:
            for one in self.desk.dispatch.members.coordinators(connection):
                self.desk.dispatch.to_member(connection, "nobody", one.id, now, case_row=case.row)
        return alone

    def _ask_about_rota(self, connection: Connection, member: Member, now: datetime) -> None:
        """A rota may wait for a yes since before this coordinator came, with nobody else to give it."""
        waiting = self.duty.waiting(connection, now) if member.role == "coordinator" else None
        if waiting is not None:
            sha256, why = waiting
            self.desk.dispatch.ask_about_rota(connection, member.id, sha256, why, now)

    def _give_up(self, connection: Connection, member: Member, now: datetime) -> None:
        """What this member holds waits again; their chat keeps nothing of any case: a stranger may have the phone."""
        for case in self.desk.cases.held_by(connection, member.id):
            self.desk.cases.alerted.keep(connection, case.row, member.id, state="passed")
            self.desk.claims.reopen(connection, case, now)
            self.desk.went_on(connection, self.desk.cases.get(connection, case.row), now)
        for case in self.desk.cases.waiting(connection):
            if member.id in self.desk.cases.alerted.of(connection, case.row):
                self.desk.climb(connection, self.desk.cases.handoffs.get(connection, case.row), now)
        shown = [*self.desk.cases.alerted.take_messages_of(connection, member.id)]
        list_message, _ = list_of(connection, member.id)
        if list_message is not None:
            keep_list(connection, member.id, message_id=None)
            shown.append(list_message)
        self.desk.dispatch.wipe(connection, member.telegram_id, shown, now)
