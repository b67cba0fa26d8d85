"""What a lawyer has typed and not sent or saved, when they begin another text: it stays, or they read that it went."""

from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.speech.reader import Speech
from bot.speech.texts import member as texts
from storage.cases import Cases
from storage.drafts import Drafts, Typed
from storage.members import Member
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Every method runs inside a change."""

    speech: Speech
    cases: Cases
    drafts: Drafts
    queue: Queue

    def makes_room(self, tx: Tx, member: Member, begins: Typed) -> str | None:
        """Another text begins. None: just such a one was typed, and stays; else what has become of what was, if any."""
        typed = self.drafts.typed(tx, member.id)
        if typed == begins:
            return None
        self.queue.wipes.unsent(tx, member.id)
        if typed is None:
            return ""
        text = texts.NOTE_UNSAVED_BEFORE if typed.note else texts.UNSENT_BEFORE
        return self.speech.to_member(member).text(text, code=self.cases.get(tx, typed.case_row).code)
