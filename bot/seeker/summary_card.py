"""The summary before the answers are sent: each with its number, folded, so that the way on is in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.seeker.beside import Beside
from bot.seeker.rows import Room, Row, as_they_fit
from bot.speech import presses
from bot.speech.lines import Lines
from bot.speech.outgoing import Button, Card, Look, Style
from bot.speech.reader import Reader
from bot.speech.texts import seeker as texts
from bot.speech.words import cut, day
from flows.engine import answered_in_order
from flows.model import Answer, Chosen, Dated, Flow, Question, Skipped, Written
from storage.intakes import OpenIntake

LONGEST_SUMMARY = 3400  # of the 4096 characters of a message; the lawyer's words and the state stand with it
NUMBERS_IN_A_ROW = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One summary while it is drawn."""

    flow: Flow
    intake: OpenIntake
    reader: Reader = field(repr=False)

    def card(self, lines: Lines, beside: Beside, call: Sequence[Row], room: Room) -> Card:
        """`lines`: what stands above it; `call`: the buttons about a lawyer's call."""
        asked = [self.flow.question(each) for each in answered_in_order(self.flow, self.intake.state)]
        lines.add("\n".join(self._summed_up(asked)).strip(), Look.folded)
        if room is Room.all:
            lines.add(self.reader.text(texts.SUMMARY_HINT), Look.quiet)
        lines.add(self.reader.text(texts.SUMMARY), Look.strong)
        if beside.notice:
            lines.add(beside.notice)
        beside.letters.below(lines, self.reader, room)
        first = beside.letters.rows(self.reader)
        return as_they_fit(
            self._numbers(len(asked)),
            beside.around,
            lambda numbers, on: lines.card([*first, *numbers, *self._last(on, call)]),
            turning(self.reader, self.intake),
            least=1,
        )

    def _last(self, on: Button | None, call: Sequence[Row]) -> list[Row]:
        tag, visit = self.intake.tag, self.intake.state.visit
        send = self.reader.button(texts.SEND, presses.Send(tag, visit), Style.primary)
        back = self.reader.button(texts.BACK, presses.Back(tag, visit))
        hide = self.reader.button(texts.HIDE_CHAT, presses.HideChat())
        more = [(on,)] if on is not None else []
        return [*more, (send,), *call, (back, hide) if self.intake.state.trail else (hide,)]

    def _numbers(self, count: int) -> list[Row]:
        numbers = [self._named(str(number), number) for number in range(1, count + 1)]
        return [tuple(numbers[at : at + NUMBERS_IN_A_ROW]) for at in range(0, count, NUMBERS_IN_A_ROW)]

    def _named(self, label: str, number: int) -> Button:
        return self.reader.named(label, presses.Revisit(self.intake.tag, self.intake.state.visit, number))

    def _summed_up(self, asked: Sequence[Question]) -> list[str]:
        """Of an answer that must not be read any more not even the question is told: it tells what came before."""
        veiled, answers, state = self.intake.veiled, self.intake.state.answers, self.intake.state
        return _fitting(
            [
                "" if each.id in veiled else each.text.of(self.flow.form_of(each.id, state))[self.reader.language]
                for each in asked
            ],
            [
                self.reader.text(texts.ANSWERED_MARK)
                if each.id in veiled
                else answer_text(each, answers[each.id], self.reader)
                for each in asked
            ],
        )


def turning(reader: Reader, intake: OpenIntake) -> Callable[[int, int], Button]:
    """The way to the answers of a long list that are left, from their place on; after the last page to the first."""

    def turn(place: int, left: int) -> Button:
        label = reader.text(texts.MORE_ANSWERS, num=left) if left else reader.text(texts.FIRST_ANSWERS)
        return reader.named(label, presses.ShowFrom(intake.tag, intake.state.visit, place))

    return turn


def answer_text(question: Question, answer: Answer, reader: Reader) -> str:
    """An answer in words; a free text only as saved."""
    match answer:
        case Chosen(options):
            labels = [option.label[reader.language] for option in question.options if option.id in options]
            return ", ".join(labels)
        case Dated(earliest, latest, _, hours):
            first = day(reader.language, earliest)
            if hours:
                return f"{first}, {hours[0]:02}:00–{hours[1]:02}:00"
            return first if earliest == latest else f"{first} – {day(reader.language, latest)}"
        case Written():
            return _in_numbers(answer, reader)
        case Skipped():
            return reader.text(texts.SKIPPED_MARK)


def _in_numbers(given: Written, reader: Reader) -> str:
    """A text only as saved, and so is what was said in files."""
    said = [reader.plural(texts.WRITTEN_MARK, given.parts)] if given.parts or not given.files else []
    said += [reader.plural(texts.FILED_MARK, given.files)] if given.files else []
    return ", ".join(said)


def _fitting(questions: Sequence[str], answers: Sequence[str]) -> list[str]:
    """Every answer with its question, each as long as the whole still fits one message."""
    for longest_question, longest_answer in ((1000, 1000), (60, 200), (40, 80), (24, 30), (12, 16)):
        lines = [
            f"{number}. {cut(question, longest_question)}{question and chr(10)}{cut(answer, longest_answer)}"
            for number, (question, answer) in enumerate(zip(questions, answers, strict=True), start=1)
        ]
        if sum(map(len, lines)) <= LONGEST_SUMMARY:
            return lines
    return lines
