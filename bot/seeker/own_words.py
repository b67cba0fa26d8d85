"""People's own words while questions are open: whether they answer the question on the card, and what else they are.

Nothing that somebody says is destroyed once there is a case: what is no answer is sealed as a message, and its claimer
hears of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from msgspec import structs

from bot.handoff.intake_to_case import IntakeToCase
from bot.handoff.sealed_messages import SealedMessages
from bot.seeker.from_lawyer import FromLawyer
from bot.seeker.repeats import Repeats
from bot.speech.incoming import Said
from flows import dates, engine
from flows.engine import Answered, Effect, NotUnderstood, Offered, tidy
from flows.model import Flow
from flows.said.before import Consents, read_consent
from flows.said.commands import Wish, read_wish
from flows.typed import read_word
from flows.words.fold import words_in
from storage.case import Live
from storage.intakes import OpenIntake
from storage.tx import Reading, Tx

WORDS_OF_A_CRY = 8  # in more it may be told how something was
WORDS_OF_AN_ANSWER = 2  # in more there may be something beside the answer
CLEARLY = timedelta(seconds=2)  # Telegram dates messages in whole seconds (Bot API, Message)


class Meant(Enum):
    """What a text is about. `earlier`: a card that has gone by since; `again`: it was sent a moment ago already.

    `anew`: it was too, and was not kept then, for there was no case yet.
    """

    question = auto()
    lawyer = auto()
    earlier = auto()
    again = auto()
    anew = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """Every method runs inside a change; what changes an intake gives it back as it then is."""

    from_lawyer: FromLawyer
    intake_to_case: IntakeToCase
    sealed_messages: SealedMessages
    repeats: Repeats

    def meant(self, tx: Tx, intake: OpenIntake, said: Said) -> Meant:
        """An answer belongs to the card that was on the screen when it was sent, and is given once."""
        case = self.case_of(tx, intake)
        again = self.repeats.is_again(said) and read_word(said.text) is not Wish.back
        if again and (case is None or self.repeats.was_kept(said)):
            return Meant.again
        kept = case is not None or more_than(WORDS_OF_AN_ANSWER, said.text) is None
        tx.after(lambda: self.repeats.heard(said, kept=kept))
        if again:
            return Meant.anew
        if is_earlier(intake, said, tx):
            return Meant.earlier
        return Meant.lawyer if self.from_lawyer.speaks_last(tx, case, intake) else Meant.question

    def case_of(self, tx: Reading, intake: OpenIntake) -> Live | None:
        """Where what is said can be sealed; None before there is a case."""
        case = self.intake_to_case.case_of(tx, intake)
        return case if isinstance(case, Live) else None

    def kept(self, tx: Tx, said: Said) -> None:
        """It was said while no question was open: the same again does not answer the one that it has brought."""
        tx.after(lambda: self.repeats.heard(said, kept=True))

    def not_kept(self, tx: Tx, intake: OpenIntake) -> None:
        """There is no case yet, and the card says so: the same again, once there is one, has not been said before."""
        tx.after(lambda: self.repeats.not_kept(intake.chat_id))

    def seal(self, tx: Tx, intake: OpenIntake, text: str) -> OpenIntake:
        """As a message to the lawyer; the case is opened where there is none yet."""
        intake, case = self.intake_to_case.case_for(tx, intake)
        self.sealed_messages.add_words(tx, case, text)
        return structs.replace(intake, lawyer_said=self.from_lawyer.has_said(tx, case))

    def asked(self, tx: Reading, intake: OpenIntake, after: int) -> OpenIntake:
        """Another question stands on the card. `after`: the newest message that is known, 0 for none."""
        case = self.case_of(tx, intake)
        said = self.from_lawyer.has_said(tx, case) if case is not None else (0, 0)
        newest = max(intake.asked_after, after)
        return structs.replace(intake, asked_at=tx.at_once, asked_after=newest, lawyer_said=said)


def more_than(few: int, text: str) -> str | None:
    """A text of more than so many words, tidied; None for a shorter one."""
    said = tidy(text)
    return said if len(said.split()) > few else None


def cries(flow: Flow, intake: OpenIntake, text: str, effects: Sequence[Effect], here: datetime) -> bool:
    """A text that answers nothing is a cry for help, where no lawyer is called yet.

    So is one that answers another question than the one about danger («мужа увозят» says for whom), if it cries beside
    the words in which that was asked. But where the call was withdrawn, it must ask for help in as many words: to name
    a danger calls nobody against the wish of whoever has withdrawn it.
    """
    if flow.danger in intake.state.answers and not intake.withdrawn:
        return _names_one(flow, intake, text, effects, here) and is_cry(flow, intake, text)
    if any(isinstance(one, Offered | NotUnderstood) for one in effects):
        return is_cry(flow, intake, text)
    if intake.withdrawn:
        return Wish.urgent in wishes(flow, text) and is_cry(flow, intake, text)
    answered = {one.question for one in effects if isinstance(one, Answered)}
    return flow.danger not in answered and is_cry(flow, intake, _beside_the_question(flow, intake, text))


def _names_one(flow: Flow, intake: OpenIntake, text: str, effects: Sequence[Effect], here: datetime) -> bool:
    """Once it was answered that there is no danger: what may be an answer must name one in so many words.

    At a question for words it may tell how something was: at length, or of an earlier day. What is an answer with a
    button of its own is one.
    """
    match effects:
        case (Offered(), *_):
            return engine.names_danger(flow, intake.state, text, here)
        case (Answered(text=str()), *_):
            day = dates.read(text, here.date(), language=intake.state.language)
            told = isinstance(day, dates.Found) and day.latest < here.date()
            return Wish.urgent in wishes(flow, text) or not (told or more_than(WORDS_OF_A_CRY, text))
        case (NotUnderstood(), *_):
            return True
        case _:
            return False


def _beside_the_question(flow: Flow, intake: OpenIntake, text: str) -> str:
    """Without the words of the open question: who answers in a sentence says them again, as in «мне нужна помощь»."""
    if intake.state.asked is None:
        return text
    asked = flow.question(intake.state.asked).text.of(flow.form(intake.state.answers))
    its_own = frozenset().union(*(word.forms for said in asked.values() for word in words_in(said)))
    return " ".join(one for one in text.split() if not all(word.forms & its_own for word in words_in(one)))


def wishes(flow: Flow, text: str) -> set[Wish | None]:
    """What one, two or three words of a text alone would bring about at any question.

    One alone only at the beginning or the end: in the middle it may tell how quickly something went.
    """
    words = tidy(text).split()
    ends = {0, len(words) - 1}
    parts = (words[at : at + few] for few in (1, 2, 3) for at in range(len(words) - few + 1) if few > 1 or at in ends)
    return {read_wish(flow, " ".join(part)) for part in parts}


def is_cry(flow: Flow, intake: OpenIntake, text: str) -> bool:
    """Somebody tells of danger in words.

    Where the call was withdrawn, the card has said that it comes when they ask for it again.
    """
    return cries_for_help(flow, text, though=not (intake.withdrawn or intake.about_change))


def cries_for_help(flow: Flow, text: str, *, though: bool = False) -> bool:
    """It would have called a lawyer before anything was answered. `though`: also where it says that nobody should come.

    Before a call that is as likely to tell of somebody else; after one it is about that call.
    """
    if not though and Wish.withdraw in wishes(flow, text):
        return False
    return read_consent(flow.vocabulary, text) is Consents.urgent


def is_earlier(intake: OpenIntake, said: Said, tx: Reading) -> bool:
    """It was sent before the open question stood on the card.

    By Telegram's clock and by this machine's, for one of them may be wrong: only what is clearly earlier by both.
    """
    if intake.asked_at is None or said.message_id < intake.asked_after:
        return intake.asked_at is not None
    latest = intake.asked_at - CLEARLY
    return said.at <= latest and (said.waited is None or tx.now - said.waited <= latest)
