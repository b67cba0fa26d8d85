"""What the claimer of a case says and presses: messages to the person, handing over, deadlines, closing."""

from dataclasses import dataclass, field, replace

from bot.handoff.calls import Calls
from bot.handoff.claims import Claims
from bot.handoff.intake_to_case import IntakeToCase
from bot.member.cards import OUTCOMES, Alerts
from bot.speech import presses, texts
from bot.speech.incoming import Said, SentOther
from bot.speech.outgoing import Button, Card, Outcome
from bot.speech.presses import Claim, Offer, OnClaim
from bot.speech.words import Words, clock
from flows.engine import tidy
from storage.cases import Case, Cases
from storage.members import Member, Members
from storage.outbox import RowKind
from storage.record import tidy_check_word
from storage.relay import Relay
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx

LONGEST_MESSAGE = 2000  # it stands on the person's card together with a question
LARGEST_FILE = 20 * 1024**2  # Bot API, getFile
PHRASES = (
    texts.PHRASE_LAWYER,
    texts.PHRASE_NAME,
    texts.PHRASE_SIGN,
    texts.PHRASE_PAPER,
    texts.PHRASE_OFFICE,
)
# What asks the person for something; only for who has proved that the key is theirs.
ASKING = frozenset({texts.PHRASE_NAME, texts.PHRASE_PAPER, texts.PHRASE_OFFICE})


