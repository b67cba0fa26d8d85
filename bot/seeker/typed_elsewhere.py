"""What is typed while another card stands in the place of the question: it belongs to that card (other_cards.py)."""

from dataclasses import dataclass, replace

from bot.seeker.asking import AskingTalk
from bot.seeker.chat import Chat
from bot.seeker.consent import ConsentTalk
from bot.seeker.hiding import up_to
from bot.seeker.other_cards import Stands
from bot.seeker.own_words import WORDS_OF_AN_ANSWER
from bot.seeker.request import RequestTalk
from bot.seeker.screen import Screen
from bot.seeker.typed import Command, behind, command_in, language_in, numbered_language
from bot.speech import presses
from bot.speech.incoming import Said
from bot.speech.outgoing import Outcome
from bot.speech.texts import both
from bot.speech.texts import seeker as texts
from flows.said.before import Consents, named_language, read_consent
from flows.said.commands import Wish, read_wish
from flows.typed import plain, read_word
from storage.tx import Tx

_LEADS_BACK = {Command.back, Command.skip}
# A bare yes, and nothing that may as well mean "go on with the questions": what it settles cannot be undone.
_YES = frozenset(["да", "da", "ага", "угу", "yes", "иә", "ия", "иа", "ok", "ок", "okay", "окей"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedElsewhere:
    """Every method runs inside a change. The words of a button do what the button does."""

    screen: Screen
    consent: ConsentTalk
    asking: AskingTalk
    request: RequestTalk

    def heard(self, tx: Tx, chat: Chat, said: Said, stands: Stands) -> Outcome | None:
        """What a text does there; None when it is nothing that the card asks for."""
        command = command_in(said.text)
        if command is not None:
            return self._back(tx, self.kept_behind(tx, chat, said.text), said) if command in _LEADS_BACK else None
        match stands:
            case Stands.languages:
                language = self._language(said.text)
                if language is None:
                    return None
                return self.consent.language(tx, self.kept(tx, chat, said.text), language, said.message_id)
            case Stands.erasing:
                return self._erases(tx, chat, said)
            case Stands.withdrawing:
                return self._withdraws(tx, chat, said)
            case Stands.status | Stands.told:
                return self._back(tx, chat, said) if self._is_no(said.text) else None

    def kept(self, tx: Tx, chat: Chat, text: str, *, few: int = WORDS_OF_AN_ANSWER) -> Chat:
        """A sentence may say more than it is read for. `few`: so many words do not."""
        if chat.intake is not None:
            return self.asking.keeps(tx, chat, chat.intake, text, few=few)
        return self.request.keeps(tx, chat, text, few=few)

    def kept_behind(self, tx: Tx, chat: Chat, text: str) -> Chat:
        """What is said behind a command's name is in the case, where there is one, were it a single word."""
        return self.kept(tx, chat, text, few=0) if self._behind(text) else chat

    def cry_behind(self, tx: Tx, chat: Chat, said: Said) -> Said:
        """A cry for help behind a command's name is heard as if it stood alone: nobody is called for it yet.

        What clears the chat does so at once, whatever stands behind it.
        """
        alone = self._behind(said.text) if not chat.is_stranger else ""
        if not alone:
            return said
        if chat.intake is not None:
            cries = self.asking.cries(tx, chat.intake, alone)
        else:
            cries = chat.case is not None and self.request.tells_of_danger(tx, chat.case, alone)
        return replace(said, text=alone) if cries else said

    def _behind(self, text: str) -> str:
        """What clears the chat, or deletes everything, says nothing to a lawyer."""
        if command_in(text) in {Command.clear, Command.delete}:
            return ""
        return behind(text, self.consent.vocabulary, self.screen.cards.languages)

    def _erases(self, tx: Tx, chat: Chat, said: Said) -> Outcome | None:
        """The words that ask for it confirm it only once it is clear that they are not the first ones, come twice.

        Until then the card says how else: nobody should type them again and again.
        """
        too = self._is(said.text, texts.DELETE_LAWYER_TOO)
        again = self._is(said.text, texts.DELETE_YES)
        if again and self.screen.chats.others.may_be_the_same(chat.look_up, said):
            seen = self.consent.says_how_to_delete(tx, chat)
            tx.after(self.screen.chats.others.stays(chat.look_up))
            return seen
        if too or again or self._is_yes(said.text):
            done = self.consent.taken_back(tx, chat, 0, lawyer_too=too)
            return replace(done, edit=None, fresh=True, wipe=up_to(said.message_id))
        return self._back(tx, chat, said) if self._is_no(said.text) else None

    def _withdraws(self, tx: Tx, chat: Chat, said: Said) -> Outcome | None:
        if chat.intake is None:
            return None
        if self._is(said.text, texts.WITHDRAW_YES) or self._is_yes(said.text):
            return self.request.called(tx, chat, chat.intake, presses.Withdraw(chat.intake.tag), said.message_id)
        keeps = self._is(said.text, texts.GO_ON_CALLING) or self._is_no(said.text)
        return self._back(tx, chat, said) if keeps else None

    def _back(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        if not chat.is_stranger:
            return self.screen.of(tx, chat)
        return replace(self.consent.not_taken_back(tx, chat, None), fresh=True, wipe=up_to(said.message_id))

    def button(self, tx: Tx, chat: Chat, said: Said) -> Outcome | Command | None:
        """The words of a button that stands on a card of what was sent, or beside every question; None for others."""
        if self._is(said.text, texts.DELETE_YES):
            return Command.delete
        if self._is(said.text, texts.SHOW):
            return self.request.show(tx, chat, said.message_id)
        if chat.intake is not None:
            withdraws = self._is(said.text, texts.WITHDRAW)
            return self.request.wants_nobody(tx, chat, chat.intake) if withdraws else None
        rings = self._is(said.text, texts.NOTIFY_ON)
        if chat.case is None or not (rings or self._is(said.text, texts.NOTIFY_OFF)):
            return None
        return self.request.sent(tx, chat, chat.case, presses.Notify(chat.case.tag, rings=rings))

    # --- words ---

    def _language(self, text: str) -> str | None:
        """By its number on the card, its name or its code."""
        languages, vocabulary = self.screen.cards.languages, self.consent.vocabulary
        if read_consent(vocabulary, text) is Consents.urgent:  # whichever language it names
            return None
        numbered = numbered_language(text, vocabulary, languages)
        return numbered or language_in(text, languages) or named_language(vocabulary, text, tuple(languages))

    def _is(self, text: str, label: str) -> bool:
        words, said = self.screen.cards.speech.words, plain(text)
        return bool(said) and any(said == plain(words.text(each, label)) for each in self.screen.cards.languages)

    def _is_yes(self, text: str) -> bool:
        """Where another process may have shown the question since, it could be an answer to that."""
        return self.screen.chats.others.alone and plain(text) in _YES

    def _is_no(self, text: str) -> bool:
        if self._is(text, both.CANCEL) or read_word(text) is Wish.back:
            return True
        short = len(text.split()) == 1
        flow = self.consent.questionnaires.current
        no = short and read_consent(self.consent.vocabulary, text) is Consents.leave
        return no or (short and read_wish(flow, text) is Wish.back)
