"""The conversation with a person who asks for help: which part of it an update belongs to.

`hear` runs inside one change: intake, sealed entries, outbox rows and the update id are kept together or not at all.
Nothing about a person is stored before "urgent" or "continue" (bot/seeker/consent.py).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from msgspec import structs

from bot.handoff.parting import is_kept_for_a_lawyer
from bot.handoff.reaching import Reaching
from bot.rings import Event
from bot.seeker.asking import AskingTalk
from bot.seeker.chat import Chat
from bot.seeker.consent import ConsentTalk
from bot.seeker.hiding import Hiding, up_to
from bot.seeker.other_cards import Stands
from bot.seeker.request import RequestTalk
from bot.seeker.request_card import of_advice
from bot.seeker.screen import Screen
from bot.seeker.typed import BY_WISH, Command, beside_code, command_in, is_code
from bot.seeker.typed_elsewhere import TypedElsewhere
from bot.speech import presses
from bot.speech.incoming import Corrected, Heard, Pushed, Reach, Said, SentOther, What
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Press
from bot.speech.texts import seeker as texts
from flows import engine
from flows.said.commands import Wish
from storage import in_sight, shown
from storage.case import Case
from storage.intakes import OpenIntake
from storage.outbox import Lane
from storage.tx import Tx

MOVED_BY = timedelta(hours=1)
# Commands in words beside which somebody may say more; those that clear the chat may have been told of others.
_SAY_SOMETHING = frozenset({Wish.wait, Wish.urgent, Wish.withdraw, Wish.status, Wish.help, Wish.language})
_CLEARS = frozenset({Wish.hide, Wish.delete})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerTalk:
    """Hears a person and says what follows; every method runs inside a change."""

    screen: Screen
    consent: ConsentTalk
    asking: AskingTalk
    request: RequestTalk
    hiding: Hiding
    reaching: Reaching

    def reach(self, tx: Tx, reach: Reach) -> Outcome:
        """The person has blocked the bot, or let it in again. Nothing is said into the chat for it."""
        look_up = self.screen.chats.look_up(reach.chat_id)
        if reach.here:
            self.reaching.can_reach(tx, look_up)
        for case in () if reach.here else self.screen.chats.cases.all_of_chat(tx, look_up):
            self.reaching.cannot_reach(tx, case)
        return Outcome()

    def meet(self, tx: Tx, chat_id: int) -> Chat:
        """Somebody has written or pressed, and can be reached again: what is known of them."""
        chats = self.screen.chats
        chat = chats.of(tx, chat_id)
        self.reaching.can_reach(tx, chat.look_up)
        if chat.lost or chat.case is None or chat.case.chat_id is not None:
            return chat
        in_sight.set_chat(tx, chats.cases.ring, chat.case, chat_id)
        if chat.intake is not None:
            calls, case = self.asking.intake_to_case.calls, chats.cases.get(tx, chat.case.row)
            calls.speaks(tx, case, chat.intake.state.language)
        return chats.of(tx, chat_id)

    def hear(self, tx: Tx, chat: Chat, incoming: Heard) -> Outcome:
        """Handles one update of a private chat. `chat`: who was met there."""
        tx.after(lambda: self.screen.chats.others.gone(chat.look_up))
        if chat.lost:
            return self._lost(tx, chat, incoming)
        if chat.is_stranger:
            return replace(self._hear(tx, chat, incoming), lane=Lane.bulk)
        covered = self.screen.chats.others.covers(chat.look_up) or (chat.intake is not None and chat.intake.covered)
        chat = self.asking.files.seen(tx, self._spoken(tx, chat), incoming, covered=covered)
        # Whoever is there needs no message any more that says only that something is new.
        pressed = incoming.message_id if isinstance(incoming, Pushed) else None
        self.screen.wipe(tx, chat, *shown.beside(tx, chat.look_up, chat.card_message, pressed))
        seen = self._hear(tx, chat, incoming)
        self._waits_to_be_said(tx, chat, seen)
        return self._late(tx, incoming, seen) if isinstance(incoming, Said) and incoming.late else seen

    def again(self, tx: Tx, incoming: Heard) -> Outcome:
        """A repeated update: draws what its reply would have shown and changes nothing."""
        chat = self.screen.chats.of(tx, incoming.chat_id)
        return self.consent.again(chat, incoming) if chat.is_stranger else self.screen.of(tx, chat)

    # --- before it is known what an update is about ---

    def _lost(self, tx: Tx, chat: Chat, incoming: Heard) -> Outcome:
        """The open intake cannot be read: lawyers get what there is, and the person is asked to begin anew."""
        was_hidden = self.asking.intake_to_case.lost(tx, look_up=chat.look_up)
        chat = self.screen.chats.of(tx, chat.chat_id)
        if was_hidden or not chat.is_stranger:  # a hidden chat looks like the first time
            return self._hear(tx, chat, incoming)
        return self.consent.begins(chat, (incoming.message_id,), texts.LOST)

    def _spoken(self, tx: Tx, chat: Chat) -> Chat:
        """Its person is there: the silence is over, and what was answered is kept for longer."""
        if chat.intake is None:
            return chat
        intakes, before = self.screen.chats.intakes, chat.intake
        intake = intakes.alive(structs.replace(before, silent=False, untold=None), tx.now)
        # What follows mostly keeps it anyway; what changes nothing need not move the end at every tap.
        beside = texts.ENDS if before.warned_at is not None else before.untold
        if before.silent or beside is not None or intake.expires_at - before.expires_at > MOVED_BY:
            intakes.put(tx, intake)
        return structs.replace(chat, intake=intake, beside=beside)

    def _waits_to_be_said(self, tx: Tx, chat: Chat, seen: Outcome) -> None:
        """What was to be said beside the answer, and stands on no card yet, is said with the next one."""
        now = structs.replace(self.screen.chats.of(tx, chat.chat_id), beside=chat.beside) if chat.beside else chat
        intake, said = now.intake or now.hidden, self.screen.in_words(now, None)
        if chat.beside and said and intake is not None and (seen.card is None or said not in seen.card.text):
            self.screen.chats.intakes.put(tx, structs.replace(intake, untold=chat.beside), touched=False)

    def _late(self, tx: Tx, said: Said, seen: Outcome) -> Outcome:
        """The answer to a text of before an outage: nobody may be waiting for it any more (bot/gate.py)."""
        chat = self.screen.chats.of(tx, said.chat_id)
        if seen.card is None or chat.is_stranger or not seen.of:
            return seen
        shown = self.screen.replaced(tx, chat, seen, Event.late)
        if shown.card is not seen.card and seen.notice is not None and chat.intake is not None:
            self.screen.chats.intakes.put(tx, structs.replace(chat.intake, untold=seen.notice, covered=True))
        return shown

    def _hear(self, tx: Tx, chat: Chat, incoming: Heard) -> Outcome:
        match incoming:
            case Said():
                seen = self._said(tx, chat, incoming)
                tx.after(lambda: self.screen.chats.others.brought_by(chat.look_up, incoming.text))
                return seen
            case Pushed():
                return self._pushed(tx, chat, incoming)
            case SentOther():
                return self._sent_other(tx, chat, incoming)
            case Corrected():
                return self._corrected(tx, chat, incoming)
            case _:
                assert_never(incoming)

    # --- what was typed or sent ---

    def _said(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        if not chat.is_stranger and command_in(said.text) is None and self.asking.goes_on(chat.intake, said):
            return self._goes_on(tx, chat, said)
        behind = self.hiding.named_by_code(tx, chat, said.text)
        if behind is not None:
            return self._back_by_code(tx, chat, said, behind)
        if is_code(said.text) and not chat.is_stranger:
            chat = structs.replace(chat, beside=texts.NO_SUCH_CODE)
        stands = self.screen.chats.others.under(chat.look_up, said, tx.now)
        if not chat.is_stranger:
            self.screen.wipe(tx, chat, said.message_id)
        said = self._elsewhere.cry_behind(tx, chat, said)
        answered = self._elsewhere.heard(tx, chat, said, stands) if stands is not None else None
        if answered is not None:
            return answered
        if chat.is_stranger:
            return self.consent.said(tx, chat, said)
        return self._said_here(tx, chat, said, elsewhere=self._is_elsewhere(chat, said, stands))

    def _goes_on(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        """The rest of a text that Telegram has cut belongs to it, whatever it would mean alone."""
        self.screen.wipe(tx, chat, said.message_id)
        if chat.intake is not None:
            return self.asking.typed(tx, chat, chat.intake, said)
        self.asking.own_words.kept(tx, said)
        return self.request.said(tx, chat, said)

    def _back_by_code(self, tx: Tx, chat: Chat, said: Said, case: Case) -> Outcome:
        """A code of this account leads to its request; what is said beside it is in the case, and a cry is heard."""
        beside, out_of_sight = beside_code(said.text, self.consent.vocabulary), chat.intake or chat.hidden
        if beside and out_of_sight is not None and out_of_sight.case_row == case.row:
            self.asking.heeds(tx, out_of_sight, beside)
        seen = self.request.comes_back(tx, chat, case)
        self.screen.wipe(tx, chat, *up_to(said.message_id))
        if not beside:
            return seen
        now = self.screen.chats.of(tx, chat.chat_id)
        if now.intake is None and now.case is not None and self.request.tells_of_danger(tx, now.case, beside):
            return replace(self.request.said(tx, now, replace(said, text=beside)), fresh=True)
        self._elsewhere.kept(tx, now, said.text, few=0)
        return seen

    def _is_elsewhere(self, chat: Chat, said: Said, stands: Stands | None) -> bool:
        """Another card stands in the place of the question, or a neutral message."""
        early = self.screen.chats.others.came_after(chat.look_up, said)
        return stands is not None or (chat.intake is not None and chat.intake.covered and not early)

    def _said_here(self, tx: Tx, chat: Chat, said: Said, *, elsewhere: bool) -> Outcome:
        """`elsewhere`: another card stands in the place of the question."""
        named = self._elsewhere.button(tx, chat, said)
        if isinstance(named, Outcome):
            return named
        command = named or command_in(said.text)
        if command is not None:
            return self._command(tx, self._elsewhere.kept_behind(tx, chat, said.text), command, said.message_id)
        if chat.intake is None:
            return self._said_after(tx, chat, said)
        wished = self._wished(tx, chat, chat.intake, said)
        if wished is not None:
            return wished
        typed = self.asking.elsewhere if elsewhere else self.asking.typed
        return typed(tx, chat, chat.intake, said)

    @property
    def _elsewhere(self) -> TypedElsewhere:
        return TypedElsewhere(screen=self.screen, consent=self.consent, asking=self.asking, request=self.request)

    def _said_after(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        """After the answers were sent: a command in words, or a text to the lawyer."""
        meant = self.request.meant(said.text)
        command = BY_WISH.get(Wish(meant)) if meant is not None and meant in Wish.__members__ else None
        if command is None:
            self.asking.own_words.kept(tx, said)
            return self.request.said(tx, chat, said)
        if meant == Wish.help and chat.case is not None and (advice := self.screen.status.of(tx, chat.case).advice):
            self.request.said(tx, chat, said)
            return self._told(tx, chat, of_advice(self.screen.reader(chat), advice))
        if meant in _may_say_more(sealed=True):
            chat = self.request.keeps(tx, chat, said.text)
        return self._command(tx, chat, command, said.message_id)

    def _wished(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said) -> Outcome | None:
        """A command in words while a question is open; None for an answer, and for what the questionnaire reads."""
        wish = self.asking.wish(tx, chat, intake, said.text)
        if wish is Wish.urgent:
            intake = self.request.called_after_all(tx, intake)
            chat = structs.replace(chat, intake=intake)
        if wish in _may_say_more(sealed=intake.case_row is not None):
            chat = self.asking.keeps(tx, chat, intake, said.text, cries=wish is Wish.urgent)
            intake = chat.intake or intake
        match wish:
            case Wish.wait:
                return self.screen.of(tx, chat, texts.NO_HURRY)
            case Wish.urgent:
                return self.asking.hurry(tx, chat, intake)
            case Wish.withdraw:
                return self.request.wants_nobody(tx, chat, intake)
            case Wish.help if said_of_it := self.asking.advice(tx, chat, intake):
                return self._told(tx, chat, of_advice(self.screen.reader(chat), said_of_it))
            case _:
                command = BY_WISH.get(wish) if wish is not None else None
                return None if command is None else self._command(tx, chat, command, said.message_id)

    def _command(self, tx: Tx, chat: Chat, command: Command, typed: int) -> Outcome:
        match command:
            case Command.start:
                return self.screen.anew(tx, chat)
            case Command.help:
                return self._told(tx, chat, self.screen.cards.help(chat.chat_id, chat.language))
            case Command.back | Command.skip:
                step = engine.Back() if command is Command.back else engine.Skip()
                return self.asking.step(tx, chat, chat.intake, step) if chat.intake else self.screen.of(tx, chat)
            case Command.status:
                return self.request.status(tx, chat)
            case Command.language:
                self.screen.instead(tx, chat, Stands.languages)
                card = self.screen.cards.choose_language(chat.chat_id)
                return Outcome(card=card, edit=chat.card_message, of=chat.shows)
            case Command.clear:
                return self.hiding.hide(tx, chat, typed=typed)
            case Command.delete:
                self.screen.instead(tx, chat, Stands.erasing)
                kept = is_kept_for_a_lawyer(chat.case)
                card = self.screen.cards.confirm_delete(chat.chat_id, chat.language, lawyer=kept)
                return Outcome(card=card, edit=chat.card_message, of=chat.shows)
            case _:
                assert_never(command)

    def _told(self, tx: Tx, chat: Chat, card: Card) -> Outcome:
        """Something that is only read, in the place of the question."""
        seen = self.screen.anew(tx, chat, card)
        self.screen.instead(tx, chat, Stands.told)
        return seen

    def _corrected(self, tx: Tx, chat: Chat, edited: Corrected) -> Outcome:
        """A text was edited. A cry, a command, and what a stranger writes, is a text like any other."""
        code = self.hiding.named_by_code(tx, chat, edited.text)
        if chat.is_stranger or code is not None or command_in(edited.text) is not None:
            return self._said(tx, chat, edited.as_said)
        if not self.asking.files.is_coming(tx, chat, edited.message_id):
            self.screen.wipe(tx, chat, edited.message_id)
        answered = self.asking.corrected(tx, chat, chat.intake, edited) if chat.intake is not None else None
        if answered is not None:
            return answered
        return (
            self._said(tx, chat, edited.as_said)
            if self._hears_anew(tx, chat, edited)
            else self.request.corrected(tx, chat, edited.text)
        )

    def _hears_anew(self, tx: Tx, chat: Chat, edited: Corrected) -> bool:
        """It cries for help now, or nothing was answered by it before: it is a text like any other."""
        if chat.intake is not None:
            return self.asking.hears_anew(tx, chat, chat.intake, edited)
        return chat.case is not None and self.request.tells_of_danger(tx, chat.case, edited.text)

    def _sent_other(self, tx: Tx, chat: Chat, sent: SentOther) -> Outcome:
        named = self._by_caption(tx, chat, sent) if sent.what not in {What.place, What.number} else None
        if named is not None:
            return named
        if chat.is_stranger:
            return self.consent.sent(tx, chat, sent)
        if sent.what in {What.place, What.number}:
            self.screen.wipe(tx, chat, sent.message_id)
        if chat.intake is not None:
            said = sent.as_said(tx.now)
            stands = self.screen.chats.others.under(chat.look_up, said, tx.now)
            return self.asking.sent(tx, chat, chat.intake, sent, elsewhere=self._is_elsewhere(chat, said, stands))
        return self.request.sent_other(tx, chat, sent)

    def _by_caption(self, tx: Tx, chat: Chat, sent: SentOther) -> Outcome | None:
        """A caption is text: the code that leads back, or a command. What it came with goes to that request.

        None for any other; a stranger's command is none about a request.
        """
        said = sent.as_said(tx.now)
        behind = self.hiding.named_by_code(tx, chat, said.text)
        if behind is not None:
            seen = self._back_by_code(tx, chat, said, behind)
            self._takes(tx, self.screen.chats.of(tx, chat.chat_id), sent)
            return seen
        if chat.is_stranger or command_in(said.text) is None:
            return None
        return self._said(tx, self._takes(tx, chat, sent), said)

    def _takes(self, tx: Tx, chat: Chat, sent: SentOther) -> Chat:
        """A file that answers nothing: the chat as it then is, and what is said of it where it is not taken."""
        why_not = None
        if chat.intake is not None:
            intake, taken = self.asking.files.takes(tx, chat.intake, sent, elsewhere=True)
            self.screen.chats.intakes.put(tx, intake)
            why_not = taken.why_not
        elif chat.case is not None:
            why_not = self.request.files.into(tx, chat.case, sent).why_not
        return structs.replace(self.screen.chats.of(tx, chat.chat_id), beside=why_not or chat.beside)

    # --- what was pressed ---

    def _pushed(self, tx: Tx, chat: Chat, pushed: Pushed) -> Outcome:
        press = self.screen.press(pushed)
        match press:
            case presses.ChooseLanguage(language):
                return self.consent.language(tx, chat, language, pushed.message_id)
            case presses.Consent():
                return self.consent.consented(tx, chat, press, pushed.message_id)
            case presses.Leave(language):
                return self.consent.left(tx, chat, language, pushed.message_id)
            case _:
                return self._about_chat(tx, chat, press, pushed.message_id)

    def _about_chat(self, tx: Tx, chat: Chat, press: Press | None, pressed: int) -> Outcome:
        """A press that is about the whole chat, and names no request."""
        match press:
            case presses.HideChat(language):
                return self.hiding.hide(tx, chat, pressed=pressed, language=language)
            case presses.ShowMessages():
                return self.request.show(tx, chat, pressed)
            case presses.ShowEnd():
                return self.request.ended(tx, chat, press, pressed)
            case presses.DeleteAll(lawyer_too):
                return self.consent.taken_back(tx, chat, pressed, lawyer_too=lawyer_too)
            case presses.GoBack():
                back = self.consent.not_taken_back
                return back(tx, chat, pressed) if chat.is_stranger else self.screen.of(tx, chat)
            case _:
                return self._about_request(tx, chat, press, pressed) or self.screen.moved_on(tx, chat, pressed)

    def _about_request(self, tx: Tx, chat: Chat, press: Press | None, pressed: int) -> Outcome | None:
        """A press that names a request: only of the one that the chat shows."""
        match press:
            case presses.Notify() | presses.SituationChanged() if chat.case is not None:
                return self.request.sent(tx, chat, chat.case, press)
            case presses.AskToWithdraw() | presses.Withdraw() | presses.CallAgain() if chat.intake is not None:
                return self.request.called(tx, chat, chat.intake, press, pressed)
            case (
                presses.Option()
                | presses.DidMean()
                | presses.ShowFrom()
                | presses.ShowTitles()
                | presses.FromPhone()
                | presses.DateOf()
                | presses.DaySpan()
                | presses.DayPart()
                | presses.Done()
                | presses.Back()
                | presses.Skip()
                | presses.Revisit()
                | presses.Send()
            ) if chat.intake is not None:
                return self.asking.pressed(tx, chat, chat.intake, press)
            case _:
                return None


def _may_say_more(*, sealed: bool) -> frozenset[Wish]:
    """Commands whose sentence is kept, or said not to be. `sealed`: there is a case for it."""
    return _SAY_SOMETHING | _CLEARS if sealed else _SAY_SOMETHING
