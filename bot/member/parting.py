"""What a lawyer is shown and can press once the person has deleted everything: until the day is over."""

from dataclasses import dataclass
from datetime import datetime

from bot.handoff.calls import Calls
from bot.speech import presses
from bot.speech.outgoing import Card, Outcome, Style
from bot.speech.presses import Claim, OnClaim
from bot.speech.reader import Reader, Speech
from bot.speech.texts import both
from bot.speech.texts import member as texts
from storage.case import Parted
from storage.members import Member
from storage.outbox import RowKind
from storage.tx import Tx

ERASED = "erased"  # as `CloseWith` names it, beside the outcomes of a claim


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingTalk:
    """Every method runs inside a change; `case` is one that is left to the member."""

    speech: Speech
    calls: Calls

    def hear(self, tx: Tx, case: Parted, member: Member, press: OnClaim) -> Outcome:
        """The record, or its end; whatever else a button of before would do, the answer is how it stands now."""
        reader = self.speech.to_member(member)
        match press:
            case presses.GetFile(seq=seq):
                args, mark = {"only": seq}, f":file:{seq}"
                self.calls.queue.to_member(tx, RowKind.bundle, member.id, case_row=case.row, args=args, mark=mark)
                return Outcome(toast=reader.text(texts.FILE_COMES, n=seq))
            case presses.OfClaim(step=Claim.close):
                back = reader.button(both.CANCEL, presses.OfClaim(case.code, Claim.not_closed))
                yes = reader.button(texts.PARTED_YES, presses.CloseWith(case.code, ERASED), Style.danger)
                return Outcome(card=reader.card(texts.PARTED_CONFIRM, (back,), (yes,), code=case.code), fresh=True)
            case presses.CloseWith(outcome=outcome) if outcome == ERASED:
                self.calls.erased(tx, case, wish=True)
                return reader.answer(texts.ALERT_ERASED, code=case.code)
            case _:
                return Outcome(card=parted_card(case, reader, tx.now), fresh=True)


def parted_card(case: Parted, reader: Reader, now: datetime) -> Card:
    """How it stands, and until when."""
    close = reader.button(texts.PARTED_CLOSE, presses.OfClaim(case.code, Claim.close))
    return reader.card(texts.PARTED, (close,), code=case.code, time=reader.clock(case.erase_at, now))