@dataclass(frozen=True, slots=True)
class ClaimTalk:
    """Every method runs inside a change. For anybody but the claimer the case does not exist."""

    ring: KeyRing = field(repr=False)
    words: Words
    cases: Cases
    members: Members
    relay: Relay
    claims: Claims
    calls: Calls
    intake_to_case: IntakeToCase
    alerts: Alerts

    def hear(self, tx: Tx, member: Member, press: OnClaim) -> Outcome:
        """A press on a button of a claim: the claimer's alone."""
        case = self.cases.by_typed_code(tx, press.case)
        if case is None or case.status != "claimed" or case.claimed_by != member.id:
            return self._answer(member, texts.NO_CASE)
        match press:
            case presses.OfClaim(step=step):
                return self._step(tx, case, member, step)
            case presses.SendTyped(number=number):
                return self._send_typed(tx, case, member, number)
            case presses.Say(phrase=at) if at < len(PHRASES):
                return self._say(tx, case, member, PHRASES[at])
            case presses.Give(member=to):
                return self._give(tx, case, member, to)
            case presses.HowClosed(outcome=outcome) if outcome in OUTCOMES:
                return self._confirm(case, member, outcome)
            case presses.CloseWith(outcome=outcome) if self.claims.close(tx, case, member, outcome):
                return self._closed(tx, case, member, outcome)
            case presses.SettleClock(clock=clock_id):
                self.claims.settle_clock(tx, case, clock_id)
                return self._answer(member, texts.CLOCK_SETTLED)
            case _:
                return self._answer(member, texts.NO_CASE)

    def _step(self, tx: Tx, case: Case, member: Member, step: Claim) -> Outcome:
        match step:
            case Claim.write:
                self.relay.drafts.write(tx, member.id, case.row, None)
                return Outcome(card=self._write_to(tx, case, member), fresh=True)
            case Claim.cancel:
                self.relay.drafts.stop(tx, member.id)
                return self._answer(member, texts.MESSAGE_DROPPED)
            case Claim.acting:
                return self._acting(tx, case, member)
            case Claim.phoned:
                if self.claims.phoned(tx, case):
                    return replace(self._answer(member, texts.PHONED_NOTED, code=case.code), wake=True)
                return self._answer(member, texts.NO_CASE)
            case Claim.release:
                self.claims.release(tx, case, member)
                self.calls.went_on(tx, self.cases.get(tx, case.row))
                return Outcome(wake=True)
            case Claim.hand_over:
                return Outcome(card=self._to_whom(tx, case, member), fresh=True)
            case Claim.close:
                return Outcome(card=self._how(case, member), fresh=True)
            case Claim.not_closed:
                return self._answer(member, texts.CLOSE_NOT, code=case.code)

    def offered(self, tx: Tx, member: Member, press: presses.Answer) -> Outcome:
        """The lawyer to whom a case is offered accepts or declines; later, whether it opens with their key."""
        case, said, answered = self.cases.by_typed_code(tx, press.case), press.said, False
        if case is not None and said in {Offer.accept, Offer.decline}:
            answered = self.claims.answer_offer(tx, case, member, accept=said is Offer.accept)
        elif case is not None:
            answered = self.claims.confirm_wrap(tx, case, member, opens=said is Offer.opens)
        return Outcome(wake=True) if answered else self._answer(member, texts.NO_CASE)

    def send_all(self, tx: Tx, member: Member) -> Outcome:
        """/cases: every sealed file afresh, and the buttons of each claim."""
        held = self.cases.held_by(tx, member.id)
        for case in held:
            before = self.cases.alerted.of(tx, case.row).get(member.id)
            if before is not None and before.message_id is not None:  # it would go on saying what is true now
                self.calls.queue.wipes.messages(tx, member.telegram_id, [before.message_id])
            self.cases.alerted.keep(tx, case.row, member.id, message_id=None)
            for kind in (RowKind.bundle, RowKind.alert):
                self.calls.queue.to_member(tx, kind, member.id, case_row=case.row)
        return Outcome(wake=True) if held else self._answer(member, texts.NO_CASES)

    def silent(self, tx: Tx, member: Member) -> Outcome:
        """The part of the list that is one line: people who have pressed "urgent" and said nothing."""
        cases = self.cases.of_rows(tx, self.cases.alerted.listed_for(tx, member.id))
        return Outcome(card=self.alerts.listed_silent(tx, member, cases), fresh=True)

    # --- messages to the person ---

    def typed(self, tx: Tx, member: Member, said: Said) -> Outcome:
        """After "write" a text is shown once more before it goes out; any other text goes nowhere."""
        writing = self.relay.drafts.of(tx, member.id)
        text = tidy(said.text)
        if writing is None or not text:
            return self._answer(member, texts.MEMBER_STRAY)
        case = self.cases.get(tx, writing.case_row)
        if case.claimed_by != member.id:
            return self._answer(member, texts.NO_CASE)
        self.calls.queue.wipes.messages(tx, member.telegram_id, [said.message_id])
        if not case.checked:
            return self._check(tx, case, member, text)
        if len(text) > LONGEST_MESSAGE:
            return self._answer(member, texts.MESSAGE_TOO_LONG, num=LONGEST_MESSAGE)
        self.relay.drafts.write(tx, member.id, case.row, text)
        self.calls.queue.to_member(tx, RowKind.preview, member.id, case_row=case.row)
        return Outcome(wake=True)

    def _check(self, tx: Tx, case: Case, member: Member, text: str) -> Outcome:
        """Free text opens by a word from inside the case: a lawyer's phone in other hands has no key."""
        word = tidy_check_word(text)
        if word is None or not self.cases.check(tx, case, word):
            return self._answer(member, texts.CHECK_FIRST)
        # A call can be reported from here on, and the card shows the call words.
        self.calls.queue.to_member(tx, RowKind.alert, member.id, case_row=case.row)
        return replace(self._answer(member, texts.CHECKED, code=case.code), wake=True)

    def _acting(self, tx: Tx, case: Case, member: Member) -> Outcome:
        """It extends the claim once, and says until when."""
        text = texts.ACTS if self.claims.acts(tx, case) else texts.ACTED_BEFORE
        until = self.cases.handoffs.get(tx, case.row).lease_until
        if until is None:
            return replace(self._answer(member, texts.ACTS_ON, code=case.code), wake=True)
        time = clock(member.language, until, tx.now)
        return replace(self._answer(member, text, code=case.code, time=time), wake=True)

    def _write_to(self, tx: Reading, case: Case, member: Member) -> Card:
        region = self.alerts.region(tx, case, member.language)
        kind = texts.WRITE_TO if case.checked else texts.WRITE_READY
        text = self.words.text(member.language, kind, code=case.code, region=region)
        ready = [(at, phrase) for at, phrase in enumerate(PHRASES) if case.checked or phrase not in ASKING]
        rows = [(self._button(member, phrase, presses.Say(case.code, at)),) for at, phrase in ready]
        return Card(text, (*rows, (self._button(member, texts.CANCEL, presses.OfClaim(case.code, Claim.cancel)),)))

    def _say(self, tx: Tx, case: Case, member: Member, phrase: str) -> Outcome:
        """A ready phrase; one that asks only after the check word: an answer belongs to who can open the case."""
        if phrase in ASKING and not case.checked:
            self.relay.drafts.write(tx, member.id, case.row, None)
            return Outcome(card=self._write_to(tx, case, member), fresh=True)
        return self._send(tx, case, member, self.words.text(case.language, phrase), case.language)

    def _send_typed(self, tx: Tx, case: Case, member: Member, number: int) -> Outcome:
        """What was typed goes out as the message of this number; pressed again, what became of it is told again."""
        writing = self.relay.drafts.of(tx, member.id)
        if writing is None and 0 < number <= self.claims.contacts.get(tx, case.row).sent:
            self.claims.tell_again(tx, case)
            return Outcome(wake=True)
        if writing is None or writing.text is None or writing.case_row != case.row:
            return self._answer(member, texts.MESSAGE_DROPPED)
        return self._send(tx, case, member, writing.text, member.language)

    def _send(self, tx: Tx, case: Case, member: Member, text: str, language: str) -> Outcome:
        self.relay.drafts.stop(tx, member.id)
        self.intake_to_case.write_to(tx, case, member, text, language)
        return Outcome(wake=True)  # what confirms is a row: it comes also after a crash

    # --- handing over and closing ---

    def _to_whom(self, tx: Reading, case: Case, member: Member) -> Card:
        able = self.cases.wraps.can_open(tx, case.row)
        others = [one for one in self.members.working(tx) if one.role == "lawyer" and one.id != member.id]
        if not others:
            return Card(self.words.text(member.language, texts.HAND_OVER_NOBODY))
        others.sort(key=lambda one: one.id not in able)
        rows = [
            (
                Button(
                    f"✓ {one.name}" if one.id in able else one.name,
                    presses.button_data(self.ring, member.telegram_id, presses.Give(case.code, one.id)),
                ),
            )
            for one in others[:40]
        ]
        return Card(self.words.text(member.language, texts.HAND_OVER_TO, code=case.code), tuple(rows))

    def _give(self, tx: Tx, case: Case, member: Member, to: int) -> Outcome:
        if not self.claims.offer(tx, case, to):
            return self._answer(member, texts.NO_MEMBER)
        return replace(self._answer(member, texts.OFFER_SENT, code=case.code), wake=True)

    def file(self, tx: Tx, member: Member, sent: SentOther) -> Outcome:
        """A lawyer's file is awaited only when a case is being handed over: it holds the other lawyer's wrap."""
        if sent.file is None or sent.file.size > LARGEST_FILE or not self.claims.awaits_file(tx, member):
            return self._answer(member, texts.WRAP_WRONG)
        self.calls.queue.fetch(tx, member, sent.file.file_id)
        return Outcome(wake=True)

    def _how(self, case: Case, member: Member) -> Card:
        rows = [
            (self._button(member, label, presses.HowClosed(case.code, outcome)),) for outcome, label in OUTCOMES.items()
        ]
        return Card(self.words.text(member.language, texts.CLOSE_HOW, code=case.code), tuple(rows))

    def _confirm(self, case: Case, member: Member, outcome: str) -> Outcome:
        """What closing brings, before it is done; the way back stands first, where a second press would hit."""
        label = self.words.text(member.language, OUTCOMES[outcome])
        text = texts.FALSE_CONFIRM if outcome == "false_alarm" else texts.CLOSE_CONFIRM
        rows = (
            (self._button(member, texts.CANCEL, presses.OfClaim(case.code, Claim.not_closed)),),
            (self._button(member, texts.CLOSE_YES, presses.CloseWith(case.code, outcome)),),
        )
        return Outcome(card=Card(self.words.text(member.language, text, code=case.code, outcome=label), rows))

    def _closed(self, tx: Reading, case: Case, member: Member, outcome: str) -> Outcome:
        until = self.claims.undoing.until(tx, case.row, member.id) if outcome == "false_alarm" else None
        if until is None:
            return replace(self._answer(member, texts.ALERT_CLOSED, code=case.code), wake=True)
        values = {"code": case.code, "time": clock(member.language, until)}
        row = (self._button(member, texts.UNDO, presses.Undo(case.code)),)
        return Outcome(card=Card(self.words.text(member.language, texts.FALSE_DONE, **values), (row,)), wake=True)

    def undo(self, tx: Tx, member: Member, press: presses.Undo) -> Outcome:
        """The false alarm was none: the case is this lawyer's again, and what waits of its person rings again."""
        case = self.cases.by_typed_code(tx, press.case)
        if case is None:
            return self._answer(member, texts.NO_CASE)
        again = self.claims.undo(tx, case, member)
        if again is None:
            if case.claimed_by != member.id:
                return self._answer(member, texts.NO_CASE)
            twice = case.status == "claimed"
            return self._answer(member, texts.UNDONE if twice else texts.UNDO_OVER, code=case.code)
        self.intake_to_case.stays_hidden(tx, self.cases.get(tx, case.row))
        for one in again:
            self.calls.let_through(tx, one)
        return replace(self._answer(member, texts.UNDONE, code=case.code), wake=True)

    def _button(self, member: Member, label: str, press: presses.OfMember) -> Button:
        data = presses.button_data(self.ring, member.telegram_id, press)
        return Button(self.words.text(member.language, label), data)

    def _answer(self, member: Member, text: str, **values: object) -> Outcome:
        return Outcome(card=Card(self.words.text(member.language, text, **values)), fresh=True)
