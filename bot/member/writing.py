"""What a claimer writes to the person: ready phrases, and texts of their own, each shown once more before it goes."""

import itertools
from dataclasses import dataclass, replace

from bot.handoff.calls import Calls
from bot.handoff.sealed_messages import SealedMessages
from bot.member.claim_cards import ClaimCards
from bot.member.unsent import Unsent
from bot.speech import presses
from bot.speech.incoming import Said
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Claim
from bot.speech.reader import Speech
from bot.speech.texts import both
from bot.speech.texts import member as texts
from flows.engine import tidy
from storage.case import Claimed
from storage.cases import Cases
from storage.drafts import READABLE_FOR, Typed
from storage.members import Member
from storage.outbox import RowKind
from storage.record import tidy_check_word
from storage.relay import Relay
from storage.tx import Reading, Tx

LONGEST_MESSAGE = 2000  # it stands on the person's card together with a question
PHRASES = (
    texts.PHRASE_LAWYER,
    texts.PHRASE_NAME,
    texts.PHRASE_SIGN,
    texts.PHRASE_PAPER,
    texts.PHRASE_OFFICE,
    texts.PHRASE_PHOTO,
)
# By their use, as they stand on the card: who writes, what to do, what has to be known. The buttons of older cards name
# a phrase by its place in PHRASES, which therefore stays.
BY_USE = (
    (texts.PHRASE_LAWYER,),
    (texts.PHRASE_SIGN, texts.PHRASE_NAME),
    (texts.PHRASE_PAPER, texts.PHRASE_OFFICE, texts.PHRASE_PHOTO),
)
# What asks the person for something; only for who has proved that the key is theirs.
ASKING = frozenset({texts.PHRASE_NAME, texts.PHRASE_PAPER, texts.PHRASE_OFFICE, texts.PHRASE_PHOTO})


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingTalk:
    """Every method runs inside a change; `case` is one that the member has claimed."""

    speech: Speech
    cases: Cases
    relay: Relay
    calls: Calls
    sealed_messages: SealedMessages
    claim_cards: ClaimCards

    def begin(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        """Pressed "write": the ready phrases, and from here on what is typed is a message."""
        unsent = Unsent(speech=self.speech, cases=self.cases, drafts=self.relay.drafts, queue=self.calls.queue)
        gone = unsent.makes_room(tx, member, Typed(case.row, note=False))
        return self._asks(tx, case, member, gone or "", waits=gone is None)

    def give_up(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        """Nothing is sent to this person; what is being written to another stays."""
        writing = self.relay.drafts.of(tx, member.id)
        if writing is not None and writing.case_row == case.row:
            self._stop(tx, member)
        return self.speech.to_member(member).answer(texts.MESSAGE_DROPPED)

    def say(self, tx: Tx, case: Claimed, member: Member, press: presses.Say) -> Outcome:
        """A ready phrase; one that asks only after the check word: an answer belongs to who can open the case.

        Pressed again, it is not said once more.
        """
        if press.phrase >= len(PHRASES):
            return self.speech.to_member(member).answer(texts.NO_CASE)
        phrase = PHRASES[press.phrase]
        if phrase in ASKING and not case.claim.checked:
            return self.begin(tx, case, member)
        if press.number is not None and press.number <= self._sent(tx, case):
            return self._told_again(tx, case, member)
        self._makes_way(tx, case, member)
        return self._send(tx, case, member, self.speech.words.text(case.language, phrase))

    def typed(self, tx: Tx, member: Member, said: Said) -> Outcome:
        """After "write" a text is shown once more before it goes out; any other text goes nowhere."""
        reader, queue = self.speech.to_member(member), self.calls.queue
        writing, text = self.relay.drafts.of(tx, member.id), tidy(said.text)
        if writing is None or not text:
            return reader.answer(texts.MEMBER_STRAY)
        case = self.cases.get(tx, writing.case_row)
        if not isinstance(case, Claimed) or not case.is_held_by(member.id):
            return reader.answer(texts.NO_CASE)
        queue.wipes.messages(tx, member.telegram_id, [said.message_id])
        if not case.claim.checked:
            return self._check(tx, case, member, text)
        if len(text) > LONGEST_MESSAGE:
            too_long = reader.text(texts.MESSAGE_TOO_LONG, num=LONGEST_MESSAGE)
            return self._asks(tx, case, member, too_long, waits=writing.text is not None)
        self._shows_unsent(tx, case, member, text)
        return Outcome()

    def send_typed(self, tx: Tx, case: Claimed, member: Member, number: int) -> Outcome:
        """What was typed goes out as the message of this number; pressed again, what became of it is told again.

        What is written meanwhile is another message, and waits for its own button.
        """
        if number <= self._sent(tx, case):
            return self._told_again(tx, case, member)
        writing = self.relay.drafts.of(tx, member.id)
        if writing is None or writing.text is None or writing.case_row != case.row:
            return self.speech.to_member(member).answer(texts.MESSAGE_DROPPED)
        self._stop(tx, member)
        return self._send(tx, case, member, writing.text)

    # --- parts ---

    def _makes_way(self, tx: Tx, case: Claimed, member: Member) -> None:
        """A ready phrase goes first. What was typed to the same person becomes the message after it."""
        drafts = self.relay.drafts
        writing, typed = drafts.of(tx, member.id), drafts.typed(tx, member.id)
        if typed is None:
            self._stop(tx, member)
        elif writing is not None and writing.case_row == case.row and writing.text is not None:
            self._shows_unsent(tx, case, member, writing.text)

    def _shows_unsent(self, tx: Tx, case: Claimed, member: Member, text: str) -> None:
        """Once more, under the number that it would be sent as; what was shown before goes."""
        self.calls.queue.wipes.unsent(tx, member.id)
        self.relay.drafts.keep_typed(tx, member.id, case.row, text)
        self.calls.queue.to_member(tx, RowKind.preview, member.id, case_row=case.row)

    def _sent(self, tx: Reading, case: Claimed) -> int:
        return self.sealed_messages.reaching.contacts.get(tx, case.row).sent

    def _told_again(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        """What became of the last message: where it stands, or of one of before this claim once more."""
        reaching = self.sealed_messages.reaching
        known = reaching.contacts.get(tx, case.row)
        if not known.wrote:
            return Outcome(card=self.claim_cards.receipt(case, member, known, tx.now), fresh=True)
        reaching.tell_again(tx, case)
        return Outcome()

    def _check(self, tx: Tx, case: Claimed, member: Member, text: str) -> Outcome:
        """Free text opens by a word from inside the case: a lawyer's phone in other hands has no key."""
        reader, word = self.speech.to_member(member), tidy_check_word(text)
        if word is None or not self.cases.claims.check(tx, case, word):
            wrong = reader.text(texts.CHECK_FIRST)
            return self._asks(tx, case, member, wrong)
        # A call can be reported from here on, and the card shows the call words.
        self.calls.queue.to_member(tx, RowKind.alert, member.id, case_row=case.row)
        case = replace(case, claim=replace(case.claim, checked=True))
        right = reader.text(texts.CHECKED, code=case.code)
        return self._asks(tx, case, member, right)

    def _asks(self, tx: Tx, case: Claimed, member: Member, said: str = "", *, waits: bool = False) -> Outcome:
        """What can be written; from here on there is a quarter of an hour for it, and then the card says so.

        `waits`: a text that was typed before can still be sent.
        """
        if not waits:
            self.relay.drafts.start(tx, member.id, case.row)
        self.calls.queue.over(tx, member.id, case.row, tx.now + READABLE_FOR, note=False)
        return Outcome(card=self._phrases(tx, case, member, said), fresh=True)

    def _phrases(self, tx: Reading, case: Claimed, member: Member, said: str = "") -> Card:
        """What can be written. `said`: what became of a text, where it is seen."""
        reader = self.speech.to_member(member)
        ready = [one for one in itertools.chain(*BY_USE) if case.claim.checked or one not in ASKING]
        says = ((one, presses.Say(case.code, PHRASES.index(one), self._sent(tx, case) + 1)) for one in ready)
        rows = [(reader.button(phrase, press),) for phrase, press in says]
        rows.append((reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.cancel)),))
        text = texts.WRITE_TO if case.claim.checked else texts.WRITE_READY
        to_whom = reader.text(text, code=case.code, region=self.claim_cards.region(tx, case, reader))
        if case.claim.checked and not said:
            to_whom += "\n" + reader.text(texts.WRITE_ORDER)
        return Card(f"{to_whom}\n{said}" if said else to_whom, tuple(rows))

    def _stop(self, tx: Tx, member: Member) -> None:
        self.relay.drafts.stop(tx, member.id)
        self.calls.queue.not_over(tx, member.id)
        self.calls.queue.wipes.unsent(tx, member.id)

    def _send(self, tx: Tx, case: Claimed, member: Member, text: str) -> Outcome:
        self.sealed_messages.write_to(tx, case, member, text)
        return Outcome()  # what confirms is a row: it comes also after a crash
