"""What a person's chat shows now, and whether news of it may come as a message."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from msgspec import structs

from bot.gate import Way, let_out
from bot.handoff.for_person import way_of
from bot.handoff.queue import Queue
from bot.rings import Event
from bot.seeker.beside import Beside
from bot.seeker.cards import SeekerCards
from bot.seeker.chat import Chat, Chats
from bot.seeker.days import example
from bot.seeker.from_lawyer import FromLawyer, Letters
from bot.seeker.other_cards import Stands
from bot.seeker.question_card import QuestionCards
from bot.seeker.request_card import OfCase, of_case, of_status
from bot.seeker.status import StatusInWords
from bot.speech.incoming import Pushed
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Press
from bot.speech.reader import Reader
from bot.speech.texts import seeker as texts
from flows.hands import hands_of
from storage import ladder_due
from storage.case import Case, Handed, Waiting
from storage.intakes import SILENCE, OpenIntake
from storage.tx import Reading, Tx

STOPS_FOR = timedelta(minutes=2)  # so long a question's card offers to withdraw the call; later /status does


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Every method runs inside a change."""

    chats: Chats
    cards: SeekerCards
    questions: QuestionCards
    status: StatusInWords
    from_lawyer: FromLawyer
    queue: Queue

    def of(
        self,
        tx: Tx,
        chat: Chat,
        notice: str | None = None,
        said: str | None = None,
        *,
        speaks: bool = True,
        around: int | None = None,
        titles: bool = False,
    ) -> Outcome:
        """The open questions, or the request that was sent; an empty outcome when nothing is known.

        `notice`: a text that stands on the card once, `said`: the same in words; `speaks`: the person has just pressed
        or typed; `around`: the place of an answer in a long list that is seen, where it stands already unless given;
        `titles`: of papers.
        """
        tx.after(lambda: self.chats.others.gone(chat.look_up))
        if chat.intake is not None:
            if chat.intake.covered:
                self.chats.intakes.cover(tx, chat.intake.look_up, covered=False)
            around = chat.intake.around if around is None else around
            seen = self._of_intake(tx, chat, chat.intake, self.in_words(chat, notice, said), around, titles)
            return replace(seen, notice=notice)
        if chat.case is not None:
            return self._of_case(tx, chat, chat.case, self.in_words(chat, notice, said), speaks=speaks)
        return Outcome()

    def now(self, tx: Tx, chat: Chat, notice: str | None = None) -> Outcome:
        """What a chat shows after something about it was changed."""
        return self.of(tx, structs.replace(self.chats.of(tx, chat.chat_id), beside=chat.beside), notice)

    def view(self, tx: Tx, chat_id: int, notice: str | None = None) -> Outcome:
        """What a chat should show although its person has done nothing; the status, where they have just asked for it.

        What a lawyer wrote, or what became of a file, comes before it, and so does a silence: the question then shows
        less. Another process may have shown the question since: then nothing covers it.
        """
        chat = self.chats.of(tx, chat_id)
        intake, case = chat.intake, chat.case
        if intake is None or intake.silent or not intake.covered or case is None or notice is not None:
            return self.of(tx, chat, notice, speaks=False)
        if not self.chats.others.shows_status(chat.look_up, tx.now) or self._must_show(tx, chat, case):
            return self.of(tx, chat, speaks=False)
        return self.of_status(tx, chat, intake, case)

    def _must_show(self, tx: Tx, chat: Chat, case: Handed) -> bool:
        """Something is new that the status does not tell."""
        letters = self._letters(tx, chat, case)
        return letters.waits or letters.missed or self._files(tx, chat, saved=True) is not None

    def of_status(self, tx: Tx, chat: Chat, intake: OpenIntake, case: Handed) -> Outcome:
        """Where a request stands, in the place of the question that is open."""
        withdraws = isinstance(case, Waiting) and intake.handed and not intake.about_change
        card = of_status(self.reader(chat), intake, self.status.of(tx, case), withdraws=withdraws)
        return Outcome(card=card, edit=chat.card_message, of=chat.shows)

    def anew(self, tx: Tx, chat: Chat, card: Card | None = None) -> Outcome:
        """The card, or this one in its place, as a new message at the end of the chat; the old one goes."""
        if chat.card_message is not None:
            self.wipe(tx, chat, chat.card_message)
        if card is not None:
            return Outcome(card=card, edit=chat.card_message, of=chat.shows, fresh=True)
        return replace(self.of(tx, chat), fresh=True)

    def moved_on(self, tx: Tx, chat: Chat, pressed: int) -> Outcome:
        """A button was pressed that belongs to nothing that the chat shows. `pressed`: the message it stands on."""
        seen = self.of(tx, chat)
        toast = self.reader(chat).text(texts.MOVED_ON)
        if seen.card is not None:
            return replace(seen, toast=toast)
        if self.chats.hides_something(tx, chat):
            return Outcome(wipe=(pressed,))
        start = self.cards.choose_language(chat.chat_id)
        return Outcome(card=start, edit=pressed, only_edit=True, toast=toast)

    def replaced(self, tx: Tx, chat: Chat, seen: Outcome, event: Event) -> Outcome:
        """Where the gate lets it: in place of the card a neutral message, which becomes the card once it is opened."""
        let = self.lets(tx, chat, event)
        if let not in {Way.ping, Way.hint}:
            return replace(seen, only_edit=True, fresh=False)
        self.covers(tx, chat)
        if chat.card_message is not None:
            self.wipe(tx, chat, chat.card_message)
        ping = self.cards.ping(chat.chat_id, chat.language)
        return replace(seen, card=ping, fresh=True, rings=let is Way.ping)

    def covers(self, tx: Tx, chat: Chat) -> None:
        """Something else takes the place of the card: until that is shown again no text answers its question."""
        tx.after(lambda: self.chats.others.gone(chat.look_up))
        if chat.intake is not None:  # its card may have been drawn in this change, for what is said behind the message
            self.chats.intakes.cover(tx, chat.intake.look_up, covered=True)

    def instead(self, tx: Tx, chat: Chat, stands: Stands) -> None:
        """Another card takes the place of the question: what is typed next is for that one, and never an answer."""
        self.covers(tx, chat)
        tx.after(lambda: self.chats.others.put(chat.look_up, stands, chat.now))

    def wipe(self, tx: Tx, chat: Chat, *messages: int) -> None:
        """These messages go from the chat."""
        self.queue.wipes.messages(tx, chat.chat_id, messages)

    def reader(self, chat: Chat) -> Reader:
        """Texts and buttons for whoever reads this chat."""
        return self.cards.speech.to(chat.chat_id, chat.language)

    def press(self, pushed: Pushed) -> Press | None:
        """What the pressed button says; None for data that was not made for this chat."""
        return self.cards.speech.press(pushed.chat_id, pushed.data)

    # --- parts ---

    def _of_intake(
        self, tx: Tx, chat: Chat, intake: OpenIntake, said: str | None, around: int, titles: bool
    ) -> Outcome:
        case = self.chats.cases.get(tx, intake.case_row) if intake.case_row is not None else None
        nobody = self.status.nobody(tx, case) if isinstance(case, Waiting) else None
        files = self._files(tx, chat, saved=not intake.silent) if intake.files else None
        beside = Beside(
            notice=_below(said, files) or self._of_behind(chat, shown=not intake.silent),
            nobody=nobody,
            # What a lawyer wrote to a hidden request stays hidden.
            letters=self._letters(tx, chat, None if intake.joined and case is not None and case.hidden else case),
            around=around,
            titles=titles,
            stops=isinstance(case, Waiting) and nobody is None and tx.now - case.handoff.began_at <= STOPS_FOR,
            here=chat.here,
        )
        card = self.questions.of_intake(self.chats.questionnaires.asked(tx, intake), intake, case, beside)
        return Outcome(card=card, edit=intake.card_message, of=chat.shows)

    def _of_case(self, tx: Tx, chat: Chat, case: Handed, said: str | None, *, speaks: bool) -> Outcome:
        code = self._shows_code(tx, case, speaks=speaks)
        change = self.chats.questionnaires.can_change(tx, case)
        rings = self.lets(tx, chat, Event.taken) is Way.ping
        files = self._files(tx, chat, saved=code)
        notice = _below(said, files) or self._of_behind(chat, shown=code)
        beside = OfCase(notice=notice, change=change, code=code, rings=rings)
        card = of_case(self.reader(chat), case, self.status.of(tx, case), self._letters(tx, chat, case), beside)
        return Outcome(card=card, edit=case.card_message, of=chat.shows)

    def _letters(self, tx: Tx, chat: Chat, case: Case | None) -> Letters:
        """What the card shows of lawyers' messages: those of its case, and that one waits of a request behind it."""
        letters = self.from_lawyer.of(tx, case)
        return letters if letters.waits else replace(letters, waits=self.from_lawyer.waits(tx, chat.behind))

    def _of_behind(self, chat: Chat, *, shown: bool) -> str | None:
        """How to come to a request that was opened again while this one stood here, where nothing else is said once."""
        if chat.behind is None or not shown:
            return None
        return self.reader(chat).text(texts.OPEN_AGAIN, code=chat.behind.code)

    def _shows_code(self, tx: Tx, case: Handed, *, speaks: bool) -> bool:
        """The card of a sent request shows its code until its person has been silent for a quarter of an hour."""
        if speaks:
            ladder_due.show_code(tx, case.row, tx.now + SILENCE)
            return True
        until = case.handoff.code_until
        return until is not None and until > tx.now

    def in_words(self, chat: Chat, notice: str | None, said: str | None = None) -> str | None:
        """All that is said once; `said` stands in the place of a notice."""
        texts = [one for one in (notice if said is None else None, chat.beside) if one is not None]
        if not texts:
            return said or None
        reader = self.reader(chat)
        values = {"example": example(chat.here)}
        if chat.intake is not None:
            values["time"] = reader.clock(chat.intake.expires_at, chat.now)
        lines = [said] if said is not None else []
        return "\n".join([*lines, *(reader.text(one, **_of_those(values, one)) for one in texts)])

    def _files(self, tx: Tx, chat: Chat, *, saved: bool) -> str | None:
        """What has become of what was sent; nothing beside what else is said once. `saved`: also what is in the case.

        Who looks at the phone after a silence may be somebody else.
        """
        if chat.beside is not None or chat.case_row is None:
            return None
        return self.status.of_files(tx, chat.case_row, self.reader(chat), saved=saved)

    def lets(self, tx: Reading, chat: Chat, event: Event) -> Way:
        """What may leave for this chat."""
        row = chat.case.row if chat.case is not None else chat.case_row
        case = self.chats.cases.get(tx, row) if row is not None else None
        if isinstance(case, Handed):
            return way_of(event, case)
        if chat.intake is None:
            return Way.nothing
        flow = self.chats.questionnaires.of(tx, chat.intake.state.flow)
        return let_out(event, hands_of(flow, chat.intake.state.answers))


def _below(said: str | None, files: str | None) -> str | None:
    return "\n".join(one for one in (said, files) if one) or None


def _of_those(values: Mapping[str, str], text: str) -> Mapping[str, str]:
    """What a text has a place for."""
    return {name: value for name, value in values.items() if f"%({name})s" in text}
