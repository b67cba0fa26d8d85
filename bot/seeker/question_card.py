"""The card of the open questions: the one message in which a person answers, changed in place.

A phone shows the end of a chat. So the state stands first and short, the question is the last line of the text, its
answers come right under it, and as many of them as fit the smallest phone (bot/speech/phone.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.seeker.advice import advised
from bot.seeker.beside import Beside
from bot.seeker.days import day_buttons, example
from bot.seeker.rows import Room, Row, as_they_fit, first_that_fits, in_pages, in_rows
from bot.seeker.summary_card import Summary, answer_text, turning
from bot.speech import phone, presses
from bot.speech.lines import Lines
from bot.speech.outgoing import Button, Card, Look, Style
from bot.speech.reader import Reader, Speech
from bot.speech.texts import seeker as texts
from flows.engine import may_send
from flows.model import GO_ON, Asks, Chosen, Flow, Kind, Level, Option, Question, tells_nothing
from flows.triage import judge
from storage.case import Case, Claimed, Waiting
from storage.intakes import OpenIntake


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCards:
    """Draws the open question, or the summary."""

    speech: Speech

    def of_intake(self, flow: Flow, intake: OpenIntake, case: Case | None, beside: Beside) -> Card:
        """The current question, or the summary."""
        reader = self.speech.to(intake.chat_id, intake.state.language)
        # Not under the question that decides: its answers need the room.
        stops = intake.state.asked is None or (beside.stops and intake.state.asked != flow.danger)
        call = _about_call(reader, intake, case, stops=stops)

        def begun(room: Room) -> Lines:
            lines = Lines()
            beside.letters.above(lines, reader, room, crowded=beside.notice is not None)
            if room is not Room.least:
                _say_state(lines, reader, intake, case, beside.nobody)
            return lines

        if intake.state.asked is None:
            summary = Summary(flow=flow, intake=intake, reader=reader)
            return first_that_fits(summary.card(begun(room), beside, call, room) for room in Room)
        question = flow.question(intake.state.asked)
        drawing = _Drawing(flow=flow, intake=intake, reader=reader, beside=beside, question=question, call=call)
        if beside.titles:
            return drawing.titled(lambda: begun(Room.least))
        return first_that_fits(drawing.cards(begun))


def _say_state(lines: Lines, reader: Reader, intake: OpenIntake, case: Case | None, nobody: str | None) -> None:
    """Whether a lawyer is being called or has come."""
    if case is not None and intake.joined:
        lines.add(_joined(reader, case, nobody), Look.quiet)
    elif isinstance(case, Claimed):
        lines.add(_taken(reader, case), Look.quiet)
    elif isinstance(case, Waiting) and nobody is None and not intake.silent:
        lines.add(reader.text(texts.CALLING, code=case.code), Look.quiet, code=case.code)
    elif isinstance(case, Waiting):
        lines.add(nobody or reader.text(texts.CALLING_BARE), Look.quiet)
    elif intake.withdrawn:
        lines.add(reader.text(texts.CALL_WITHDRAWN), Look.quiet)


def _about_call(reader: Reader, intake: OpenIntake, case: Case | None, *, stops: bool) -> list[Row]:
    """The way to withdraw the call, where it may be shown, or to call again."""
    if isinstance(case, Waiting) and not intake.joined:
        if not stops or intake.about_change:
            return []
        return [(reader.button(texts.WITHDRAW, presses.AskToWithdraw(intake.tag)),)]
    if not intake.withdrawn or isinstance(case, Claimed) or intake.joined:
        return []
    return [(reader.button(texts.CALL_NOW, presses.CallAgain(intake.tag), Style.primary),)]


def _joined(reader: Reader, case: Case, nobody: str | None) -> str:
    """Neither code nor words of a request that is out of sight."""
    if isinstance(case, Claimed):
        return reader.text(texts.JOINED_TAKEN)
    return nobody or reader.text(texts.JOINED_CALLING)


def _taken(reader: Reader, case: Claimed) -> str:
    words, said = case.claim.words, reader.text(texts.TAKEN_CARD)
    return f"{said} {reader.text(texts.CALL_WORDS, words=words)}" if words else said


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    """One question's card while it is drawn. `call`: the buttons about a lawyer's call.

    It is drawn several times until it fits: what is the same each time is made once, buttons above all.
    """

    flow: Flow
    intake: OpenIntake
    reader: Reader = field(repr=False)
    beside: Beside
    question: Question
    call: Sequence[Row]

    def cards(self, begun: Callable[[Room], Lines]) -> Iterator[Card]:
        """One for each room, where it has another text. `begun`: what stands above the question."""
        before = None
        for room in Room:
            lines = begun(room)
            self._say(lines, room)
            if lines != before:
                yield self._card(lines)
            before = lines

    def _card(self, lines: Lines) -> Card:
        """With these lines, and as many answers as fit."""
        if self.call and not self.intake.withdrawn:  # an answer is worth more room than the way to stop the call
            whole = lines.card([*self._first, *self._answers, *self._last(None, self.call)])
            if phone.fits_well(whole):
                return whole
        kept = self.call if self.intake.withdrawn else []
        return as_they_fit(
            self._answers,
            self.beside.around,
            lambda some, on: lines.card([*self._first, *some, *self._last(on, kept)]),
            turning(self.reader, self.intake),
        )

    def _say(self, lines: Lines, room: Room) -> None:
        question = self.question
        self._say_first(lines, room)
        if question.asks is Asks.paper and question.options and room is Room.all:  # before it is sent; said once
            lines.add(self.reader.text(texts.PHOTO_HERE), Look.quiet)
        lines.add(self._asked, Look.strong)
        if self.beside.notice:
            lines.add(self.beside.notice)
        if self.intake.state.offered:
            lines.add(self.reader.text(texts.DID_YOU_MEAN))
        self.beside.letters.below(lines, self.reader, room)

    def titled(self, begun: Callable[[], Lines]) -> Card:
        """The papers among the answers, with what stands on the sheet of each, in pages."""
        papers = [(number, one) for number, one in enumerate(self.question.options, start=1) if one.title]

        def draw(rows: Sequence[Row], begins: int, following: int | None) -> Card:
            here = papers[begins - 1 : begins - 1 + len(rows)]
            lines = begun()
            lines.add("\n".join(f"{number}. {one.title}" for number, one in here), Look.quiet)
            lines.add(self._asked, Look.strong)
            self.beside.letters.below(lines, self.reader, Room.least)
            below = self._below_titles(here[0][0], papers[following - 1][0] if following else None)
            return lines.card([*self.beside.letters.rows(self.reader), *rows, *below])

        around = sum(number <= self.beside.around for number, _ in papers)
        return in_pages([(self._option(number, one),) for number, one in papers], around, draw)

    # --- the text ---

    def _say_first(self, lines: Lines, room: Room) -> None:
        """How far one has come, hints, and at an offer what can be done meanwhile."""
        told = [self._progress] if room is not Room.least else []
        told += self._hints() if room is Room.all else []
        if told:
            lines.add(" · ".join([told[0], " ".join(told[1:])] if told[1:] else told), Look.quiet)
        if self.question.id in self.flow.offers and room is Room.all and (said := self._advice()):
            lines.add(said, Look.folded)

    @cached_property
    def _progress(self) -> str:
        asked = [each.id for each in self.flow.shown(self.intake.state.answers)]
        place = asked.index(self.question.id) + 1 if self.question.id in asked else 1
        return self.reader.text(texts.PROGRESS, n=place, total=len(asked))

    def _advice(self) -> str:
        """The main part is done: what can be done meanwhile."""
        return advised(self.reader.words, self.reader.language, self.flow, self.intake.state.answers)

    @cached_property
    def _asked(self) -> str:
        """The question; a paper that must not be read any more is named by its number among the answers before."""
        question = self.question
        text = question.text.of(self.flow.form_of(question.id, self.intake.state))[self.reader.language]
        for number, label in self._veiled():
            text = text.replace(f": {label}", f": № {number}")
        return text

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

    def _hints(self) -> list[str]:
        question = self.question
        form, reader = self.flow.form_of(question.id, self.intake.state), self.reader
        hints = [question.hint.of(form)[reader.language]] if question.hint else []
        match question.kind:
            case Kind.multiple:
                hints.append(reader.text(texts.SEVERAL_HINT))
            case Kind.date:
                hints.append(reader.text(texts.DATE_HINT, example=example(self.beside.here)))
            case Kind.text:
                hints.append(reader.text(texts.WRITE_HERE))
            case _:
                pass
        if self.intake.call_due_at is not None and (self.intake.state.doubted or not self.intake.state.answers):
            hints.append(reader.text(texts.URGENT_HINT))
        return hints

    # --- the buttons ---

    @cached_property
    def _answers(self) -> list[Row]:
        question = self.question
        if question.kind is Kind.date:
            return in_rows(day_buttons(self.reader, self.intake, question, self.beside.here))
        return in_rows([self._option(number, each) for number, each in enumerate(question.options, start=1)])

    @cached_property
    def _first(self) -> list[Row]:
        """What a lawyer wrote can be opened; what the last text may have meant, right under the question."""
        return [*self.beside.letters.rows(self.reader), *self._offered()]

    def _offered(self) -> list[Row]:
        tag, visit = self.intake.tag, self.intake.state.visit
        return in_rows(
            [
                self.reader.named(
                    answer_text(self.question, answer, self.reader), presses.DidMean(tag, visit, number), Style.primary
                )
                for number, answer in enumerate(self.intake.state.offered, start=1)
            ]
        )

    def _option(self, number: int, option: Option) -> Button:
        ticked = self.question.kind is Kind.multiple and option.id in self.intake.state.ticked
        label = f"{number}{'✓' if ticked else '.'} {option.label[self.reader.language]}"
        press = presses.Option(self.intake.tag, self.intake.state.visit, number)
        return self.reader.named(label, press, Style.danger if self._is_grave(option) else None)

    def _is_grave(self, option: Option) -> bool:
        """Lawyers are called at once for this answer to the question about danger."""
        question = self.question
        if question.id != self.flow.danger or tells_nothing(Chosen((option.id,))):
            return False
        return judge(self.flow, {question.id: Chosen((option.id,))}, date.min).level is Level.critical

    def _sends(self) -> bool:
        """What is there can be sent; a question whether to stop says so itself."""
        stops = self.question.option(GO_ON) is not None
        return not stops and not self.intake.about_change and may_send(self.flow, self.intake.state)

    def _can_send(self) -> bool:
        """The phone can send what is asked for; where it is only tells where its own owner is."""
        own, asks = self.flow.form(self.intake.state.answers) == "self", self.question.asks
        return asks is Asks.number or (asks is Asks.place and own)

    def _last(self, on: Button | None, call: Sequence[Row]) -> list[Row]:
        """More answers, done, skip; then back, where there is something before or something to leave, and hide."""
        leads_back = self.intake.state.trail or self.intake.about_change
        ways = [*([on] if on is not None else []), *self._ways_on]
        return [*in_rows(ways), *call, (self._back, self._hide) if leads_back else (self._hide,)]

    @cached_property
    def _back(self) -> Button:
        return self.reader.button(texts.BACK, presses.Back(self.intake.tag, self.intake.state.visit))

    @cached_property
    def _hide(self) -> Button:
        return self.reader.button(texts.HIDE_CHAT, presses.HideChat())

    def _below_titles(self, first: int, following: int | None) -> list[Row]:
        """The page that begins with the following paper, the answers from the first of these; then back and hide."""
        tag, visit = self.intake.tag, self.intake.state.visit
        ways = [self.reader.button(texts.ONLY_ANSWERS, presses.ShowFrom(tag, visit, first))]
        if following is not None:
            ways.insert(0, self.reader.button(texts.MORE_TITLES, presses.ShowTitles(tag, visit, following)))
        return [*in_rows(ways), (self._back, self._hide)]

    @cached_property
    def _ways_on(self) -> list[Button]:
        """Done, skip, send, how papers look, what the phone itself can say."""
        question = self.question
        tag, visit = self.intake.tag, self.intake.state.visit
        ways: list[Button] = []
        if question.kind is Kind.multiple and (self.intake.state.ticked or not question.skippable):
            ways.append(self.reader.button(texts.DONE, presses.Done(tag, visit), Style.primary))
        elif question.kind is Kind.date:
            ways.append(self.reader.button(texts.DO_NOT_KNOW, presses.DateOf(tag, visit, presses.Date.unknown)))
        elif question.skippable:
            ways.append(self.reader.button(texts.SKIP, presses.Skip(tag, visit)))
        if any(one.title for one in question.options):
            ways.append(self.reader.button(texts.HOW_IT_LOOKS, presses.ShowTitles(tag, visit, self.beside.around)))
        if self._sends():
            ways.append(self.reader.button(texts.SEND, presses.Send(tag, visit), Style.primary))
        if self._can_send():
            label = texts.MY_PLACE if question.asks is Asks.place else texts.MY_NUMBER
            ways.append(self.reader.button(label, presses.FromPhone(tag, visit)))
        return ways
