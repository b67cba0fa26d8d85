"""The conversation with a person who asks for help.

`hear` runs inside one change: intake, sealed entries, outbox rows and the update id are kept together or not at all.
Nothing about a person is stored before "urgent" or "continue"; until then the state is in the buttons.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.gate import Event, Way, hands_of, let_out
from bot.handoff.for_person import way_of
from bot.handoff.intake_to_case import IntakeToCase
from bot.handoff.queue import Queue
from bot.handoff.wipes import FAR
from bot.questionnaires import Questionnaires
from bot.seeker.cards import Cards
from bot.seeker.chat import Chat, chat_of, veil
from bot.seeker.commands import Command, command_in, consent_in, language_in
from bot.seeker.from_lawyer import FromLawyer
from bot.seeker.hiding import Hiding, up_to
from bot.seeker.joining import Joining
from bot.seeker.status import StatusInWords
from bot.speech import presses, texts
from bot.speech.incoming import Corrected, Heard, Incoming, Pushed, Reach, Said, SentOther
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Date, Ended, OnQuestion, Press, read_press
from bot.speech.words import HERE
from flows import engine
from flows.engine import Answered, Happened, NotUnderstood, Sent, Why, answered_in_order
from flows.model import Dated, Flow
from storage import shown
from storage.cases import Case, Cases
from storage.errors import Unreadable
from storage.intakes import SILENCE, Intakes, OpenIntake
from storage.outbox import Lane
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx

URGENT_AFTER = timedelta(seconds=60)
FULL_MESSAGE = 4096  # Bot API, sendMessage: Telegram cuts a longer text into messages of this length
SAME_TEXT_WITHIN = timedelta(seconds=5)
RENEWED_AFTER = timedelta(hours=46)  # Bot API, deleteMessage: within 48 hours

_WHY = {
    Why.no_option: texts.NO_OPTION,
    Why.no_date: texts.NO_DATE,
    Why.future: texts.FUTURE,
    Why.empty: texts.EMPTY,
    Why.nothing_ticked: texts.NOTHING_TICKED,
    Why.not_asked: texts.NOT_ASKED,
    Why.not_skippable: texts.NOT_SKIPPABLE,
}

Shown = tuple[int, Outcome]  # a chat, and what it shows now


@dataclass(frozen=True, slots=True)
class SeekerTalk:
    """Hears a person and says what follows; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    questionnaires: Questionnaires
    cards: Cards
    intakes: Intakes
    cases: Cases
    queue: Queue
    intake_to_case: IntakeToCase
    status: StatusInWords
    from_lawyer: FromLawyer
    hiding: Hiding
    joining: Joining

    def hear(self, tx: Tx, incoming: Incoming) -> Outcome:
        """Handles one update of a private chat."""
        look_up = self.ring.look_up("telegram", incoming.chat_id)
        if isinstance(incoming, Reach):
            return self._reach(tx, look_up, incoming)
        self.intake_to_case.calls.claims.can_reach(tx, look_up)
        chat = self._chat(tx, incoming.chat_id)
        if chat.lost:
            return self._lost(tx, chat, incoming)
        if chat.case is not None and chat.case.chat_id is None:
            self.cases.set_chat(tx, chat.case, chat.chat_id)
            if chat.intake is not None:
                self.cases.set_language(tx, self.cases.get(tx, chat.case.row), chat.intake.state.language)
            chat = self._chat(tx, incoming.chat_id)
        if chat.is_stranger:
            joins = self.joining.hear(tx, incoming)
            return replace(joins or self._hear(tx, chat, incoming), lane=Lane.bulk)
        chat = self._spoken(tx, chat)
        # Whoever is there needs no message any more that says only that something is new.
        pressed = incoming.message_id if isinstance(incoming, Pushed) else None
        self.queue.wipes.messages(tx, chat.chat_id, shown.beside(tx, chat.look_up, chat.card_message, pressed))
        seen = self._hear(tx, chat, incoming)
        return self._later(tx, incoming, seen) if isinstance(incoming, Said) and incoming.late else seen

    def _spoken(self, tx: Tx, chat: Chat) -> Chat:
        """Its person is there: the silence is over."""
        if chat.intake is None or not chat.intake.silent:
            return chat
        intake = replace(chat.intake, silent=False)
        self.intakes.put(tx, intake)
        return replace(chat, intake=intake)

    def _later(self, tx: Tx, said: Said, seen: Outcome) -> Outcome:
        """The answer to a text of before an outage: nobody may be waiting for it any more (bot/gate.py)."""
        chat = self._chat(tx, said.chat_id)
        if seen.card is None or chat.is_stranger or not seen.of:
            return seen
        return self._replaced(tx, chat, seen, Event.late)

    def _replaced(self, tx: Tx, chat: Chat, seen: Outcome, event: Event) -> Outcome:
        """Where the gate lets it: in place of the card a neutral message, which becomes the card once it is opened."""
        let = self._let(tx, chat, event)
        if let not in {Way.ping, Way.hint}:
            return replace(seen, only_edit=True, fresh=False)
        if chat.card_message is not None:
            self.queue.wipes.messages(tx, chat.chat_id, [chat.card_message])
        ping = self.cards.ping(chat.chat_id, chat.language(self.cards.languages[0]))
        return replace(seen, card=ping, fresh=True, rings=let is Way.ping)

    def _let(self, tx: Reading, chat: Chat, event: Event) -> Way:
        """What may leave for this chat."""
        row = chat.case.row if chat.case is not None else chat.intake.case_row if chat.intake is not None else None
        case = self.cases.get(tx, row) if row is not None else None
        if case is not None and case.status in {"waiting", "claimed"}:
            return way_of(event, case, self.cases.handoffs.get(tx, case.row).facts)
        if chat.intake is None:
            return Way.nothing
        return let_out(event, hands_of(self.questionnaires.of(tx, chat.intake.state.flow), chat.intake.state.answers))

    def _reach(self, tx: Tx, look_up: bytes, reach: Reach) -> Outcome:
        """The person has blocked the bot, or let it in again. Nothing is said into the chat for it."""
        claims = self.intake_to_case.calls.claims
        if reach.here:
            claims.can_reach(tx, look_up)
        for case in () if reach.here else self.cases.all_of_chat(tx, look_up):
            claims.cannot_reach(tx, case)
        return Outcome(wake=True)

    def _hear(self, tx: Tx, chat: Chat, incoming: Heard) -> Outcome:
        match incoming:
            case Said():
                return self._said(tx, chat, incoming)
            case Pushed():
                return self._pushed(tx, chat, incoming)
            case SentOther():
                return self._sent_other(tx, chat, incoming)
            case Corrected():
                return self._corrected(tx, chat, incoming)
            case _:
                assert_never(incoming)

    def again(self, tx: Tx, incoming: Heard) -> Outcome:
        """A repeated update: draws what its reply would have shown and changes nothing."""
        chat = self._chat(tx, incoming.chat_id)
        if not chat.is_stranger:
            return self._view(tx, chat)
        language = None
        if isinstance(incoming, Said):
            language = language_in(incoming.text, self.cards.languages)
        if isinstance(incoming, Pushed):
            match read_press(self.ring, chat.chat_id, incoming.data):
                case presses.ChooseLanguage(chosen):
                    language = chosen
                case presses.DeleteAll():
                    return Outcome(card=self.cards.plain(self.cards.languages[0], texts.DELETE_DONE), fresh=True)
                case _:
                    pass
        if language is not None:
            return Outcome(card=self.cards.consent(chat.chat_id, language), fresh=True)
        return Outcome(card=self.cards.choose_language(chat.chat_id), fresh=True)

    def may(self, tx: Reading, chat_id: int, outcome: Outcome) -> bool:
        """Whether the chat still shows the request that a message was drawn for."""
        return bool(outcome.of & self._chat(tx, chat_id).shows)

    def leaves(self, tx: Tx, chat_id: int, outcome: Outcome, by: str) -> bool:
        """A new message is about to leave; until it has come, a row knows that something may stand there."""
        if outcome.of and not outcome.of & self._chat(tx, chat_id, hold=True).shows:
            return False
        self.queue.person.leaves(tx, chat_id, by, beside=outcome.apart)
        return True

    def came(self, tx: Tx, chat_id: int, message_id: int | None, outcome: Outcome, by: str) -> None:
        """A message has arrived: its id is kept, of a stranger none. What nobody may see any more is removed.

        None: it was refused.
        """
        chat = self._chat(tx, chat_id, hold=True)
        if outcome.is_kept:
            self.queue.person.came(tx, chat_id, by, beside=outcome.apart)
        if message_id is None:
            return
        if outcome.for_now is not None:
            self.queue.wipes.messages(tx, chat_id, [message_id], at=tx.now + outcome.for_now)
        elif outcome.goodbye:
            self.queue.person.said_goodbye(tx, chat_id, message_id)
        elif outcome.of and not outcome.of & chat.shows:
            self.queue.wipes.messages(tx, chat_id, [message_id])
        elif not chat.is_stranger:
            self._stands(tx, chat, message_id, card=not outcome.apart)

    def make_room(self, tx: Tx, case: Case, chat_id: int) -> None:
        """A message comes beside the card: those that stand there say nothing else, and go."""
        if case.chat_look_up is not None:
            stands = shown.beside(tx, case.chat_look_up, self.cases.card_shown(tx, case))
            self.queue.wipes.messages(tx, chat_id, stands)

    def _stands(self, tx: Tx, chat: Chat, message_id: int, *, card: bool) -> None:
        if card and chat.case is not None:
            self.cases.set_card(tx, chat.case.row, message_id)
        if card and chat.intake is not None:
            self.intakes.set_card(tx, chat.look_up, message_id)
        shown.keep(tx, chat.look_up, message_id)

    def view(self, tx: Tx, chat_id: int, notice: str | None = None) -> Outcome:
        """What the chat should show now; an empty outcome when nothing is known about it."""
        return self._view(tx, self._chat(tx, chat_id), notice, speaks=False)

    def known(self, tx: Reading, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have an intake or a case."""
        look_ups = {self.ring.look_up("telegram", one): one for one in chats}
        found = self.intakes.known(tx, list(look_ups)) | self.cases.known(tx, list(look_ups))
        return frozenset(look_ups[one] for one in found)

    def veil(self, tx: Tx, row: int) -> Shown | None:
        """Once its person has been silent, a card is drawn without the earlier answers."""
        intake = self.intakes.take(tx, "veil", row)
        if intake is None:
            return None
        self.intakes.put(tx, veil(intake))
        if intake.silent or intake.hidden:  # drawn so already
            return None
        return intake.chat_id, replace(self.view(tx, intake.chat_id), only_edit=True)

    def hide_code(self, tx: Tx, row: int) -> Shown | None:
        """Once its person has been silent, the card of a sent request is drawn without its code."""
        self.cases.handoffs.show_code(tx, row, None)
        return self._drawn_anew(tx, self.cases.get(tx, row))

    def fade(self, tx: Tx, row: int) -> Shown | None:
        """What a lawyer wrote has been readable for long enough."""
        self.from_lawyer.relay.fade(tx, row)
        return self._drawn_anew(tx, self.cases.get(tx, row))

    def _drawn_anew(self, tx: Tx, case: Case) -> Shown | None:
        if case.chat_id is None or case.hidden:
            return None
        return case.chat_id, replace(self.view(tx, case.chat_id), only_edit=True)

    def renew(self, tx: Tx, row: int) -> Shown | None:
        """A message that Telegram would soon let nobody remove: it goes, and in a card's place a neutral one comes.

        `row`: the message's id. Nothing of it rings, and nothing is left in a chat that shows nothing.
        """
        look_up = shown.where(tx, row, tx.now - RENEWED_AFTER)
        chat_id = self._chat_id(tx, look_up) if look_up is not None else None
        if look_up is None or chat_id is None:
            shown.forget(tx, row, tx.now - RENEWED_AFTER)
            return None
        chat = self._chat(tx, chat_id)
        if row != chat.card_message:
            self.queue.wipes.messages(tx, chat_id, [row])
            return None
        self.queue.wipes.messages(tx, chat_id, [row])
        card = self.cards.rests(chat_id, chat.language(self.cards.languages[0]))
        return chat_id, Outcome(card=card, fresh=True, lane=Lane.bulk, of=chat.shows)

    def _chat_id(self, tx: Reading, look_up: bytes) -> int | None:
        intake = self.intakes.find(tx, look_up)
        if intake is not None:
            return intake.chat_id
        case = self.cases.of_chat(tx, look_up)
        return case.chat_id if case is not None else None

    def ask_again(self, tx: Tx, row: int, *, heard: Collection[int]) -> Shown | None:
        """After an outage, in which presses may have been lost: behind a neutral ping, the question once more.

        `heard`: chats that have been answered since. Nothing rings on a phone that may be in other hands: there the
        card simply stays.
        """
        intake = self.intakes.of_row(tx, row)
        if intake is None or intake.hidden or intake.chat_id in heard or intake.card_message is None:
            return None
        chat = self._chat(tx, intake.chat_id)
        seen = self._replaced(tx, chat, Outcome(of=chat.shows, lane=Lane.bulk), Event.asked_again)
        return (intake.chat_id, seen) if seen.card is not None else None

    def redraw(self, tx: Tx, row: int) -> Shown | None:
        """After a start: a card whose reply may have been lost."""
        intake = self.intakes.of_row(tx, row)
        return None if intake is None or intake.hidden else (intake.chat_id, self.view(tx, intake.chat_id))

    def strays(self, tx: Reading, chat_id: int, since: int) -> Sequence[int]:
        """A message left for this chat, and nobody knows whether it has come: what may stand there unknown.

        Its id is one of those after `since`; ids of other chats' messages are passed over (Bot API, deleteMessages).
        """
        chat = self._chat(tx, chat_id)
        known = {chat.card_message, *shown.beside(tx, chat.look_up)}
        return [one for one in range(since + 1, since + FAR + 1) if one not in known]

    def _lost(self, tx: Tx, chat: Chat, incoming: Heard) -> Outcome:
        """The open intake cannot be read: lawyers get what there is, and the person is asked to begin anew."""
        was_hidden = self.intake_to_case.lost(tx, look_up=chat.look_up)
        chat = self._chat(tx, chat.chat_id)
        if was_hidden or not chat.is_stranger:  # a hidden chat looks like the first time
            return self._hear(tx, chat, incoming)
        said = [self.cards.words.text(language, texts.LOST) for language in self.cards.languages]
        start = self.cards.choose_language(chat.chat_id)
        return Outcome(
            card=replace(start, text="\n".join([*said, "", start.text])), fresh=True, wipe=(incoming.message_id,)
        )

    # --- what came ---

    def _said(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        behind = self.hiding.named_by_code(tx, chat, said.text)
        if behind is not None:
            self.hiding.bring_back(tx, chat, behind)
            self.queue.wipes.messages(tx, chat.chat_id, up_to(said.message_id))
            return replace(self._view(tx, self._chat(tx, chat.chat_id)), fresh=True)
        if chat.is_stranger:
            return self._stranger(tx, chat, said)
        self.queue.wipes.messages(tx, chat.chat_id, [said.message_id])
        command = command_in(said.text)
        if command is not None:
            return self._command(tx, chat, command, said.message_id)
        case = chat.case
        if chat.intake is None and case and self._says_changed(said.text) and self._may_change(tx, case):
            return self._reopen(tx, chat, case)
        if chat.intake is None:
            return self._add(tx, chat, said)
        if self._continues(chat.intake, said):
            return self._continue_text(tx, chat, chat.intake, said)
        turn = engine.Typed(said.text)
        full = len(said.text) >= FULL_MESSAGE
        return self._advance(tx, chat, chat.intake, turn, full=full, at=said.at, said_in=said.message_id)

    def _pushed(self, tx: Tx, chat: Chat, pushed: Pushed) -> Outcome:
        press = read_press(self.ring, chat.chat_id, pushed.data)
        match press:
            case presses.ChooseLanguage(language):
                return self._language(tx, chat, language, pushed)
            case presses.Consent(language, urgent):
                if chat.is_stranger:  # a /start may still stand there, when the process died right after it
                    self.queue.wipes.messages(tx, chat.chat_id, up_to(pushed.message_id - 1))
                return self._consent(tx, chat, language, pushed.message_id, urgent=urgent)
            case presses.Leave(language):
                card = self.cards.plain(language, texts.LEFT)
                return Outcome(card=card, edit=pushed.message_id) if chat.intake is None else self._view(tx, chat)
            case presses.HideChat(language):
                return self.hiding.hide(tx, chat, pressed=pushed.message_id, language=language)
            case presses.ShowEnd(why, language):
                return self._told(tx, chat, pushed.message_id, why, language)
            case presses.ShowMessages():
                return self._show_messages(tx, chat, pushed.message_id)
            case presses.DeleteAll():
                return self._erase(tx, chat, pushed.message_id)
            case presses.GoBack():
                start = Outcome(card=self.cards.choose_language(chat.chat_id), edit=pushed.message_id)
                return start if chat.is_stranger else self._view(tx, chat)
            case _:
                return self._of_case(tx, chat, press, pushed)

    def _of_case(self, tx: Tx, chat: Chat, press: Press | None, pushed: Pushed) -> Outcome:
        """A press that belongs to a case that was sent: it names the one that this chat shows."""
        match press:
            case presses.Notify(tag, rings) if chat.case is not None and chat.case.tag == tag:
                self.cases.set_wants_ping(tx, chat.case.row, wants=rings)
                return self._view(tx, self._chat(tx, chat.chat_id))
            case presses.SituationChanged(tag) if (
                chat.intake is None and chat.case is not None and chat.case.tag == tag
            ):
                return self._reopen(tx, chat, chat.case)
            case _:
                return self._on_card(tx, chat, press, pushed)

    def _on_card(self, tx: Tx, chat: Chat, press: Press | None, pushed: Pushed) -> Outcome:
        """A press that belongs to an open intake: its tag, and for answers its visit, must be the current ones."""
        intake = chat.intake
        match press:
            case presses.NotNow(tag) if intake is not None and intake.tag == tag:
                return self._ask_whether(tx, chat, intake, pushed.message_id)
            case presses.Withdraw(tag) if intake is not None and intake.tag == tag:
                return self._not_now(tx, chat, intake)
            case presses.CallAgain(tag) if intake is not None and intake.tag == tag:
                return self._call_again(tx, chat, intake)
            case (
                presses.Option(tag, visit)
                | presses.DateOf(tag, visit)
                | presses.Done(tag, visit)
                | presses.Back(tag, visit)
                | presses.Skip(tag, visit)
                | presses.Revisit(tag, visit)
                | presses.Send(tag, visit)
            ) if intake is not None and (intake.tag, intake.state.visit) == (tag, visit):
                happened = self._happened(tx, intake, press)
                if happened is not None:
                    return self._advance(tx, chat, intake, happened)
            case _:
                pass
        return self._moved_on(tx, chat, pushed)

    def _happened(self, tx: Reading, intake: OpenIntake, press: OnQuestion) -> Happened | None:
        match press:
            case presses.Done():
                return engine.Done()
            case presses.Back():
                return engine.Back()
            case presses.Skip():
                return engine.Skip()
            case presses.Send():
                return engine.Send()
            case presses.DateOf(date=date):
                return _date(date, tx.now)
            case presses.Option(number=number):
                asked = intake.state.asked
                options = () if asked is None else self.questionnaires.asked(tx, intake).question(asked).options
                return engine.Pressed(options[number - 1].id) if 0 < number <= len(options) else None
            case presses.Revisit(number=number):
                listed = answered_in_order(self.questionnaires.asked(tx, intake), intake.state)
                return engine.Revisit(listed[number - 1]) if 0 < number <= len(listed) else None

    def _sent_other(self, tx: Tx, chat: Chat, sent: SentOther) -> Outcome:
        if chat.is_stranger:
            card = self.cards.choose_language(chat.chat_id)
            return Outcome(card=card, fresh=True, wipe=(sent.message_id,))
        self.queue.wipes.messages(tx, chat.chat_id, [sent.message_id])
        return self._view(tx, chat, texts.ONLY_TEXT)

    # --- before consent ---

    def _stranger(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        """Nothing is stored: a typed language or consent works as if pressed, anything else begins."""
        self.queue.person.no_goodbye(tx, chat.chat_id)
        if command_in(said.text) is Command.clear:
            self.hiding.leave_closed(tx, chat)
            return Outcome(wipe=up_to(said.message_id), empties=True, wake=True)
        if command_in(said.text) is Command.delete:  # also for a hidden chat, and the same for everybody
            card = self.cards.confirm_delete(chat.chat_id, chat.language(self.cards.languages[0]))
            return Outcome(card=card, fresh=True, wipe=up_to(said.message_id))
        consent = consent_in(said.text, self.cards.words, self.cards.languages)
        if consent is not None:
            self.queue.wipes.messages(tx, chat.chat_id, up_to(said.message_id))
            return self._consent(tx, chat, consent[0], None, urgent=consent[1])
        language = language_in(said.text, self.cards.languages)
        if language is not None:
            card = self.cards.consent(chat.chat_id, language)
            return Outcome(card=card, fresh=True, wipe=up_to(said.message_id))
        return Outcome(card=self.cards.choose_language(chat.chat_id), fresh=True, wipe=up_to(said.message_id))

    def _language(self, tx: Tx, chat: Chat, language: str, pushed: Pushed) -> Outcome:
        if chat.is_stranger:
            return Outcome(card=self.cards.consent(chat.chat_id, language), edit=pushed.message_id)
        if chat.intake is not None:
            chat = replace(chat, intake=replace(chat.intake, state=replace(chat.intake.state, language=language)))
            self.intakes.put(tx, self._one(chat))
        row = chat.intake.case_row if chat.intake is not None else chat.case.row if chat.case is not None else None
        if row is not None:
            self.cases.set_language(tx, self.cases.get(tx, row), language)
        return self._view(tx, self._chat(tx, chat.chat_id))

    def _consent(self, tx: Tx, chat: Chat, language: str, card_message: int | None, *, urgent: bool) -> Outcome:
        """The tap that gives consent: from here on there is an intake."""
        if not chat.is_stranger:
            return self._view(tx, chat)
        if chat.hidden is not None:
            self.intake_to_case.leave(tx, chat.hidden)
        flow = self.questionnaires.current
        intake = OpenIntake(
            look_up=chat.look_up,
            chat_id=chat.chat_id,
            state=engine.begin(flow, language, chat.now.astimezone(HERE), urgent=urgent),
            tag=secrets.token_hex(3),
            card_message=card_message,
            call_due_at=chat.now + URGENT_AFTER if urgent else None,
            expires_at=chat.now + self.intakes.expires_after,
        )
        self.intakes.put(tx, intake)
        if card_message is not None:
            shown.keep(tx, chat.look_up, card_message)
        return self._view(tx, replace(chat, intake=replace(intake, stored=True), hidden=None))

    # --- after sending ---

    def _reopen(self, tx: Tx, chat: Chat, case: Case) -> Outcome:
        """The situation has changed: the questions about danger once more; whatever comes of it joins the case."""
        case = self.cases.hold(tx, case.row)
        if not self._may_change(tx, case):
            return self._view(tx, self._chat(tx, chat.chat_id))
        if chat.hidden is not None:  # a chat has one intake
            self.intake_to_case.leave(tx, chat.hidden)
        flow = self.questionnaires.of_case(tx, case.revision)
        intake = OpenIntake(
            look_up=chat.look_up,
            chat_id=chat.chat_id,
            state=engine.begin(flow, case.language, chat.now.astimezone(HERE), urgent=True),
            tag=secrets.token_hex(3),
            case_row=case.row,
            card_message=case.card_message,
            expires_at=chat.now + self.intakes.expires_after,
            handed=True,
            reopens=True,
        )
        self.intakes.put(tx, intake)
        seen = self._view(tx, replace(chat, intake=replace(intake, stored=True)))
        return replace(seen, fresh=chat.hidden is not None)

    def _leave_change(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome:
        """Back from the first of the few questions: nothing has changed after all."""
        self.intakes.remove(tx, intake.look_up)
        return self._view(tx, self._chat(tx, chat.chat_id))

    def _may_change(self, tx: Reading, case: Case) -> bool:
        return case.status in {"waiting", "claimed"} and bool(self.questionnaires.of_case(tx, case.revision).changed)

    def _says_changed(self, text: str) -> bool:
        """The button's words typed, or those of "urgent": after sending they must not be a message like any other."""
        said = text.strip().casefold().rstrip(".!")
        labels = [
            self.cards.words.text(language, label).casefold()
            for language in self.cards.languages
            for label in (texts.CHANGED, texts.URGENT)
        ]
        return any(said in {label, label.partition(":")[0]} for label in labels)

    # --- commands ---

    def _command(self, tx: Tx, chat: Chat, command: Command, typed: int) -> Outcome:
        match command:
            case Command.start | Command.help:
                return self._afresh(tx, chat, texts.HELP if command is Command.help else None)
            case Command.back | Command.skip:
                happened: Happened = engine.Back() if command is Command.back else engine.Skip()
                return self._advance(tx, chat, chat.intake, happened) if chat.intake else self._view(tx, chat)
            case Command.status:
                return self._status(tx, chat)
            case Command.language:
                card = self.cards.choose_language(chat.chat_id)
                return Outcome(card=card, edit=chat.card_message, of=chat.shows)
            case Command.clear:
                return self.hiding.hide(tx, chat, typed=typed)
            case Command.delete:
                card = self.cards.confirm_delete(chat.chat_id, chat.language(self.cards.languages[0]))
                return Outcome(card=card, edit=chat.card_message, of=chat.shows)
            case _:
                assert_never(command)

    def _status(self, tx: Tx, chat: Chat) -> Outcome:
        """What is true now: on the card of a sent request always, on a question's card when it is asked for."""
        if chat.intake is None:
            return self._view(tx, chat)
        if chat.case is None:
            return self._view(tx, chat, None if chat.intake.handed else texts.STATUS_OPEN)
        return self._view(tx, chat, said=self.status.of(tx, chat.case))

    def _afresh(self, tx: Tx, chat: Chat, notice: str | None) -> Outcome:
        """The card again as a new message at the end of the chat; the old one goes."""
        before = chat.card_message
        if before is not None:
            self.queue.wipes.messages(tx, chat.chat_id, [before])
        return replace(self._view(tx, chat, notice), fresh=True)

    def ping(self, case: Case) -> Card:
        """The only thing that rings on a person's phone: it says nothing about what it is for."""
        return self.cards.ping(case.chat_id or 0, case.language)

    def _show_messages(self, tx: Tx, chat: Chat, pressed: int) -> Outcome:
        """Pressed "show"; the ping goes. In a hidden chat it is all that happens."""
        if chat.is_stranger:
            return Outcome(wipe=(pressed,))
        if chat.case is not None:
            number = self.from_lawyer.show(tx, chat.case)
            if number:
                self.intake_to_case.calls.claims.seen(tx, chat.case, number)
        if pressed != chat.card_message:
            self.queue.wipes.messages(tx, chat.chat_id, [pressed])
        return self._view(tx, self._chat(tx, chat.chat_id))

    def _told(self, tx: Tx, chat: Chat, pressed: int, why: Ended, language: str) -> Outcome:
        """Pressed "show" on the last news of a request of which nothing is known any more."""
        if not chat.is_stranger:  # a new one was begun since
            self.queue.wipes.messages(tx, chat.chat_id, [pressed])
            return self._view(tx, chat)
        if why is Ended.closed:  # the last card stands above it
            return Outcome(wipe=(pressed,), toast=self.cards.words.text(language, texts.CLOSED_CARD), alert=True)
        return Outcome(card=self.cards.expired(chat.chat_id, language), edit=pressed, only_edit=True)

    def _erase(self, tx: Tx, chat: Chat, pressed: int) -> Outcome:
        """Destroys intake and case and cuts the link, in this transaction; the checkpoint follows the commit."""
        language = chat.language(self.cards.languages[0])
        self.queue.wipes.everything(tx, chat.chat_id, [], but=pressed)
        self.intake_to_case.erase(tx, chat.look_up)
        return Outcome(card=self.cards.plain(language, texts.DELETE_DONE), edit=pressed, wake=True)

    # --- the questionnaire moves on ---

    def _advance(
        self,
        tx: Tx,
        chat: Chat,
        intake: OpenIntake,
        happened: Happened,
        *,
        full: bool = False,
        at: datetime | None = None,
        said_in: int | None = None,
    ) -> Outcome:
        if intake.reopens and isinstance(happened, engine.Back) and not intake.state.trail:
            return self._leave_change(tx, chat, intake)
        flow = self.questionnaires.asked(tx, intake)
        turn = engine.advance(flow, intake.state, happened, chat.now.astimezone(HERE))
        before, notice, said = intake, None, None
        intake = _still_veiled(replace(intake, state=turn.intake, long_text=None), before)
        for effect in turn.effects:
            match effect:
                case NotUnderstood(why):
                    notice = _WHY[why]
                case Answered():
                    intake = self.intake_to_case.answered(tx, intake, flow, effect)
                    intake = replace(intake, last_said=(said_in, effect.question) if said_in is not None else None)
                    notice = texts.SAVED if effect.text is not None else None
                    said = self._date_in_words(flow, intake, effect)
                    if effect.text is not None and full and at is not None:
                        intake = replace(intake, long_text=(effect.question, 1, at))
                case Sent():
                    case = self.intake_to_case.finish(tx, intake, flow)
                    if intake.joined and case.hidden:
                        return self._joined(intake)
                    return self._view(tx, replace(chat, intake=None, case=case))
                case _:
                    assert_never(effect)
        self.intake_to_case.dropped(tx, before, intake)
        intake = self.intake_to_case.judge(tx, intake, flow)
        self.intakes.put(tx, intake)
        return self._view(tx, replace(chat, intake=intake), notice, said)

    def _joined(self, intake: OpenIntake) -> Outcome:
        """Sent into an earlier request that is out of sight: nothing on this phone leads back to it but its code."""
        card = self.cards.joined(intake.chat_id, intake.state.language)
        return Outcome(card=card, edit=intake.card_message, wake=True)

    def _date_in_words(self, flow: Flow, intake: OpenIntake, answered: Answered) -> str | None:
        """A date as it was understood, to be seen before it starts a deadline."""
        if not isinstance(answered.answer, Dated):
            return None
        language = intake.state.language
        date = self.cards.answer_text(flow.question(answered.question), answered.answer, language)
        return self.cards.words.text(language, texts.DATE_READ, date=date)

    def _ask_whether(self, tx: Tx, chat: Chat, intake: OpenIntake, pressed: int) -> Outcome:
        """Pressed "not now": one tap withdraws no lawyer from somebody in danger."""
        case = self.cases.get(tx, intake.case_row) if intake.case_row is not None else None
        if case is None or case.status != "waiting" or not intake.handed:
            return self._view(tx, chat)
        return Outcome(card=self.cards.confirm_withdrawal(chat.chat_id, intake), edit=pressed)

    def _not_now(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome:
        if intake.handed:
            intake = self.intake_to_case.withdraw(tx, intake)
        return self._view(tx, replace(chat, intake=intake))

    def _call_again(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome:
        if intake.withdrawn:
            intake = self.intake_to_case.call_again(tx, intake)
        return self._view(tx, replace(chat, intake=intake))

    # --- free text that goes on, and text outside a question ---

    def _corrected(self, tx: Tx, chat: Chat, edited: Corrected) -> Outcome:
        """A text was edited. Of somebody about whom nothing is kept, or as a command, it is a text like any other."""
        code = self.hiding.named_by_code(tx, chat, edited.text)
        if chat.is_stranger or code is not None or command_in(edited.text) is not None:
            return self._said(tx, chat, edited.as_said)
        self.queue.wipes.messages(tx, chat.chat_id, [edited.message_id])
        text, intake = engine.tidy(edited.text), chat.intake
        if intake is not None and intake.last_said is not None and intake.last_said[0] == edited.message_id:
            again = self._answer_again(tx, chat, intake, edited)
            if again is not None:
                return again
        row = intake.case_row if intake is not None else None
        case = self.cases.get(tx, row) if row is not None else chat.case
        if case is None or not text:
            return self._view(tx, chat, texts.NOT_CORRECTED if text else texts.EMPTY)
        self.intake_to_case.correct(tx, case, text)
        return self._view(tx, self._chat(tx, chat.chat_id), texts.CORRECTED)

    def _answer_again(self, tx: Tx, chat: Chat, intake: OpenIntake, edited: Corrected) -> Outcome | None:
        """The text answered the newest question: its correction answers it anew. None when it does not fit there."""
        flow, now = self.questionnaires.asked(tx, intake), chat.now.astimezone(HERE)
        assert intake.last_said is not None
        asked = intake.last_said[1]
        back = engine.advance(flow, intake.state, engine.Back(), now).intake
        if not intake.state.trail or intake.state.trail[-1] != asked or back.asked != asked:
            return None
        typed = engine.Typed(edited.text)
        if any(isinstance(effect, NotUnderstood) for effect in engine.advance(flow, back, typed, now).effects):
            return None
        before = replace(intake, state=back)
        return self._advance(tx, replace(chat, intake=before), before, typed, at=edited.at, said_in=edited.message_id)

    def _continues(self, intake: OpenIntake, said: Said) -> bool:
        return intake.long_text is not None and said.at - intake.long_text[2] <= SAME_TEXT_WITHIN

    def _continue_text(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said) -> Outcome:
        """Telegram cut a long text in two: the second half belongs to the same answer."""
        assert intake.long_text is not None
        question, parts, _ = intake.long_text
        text = engine.tidy(said.text)
        if text:
            intake = self.intake_to_case.goes_on(tx, intake, text)
        full = len(said.text) >= FULL_MESSAGE
        intake = replace(intake, long_text=(question, parts + 1, said.at) if full else None)
        self.intakes.put(tx, intake)
        return self._view(tx, replace(chat, intake=intake), texts.SAVED)

    def _add(self, tx: Tx, chat: Chat, said: Said) -> Outcome:
        """Written while no question is open: sealed into the case and announced to the lawyer."""
        case, text = chat.case, engine.tidy(said.text)
        if case is None or not text:
            return self._view(tx, chat, texts.EMPTY)
        self.intake_to_case.add_message(tx, case, text)
        return self._view(tx, chat, texts.ADDED)

    # --- parts ---

    def _chat(self, tx: Reading, chat_id: int, *, hold: bool = False) -> Chat:
        chat = chat_of(self.ring, self.intakes, self.cases, tx, chat_id, hold=hold)
        intake = chat.intake or chat.hidden
        try:
            if intake is not None:
                self.questionnaires.of(tx, intake.state.flow)
        except Unreadable:  # without its questions an intake cannot go on
            return replace(chat, intake=None, hidden=None, lost=True)
        return chat

    def _view(
        self, tx: Tx, chat: Chat, notice: str | None = None, said: str | None = None, *, speaks: bool = True
    ) -> Outcome:
        """What the chat shows now. `speaks`: its person has just pressed or typed."""
        if chat.intake is not None:
            flow = self.questionnaires.asked(tx, chat.intake)
            row = chat.intake.case_row
            case = self.cases.get(tx, row) if row is not None else None
            said = said or self._in_words(chat.intake.state.language, notice, chat.now)
            waits = case is not None and case.status == "waiting"
            nobody = self.status.nobody(tx, case) if waits and case is not None else None
            card = self.cards.of_intake(flow, chat.intake, case, said, example=_example(chat.now), nobody=nobody)
            behind = None if chat.intake.joined else case  # what a lawyer wrote to a hidden request stays hidden
            card = self.from_lawyer.on(tx, behind, chat.chat_id, chat.intake.state.language, card)
            return Outcome(card=card, edit=chat.intake.card_message, wake=True, of=chat.shows)
        if chat.case is not None:
            code = self._shows_code(tx, chat.case, speaks=speaks)
            said = self._in_words(chat.case.language, notice, chat.now)
            change = self._may_change(tx, chat.case)
            state = self.status.of(tx, chat.case)
            rings = self._let(tx, chat, Event.taken) is Way.ping
            card = self.cards.of_case(chat.case, state, said, change=change, code=code, rings=rings)
            card = self.from_lawyer.on(tx, chat.case, chat.chat_id, chat.case.language, card)
            return Outcome(card=card, edit=chat.case.card_message, wake=True, of=chat.shows)
        return Outcome(wake=True)

    def _shows_code(self, tx: Tx, case: Case, *, speaks: bool) -> bool:
        """The card of a sent request shows its code until its person has been silent for a quarter of an hour."""
        if speaks:
            self.cases.handoffs.show_code(tx, case.row, tx.now + SILENCE)
            return True
        until = self.cases.handoffs.get(tx, case.row).code_until
        return until is not None and until > tx.now

    def _in_words(self, language: str, notice: str | None, now: datetime) -> str | None:
        if notice is None:
            return None
        values = {"example": _example(now)} if "%(example)s" in notice else {}
        return self.cards.words.text(language, notice, **values)

    def _moved_on(self, tx: Tx, chat: Chat, pushed: Pushed) -> Outcome:
        seen = self._view(tx, chat)
        language = chat.language(self.cards.languages[0])
        toast = self.cards.words.text(language, texts.MOVED_ON)
        if seen.card is None and self._is_hidden(tx, chat):
            return Outcome(wipe=(pushed.message_id,))
        if seen.card is None:
            start = self.cards.choose_language(chat.chat_id)
            return Outcome(card=start, edit=pushed.message_id, only_edit=True, toast=toast)
        return replace(seen, toast=toast)

    def _is_hidden(self, tx: Reading, chat: Chat) -> bool:
        return chat.hidden is not None or any(one.hidden for one in self.cases.all_of_chat(tx, chat.look_up))

    def _one(self, chat: Chat) -> OpenIntake:
        assert chat.intake is not None
        return chat.intake


def _still_veiled(intake: OpenIntake, before: OpenIntake) -> OpenIntake:
    """An answer that is given anew is seen again; going back to one that is not shows no ticks."""
    answers, state = before.state.answers, intake.state
    veiled = tuple(one for one in before.veiled if state.answers.get(one) is answers.get(one) is not None)
    came_back = state.asked in veiled and state.visit != before.state.visit
    return replace(intake, veiled=veiled, state=replace(state, ticked=()) if came_back else state)


def _date(date: Date, now: datetime) -> Happened:
    """A date's button, as if the date had been typed."""
    today = now.astimezone(HERE).date()
    match date:
        case Date.today:
            return engine.Typed(today.isoformat())
        case Date.yesterday:
            return engine.Typed((today - timedelta(days=1)).isoformat())
        case Date.unknown:
            return engine.Unknown()


def _example(now: datetime) -> str:
    """Today's date as people here write it."""
    return now.astimezone(HERE).strftime("%d.%m.%Y")
