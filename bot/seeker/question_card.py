"""The card of the open questions: the one message in which a person answers, changed in place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.seeker.cards import cut
from bot.speech import presses
from bot.speech.outgoing import Button, Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import seeker as texts
from bot.speech.words import day
from flows.engine import answered_in_order, shown
from flows.model import Answer, Chosen, Dated, Flow, Kind, Question, Skipped, Written
from storage.case import Case, Claimed, Waiting
from storage.intakes import OpenIntake

SHORT_LABEL = 14
LONGEST_SUMMARY = 3400  # of the 4096 characters of a message; the lawyer's words and the state stand with it
Rows = list[tuple[Button, ...]]
_DATES = (
    (texts.TODAY, presses.Date.today),
    (texts.YESTERDAY, presses.Date.yesterday),
    (texts.DO_NOT_KNOW, presses.Date.unknown),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCards:
    """Draws the open question, or the summary."""

    speech: Speech

    def of_intake(
        self,
        flow: Flow,
        intake: OpenIntake,
        case: Case | None,
        notice: str | None = None,
        *,
        example: str,
        nobody: str | None = None,
    ) -> Card:
        """The current question, or the summary. `example` is a date as people may write one.

        `nobody`: what is true when no lawyer is being called although the case waits.
        """
        reader = self.speech.to(intake.chat_id, intake.state.language)
        state, ways = _call_state(reader, intake, case, nobody)
        below = [f"\n{line}" for line in (notice, state) if line]
        if intake.state.asked is None:
            return _Drawing(flow=flow, intake=intake, reader=reader).summary(below, ways)
        question = flow.question(intake.state.asked)
        return _Drawing(flow=flow, intake=intake, reader=reader).question(question, example, below, ways)


def _call_state(reader: Reader, intake: OpenIntake, case: Case | None, nobody: str | None) -> tuple[str | None, Rows]:
    """Whether a lawyer is being called or has come, in words, and the ways to stop or begin it."""
    if case is not None and intake.joined:
        return _joined(reader, case, nobody), []
    if isinstance(case, Claimed):
        return _taken(reader, case), []
    if isinstance(case, Waiting):
        called = reader.text(texts.CALLING_BARE) if intake.silent else reader.text(texts.CALLING, code=case.code)
        not_now = (reader.button(texts.NOT_NOW, presses.NotNow(intake.tag)),)
        return nobody or called, [] if intake.about_change else [not_now]
    if intake.withdrawn:
        call = (reader.button(texts.CALL_NOW, presses.CallAgain(intake.tag)),)
        return reader.text(texts.CALL_WITHDRAWN), [call]
    return None, []


def _joined(reader: Reader, case: Case, nobody: str | None) -> str:
    """Neither code nor words of a request that is out of sight."""
    if isinstance(case, Claimed):
        return reader.text(texts.JOINED_TAKEN)
    return nobody or reader.text(texts.JOINED_CALLING)


def _taken(reader: Reader, case: Claimed) -> str:
    words, said = case.claim.words(reader.language), reader.text(texts.TAKEN_CARD)
    return f"{said} {reader.text(texts.CALL_WORDS, words=words)}" if words else said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """One card while it is drawn."""

    flow: Flow
    intake: OpenIntake
    reader: Reader = field(repr=False)

    @property
    def visit(self) -> int:
        return self.intake.state.visit

    @property
    def hide(self) -> tuple[Button, ...]:
        return (self.reader.button(texts.HIDE_CHAT, presses.HideChat()),)

    # --- a question ---

    def question(self, question: Question, example: str, below: Sequence[str], calling: Rows) -> Card:
        """`below`: what stands under the question; `calling`: the buttons about a lawyer's call."""
        lines = [self._progress(question), "", self._asked(question)]
        lines += [f"\n{hint}" for hint in self._hints(question, example)]
        rows = [*self._answers(question), *calling, *self._ways(question), self.hide]
        return Card("\n".join([*lines, *below]), tuple(rows))

    def _progress(self, question: Question) -> str:
        asked = [each.id for each in shown(self.flow, self.intake.state.answers)]
        place = asked.index(question.id) + 1 if question.id in asked else 1
        return self.reader.text(texts.PROGRESS, n=place, total=len(asked))

    def _asked(self, question: Question) -> str:
        """The question; a paper that must not be read any more is named by its number among the answers before."""
        text = self._question_text(question)
        for number, label in self._veiled():
            text = text.replace(f": {label}", f": № {number}")
        return text

    def _question_text(self, question: Question) -> str:
        return question.text.of(self.flow.form(self.intake.state.answers))[self.reader.language]

    def _veiled(self) -> list[tuple[int, str]]:
        """Chosen options that must not be read any more: the date of a paper is asked with the paper's name."""
        answers = self.intake.state.answers
        chosen = [(self.flow.question(each), answers[each]) for each in self.intake.veiled if each in answers]
        return [
            (number, option.label[self.reader.language])
            for question, answer in chosen
            for number, option in enumerate(question.options, start=1)
            if isinstance(answer, Chosen) and option.id in answer.options
        ]

    def _hints(self, question: Question, example: str) -> list[str]:
        form, reader = self.flow.form(self.intake.state.answers), self.reader
        hints = [question.hint.of(form)[reader.language]] if question.hint else []
        match question.kind:
            case Kind.multiple:
                hints.append(reader.text(texts.SEVERAL_HINT))
            case Kind.date:
                hints.append(reader.text(texts.DATE_HINT, example=example))
            case Kind.text:
                hints.append(reader.text(texts.WRITE_HERE))
            case _:
                pass
        if self.intake.call_due_at is not None and not self.intake.state.answers:
            hints.append(reader.text(texts.URGENT_HINT))
        return hints

    def _answers(self, question: Question) -> Rows:
        tag, reader = self.intake.tag, self.reader
        buttons = []
        for number, option in enumerate(question.options, start=1):
            mark = "✓" if question.kind is Kind.multiple and option.id in self.intake.state.ticked else "."
            label = f"{number}{mark} {option.label[reader.language]}"
            buttons.append(reader.named(label, presses.Option(tag, self.visit, number)))
        rows = _in_rows(buttons)
        if question.kind is Kind.multiple:
            rows.append((reader.button(texts.DONE, presses.Done(tag, self.visit)),))
        if question.kind is Kind.date:
            rows.append(tuple(reader.button(label, presses.DateOf(tag, self.visit, date)) for label, date in _DATES))
        return rows

    def _ways(self, question: Question | None) -> Rows:
        """Back, where there is a question before or something to leave; skip, where the question may be skipped."""
        ways = []
        if self.intake.state.trail or (self.intake.about_change and question is not None):
            ways.append(self.reader.button(texts.BACK, presses.Back(self.intake.tag, self.visit)))
        if question is not None and question.skippable:
            ways.append(self.reader.button(texts.SKIP, presses.Skip(self.intake.tag, self.visit)))
        return [tuple(ways)] if ways else []

    # --- the summary ---

    def summary(self, below: Sequence[str], calling: Rows) -> Card:
        """Every answer with its number; `below`, `calling`: as for a question."""
        listed = answered_in_order(self.flow, self.intake.state)
        lines = [self.reader.text(texts.SUMMARY), "", *self._summed_up([self.flow.question(each) for each in listed])]
        lines.append(self.reader.text(texts.SUMMARY_HINT))
        tag = self.intake.tag
        numbers = [
            self.reader.named(str(number), presses.Revisit(tag, self.visit, number))
            for number in range(1, len(listed) + 1)
        ]
        send = (self.reader.button(texts.SEND, presses.Send(tag, self.visit)),)
        rows = (*_chunks(numbers, 7), send, *calling, *self._ways(None), self.hide)
        return Card("\n".join([*lines, *below]), rows)

    def _summed_up(self, asked: Sequence[Question]) -> list[str]:
        """Of an answer that must not be read any more not even the question is told: it tells what came before."""
        veiled, answers = self.intake.veiled, self.intake.state.answers
        return _fitting(
            ["" if each.id in veiled else self._question_text(each) for each in asked],
            [
                self.reader.text(texts.ANSWERED_MARK)
                if each.id in veiled
                else answer_text(each, answers[each.id], self.reader)
                for each in asked
            ],
        )


