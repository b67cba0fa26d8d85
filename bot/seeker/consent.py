"""Language and consent, before which nothing is kept of a person (the state is in the buttons), and taking it back."""

import secrets
from dataclasses import dataclass

from msgspec import structs

from bot.handoff.intake_ends import IntakeEnds
from bot.handoff.intake_to_case import URGENT_AFTER
from bot.handoff.parting import is_kept_for_a_lawyer
from bot.questionnaires import Questionnaires
from bot.seeker.chat import Chat
from bot.seeker.hiding import Hiding, up_to
from bot.seeker.last_consent import LastConsent
from bot.seeker.other_cards import Stands
from bot.seeker.own_words import WORDS_OF_AN_ANSWER, more_than
from bot.seeker.screen import Screen
from bot.seeker.typed import TRUST, Command, at_consent, command_in, consent_in, first_language, link_in
from bot.speech import presses
from bot.speech.incoming import Heard, Pushed, Said, SentOther, What
from bot.speech.outgoing import Outcome
from bot.speech.texts import seeker as texts
from flows import engine
from flows.said.before import Consents, read_consent
from flows.words.vocabulary import Vocabulary
from storage import shown
from storage.intakes import Intakes, OpenIntake
from storage.tx import Tx

_ANSWERS = {**TRUST, None: texts.CONSENT_HOW}
# What is said of something that came with a caption by which consent was given.
_NOT_TAKEN = {
    What.paper: texts.NOT_YET,
    What.sound: texts.NOT_YET,
    What.video: texts.NO_VIDEO,
    What.file: texts.NO_FILES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTalk:
    """Every method runs inside a change; nothing about a person is stored before "urgent" or "continue"."""

    screen: Screen
    questionnaires: Questionnaires
    intakes: Intakes
    intake_ends: IntakeEnds
    hiding: Hiding
    last_consent: LastConsent

    def said(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        """Typed by a stranger: a language or consent works as if pressed; a first message is its own language."""
        cards, languages = self.screen.cards, self.screen.cards.languages
        self.screen.queue.person.no_goodbye(tx, chat.chat_id)
        before = up_to(said.message_id)
        command = command_in(said.text)
        if command is Command.clear:
            self.hiding.leave_closed(tx, chat)
            return Outcome(wipe=before, empties=True)
        if command is Command.delete:  # also for a hidden chat, and the same for everybody
            self.screen.instead(tx, chat, Stands.erasing)
            return Outcome(card=cards.confirm_delete(chat.chat_id, self._speaks(chat)), fresh=True, wipe=before)
        consent = consent_in(said.text, cards.speech.words, languages)
        if consent is not None:
            self.screen.wipe(tx, chat, *before)
            return self.given(tx, chat, consent[0], None, urgent=consent[1], typed=said.text)
        shown = self.last_consent.language(chat.look_up, chat.now)
        if shown is not None and command is None:
            return self._at_consent(tx, chat, said, shown)
        if shown is not None and command not in {Command.start, Command.language}:
            return self._asks_consent(tx, chat, shown, texts.CONSENT_HOW, fresh=True, wipe=before)
        language = link_in(said.text, languages) or first_language(said.text, self.vocabulary, languages)
        if language is not None:
            return self._asks_consent(tx, chat, language, self._of_first(said.text), fresh=True, wipe=before)
        look_up = chat.look_up
        tx.after(lambda: self.last_consent.forget(look_up))
        return self.begins(chat, before)

    def sent(self, tx: Tx, chat: Chat, sent: SentOther) -> Outcome:
        """Sent by a stranger, and not kept: a caption is read as if it were typed, anything else is no answer."""
        if sent.what not in {What.place, What.number} and engine.tidy(sent.text):
            chat = structs.replace(chat, beside=_NOT_TAKEN.get(sent.what))
            return self.said(tx, chat, sent.as_said(tx.now))
        shown = self.last_consent.language(chat.look_up, chat.now)
        if shown is None:
            return self.begins(chat, (sent.message_id,))
        return self._asks_consent(tx, chat, shown, texts.CONSENT_HOW, fresh=True, wipe=up_to(sent.message_id))

    def _of_first(self, text: str) -> str | None:
        """What is said of a first message: one that says more than a greeting was not kept either."""
        if more_than(WORDS_OF_AN_ANSWER, text) is None:
            return None
        return _ANSWERS.get(read_consent(self.vocabulary, text), texts.CONSENT_HOW)

    def _speaks(self, chat: Chat) -> str:
        """The language of a stranger is that of the consent which they have read last."""
        shown = self.last_consent.language(chat.look_up, chat.now) if chat.is_stranger else None
        return shown or chat.language

    def _at_consent(self, tx: Tx, chat: Chat, said: Said, shown: str) -> Outcome:
        """The consent stands on the screen. Whatever is no answer to it shows it again, with how to answer."""
        before = up_to(said.message_id)
        language, meant = at_consent(said.text, self.vocabulary, self.screen.cards.languages, shown)
        match meant:
            case Consents.urgent | Consents.proceed:
                self.screen.wipe(tx, chat, *before)
                return self.given(tx, chat, language, None, urgent=meant is Consents.urgent, typed=said.text)
            case Consents.leave:
                return Outcome(card=self.screen.cards.left(chat.chat_id, language), fresh=True, wipe=before)
            case _:
                answer = _ANSWERS[meant] if language == shown else None
                return self._asks_consent(tx, chat, language, answer, fresh=True, wipe=before)

    def _asks_consent(
        self,
        tx: Tx,
        chat: Chat,
        language: str,
        said: str | None = None,
        *,
        fresh: bool = False,
        edit: int | None = None,
        wipe: tuple[int, ...] = (),
    ) -> Outcome:
        look_up, now = chat.look_up, chat.now
        tx.after(lambda: self.last_consent.show(look_up, language, now))
        return Outcome(card=self.screen.cards.consent(chat.chat_id, language, said), fresh=fresh, edit=edit, wipe=wipe)

    @property
    def vocabulary(self) -> Vocabulary:
        """What people type, as the questionnaire in use reads it."""
        return self.questionnaires.current.vocabulary

    def begins(self, chat: Chat, wipe: tuple[int, ...], before: str | None = None) -> Outcome:
        """The first message. `wipe`: what goes for it; `before`: a text that stands above it."""
        return Outcome(card=self.screen.cards.choose_language(chat.chat_id, before), fresh=True, wipe=wipe)

    def language(self, tx: Tx, chat: Chat, language: str, pressed: int) -> Outcome:
        """A language was pressed: of the consent, or of all that is said from now on."""
        if chat.is_stranger:
            return self._asks_consent(tx, chat, language, edit=pressed)
        if chat.intake is not None:
            state = structs.replace(chat.intake.state, language=language)
            self.intakes.put(tx, structs.replace(chat.intake, state=state))
        if chat.case_row is not None:
            self.intake_ends.calls.speaks(tx, self.screen.chats.cases.get(tx, chat.case_row), language)
        return self.screen.now(tx, chat)

    def consented(self, tx: Tx, chat: Chat, press: presses.Consent, pressed: int) -> Outcome:
        """Pressed "urgent" or "continue"."""
        if chat.is_stranger:  # a /start may still stand there, when the process died right after it
            self.screen.wipe(tx, chat, *up_to(pressed - 1))
        return self.given(tx, chat, press.language, pressed, urgent=press.urgent)

    def given(
        self, tx: Tx, chat: Chat, language: str, card_message: int | None, *, urgent: bool, typed: str = ""
    ) -> Outcome:
        """Consent is given: from here on there is an intake. `card_message`: where it was pressed; None when `typed`.

        Who cries for help in a sentence has said more than that, and nothing keeps it: the card says so.
        """
        if not chat.is_stranger:
            return self.screen.of(tx, chat)
        look_up = chat.look_up
        tx.after(lambda: self.last_consent.forget(look_up))
        if chat.hidden is not None:
            self.intake_ends.leave(tx, chat.hidden)
        flow = self.questionnaires.current
        intake = OpenIntake(
            look_up=chat.look_up,
            chat_id=chat.chat_id,
            state=engine.begin(flow, language, chat.here, urgent=urgent),
            tag=secrets.token_hex(3),
            card_message=card_message,
            call_due_at=chat.now + URGENT_AFTER if urgent else None,
            expires_at=chat.now + self.intakes.expires_after,
            asked_at=tx.at_once,
        )
        self.intakes.put(tx, intake)
        if card_message is not None:
            shown.keep(tx, chat.look_up, card_message)
        chat = structs.replace(chat, intake=structs.replace(intake, stored=True), hidden=None)
        says_more = urgent and more_than(WORDS_OF_AN_ANSWER, typed) is not None
        return self.screen.of(tx, chat, texts.CHOOSE_BELOW if says_more else None)

    def taken_back(self, tx: Tx, chat: Chat, pressed: int, *, lawyer_too: bool) -> Outcome:
        """The yes of /delete: intake and case are destroyed and the link is cut, in this change.

        Of what a lawyer can open for a day more the answer says nothing: it stays on the phone.
        """
        self.screen.queue.wipes.everything(tx, chat.chat_id, [], but=pressed)
        self.intake_ends.erase(tx, chat.look_up, lawyer_too=lawyer_too)
        return Outcome(card=self.screen.cards.erased(chat.chat_id, self._speaks(chat)), edit=pressed)

    def says_how_to_delete(self, tx: Tx, chat: Chat) -> Outcome:
        """/delete is asked for in the same words again, which confirm nothing yet: the card says what does.

        Where another process may have shown something since, a bare yes does not.
        """
        self.screen.covers(tx, chat)
        kept, how = is_kept_for_a_lawyer(chat.case), self.screen.chats.others.alone
        card = self.screen.cards.confirm_delete(chat.chat_id, chat.language, lawyer=kept, how=how)
        return Outcome(card=card, edit=chat.card_message, of=chat.shows)

    def not_taken_back(self, tx: Tx, chat: Chat, pressed: int | None) -> Outcome:
        """The no of /delete: a stranger is where they were."""
        shown = self.last_consent.language(chat.look_up, chat.now)
        if shown is not None:
            return self._asks_consent(tx, chat, shown, edit=pressed)
        return Outcome(card=self.screen.cards.choose_language(chat.chat_id), edit=pressed)

    def left(self, tx: Tx, chat: Chat, language: str, pressed: int) -> Outcome:
        """Pressed "leave"."""
        if chat.intake is not None:
            return self.screen.of(tx, chat)
        return Outcome(card=self.screen.cards.left(chat.chat_id, language), edit=pressed)

    def again(self, chat: Chat, incoming: Heard) -> Outcome:
        """A repeated update of a stranger: draws what its reply would have shown."""
        cards, language = self.screen.cards, None
        press = self.screen.press(incoming) if isinstance(incoming, Pushed) else None
        if isinstance(press, presses.DeleteAll):
            return Outcome(card=cards.erased(chat.chat_id, chat.language), fresh=True)
        if isinstance(press, presses.ChooseLanguage):
            language = press.language
        if isinstance(incoming, Said):
            shown = self.last_consent.language(chat.look_up, chat.now)
            first = first_language(incoming.text, self.vocabulary, cards.languages)
            language = link_in(incoming.text, cards.languages) or shown or first
        if language is not None:
            return Outcome(card=cards.consent(chat.chat_id, language), fresh=True)
        return self.begins(chat, ())
