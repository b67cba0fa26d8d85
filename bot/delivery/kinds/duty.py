"""What a lawyer reads of their duty, and what coordinators read of the rota."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.delivery.kind import Kind, ToMember
from bot.delivery.kinds.to_members import Stands, ToMembers, asks, says
from bot.member.duty import DutyTalk
from bot.member.rota import RotaTalk
from storage import duty_cards, in_chat
from storage.members import Member
from storage.outbox import Due, RowKind
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyKinds:
    """What is queued where duty changes (bot/handoff/rota/duty_news.py)."""

    to: ToMembers
    talk: DutyTalk
    rota: RotaTalk

    def kinds(self) -> Mapping[RowKind, Kind]:
        """Each of them."""
        to, stays = self.to, self.to.stays()
        return {
            RowKind.duty: Kind(
                draw=to.member(self._card), kept=to.kept(self._card_stands), lost=to.lost, message=RowKind.dutynow
            ),
            RowKind.dutynow: Kind(draw=to.member(self._card_now), kept=stays, lost=to.lost, message=RowKind.dutynow),
            RowKind.swap: Kind(draw=to.member(self._swap), kept=to.asks(_swap), lost=to.lost),
            RowKind.unusable: Kind(draw=to.member(self._unusable), kept=stays, lost=to.lost),
            RowKind.askrota: Kind(draw=to.member(self._ask_rota), kept=to.asks(lambda _: in_chat.ROTA), lost=to.lost),
        }

    def _card(self, tx: Reading, _due: Due, member: Member) -> ToMember | None:
        """A new card in place of the one before."""
        shown = duty_cards.of(tx, member.id)
        return ToMember(chat_id=member.telegram_id, card=self.talk.card(tx, member), replaces=shown)

    def _card_now(self, tx: Reading, _due: Due, member: Member) -> ToMember | None:
        """The card that stands there is changed."""
        shown = duty_cards.of(tx, member.id)
        return ToMember(chat_id=member.telegram_id, card=self.talk.card(tx, member), edit=shown) if shown else None

    def _card_stands(self, tx: Tx, _due: Due, stands: Stands) -> None:
        self.to.takes_place(tx, stands, duty_cards.of(tx, stands.member_id))
        duty_cards.keep(tx, stands.member_id, stands.message_id)

    def _swap(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        return asks(member, due, self.talk.ask_card(tx, member, due.number("swap")), self.talk.over_card(member))

    def _unusable(self, tx: Reading, _due: Due, member: Member) -> ToMember | None:
        card = self.rota.unusable_card(tx, member)
        return says(member, card) if card is not None else None

    def _ask_rota(self, tx: Reading, due: Due, member: Member) -> ToMember | None:
        """While a rota waits for the yes."""
        pending = self.talk.duty.rota.kept.all(tx).get("pending")
        card = None if pending is None else self.rota.card(member, pending, str(due.args.get("why")))
        return asks(member, due, card, self.rota.over_card(member))


def _swap(due: Due) -> str:
    return in_chat.swap(due.number("swap"))
