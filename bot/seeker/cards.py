"""The card: the one message in which a person answers, changed in place."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.speech import presses, texts
from bot.speech.outgoing import Button, Card
from bot.speech.words import NAMES, Words, day
from flows.engine import answered_in_order, shown
from flows.model import Answer, Chosen, Dated, Flow, Kind, Question, Skipped, Written
from storage.cases import Case
from storage.intakes import OpenIntake
from storage.sealing.keyring import KeyRing

SHORT_LABEL = 14
LONGEST_SUMMARY = 3400  # of the 4096 characters of a message; the lawyer's words and the state stand with it
LONGEST_CARD = 4000
Rows = list[tuple[Button, ...]]
_DATES = (
    (texts.TODAY, presses.Date.today),
    (texts.YESTERDAY, presses.Date.yesterday),
    (texts.DO_NOT_KNOW, presses.Date.unknown),
)


@dataclass(frozen=True, slots=True)
class Cards:
    """Draws every card of a seeker's chat."""

    ring: KeyRing = field(repr=False)
    words: Words
    languages: tuple[str, ...]

    # --- before anything is stored: the state is in the buttons ---

    def choose_language(self, chat_id: int) -> Card:
        """The language buttons, each in its own language."""
        lines = [self.words.text(language, texts.CHOOSE_LANGUAGE) for language in self.languages]
        rows = [
            (self._labelled(f"{number}. {NAMES[language]}", chat_id, presses.ChooseLanguage(language)),)
            for number, language in enumerate(self.languages, start=1)
        ]
        return Card("\n".join(lines), tuple(rows))

    def consent(self, chat_id: int, language: str) -> Card:
        """The consent text with its three ways on."""
        ways: tuple[tuple[str, presses.OfPerson], ...] = (
            (texts.URGENT, presses.Consent(language, urgent=True)),
            (texts.CONTINUE, presses.Consent(language, urgent=False)),
            (texts.LEAVE, presses.Leave(language)),
        )
        rows = [(self._button(chat_id, language, label, press),) for label, press in ways]
        return Card(self.words.text(language, texts.CONSENT), tuple(rows))

    def plain(self, language: str, text: str, **values: object) -> Card:
        """A text without buttons."""
        return Card(self.words.text(language, text, **values))

    # --- the questionnaire ---

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
        if intake.state.asked is None:
            return self._summary(flow, intake, case, notice, nobody)
        question = flow.question(intake.state.asked)
        language, chat_id = intake.state.language, intake.chat_id
        lines = [self._progress(flow, intake, question), "", self._asked(flow, intake, question)]
        lines += [f"\n{hint}" for hint in self._hints(flow, intake, question, example)]
        state, rows = self._call_state(intake, case, nobody)
        lines += [f"\n{line}" for line in (notice, state) if line]
        rows = [*self._answers(intake, question), *rows, *self._ways(intake, question)]
        rows.append((self._button(chat_id, language, texts.HIDE_CHAT, presses.HideChat()),))
        return Card("\n".join(lines), tuple(rows))

    def of_case(
        self, case: Case, state: str, notice: str | None = None, *, change: bool, code: bool, rings: bool
    ) -> Card:
        """The status card once the answers are sent.

        `change`: the questions about danger can be asked again; `code`: it shows the code; `rings`: news ring.
        """
        text = self.words.text
        sent = text(case.language, texts.SENT, code=case.code) if code else text(case.language, texts.SENT_BARE)
        lines = [sent, state]
        lines += [notice] if notice else []
        lines.append(text(case.language, texts.ADD_HINT))
        chat_id = case.chat_id or 0
        changed, notify = presses.SituationChanged(case.tag), presses.Notify(case.tag, rings=not rings)
        buttons = [self._button(chat_id, case.language, texts.CHANGED, changed)] if change else []
        label = texts.NOTIFY_OFF if rings else texts.NOTIFY_ON
        buttons.append(self._button(chat_id, case.language, label, notify))
        buttons.append(self._button(chat_id, case.language, texts.HIDE_CHAT, presses.HideChat()))
        return Card("\n\n".join(lines), tuple((button,) for button in buttons))

    def ping(self, chat_id: int, language: str) -> Card:
        """Neutral news: no code, no name, nothing about what it is for."""
        return Card(
            self.words.text(language, texts.NEW_MESSAGE),
            ((self._button(chat_id, language, texts.SHOW, presses.ShowMessages()),),),
        )

    def with_messages(self, card: Card, chat_id: int, language: str, said: str | None, *, unseen: bool) -> Card:
        """A card with what the lawyer wrote above it, and a button where something waits to be opened."""
        text = f"{said}\n\n{_cut(card.text, LONGEST_CARD - len(said))}" if said else card.text
        show = (self._button(chat_id, language, texts.SHOW, presses.ShowMessages()),)
        if unseen:
            text = f"{self.words.text(language, texts.NEW_MESSAGE)}\n\n{text}"
        return replace(card, text=text, rows=(show, *card.rows) if unseen else card.rows)

    def hidden(self, chat_id: int, language: str, said: str) -> Card:
        """What answers a typed /clear for a moment: the code that leads back."""
        return Card(said, ((self._button(chat_id, language, texts.HIDE_CHAT, presses.HideChat(language)),),))

    def joined(self, chat_id: int, language: str) -> Card:
        """What was sent into an earlier request that is out of sight: without its code."""
        hide = (self._button(chat_id, language, texts.HIDE_CHAT, presses.HideChat(language)),)
        return Card(self.words.text(language, texts.SENT_JOINED), (hide,))

    def closed(self, chat_id: int, language: str) -> Card:
        """The last card of a request that was closed: neutral, without the code."""
        hide = (self._button(chat_id, language, texts.HIDE_CHAT, presses.HideChat(language)),)
        return Card(self.words.text(language, texts.CLOSED_CARD), (hide,))

    def goodbye(self, chat_id: int, language: str, *, expired: bool) -> Card:
        """Neutral news of a request of which nothing is known any more: what it says is in the button."""
        why = presses.Ended.expired if expired else presses.Ended.closed
        show = self._button(chat_id, language, texts.SHOW, presses.ShowEnd(why, language))
        return Card(self.words.text(language, texts.NEW_MESSAGE), ((show,),))

    def expired(self, chat_id: int, language: str) -> Card:
        """What was answered was not sent in time."""
        hide = (self._button(chat_id, language, texts.HIDE_CHAT, presses.HideChat(language)),)
        return Card(self.words.text(language, texts.EXPIRED), (hide,))

    def rests(self, chat_id: int, language: str) -> Card:
        """In place of a card that would soon be too old to be removed: neutral, and the card comes back with a tap."""
        ways = ((texts.SHOW, presses.ShowMessages()), (texts.HIDE_CHAT, presses.HideChat()))
        row = tuple(self._button(chat_id, language, label, kind) for label, kind in ways)
        return Card(self.words.text(language, texts.RESTS), (row,))

    def confirm_delete(self, chat_id: int, language: str) -> Card:
        """The one confirmation of /delete."""
        yes = self._button(chat_id, language, texts.DELETE_YES, presses.DeleteAll())
        no = self._button(chat_id, language, texts.CANCEL, presses.GoBack())
        return Card(self.words.text(language, texts.DELETE_CONFIRM), ((yes,), (no,)))

    def confirm_withdrawal(self, chat_id: int, intake: OpenIntake) -> Card:
        """The one confirmation of "not now"; the way back stands first."""
        language = intake.state.language
        rows = (
            (self._button(chat_id, language, texts.GO_ON_CALLING, presses.GoBack()),),
            (self._button(chat_id, language, texts.WITHDRAW_YES, presses.Withdraw(intake.tag)),),
        )
        return Card(self.words.text(language, texts.WITHDRAW_CONFIRM), rows)

    # --- parts of a question's card ---

    def _progress(self, flow: Flow, intake: OpenIntake, question: Question) -> str:
        asked = [each.id for each in shown(flow, intake.state.answers)]
        place = asked.index(question.id) + 1 if question.id in asked else 1
        return self.words.text(intake.state.language, texts.PROGRESS, n=place, total=len(asked))

    def _asked(self, flow: Flow, intake: OpenIntake, question: Question) -> str:
        """The question; a paper that must not be read any more is named by its number among the answers before."""
        text = self._question_text(flow, intake, question)
        for number, label in self._veiled(flow, intake):
            text = text.replace(f": {label}", f": № {number}")
        return text

    def _question_text(self, flow: Flow, intake: OpenIntake, question: Question) -> str:
        return question.text.of(flow.form(intake.state.answers))[intake.state.language]

    def _hints(self, flow: Flow, intake: OpenIntake, question: Question, example: str) -> list[str]:
        language = intake.state.language
        hints = [question.hint.of(flow.form(intake.state.answers))[language]] if question.hint else []
        if question.kind is Kind.multiple:
            hints.append(self.words.text(language, texts.SEVERAL_HINT))
        if question.kind is Kind.date:
            hints.append(self.words.text(language, texts.DATE_HINT, example=example))
        if question.kind is Kind.text:
            hints.append(self.words.text(language, texts.WRITE_HERE))
        if intake.call_due_at is not None and not intake.state.answers:
            hints.append(self.words.text(language, texts.URGENT_HINT))
        return hints

    def _call_state(self, intake: OpenIntake, case: Case | None, nobody: str | None) -> tuple[str | None, Rows]:
        language = intake.state.language
        if case is not None and intake.joined:  # neither code nor words of a request that is out of sight
            claimed = self.words.text(language, texts.JOINED_TAKEN) if case.status == "claimed" else None
            return claimed or nobody or self.words.text(language, texts.JOINED_CALLING), []
        if case is not None and case.status == "claimed":
            words, said = case.call_words(language), self.words.text(language, texts.TAKEN_CARD)
            said += f" {self.words.text(language, texts.CALL_WORDS, words=words)}" if words else ""
            return said, []
        if case is not None and case.status == "waiting":
            row = (self._button(intake.chat_id, language, texts.NOT_NOW, presses.NotNow(intake.tag)),)
            bare, full = texts.CALLING_BARE, texts.CALLING
            called = (
                self.words.text(language, bare) if intake.silent else self.words.text(language, full, code=case.code)
            )
            return nobody or called, [] if intake.reopens else [row]
        if intake.withdrawn:
            row = (self._button(intake.chat_id, language, texts.CALL_NOW, presses.CallAgain(intake.tag)),)
            return self.words.text(language, texts.CALL_WITHDRAWN), [row]
        return None, []

    def _answers(self, intake: OpenIntake, question: Question) -> Rows:
        language, visit = intake.state.language, intake.state.visit
        buttons = []
        for number, option in enumerate(question.options, start=1):
            mark = "✓" if question.kind is Kind.multiple and option.id in intake.state.ticked else "."
            label = f"{number}{mark} {option.label[language]}"
            buttons.append(self._labelled(label, intake.chat_id, presses.Option(intake.tag, visit, number)))
        rows = _in_rows(buttons)
        extra = []
        if question.kind is Kind.multiple:
            extra.append(self._button(intake.chat_id, language, texts.DONE, presses.Done(intake.tag, visit)))
        if question.kind is Kind.date:
            for label, date in _DATES:
                extra.append(self._button(intake.chat_id, language, label, presses.DateOf(intake.tag, visit, date)))
        return [*rows, tuple(extra)] if extra else rows

    def _ways(self, intake: OpenIntake, question: Question | None) -> Rows:
        language, visit, ways = intake.state.language, intake.state.visit, []
        if intake.state.trail or (intake.reopens and question is not None):
            ways.append(self._button(intake.chat_id, language, texts.BACK, presses.Back(intake.tag, visit)))
        if question is not None and question.skippable:
            ways.append(self._button(intake.chat_id, language, texts.SKIP, presses.Skip(intake.tag, visit)))
        return [tuple(ways)] if ways else []

    def _summary(
        self, flow: Flow, intake: OpenIntake, case: Case | None, notice: str | None, nobody: str | None
    ) -> Card:
        language, visit = intake.state.language, intake.state.visit
        listed = answered_in_order(flow, intake.state)
        asked = [flow.question(question_id) for question_id in listed]
        # Of an answer that must not be read any more not even the question is told: it tells what came before.
        questions = ["" if each.id in intake.veiled else self._question_text(flow, intake, each) for each in asked]
        kept = self.words.text(language, texts.ANSWERED_MARK)
        answers = [
            kept if each.id in intake.veiled else self.answer_text(each, intake.state.answers[each.id], language)
            for each in asked
        ]
        shown = _summed_up(questions, answers)
        lines = [self.words.text(language, texts.SUMMARY), "", *shown]
        lines.append(self.words.text(language, texts.SUMMARY_HINT))
        state, rows = self._call_state(intake, case, nobody)
        lines += [f"\n{line}" for line in (notice, state) if line]
        numbers = [
            self._labelled(str(number), intake.chat_id, presses.Revisit(intake.tag, visit, number))
            for number in range(1, len(listed) + 1)
        ]
        send = (self._button(intake.chat_id, language, texts.SEND, presses.Send(intake.tag, visit)),)
        hide = (self._button(intake.chat_id, language, texts.HIDE_CHAT, presses.HideChat()),)
        return Card("\n".join(lines), (*_chunks(numbers, 7), send, *rows, *self._ways(intake, None), hide))

    def _veiled(self, flow: Flow, intake: OpenIntake) -> list[tuple[int, str]]:
        """Chosen options that must not be read any more: the date of a paper is asked with the paper's name."""
        chosen = [
            (flow.question(each), intake.state.answers[each]) for each in intake.veiled if each in intake.state.answers
        ]
        return [
            (number, option.label[intake.state.language])
            for question, answer in chosen
            for number, option in enumerate(question.options, start=1)
            if isinstance(answer, Chosen) and option.id in answer.options
        ]

    def answer_text(self, question: Question, answer: Answer, language: str) -> str:
        """An answer in words; a free text only as saved."""
        match answer:
            case Chosen(options):
                labels = [option.label[language] for option in question.options if option.id in options]
                return ", ".join(labels)
            case Dated(earliest, latest):
                first = day(language, earliest)
                return first if earliest == latest else f"{first} – {day(language, latest)}"
            case Written(parts):
                return self.words.plural(language, texts.WRITTEN_MARK, parts)
            case Skipped():
                return self.words.text(language, texts.SKIPPED_MARK)

    def _button(self, chat_id: int, language: str, label: str, press: presses.OfPerson) -> Button:
        return self._labelled(self.words.text(language, label), chat_id, press)

    def _labelled(self, label: str, chat_id: int, press: presses.OfPerson) -> Button:
        return Button(label, presses.button_data(self.ring, chat_id, press))


def _summed_up(questions: Sequence[str], answers: Sequence[str]) -> list[str]:
    """Every answer with its question, each as long as the whole still fits one message."""
    for longest_question, longest_answer in ((1000, 1000), (60, 200), (40, 80), (24, 30), (12, 16)):
        lines = [
            f"{number}. {_cut(question, longest_question)}{question and chr(10)}{_cut(answer, longest_answer)}\n"
            for number, (question, answer) in enumerate(zip(questions, answers, strict=True), start=1)
        ]
        if sum(map(len, lines)) <= LONGEST_SUMMARY:
            return lines
    return lines


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _in_rows(buttons: Sequence[Button]) -> Rows:
    """One per row, unless two short ones stand side by side."""
    rows: Rows = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and all(len(one.text) <= SHORT_LABEL for one in (*rows[-1], button)):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def _chunks(buttons: Sequence[Button], size: int) -> Rows:
    return [tuple(buttons[at : at + size]) for at in range(0, len(buttons), size)]
