"""Where a request stands, in words: the truth, without names and without a promise."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation import texts
from bot.conversation.shelf import Shelf
from bot.conversation.words import Words, clock
from bot.settings import Contact
from storage.call_words import call_words
from storage.cases import Case, Cases
from storage.handoffs import Handoff
from storage.tx import Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """Tells who was told and when, who took it, and until when the claim holds."""

    words: Words
    cases: Cases
    shelf: Shelf
    contacts: tuple[Contact, ...]

    def nobody(self, tx: Reading, case: Case) -> str | None:
        """What a waiting case's person is told in place of "a lawyer is being called" when none is."""
        if self.cases.handoffs.get(tx, case.row).muted:
            return self.words.text(case.language, texts.STATUS_MUTED)
        told = bool(self.cases.alerted.times(tx, case.row))
        if case.level == "normal":
            return self.words.text(case.language, texts.STATUS_WAITING if told else texts.STATUS_LISTED)
        if told:
            return None
        return self.words.text(case.language, texts.STATUS_NOBODY)

    def of(self, tx: Reading, case: Case) -> str:
        """The state now, then what has been approved for the next hour, and contacts (each has its day of checking)."""
        handoff = self.cases.handoffs.get(tx, case.row)
        flow = self.shelf.of_case(tx, case.revision)
        advice = [one.text[case.language] for one in flow.advice if one.id in handoff.facts.advice]
        contacts = [f"{one.label}: {one.number}" for one in self.contacts]
        return "\n\n".join([self._state(tx, case, handoff), *advice, *contacts])

    def _state(self, tx: Reading, case: Case, handoff: Handoff) -> str:
        if case.status == "claimed":
            return self._taken(case, handoff, tx.now)
        if case.status != "waiting":
            return self.words.text(case.language, texts.CALL_WITHDRAWN)
        told = self.cases.alerted.times(tx, case.row)
        if not told:
            return self.nobody(tx, case) or self.words.text(case.language, texts.STATUS_LISTED)
        times = [clock(case.language, at, tx.now) for at in told]
        lines = [
            self.words.plural(case.language, texts.STATUS_TOLD, times.count(time), time=time)
            for time in dict.fromkeys(times)
        ]
        # After a claim that ended without contact the ladder goes on; the person is told so.
        then = texts.STATUS_AGAIN if handoff.lease_until is not None else texts.STATUS_WAITING
        return "\n".join([*lines, self.words.text(case.language, then)])

    def _taken(self, case: Case, handoff: Handoff, now: datetime) -> str:
        text = self.words.text
        at = clock(case.language, case.claimed_at, now) if case.claimed_at else ""
        words = text(case.language, texts.CALL_WORDS, words=call_words(case.case_id, case.language))
        taken = f"{text(case.language, texts.STATUS_TAKEN, time=at)}\n{words}"
        if case.contacted_at is not None:
            return f"{taken}\n{text(case.language, texts.STATUS_REACHED)}"
        if handoff.lease_until is None:
            return taken
        until = text(case.language, texts.STATUS_LEASE, time=clock(case.language, handoff.lease_until, now))
        return f"{taken}\n{until}"
