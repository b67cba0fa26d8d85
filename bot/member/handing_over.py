"""A case goes back, or to another lawyer: to whom, what they answer, and the file that lets them open it."""

from dataclasses import dataclass, replace

from bot.handoff.giving_back import GivingBack
from bot.handoff.handing_over import HandingOver
from bot.member.parts import Part
from bot.speech import presses
from bot.speech.fitting import label
from bot.speech.incoming import SentOther
from bot.speech.outgoing import Card, Outcome
from bot.speech.presses import Offer
from bot.speech.reader import Speech
from bot.speech.reader_file import READER_FILE
from bot.speech.texts import both
from bot.speech.texts import member as texts
from storage.case import Claimed
from storage.cases import Cases
from storage.members import Member, Members
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading, Tx

LARGEST_FILE = 20 * 1024**2  # Bot API, getFile
MOST_LAWYERS = 6  # on one card


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOverTalk:
    """Every method runs inside a change."""

    speech: Speech
    cases: Cases
    members: Members
    offers: HandingOver
    giving_back: GivingBack

    def give_back(self, tx: Tx, case: Claimed) -> Outcome:
        """The claimer has it no more, and others are called."""
        self.giving_back.given_back(tx, case)
        return Outcome()

    def ask(self, tx: Reading, case: Claimed, member: Member, first: int = 0) -> Outcome:
        """To whom? Who can open the case at once stands first. `first`: the first who is shown."""
        reader, able = self.speech.to_member(member), self.cases.wraps.can_open(tx, case.row)
        others = [other for other in self.members.working(tx) if other.role == "lawyer" and other.id != member.id]
        if not others:
            return reader.answer(texts.HAND_OVER_NOBODY)
        others.sort(key=lambda other: other.id not in able)
        part = Part.of_list(others, first, MOST_LAWYERS)
        labels = [(f"✓ {other.name}" if other.id in able else other.name, other.id) for other in part.shown]
        rows = [(reader.named(label(name), presses.Give(case.code, other_id)),) for name, other_id in labels]
        more = part.label(reader)
        rows += [(reader.named(more, presses.Colleagues(case.code, part.next)),)] if more else []
        rows.append((reader.button(both.CANCEL, presses.Dismiss()),))
        return Outcome(card=reader.card(texts.HAND_OVER_TO, *rows, code=case.code), fresh=True)

    def give(self, tx: Tx, case: Claimed, member: Member, press: presses.Give) -> Outcome:
        """It is offered to them, and nothing changes until they accept.

        Who cannot open it yet is sealed to first, so before that their key is compared.
        """
        reader, other = self.speech.to_member(member), self.members.find(tx, press.member)
        if other is not None and not press.sure and self._is_sealed_to_first(tx, case, other):
            return Outcome(card=self._compare(case, member, other), fresh=True)
        if not self.offers.offer(tx, case, press.member):
            return reader.answer(texts.NO_MEMBER)
        return reader.answer(texts.OFFER_SENT, code=case.code)

    def _is_sealed_to_first(self, tx: Reading, case: Claimed, other: Member) -> bool:
        asked = other.role == "lawyer" and other.works and not case.is_held_by(other.id)
        return asked and other.id not in self.cases.wraps.can_open(tx, case.row)

    def _compare(self, case: Claimed, member: Member, other: Member) -> Card:
        """The key of the other lawyer: whoever hands over has compared it with what they say."""
        reader = self.speech.to_member(member)
        text = reader.text(texts.HAND_OVER_SURE, code=case.code, name=other.name, key=fingerprint(other.recipient))
        later = reader.text(texts.HAND_OVER_LATER, reader=READER_FILE)
        yes = label(reader.text(texts.HAND_OVER_YES, name=other.name))
        rows = ((reader.named(yes, presses.Give(case.code, other.id, sure=True)),),)
        return Card(f"{text}\n\n{later}", (*rows, (reader.button(both.CANCEL, presses.Dismiss()),)))

    def offered(self, tx: Tx, member: Member, press: presses.Answer) -> Outcome:
        """The lawyer to whom a case is offered accepts or declines; later, whether it opens with their key."""
        case, said, reader = self.cases.by_typed_code(tx, press.case), press.said, self.speech.to_member(member)
        answered = False
        if case is not None and said in {Offer.accept, Offer.decline}:
            answered = self.offers.answer_offer(tx, case, member, accept=said is Offer.accept)
        elif isinstance(case, Claimed):
            answered = self.offers.confirm_wrap(tx, case, member, opens=said is Offer.opens)
        if not answered:
            theirs = isinstance(case, Claimed) and case.is_held_by(member.id)
            return reader.answer(texts.YOU_TOOK if theirs else texts.SWAP_OVER, code=press.case)
        if case is not None and said is Offer.accept and self.offers.waits_for_file(tx, case, member):
            return replace(reader.answer(texts.OFFER_WAITS, code=press.case), alert=True)
        return Outcome()

    def file(self, tx: Tx, member: Member, sent: SentOther) -> Outcome:
        """A lawyer's file is awaited only when a case is being handed over: it holds the other lawyer's wrap."""
        if sent.file is None or sent.file.size > LARGEST_FILE or not self.offers.awaits_file(tx, member):
            self.offers.queue.wipes.messages(tx, member.telegram_id, [sent.message_id])
            return self.speech.to_member(member).answer(texts.WRAP_WRONG)
        self.offers.queue.fetch(tx, member, sent.file.file_id, sent.message_id)
        return Outcome()
