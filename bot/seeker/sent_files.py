"""Photos, papers and voices that somebody sends: whether they are taken, which question they answer, what is said.

What is taken is fetched and sealed by itself (bot/delivery/fetching.py); until it is, its message stays in the chat,
and the card says that it is being saved. What is not taken goes at once, and the card says what to send instead.
"""

from dataclasses import dataclass

from msgspec import structs

from bot.handoff.case_files import CaseFiles
from bot.handoff.intake_to_case import IntakeToCase
from bot.questionnaires import Questionnaires
from bot.seeker.chat import Chat
from bot.seeker.from_lawyer import FromLawyer
from bot.seeker.own_words import is_earlier
from bot.speech.incoming import LARGEST_FILE, FileKind, Heard, Said, SentFile, SentOther, What
from bot.speech.texts import seeker as texts
from flows.model import PHOTO, Asks, Kind, Question, QuestionId, Written
from storage import sent_files
from storage.case import Handed, Live
from storage.intakes import OpenIntake
from storage.sent_files import About
from storage.tx import Reading, Tx

_NOT_TAKEN = {What.file: texts.NO_FILES, What.video: texts.NO_VIDEO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a file.

    `why_not`: what is said of one that is not taken. `answers`: the open question, where it answers that, or shows a
    paper that it asks for. `told`: the card says already that something is being saved.
    """

    why_not: str | None = None
    answers: Question | None = None
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSent:
    """Every method runs inside a change."""

    case_files: CaseFiles
    intake_to_case: IntakeToCase
    questionnaires: Questionnaires
    from_lawyer: FromLawyer

    def takes(self, tx: Tx, intake: OpenIntake, sent: SentOther, *, elsewhere: bool) -> tuple[OpenIntake, Taken]:
        """While questions are open: it belongs to the one that was on the screen, if that asks for it.

        There it opens a case, as a text does; elsewhere it is a message to the lawyer, once there is a case. The parts
        of an album belong together. The intake as it then is. `elsewhere`: another card stood there.
        """
        known, part = self._case(tx, intake), _is_part(intake, sent)
        asked = None if part else self._asked(tx, known, intake)
        there = not elsewhere and not is_earlier(intake, sent.as_said(tx.now), tx)
        answers = asked if there else None
        question = _of(intake) if part else answers.id if answers is not None else None
        why_not = self._why_not(tx, known, sent, opens=question is not None)
        if sent.file is None or why_not is not None:
            return self._left(tx, intake, sent, why_not, unseen=asked is not answers)
        intake, case = self.intake_to_case.case_for(tx, intake)
        told = intake.files and self._comes(tx, case)
        self.case_files.wants(tx, case, self._about(tx, intake, sent, sent.file, question))
        intake = structs.replace(
            _one_more(intake, question) if part else intake, files=True, files_of=_album(sent, question)
        )
        return structs.replace(intake, lawyer_said=self.from_lawyer.has_said(tx, case)), Taken(
            answers=answers, told=told
        )

    def into(self, tx: Tx, case: Handed, sent: SentOther) -> Taken:
        """After the answers were sent it is a message to the lawyer."""
        why_not = self._why_not(tx, case, sent, opens=False)
        if sent.file is None or why_not is not None:
            return self._refused(tx, sent, why_not)
        told = self._comes(tx, case)
        self.case_files.wants(tx, case, _about(tx, sent, sent.file, lang=case.language))
        return Taken(told=told)

    def seen(self, tx: Tx, chat: Chat, incoming: Heard, *, covered: bool) -> Chat:
        """Somebody does something: what was saved was told, and what was lost too, once they send the next thing.

        A press of somebody who has sent no file costs nothing. `covered`: another card stands there.
        """
        intake, row = chat.intake, chat.case_row
        if row is None or (intake is not None and not intake.files):
            return chat
        if isinstance(incoming, Said | SentOther) and not covered:
            self.case_files.files.forget_lost(tx, row)
        counts = self.case_files.files.counts(tx, row) if intake is not None else None
        if intake is None or counts is None or counts.waiting or counts.lost:
            return chat
        return structs.replace(chat, intake=structs.replace(intake, files=False))

    def is_coming(self, tx: Reading, chat: Chat, message: int) -> bool:
        """The file of this message is on its way: the message stays until it is there."""
        return message in sent_files.messages(tx, chat.look_up)

    # --- parts ---

    def _case(self, tx: Reading, intake: OpenIntake) -> Live | None:
        case = self.intake_to_case.case_of(tx, intake)
        return case if isinstance(case, Live) else None

    def _why_not(self, tx: Reading, case: Live | None, sent: SentOther, *, opens: bool) -> str | None:
        """What is said of a file that is not taken. `opens`: a case, where there is none."""
        if sent.file is None or sent.file.kind is FileKind.document:
            return _NOT_TAKEN.get(sent.what, texts.ONLY_TEXT)
        if sent.file.size > LARGEST_FILE:
            return texts.TOO_LARGE
        if case is None:
            return None if opens else texts.NOT_YET
        return texts.FULL if self.case_files.files.is_full(tx, case.row) else None

    def _left(
        self, tx: Tx, intake: OpenIntake, sent: SentOther, why_not: str | None, *, unseen: bool
    ) -> tuple[OpenIntake, Taken]:
        """It is not taken. `unseen`: it was sent when its question was not to be seen, as are the parts beside it."""
        unseen = unseen or (_is_part(intake, sent) and _of(intake) is None)
        left = structs.replace(intake, files_of=_album(sent, None)) if unseen else intake
        return left, self._refused(tx, sent, texts.EARLIER if unseen and why_not == texts.NOT_YET else why_not)

    def _refused(self, tx: Tx, sent: SentOther, why_not: str | None) -> Taken:
        self.case_files.messages.queue.wipes.messages(tx, sent.chat_id, [sent.message_id])
        return Taken(why_not=why_not)

    def _comes(self, tx: Reading, case: Live) -> bool:
        return self.case_files.files.counts(tx, case.row).waiting > 0

    def _asked(self, tx: Tx, case: Live | None, intake: OpenIntake) -> Question | None:
        """The open question, if it asks for what was sent; None where what a lawyer wrote is newest."""
        if intake.state.asked is None:
            return None
        asked = self.questionnaires.asked(tx, intake).question(intake.state.asked)
        wanted = asked.kind is Kind.text or asked.asks is Asks.paper
        return asked if wanted and not self.from_lawyer.speaks_last(tx, case, intake) else None

    def _about(self, tx: Tx, intake: OpenIntake, sent: SentOther, file: SentFile, question: QuestionId | None) -> About:
        form = self.questionnaires.asked(tx, intake).form_of(question, intake.state) if question else ""
        return _about(tx, sent, file, lang=intake.state.language, question=question or "", form=form)


def names_no_paper(question: Question, intake: OpenIntake) -> bool:
    """A photo can stand for the answer there, until a paper is named."""
    return question.option(PHOTO) is not None and not intake.state.offered


def _about(tx: Reading, sent: SentOther, file: SentFile, *, lang: str, question: str = "", form: str = "") -> About:
    return About(
        file_id=file.file_id,
        kind=file.kind.value,
        chat_id=sent.chat_id,
        message=sent.message_id,
        sent_at=sent.at or tx.now,
        size=file.size,
        seconds=file.seconds,
        name=file.name,
        media=file.media,
        lang=lang,
        question=question,
        form=form,
    )


def _album(sent: SentOther, question: QuestionId | None) -> tuple[str, str] | None:
    return None if sent.album is None else (sent.album, question or "")


def _is_part(intake: OpenIntake, sent: SentOther) -> bool:
    """Of the album whose parts come."""
    return intake.files_of is not None and intake.files_of[0] == sent.album


def _of(intake: OpenIntake) -> QuestionId | None:
    """The question to which the album belongs whose parts come."""
    return QuestionId(intake.files_of[1]) if intake.files_of is not None and intake.files_of[1] else None


def _one_more(intake: OpenIntake, question: QuestionId | None) -> OpenIntake:
    """One more file of an answer that was given in files."""
    state = intake.state
    given = state.answers.get(question) if question is not None else None
    if question is None or not isinstance(given, Written):
        return intake
    answers = {**state.answers, question: structs.replace(given, files=given.files + 1)}
    return structs.replace(intake, state=structs.replace(state, answers=answers))
