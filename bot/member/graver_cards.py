"""A claimed case that has become graver: what its claimer reads of it, and another lawyer who is called to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.member.alert_lines import AlertText, room_beside
from bot.questionnaires import Questionnaires
from bot.speech import fitting, presses
from bot.speech.outgoing import Button, Card, Style
from bot.speech.presses import Claim
from bot.speech.reader import Reader, Speech
from bot.speech.texts import member as texts
from flows.facts import Change
from storage.case import Claimed
from storage.contact import Contacts
from storage.members import Member
from storage.tx import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class GraverCards:
    """Draws them, from the truth of the moment they are sent; every method runs inside a change."""

    speech: Speech
    questionnaires: Questionnaires
    contacts: Contacts

    def for_claimer(self, tx: Reading, case: Claimed, member: Member, change: Change) -> Card:
        """What is new and what the alert says besides; by when it is to be seen, or who was called since."""
        reader = self.speech.to_member(member)
        seen = reader.button(texts.SEEN, presses.OfClaim(case.code, Claim.seen))
        write = reader.button(texts.WRITE, presses.OfClaim(case.code, Claim.write))
        rows = ((seen,), (write,)) if change.due_at is not None else ((write,),)
        last = [_so_far(change, reader, tx)] if change.due_at is not None else []
        return self._card(tx, case, reader, change, reader.text(texts.GRAVER, code=case.code), last, rows)

    def for_others(self, tx: Reading, case: Claimed, member: Member, change: Change) -> Card:
        """The same for another lawyer, who can take the case over."""
        reader = self.speech.to_member(member)
        take = reader.button(texts.TAKE, presses.Take(case.code), Style.primary)
        pass_ = reader.button(texts.PASS, presses.Pass(case.code))
        title = reader.text(texts.UNSEEN, code=case.code)
        return self._card(tx, case, reader, change, title, [], ((take,), (pass_,)))

    def _card(
        self,
        tx: Reading,
        case: Claimed,
        reader: Reader,
        change: Change,
        title: str,
        last: Sequence[str],
        rows: tuple[tuple[Button, ...], ...],
    ) -> Card:
        """What was known, and last what is new: the end of a card is what a small phone shows."""
        flow, facts = self.questionnaires.of_case(tx, case.revision), case.handoff.facts
        unreached = self.contacts.get(tx, case.row).unreached_at is not None
        fresh = facts.only(change.reasons)
        pairs = frozenset(pair for one in fresh.reasons for pair in one.because)
        told = AlertText(flow=flow, facts=facts, reader=reader, now=tx.now, unreached=unreached, but=pairs)
        new = told.new(fresh)
        new = [reader.text(texts.GRAVER_NEW), *(f"• {one}" for one in new)] if new else []
        new = fitting.folded(new, fitting.room(len(rows)) // 2, lambda num: reader.text(texts.REASONS_MORE, num=num))
        about = told.lines(room_beside(title, *new, *last))
        return fitting.card_of(([title],), about, [*new, *last], rows)


def _so_far(change: Change, reader: Reader, tx: Reading) -> str:
    """By when it is to be seen; after that, how many were called and since when."""
    if change.called_at is not None:
        called, since = len(change.called), reader.clock(change.called_at, tx.now)
        return reader.text(texts.SEEN_LATE, time=since, num=called, count=change.coordinators)
    assert change.due_at is not None
    return reader.text(texts.SEE_BY, time=reader.clock(change.due_at, tx.now))
