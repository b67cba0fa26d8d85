"""Where a request stands, in words: the truth (bot/handoff/status.py), without names and without a promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.calls import Calls
from bot.handoff.ladder import Candidate, Progress
from bot.handoff.status import Request, Say, Sentence, are_called, status
from bot.questionnaires import Questionnaires
from bot.seeker.advice import advice_text
from bot.settings import Contact
from bot.speech.reader import Reader
from bot.speech.texts import seeker as texts
from bot.speech.words import Words, clock, moment
from flows.place import PublicContact
from storage.case import Claimed, Handed, Waiting
from storage.sent_files import SentFiles
from storage.tx import Reading, Tx

TEXTS = {
    Say.coordinators_told: texts.STATUS_COORDINATORS_TOLD,
    Say.coordinators_next: texts.STATUS_COORDINATORS_NEXT,
    Say.looked_at: texts.STATUS_MUTED,
    Say.unseen: texts.STATUS_UNSEEN,
    Say.calling: texts.STATUS_CALLING,
    Say.untaken: texts.STATUS_UNTAKEN,
    Say.go_on: texts.STATUS_GO_ON,
    Say.more: texts.STATUS_MORE,
    Say.coordinators_at: texts.STATUS_COORDINATORS_AT,
    Say.morning: texts.STATUS_MORNING,
    Say.listed: texts.STATUS_LISTED,
    Say.nobody: texts.STATUS_NOBODY,
    Say.passed: texts.STATUS_PASSED,
    Say.lapsed: texts.STATUS_LAPSED,
    Say.returned: texts.STATUS_RETURNED,
    Say.taken: texts.STATUS_TAKEN,
    Say.wait_here: texts.STATUS_WAIT_HERE,
    Say.claimer_gone: texts.STATUS_CLAIMER_GONE,
    Say.lease: texts.STATUS_LEASE,
    Say.lease_alone: texts.STATUS_LEASE_ALONE,
    Say.reached: texts.STATUS_REACHED,
}
_BY_THE_CLOCK = {Say.morning, Say.listed}  # an hour of the day, whichever day it is
_HAS_BEEN = {Say.told, Say.coordinators_told, Say.taken}  # the card may stand there for days


@dataclass(frozen=True, slots=True)
class State:
    """Where a request stands, and what can be done meanwhile. `quiet`: nothing rings for it before some hour."""

    now: str
    advice: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInWords:
    """Tells who was told and when, who took it, and until when the claim holds."""

    words: Words
    calls: Calls
    questionnaires: Questionnaires
    contacts: tuple[Contact | PublicContact, ...]
    files: SentFiles

    def nobody(self, tx: Reading, case: Waiting) -> str | None:
        """What a waiting case's person is told on a question's card in place of "a lawyer is being called"."""
        request, roster = self._seen(tx, case)
        if are_called(request, roster, self.calls.oncall.ladder, tx.now, place=self.calls.place):
            return None
        said = [one for one in self._said(tx, request, roster) if one.say is not Say.told]
        return " ".join(self._word(tx, case, one) for one in said)

    def of(self, tx: Reading, case: Handed) -> State:
        """The state now, what has been approved for the next hour, and contacts (each has its day of checking)."""
        flow = self.questionnaires.of_case(tx, case.revision)
        advice = [
            advice_text(self.words, case.language, one)
            for one in flow.advice
            if one.id in case.handoff.facts.advice and one.may_be_shown_in(case.language)
        ]
        contacts = [f"{one.label}: {one.number}" for one in self.contacts]
        said = self.said(tx, case)
        lines = [self._word(tx, case, one) for one in said]
        if isinstance(case, Claimed):
            words = case.claim.words
            lines[1:1] = [self.words.text(case.language, texts.CALL_WORDS, words=words)] if words else []
        quiet = any(one.say in _BY_THE_CLOCK for one in said)
        return State("\n".join(lines), "\n\n".join([*advice, *contacts]), quiet)

    def of_files(self, tx: Tx, case_row: int, reader: Reader, *, saved: bool) -> str | None:
        """What has become of the files that the person has sent: the gravest that is true. `saved`: also if all are."""
        counts = self.files.counts(tx, case_row)
        if counts.lost:
            self.files.told(tx, case_row)
            return reader.plural(texts.FILES_LARGE if counts.large == counts.lost else texts.FILES_LOST, counts.lost)
        if counts.waiting:
            return reader.text(texts.FILE_COMES)
        return reader.plural(texts.FILES_SAVED, counts.kept) if counts.kept and saved else None

    def said(self, tx: Reading, case: Handed) -> Sequence[Sentence]:
        """What is true now."""
        return self._said(tx, *self._seen(tx, case))

    def _said(self, tx: Reading, request: Request, roster: Sequence[Candidate]) -> Sequence[Sentence]:
        return status(request, roster, self.calls.oncall.ladder, tx.now, place=self.calls.place)

    def _seen(self, tx: Reading, case: Handed) -> tuple[Request, Sequence[Candidate]]:
        """A request as it stands, and everybody who takes part."""
        alerts = self.calls.roster.told(tx, case.row)
        request = Request(
            progress=Progress.of(case.handoff),
            told={member_id: one.told_at for member_id, one in alerts.items()},
            muted=case.handoff.muted,
            over=self.calls.claims.contacts.get(tx, case.row).over,
            claim=case.claim if isinstance(case, Claimed) else None,
            lease_until=case.handoff.lease_until,
        )
        return request, self.calls.roster.of(tx, case.row, alerts)

    def _word(self, tx: Reading, case: Handed, sentence: Sentence) -> str:
        time = self._time(case, sentence, tx.now)
        if sentence.say is Say.told:
            return self.words.plural(case.language, texts.STATUS_TOLD, sentence.num, time=time)
        values = {"time": time} if sentence.time is not None else {}
        return self.words.text(case.language, TEXTS[sentence.say], **values)

    def _time(self, case: Handed, sentence: Sentence, now: datetime) -> str:
        if sentence.time is None:
            return ""
        if sentence.say in _HAS_BEEN:
            return moment(self.calls.place, case.language, sentence.time)
        return clock(self.calls.place, case.language, sentence.time, None if sentence.say in _BY_THE_CLOCK else now)
