"""The end of an open intake: out of time, erased by its person, or making room for another one."""

from dataclasses import dataclass

from msgspec import structs

from bot.gate import Way, let_out
from bot.handoff.calls import Calls
from bot.handoff.intake_to_case import IntakeToCase, asked_for_a_lawyer
from bot.handoff.parting import Parting
from bot.rings import Event
from flows.engine import asks_for_help
from flows.hands import hands_of
from storage import in_sight
from storage.case import Case, Handed, Live, Open
from storage.cases import Cases
from storage.errors import Unreadable
from storage.intakes import Intakes, OpenIntake
from storage.tx import Tx
from storage.undoing import Undoing


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeEnds:
    """Every method runs inside a change."""

    intake_to_case: IntakeToCase
    intakes: Intakes
    cases: Cases
    calls: Calls
    undoing: Undoing
    parting: Parting

    def erase(self, tx: Tx, look_up: bytes, *, lawyer_too: bool) -> None:
        """Destroys intake and cases, hidden ones too, and cuts the link.

        `lawyer_too`: also what a lawyer could still open for a day.
        """
        self.intakes.remove(tx, look_up)
        undoing = self.undoing.of_chat(tx, look_up)
        for case in (*self.cases.all_of_chat(tx, look_up), *self.cases.of_rows(tx, undoing)):
            self.parting.wished(tx, case, lawyer_too=lawyer_too)

    def takes_its_place(self, tx: Tx, case: Case) -> None:
        """A case was opened again: behind what its person has begun since, or hidden with its questions."""
        intake = self.intakes.find(tx, case.chat_look_up) if case.chat_look_up is not None else None
        behind = not case.hidden and self._another_is_shown(tx, case, intake)
        if behind:
            in_sight.put_behind(tx, case.row)
        if (case.hidden or behind) and intake is not None and intake.case_row == case.row:
            self.intakes.put(tx, structs.replace(intake, hidden=True, card_message=None), touched=False)

    def _another_is_shown(self, tx: Tx, case: Case, intake: OpenIntake | None) -> bool:
        """The chat of this case shows another one, or the questions of another one."""
        if intake is not None and intake.case_row != case.row and not intake.hidden:
            return True
        shown = self.cases.of_chat(tx, case.chat_look_up) if case.chat_look_up is not None else None
        return shown is not None and shown.row != case.row

    def leave(self, tx: Tx, intake: OpenIntake) -> None:
        """A hidden intake makes room for a new one: what was answered, or a call for a lawyer, goes out first."""
        told = bool(intake.state.answers) or asked_for_a_lawyer(intake)
        flow = self.intake_to_case.questionnaires.of(tx, intake.state.flow)
        cried = intake.call_due_at is not None and asks_for_help(flow, intake.state)
        if told and not intake.withdrawn and (cried or not intake.handed):
            asked = intake.asked_urgent or cried or not intake.state.answers
            intake = self.intake_to_case.as_it_stands(tx, structs.replace(intake, asked_urgent=asked), flow)
            intake, _ = self.intake_to_case.call(tx, intake, flow)
        self.expire(tx, intake)

    def expire_due(self, tx: Tx, row: int) -> None:
        """An intake past its time, also one that cannot be read."""
        try:
            intake = self.intakes.take(tx, "expiry", row)
        except Unreadable:
            self.intake_to_case.lost(tx, row=row)
            return
        if intake is not None:
            self.expire(tx, intake)

    def expire(self, tx: Tx, intake: OpenIntake) -> None:
        """An intake ran out of time: what lawyers hold stays with them as it is, the rest is destroyed."""
        self.intakes.remove(tx, intake.look_up)
        case = self.intake_to_case.case_of(tx, intake)
        if intake.joined and isinstance(case, Live) and case.hidden:
            self._is_with_earlier(tx, intake)
            return
        if isinstance(case, Handed):
            if intake.card_message is not None:
                in_sight.set_card(tx, case.row, intake.card_message)
            event = Event.told if intake.about_change else Event.expiry
            self.calls.queue.person.news(tx, case, event)
            return
        if isinstance(case, Open) and not intake.joined:
            self.calls.erased(tx, case, told=True)
        self.intake_to_case.wipe_card(tx, intake.chat_id, intake.card_message)
        if not intake.hidden:
            self.calls.queue.person.expired(tx, intake.chat_id, intake.state.language, self._way(tx, intake))

    def _is_with_earlier(self, tx: Tx, intake: OpenIntake) -> None:
        """What was answered is in a request that is out of sight: that is all the chat says of it, if it shows it."""
        if not intake.hidden:
            person, language = self.calls.queue.person, intake.state.language
            person.joined(tx, intake.chat_id, language, intake.card_message, self._way(tx, intake))

    def _way(self, tx: Tx, intake: OpenIntake) -> Way:
        flow = self.intake_to_case.questionnaires.of(tx, intake.state.flow)
        return let_out(Event.expiry, hands_of(flow, intake.state.answers))