def answer_text(question: Question, answer: Answer, reader: Reader) -> str:
    """An answer in words; a free text only as saved."""
    match answer:
        case Chosen(options):
            labels = [option.label[reader.language] for option in question.options if option.id in options]
            return ", ".join(labels)
        case Dated(earliest, latest):
            first = day(reader.language, earliest)
            return first if earliest == latest else f"{first} – {day(reader.language, latest)}"
        case Written(parts):
            return reader.plural(texts.WRITTEN_MARK, parts)
        case Skipped():
            return reader.text(texts.SKIPPED_MARK)


def _fitting(questions: Sequence[str], answers: Sequence[str]) -> list[str]:
    """Every answer with its question, each as long as the whole still fits one message."""
    for longest_question, longest_answer in ((1000, 1000), (60, 200), (40, 80), (24, 30), (12, 16)):
        lines = [
            f"{number}. {cut(question, longest_question)}{question and chr(10)}{cut(answer, longest_answer)}\n"
            for number, (question, answer) in enumerate(zip(questions, answers, strict=True), start=1)
        ]
        if sum(map(len, lines)) <= LONGEST_SUMMARY:
            return lines
    return lines


def _in_rows(buttons: Sequence[Button]) -> Rows:
    """One per row, unless two short ones stand side by side."""
    rows: Rows = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and all(len(each.text) <= SHORT_LABEL for each in (*rows[-1], button)):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def _chunks(buttons: Sequence[Button], size: int) -> Rows:
    return [tuple(buttons[at : at + size]) for at in range(0, len(buttons), size)]
