"""What of an open intake goes into its sealed case, and when the lawyers are called.

The case is opened at the first thing to seal. A handoff seals a snapshot; what is answered later is added to it.
Every method runs inside a change and gives back the intake as it then is.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from bot.gate import Event, Hands, hands_of, let_out
from bot.handoff.calls import Calls
from bot.handoff.messages import Messages
from bot.hours import HERE
from bot.questionnaires import Questionnaires
from flows.clocks import deadlines, reminders, soonest
from flows.conditions import holds
from flows.engine import Answered
from flows.model import Answers, Chosen, Flow, Level, OptionId, QuestionId, tells_nothing, value_of
from flows.triage import risings
from storage.accounts import MOST_A_DAY, MOST_LIVE
from storage.cases import Case, Cases
from storage.errors import Unreadable
from storage.handoffs import Facts, lost_facts
from storage.intakes import SILENCE, Intakes, OpenIntake
from storage.members import Member
from storage.record import Entry, EntryKind
from storage.tx import Reading, Tx

_LIVE = {"open", "waiting", "claimed"}
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
        silence = None if intake.handed or intake.withdrawn else tx.now + SILENCE
        intake = replace(intake, call_due_at=silence)
        if answered.text is None and not intake.handed:
            return intake
        intake, case = self._case_of(tx, intake)
        said = answered.text
        value = said if said is not None else value_of(flow.question(answered.question), answered.answer)
        self._seal(tx, case, intake, kind=EntryKind.answer, question=answered.question, value=value)
        self.messages.added(tx, case, tx.now + ANSWERING)
        return intake

    def goes_on(self, tx: Tx, intake: OpenIntake, text: str) -> OpenIntake:
        """Telegram cut a long text: this part belongs to the answer before it."""
        assert intake.long_text is not None
        question, parts, _ = intake.long_text
        intake, case = self._case_of(tx, intake)
        self._seal(tx, case, intake, kind=EntryKind.answer, question=question, value=text, part=parts + 1)
        return intake

    def dropped(self, tx: Tx, before: OpenIntake, intake: OpenIntake) -> None:
        """Another answer made questions pointless: what was sealed of them counts no more."""
        gone = [question for question in before.state.answers if question not in intake.state.answers]
        if intake.case_row is None or not gone:
            return
        case = self.cases.get(tx, intake.case_row)
        for question in gone:
            self._seal(tx, case, intake, kind=EntryKind.withdrawn, value={"question": question})

    def judge(self, tx: Tx, intake: OpenIntake, flow: Flow) -> OpenIntake:
        """Calls a lawyer the moment an answer is critical; later answers bring the alerts up to date."""
        if intake.withdrawn:
            return intake
        if not intake.handed:
            return self.call(tx, intake, flow) if intake.state.level is Level.critical else intake
        case = self._known_case(tx, intake)
        before = self.cases.handoffs.get(tx, case.row).facts
        facts = _facts(
            flow, intake, tx.now, at_least=case.level, known=before if intake.about_change or intake.joined else None
        )
        if intake.about_change or intake.joined:
            if not intake.state.answers:
                return intake
            facts = _together(flow, before, facts, intake.state.answers)
        if before.reasons != facts.reasons:
            value = {"level": facts.level, "reasons": _reasons(facts)}
            self._seal(tx, case, intake, kind=EntryKind.level, value=value)
        self.calls.bring_up_to_date(tx, case, facts)
        return intake

    def call(self, tx: Tx, intake: OpenIntake, flow: Flow) -> OpenIntake:
        """Seals a snapshot and puts the case before the lawyers, in the middle of the questionnaire."""
        intake, case, facts = self._snapshot(tx, intake, flow)
        if (
            intake.joined and case.status != "open"
        ):  # the lawyers have this account's case: it rings only if it is graver
            before = self.cases.handoffs.get(tx, case.row).facts
            self.calls.bring_up_to_date(tx, case, _together(flow, before, facts, intake.state.answers))
            self.messages.added(tx, case, tx.now + ANSWERING)
        else:
            self.calls.call(tx, case, facts)
        return replace(intake, handed=True, withdrawn=False, call_due_at=None)

    def keep(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """Hidden before anything was sealed: what was answered is sealed, so that there is a code that leads back."""
        if intake.case_row is not None or not (intake.state.answers or _asked_for_a_lawyer(intake)):
            return intake
        return self._snapshot(tx, intake, self.questionnaires.of(tx, intake.state.flow))[0]

    def _snapshot(self, tx: Tx, intake: OpenIntake, flow: Flow) -> tuple[OpenIntake, Case, Facts]:
        intake, case = self._case_of(tx, intake)
        joins = intake.joined and case.status != "open"
        before = self.cases.handoffs.get(tx, case.row).facts if joins else None
        facts = _facts(flow, intake, tx.now, at_least=case.level, known=before)
        given = intake.state.answers
        value = {
            "answers": {question: value_of(flow.question(question), answer) for question, answer in given.items()},
            "level": facts.level,
            "reasons": _reasons(facts),
            "clocks": _clocks(flow, given),
            "form": flow.form(given),
        }
        self._seal(tx, case, intake, kind=EntryKind.snapshot, value=value)
        return intake, case, facts

    def withdraw(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """Pressed "not now": the alerts are taken back, the person goes on."""
        case = self._known_case(tx, intake)
        if case.status != "waiting" or intake.joined:
            return intake
        self.calls.withdraw(tx, case)
        intake = replace(intake, withdrawn=True, call_due_at=None)
        self.intakes.put(tx, intake)
        return intake

    def call_again(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """A lawyer is wanted after all, or a minute has passed since "urgent" without an answer."""
        flow = self.questionnaires.of(tx, intake.state.flow)
        intake = self.call(tx, replace(intake, asked_urgent=True), flow)
        # Without an answer it is the minute after "urgent" that has passed, and not the person who pressed.
        self.intakes.put(tx, intake, touched=bool(intake.state.answers))
        self.calls.queue.person.news(tx, self._known_case(tx, intake))
        return intake

    def call_after_silence(self, tx: Tx, row: int) -> None:
        """A minute after "urgent" without an answer, or a quarter of an hour after a danger was named.

        An intake of level `normal` that falls silent is left alone; it is destroyed when it expires.
        """
        try:
            intake = self.intakes.take(tx, "call", row)
            flow = None if intake is None else self.questionnaires.of(tx, intake.state.flow)
        except Unreadable:
            self.lost(tx, row=row)
            return
        if intake is None or flow is None:
            return
        if not intake.state.answers:
            self.call_again(tx, intake)
            return
        intake = replace(intake, call_due_at=None)
        if intake.state.level is not Level.normal and not intake.handed:
            intake = self.call(tx, intake, flow)
            self.calls.queue.person.news(tx, self._known_case(tx, intake))
        self.intakes.put(tx, intake, touched=False)

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
            case = self.cases.open(
                tx, chat_id=found.chat_id, look_up=found.look_up, language="ru", revision=found.revision
            )
        hidden = found.card_message is None  # out of sight, and so is what becomes of it
        if case is None:
            self._wipe(tx, found.chat_id, found.card_message)
            return hidden
        if found.card_message is not None:
            self.cases.set_card(tx, case.row, found.card_message)
        if case.status == "open":
            self.calls.call(tx, case, lost_facts("critical" if found.call_due else "high"))
        if hidden:
            self.cases.hide(tx, case.row, hidden=True)
        else:
            self.calls.queue.person.news(tx, self.cases.get(tx, case.row))
        return hidden

    def _wipe(self, tx: Tx, chat_id: int | None, card: int | None) -> None:
        if chat_id is not None:
            self.calls.queue.wipes.everything(tx, chat_id, [card] if card is not None else [])

    def finish(self, tx: Tx, intake: OpenIntake, flow: Flow) -> Case:
        """Sent: of the intake nothing is left, everything is in the sealed case."""
        if not intake.handed or intake.withdrawn:
            intake = self.call(tx, intake, flow)
        case = self._known_case(tx, intake)
        self._seal(tx, case, intake, kind=EntryKind.submitted)
        self.messages.added(tx, case, tx.now)
        self.intakes.remove(tx, intake.look_up)
        if intake.joined and case.hidden:
            return case
        if intake.card_message is not None:
            self.cases.set_card(tx, case.row, intake.card_message)
        self.calls.queue.person.repair_card(tx, case)  # after this there is no intake to draw again at a start
        return self.cases.get(tx, case.row)

    def add_message(self, tx: Tx, case: Case, text: str) -> None:
        """Written while no question is open: sealed into the case and announced to the lawyer."""
        entry = Entry(
            kind=EntryKind.message,
            at=tx.now.isoformat(timespec="seconds"),
            lang=case.language,
            flow=case.revision,
            value={"from": "seeker", "text": text},
        )
        self.cases.append(tx, case, entry)
        self.messages.to_claimer(tx, case, text)
        self.calls.claims.answered(tx, case)

    def correct(self, tx: Tx, case: Case, text: str) -> None:
        """A text was edited after it was sealed: the newer one is sealed beside it, and announced."""
        at = tx.now.isoformat(timespec="seconds")
        value = {"from": "seeker", "text": text, "corrected": True}
        entry = Entry(kind=EntryKind.message, at=at, lang=case.language, flow=case.revision, value=value)
        self.cases.append(tx, case, entry)
        self.messages.to_claimer(tx, case, text, corrects=True)

    def write_to(self, tx: Tx, case: Case, member: Member, text: str, language: str) -> None:
        """A lawyer's message: sealed into the case, and on its way to the person."""
        value = {"from": "lawyer", "name": member.name, "text": text}
        at = tx.now.isoformat(timespec="seconds")
        entry = Entry(kind=EntryKind.message, at=at, lang=language, flow=case.revision, value=value)
        self.cases.append(tx, case, entry)
        self.messages.to_seeker(tx, case, text)

    def erase(self, tx: Tx, look_up: bytes) -> None:
        """Destroys intake and cases, hidden ones too, and cuts the link."""
        self.intakes.remove(tx, look_up)
        undoing = self.calls.claims.undoing.of_chat(tx, look_up)
        for case in (*self.cases.all_of_chat(tx, look_up), *self.cases.of_rows(tx, undoing)):
            self.calls.erased(tx, case, wish=True)

    def stays_hidden(self, tx: Tx, case: Case) -> None:
        """A case was opened again after its chat had been hidden: so are the questions that were open."""
        intake = self.intakes.find(tx, case.chat_look_up) if case.hidden and case.chat_look_up is not None else None
        if intake is not None and intake.case_row == case.row:
            self.intakes.put(tx, replace(intake, hidden=True), touched=False)

    def leave(self, tx: Tx, intake: OpenIntake) -> None:
        """A hidden intake makes room for a new one: a danger that was named, or a call for a lawyer, goes out first."""
        urgent = intake.state.level is not Level.normal or _asked_for_a_lawyer(intake)
        if urgent and not intake.handed and not intake.withdrawn:
            asked = intake.asked_urgent or not intake.state.answers
            intake = self.call(tx, replace(intake, asked_urgent=asked), self.questionnaires.of(tx, intake.state.flow))
        self.expire(tx, intake)

    def expire_due(self, tx: Tx, row: int) -> None:
        """An intake past its time, also one that cannot be read."""
        try:
            intake = self.intakes.take(tx, "expiry", row)
        except Unreadable:
            self.lost(tx, row=row)
            return
        if intake is not None:
            self.expire(tx, intake)

    def expire(self, tx: Tx, intake: OpenIntake) -> None:
        """An intake ran out of time: what lawyers hold stays with them as it is, the rest is destroyed."""
        self.intakes.remove(tx, intake.look_up)
        case = self._known_case(tx, intake) if intake.case_row is not None else None
        if case is not None and (intake.about_change or case.status in {"waiting", "claimed"}):
            if intake.card_message is not None:
                self.cases.set_card(tx, case.row, intake.card_message)
            event = Event.told if intake.about_change else Event.expiry
            self.calls.queue.person.news(tx, case, event, self.cases.handoffs.get(tx, case.row).facts)
            return
        if case is not None and case.status == "open" and not intake.joined:
            self.calls.erased(tx, case, told=True)
        self._wipe(tx, intake.chat_id, intake.card_message)
        if not intake.hidden:
            hands = hands_of(self.questionnaires.of(tx, intake.state.flow), intake.state.answers)
            self.calls.queue.person.expired(tx, intake.chat_id, intake.state.language, let_out(Event.expiry, hands))

    def _known_case(self, tx: Reading, intake: OpenIntake) -> Case:
        assert intake.case_row is not None
        return self.cases.get(tx, intake.case_row)

    def _case_of(self, tx: Tx, intake: OpenIntake) -> tuple[OpenIntake, Case]:
        """The case of an intake; an account that has enough of them joins its newest live one.

        Coordinators hear of that. Nobody is refused: whoever has none alive gets a new one, however many they had.
        """
        if intake.case_row is not None:
            return intake, self.cases.get(tx, intake.case_row)
        live = [case for case in self.cases.all_of_chat(tx, intake.look_up) if case.status in _LIVE]
        often = len(live) >= MOST_LIVE or self.calls.accounts.of(tx, intake.look_up).cases >= MOST_A_DAY
        if often and live:
            intake, case = replace(intake, case_row=live[0].row, joined=True), live[0]
        else:
            intake, case = self._open(tx, intake)
        if often and self.calls.accounts.must_tell(tx, intake.look_up):
            self.calls.queue.to_coordinators(tx, "often", case_row=case.row)
        return intake, case

    def _open(self, tx: Tx, intake: OpenIntake) -> tuple[OpenIntake, Case]:
        self.calls.accounts.opened(tx, intake.look_up)
        case = self.cases.open(
            tx,
            chat_id=intake.chat_id,
            look_up=intake.look_up,
            language=intake.state.language,
            revision=intake.state.flow,
        )
        return replace(intake, case_row=case.row), case

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
    ) -> None:
        entry = Entry(
            kind=kind,
            at=tx.now.astimezone(HERE).date().isoformat(),
            value=value,
            flow=intake.state.flow,
            question=question,
            lang=intake.state.language,
            part=part,
        )
        self.cases.append(tx, case, entry)


