"""The cards of a person's chat that are no question: first contact, a request that was sent, what is neutral."""

from dataclasses import dataclass, replace

from bot.languages import NAMES
from bot.seeker.request_card import ways_back
from bot.speech import presses
from bot.speech.outgoing import Card, Style
from bot.speech.reader import Speech
from bot.speech.texts import both
from bot.speech.texts import seeker as texts
from flows.model import Asks
from storage.intakes import OpenIntake

_FROM_PHONE = {
    Asks.place: (texts.PLACE_BELOW, texts.SEND_PLACE),
    Asks.number: (texts.NUMBER_BELOW, texts.SEND_NUMBER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerCards:
    """Draws them; one message, changed in place. `languages`: those that can be chosen."""

    speech: Speech
    languages: tuple[str, ...]

    # --- before anything is stored: the state is in the buttons ---

    def choose_language(self, chat_id: int, before: str | None = None) -> Card:
        """The language buttons, each in its own language. `before`: a text that is said first, in every language."""
        readers = [self.speech.to(chat_id, language) for language in self.languages]
        lines = [*(reader.text(before) for reader in readers), ""] if before is not None else []
        lines += [reader.text(texts.CHOOSE_LANGUAGE) for reader in readers]
        rows = [
            (reader.named(f"{number}. {NAMES[reader.language]}", presses.ChooseLanguage(reader.language)),)
            for number, reader in enumerate(readers, start=1)
        ]
        return Card("\n".join(lines), tuple(rows))

    def consent(self, chat_id: int, language: str, said: str | None = None) -> Card:
        """The consent text with its three ways on. `said`: a line that answers what was typed, at its visible end."""
        reader = self.speech.to(chat_id, language)
        text = reader.text(texts.CONSENT)
        if said is not None:  # without empty lines both fit the smallest phone
            text = text.replace("\n\n", "\n") + "\n" + reader.text(said)
        rows = (
            (reader.button(texts.URGENT, presses.Consent(language, urgent=True), Style.danger),),
            (reader.button(texts.CONTINUE, presses.Consent(language, urgent=False)),),
            (reader.button(texts.LEAVE, presses.Leave(language)),),
        )
        return Card(text, rows)

    def left(self, chat_id: int, language: str) -> Card:
        """The answer to *leave*."""
        return self.speech.to(chat_id, language).card(texts.LEFT)

    def erased(self, chat_id: int, language: str) -> Card:
        """After everything was erased."""
        return self.speech.to(chat_id, language).card(texts.DELETE_DONE)

    def help(self, chat_id: int, language: str) -> Card:
        """/help: every command that can be typed."""
        reader = self.speech.to(chat_id, language)
        return reader.card(texts.HELP, ways_back(reader))

    def joined(self, chat_id: int, language: str) -> Card:
        """What was sent into an earlier request that is out of sight: without its code."""
        return self._last(chat_id, language, texts.SENT_JOINED)

    def from_phone(self, intake: OpenIntake, asks: Asks) -> Card:
        """Telegram's own button that sends where the phone is, or its number."""
        reader = self.speech.to(intake.chat_id, intake.state.language)
        said, label = _FROM_PHONE[asks]
        return replace(reader.card(said), sends=(asks, reader.text(label)))

    # --- what is neutral: no code, no name, nothing about what it is for ---

    def ping(self, chat_id: int, language: str) -> Card:
        """News of a request: the only thing that rings on a person's phone."""
        reader = self.speech.to(chat_id, language)
        return reader.card(texts.NEW_MESSAGE, (reader.button(texts.SHOW, presses.ShowMessages()),))

    def rests(self, chat_id: int, language: str) -> Card:
        """In place of a card that would soon be too old to be removed: the card comes back with a tap."""
        reader = self.speech.to(chat_id, language)
        show = reader.button(texts.SHOW, presses.ShowMessages())
        return reader.card(texts.RESTS, (show, reader.button(texts.HIDE_CHAT, presses.HideChat())))

    def closed(self, chat_id: int, language: str) -> Card:
        """The last card of a request that was closed."""
        return self._last(chat_id, language, texts.CLOSED_CARD)

    def goodbye(self, chat_id: int, language: str, why: presses.Ended) -> Card:
        """News of a request of which nothing is known any more: what it says is in the button."""
        reader = self.speech.to(chat_id, language)
        return reader.card(texts.NEW_MESSAGE, (reader.button(texts.SHOW, presses.ShowEnd(why, language)),))

    def expired(self, chat_id: int, language: str) -> Card:
        """What was answered was not sent in time."""
        return self._last(chat_id, language, texts.EXPIRED)

    # --- hiding, erasing, withdrawing ---

    def hidden(self, chat_id: int, language: str, said: str) -> Card:
        """What answers a typed /clear for a moment: the code that leads back."""
        hide = self.speech.to(chat_id, language).button(texts.HIDE_CHAT, presses.HideChat(language))
        return Card(said, ((hide,),))

    def confirm_delete(self, chat_id: int, language: str, *, lawyer: bool = False, how: bool = False) -> Card:
        """The one confirmation of /delete. `lawyer`: the chat shows a case that stays with its lawyer for a day.

        `how`: with a line on how to confirm it.
        """
        reader = self.speech.to(chat_id, language)
        text = texts.DELETE_CONFIRM_LAWYER if lawyer else texts.DELETE_CONFIRM
        also = reader.button(texts.DELETE_LAWYER_TOO, presses.DeleteAll(lawyer_too=True), Style.danger)
        yes = reader.button(texts.DELETE_YES, presses.DeleteAll(), Style.danger)
        rows = ((yes,), *([(also,)] if lawyer else []), (reader.button(both.CANCEL, presses.GoBack()),))
        return Card("\n".join([reader.text(text), *([reader.text(texts.DELETE_HOW)] if how else [])]), rows)

    def confirm_withdrawal(self, intake: OpenIntake) -> Card:
        """The one confirmation of withdrawing a call; the way back stands first."""
        reader = self.speech.to(intake.chat_id, intake.state.language)
        return reader.card(
            texts.WITHDRAW_CONFIRM,
            (reader.button(texts.GO_ON_CALLING, presses.GoBack()),),
            (reader.button(texts.WITHDRAW_YES, presses.Withdraw(intake.tag), Style.danger),),
        )

    def _last(self, chat_id: int, language: str, text: str) -> Card:
        """A text with nothing but *hide chat* under it: nothing may be known of this chat when it is pressed."""
        reader = self.speech.to(chat_id, language)
        return reader.card(text, (reader.button(texts.HIDE_CHAT, presses.HideChat(language)),))
