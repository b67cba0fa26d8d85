"""What all rows for members have in common: who may still get something, and what stands in their chats since."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.delivery.kind import Came, ToMember
from bot.errors import Undeliverable
from bot.handoff.calls import Calls
from bot.handoff.checks import IN_CHAT_FOR
from bot.rings import Calm, Sound, calm_of, depends, sound_of
from bot.speech.outgoing import Card
from storage import in_chat, reachable
from storage.case import Case, Claimed, Handed, Parted, Waiting
from storage.drafts import READABLE_FOR
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx

LONGEST_IN_CHAT = timedelta(hours=46)  # Bot API, deleteMessage: within 48 hours


@dataclass(frozen=True, slots=True)
class Stands:
    """A new message in a member's chat. `gone`: the older one that was removed for it."""

    member_id: int
    message_id: int
    gone: int | None = None


Draw = Callable[[Tx, Due], ToMember | None]
Kept = Callable[[Tx, Due, Came], None]
ForMember = Callable[[Tx, Due, Member], ToMember | None]
OfCase = Callable[[Tx, Due, Case, Member], ToMember | None]
OfClaimed = Callable[[Tx, Due, Claimed, Member], ToMember | None]
Remembers = Callable[[Tx, Due, Stands], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMembers:
    """The parts of which kinds for members are put together."""

    calls: Calls

    # --- drawing ---

    def member(self, drawing: ForMember) -> Draw:
        """For a member who takes part."""

        def draw(tx: Tx, due: Due) -> ToMember | None:
            assert due.member_id is not None
            member = self.calls.queue.members.find(tx, due.member_id)
            if member is None:  # it cannot be read: the next are called, as for somebody who has blocked the bot
                raise Undeliverable("a member's row")
            drawn = drawing(tx, due, member) if member.works else None
            return drawn and replace(drawn, silent=not self._rings(tx, due))

        return draw

    def about_case(self, drawing: OfCase) -> Draw:
        """For a member who takes part, about a case."""

        def draw(tx: Tx, due: Due, member: Member) -> ToMember | None:
            assert due.case_row is not None
            return drawing(tx, due, self.calls.cases.get(tx, due.case_row), member)

        return self.member(draw)

    def claimer(self, drawing: OfClaimed) -> Draw:
        """For the claimer alone, while the claim holds."""

        def draw(tx: Tx, due: Due, case: Case, member: Member) -> ToMember | None:
            if not isinstance(case, Claimed) or not case.is_held_by(member.id):
                return None
            return drawing(tx, due, case, member)

        return self.about_case(draw)

    # --- what is remembered ---

    def kept(self, remembers: Remembers) -> Kept:
        """That the member was met; the rest is the kind's. What comes to one who takes part no more goes at once."""

        def kept(tx: Tx, due: Due, came: Came) -> None:
            assert due.member_id is not None
            if came.message_id is not None and not self._comes_too_late(tx, due.member_id, came.message_id):
                reachable.met(tx, due.member_id)
                remembers(tx, due, Stands(due.member_id, came.message_id, came.gone))

        return kept

    def stays(self) -> Kept:
        """Nothing else is remembered: it stands there, and says nothing that must go."""
        return self.kept(lambda _tx, _due, _stands: None)

    def asks(self, part: Callable[[Due], str] | None = None) -> Kept:
        """A question: it goes once it is answered, or is none any more. `part`: of one that others can answer too."""
        if part is None:
            return self.kept(_is_asked)

        def remember(tx: Tx, due: Due, stands: Stands) -> None:
            """The newest alone can be answered."""
            of, member_id = part(due), stands.member_id
            self.calls.queue.wipes.stood(tx, member_id, in_chat.take(tx, member_id, of, but=stands.message_id))
            in_chat.keep(tx, member_id, stands.message_id, of)

        return self.kept(remember)

    def asks_while_it_waits(self) -> Kept:
        """That a case can be taken: it goes at once when somebody has taken it while that was on its way."""

        def remember(tx: Tx, due: Due, stands: Stands) -> None:
            assert due.case_row is not None
            if isinstance(self.calls.cases.get(tx, due.case_row), Waiting):
                _is_asked(tx, due, stands)
            else:
                self.calls.queue.wipes.from_members(tx, {stands.member_id: [stands.message_id]})

        return self.kept(remember)

    def while_theirs(self, remembers: Remembers) -> Kept:
        """Of a case that is the member's, or offered to them: a message goes at once when that ended on its way."""

        def remember(tx: Tx, due: Due, stands: Stands) -> None:
            assert due.case_row is not None
            if self._is_theirs(tx, self.calls.cases.get(tx, due.case_row), stands.member_id):
                remembers(tx, due, stands)
            else:
                self.calls.queue.wipes.from_members(tx, {stands.member_id: [stands.message_id]})

        return self.kept(remember)

    def goes_in_a_day(self) -> Kept:
        """What a lawyer's chat shows of a case goes with the claim, and after a day."""
        return self._goes(longer=timedelta())

    def reminds(self) -> Kept:
        """A deadline: it stands until it is settled, or the claim is over."""

        def remember(tx: Tx, due: Due, stands: Stands) -> None:
            assert due.case_row is not None
            in_chat.keep(tx, stands.member_id, stands.message_id, in_chat.deadline(due.case_row))

        return self.while_theirs(remember)

    def goes_with_claim(self, remembers: Remembers | None = None) -> Kept:
        """What is said of a claim or an offer goes with it, or while Telegram still lets it be removed."""
        return self._goes(longer=LONGEST_IN_CHAT - IN_CHAT_FOR, remembers=remembers)

    def asks_claimer(self) -> Kept:
        """A question about a claim or an offer: the same, and once it is answered."""
        return self._goes(longer=LONGEST_IN_CHAT - IN_CHAT_FOR, remembers=_is_asked)

    def unsent(self) -> Kept:
        """What was typed and is not sent yet: it goes once it is, or cannot be sent any more."""
        return self._goes(longer=timedelta(), remembers=self._is_unsent)

    def takes_place(self, tx: Tx, stands: Stands, before: int | None) -> None:
        """A new message is known in place of the one before, which goes: nobody could change it any more."""
        if before not in {None, stands.message_id, stands.gone}:
            assert before is not None
            self.calls.queue.wipes.cards(tx, stands.member_id, [before])

    # --- what happens when nobody was reached ---

    def lost(self, tx: Tx, due: Due, *, gone: bool) -> None:
        """Coordinators are told that the bot cannot reach this member."""
        if gone:
            assert due.member_id is not None
            self.calls.unreachable(tx, due.member_id)

    # --- parts ---

    def _is_unsent(self, tx: Tx, due: Due, stands: Stands) -> None:
        """After a while its text goes by itself, and what stands there then says that it was not sent."""
        in_chat.keep(tx, stands.member_id, stands.message_id, in_chat.UNSENT)
        note = self.calls.claims.relay.drafts.note_of(tx, stands.member_id) is not None
        args, mark = {"unsent": stands.message_id, "note": note}, f":{stands.message_id}"
        queue, until = self.calls.queue, tx.now + READABLE_FOR
        queue.to_member(tx, RowKind.preview, stands.member_id, at=until, case_row=due.case_row, args=args, mark=mark)

    def _rings(self, tx: Tx, due: Due) -> bool:
        """What the table says (bot/rings.py)."""
        case = self.calls.cases.get(tx, due.case_row) if due.case_row is not None and depends(due.kind) else None
        calm: frozenset[Calm] = frozenset()
        if isinstance(case, Handed):
            night, often = self.calls.place.is_night(tx.now), case.handoff.is_quiet(tx.now)
            calm = calm_of(case.level, night=night, often=often)
        return sound_of(due.kind, due.args.get("what"), calm) is Sound.rings

    def _goes(self, *, longer: timedelta, remembers: Remembers | None = None) -> Kept:
        def keep(tx: Tx, due: Due, stands: Stands) -> None:
            assert due.case_row is not None
            self.calls.queue.delivered.keep(tx, stands.member_id, stands.message_id, due.case_row, longer=longer)
            if remembers is not None:
                remembers(tx, due, stands)

        return self.while_theirs(keep)

    def _is_theirs(self, tx: Reading, case: Case, member_id: int) -> bool:
        if not isinstance(case, Claimed):
            return isinstance(case, Parted) and case.is_held_by(member_id)
        offer = self.calls.claims.offers.of(tx, case.row)
        return case.is_held_by(member_id) or (offer is not None and offer.member_id == member_id)

    def _comes_too_late(self, tx: Tx, member_id: int, message_id: int) -> bool:
        """A message stands in a member's chat now; it goes at once when they take part no more."""
        member = self.calls.queue.members.get(tx, member_id)
        if member.works:
            in_chat.keep(tx, member_id, message_id)
            return False
        self.calls.queue.wipes.messages(tx, member.telegram_id, [message_id])
        return True


def _is_asked(tx: Tx, due: Due, stands: Stands) -> None:
    in_chat.keep(tx, stands.member_id, stands.message_id, in_chat.question(due.case_row))


def asks(member: Member, due: Due, card: Card | None, over: Card) -> ToMember | None:
    """A question while it is one; or `over` in place of the message that has asked it (bot/handoff/questions.py)."""
    if "asked" in due.args:
        return ToMember(chat_id=member.telegram_id, card=over, edit=due.number("asked"))
    return says(member, card) if card is not None else None


def says(member: Member, card: Card) -> ToMember:
    """A new message for a member."""
    return ToMember(chat_id=member.telegram_id, card=card)
