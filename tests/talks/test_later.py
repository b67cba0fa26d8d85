"""What stands in a chat is still so later: at night, after midnight, a day on, and when others have gone on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.delivery.kind import Parcel, ToMember
from bot.speech.incoming import Reach
from bot.speech.texts import both, coordinator, member, seeker
from flows.model import Level
from storage.case import Claimed, Waiting
from storage.outbox import RowKind
from storage.record import Entry, EntryKind
from storage.schema import outbox
from tests.talks.talks import BEGAN, Talks, talks
from tests.talks.walking import AIGUL, BORIS, CLARA, LAWYERS, Walker, sends_the_rest
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
PERSON = 900
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk"])


def in_danger(talks: Talks, language: str = "ru", *, sends: bool = False) -> Walker:
    """Somebody at liberty who is not safe: an important case, once they fall silent."""
    person = Walker(talks, PERSON, language)
    person.begins(seeker.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="unsafe", q03="threat", q04="none")
    if sends:
        sends_the_rest(person)
    else:
        person.waits(minutes=16)
    assert (type(talks.case()), talks.case().level) == (Waiting, Level.high)
    return person


def held(talks: Talks) -> Walker:
    """Somebody who is held."""
    person = Walker(talks, PERSON, "ru")
    person.begins()
    person.answers(q02="held", q01="self")
    return person


def here(talks: Talks) -> datetime:
    """The time as the clocks there show it."""
    return talks.core.place.here(talks.at)


def ru(talks: Talks, text: str, **values: object) -> str:
    """A text in Russian."""
    return talks.pana.words.text("ru", text, **values)


def until(talks: Talks, person: Walker, hour: int, minute: int = 0) -> None:
    """Time passes until the clocks there show it next."""
    now = here(talks)
    at = now.replace(hour=hour, minute=minute)
    person.waits(seconds=((at if at > now else at + timedelta(days=1)) - now).total_seconds())


# --- at night ---


@EACH_LANGUAGE
@pytest.mark.parametrize("sends", [False, True])
def test_at_night_a_card_does_not_go_on_saying_that_lawyers_are_called(
    talks: Talks, language: str, *, sends: bool
) -> None:
    """Nothing rings for it before the morning; then it says so again, and somebody is rung. Every day anew.

    The second night is waited for by one of them, and by all in `make both`.
    """
    person = in_danger(talks, language, sends=sends)
    calls = {one.partition("%")[0] for one in (person.words(seeker.CALLING_BARE), person.words(seeker.STATUS_GO_ON))}
    for _ in range(2 if WHOLE or (language == "ru" and sends) else 1):
        until(talks, person, 22, 50)
        assert any(one in person.seen for one in calls)
        until(talks, person, 23, 5)
        person.sees(seeker.STATUS_MORNING)
        assert not any(one in person.seen for one in calls)
        rung = talks.rung(*LAWYERS)
        until(talks, person, 7, 50)
        person.sees(seeker.STATUS_MORNING)
        assert talks.rung(*LAWYERS) == rung
        until(talks, person, 8, 10)
        assert talks.rung(*LAWYERS) > rung
        assert not person.is_told(seeker.STATUS_MORNING)


def test_in_a_hidden_chat_nothing_is_said_of_the_night(talks: Talks) -> None:
    """It stays empty."""
    person = in_danger(talks)
    person.presses(seeker.HIDE_CHAT)
    until(talks, person, 23, 5)
    assert talks.chats[PERSON] == {}


# --- another day ---


@EACH_LANGUAGE
def test_what_has_been_is_told_with_its_day(talks: Talks, language: str) -> None:
    """A card may be read on the next morning; an hour alone would be one of today, or one to come."""
    person = held(talks)
    day = f"{here(talks):%d.%m}, "
    person.waits(minutes=11)
    person.says("/status")
    told = [line for line in person.text.splitlines() if "сообщили" in line]
    assert len(told) == 2
    talks.say(BORIS, f"/take {talks.case().code}")
    person.says("/status")
    told += [line for line in person.text.splitlines() if "взял юрист" in line]
    assert [day in line for line in told] == [True] * 3


def test_how_many_days_are_left_is_told_anew_after_midnight(talks: Talks) -> None:
    """On the card of who has taken the case; nothing rings for it."""
    person = in_danger(talks, sends=True)
    until(talks, person, 23, 30)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.say(BORIS, "/cases")
    assert isinstance(talks.case(), Claimed)
    before, rung = talks.seen(BORIS), talks.rung(BORIS)
    assert "через " in before
    until(talks, person, 0, 5)
    assert isinstance(talks.case(), Claimed)
    after = talks.seen(BORIS)
    row = talks.case().row
    talks.change(lambda tx: talks.core.queue.to_member(tx, RowKind.alert, 2, case_row=row))
    talks.deliver()
    assert talks.seen(BORIS) == after != before
    assert talks.rung(BORIS) == rung


def test_what_an_alert_said_leaves_the_claimers_card_after_a_day(talks: Talks) -> None:
    """Place, way to reach the person and deadlines: also of a case whose claim holds for longer without contact."""
    person = Walker(talks, PERSON, "ru")
    person.begins(seeker.CONTINUE)
    person.answers(q01="self", q02="free", q02_free="safe", q03="no", q04="none")
    person.presses(seeker.SKIP)
    person.chooses("q07", "almaty")
    person.chooses("q10", "nothing")
    person.presses(seeker.DONE)
    person.chooses("q15", "none")
    person.says("20 дней назад")
    person.answers(q19="checkpoint_foreign", q23="none", q27="no", more="stop")
    person.presses(seeker.SEND)
    assert talks.case().level is Level.normal
    talks.say(BORIS, f"/take {talks.case().code}")
    assert "Алматы" in talks.seen(BORIS)
    person.waits(hours=23, minutes=58)
    assert "Алматы" in talks.seen(BORIS)
    person.waits(minutes=4)
    assert isinstance(talks.case(), Claimed)
    assert talks.case().code in talks.seen(BORIS)
    assert "Алматы" not in talks.seen(BORIS)


def test_whoever_takes_a_case_again_and_again_is_told_anew_once(talks: Talks) -> None:
    """Of the newest claim; nothing is left waiting of those before."""
    held(talks)
    for _ in range(4):
        talks.say(BORIS, f"/take {talks.case().code}")
        talks.pass_by(minutes=16)
    kind = outbox.c.kind == RowKind.alert.value
    waits = talks.change(lambda tx: list(tx.execute(select(outbox.c.next_at).where(kind)).scalars()))
    assert len(waits) == 2
    assert max(waits) > BEGAN + timedelta(hours=24, minutes=45)


# --- others have gone on ---

OVER = {
    "another lawyer takes it": lambda talks: talks.say(AIGUL, f"/take {talks.case().code}"),
    "the same lawyer takes it": lambda talks: talks.say(BORIS, f"/take {talks.case().code}"),
    "it is deleted": lambda talks: (talks.say(PERSON, "/delete"), talks.press(PERSON, "Удалить всё")),
    "the call is withdrawn": lambda talks: (talks.say(PERSON, "не зовите никого"), talks.press(PERSON, "Больше не")),
}


@pytest.mark.parametrize("over", OVER)
def test_who_had_a_case_is_not_told_any_more_that_it_can_be_taken_once_it_cannot(talks: Talks, over: str) -> None:
    """Nor that others are called."""
    held(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.pass_by(minutes=16)
    lapsed = ru(talks, member.LAPSED, code=talks.case().code)
    assert lapsed in talks.seen(BORIS)
    OVER[over](talks)
    assert lapsed not in talks.seen(BORIS)


def test_who_had_a_case_is_not_told_so_either_when_it_is_taken_while_that_is_on_its_way(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lawyers at once, or two processes: neither has seen what the other did."""
    held(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    lapsed, send = ru(talks, member.LAPSED, code=talks.case().code), Talks._send

    def slowly(self: Talks, parcel: Parcel | None) -> int | None:
        came = send(self, parcel)
        if isinstance(parcel, ToMember) and parcel.card is not None and parcel.card.text == lapsed:
            self.say(AIGUL, f"/take {self.case().code}")
        return came

    monkeypatch.setattr(Talks, "_send", slowly)
    talks.pass_by(minutes=16)
    assert isinstance(talks.case(), Claimed)
    assert lapsed not in talks.seen(BORIS)


def test_a_coordinator_reads_that_nobody_can_take_a_case_as_long_as_that_is_so(talks: Talks) -> None:
    """Not only while the first message of it is new; and no longer than until a lawyer can be reached again."""
    person = held(talks)
    code = talks.case().code
    nobody = talks.pana.words.text("en", coordinator.NOBODY, code=code)
    for lawyer in (AIGUL, BORIS):
        talks.say(lawyer, f"/pass {code}")
    assert nobody in talks.seen(CLARA)
    person.answers(q02_by="police")  # brings every alert up to date
    assert nobody in talks.seen(CLARA)


@pytest.mark.parametrize("sends", [True])
def test_a_coordinator_reads_of_a_calm_night_that_the_last_lawyer_has_passed(talks: Talks, *, sends: bool) -> None:
    """What stands in the coordinator's chat already says so, although nothing rings."""
    person = in_danger(talks, sends=sends)
    code = talks.case().code
    person.waits(hours=5)
    untaken = talks.pana.words.text("en", coordinator.UNCLAIMED, code=code)
    assert untaken in talks.seen(CLARA)
    until(talks, person, 23, 30)
    for lawyer in (AIGUL, BORIS):
        talks.say(lawyer, f"/pass {code}")
    assert untaken not in talks.seen(CLARA)
    assert talks.pana.words.text("en", coordinator.NOBODY, code=code) in talks.seen(CLARA)


def test_a_coordinator_reads_when_somebody_can_take_a_case_again(talks: Talks) -> None:
    """As soon as a lawyer is there, not with the next call."""
    held(talks)
    code = talks.case().code
    for lawyer in (AIGUL, BORIS):
        number = next(talks._numbers)
        talks.hear(Reach(update_id=number, chat_id=lawyer, here=False))
    talks.pass_by(minutes=1)
    nobody = talks.pana.words.text("en", coordinator.NOBODY, code=code)
    assert nobody in talks.seen(CLARA)
    talks.say(BORIS, "/oncall")
    assert nobody not in talks.seen(CLARA)
    assert talks.pana.words.text("en", coordinator.UNCLAIMED, code=code) in talks.seen(CLARA)


# --- what was typed and not sent ---

WAYS = {
    member.WRITE: (member.UNSENT, "Не подписывайте ничего, я рядом"),
    member.NOTE: (member.NOTE_UNSAVED, "К нему ушли"),
}


def opened_by_its_lawyer(talks: Talks) -> None:
    """Somebody held, whose lawyer has typed the check word."""
    held(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    claimed, words = talks.case(), list[str]()

    def entry(word: str, call: str) -> Entry:
        words.append(word)
        return Entry(kind=EntryKind.check, at="2026-11-24", value={"word": word, "call": call})

    cases = talks.core.cases
    talks.change(lambda tx: cases.claims.set_check_word(tx, cases.get(tx, claimed.row), entry))  # type: ignore[arg-type]
    talks.press(BORIS, ru(talks, member.ACTING))  # else the claim is over in a quarter of an hour as well
    talks.press(BORIS, ru(talks, member.WRITE))
    talks.say(BORIS, words[-1])


def previews(talks: Talks) -> int:
    """How many rows wait that show what was typed, say that it was not sent, or that its time is over."""
    count = select(func.count()).select_from(outbox).where(outbox.c.kind == RowKind.preview)
    return talks.change(lambda tx: tx.execute(count).scalar_one())


def asks_for_a_text(talks: Talks, way: str) -> str:
    """The card under the button stands in the chat; what it says when its time is over."""
    talks.press(BORIS, ru(talks, way))
    return ru(talks, member.WRITING_OVER, code=talks.case().code)


@pytest.mark.parametrize("way", WAYS)
def test_a_card_that_asks_for_a_text_says_when_it_takes_none_any_more(talks: Talks, way: str) -> None:
    """What is typed then goes nowhere, and that is said; one press begins anew."""
    opened_by_its_lawyer(talks)
    over = asks_for_a_text(talks, way)
    asked = talks.seen(BORIS)
    talks.pass_by(minutes=14)
    assert talks.seen(BORIS) == asked
    rung = talks.rung(BORIS)
    talks.pass_by(minutes=1)
    assert over in talks.seen(BORIS)
    assert talks.rung(BORIS) == rung
    typed = WAYS[way][1]
    talks.say(BORIS, typed)
    assert ru(talks, member.MEMBER_STRAY) in talks.seen(BORIS)
    assert over not in talks.seen(BORIS)
    talks.press(BORIS, ru(talks, way))
    talks.say(BORIS, f"{typed}, ещё раз")
    assert f"{typed}, ещё раз" in talks.seen(BORIS)


def test_the_time_for_a_text_begins_anew_with_each_card_that_asks_for_it(talks: Talks) -> None:
    """Whoever has looked for the check word for long, or typed too much, has a quarter of an hour for the text."""
    opened_by_its_lawyer(talks)
    over = asks_for_a_text(talks, member.WRITE)
    talks.pass_by(minutes=10)
    talks.say(BORIS, "я" * 2001)
    talks.pass_by(minutes=10)
    talks.change(talks.pana.due.forget)
    assert over not in talks.seen(BORIS)
    talks.say(BORIS, "Не подписывайте ничего")
    assert "Не подписывайте ничего" in talks.seen(BORIS)
    assert ru(talks, member.SEND_MESSAGE) in talks.labels(BORIS)


@pytest.mark.parametrize("way", WAYS)
def test_after_a_text_that_is_too_long_the_time_begins_anew_for_either_text(talks: Talks, way: str) -> None:
    """And its end is said."""
    opened_by_its_lawyer(talks)
    over = asks_for_a_text(talks, way)
    talks.pass_by(minutes=10)
    talks.say(BORIS, "я" * 2001)
    talks.pass_by(minutes=10)
    talks.change(talks.pana.due.forget)
    assert over not in talks.seen(BORIS)
    talks.say(BORIS, "я" * 2001)
    talks.pass_by(minutes=16)
    assert over in talks.seen(BORIS)


@pytest.mark.parametrize("way", WAYS)
def test_what_waits_to_be_sent_still_can_be_when_the_next_text_was_too_long(talks: Talks, way: str) -> None:
    """Its button stands there, and does what it says."""
    opened_by_its_lawyer(talks)
    talks.press(BORIS, ru(talks, way))
    typed = WAYS[way][1]
    talks.say(BORIS, typed)
    talks.say(BORIS, "я" * 2001)
    assert typed in talks.seen(BORIS)
    before = talks.case().seq
    talks.press(BORIS, ru(talks, member.SEND_MESSAGE if way == member.WRITE else member.NOTE_SAVE))
    assert talks.case().seq == before + 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("does", ["typed", "cancelled", "help", "cancelled, then help"])
def test_who_has_gone_on_is_not_told_that_the_time_is_over(talks: Talks, way: str, does: str) -> None:
    """The card has gone with what they did; what stands there now is something else."""
    opened_by_its_lawyer(talks)
    over = asks_for_a_text(talks, way)
    talks.pass_by(minutes=5)
    if does == "typed":
        talks.say(BORIS, WAYS[way][1])
        talks.press(BORIS, ru(talks, member.SEND_MESSAGE if way == member.WRITE else member.NOTE_SAVE))
    elif "cancelled" in does:
        talks.press(BORIS, ru(talks, both.CANCEL))
    if "help" in does:
        talks.say(BORIS, "/help")
    assert does == "typed" or previews(talks) == 0  # nothing waits for a card that has gone
    before = talks.seen(BORIS)
    talks.pass_by(minutes=20)
    assert over not in talks.seen(BORIS)
    assert "help" not in does or talks.seen(BORIS) == before


def test_who_has_lost_the_case_meanwhile_is_not_offered_to_write(talks: Talks) -> None:
    """The claim is over while the card stands there: it goes, beside the one that says what became of the case."""
    held(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.pass_by(minutes=10)
    over = asks_for_a_text(talks, member.WRITE)
    (asked,) = [number for number, one in talks.chats[BORIS].items() if ru(talks, both.CANCEL) in one.labels]
    talks.pass_by(minutes=16)
    assert not isinstance(talks.case(), Claimed)
    assert over not in talks.seen(BORIS)
    assert asked not in talks.chats[BORIS]
    assert ru(talks, member.WRITE) not in talks.labels(BORIS)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_typed_and_not_sent_says_so_when_it_goes(talks: Talks, way: str) -> None:
    """Whoever comes back to the chat must not think that it was read: it was not sent, and one press begins anew."""
    opened_by_its_lawyer(talks)
    told, typed = WAYS[way]
    talks.press(BORIS, ru(talks, way))
    talks.say(BORIS, typed)
    talks.pass_by(minutes=14)
    assert typed in talks.seen(BORIS)
    rung = talks.rung(BORIS)
    talks.pass_by(minutes=2)
    assert typed not in talks.seen(BORIS)
    assert ru(talks, told, code=talks.case().code) in talks.seen(BORIS)
    assert talks.rung(BORIS) == rung
    talks.press(BORIS, ru(talks, way))
    assert ru(talks, told, code=talks.case().code) not in talks.seen(BORIS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("end", ["sent", "given up", "typed anew", "the claim is over"])
def test_what_was_sent_or_given_up_is_not_said_to_be_unsent(talks: Talks, way: str, end: str) -> None:
    """Nor what another text has taken the place of."""
    opened_by_its_lawyer(talks)
    told, typed = WAYS[way]
    talks.press(BORIS, ru(talks, way))
    talks.say(BORIS, typed)
    if end == "sent":
        talks.press(BORIS, ru(talks, member.SEND_MESSAGE if way == member.WRITE else member.NOTE_SAVE))
    elif end == "given up":
        talks.press(BORIS, ru(talks, both.CANCEL))
    elif end == "typed anew":
        talks.pass_by(minutes=5)
        talks.say(BORIS, f"{typed}, ещё раз")
        talks.press(BORIS, ru(talks, member.SEND_MESSAGE if way == member.WRITE else member.NOTE_SAVE))
    else:
        talks.press(BORIS, ru(talks, member.GIVE_BACK))
    talks.pass_by(minutes=30)
    assert ru(talks, told, code=talks.case().code) not in talks.seen(BORIS)
    assert typed not in talks.seen(BORIS)


# --- until midnight ---


@pytest.mark.parametrize("said", ["24:00", "24.00", "24", "0:00", "00:00", "0"])
def test_midnight_is_written_in_either_way(talks: Talks, said: str) -> None:
    """The end of this day is the beginning of the next; a minute later there is no such time."""
    talks.say(BORIS, f"/oncall until {said}")
    assert ru(talks, member.ON_DUTY_UNTIL, time="25.11, 00:00") in talks.seen(BORIS)
    talks.say(BORIS, "/oncall until 24:01")
    assert ru(talks, member.ONCALL_BAD_TIME, example="/oncall until 07:00") in talks.seen(BORIS)


def test_half_a_minute_before_midnight_it_is_that_midnight(talks: Talks) -> None:
    """And not the next one."""
    talks.at = talks.at.replace(hour=18, minute=59, second=30)  # five hours later there
    talks.say(BORIS, "/oncall until 24:00")
    assert ru(talks, member.ON_DUTY_UNTIL, time="25.11, 00:00") in talks.seen(BORIS)


@pytest.mark.parametrize("seconds", [0, 20, 59, 4 * 60, 6 * 60])
@pytest.mark.parametrize("before", ["on", "off"])
def test_a_time_that_has_just_passed_is_not_that_of_tomorrow(talks: Talks, before: str, seconds: int) -> None:
    """Whoever names the minute that it is, or whose text has come late, is not on call for a day by it."""
    talks.say(BORIS, f"/oncall {before}")
    on_duty = talks.core.database.read(talks.core.duty.on_duty).keys()
    talks.at = talks.at.replace(hour=13) + timedelta(seconds=seconds)  # 18:00 there
    talks.say(BORIS, "/oncall until 18:00")
    late = seconds == 6 * 60
    now = talks.core.place.here(talks.at)
    assert (ru(talks, member.ONCALL_OVER, time=f"{now:%H:%M}") in talks.seen(BORIS)) != late
    assert (ru(talks, member.ON_DUTY_UNTIL, time="25.11, 18:00") in talks.seen(BORIS)) == late
    assert late or talks.core.database.read(talks.core.duty.on_duty, at=talks.at).keys() == on_duty
    talks.say(BORIS, "/oncall until 18:07")
    assert ru(talks, member.ON_DUTY_UNTIL, time="18:07") in talks.seen(BORIS)


@pytest.mark.parametrize("said", ["on until 18:00", "ON  Until 18:00", "until 18:00", "Until  18.00"])
def test_on_until_a_time_ends_then(talks: Talks, said: str) -> None:
    """However it is begun: nobody stays on duty for longer than they have written."""
    talks.say(BORIS, f"/oncall {said}")
    assert ru(talks, member.ON_DUTY_UNTIL, time="18:00") in talks.seen(BORIS)


@pytest.mark.parametrize("before", ["on", "off"])
@pytest.mark.parametrize(
    "said", ["off tomorrow", "off until 18:00", "on 18:00", "on from 18:00", "rota 2", "on on", "off now"]
)
def test_words_behind_a_duty_that_mean_more_change_nothing(talks: Talks, before: str, said: str) -> None:
    """To leave them out would call somebody all night, or nobody from now on; how it is written is shown."""
    talks.say(BORIS, f"/oncall {before}")
    on_duty = talks.core.database.read(talks.core.duty.on_duty).keys()
    talks.say(BORIS, f"/oncall {said}")
    assert talks.core.database.read(talks.core.duty.on_duty).keys() == on_duty
    assert talks.text(BORIS) == ru(talks, member.ONCALL_HOW)
