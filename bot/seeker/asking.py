"""The questionnaire moves on: what is pressed and typed while a question is open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from msgspec import structs

from bot.handoff.intake_to_case import URGENT_AFTER, IntakeToCase
from bot.questionnaires import Questionnaires
from bot.seeker.advice import advised
from bot.seeker.chat import Chat
from bot.seeker.days import between, part_of
from bot.seeker.own_words import WORDS_OF_AN_ANSWER, Meant, OwnWords, cries, is_cry, more_than, wishes
from bot.seeker.repeats import FULL_MESSAGE, SAME_TEXT_WITHIN
from bot.seeker.screen import Screen
from bot.seeker.sent_files import FilesSent, names_no_paper
from bot.seeker.summary_card import answer_text
from bot.seeker.typed import TRUST
from bot.speech import presses
from bot.speech.incoming import Corrected, Said, SentOther, What
from bot.speech.outgoing import Outcome
from bot.speech.presses import Acts, Date, OnQuestion
from bot.speech.texts import seeker as texts
from flows import engine
from flows.engine import Answered, Effect, Happened, NotUnderstood, Offered, Sent, Why, answered_in_order
from flows.model import Asks, Chosen, Dated, Flow, Intake, Kind, Level, Question, Written
from flows.said.asking import Asking
from flows.said.before import read_consent
from flows.said.commands import Wish, wish_at
from flows.typed import plain
from storage.case import Claimed, Handed
from storage.intakes import Intakes, OpenIntake
from storage.tx import Tx

_NUMBERS = re.compile(r"\s*№?\s*\d{1,2}([\s,;.]+\d{1,2})*\s*[.)]?\s*")
WORDS_OF_A_DATE = 4  # in more there may be something beside the date
_FROM_PHONE = frozenset({Asks.place, Asks.number})
PRESS_WAITS = timedelta(seconds=150)  # Telegram keeps a press for so long, and does not say when it was
_DAYS_AFTER = {Date.today: 0, Date.yesterday: -1, Date.tomorrow: 1}
GIVEN_FOR = timedelta(minutes=2)  # a keyboard that sends place or number goes by itself

_WHY = {
    Why.no_option: texts.NO_OPTION,
    Why.not_together: texts.NOT_TOGETHER,
    Why.no_date: texts.NO_DATE,
    Why.future: texts.FUTURE,
    Why.term: texts.TERM,
    Why.empty: texts.EMPTY,
    Why.nothing_ticked: texts.NOTHING_TICKED,
    Why.not_asked: texts.NOT_ASKED,
    Why.not_skippable: texts.NOT_SKIPPABLE,
}
# The same once there is a case: what fits no answer is a message.
_KEPT = {
    Why.no_option: texts.KEPT,
    Why.not_together: texts.KEPT_NOT_TOGETHER,
    Why.no_date: texts.KEPT_NO_DATE,
    Why.future: texts.KEPT_FUTURE,
    Why.term: texts.KEPT_TERM,
    Why.not_asked: texts.ADDED,
}


# What is said of a text that answers nothing: once there is a case, and before.
_BESIDE = {
    Meant.question: (texts.KEPT, texts.NOT_KEPT),
    Meant.lawyer: (texts.ADDED, texts.ADDED),
    Meant.earlier: (texts.KEPT_EARLIER, texts.EARLIER),
    Meant.again: (texts.CAME_TWICE, texts.CAME_TWICE),
    Meant.anew: (texts.KEPT, texts.NOT_KEPT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingTalk:
    """Every method runs inside a change; `intake` is the one that the chat shows."""

    screen: Screen
    questionnaires: Questionnaires
    intakes: Intakes
    intake_to_case: IntakeToCase
    own_words: OwnWords
    files: FilesSent

    def pressed(self, tx: Tx, chat: Chat, intake: OpenIntake, press: OnQuestion) -> Outcome | None:
        """A press under the open question, or under the summary; None when it stands there no more."""
        if (press.request, press.visit) != (intake.tag, intake.state.visit):
            return None
        if isinstance(press, presses.ShowFrom | presses.ShowTitles):
            return self._turned(tx, chat, intake, press.place, titles=isinstance(press, presses.ShowTitles))
        if isinstance(press, presses.FromPhone):
            return self._from_phone(tx, chat, intake)
        happened = _happened(self.questionnaires.asked(tx, intake), intake, press, chat.here)
        if happened is None:
            return None
        return self._advance(
            tx, chat, intake, happened, around=press.number if isinstance(press, presses.Option) else 1
        )

    def step(self, tx: Tx, chat: Chat, intake: OpenIntake, step: engine.Back | engine.Skip) -> Outcome:
        """/back or /skip."""
        return self._advance(tx, chat, intake, step)

    def typed(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said, album: str | None = None) -> Outcome:
        """An answer, the next part of one that came in several messages, or a word to the lawyer.

        `album`: a caption in it; others may follow.
        """
        parts = len(said.text) >= FULL_MESSAGE or album is not None
        same = intake.album == album
        if same and _is_part(intake, said):
            return self._goes_on(tx, chat, intake, said, more=parts)
        if album is None and self.own_words.repeats.goes_on(said):
            self.own_words.kept(tx, said)
            return self._beside(tx, chat, intake, said, Meant.question)
        meant = self.own_words.meant(tx, intake, said)
        if same and album is not None:  # of one that has answered already
            meant = Meant.earlier
        if meant is Meant.lawyer and self._names_a_button(tx, intake, said.text):
            meant = Meant.question
        intake = structs.replace(intake, album=album)
        if meant is not Meant.question:
            return self._beside(tx, chat, intake, said, meant)
        return self._typed(tx, chat, intake, said, parts=parts)

    def goes_on(self, intake: OpenIntake | None, said: Said) -> bool:
        """Telegram has cut a long text, and this is the rest of it: of an answer, or of a message."""
        of_answer = intake is not None and intake.album is None and _is_part(intake, said)
        return of_answer or self.own_words.repeats.goes_on(said)

    def elsewhere(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said) -> Outcome:
        """Typed while another card stood in the place of the question, and nothing that it asks for: no answer.

        A cry for help is heard at once, as it is under the question.
        """
        if self.cries(tx, intake, said.text):
            return self.typed(tx, chat, intake, said)
        meant = self.own_words.meant(tx, intake, said)
        return self._beside(tx, chat, intake, said, meant)

    def sent(self, tx: Tx, chat: Chat, intake: OpenIntake, sent: SentOther, *, elsewhere: bool) -> Outcome:
        """A place or a number answers where it is asked for, and is a message elsewhere; files and what is with them.

        A caption is a text: it goes with its file to the question for words that this answers, and is read as any other
        at other questions. `elsewhere`: another card stands in the place of the question.
        """
        said = sent.as_said(tx.now)
        if sent.what in {What.place, What.number}:
            return self._given(tx, chat, intake, sent, said, elsewhere=elsewhere)
        intake, taken = self.files.takes(tx, intake, sent, elsewhere=elsewhere)
        chat, text = structs.replace(chat, beside=taken.why_not, intake=intake), engine.tidy(said.text)
        if taken.answers is not None and taken.answers.kind is Kind.text:
            return self._filed(tx, chat, intake, said, sent.album)
        if taken.answers is not None and names_no_paper(taken.answers, intake):
            flow = self.questionnaires.asked(tx, intake)
            intake = structs.replace(intake, state=engine.advance(flow, intake.state, engine.Filed(), chat.here).intake)
        if text and elsewhere:
            return self.elsewhere(tx, chat, intake, said)
        if text:
            return self.typed(tx, chat, intake, said, sent.album)
        self.intakes.put(tx, intake)
        seen = self.screen.of(tx, structs.replace(chat, intake=intake))
        return Outcome() if taken.told and taken.answers is None else seen

    def _given(
        self, tx: Tx, chat: Chat, intake: OpenIntake, sent: SentOther, said: Said, *, elsewhere: bool
    ) -> Outcome:
        """A place or a number."""
        if not engine.tidy(said.text):
            return self.screen.of(tx, chat)
        asked = self._open_question(tx, intake)
        wanted = asked is not None and asked.asks is not None and asked.asks == sent.what.value
        if wanted and elsewhere:
            return self._beside(tx, chat, intake, said, Meant.earlier)
        if asked is not None and wanted and asked.kind is Kind.text:
            return self.typed(tx, chat, intake, said)
        return self._beside(tx, chat, intake, said, Meant.question, asked_for=wanted)

    def _filed(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said, album: str | None) -> Outcome:
        """A file in place of words, or with them; what follows in the same album belongs to the answer."""
        happened, cut_at = engine.Filed(engine.tidy(said.text)), said.at if album is not None else None
        intake = structs.replace(intake, album=album)
        return self._advance(tx, chat, intake, happened, said_in=said.message_id, cut_at=cut_at)

    def wish(self, tx: Tx, chat: Chat, intake: OpenIntake, text: str) -> Wish | None:
        """The command that a text is at the open question, or at the summary."""
        flow, state = self.questionnaires.asked(tx, intake), intake.state
        question = flow.question(state.asked) if state.asked is not None else None
        return wish_at(flow, question, text, Asking(today=chat.here.date(), language=state.language))

    def advice(self, tx: Tx, chat: Chat, intake: OpenIntake) -> str:
        """What can be done, once the main part is over; empty where nothing may be shown."""
        flow, state = self.questionnaires.asked(tx, intake), intake.state
        if not (engine.may_send(flow, state) or state.asked in flow.offers):
            return ""
        return advised(self.screen.cards.speech.words, chat.language, flow, state.answers)

    def keeps(
        self,
        tx: Tx,
        chat: Chat,
        intake: OpenIntake,
        text: str,
        *,
        cries: bool = False,
        few: int = WORDS_OF_AN_ANSWER,
    ) -> Chat:
        """What was read as a command is also a sentence: where there is a case it is in it word for word.

        Before, the card says beside what else it says that it was not kept. `cries`: it asks for urgent help. Nobody
        is called any more for it once a lawyer has the case, and that one hears of it, were it a single word.
        `few`: so many words say no more than the command.
        """
        case = self.own_words.case_of(tx, intake)
        heard = cries and isinstance(case, Claimed)
        sentence = more_than(0 if heard else few, text)
        if sentence is None:
            return chat
        if case is None:
            return structs.replace(chat, beside=chat.beside or texts.WORDS_NOT_KEPT)
        intake = self.own_words.seal(tx, intake, sentence)
        self.intakes.put(tx, intake)
        return structs.replace(chat, intake=intake, beside=texts.KEPT if heard else chat.beside)

    def cries(self, tx: Tx, intake: OpenIntake, text: str) -> bool:
        """Somebody tells of danger, and no lawyer is called for it."""
        if self._is_called(tx, intake):
            return False
        return is_cry(self.questionnaires.asked(tx, intake), intake, text)

    def heeds(self, tx: Tx, intake: OpenIntake, text: str) -> None:
        """A cry for help beside the code that leads back: it is heard as well."""
        heeded, _ = self._heeded(tx, intake, intake, cried=self.cries(tx, intake, text))
        if heeded is not intake:
            self.intakes.put(tx, heeded)

    def hurry(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome:
        """Urgent help is asked for in the middle of the questions: the one that decides is asked, or asked again."""
        flow = self.questionnaires.asked(tx, intake)
        if chat.beside == texts.WORDS_NOT_KEPT:  # alone it would read like a refusal
            chat = structs.replace(chat, beside=texts.CHOOSE_BELOW)
        if self._is_called(tx, intake):
            return self.screen.of(tx, chat)
        intake = _within_a_minute(intake, chat.now)
        intake = structs.replace(intake, state=engine.hurry(flow, intake.state))
        self.intakes.put(tx, intake)
        return self.screen.of(tx, structs.replace(chat, intake=intake))

    def corrected(self, tx: Tx, chat: Chat, intake: OpenIntake, edited: Corrected) -> Outcome | None:
        """The text answered the newest question: its correction answers it anew. None when it does not fit there."""
        if intake.last_said is None or intake.last_said[0] != edited.message_id:
            return None
        flow, asked, now = self.questionnaires.asked(tx, intake), intake.last_said[1], chat.here
        back = engine.advance(flow, intake.state, engine.Back(), now).intake
        if not intake.state.trail or intake.state.trail[-1] != asked or back.asked != asked:
            return None
        effects = engine.advance(flow, back, self._as_typed(chat, edited.as_said), now).effects
        if any(isinstance(effect, NotUnderstood) for effect in effects):
            return None
        before = structs.replace(intake, state=back)
        return self._typed(tx, structs.replace(chat, intake=before), before, edited.as_said)

    def hears_anew(self, tx: Tx, chat: Chat, intake: OpenIntake, edited: Corrected) -> bool:
        """A correction is a text like any other: it cries for help now, or what it corrects was no answer, and is gone.

        Of a text that was an answer some time ago it must name a danger, or ask for help, in so many words.
        """
        flow, text = self.questionnaires.asked(tx, intake), edited.text
        if self.cries(tx, intake, text):
            named = engine.names_danger(flow, intake.state, text, chat.here) or Wish.urgent in wishes(flow, text)
            return named or flow.danger not in intake.state.answers
        answered = intake.last_said is not None and intake.last_said[0] == edited.message_id
        return not answered and self.own_words.repeats.went_nowhere(edited.chat_id, edited.message_id)

    # --- parts ---

    def _is_called(self, tx: Tx, intake: OpenIntake) -> bool:
        """Lawyers are called as urgently as they can be: for these answers, or for the request that these are about."""
        if not intake.handed:
            return False
        case = self.own_words.case_of(tx, intake)
        return isinstance(case, Handed) and (case.level is Level.critical or case.handoff.muted)

    def _typed(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said, *, parts: bool = False) -> Outcome:
        """`parts`: the text's next part may follow in another message."""
        happened = self._as_typed(chat, said)
        return self._advance(tx, chat, intake, happened, said_in=said.message_id, cut_at=said.at if parts else None)

    def _as_typed(self, chat: Chat, said: Said) -> engine.Typed:
        """A text may have waited past midnight, and a deadline must not end a day late for it."""
        return engine.Typed(said.text, min(self.screen.chats.place.here(said.at), chat.here))

    def _beside(
        self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said, meant: Meant, *, asked_for: bool = False
    ) -> Outcome:
        """What does not answer the open question. `asked_for`: it is sealed even where there is no case yet."""
        text, case = engine.tidy(said.text), self.own_words.case_of(tx, intake)
        kept, lost = _BESIDE[meant]
        cried = meant not in {Meant.again, Meant.anew} and self.cries(tx, intake, text)
        intake, _ = self._heeded(tx, intake, intake, cried=cried)
        if meant is not Meant.again and text and (case is not None or asked_for or cried):
            intake, notice = self.own_words.seal(tx, intake, text), kept
        else:
            notice = lost if text else texts.EMPTY
            if meant is Meant.earlier:
                self.own_words.not_kept(tx, intake)
        self.intakes.put(tx, intake)
        return self.screen.of(tx, structs.replace(chat, intake=intake), notice)

    def _turned(self, tx: Tx, chat: Chat, intake: OpenIntake, place: int, *, titles: bool) -> Outcome:
        """Another page of a long list, or its titles; news that change the card leave it there."""
        if intake.case_row is not None:
            self.intakes.put(tx, structs.replace(intake, around=place))
        return self.screen.of(tx, chat, around=place, titles=titles)

    def _from_phone(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome | None:
        """A keyboard that sends place or number, in a message of its own, which goes with whatever comes next."""
        asked = self._open_question(tx, intake)
        if asked is None or asked.asks not in _FROM_PHONE:
            return None
        card = self.screen.cards.from_phone(intake, asked.asks)
        return Outcome(card=card, fresh=True, apart=True, for_now=GIVEN_FOR, of=chat.shows)

    def _names_a_button(self, tx: Tx, intake: OpenIntake, text: str) -> bool:
        """A bare number is a tap on the card, typed, and no word to a lawyer who may have written meanwhile."""
        asked = self._open_question(tx, intake)
        return bool(_NUMBERS.fullmatch(text)) and (asked is None or bool(asked.options))

    def _open_question(self, tx: Tx, intake: OpenIntake) -> Question | None:
        asked = intake.state.asked
        return None if asked is None else self.questionnaires.asked(tx, intake).question(asked)

    def _advance(
        self,
        tx: Tx,
        chat: Chat,
        intake: OpenIntake,
        happened: Happened,
        *,
        said_in: int | None = None,
        cut_at: datetime | None = None,
        around: int = 1,
    ) -> Outcome:
        """`said_in`: the message in which an answer was typed; `cut_at`: when, if Telegram has cut it there.

        `around`: the place of the answer that was pressed, which stays in sight where it was only ticked.
        """
        if isinstance(happened, engine.Back) and _leads_out(intake):
            return self._nothing_changed(tx, chat, intake)
        flow = self.questionnaires.asked(tx, intake)
        turn = engine.advance(flow, intake.state, happened, chat.here)
        before, notice, said = intake, None, None
        intake = _still_veiled(structs.replace(intake, state=turn.intake, long_text=None), before)
        cried = self._cried(tx, before, happened, turn.effects, chat.here)
        intake, heeded = self._heeded(tx, before, intake, cried=cried)
        for effect in turn.effects:
            match effect:
                case NotUnderstood(why):
                    intake, notice = self._not_understood(tx, intake, happened, why, cried=bool(heeded))
                case Answered():
                    intake = self._answered(tx, intake, flow, effect, said_in, cut_at)
                    notice = _of_answer(before, intake, flow, effect, heeded)
                    typed = isinstance(happened, engine.Typed)
                    said = self._date_in_words(chat, flow, effect) if typed else None
                case Offered():
                    notice = heeded  # the buttons say the rest
                case Sent():
                    return self._sent(tx, chat, intake, flow, _sentence(happened, turn.effects, said_in))
                case _:
                    assert_never(effect)
        sentence = _says_more(flow, before, happened, turn.effects, said_in, cried=bool(heeded))
        around = around if intake.state.visit == before.state.visit else 1
        intake = structs.replace(intake, around=around)
        intake = self._judged(tx, before, intake, flow, said_in, sentence, cried=bool(heeded))
        notice = self._with_what_is_not_kept(tx, intake, turn.effects, sentence, notice)
        return self.screen.of(tx, structs.replace(chat, intake=intake), notice, said, around=around)

    def _heeded(self, tx: Tx, before: OpenIntake, intake: OpenIntake, *, cried: bool) -> tuple[OpenIntake, str | None]:
        """A cry for help that answers nothing is no less urgent for it; what is said of it, None where there is none.

        Whoever had withdrawn the call has then asked for it again. Whether there is danger is asked again, where it was
        answered.
        """
        if not cried:
            return intake, None
        if before.withdrawn:
            return self.intake_to_case.call_again(tx, intake), texts.KEPT
        flow, intake = self.questionnaires.asked(tx, intake), _within_a_minute(intake, tx.now)
        if flow.danger in intake.state.answers:
            intake = structs.replace(intake, state=engine.hurry(flow, intake.state))
        return intake, texts.KEPT

    def _cried(self, tx: Tx, before: OpenIntake, happened: Happened, effects: Sequence[Effect], here: datetime) -> bool:
        """What was typed, or came with a file, is also a cry for help, and no lawyer is called."""
        if not isinstance(happened, engine.Typed | engine.Filed) or self._is_called(tx, before):
            return False
        return cries(self.questionnaires.asked(tx, before), before, happened.text, effects, here)

    def _judged(
        self,
        tx: Tx,
        before: OpenIntake,
        intake: OpenIntake,
        flow: Flow,
        said_in: int | None,
        sentence: str | None,
        *,
        cried: bool,
    ) -> OpenIntake:
        """What follows for the case; and the intake is kept, with what stands on its card from now on.

        `sentence`: one that was read as an answer or a command, or may be one. Where there is a case it is in it word
        for word; `cried`: it opens one.
        """
        self.intake_to_case.dropped(tx, before, intake)
        intake = self.intake_to_case.judge(tx, intake, flow)
        if intake.state.visit != before.state.visit:
            intake = self.own_words.asked(tx, intake, said_in or 0)
        if sentence is not None and (cried or self.own_words.case_of(tx, intake) is not None):
            intake = self.own_words.seal(tx, intake, sentence)
        self.intakes.put(tx, intake)
        return intake

    def _not_understood(
        self, tx: Tx, intake: OpenIntake, happened: Happened, why: Why, *, cried: bool
    ) -> tuple[OpenIntake, str]:
        """Once there is a case, words that are no answer are a message to the lawyer; a cry for help opens one."""
        if not isinstance(happened, engine.Typed):
            return intake, _WHY[why]
        if why in _KEPT and (cried or self.own_words.case_of(tx, intake) is not None):
            return self.own_words.seal(tx, intake, engine.tidy(happened.text)), _KEPT[why]
        if why in _KEPT:
            self.own_words.not_kept(tx, intake)
        return intake, self._answer_to(tx, intake, happened.text) or _WHY[why]

    def _answer_to(self, tx: Tx, intake: OpenIntake, text: str) -> str | None:
        """Who asks us something before it is known where they are hears what is said at the consent: fear stops them.

        Later its words may tell of somebody else.
        """
        flow = self.questionnaires.asked(tx, intake)
        if flow.danger in intake.state.answers:
            return None
        return TRUST.get(read_consent(flow.vocabulary, text))

    def _with_what_is_not_kept(
        self, tx: Tx, intake: OpenIntake, effects: Sequence[Effect], sentence: str | None, notice: str | None
    ) -> str | None:
        """What is said of a sentence that was read as an answer or a command, or may be one; else the `notice`.

        Before there is a case nothing keeps the words beside it. A date is shown as it was understood, and is found
        only where there is nothing else.
        """
        if notice is not None or sentence is None or more_than(WORDS_OF_AN_ANSWER, sentence) is None:
            return notice
        if self.own_words.case_of(tx, intake) is not None:
            return None
        match effects:
            case (Answered(answer=Dated()), *_):
                return None
            case (Answered(answer=Chosen()), *_):
                return self._answer_to(tx, intake, sentence) or texts.REST_NOT_KEPT
            case _:
                return self._answer_to(tx, intake, sentence) or texts.WORDS_NOT_KEPT

    def _answered(
        self, tx: Tx, intake: OpenIntake, flow: Flow, answered: Answered, said_in: int | None, cut_at: datetime | None
    ) -> OpenIntake:
        intake = self.intake_to_case.answered(tx, intake, flow, answered)
        intake = structs.replace(intake, last_said=(said_in, answered.question) if said_in is not None else None)
        if isinstance(answered.answer, Written) and cut_at is not None:
            intake = structs.replace(intake, long_text=(answered.question, answered.answer.parts, cut_at))
        return intake

    def _sent(self, tx: Tx, chat: Chat, intake: OpenIntake, flow: Flow, sentence: str | None) -> Outcome:
        """`sentence`: the one that was read as "send"; it may say more."""
        intake = self.own_words.seal(tx, intake, sentence) if sentence is not None else intake
        case = self.intake_to_case.finish(tx, intake, flow)
        if case.hidden:  # nothing on this phone leads back to the earlier request but its code
            card = self.screen.cards.joined(intake.chat_id, intake.state.language)
            return Outcome(card=card, edit=intake.card_message)
        return self.screen.of(tx, structs.replace(chat, intake=None, case=case))

    def _nothing_changed(self, tx: Tx, chat: Chat, intake: OpenIntake) -> Outcome:
        """Back from the first of the few questions: nothing has changed after all."""
        self.intakes.remove(tx, intake.look_up)
        return self.screen.now(tx, chat)

    def _date_in_words(self, chat: Chat, flow: Flow, answered: Answered) -> str | None:
        """A date as it was understood, to be seen before it starts a deadline."""
        if not isinstance(answered.answer, Dated):
            return None
        reader = self.screen.reader(chat)
        date = answer_text(flow.question(answered.question), answered.answer, reader)
        return reader.text(texts.DATE_READ, date=date)

    def _goes_on(self, tx: Tx, chat: Chat, intake: OpenIntake, said: Said, *, more: bool) -> Outcome:
        """Telegram cut a long text in two, or an album has several captions: they belong to the same answer."""
        assert intake.long_text is not None
        question, parts, _ = intake.long_text
        text = engine.tidy(said.text)
        self.own_words.kept(tx, said)
        if text:
            below = intake.album is not None and parts > 0
            intake = self.intake_to_case.goes_on(tx, intake, f"\n{text}" if below else text)
        intake = structs.replace(intake, long_text=(question, parts + 1, said.at) if more else None)
        self.intakes.put(tx, intake)
        return self.screen.of(tx, structs.replace(chat, intake=intake), texts.SAVED)


def _says_more(
    flow: Flow,
    before: OpenIntake,
    happened: Happened,
    effects: Sequence[Effect],
    said_in: int | None,
    *,
    cried: bool,
) -> str | None:
    """A sentence, unless it is the words of a button; of a cry for help every word."""
    few = 0 if cried else WORDS_OF_AN_ANSWER
    return None if _is_a_label(flow, before, happened) else _sentence(happened, effects, said_in, few)


def _is_a_label(flow: Flow, intake: OpenIntake, happened: Happened) -> bool:
    """The words of an answer's own button: they say no more than the answer."""
    if not isinstance(happened, engine.Typed) or intake.state.asked is None:
        return False
    options = flow.question(intake.state.asked).options
    return plain(happened.text) in {plain(label) for option in options for label in option.label.values()}


def _sentence(
    happened: Happened, effects: Sequence[Effect], said_in: int | None, few: int = WORDS_OF_AN_ANSWER
) -> str | None:
    """What was typed, if it was read as an answer or a command and may say more; None for what is sealed anyway.

    So `few` words say no more than that.
    """
    if said_in is None or not isinstance(happened, engine.Typed):
        return None
    match effects:
        case (Answered(answer=Dated()), *_):
            return more_than(WORDS_OF_A_DATE, happened.text)
        case (Offered(), *_):  # another answer may be pressed, and then nothing else would tell of it
            return engine.tidy(happened.text)
        case (Answered(text=str()), *_):
            return None
        case (NotUnderstood(why), *_) if why in _KEPT:
            return None
        case _:
            return more_than(few, happened.text)


def _of_answer(before: OpenIntake, intake: OpenIntake, flow: Flow, given: Answered, heeded: str | None) -> str | None:
    """What is said of an answer; of one that is a cry for help too, where nobody was called before, what it brings."""
    soon = texts.URGENT_HINT if heeded and not intake.handed and engine.asks_for_help(flow, intake.state) else None
    return _of_texts(before.state, intake.state, given) or soon


def _of_texts(before: Intake, now: Intake, given: Answered) -> str | None:
    """What is said of a text: it was saved, another answer has made its question pointless, or that is asked again."""
    if given.text is not None:
        return texts.SAVED
    if any(isinstance(answer, Written) and question not in now.answers for question, answer in before.answers.items()):
        return texts.TEXT_STAYS
    return texts.TEXT_COUNTS if any(question in now.answers for question in before.aside) else None


def _happened(flow: Flow, intake: OpenIntake, press: Acts, here: datetime) -> Happened | None:
    """What a press means to the engine; None for a number that is not there."""
    match press:
        case presses.Done():
            return engine.Done()
        case presses.Back():
            return engine.Back()
        case presses.Skip():
            return engine.Skip()
        case presses.Send():
            return engine.Send()
        case presses.DateOf() | presses.DaySpan() | presses.DayPart():
            return _on_a_day(flow, intake, press, here)
        case presses.DidMean() | presses.Option():
            return _of_number(flow, intake, press)
        case presses.Revisit(number=number):
            listed = answered_in_order(flow, intake.state)
            return engine.Revisit(listed[number - 1]) if 0 < number <= len(listed) else None


def _on_a_day(
    flow: Flow, intake: OpenIntake, press: presses.DateOf | presses.DaySpan | presses.DayPart, here: datetime
) -> Happened | None:
    """A date's button."""
    match press:
        case presses.DateOf(date=pressed):
            return _date(pressed, here)
        case presses.DaySpan(number=number):
            spans = () if intake.state.asked is None else flow.question(intake.state.asked).spans
            return between(spans[number - 1], here.date()) if 0 < number <= len(spans) else None
        case presses.DayPart(day=ordinal, part=part):
            return part_of(date.fromordinal(ordinal), part)


def _of_number(flow: Flow, intake: OpenIntake, press: presses.DidMean | presses.Option) -> Happened | None:
    """An answer, or one that was offered, by its number."""
    if isinstance(press, presses.DidMean):
        return engine.TakeOffered(press.number) if 0 < press.number <= len(intake.state.offered) else None
    options = () if intake.state.asked is None else flow.question(intake.state.asked).options
    return engine.Pressed(options[press.number - 1].id) if 0 < press.number <= len(options) else None


def _within_a_minute(intake: OpenIntake, now: datetime) -> OpenIntake:
    """Somebody asks for urgent help: a lawyer is called in a minute if the question about danger is not answered."""
    due = now + URGENT_AFTER
    sooner = due if intake.call_due_at is None else min(due, intake.call_due_at)
    return structs.replace(intake, state=structs.replace(intake.state, urgent=True), call_due_at=sooner)


def _is_part(intake: OpenIntake, said: Said) -> bool:
    """The answer before it filled a whole message, or came with an album, a moment ago."""
    return intake.long_text is not None and said.at - intake.long_text[2] <= SAME_TEXT_WITHIN


def _leads_out(intake: OpenIntake) -> bool:
    """Back from here leaves the few questions of somebody whose situation has changed."""
    return intake.about_change and not intake.state.trail


def _date(pressed: Date, here: datetime) -> Happened:
    """A date's button, as if the date had been typed; right after midnight either of two days."""
    if pressed is Date.unknown:
        return engine.Unknown()
    after = timedelta(days=_DAYS_AFTER[pressed])
    first, last = ((at + after).date() for at in (here - PRESS_WAITS, here))
    return engine.Typed(last.isoformat()) if first == last else engine.Between(first, last)


def _still_veiled(intake: OpenIntake, before: OpenIntake) -> OpenIntake:
    """An answer that is given anew is seen again; going back to one that is not shows no ticks."""
    answers, state = before.state.answers, intake.state
    veiled = tuple(asked for asked in before.veiled if state.answers.get(asked) is answers.get(asked) is not None)
    came_back = state.asked in veiled and state.visit != before.state.visit
    return structs.replace(intake, veiled=veiled, state=structs.replace(state, ticked=()) if came_back else state)
