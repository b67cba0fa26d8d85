"""The front: one update, one change. Tells members, the invited and seekers apart, keeps an update's number with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.joining import Joining
from bot.member.lost_word import LostWordTalk
from bot.member.talk import MemberTalk
from bot.seeker.arrivals import Arrivals
from bot.seeker.screen import Screen
from bot.seeker.talk import SeekerTalk
from bot.speech.incoming import Corrected, Heard, Incoming, Pushed, Reach, Said, SentOther, What
from bot.speech.lost_word import behind_command
from bot.speech.outgoing import Card, Outcome
from bot.speech.texts import both
from storage import in_chat
from storage.members import Member, Members
from storage.tx import Reading, Tx
from storage.updates import first_heard, first_time, put_aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Every method runs inside a change."""

    members: Members
    member: MemberTalk
    joining: Joining
    seeker: SeekerTalk
    arrivals: Arrivals
    lost_word: LostWordTalk

    @property
    def screen(self) -> Screen:
        """What people's chats show."""
        return self.seeker.screen

    def hear(self, tx: Tx, incoming: Incoming, slow: bytes | None = None) -> Outcome:
        """Handles one update once; a repeated one only draws the chat's card again.

        `slow`: the slow hash of a text that may be a lost word (bot/lost_words.py).
        """
        first = first_heard(tx, incoming.update_id, self.members.look_up(incoming.chat_id))
        if isinstance(incoming, SentOther) and incoming.what is What.notice:  # nobody has said anything
            return Outcome(wipe=(incoming.message_id,))
        member = self._member(tx, incoming.chat_id)
        if not first:
            return Outcome() if member or isinstance(incoming, Reach) else self.seeker.again(tx, incoming)
        if member is not None:
            seen = self._of_member(tx, member, incoming, slow)  # may suspend them: then it is a stranger's already
            return replace(seen, member=self._working(tx, incoming.chat_id))
        if isinstance(incoming, Reach):
            return self.seeker.reach(tx, incoming)
        if self.lost(tx, slow) and not self.screen.chats.of(tx, incoming.chat_id).is_stranger:
            self.screen.queue.wipes.messages(tx, incoming.chat_id, [incoming.message_id])
            return self.seeker.again(tx, incoming)
        return self._person(tx, incoming)

    def lost(self, tx: Tx, slow: bytes | None) -> bool:
        """True when this was a lost word: its member is suspended, in this change."""
        whose = self.lost_word.whose(tx, slow)
        if whose is not None:
            self.lost_word.used(tx, whose)
        return whose is not None

    def _member(self, tx: Reading, chat_id: int) -> Member | None:
        """Whose chat it is. After their lost word was typed a stranger may have it, who meets what a stranger meets."""
        found = self.members.by_telegram(tx, chat_id)
        return None if found is None or found.lost else found

    def _of_member(self, tx: Tx, member: Member, incoming: Incoming, slow: bytes | None) -> Outcome:
        if member.works and not isinstance(incoming, Pushed | Reach):
            in_chat.keep(tx, member.id, incoming.message_id, in_chat.ANSWER)
        if member.works and isinstance(incoming, Said | Corrected) and behind_command(incoming.text) is not None:
            self.member.tidying.goes_on(tx, member, incoming)
            return self.lost_word.choose(tx, member, incoming, slow)
        whose = self.lost_word.whose(tx, slow)
        if whose is None or isinstance(incoming, Reach):
            return self.member.hear(tx, member, incoming)
        self.lost_word.used(tx, whose)
        if whose == member.id:
            return self._person(tx, incoming)
        return self.lost_word.goes_nowhere(tx, member, incoming.message_id)

    def _working(self, tx: Reading, chat_id: int) -> int | None:
        found = self.members.by_telegram(tx, chat_id)
        return found.id if found is not None and found.works else None

    def _person(self, tx: Tx, incoming: Heard) -> Outcome:
        """No member: somebody of whom something is kept, somebody who was invited, or a seeker."""
        chat = self.seeker.meet(tx, incoming.chat_id)
        invited = self.joining.hear(tx, incoming) if chat.is_stranger and not chat.lost else None
        return invited or self.seeker.hear(tx, chat, incoming)

    def known(self, tx: Reading, chats: Sequence[int]) -> frozenset[int]:
        """Which of these chats have something open, or are members'; of the others nothing is stored."""
        return self.screen.chats.known(tx, chats) | self.members.known(tx, chats)

    def aside(self, tx: Tx, update_id: int, chat_id: int | None, error_class: str) -> Outcome:
        """Sets an update aside without its content; the person is asked to send it again."""
        if not put_aside(tx, update_id, error_class) or chat_id is None:
            return Outcome()
        if self.members.known(tx, [chat_id]):
            return self.again()
        try:
            seen = self.screen.view(tx, chat_id, both.AGAIN)
        except Exception:  # what could not be handled may stand on the card as well
            return self.again()
        return seen if seen.card is not None else self.again()

    def skip(self, tx: Tx, update_id: int) -> None:
        """Keeps the number of an update of no concern."""
        first_time(tx, update_id)

    def may(self, tx: Reading, chat_id: int, outcome: Outcome) -> bool:
        """Whether what shows something of a person's request may still leave for their chat."""
        return self.arrivals.may(tx, chat_id, outcome)

    def leaves(self, tx: Tx, chat_id: int, outcome: Outcome, by: str) -> bool:
        """Whether a new message may leave for a person's chat, now; it is on its way then."""
        return self.arrivals.leaves(tx, chat_id, outcome, by)

    def came(self, tx: Tx, chat_id: int, message_id: int | None, outcome: Outcome, by: str) -> None:
        """A message has arrived in somebody's chat; None: it was refused.

        The answer to a member who has stopped while it was on its way goes at once.
        """
        if message_id is not None and outcome.member not in {None, self._working(tx, chat_id)}:
            self.screen.queue.wipes.messages(tx, chat_id, [message_id])
            return
        member = self._member(tx, chat_id)
        if member is not None and member.works and message_id is not None:
            in_chat.keep(tx, member.id, message_id, in_chat.ANSWER)
            return
        self.arrivals.came(tx, chat_id, message_id, outcome, by)

    def again(self) -> Outcome:
        """What can be said of an update that could not be handled, without looking anything up."""
        words = self.screen.cards.speech.words
        said = [words.text(language, both.AGAIN) for language in self.screen.cards.languages]
        return Outcome(card=Card("\n".join(said)), fresh=True)
