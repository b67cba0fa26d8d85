"""What one account can bring about: it grows quieter for lawyers, and the person's card stays true. In process."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import claims as kept_claims
from storage.accounts import Account
from storage.case import Claimed, Live, Open, Waiting
from storage.schema import metadata
from tests.talks.talks import BEGAN, ON_BOTH, Talks, talks, urgent
from tests.ways import HELD_TO_THE_END
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON, OTHER = 201, 202, 301, 900, 901


def live(talks: Talks) -> int:
    """How many cases lawyers may still have to look at."""
    return sum(isinstance(one, Live) for one in talks.cases())


def hide_and_again(talks: Talks, person: int, where: str | None) -> None:
    """Urgent, an answer, hidden."""
    urgent(talks, person, where)
    talks.at += timedelta(seconds=1)
    talks.say(person, "/clear")


def test_urgent_hide_again_many_times_is_two_cases_and_one_ring(talks: Talks) -> None:
    """What is over the limit joins the newest case, its alert is changed without a sound, coordinators hear once."""
    times = 40 if WHOLE else 12
    for number in range(times):
        hide_and_again(talks, PERSON, ("Удерживают", "На границе")[number % 2])
    assert live(talks) == 2
    assert talks.rung(AIGUL) == talks.rung(BORIS) == 1
    newest = talks.case()
    assert newest.seq > times - 2
    assert talks.seen(CLARA).count("One account calls very often") == 1
    assert newest.code in talks.seen(CLARA)
    urgent(talks, OTHER)
    assert talks.rung(AIGUL) == 2


def test_not_now_and_call_again_ring_once_in_ten_minutes(talks: Talks) -> None:
    """Four times is one ring for each lawyer; the alert is there all the same, and after ten minutes it rings."""
    urgent(talks, PERSON)
    for _ in range(4):
        talks.press(PERSON, "Отменить вызов юриста")
        talks.press(PERSON, "Больше не звать")
        assert isinstance(talks.case(), Open)
        talks.press(PERSON, "Позвать юриста сейчас")
        assert "Зовём юриста" in talks.text(PERSON)
        assert talks.case().code in talks.seen(BORIS)
        talks.at += timedelta(seconds=20)
    assert talks.rung(AIGUL) == talks.rung(BORIS) == 1
    talks.pass_by(minutes=9)
    assert talks.rung(BORIS) <= 2
    talks.pass_by(minutes=3)
    assert talks.rung(BORIS) >= 2


def test_delete_and_start_are_not_limited_and_ring_once(talks: Talks) -> None:
    """Each time a case of its own, for the one before is gone; the fourth of the day is told to coordinators."""
    for number in range(5):
        urgent(talks, PERSON)
        assert "Зовём юриста" in talks.text(PERSON)
        assert talks.case().code in talks.seen(AIGUL)
        assert live(talks) == 1
        if number < 4:
            talks.say(PERSON, "/delete")
            talks.press(PERSON, "Удалить всё")
            talks.at += timedelta(minutes=1)
    assert talks.rung(AIGUL) == 1
    assert talks.seen(CLARA).count("One account calls very often") == 1
    talks.pass_by(minutes=13)
    assert talks.rung(AIGUL) > 1  # quieter, never silent


def test_a_graver_call_rings_at_once(talks: Talks) -> None:
    """A cry for help without an answer, then a danger: that is no repetition."""
    urgent(talks, PERSON, None)
    talks.pass_by(seconds=90)
    assert talks.rung(BORIS) == 1
    talks.press(PERSON, "Удерживают")
    assert talks.rung(BORIS) == 2
    assert "Где: Удерживают" in talks.seen(BORIS)


def test_what_joins_an_earlier_request_shows_nothing_of_it_and_cannot_end_it(talks: Talks) -> None:
    """Whoever holds the phone sees no code, no words, no message of the lawyer; only the code leads back."""
    for _ in range(2):
        hide_and_again(talks, PERSON, "Удерживают")
    newest = talks.case()
    talks.say(BORIS, f"/take {newest.code}")
    talks.press(BORIS, "Написать")
    talks.press(BORIS, "Ничего не подписывайте без юриста")
    talks.chats[PERSON].clear()
    urgent(talks, PERSON, "На границе")
    assert "прежнее обращение у юриста" in talks.text(PERSON)
    for said in ("/status", "/clear", "/start"):
        talks.say(PERSON, said)
        assert "Отменить вызов юриста" not in talks.labels(PERSON)
        assert newest.code not in talks.seen(PERSON) + (talks.toast or "")
        assert "подписывайте" not in talks.seen(PERSON)
    urgent(talks, PERSON)
    for said in HELD_TO_THE_END:
        talks.say(PERSON, said)
    assert "Ответы отправлены в ваше прежнее обращение" in talks.text(PERSON)
    assert newest.code not in talks.seen(PERSON)
    assert talks.labels(PERSON) == ["Скрыть чат"]
    assert isinstance(talks.case(), Claimed)
    talks.say(PERSON, newest.code)
    assert newest.code in talks.text(PERSON)
    assert live(talks) == 2


def test_an_intake_that_joined_and_expires_leaves_the_request(talks: Talks) -> None:
    """What was answered stays sealed in it."""
    for _ in range(2):
        hide_and_again(talks, PERSON, "Удерживают")
    urgent(talks, PERSON, "На границе")
    seq = talks.case().seq
    talks.at += timedelta(hours=49)
    for row in talks.change(lambda tx: talks.core.intakes.due(tx, "expiry")):
        talks.change(lambda tx, row=row: talks.pana.intake_ends.expire_due(tx, row))
    assert [type(one) for one in talks.cases()] == [Waiting, Waiting]
    assert talks.case().seq >= seq


@ON_BOTH
def test_of_an_account_nothing_but_a_counter_is_kept_for_a_day(talks: Talks) -> None:
    """After `/delete` no column of it is found anywhere else, and after a day it is gone."""
    urgent(talks, PERSON)
    look_up = talks.case().chat_look_up
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")
    query = select(metadata.tables["account"])
    (kept,) = talks.core.database.read(lambda tx: tx.execute(query).all())
    assert look_up is not None
    assert set(kept._mapping) == {"mark", "cases", "since", "rang_at", "rang_for", "told_at"}
    assert kept.mark not in {look_up, talks.core.ring.look_up("telegram", PERSON)}
    talks.at += timedelta(days=1)
    talks.change(talks.pana.core.checks.forget)
    assert talks.core.database.read(lambda tx: tx.execute(query).all()) == []


def test_a_day_later_everything_is_as_the_first_time(talks: Talks) -> None:
    """Three requests of yesterday count no more."""
    for _ in range(3):
        urgent(talks, PERSON)
        talks.say(PERSON, "/delete")
        talks.press(PERSON, "Удалить всё")
    talks.at += timedelta(days=1)
    rung = talks.rung(BORIS)
    urgent(talks, PERSON)
    assert talks.rung(BORIS) == rung + 1


QUIET: dict[str, tuple[Account, int, float | None]] = {
    "the first": (Account(1), 4, None),
    "right after a ring": (Account(2, BEGAN, 4), 4, 600),
    "less grave right after a ring": (Account(2, BEGAN, 4), 2, 600),
    "graver right after a ring": (Account(2, BEGAN, 3), 4, None),
    "the fourth of a day, long after": (Account(4, BEGAN - timedelta(hours=3), 4), 4, 600),
    "the fourth of a day, graver": (Account(4, BEGAN - timedelta(hours=3), 3), 4, None),
    "ten minutes after": (Account(2, BEGAN - timedelta(minutes=10), 4), 4, None),
}


@pytest.mark.parametrize("case", QUIET)
def test_when_a_call_makes_no_sound(case: str) -> None:
    """A decision of what is known of the account, and never for longer than ten minutes."""
    account, grade, seconds = QUIET[case]
    until = account.quiet_until(BEGAN, grade)
    assert (until - BEGAN).total_seconds() == seconds if until is not None else seconds is None


def test_a_limit_of_lawyers_leaves_no_person_without_one(talks: Talks) -> None:
    """Twenty a day each; who comes then is taken all the same, and coordinators hear of it."""
    everybody = {one.name: one.id for one in talks.core.database.read(talks.core.members.all)}
    for name in ("Aigul", "Boris"):
        for _ in range(talks.core.settings.oncall.claims_a_day):
            talks.change(lambda tx, name=name: kept_claims.count_again(tx, everybody[name], talks.at))
    urgent(talks, PERSON)
    talks.press(BORIS, "Взять в работу")
    assert isinstance(talks.case(), Claimed)
    assert "The limit of cases for one day is reached" in talks.seen(CLARA)


def test_a_card_that_joins_an_earlier_request_says_when_a_lawyer_has_taken_it(talks: Talks) -> None:
    """It is changed where it stands; the request itself stays out of sight, and nothing new comes."""
    for _ in range(2):
        hide_and_again(talks, PERSON, "Удерживают")
    urgent(talks, PERSON, "На границе")
    assert "Юриста уже зовём" in talks.text(PERSON)
    before = [*talks.chats[PERSON]]
    talks.say(BORIS, f"/take {talks.case().code}")
    assert "прежнее обращение у юриста" in talks.text(PERSON)
    assert [*talks.chats[PERSON]] == before
    assert talks.case().code not in talks.seen(PERSON)


# --- who has answered nothing ---


def test_who_has_answered_nothing_is_one_line_and_hides_nobody(talks: Talks) -> None:
    """An answered danger has an alert of its own beside them, stands first on a list, and they can be opened."""
    for number in range(12):
        urgent(talks, 1000 + number, None)
    talks.pass_by(seconds=90)
    silent = [one.code for one in talks.cases()]
    assert len(silent) == 12
    for number in range(2):
        urgent(talks, 2000 + number)
    for code in (talks.cases()[-1].code, talks.cases()[-2].code):
        assert any(code in one.text and "Взять в работу" in one.labels for one in talks.chats[BORIS].values())
    listed = next(one for one in talks.chats[BORIS].values() if "без единого ответа" in one.text)
    assert "12 человек без единого ответа" in listed.text
    assert listed.labels == ["Показать тех, кто не ответил"]
    for number in range(2, 5):  # too many dangers at once: one list for them, too
        urgent(talks, 2000 + number)
    listed, parts = next(one for one in talks.chats[BORIS].values() if "без единого ответа" in one.text), ""
    while any(label.startswith("Ещё: ") for label in listed.labels):
        parts += listed.text
        talks.press(BORIS, "Ещё: ")
    parts += listed.text
    assert [parts.count(one.code) for one in talks.cases()] == [0] * 12 + [1] * 5
    talks.press(BORIS, "Показать тех, кто не ответил")
    shown = [line.split(" ·")[0] for line in talks.text(BORIS).splitlines() if " · " in line]
    assert set(silent) <= set(shown)  # some in clear, the others folded
    while silent[5] not in talks.labels(BORIS):  # the buttons, part by part
        talks.press(BORIS, "Ещё: ")
    talks.press(BORIS, silent[5])
    assert shown[:4] == [silent[11], silent[0], silent[10], silent[1]]
    assert isinstance(talks.cases()[5], Claimed)
    talks.say(CLARA, "/queue")
    assert "11 people who have answered nothing" in talks.text(CLARA)
    assert not any(code in talks.text(CLARA) for code in silent)
    talks.press(CLARA, "Show who has answered nothing")
    assert silent[0] in talks.text(CLARA)
    assert talks.text(CLARA).startswith("11 people who have answered nothing")


def test_who_answers_after_all_leaves_the_line_and_rings(talks: Talks) -> None:
    """Out of the middle of the unanswered: an alert of their own."""
    for number in range(6):
        urgent(talks, 1000 + number, None)
    talks.pass_by(seconds=90)
    rung = talks.rung(BORIS)
    talks.press(1003, "Удерживают")
    code = talks.cases()[3].code
    alert = next(one for one in talks.chats[BORIS].values() if code in one.text)
    assert "Взять в работу" in alert.labels
    assert talks.rung(BORIS) == rung + 1
    assert "5 человек без единого ответа" in talks.seen(BORIS)
