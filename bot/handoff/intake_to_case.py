"""What of an open intake goes into its sealed case, and when the lawyers are called.

The case is opened at the first thing to seal. A handoff seals a snapshot; what is answered later is added to it.
Every method runs inside a change and returns the intake as it then is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from msgspec import structs

from bot.handoff.calls import Calls
from bot.handoff.messages import Messages
from bot.questionnaires import Questionnaires
from flows.clocks import deadlines
from flows.engine import Answered, asks_for_help, stopped
from flows.facts import Facts, chosen, facts_of, lost_facts, together
from flows.model import Answers, Flow, Level, Reason, Written, value_of
from storage import in_sight
from storage.accounts import MOST_A_DAY, MOST_LIVE
from storage.case import Case, Handed, Live, Open, Waiting
from storage.cases import Cases
from storage.errors import Unreadable
from storage.intakes import SILENCE, Intakes, OpenIntake
from storage.outbox import LineKind
from storage.record import Entry, EntryKind
from storage.tx import Reading, Tx

URGENT_AFTER = timedelta(seconds=60)  # without an answer to the question about danger, a lawyer is called
ANSWERING = timedelta(seconds=30)  # the claimer is told once, when the person pauses, not at every answer


@dataclass(frozen=True, slots=True)
class IntakeToCase:
    """From an intake to its case."""

    questionnaires: Questionnaires
    intakes: Intakes
    cases: Cases
    calls: Calls
    messages: Messages

    def answered(self, tx: Tx, intake: OpenIntake, flow: Flow, answered: Answered) -> OpenIntake:
        """Seals a free text at once; an option only when lawyers have a snapshot to which it adds."""
        intake = structs.replace(intake, call_due_at=_call_due(flow, intake, tx.now))
        in_files = isinstance(answered.answer, Written) and answered.text is None  # sealed once they have come
        if in_files or (answered.text is None and not intake.handed):
            return intake
        intake, case = self.case_for(tx, intake)
        said = answered.text
        value = said if said is not None else value_of(flow.question(answered.question), answered.answer)
        form = flow.form_of(answered.question, intake.state)
        self._seal(tx, case, intake, kind=EntryKind.answer, question=answered.question, value=value, form=form)
        self.messages.added(tx, case, tx.now + ANSWERING, words=said is not None)
        return intake

    def goes_on(self, tx: Tx, intake: OpenIntake, text: str) -> OpenIntake:
        """Telegram cut a long text: this part belongs to the answer before it."""
        assert intake.long_text is not None
        question, parts, _ = intake.long_text
        intake, case = self.case_for(tx, intake)
        self._seal(tx, case, intake, kind=EntryKind.answer, question=question, value=text, part=parts + 1)
        return intake

    def dropped(self, tx: Tx, before: OpenIntake, intake: OpenIntake) -> None:
        """Another answer made questions pointless: what was sealed of them counts no more.

        A text of one that is asked again counts once more; until then a lawyer reads it as said earlier.
        """
        gone = [question for question in before.state.answers if question not in intake.state.answers]
        back = [question for question in before.state.aside if question in intake.state.answers]
        if intake.case_row is None or not (gone or back):
            return
        case = self.cases.get(tx, intake.case_row)
        for kind, questions in ((EntryKind.withdrawn, gone), (EntryKind.restored, back)):
            for question in questions:
                self._seal(tx, case, intake, kind=kind, value={"question": question})

    def judge(self, tx: Tx, intake: OpenIntake, flow: Flow) -> OpenIntake:
        """Calls a lawyer the moment an answer is critical; later answers bring the alerts up to date."""
        if intake.withdrawn:
            return intake
        case = self.case_of(tx, intake) if intake.handed else None
        if not isinstance(case, Handed):
            return self.call(tx, intake, flow)[0] if intake.state.level is Level.critical else intake
        if intake.about_change or intake.joined:
            if not intake.state.answers:
                return intake
            facts = self._together(tx, intake, flow, case)
        else:
            facts = self._facts(tx, intake, flow, case)
        before = case.handoff.facts
        if before.reasons != facts.reasons:
            value = {"level": facts.level, "reasons": _reasons(facts)}
            self._seal(tx, case, intake, kind=EntryKind.level, value=value)
        self.calls.bring_up_to_date(tx, case, facts, self._graver(tx, intake, facts, before))
        return intake

    def call(self, tx: Tx, intake: OpenIntake, flow: Flow) -> tuple[OpenIntake, Handed]:
        """Seals a snapshot and puts the case before the lawyers, in the middle of the questionnaire."""
        intake, case = self.case_for(tx, intake)
        facts = self._snapshot(tx, intake, flow, case)
        intake = structs.replace(intake, handed=True, withdrawn=False, call_due_at=None)
        if isinstance(case, Open):
            return intake, self.calls.call(tx, case, facts)
        # The lawyers have this account's case: it rings only if it is graver.
        before, facts = case.handoff.facts, together(flow, case.handoff.facts, facts, intake.state.answers)
        case = self.calls.bring_up_to_date(tx, case, facts, self._graver(tx, intake, facts, before))
        self.messages.added(tx, case, tx.now + ANSWERING)
        return intake, case

    def _graver(self, tx: Tx, intake: OpenIntake, facts: Facts, before: Facts) -> Sequence[Reason]:
        """What is new and grave, by the whole questionnaire: rules read more than the few questions of a change."""
        return facts.graver_than(self.questionnaires.of(tx, intake.state.flow), before)

    def keep(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """Hidden before anything was sealed: what was answered is sealed, so that there is a code that leads back."""
        if intake.case_row is not None or not (intake.state.answers or asked_for_a_lawyer(intake)):
            return intake
        intake, case = self.case_for(tx, intake)
        self._snapshot(tx, intake, self.questionnaires.of(tx, intake.state.flow), case)
        return intake

    def _snapshot(self, tx: Tx, intake: OpenIntake, flow: Flow, case: Live) -> Facts:
        """Seals everything that was answered; what alerts may say of it."""
        known = case.handoff.facts if isinstance(case, Handed) else None
        facts, given = self._facts(tx, intake, flow, case, known), intake.state.answers
        value = {
            "answers": {question: value_of(flow.question(question), answer) for question, answer in given.items()},
            "level": facts.level,
            "reasons": _reasons(facts),
            "clocks": _clocks(flow, given),
            "form": flow.form(given),
            "openly": [flow.danger] if intake.state.openly else [],
        }
        self._seal(tx, case, intake, kind=EntryKind.snapshot, value=value)
        return facts

    def _facts(self, tx: Tx, intake: OpenIntake, flow: Flow, case: Live, known: Facts | None = None) -> Facts:
        raised = case.level.rank > intake.state.level.rank  # it fell silent, and counts as not knowing until it is told
        return facts_of(
            flow,
            stopped(flow, intake.state, self.calls.place.today(tx.now)) if raised else intake.state,
            tx.now,
            place=self.calls.place,
            asked_urgent=intake.asked_urgent,
            at_least=case.level,
            known=known,
        )

    def _together(self, tx: Tx, intake: OpenIntake, flow: Flow, case: Handed) -> Facts:
        """What alerts may say of a case to which questions are added."""
        known = case.handoff.facts
        return together(flow, known, self._facts(tx, intake, flow, case, known), intake.state.answers)

    def withdraw(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """The call is withdrawn, or does not come: the alerts are taken back, the person goes on."""
        case = self.case_of(tx, intake) if intake.handed else None
        if intake.handed and (not isinstance(case, Waiting) or intake.joined):
            return intake
        if isinstance(case, Waiting):
            self.calls.withdraw(tx, case)
        intake = structs.replace(intake, withdrawn=True, call_due_at=None)
        self.intakes.put(tx, intake)
        return intake

    def call_again(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """A lawyer is wanted after all, or a minute has passed since "urgent" without an answer."""
        flow = self.questionnaires.asked(tx, intake)
        intake, case = self.call(tx, structs.replace(intake, asked_urgent=True), flow)
        # Without an answer it is the minute after "urgent" that has passed, and not the person who pressed.
        self.intakes.put(tx, intake, touched=bool(intake.state.answers))
        self.calls.queue.person.news(tx, case)
        return intake

    def call_after_silence(self, tx: Tx, row: int) -> None:
        """A minute after "urgent" without an answer, or a quarter of an hour after the last one.

        What was answered goes to the lawyers as it stands; what was not asked counts as "I don't know".
        """
        try:
            intake = self.intakes.take(tx, "call", row)
            flow = None if intake is None else self.questionnaires.of(tx, intake.state.flow)
        except Unreadable:
            self.lost(tx, row=row)
            return
        if intake is None or flow is None:
            return
        if not intake.state.answers or asks_for_help(flow, intake.state):
            self.call_again(tx, intake)
            return
        if not intake.handed:
            intake, case = self.call(tx, self.as_it_stands(tx, intake, flow), flow)
            self.calls.queue.person.news(tx, case)
        self.intakes.put(tx, structs.replace(intake, call_due_at=None), touched=False)

    def as_it_stands(self, tx: Tx, intake: OpenIntake, flow: Flow) -> OpenIntake:
        """The intake as it counts when nothing more is answered."""
        return structs.replace(intake, state=stopped(flow, intake.state, self.calls.place.today(tx.now)))

    def lost(self, tx: Tx, *, look_up: bytes | None = None, row: int | None = None) -> bool:
        """An intake cannot be read: lawyers are called with what there is. True when it was hidden.

        Where a danger was named, or a lawyer asked for, that is a critical case even if nothing of it can be read;
        where something was sealed and nobody has judged it, it is a high one. The rest is gone.
        """
        found = self.intakes.lost(tx, look_up=look_up, row_id=row)
        if found is None:
            return False
        case = self.cases.get(tx, found.case_row) if found.case_row is not None else None
        if case is None and found.call_due and found.chat_id is not None:
            case = self.cases.chain.open(
                tx,
                chat_id=found.chat_id,
                look_up=found.look_up,
                language=self.calls.place.last_resort,
                revision=found.revision,
            )
        hidden = found.card_message is None  # out of sight, and so is what becomes of it
        if case is None:
            self.wipe_card(tx, found.chat_id, found.card_message)
            return hidden
        if found.card_message is not None:
            in_sight.set_card(tx, case.row, found.card_message)
        if isinstance(case, Open):
            case = self.calls.call(tx, case, lost_facts(Level.critical if found.call_due else Level.high))
        if hidden:
            in_sight.hide(tx, case.row, hidden=True)
        else:
            self.calls.queue.person.news(tx, case)
        return hidden

    def wipe_card(self, tx: Tx, chat_id: int | None, card: int | None) -> None:
        """All that the chat of a person shows goes."""
        if chat_id is not None:
            self.calls.queue.wipes.everything(tx, chat_id, [card] if card is not None else [])

    def finish(self, tx: Tx, intake: OpenIntake, flow: Flow) -> Handed:
        """Sent: of the intake nothing is left, everything is in the sealed case."""
        intake, before = self.as_it_stands(tx, intake, flow), intake.state
        if intake.state != before:
            intake = self.judge(tx, intake, flow)
        cried = asks_for_help(flow, before) and not intake.withdrawn  # and has sent it in place of an answer
        intake = structs.replace(intake, asked_urgent=intake.asked_urgent or cried)
        case = self.case_of(tx, intake) if intake.handed and not (intake.withdrawn or cried) else None
        if not isinstance(case, Handed):
            intake, case = self.call(tx, intake, flow)
        self._seal(tx, case, intake, kind=EntryKind.submitted)
        self.messages.added(tx, case, tx.now)
        self.intakes.remove(tx, intake.look_up, sent=True)
        if intake.joined and case.hidden:
            return case
        if intake.card_message is not None:
            in_sight.set_card(tx, case.row, intake.card_message)
            case = replace(case, card_message=intake.card_message)
        self.calls.queue.person.repair_card(tx, case)  # after this there is no intake to draw again at a start
        return case

    def case_of(self, tx: Reading, intake: OpenIntake) -> Case | None:
        """The case of an intake, if it has one."""
        return None if intake.case_row is None else self.cases.get(tx, intake.case_row)

    def case_for(self, tx: Tx, intake: OpenIntake) -> tuple[OpenIntake, Live]:
        """The case of an intake, opened if it has none; an account that has enough of them joins its newest live one.

        Coordinators hear of that. Nobody is refused: whoever has none alive gets a new one, however many they had.
        """
        known = self.case_of(tx, intake)
        if isinstance(known, Live):
            return intake, known
        live = [case for case in self.cases.all_of_chat(tx, intake.look_up) if isinstance(case, Live)]
        often = len(live) >= MOST_LIVE or self.calls.accounts.of(tx, intake.look_up).cases >= MOST_A_DAY
        joins = often and bool(live)
        case = live[0] if joins else self._open(tx, intake)
        if often and self.calls.accounts.must_tell(tx, intake.look_up):
            self.calls.queue.to_coordinators(tx, LineKind.often, case_row=case.row)
        return structs.replace(intake, case_row=case.row, joined=joins), case

    def _open(self, tx: Tx, intake: OpenIntake) -> Open:
        self.calls.accounts.opened(tx, intake.look_up)
        asks = self.questionnaires.of_case(tx, intake.state.flow).region
        return self.cases.chain.open(
            tx,
            chat_id=intake.chat_id,
            look_up=intake.look_up,
            language=intake.state.language,
            revision=intake.state.flow,
            region=chosen(intake.state.answers, asks),
        )

    def _seal(
        self,
        tx: Tx,
        case: Case,
        intake: OpenIntake,
        *,
        kind: EntryKind,
        value: object = None,
        question: str | None = None,
        part: int | None = None,
        form: str | None = None,
    ) -> None:
        entry = Entry(
            kind=kind,
            at=self.calls.place.today(tx.now).isoformat(),
            value=value,
            flow=intake.state.flow,
            question=question,
            lang=intake.state.language,
            part=part,
            form=form,
        )
        self.cases.chain.append(tx, case, entry)


def _call_due(flow: Flow, intake: OpenIntake, now: datetime) -> datetime | None:
    """When lawyers are called if nothing more is answered; those of a case that is sent already, for a cry alone."""
    if intake.handed:
        return intake.call_due_at
    return None if intake.withdrawn else now + (URGENT_AFTER if asks_for_help(flow, intake.state) else SILENCE)


def asked_for_a_lawyer(intake: OpenIntake) -> bool:
    """Pressed "urgent", and has answered nothing yet."""
    return intake.call_due_at is not None and not intake.state.answers


def _clocks(flow: Flow, answers: Answers) -> list[dict[str, object]]:
    """The deadlines as they are sealed; the reader computes them anew from the latest answers."""
    return [
        {
            "clock": one.clock,
            "from": one.begins.isoformat() if one.begins else None,
            "to": one.ends.isoformat() if one.ends else None,
            **({"at": f"{one.moment:%Y-%m-%dT%H:%M}"} if one.moment else {}),
        }
        for one in deadlines(flow, answers)
    ]


def _reasons(facts: Facts) -> list[dict[str, object]]:
    return [{"rule": one.rule, "because": [list(pair) for pair in one.because]} for one in facts.reasons]
