"""A lost word: chosen in the member's own chat, used from anywhere."""

from dataclasses import dataclass

from bot.handoff.membership_changes import MembershipChanges
from bot.questionnaires import Questionnaires
from bot.speech.incoming import Corrected, Said
from bot.speech.lost_word import COMMAND, behind_command
from bot.speech.outgoing import Outcome
from bot.speech.reader import Speech
from bot.speech.texts import member as texts
from flows.said.before import read_consent
from storage import suspending
from storage.lost_words import LostWords
from storage.members import Member
from storage.sealing.lost_word import tidy, too_easy
from storage.tx import Reading, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class LostWordTalk:
    """Every method runs inside a change. `slow`: the slow hash of what was typed (bot/lost_words.py)."""

    speech: Speech
    words: LostWords
    membership_changes: MembershipChanges
    questionnaires: Questionnaires

    def whose(self, tx: Reading, slow: bytes | None) -> int | None:
        """The member whose lost word was typed."""
        return None if slow is None else self.words.whose(tx, slow)

    def used(self, tx: Tx, member_id: int) -> None:
        """Nothing comes to this member any more, whoever they are; undone only on the terminal, with a new word."""
        self.words.drop(tx, member_id)
        suspending.drop(tx, member_id)
        member = self.membership_changes.calls.queue.members.get(tx, member_id)
        self.membership_changes.suspend(tx, member, force=True, lost=True)

    def goes_nowhere(self, tx: Tx, member: Member, message_id: int) -> Outcome:
        """Typed in another member's chat: what any text there gets, and it goes from it."""
        self.membership_changes.calls.queue.wipes.messages(tx, member.telegram_id, [message_id])
        return self.speech.to_member(member).answer(texts.MEMBER_STRAY)

    def choose(self, tx: Tx, member: Member, said: Said | Corrected, slow: bytes | None) -> Outcome:
        """The command, with a word behind it or without; the message goes from the chat."""
        reader, typed = self.speech.to_member(member), behind_command(said.text)
        self.membership_changes.calls.queue.wipes.messages(tx, member.telegram_id, [said.message_id])
        if not typed:
            return reader.answer(texts.LOST_WORD_HOW, command=COMMAND)
        word = tidy(typed)
        if word is None or self._too_easy(word, member):
            return reader.answer(texts.LOST_WORD_EASY, command=COMMAND)
        if slow is None or not self.words.keep(tx, member, slow):
            return reader.answer(texts.LOST_WORD_OFTEN)
        return reader.answer(texts.LOST_WORD_KEPT, num=len(word.split()), count=len(word.replace(" ", "")))

    def _too_easy(self, word: str, member: Member) -> bool:
        """Also what many people say to this bot."""
        said = read_consent(self.questionnaires.current.vocabulary, word)
        return said is not None or too_easy(word, member.name)
