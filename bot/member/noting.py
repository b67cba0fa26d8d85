"""A note for the next lawyer: sealed into the case, never on its way to the person.

What is typed is a `Note` from the first moment on, which nothing that writes to a person takes (storage/drafts.py).
"""

from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.member.unsent import Unsent
from bot.speech import presses
from bot.speech.incoming import Said
from bot.speech.outgoing import Card, Look, Mark, Outcome
from bot.speech.presses import Claim
from bot.speech.reader import Speech
from bot.speech.texts import both
from bot.speech.texts import member as texts
from flows.engine import tidy
from storage.case import Claimed
from storage.cases import Cases
from storage.drafts import READABLE_FOR, Drafts, Note, Typed
from storage.members import Member
from storage.outbox import RowKind
from storage.record import Entry, EntryKind
from storage.tx import Tx

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NotingTalk:
    """Every method runs inside a change; `case` is one that the member has claimed."""

    speech: Speech
    cases: Cases
    drafts: Drafts
    queue: Queue

    def begin(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        """Pressed "note": only of who has opened the case; a phone in other hands writes none."""
        reader = self.speech.to_member(member)
        if not case.claim.checked:
            return reader.answer(texts.NOTE_CHECK_FIRST, code=case.code)
        unsent = Unsent(speech=self.speech, cases=self.cases, drafts=self.drafts, queue=self.queue)
        gone = unsent.makes_room(tx, member, Typed(case.row, note=True))
        self._begins(tx, case, member, waits=gone is None)
        cancel = reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.cancel))
        asked = reader.text(texts.NOTE_WRITE, code=case.code)
        return Outcome(card=Card("\n".join(filter(None, (asked, gone))), ((cancel,),)), fresh=True)

    def typed(self, tx: Tx, member: Member, said: Said) -> Outcome | None:
        """What was typed, once more; None when no note is being written."""
        noting, text, reader = self.drafts.note_of(tx, member.id), tidy(said.text), self.speech.to_member(member)
        if noting is None or not text:
            return None
        case = self.cases.get(tx, noting.case_row)
        if not isinstance(case, Claimed) or not case.is_held_by(member.id):
            return reader.answer(texts.NO_CASE)
        self.queue.wipes.messages(tx, member.telegram_id, [said.message_id])
        if len(text) > LONGEST_NOTE:
            self._begins(tx, case, member, waits=noting.note is not None)
            return reader.answer(texts.NOTE_TOO_LONG, num=LONGEST_NOTE)
        self.queue.wipes.unsent(tx, member.id)  # another text takes its place
        self.drafts.keep_note(tx, member.id, case.row, Note(text))
        self.queue.to_member(tx, RowKind.preview, member.id, case_row=case.row)
        return Outcome()

    def save(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        """It is sealed into the case; pressed again, nothing is there any more."""
        reader, noting = self.speech.to_member(member), self.drafts.note_of(tx, member.id)
        if noting is None or noting.note is None or noting.case_row != case.row or not case.claim.checked:
            return reader.answer(texts.NOTE_DROPPED)
        self._stop(tx, member)
        self._seal(tx, case, member, noting.note)
        return reader.answer(texts.NOTE_SAVED, code=case.code)

    def give_up(self, tx: Tx, case: Claimed, member: Member) -> Outcome | None:
        """Nothing is kept; None when no note was being written in this case."""
        noting = self.drafts.note_of(tx, member.id)
        if noting is None or noting.case_row != case.row:
            return None
        self._stop(tx, member)
        return self.speech.to_member(member).answer(texts.NOTE_DROPPED)

    def _begins(self, tx: Tx, case: Claimed, member: Member, *, waits: bool = False) -> None:
        """From here on there is a quarter of an hour for a note. `waits`: one that was typed can still be saved."""
        if not waits:
            self.drafts.start_note(tx, member.id, case.row)
        self.queue.over(tx, member.id, case.row, tx.now + READABLE_FOR, note=True)

    def _stop(self, tx: Tx, member: Member) -> None:
        self.drafts.stop(tx, member.id)
        self.queue.not_over(tx, member.id)
        self.queue.wipes.unsent(tx, member.id)

    def _seal(self, tx: Tx, case: Claimed, member: Member, note: Note) -> None:
        at = self.cases.chain.stamp(tx.now)
        value = {"name": member.name, "text": note.said}
        # Without a language: the latest one of the entries is the person's.
        entry = Entry(kind=EntryKind.note, at=at, flow=case.revision, value=value)
        self.cases.chain.append(tx, case, entry)


def note_preview(speech: Speech, case: Claimed, member: Member, note: Note) -> Card:
    """What the lawyer typed for a colleague, once more, before it is sealed."""
    reader = speech.to_member(member)
    head = reader.text(texts.NOTE_PREVIEW, code=case.code) + "\n"
    save = reader.button(texts.NOTE_SAVE, presses.OfClaim(case.code, Claim.save_note))
    cancel = reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.cancel))
    return Card(head + note.said, ((save, cancel),), marks=(Mark(Look.code, len(head), len(note.said)),))
