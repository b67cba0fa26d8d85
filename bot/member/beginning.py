"""The first minutes of a member: "you are in", and whether a push and an e-mail come."""

from dataclasses import dataclass

from bot.handoff.queue import Queue
from bot.member.practice import PracticeTalk
from bot.speech import presses
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Outside
from bot.speech.reader import Speech
from bot.speech.texts import joining as texts
from bot.speech.texts import practice as of_practice
from storage.members import Member
from storage.outbox import LineKind
from storage.tx import Tx

_ASKS = {Outside.push: texts.TRIAL_PUSH, Outside.email: texts.TRIAL_MAIL}
_MISSED = {Outside.push: LineKind.nopush, Outside.email: LineKind.nomail}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningTalk:
    """Every method runs inside a change."""

    speech: Speech
    queue: Queue
    practice: PracticeTalk

    def welcome(self, member: Member) -> Card:
        """They are in: by which fingerprint they know what this server has signed, and what next."""
        reader = self.speech.to_member(member)
        lines = [reader.text(texts.WELCOME, key=self.speech.ring.signing_fingerprint)]
        lines += [reader.text(texts.WELCOME_NEXT)]
        lines += [] if member.push or member.email else [reader.text(texts.WELCOME_WAYS)]
        lines += [reader.text(of_practice.WELCOME_PRACTICE)] if member.role == "lawyer" else []
        return Card("\n\n".join(lines), self.practice.button(member))

    def trial(self, member: Member, way: str) -> Card:
        """Has the test come, outside Telegram?"""
        reader, by = self.speech.to_member(member), Outside(way)
        came, missed = (presses.Arrived(by, came=came) for came in (True, False))
        return reader.card(
            _ASKS[by], (reader.button(texts.TRIAL_CAME, came), reader.button(texts.TRIAL_MISSED, missed))
        )

    def hear(self, tx: Tx, member: Member, press: presses.Arrived | presses.Practise) -> Outcome:
        """A step of the practice case; or a test came, or it did not: then the coordinators hear it."""
        if isinstance(press, presses.Practise):
            return self.practice.hear(tx, member, press.step)
        reader = self.speech.to_member(member)
        if press.came:
            return reader.answer(texts.TRIAL_THANKS)
        self.queue.to_coordinators(tx, _MISSED[press.way], about=member.id)
        return reader.answer(texts.TRIAL_TOLD)