def _facts(flow: Flow, intake: OpenIntake, now: datetime, *, at_least: str, known: Facts | None = None) -> Facts:
    """What alerts may say. A level never falls by itself once lawyers were called.

    `known`: what was said of a case that is opened again; how to reach the person still counts.
    """
    level = Level.critical if intake.asked_urgent else intake.state.level
    if Level(at_least).rank > level.rank:
        level = Level(at_least)
    region = intake.state.answers.get(flow.region) if flow.region else None
    contact = intake.state.answers.get(flow.contact) if flow.contact else None
    today, given = now.astimezone(HERE).date(), intake.state.answers
    if known is not None and known.contact and flow.contact:
        given = {QuestionId(flow.contact): Chosen((OptionId(known.contact),)), **given}
    running = deadlines(flow, given)
    named = soonest(flow, running, today)
    return Facts(
        level=level.value,
        reasons=tuple((reason.rule, reason.because) for reason in intake.state.reasons),
        region=region.options[0] if isinstance(region, Chosen) else None,
        language=intake.state.language,
        asked_urgent=intake.asked_urgent,
        contact=contact.options[0] if isinstance(contact, Chosen) else None,
        quiet=holds(flow.quiet, given),
        hands=hands_of(flow, given).value,
        advice=tuple(advice.id for advice in flow.advice if advice.verified_by and holds(advice.when, given)),
        soonest=(named.clock, named.ends) if named else None,
        risings=tuple(
            (_morning(rising.on), rising.level.value, rising.rule)
            for rising in risings(flow, given, today)
            if rising.level.rank > level.rank
        ),
        backed=holds(flow.backed, given),
        unanswered=not intake.state.answers,
        reminders=tuple((_morning(day), each.clock, each.ends) for day, each in reminders(flow, running, today)),
    )


