"""A request that lawyers have: what its person presses and types, until it is closed."""

import secrets
from dataclasses import dataclass, replace

from msgspec import structs

from bot.handoff.intake_ends import IntakeEnds
from bot.handoff.intake_to_case import URGENT_AFTER
from bot.handoff.sealed_messages import SealedMessages
from bot.questionnaires import Questionnaires
from bot.seeker.chat import Chat
from bot.seeker.hiding import Hiding
from bot.seeker.other_cards import Stands
from bot.seeker.own_words import WORDS_OF_AN_ANSWER, cries_for_help, more_than, wishes
from bot.seeker.screen import Screen
from bot.seeker.sent_files import FilesSent
from bot.speech import presses
from bot.speech.incoming import Said, SentOther, What
from bot.speech.outgoing import Outcome
from bot.speech.presses import Ended
from bot.speech.texts import seeker as texts
from flows import engine
from flows.model import Level
from flows.said.commands import CHANGED, Wish, read_sent
from storage import in_sight
from storage.case import Case, Handed, Waiting
from storage.intakes import OpenIntake
from storage.tx import Tx

_LAST_CARD = {Ended.closed: texts.CLOSED_CARD, Ended.joined: texts.SENT_JOINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTalk:
    """Every method runs inside a change."""

    screen: Screen
    questionnaires: Questionnaires
    files: FilesSent
    intake_ends: IntakeEnds
    hiding: Hiding
    sealed_messages: SealedMessages

    # --- a lawyer is being called while questions are open ---

    def called(self, tx: Tx, chat: Chat, intake: OpenIntake, press: presses.OnCall, pressed: int) -> Outcome | None:
        """A press about the call for a lawyer; None when it is not about what the chat shows."""
        if press.request != intake.tag:
            return None
        match press:
            case presses.AskToWithdraw():
                return self._ask_whether(tx, chat, intake, pressed)
            case presses.Withdraw():
                called = intake.handed or self._is_called_soon(tx, intake)
                intake = self.intake_ends.intake_to_case.withdraw(tx, intake) if called else intake
            case presses.CallAgain():
                intake = self.called_after_all(tx, intake)
        return self.screen.of(tx, structs.replace(chat, intake=intake))

    def wants_nobody(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome:
        """Typed that nobody should be called: asked first, as under the button."""
        case = self.screen.chats.cases.get(tx, intake.case_row) if intake.case_row is not None else None
        called = isinstance(case, Waiting) and intake.handed and not intake.joined and not intake.about_change
        if called or self._is_called_soon(tx, intake):
            self.screen.instead(tx, chat, Stands.withdrawing)
            return Outcome(card=self.screen.cards.confirm_withdrawal(intake), edit=chat.card_message, of=chat.shows)
        return self.screen.of(tx, chat, texts.CALL_STAYS if intake.handed else texts.NOBODY_IS_CALLED)

    def called_after_all(self, tx: Tx, intake: OpenIntake) -> OpenIntake:
        """A lawyer is asked for: who had withdrawn the call was told that it comes when they ask for it again."""
        return self.intake_ends.intake_to_case.call_again(tx, intake) if intake.withdrawn else intake

    def _is_called_soon(self, tx: Tx, intake: OpenIntake) -> bool:
        """Nobody was called yet, and in a minute somebody is."""
        flow = self.questionnaires.of(tx, intake.state.flow)
        return not intake.handed and intake.call_due_at is not None and engine.asks_for_help(flow, intake.state)

    def _ask_whether(self, tx: Tx, chat: Chat, intake: OpenIntake, pressed: int) -> Outcome:
        """Asked first: one tap withdraws no lawyer from somebody in danger."""
        case = self.screen.chats.cases.get(tx, intake.case_row) if intake.case_row is not None else None
        if not isinstance(case, Waiting) or not intake.handed:
            return self.screen.of(tx, chat)
        self.screen.instead(tx, chat, Stands.withdrawing)
        return Outcome(card=self.screen.cards.confirm_withdrawal(intake), edit=pressed)

    # --- the answers are sent ---

    def sent(self, tx: Tx, chat: Chat, case: Case, press: presses.OnSent) -> Outcome | None:
        """A press on the card of a request that was sent; None when it is not the one that the chat shows."""
        if press.case != case.tag:
            return None
        match press:
            case presses.Notify(rings=rings):
                in_sight.set_wants_ping(tx, case.row, wants=rings)
                return self.screen.now(tx, chat)
            case presses.SituationChanged():
                return self._change(tx, chat, case) if chat.intake is None else None

    def meant(self, text: str) -> str | None:
        """What is said after sending, by the vocabulary in use: `changed`, a command, or None for a message."""
        return read_sent(self.questionnaires.current, text)

    def tells_of_danger(self, tx: Tx, case: Handed, text: str) -> bool:
        """What is typed is asked about: something has changed, or it is a cry for help that nobody would hear soon."""
        tells = self._says_changed(text) or (case.level is not Level.critical and self._cries(text))
        return tells and self.questionnaires.can_change(tx, case)

    def said(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        """Written while no question is open: sealed into the case and announced to the lawyer."""
        case, text = chat.case, engine.tidy(said.text)
        if case is not None and self.tells_of_danger(tx, case, said.text):
            if self._is_label(said.text, texts.CHANGED):
                return self._change(tx, chat, case)
            # It tells what has changed ("court tomorrow"), and may be the last that is heard for long.
            case = self.sealed_messages.add_message(tx, case, text)
            return self._change(tx, chat, case, texts.KEPT, cries=self._cries(said.text))
        if case is None or not text:
            return self.screen.of(tx, chat, texts.EMPTY)
        case = self.sealed_messages.add_message(tx, case, text)
        stays = isinstance(case, Waiting) and Wish.withdraw in wishes(self.questionnaires.current, text)
        return self.screen.of(tx, structs.replace(chat, case=case), texts.CALL_STAYS if stays else texts.ADDED)

    def sent_other(self, tx: Tx, chat: Chat, sent: SentOther) -> Outcome:
        """A photo, a paper, a voice; its caption, a place or a number is a text like any other."""
        if sent.what in {What.place, What.number} or chat.case is None:
            return self.said(tx, chat, sent.as_said(tx.now))
        taken = self.files.into(tx, chat.case, sent)
        chat = structs.replace(chat, beside=taken.why_not)
        if engine.tidy(sent.text):
            return self.said(tx, chat, sent.as_said(tx.now))
        return Outcome() if taken.told else self.screen.of(tx, chat)

    def keeps(self, tx: Tx, chat: Chat, text: str, *, few: int = WORDS_OF_AN_ANSWER) -> Chat:
        """What was read as a command is also a sentence: it is in the case word for word.

        `few`: so many words say no more than the command.
        """
        sentence = more_than(few, text)
        if sentence is None or chat.case is None:
            return chat
        return structs.replace(chat, case=self.sealed_messages.add_message(tx, chat.case, sentence))

    def corrected(self, tx: Tx, chat: Chat, text: str) -> Outcome:
        """A text was edited that answers no question any more: sealed beside the first, where there is a case."""
        text = engine.tidy(text)
        row = chat.intake.case_row if chat.intake is not None else None
        case = self.screen.chats.cases.get(tx, row) if row is not None else chat.case
        if not text:
            return self.screen.of(tx, chat, texts.EMPTY)
        if case is None:
            return self.screen.of(tx, chat, texts.NOT_CORRECTED)
        self.sealed_messages.correct(tx, case, text)
        return self.screen.now(tx, chat, texts.CORRECTED)

    def status(self, tx: Tx, chat: Chat) -> Outcome:
        """What is true now: on the card of a sent request always, on a question's card when it is asked for."""
        if chat.intake is None:
            return self.screen.of(tx, chat)
        if chat.case is None:
            return self.screen.of(tx, chat, None if chat.intake.handed else texts.STATUS_OPEN)
        self.screen.instead(tx, chat, Stands.status)
        return self.screen.of_status(tx, chat, chat.intake, chat.case)

    # --- what a lawyer wrote, and the last news ---

    def show(self, tx: Tx, chat: Chat, pressed: int) -> Outcome:
        """Pressed "show"; the ping goes. In a hidden chat it is all that happens."""
        if chat.is_stranger:
            return Outcome(wipe=(pressed,))
        opened = self._opens(tx, chat.case)
        if pressed != chat.card_message:
            self.screen.wipe(tx, chat, pressed)
        if chat.behind is None or opened or not self.screen.from_lawyer.waits(tx, chat.behind):
            return self.screen.now(tx, chat)  # with whatever is said beside it
        self._opens(tx, chat.behind)
        return self.comes_back(tx, chat, chat.behind)

    def _opens(self, tx: Tx, case: Handed | None) -> bool:
        """Whether something was opened; it counts as seen."""
        number = self.screen.from_lawyer.show(tx, case) if case is not None else 0
        if case is not None and number:
            self.sealed_messages.reaching.seen(tx, case, number)
        return number > 0

    def comes_back(self, tx: Tx, chat: Chat, case: Case) -> Outcome:
        """That request is what the chat shows, and what was in its place is hidden: the card says by which code.

        Where it stood there already, it says so.
        """
        notice = None if case.hidden or case.behind else texts.THIS_CODE
        if notice is not None and chat.card_message is not None:  # else the earlier card would stay, with its code
            self.screen.wipe(tx, chat, chat.card_message)
        other = self.hiding.bring_back(tx, chat, case)
        chat = self._with_untold(tx, self.screen.chats.of(tx, chat.chat_id))
        left = self.screen.reader(chat).text(texts.OTHER_HIDDEN, code=other) if other is not None else None
        return replace(self.screen.of(tx, chat, notice, left), fresh=True)

    def _with_untold(self, tx: Tx, chat: Chat) -> Chat:
        """With what was to be said when it was hidden."""
        if chat.intake is None or chat.intake.untold is None:
            return chat
        self.intake_ends.intakes.put(tx, structs.replace(chat.intake, untold=None))
        return structs.replace(chat, beside=chat.intake.untold)

    def ended(self, tx: Tx, chat: Chat, press: presses.ShowEnd, pressed: int) -> Outcome:
        """Pressed "show" on the last news of a request of which nothing is known any more."""
        if not chat.is_stranger:  # a new one was begun since
            self.screen.wipe(tx, chat, pressed)
            return self.screen.of(tx, chat)
        if press.why in _LAST_CARD:  # which stands above it
            toast = self.screen.cards.speech.to(chat.chat_id, press.language).text(_LAST_CARD[press.why])
            return Outcome(wipe=(pressed,), toast=toast, alert=True)
        return Outcome(card=self.screen.cards.expired(chat.chat_id, press.language), edit=pressed, only_edit=True)

    # --- the situation has changed ---

    def _change(self, tx: Tx, chat: Chat, case: Case, notice: str | None = None, *, cries: bool = False) -> Outcome:
        """The questions about danger once more; whatever comes of it joins the case.

        `cries`: for help. Without an answer the lawyers are called in a minute, where they are not yet.
        """
        case = self.screen.chats.cases.hold(tx, case.row)
        if not self.questionnaires.can_change(tx, case):
            return self.screen.now(tx, chat)
        if chat.hidden is not None:  # a chat has one intake
            self.intake_ends.leave(tx, chat.hidden)
        flow = self.questionnaires.of_case(tx, case.revision)
        calls = cries and isinstance(case, Handed) and case.level is not Level.critical and not case.handoff.muted
        intake = OpenIntake(
            look_up=chat.look_up,
            chat_id=chat.chat_id,
            state=engine.begin(flow, case.language, chat.here, urgent=True),
            tag=secrets.token_hex(3),
            case_row=case.row,
            card_message=case.card_message,
            expires_at=chat.now + self.intake_ends.intakes.expires_after,
            asked_at=tx.at_once,
            lawyer_said=self.screen.from_lawyer.has_said(tx, case),
            handed=True,
            call_due_at=chat.now + URGENT_AFTER if calls else None,
            about_change=True,
        )
        self.intake_ends.intakes.put(tx, intake)
        seen = self.screen.of(tx, structs.replace(chat, intake=structs.replace(intake, stored=True)), notice)
        return replace(seen, fresh=chat.hidden is not None)

    def _cries(self, text: str) -> bool:
        """It would have called a lawyer before anything was answered."""
        return cries_for_help(self.questionnaires.current, text) or self._is_label(text, texts.URGENT)

    def _says_changed(self, text: str) -> bool:
        """The button's words typed, or those of "urgent": after sending they must not be a message like any other."""
        urgent = self._is_label(text, texts.CHANGED) or self._is_label(text, texts.URGENT)
        return urgent or self.meant(text) == CHANGED

    def _is_label(self, text: str, label: str) -> bool:
        """The words of a button, in any language, or those before its colon."""
        said, words = text.strip().casefold().rstrip(".!"), self.screen.cards.speech.words
        labels = [words.text(language, label).casefold() for language in self.screen.cards.languages]
        return any(said in {one, one.partition(":")[0]} for one in labels)
