"""The conversation with a lawyer or coordinator: take, pass, cases. A member's chat never opens an intake.

Whatever a member may not do answers the same as a case that does not exist.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.conversation import texts
from bot.conversation.alerts import Alerts
from bot.conversation.callback import read, sign
from bot.conversation.casework import Casework
from bot.conversation.incoming import Button, Card, Incoming, Outcome, Pushed, Said
from bot.conversation.words import Words
from bot.handoff.desk import Desk
from flows.engine import tidy
from storage.cases import Case, Cases
from storage.members import Member
from storage.record import tidy_code
from storage.sealing.keyring import KeyRing
from storage.writer import Connection

LONGEST_MESSAGE = 2000  # it stands on the person's card together with a question
PHRASES = (
    texts.PHRASE_LAWYER,
    texts.PHRASE_NAME,
    texts.PHRASE_SIGN,
    texts.PHRASE_PAPER,
    texts.PHRASE_OFFICE,
)
_SEND_OR_NOT = ((texts.SEND_MESSAGE, "send"), (texts.CANCEL, "cancel"))


@dataclass(frozen=True, slots=True)
class MemberTalk:
    """Hears a member; every method runs inside a change."""

    ring: KeyRing = field(repr=False)
    words: Words
    cases: Cases
    desk: Desk
    casework: Casework
    alerts: Alerts

    def hear(self, connection: Connection, member: Member, incoming: Incoming, now: datetime) -> Outcome:
        """Handles one update of a member's private chat."""
        match incoming:
            case Pushed():
                fields = read(self.ring, incoming.chat_id, incoming.data)
                return self._pushed(connection, member, fields, now)
            case Said():
                return self._said(connection, member, incoming, now)
            case _:
                return self._answer(member, texts.MEMBER_STRAY)

    def _pushed(self, connection: Connection, member: Member, fields: tuple[str, ...] | None, now: datetime) -> Outcome:
        match fields:
            case ("take", code):
                return replace(self._take(connection, member, code, now), fresh=True)
            case ("pass", code):
                return replace(self._pass(connection, member, code, now), fresh=True)
            case (("write" | "say" | "send" | "cancel" | "acting" | "release") as way, code, *rest):
                return self._of_claim(connection, member, way, code, rest, now)
            case _:
                return self._answer(member, texts.NO_CASE)

    def _said(self, connection: Connection, member: Member, said: Said, now: datetime) -> Outcome:
        command, _, rest = said.text.strip().partition(" ")
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
                return self._typed(connection, member, said, now)

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

    # --- a claim ---

    def _of_claim(
        self, connection: Connection, member: Member, way: str, code: str, rest: list[str], now: datetime
    ) -> Outcome:
        """What the claimer of a case may do; for anybody else the case does not exist."""
        case = self._case(connection, code)
        if case is None or case.status != "claimed" or case.claimed_by != member.id:
            return self._answer(member, texts.NO_CASE)
        match way:
            case "write":
                self.desk.relay.write(connection, member.id, case.row, None, now)
                return Outcome(card=self._write_to(connection, case, member), fresh=True)
            case "say" if rest and rest[0].isdigit() and int(rest[0]) < len(PHRASES):
                text = self.words.text(case.language, PHRASES[int(rest[0])])
                return self._send(connection, case, member, text, case.language, now)
            case "send":
                return self._send_typed(connection, case, member, now)
            case "cancel":
                self.desk.relay.stop_writing(connection, member.id)
                return self._answer(member, texts.MESSAGE_DROPPED)
            case "acting":
                self.desk.acts(connection, case, now)
                return Outcome(wake=True)
            case _:
                self.desk.release(connection, case, member, now)
                return Outcome(wake=True)

    def _write_to(self, connection: Connection, case: Case, member: Member) -> Card:
        region = self.alerts.region(connection, case, member.language)
        text = self.words.text(member.language, texts.WRITE_TO, code=case.code, region=region)
        rows = [(self._button(member, phrase, "say", case, str(at)),) for at, phrase in enumerate(PHRASES)]
        return Card(text, (*rows, (self._button(member, texts.CANCEL, "cancel", case),)))

    def _typed(self, connection: Connection, member: Member, said: Said, now: datetime) -> Outcome:
        """After "write" a text is shown once more before it goes out; any other text goes nowhere."""
        writing = self.desk.relay.writing(connection, member.id)
        text = tidy(said.text)
        if writing is None or not text:
            return self._answer(member, texts.MEMBER_STRAY)
        case = self.cases.get(connection, writing.case_row)
        if case.claimed_by != member.id:
            return self._answer(member, texts.NO_CASE)
        self.desk.wipe(connection, member.telegram_id, [said.message_id], now)
        if len(text) > LONGEST_MESSAGE:
            return self._answer(member, texts.MESSAGE_TOO_LONG, num=LONGEST_MESSAGE)
        self.desk.relay.write(connection, member.id, case.row, text, now)
        region = self.alerts.region(connection, case, member.language)
        head = self.words.text(member.language, texts.PREVIEW, code=case.code, region=region) + "\n"
        ways = tuple(self._button(member, one, way, case) for one, way in _SEND_OR_NOT)
        return Outcome(card=Card(head + text, (ways,), code=(len(head), len(text))), fresh=True, wake=True)

    def _send_typed(self, connection: Connection, case: Case, member: Member, now: datetime) -> Outcome:
        writing = self.desk.relay.writing(connection, member.id)
        if writing is None or writing.text is None or writing.case_row != case.row:
            return self._answer(member, texts.MESSAGE_DROPPED)
        return self._send(connection, case, member, writing.text, member.language, now)

    def _send(
        self, connection: Connection, case: Case, member: Member, text: str, language: str, now: datetime
    ) -> Outcome:
        self.desk.relay.stop_writing(connection, member.id)
        self.casework.write_to(connection, case, member, text, language, now)
        return replace(self._answer(member, texts.MESSAGE_SENT, code=case.code), wake=True)

    def _button(self, member: Member, label: str, way: str, case: Case, *rest: str) -> Button:
        return Button(
            self.words.text(member.language, label), sign(self.ring, member.telegram_id, way, case.code, *rest)
        )

    def _case(self, connection: Connection, code: str) -> Case | None:
        tidy = tidy_code(code)
        return self.cases.by_code(connection, tidy) if tidy else None

    def _answer(self, member: Member, text: str, **values: object) -> Outcome:
        return Outcome(card=Card(self.words.text(member.language, text, **values)), fresh=True)
