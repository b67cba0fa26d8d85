"""Members who stop taking part: their claims go to others, their wraps go when they leave for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.handoff.desk import Desk
from bot.handoff.duty import Duty
from storage.cases import Case
from storage.errors import Refused
from storage.lists import keep_list, list_of
from storage.members import Member
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Staff:
    """Every method runs inside a change."""

    desk: Desk
    duty: Duty

    def joined(self, tx: Tx, member: Member) -> None:
        """Coordinators see each new member with the key's fingerprint: a stranger among them must be noticed."""
        self.desk.dispatch.to_coordinators(tx, "joined", about=member.id)
        self._ask_about_rota(tx, member)

    def suspend(self, tx: Tx, member: Member) -> None:
        """From now on no alerts, no cases, no messages; what they hold waits for others."""
        self.desk.dispatch.members.suspend(tx, member.id, suspended=True)
        self._give_up(tx, member)
        self.desk.dispatch.to_coordinators(tx, "suspended", about=member.id)

    def resume(self, tx: Tx, member: Member) -> None:
        """Takes part again."""
        self.desk.dispatch.members.suspend(tx, member.id, suspended=False)
        self.desk.dispatch.to_coordinators(tx, "resumed", about=member.id)
        self._ask_about_rota(tx, member)

    def disable(self, tx: Tx, member: Member, *, force: bool) -> Sequence[Case]:
        """Is a member no more and can open nothing that is here; the cases that nobody else can open.

        Raises Refused for the last lawyer who can open a case, unless forced.
        """
        alone = self.desk.cases.of_rows(tx, self.desk.cases.wraps.only_open_by(tx, member.id))
        if alone and not force:
            codes = ", ".join(case.code for case in alone[:20])
            raise Refused(f"{member.name} is the last lawyer who can open {codes}; --force does it all the same")
        self.desk.dispatch.members.disable(tx, member.id)
        self._give_up(tx, member)
        self.desk.cases.wraps.drop_all_of(tx, member.id)
        self.desk.dispatch.to_coordinators(tx, "left", about=member.id)
        for case in alone:
            for one in self.desk.dispatch.members.coordinators(tx):
                self.desk.dispatch.to_member(tx, "unclaimed", one.id, case_row=case.row)
        return alone

    def _ask_about_rota(self, tx: Tx, member: Member) -> None:
        """A rota may wait for a yes since before this coordinator came, with nobody else to give it."""
        waiting = self.duty.waiting(tx) if member.role == "coordinator" else None
        if waiting is not None:
            sha256, why = waiting
            self.desk.dispatch.ask_about_rota(tx, member.id, sha256, why)

    def _give_up(self, tx: Tx, member: Member) -> None:
        """What this member holds waits again; their chat keeps nothing of any case: a stranger may have the phone."""
        for case in self.desk.cases.held_by(tx, member.id):
            self.desk.cases.alerted.keep(tx, case.row, member.id, state="passed")
            self.desk.claims.reopen(tx, case)
            self.desk.went_on(tx, self.desk.cases.get(tx, case.row))
        for case in self.desk.cases.waiting(tx):
            if member.id in self.desk.cases.alerted.of(tx, case.row):
                self.desk.climb(tx, self.desk.cases.handoffs.get(tx, case.row))
        shown = [*self.desk.cases.alerted.take_messages_of(tx, member.id)]
        list_message, _ = list_of(tx, member.id)
        if list_message is not None:
            keep_list(tx, member.id, message_id=None)
            shown.append(list_message)
        card = self.duty.duties.card(tx, member.id)
        self.duty.duties.keep_card(tx, member.id, None)
        self.desk.dispatch.wipe(tx, member.telegram_id, shown if card is None else [*shown, card])
