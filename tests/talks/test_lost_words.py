"""A lost word: chosen by a member, typed from any account, and nobody can tell that it was one. In process."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import func, select

from bot.lost_words import AT_ONCE, MOST_WAITING, TRIES_AN_HOUR, LostWords
from bot.speech.incoming import Corrected, Incoming, Said
from bot.speech.outgoing import Outcome
from storage import lost_words as kept_words
from storage.case import Claimed, Waiting
from storage.schema import entry, metadata
from storage.sealing import lost_word
from storage.sealing.lost_word import slow_hash, tidy, too_easy
from storage.tx import Reading
from storage.writer import Writer
from tests.talks.talks import Talks, _AtOnce, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON, FRIEND = 201, 202, 301, 900, 901
WORD = "Синий чайник у моря"
LIKE_IT = "Белый кит на пристани"


@dataclass(slots=True)
class Losing(Talks):
    """Talks in which what is typed is compared with lost words, as bot/updates.py does it. `hashed`: how often."""

    outcomes: list[Outcome] = field(default_factory=list)
    second: float = 0.0
    hashed: int = 0
    lost: LostWords | None = None

    @property
    def words(self) -> LostWords:
        """What compares."""
        assert self.lost is not None
        return self.lost

    def hear(self, incoming: Incoming) -> None:
        """One update; then whatever it brought about."""
        slow = asyncio.run(self.words.before(incoming))
        outcome = self.change(lambda tx: self.pana.front.hear(tx, incoming, slow))
        self.outcomes.append(outcome)
        self._show(incoming.chat_id, outcome)
        self.deliver()

    def compare(self) -> None:
        """What the running bot does beside: the next text of a stranger is compared."""
        asyncio.run(self.words.compare_next())
        self.deliver()


@pytest.fixture
def losing(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> Losing:
    """Boris has chosen a lost word; a try costs little here."""
    monkeypatch.setattr(lost_word, "COST", 2)
    made = Losing(talks.pana, talks.running)

    def slow(word: str, salt: bytes) -> bytes:
        made.hashed += 1
        return slow_hash(word, salt)

    monkeypatch.setattr(kept_words, "slow_hash", slow)
    made.lost = LostWords(
        front=made.pana.front,
        writer=cast(Writer, _AtOnce(made)),
        clock=lambda: made.second,
    )
    for one in made.core.database.read(made.core.members.all):
        made.change(
            lambda tx, one=one: made.core.members.set_about(
                tx, one, languages=["en"], regions=(), email=None, push=None
            )
        )
    made.say(BORIS, f"/lostword {WORD}")
    made.second += 10
    return made


def works(talks: Talks) -> set[str]:
    """The names of everybody who takes part."""
    return {one.name for one in talks.core.database.read(talks.core.members.working)}


def shown(talks: Losing) -> tuple[object, ...]:
    """What the last update was answered with, but for what names the chat."""
    seen, wipes = talks.outcomes[-1], talks.outcomes[-1].wipe
    labels = [[button.text for button in row] for row in seen.card.rows] if seen.card else []
    texts = seen.card.text if seen.card else ""
    return texts, labels, seen.lane, seen.fresh, seen.edit, seen.toast, len(wipes), seen.rings, seen.of


def rows(talks: Talks) -> dict[str, int]:
    """How many rows each table has."""

    def count(tx: Reading) -> dict[str, int]:
        return {
            name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }

    return talks.core.database.read(count)


def test_typed_from_a_strangers_account_it_gets_what_any_text_gets_and_suspends_its_lawyer(losing: Losing) -> None:
    """The answer is the same and comes first; then alerts, cases and the chat are gone, and coordinators know."""
    urgent(losing, PERSON)
    losing.say(BORIS, f"/take {losing.case().code}")
    losing.say(FRIEND + 1, LIKE_IT)
    as_any = shown(losing)
    before = rows(losing)
    losing.say(FRIEND, WORD.upper().replace(" ", "   "))
    assert shown(losing) == as_any
    assert {name: count - before[name] for name, count in rows(losing).items() if count != before[name]} == {
        "seen_update": 1
    }
    assert works(losing) == {"Aigul", "Boris", "Clara"}
    losing.compare()
    assert "Boris" in works(losing)  # the first one was no lost word
    losing.compare()
    assert works(losing) == {"Aigul", "Clara"}
    assert not losing.chats[BORIS]
    assert isinstance(losing.case(), Waiting)
    assert "The lost word of Boris was used" in losing.seen(CLARA)
    losing.say(FRIEND + 2, LIKE_IT)
    losing.say(BORIS, LIKE_IT)
    assert shown(losing)[:2] == as_any[:2]  # whoever has his phone now


def test_from_their_own_account_the_chat_is_a_strangers_from_that_moment(losing: Losing) -> None:
    """What is typed is answered as anywhere, also the commands of members; the word works once."""
    losing.say(FRIEND, LIKE_IT)
    as_any = shown(losing)
    losing.say(BORIS, WORD)
    assert (shown(losing)[:7], works(losing)) == (as_any[:7], {"Aigul", "Clara"})
    for text in ("/start", "/cases", "/help", "/lostword a b c", "/oncall on", WORD):
        losing.say(FRIEND, text)
        as_any = shown(losing)
        losing.say(BORIS, text)
        assert shown(losing) == as_any, text
    urgent(losing, PERSON)
    assert losing.case().code not in losing.seen(BORIS)
    boris = losing.core.database.read(lambda tx: losing.core.members.by_name(tx, "Boris"))
    losing.change(lambda tx: losing.core.membership_changes.resume(tx, boris))
    losing.say(BORIS, WORD)
    assert works(losing) == {"Aigul", "Boris", "Clara"}
    assert "This text went nowhere" in losing.text(BORIS)


def test_typed_where_somebody_has_a_request_it_is_not_sealed_into_it(losing: Losing) -> None:
    """Neither as an answer nor as a message: the card stands as it was, and the text goes from the chat."""
    urgent(losing, PERSON)
    row = losing.case().row

    def entries() -> int:
        query = select(func.count()).select_from(entry).where(entry.c.case_row == row)
        return losing.core.database.read(lambda tx: tx.execute(query).scalar_one())

    before, card = entries(), losing.text(PERSON)
    losing.here.setdefault(PERSON, set()).add(next(losing._numbers) + 1)
    losing.say(PERSON, WORD)
    assert (entries(), losing.text(PERSON)) == (before, card)
    assert not losing.here[PERSON]
    assert works(losing) == {"Aigul", "Clara"}
    losing.say(PERSON, LIKE_IT)
    assert entries() > before


def test_typed_or_edited_in_another_members_chat_it_is_no_message_to_anybody(losing: Losing) -> None:
    """Also after "write", and with the check word given."""
    urgent(losing, PERSON)
    losing.say(AIGUL, f"/take {losing.case().code}")
    losing.press(AIGUL, "Write")
    number = next(losing._numbers)
    losing.hear(Corrected(update_id=number, chat_id=AIGUL, message_id=number, text=WORD, at=losing.at))
    assert "This text went nowhere" in losing.text(AIGUL)
    assert works(losing) == {"Aigul", "Clara"}
    case = losing.case()
    assert isinstance(case, Claimed) and not case.claim.checked


@pytest.mark.parametrize("chat", [CLARA, BORIS])
def test_the_only_coordinator_and_the_last_lawyer_on_duty_are_suspended_at_once(losing: Losing, chat: int) -> None:
    """No second yes is waited for."""
    if chat == CLARA:
        losing.say(CLARA, "/lostword три рыжих жирафа")
        losing.say(FRIEND, "три рыжих жирафа")
    else:
        losing.change(
            lambda tx: losing.core.membership_changes.suspend(
                tx, losing.core.members.by_telegram(tx, AIGUL), force=True
            )
        )
        losing.say(FRIEND, WORD)
    losing.compare()
    assert works(losing) == ({"Aigul", "Boris"} if chat == CLARA else {"Clara"})


def test_a_word_that_others_would_guess_is_not_kept_and_every_message_with_one_goes(losing: Losing) -> None:
    """Too short, mere words, the same again, the name, what people say here; without any, how it is done."""
    for typed in (
        "",
        "чайник",
        "здравствуйте",
        "boris boris boris",
        "Борис да да да",
        "а б в",
        "помогите срочно пожалуйста",
    ):
        number = next(losing._numbers) + 1
        losing.here.setdefault(BORIS, set()).add(number)
        losing.say(BORIS, f"/lostword {typed}")
        assert number not in losing.here[BORIS]
        assert ("too easy to guess" if typed else "To choose one") in losing.text(BORIS), typed
    losing.say(FRIEND, "помогите срочно пожалуйста")
    losing.compare()
    assert "Boris" in works(losing)


def test_who_has_the_phone_cannot_take_the_word_away(losing: Losing) -> None:
    """A new one works at once, the earlier one a week more; it cannot be changed without end."""
    losing.say(BORIS, "/lostword семь зелёных табуретов")
    assert "words 3, characters 20" in losing.text(BORIS)
    losing.at += timedelta(days=6)
    losing.change(losing.core.checks.forget)
    losing.say(FRIEND, WORD)
    losing.compare()
    assert "Boris" not in works(losing)
    for number in range(4):
        losing.say(AIGUL, f"/lostword восемь серых котов {number}")
    losing.say(AIGUL, "/lostword девять серых котов 9")
    assert "too many tries" in losing.text(AIGUL)
    losing.at += timedelta(days=9)
    losing.change(losing.core.checks.forget)
    losing.second += 4000
    losing.say(AIGUL, "/lostword девять серых котов 9")
    assert "Your lost word is chosen" in losing.text(AIGUL)
    losing.say(FRIEND, "восемь серых котов 1")
    losing.compare()
    assert "Aigul" in works(losing)


def test_only_a_slow_hash_rests_under_the_servers_key_and_a_salt_of_its_own(losing: Losing) -> None:
    """Two members with the same word have different rows; nothing of the word is in them."""
    losing.say(AIGUL, f"/lostword {WORD}")
    table = metadata.tables["lost_word"]
    found = losing.core.database.read(lambda tx: tx.execute(select(table)).all())
    assert len({bytes(one.salt) for one in found}) == len({bytes(one.kept) for one in found}) == 2
    word = cast(str, tidy(WORD))
    slow = slow_hash(word, losing.core.ring.look_up("lost word", 0))
    assert slow not in {bytes(one.kept) for one in found}
    assert slow != slow_hash(word, b"")


def test_tries_are_counted_for_each_account_and_a_flood_waits_in_a_queue_of_its_own(losing: Losing) -> None:
    """What has no form of a lost word costs nothing; nobody's second text waits beside the first."""
    losing.hashed = 0
    for text in ("привет", "/help", "/status", "да нет", "x" * 200, f"{WORD}, " * 5):
        losing.say(FRIEND, text)
    losing.compare()
    assert losing.hashed == 0
    losing.say(FRIEND, "/start")
    for number in range(TRIES_AN_HOUR + 5):
        losing.say(FRIEND, f"догадка номер {number}")
    assert losing.hashed == 0
    losing.compare()
    losing.compare()
    assert losing.hashed == 1
    losing.say(FRIEND, WORD)
    losing.compare()
    assert (losing.hashed, "Boris" in works(losing)) == (1, True)
    losing.second += 3601
    losing.say(FRIEND, WORD)
    losing.compare()
    assert "Boris" not in works(losing)


