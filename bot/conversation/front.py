"""The front: one update, one change. Tells members from seekers and keeps the update's number with its effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import texts
from bot.conversation.card import Cards
from bot.conversation.incoming import Card, Incoming, Outcome
from bot.conversation.member import MemberTalk
from bot.conversation.seeker import Seeker
from storage.members import Members
from storage.updates import first_time, put_aside
from storage.writer import Connection


@dataclass(frozen=True, slots=True)
class Front:
    """Every method runs inside a change."""

    seeker: Seeker
    talk: MemberTalk
    members: Members
    cards: Cards

    def hear(self, connection: Connection, incoming: Incoming, now: datetime) -> Outcome:
        """Handles one update once; a repeated one only draws the chat's card again."""
        member = self.members.by_telegram(connection, incoming.chat_id)
        if not first_time(connection, incoming.update_id, now):
            return Outcome() if member else self.seeker.again(connection, incoming, now)
        if member is not None:
            return self.talk.hear(connection, member, incoming, now)
        return self.seeker.hear(connection, incoming, now)

    def known(self, connection: Connection, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have something open, or are members'; of the others nothing is stored."""
        return self.seeker.known(connection, chats) | self.members.known(connection, chats)

    def aside(
        self, connection: Connection, update_id: int, chat_id: int | None, error_class: str, now: datetime
    ) -> Outcome:
        """Sets an update aside without its content; the person is asked to send it again."""
        if not put_aside(connection, update_id, error_class, now) or chat_id is None:
            return Outcome()
        if self.members.by_telegram(connection, chat_id) is not None:
            return Outcome(card=self._again(), fresh=True)
        seen = self.seeker.view(connection, chat_id, now, texts.AGAIN)
        return seen if seen.card is not None else Outcome(card=self._again(), fresh=True)

    def skip(self, connection: Connection, update_id: int, now: datetime) -> None:
        """Keeps the number of an update of no concern."""
        first_time(connection, update_id, now)

    def remember_card(self, connection: Connection, chat_id: int, message_id: int, now: datetime) -> None:
        """Keeps the id of a card that was sent anew; of a stranger nothing is kept."""
        self.seeker.remember_card(connection, chat_id, message_id, now)

    def _again(self) -> Card:
        said = [self.cards.words.text(language, texts.AGAIN) for language in self.cards.languages]
        return Card("\n".join(said))
