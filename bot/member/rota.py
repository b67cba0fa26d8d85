"""The rota in a coordinator's chat: one that waits for a yes, and entries of the calendar that cannot be used."""

from dataclasses import dataclass
from datetime import datetime

from bot.handoff.queue import Queue
from bot.handoff.rota.duty import Duty
from bot.handoff.rota.duty_news import DutyNews
from bot.speech import presses
from bot.speech.outgoing import Card, Outcome
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator as texts
from storage import in_chat
from storage.members import Member
from storage.outbox import LineKind
from storage.rotas import RotaText
from storage.tx import Reading, Tx

LONGEST = 3800  # of 4096 characters that a message may have
MOST_PROBLEMS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaTalk:
    """Every method runs inside a change."""

    speech: Speech
    duty: Duty
    queue: Queue

    def card(self, member: Member, pending: RotaText, why: str) -> Card:
        """The question about a rota that takes cover away or changes much."""
        reader, sha256 = self.speech.to_member(member), pending.sha256[:12]
        yes = reader.button(texts.YES, presses.TakeRota(yes=True, sha256=sha256))
        no = reader.button(texts.NO, presses.TakeRota(yes=False, sha256=sha256))
        return reader.card(texts.ROTA_COVER if why == "cover" else texts.ROTA_HALF, (yes, no))

    def over_card(self, member: Member) -> Card:
        """In place of the question: this rota waits for no yes any more."""
        return self.speech.to_member(member).card(texts.ROTA_OVER)

    def unusable_card(self, tx: Reading, member: Member) -> Card | None:
        """The events of the calendar that cannot be used, by their own names and times; None when there are none."""
        found = self.duty.problems(tx, self.duty.rota.at(tx, tx.now))
        if not found:
            return None
        reader = self.speech.to_member(member)
        named = [f"• {_printable(event.called)}{_at(reader, event.at)}" for event in found[:MOST_PROBLEMS]]
        named += ["…"] if len(found) > MOST_PROBLEMS else []
        why = reader.text(texts.ROTA_WHY, command="pana oncall check")
        return Card("\n".join([reader.text(texts.ROTA_UNUSABLE), *named, why])[:LONGEST])

    def settle(self, tx: Tx, member: Member, sha256: str, pressed: int, *, yes: bool) -> Outcome:
        """The answer. `sha256`: how the hash of the rota that was asked about begins."""
        reader, rotas = self.speech.to_member(member), self.duty.rota.kept
        pending = rotas.all(tx).get("pending")
        if pending is None or pending.text is None or not pending.sha256.startswith(sha256):
            return Outcome(card=reader.card(texts.ROTA_OVER), edit=pressed)
        rotas.drop(tx, "pending", "broken", "refused")
        self.queue.wipes.of_coordinators(tx, in_chat.ROTA, but=(member.id, pressed))
        if not yes:
            rotas.keep(tx, "refused", pending.sha256, None)
            return Outcome(card=reader.card(texts.ROTA_KEPT), edit=pressed)
        rotas.keep(tx, "accepted", pending.sha256, pending.text)
        self.queue.to_coordinators(tx, LineKind.rota)
        DutyNews(self.duty, self.queue).new_rota(tx)
        return Outcome(card=reader.card(texts.YES), edit=pressed)


def _printable(called: str) -> str:
    """A calendar's words in a message: nothing in them moves the text around."""
    return "".join(letter if letter.isprintable() else "?" for letter in called) or "?"


def _at(reader: Reader, at: datetime | None) -> str:
    return "" if at is None else f", {reader.place.here(at):%d.%m}, {reader.clock(at)}"