def _hands(before: Facts, facts: Facts, *, told: bool) -> str:
    """In whose hands the phone may be: as it was, unless where the person is was `told` anew."""
    if told or facts.hands == Hands.held:
        return facts.hands
    return before.hands or (Hands.held.value if before.quiet else facts.hands)


def _asked_for_a_lawyer(intake: OpenIntake) -> bool:
    """Pressed "urgent", and has answered nothing yet."""
    return intake.call_due_at is not None and not intake.state.answers


def _together(flow: Flow, before: Facts, facts: Facts, given: Answers) -> Facts:
    """What alerts may say of a case that was opened again: what has changed first, and what was known besides.

    A reason that names no danger counts only while there is none. Where the person is was told anew, or the phone
    stays as quiet as it was.
    """
    calm = {rule.id for rule in flow.rules if rule.level is Level.normal}
    rules = {rule for rule, _ in facts.reasons}
    reasons = [*facts.reasons, *(one for one in before.reasons if one[0] not in rules)]
    where = given.get(flow.danger)
    quiet = facts.quiet or (before.quiet and (where is None or tells_nothing(where)))
    both = [one for one in (before.soonest, facts.soonest) if one is not None]
    return msgspec.structs.replace(
        facts,
        reasons=tuple(one for one in reasons if facts.level == Level.normal.value or one[0] not in calm),
        quiet=quiet,
        hands=_hands(before, facts, told=where is not None and not tells_nothing(where)),
        region=facts.region or before.region,
        contact=facts.contact or before.contact,
        asked_urgent=facts.asked_urgent or before.asked_urgent,
        soonest=min(both, key=lambda one: one[1], default=None),
        risings=tuple(
            one for one in sorted({*before.risings, *facts.risings}) if Level(one[1]).rank > Level(facts.level).rank
        ),
        advice=tuple(dict.fromkeys((*facts.advice, *before.advice))),
        backed=facts.backed or before.backed,
        unanswered=facts.unanswered and before.unanswered,
        reminders=tuple(sorted({*before.reminders, *facts.reminders})),
    )


def _morning(day: date) -> datetime:
    """A clock reaches its threshold days before it ends: it wakes nobody at midnight."""
    return datetime.combine(day, time(8), HERE).astimezone(UTC)


def _clocks(flow: Flow, answers: Answers) -> list[dict[str, object]]:
    """The deadlines as they are sealed; the reader computes them anew from the latest answers."""
    return [
        {"clock": one.clock, "from": one.begins.isoformat() if one.begins else None, "to": one.ends.isoformat()}
        for one in deadlines(flow, answers)
    ]


def _reasons(facts: Facts) -> list[dict[str, object]]:
    return [{"rule": rule, "because": [list(pair) for pair in because]} for rule, because in facts.reasons]
