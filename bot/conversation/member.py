"""The conversation with a lawyer or coordinator: take, pass, cases. A member's chat never opens an intake.

Whatever a member may not do answers the same as a case that does not exist.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.conversation import texts
from bot.conversation.callback import read
from bot.conversation.incoming import Card, Incoming, Outcome, Pushed, Said
from bot.conversation.words import Words
from bot.handoff.desk import Desk
from storage.cases import Case, Cases
from storage.members import Member
from storage.record import tidy_code
from storage.sealing.keyring import KeyRing
from storage.writer import Connection


@dataclass(frozen=True, slots=True)
class MemberTalk:
    """Hears a member; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    cases: Cases
    desk: Desk

    def hear(self, connection: Connection, member: Member, incoming: Incoming, now: datetime) -> Outcome:
        """Handles one update of a member's private chat."""
        match incoming:
            case Pushed():
                fields = read(self.ring, incoming.chat_id, incoming.data)
                return self._pushed(connection, member, fields, now)
            case Said():
                return self._said(connection, member, incoming.text, now)
            case _:
                return self._answer(member, texts.MEMBER_STRAY)

    def _pushed(self, connection: Connection, member: Member, fields: tuple[str, ...] | None, now: datetime) -> Outcome:
        match fields:
            case ("take", code):
                return replace(self._take(connection, member, code, now), fresh=True)
            case ("pass", code):
                return replace(self._pass(connection, member, code, now), fresh=True)
            case _:
                return self._answer(member, texts.NO_CASE)

    def _said(self, connection: Connection, member: Member, text: str, now: datetime) -> Outcome:
        command, _, rest = text.strip().partition(" ")
        match command.partition("@")[0].lower():
            case "/take":
                return self._take(connection, member, rest, now)
            case "/pass":
                return self._pass(connection, member, rest, now)
            case "/cases":
                return self._send_cases(connection, member, now)
            case "/start" | "/help":
                return self._answer(member, texts.MEMBER_HELP)
            case _:
                return self._answer(member, texts.MEMBER_STRAY)

    def _take(self, connection: Connection, member: Member, code: str, now: datetime) -> Outcome:
        case = self._case(connection, code)
        if case is None or not self.desk.take(connection, case, member, now):
            return self._answer(member, texts.NO_CASE)
        return Outcome(wake=True)  # the bundle and the alert's new text come through the outbox

    def _pass(self, connection: Connection, member: Member, code: str, now: datetime) -> Outcome:
        case = self._case(connection, code)
        if case is None or not self.desk.pass_on(connection, case, member, now):
            return self._answer(member, texts.NO_CASE)
        return Outcome(wake=True)

    def _send_cases(self, connection: Connection, member: Member, now: datetime) -> Outcome:
        held = self.cases.held_by(connection, member.id)
        for case in held:
            self.desk.send_bundle(connection, case, member, now)
        return Outcome(wake=True) if held else self._answer(member, texts.NO_CASES)

    def _case(self, connection: Connection, code: str) -> Case | None:
        tidy = tidy_code(code)
        return self.cases.by_code(connection, tidy) if tidy else None

    def _answer(self, member: Member, text: str) -> Outcome:
        return Outcome(card=Card(self.words.text(member.language, text)), fresh=True)
