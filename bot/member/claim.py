"""What the claimer of a case presses: which part of the claim it belongs to."""

from dataclasses import dataclass

from bot.handoff.calls import Calls
from bot.handoff.reaching import Reaching
from bot.member.became import Became
from bot.member.closing import ClosingTalk
from bot.member.handing_over import HandingOverTalk
from bot.member.noting import NotingTalk
from bot.member.parting import PartingTalk
from bot.member.writing import WritingTalk
from bot.speech import presses
from bot.speech.incoming import Said
from bot.speech.outgoing import Outcome
from bot.speech.presses import Claim, OnClaim
from bot.speech.reader import Speech
from bot.speech.texts import member as texts
from storage import parting
from storage.case import Claimed, Parted
from storage.members import Member
from storage.outbox import RowKind
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTalk:
    """Every method runs inside a change. For whom it has never concerned the case does not exist."""

    speech: Speech
    calls: Calls
    reaching: Reaching
    writing: WritingTalk
    handing_over: HandingOverTalk
    closing: ClosingTalk

    @property
    def noting(self) -> NotingTalk:
        """Notes for the next lawyer."""
        calls = self.calls
        drafts = calls.claims.relay.drafts
        return NotingTalk(speech=self.speech, cases=calls.cases, drafts=drafts, queue=calls.queue)

    def typed(self, tx: Tx, member: Member, said: Said) -> Outcome:
        """A text that is no command: a note, a message, or nothing."""
        return self.noting.typed(tx, member, said) or self.writing.typed(tx, member, said)

    def hear(self, tx: Tx, member: Member, press: OnClaim) -> Outcome:
        """A press on a button of a claim: the claimer's alone; also once the person has deleted everything."""
        case = self.calls.cases.by_typed_code(tx, press.case)
        if isinstance(case, Parted) and case.is_held_by(member.id):
            return PartingTalk(speech=self.speech, calls=self.calls).hear(tx, case, member, press)
        if not isinstance(case, Claimed) or not case.is_held_by(member.id):
            return Became(speech=self.speech, calls=self.calls).to_lawyer(tx, case, member)
        return self._hear(tx, self.calls.graver.seen(tx, case) if _looks(press) else case, member, press)

    def _hear(self, tx: Tx, case: Claimed, member: Member, press: OnClaim) -> Outcome:
        match press:
            case presses.OfClaim(step=step):
                return self._step(tx, case, member, step)
            case presses.SendTyped() | presses.Say():
                return self._write(tx, case, member, press)
            case presses.GetFile(seq=seq):
                return self._get(tx, case, member, seq)
            case presses.Colleagues() | presses.Give():
                return self._to_whom(tx, case, member, press)
            case presses.HowClosed(outcome=outcome):
                return self.closing.confirm(case, member, outcome)
            case presses.CloseWith(outcome=outcome):
                return self.closing.close(tx, case, member, outcome)
            case presses.SettleClock(clock=clock_id):
                self.calls.claims.settle_clock(tx, case, clock_id)
                return self.speech.to_member(member).answer(texts.CLOCK_SETTLED)

    def _write(self, tx: Tx, case: Claimed, member: Member, press: presses.SendTyped | presses.Say) -> Outcome:
        if isinstance(press, presses.Say):
            return self.writing.say(tx, case, member, press)
        return self.writing.send_typed(tx, case, member, press.number)

    def _to_whom(self, tx: Tx, case: Claimed, member: Member, press: presses.Colleagues | presses.Give) -> Outcome:
        if isinstance(press, presses.Colleagues):
            return self.handing_over.ask(tx, case, member, press.first)
        return self.handing_over.give(tx, case, member, press)

    def _step(self, tx: Tx, case: Claimed, member: Member, step: Claim) -> Outcome:
        match step:
            case Claim.write | Claim.cancel | Claim.note | Claim.save_note:
                return self._begins(tx, case, member, step)
            case Claim.acting:
                return self._acting(tx, case, member)
            case Claim.phoned:
                return self._phoned(tx, case, member)
            case Claim.seen:
                toast = self.speech.to_member(member).text(texts.SEEN_NOTED)
                return Outcome(toast=toast)
            case Claim.give_back:
                return self.handing_over.give_back(tx, case)
            case Claim.hand_over:
                return self.handing_over.ask(tx, case, member)
            case Claim.close:
                return self.closing.ask(case, member)
            case Claim.not_closed:
                return self.closing.keep_open(case, member)

    def _begins(self, tx: Tx, case: Claimed, member: Member, step: Claim) -> Outcome:
        """A message to the person, or a note for the next lawyer."""
        match step:
            case Claim.note:
                return self.noting.begin(tx, case, member)
            case Claim.save_note:
                return self.noting.save(tx, case, member)
            case Claim.cancel:
                return self.noting.give_up(tx, case, member) or self.writing.give_up(tx, case, member)
            case _:
                return self.writing.begin(tx, case, member)

    def _acting(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        """It extends the claim once, and says until when."""
        reader, acts = self.speech.to_member(member), self.reaching.acts(tx, case)
        text, until = texts.ACTS if acts else texts.ACTED_BEFORE, (acts or case).handoff.lease_until
        if until is None:
            return reader.answer(texts.ACTS_ON, code=case.code)
        return reader.answer(text, code=case.code, time=reader.clock(until, tx.now))

    def _phoned(self, tx: Tx, case: Claimed, member: Member) -> Outcome:
        reader = self.speech.to_member(member)
        if self.reaching.phoned(tx, case):
            return reader.answer(texts.PHONED_NOTED, code=case.code)
        return reader.answer(texts.NO_CASE)

    def _get(self, tx: Tx, case: Claimed, member: Member, seq: int) -> Outcome:
        """One file of the case, sealed as the whole is."""
        args, mark = {"only": seq}, f":file:{seq}"
        self.calls.queue.to_member(tx, RowKind.bundle, member.id, case_row=case.row, args=args, mark=mark)
        return Outcome(toast=self.speech.to_member(member).text(texts.FILE_COMES, n=seq))

    def send_all(self, tx: Tx, member: Member) -> Outcome:
        """/cases: every sealed file afresh, and the buttons of each claim; also of what the person has deleted."""
        cases, queue = self.calls.cases, self.calls.queue
        held = [self.calls.graver.seen(tx, one) for one in cases.held_by(tx, member.id)]
        held_or_parted = [*held, *cases.of_rows(tx, parting.left_to(tx, member.id))]
        for case in held_or_parted:
            before = self.calls.cases.alerted.of(tx, case.row).get(member.id)
            if before is not None and before.message_id is not None:  # it would go on saying what is true now
                queue.wipes.cards(tx, member.id, [before.message_id])
            self.calls.cases.alerted.keep(tx, case.row, member.id, message_id=None)
            for kind in (RowKind.bundle, RowKind.alert):
                queue.to_member(tx, kind, member.id, case_row=case.row)
        return Outcome() if held_or_parted else self.speech.to_member(member).answer(texts.NO_CASES)


def _looks(press: OnClaim) -> bool:
    """Whoever presses this has seen what is new, or acts."""
    match press:
        case presses.SendTyped() | presses.Say():
            return True
        case presses.OfClaim(step=step):
            return step in {Claim.seen, Claim.acting, Claim.phoned}
        case _:
            return False