def test_who_has_something_open_is_compared_first_but_only_so_often(losing: Losing) -> None:
    """All together; what is too much is compared afterwards."""
    urgent(losing, PERSON)
    losing.hashed = 0
    for number in range(int(AT_ONCE) + 3):
        losing.words._tries._wrong.clear()
        losing.say(PERSON, f"они пришли снова {number}")
    assert losing.hashed == AT_ONCE
    losing.compare()
    assert losing.hashed == AT_ONCE + 1
    for chat in range(MOST_WAITING + 5):
        losing.words._wait(5000 + chat, "догадка номер один")
    assert len(losing.words._waiting) == MOST_WAITING


def test_where_no_word_is_kept_nothing_is_compared(losing: Losing) -> None:
    """And it is looked up every few seconds only."""
    losing.change(
        lambda tx: [losing.pana.front.lost_word.words.drop(tx, one.id) for one in losing.core.members.all(tx)]
    )
    losing.hashed, losing.second = 0, losing.second + 10
    losing.say(FRIEND, WORD)
    losing.compare()
    assert losing.hashed == 0


def test_a_word_is_compared_without_regard_to_case_spaces_and_how_letters_are_put_together() -> None:
    """NFC; what is shorter, longer, or a command has not the form."""
    assert tidy("  Йод\tИ  Соль ") == tidy("Йод и соль") == "йод и соль"
    assert tidy("tulpan-7-zhaiyq") == "tulpan-7-zhaiyq"
    for text in ("раз два", "короткое", "/start a b c", "a " * 51):
        assert tidy(text) is None
    assert not too_easy("tulpan-7-zhaiyq", "Boris") and too_easy("здравствуйте", "Boris")
    assert too_easy("boris petrov и я", "Boris Petrov") and not too_easy("синий чайник у моря", "Boris Petrov")


def test_a_try_costs_what_it_should() -> None:
    """At the real cost: too slow to guess, fast enough to be asked."""
    best = min(_seconds() for _ in range(3))
    assert 0.03 <= best <= 0.2


def _seconds() -> float:
    began = time.thread_time()
    slow_hash("синий чайник у моря", b"s" * 32)
    return time.thread_time() - began


def test_however_much_is_typed_at_once_one_is_compared_at_a_time(
    losing: Losing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try takes 32 MiB: twenty together would take more than all of the bot."""
    running, most = [0], [0]

    def slow(word: str, salt: bytes) -> bytes:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.005)
        running[0] -= 1
        return slow_hash(word, salt)

    urgent(losing, PERSON)
    losing.second += 60.0
    monkeypatch.setattr(kept_words, "slow_hash", slow)
    said = [(9000 + number, f"Где вы сейчас, напишите {number}") for number in range(8)]
    texts = [Said(update_id=n, chat_id=PERSON, message_id=n, text=text, at=losing.at) for n, text in said]

    async def at_once() -> list[bytes | None]:
        return await asyncio.gather(*map(losing.words.before, texts))

    assert None not in asyncio.run(at_once())
    assert most == [1]
