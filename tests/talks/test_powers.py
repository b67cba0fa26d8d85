"""Who may do too much: what one member, one coordinator, one account can and cannot bring about. In process."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.member.writing import ASKING, BY_USE, PHRASES
from bot.speech.presses import Say, button_data
from bot.speech.texts import member as texts
from storage import claims as kept_claims
from storage import reachable
from storage.case import Case, Claimed, Closed, Erased, Open, Waiting
from storage.case_rows import set_columns
from storage.errors import Refused
from storage.members import Member
from storage.schema import metadata
from storage.sealing import age
from tests.cases import handoff
from tests.talks.requests import sends
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once
from tests.ways import CALM_ON, HELD_TO_THE_END

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
CANARY = "белый кит на пристани"


def add(talks: Talks, name: str, chat: int, role: str = "lawyer", *, on_call: bool = True) -> None:
    """One more member."""
    talks.change(
        lambda tx: talks.core.membership.add(
            tx,
            name=name,
            telegram_id=chat,
            role=role,
            languages=["en"],
            regions=(),
            recipient=age.recipient_of(age.generate_identity()),
            on_call=on_call,
        )
    )


def works(talks: Talks) -> set[str]:
    """The names of everybody who takes part."""
    return {one.name for one in talks.core.database.read(talks.core.members.working)}


def readers(talks: Talks, case: Case) -> set[str]:
    """Who holds a wrap of a case."""
    able = talks.core.database.read(lambda tx: talks.core.cases.wraps.can_open(tx, case.row))
    return {one.name for one in talks.core.database.read(talks.core.members.all) if one.id in able}


# --- wraps only for who works ---


def test_who_is_suspended_can_open_nothing_that_nobody_has_taken_and_nothing_new(talks: Talks) -> None:
    """Waiting, withdrawn, and what they held; after coming back only what comes from then on."""
    add(talks, "Dina", 203)
    urgent(talks, PERSON)
    urgent(talks, PERSON + 1)
    talks.say(BORIS, f"/take {talks.cases()[1].code}")
    assert [readers(talks, one) for one in talks.cases()] == [{"Aigul", "Boris", "Dina"}] * 2
    talks.say(CLARA, "/suspend Boris")
    assert works(talks) == {"Aigul", "Dina", "Clara"}
    urgent(talks, PERSON + 2)
    assert [readers(talks, one) for one in talks.cases()] == [{"Aigul", "Dina"}] * 3
    talks.change(lambda tx: talks.core.membership_changes.resume(tx, boris(talks)))
    urgent(talks, PERSON + 3)
    assert [readers(talks, one) for one in talks.cases()] == [{"Aigul", "Dina"}] * 3 + [{"Aigul", "Boris", "Dina"}]


def boris(talks: Talks) -> Member:
    """Boris as he is."""
    found = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, "Boris"))
    assert found is not None
    return found


def test_the_last_who_can_open_a_case_is_not_suspended_by_the_way(talks: Talks) -> None:
    """On the terminal refused unless forced, in Telegram with a second yes; coordinators hear of the case."""
    urgent(talks, PERSON)
    code = talks.case().code
    talks.change(lambda tx: talks.core.cases.wraps.drop(tx, talks.case().row, aigul(talks)))
    with pytest.raises(Refused, match=code):
        talks.change(lambda tx: talks.core.membership_changes.suspend(tx, boris(talks), force=False))
    talks.say(CLARA, "/suspend Boris")
    assert "not suspended. It needs the yes of another coordinator" in talks.text(CLARA)
    assert readers(talks, talks.case()) == {"Boris"}
    add(talks, "Erik", 302, "coordinator")
    talks.say(CLARA, "/suspend Boris")
    talks.press(302, "Yes")
    assert "Boris" not in works(talks)
    assert f"Case {code}: nobody can take it now" in talks.seen(CLARA)


def aigul(talks: Talks) -> int:
    """Aigul's row."""
    found = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, "Aigul"))
    assert found is not None
    return found.id


# --- two coordinators for the grave ---


def test_one_coordinators_phone_stops_one_lawyer_an_hour_and_nobody_else(talks: Talks) -> None:
    """The second lawyer and every coordinator need somebody else's yes; that phone's own is none."""
    add(talks, "Dina", 203), add(talks, "Farid", 204)
    add(talks, "Erik", 302, "coordinator"), add(talks, "Gulnara", 303, "coordinator")
    for name in ("Boris", "Aigul", "Dina", "Erik", "Gulnara"):
        talks.say(CLARA, f"/suspend {name}")
    assert works(talks) == {"Aigul", "Dina", "Farid", "Clara", "Erik", "Gulnara"}
    questions = [(data, one) for label, data, one in talks.data(302) if label == "Yes"]
    assert len(questions) == 3  # Aigul, Dina and Gulnara; about himself he is not asked
    for data, one in questions:
        talks.push(CLARA, data, one)  # made for another chat
    assert works(talks) == {"Aigul", "Dina", "Farid", "Clara", "Erik", "Gulnara"}
    talks.pass_by(minutes=61)
    talks.say(CLARA, "/suspend Aigul")
    assert works(talks) == {"Dina", "Farid", "Clara", "Erik", "Gulnara"}


def test_a_second_coordinator_says_yes_or_no_once_and_within_the_hour(talks: Talks) -> None:
    """Yes stops, no tells who asked, a press too late or on the other's card finds it over."""
    add(talks, "Erik", 302, "coordinator"), add(talks, "Gulnara", 303, "coordinator")
    talks.say(CLARA, "/suspend Gulnara")
    assert "asked. It needs the yes of another coordinator" in talks.text(CLARA)
    assert "Suspend Gulnara?" in talks.text(302)
    assert "Asked by: Clara" in talks.text(302)
    assert 303 not in talks.chats
    talks.press(302, "No")
    assert "Another coordinator said no. Not suspended: Gulnara" in talks.text(CLARA)
    assert "Gulnara" in works(talks)
    talks.say(CLARA, "/suspend Gulnara")
    talks.press(302, "Yes")
    assert "Gulnara" not in works(talks)
    add(talks, "Hana", 304, "coordinator")
    talks.say(CLARA, "/suspend Hana")
    (late,) = [(data, one) for label, data, one in talks.data(302) if label == "Yes"]
    talks.pass_by(minutes=61)
    talks.push(302, *late)
    assert talks.toast == "This request is over."
    assert late[1] not in talks.chats[302]
    assert "Hana" in works(talks)


def test_a_second_coordinator_who_asks_for_the_same_has_said_yes(talks: Talks) -> None:
    """Both have heard that a phone is in wrong hands, and both type it: nobody waits for anybody."""
    add(talks, "Erik", 302, "coordinator"), add(talks, "Gulnara", 303, "coordinator")
    add(talks, "Hana", 304, "coordinator")
    talks.say(CLARA, "/suspend Gulnara")
    talks.say(CLARA, "/suspend Gulnara")  # the same phone once more
    assert "Gulnara" in works(talks)
    talks.say(302, "/suspend Gulnara")
    assert "Gulnara" not in works(talks)
    assert not any("Suspend Gulnara?" in talks.seen(chat) for chat in (302, 304))


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_what_one_coordinator_has_answered_no_other_is_asked_any_more(talks: Talks, answer: str) -> None:
    """The same question goes from the others' chats; what else they were asked stays."""
    add(talks, "Erik", 302, "coordinator"), add(talks, "Gulnara", 303, "coordinator")
    add(talks, "Hana", 304, "coordinator")
    for name in ("Hana", "Gulnara"):
        talks.say(CLARA, f"/suspend {name}")
    assert "Suspend Hana?" in talks.seen(302) and "Suspend Hana?" in talks.seen(303)
    (asked,) = [one for one in talks.chats[302].values() if "Suspend Hana?" in one.text]
    (first,) = [(button.data, asked.id) for row in asked.rows for button in row if button.text == answer]
    talks.push(302, *first)
    assert "Suspend Hana?" not in talks.seen(303)
    assert "Suspend Gulnara?" in talks.seen(302)
    assert ("Hana" in works(talks)) == (answer == "No")


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_of_a_rota_that_one_coordinator_has_answered_no_other_is_asked_any_more(talks: Talks, answer: str) -> None:
    """Neither has it twice."""
    add(talks, "Erik", 302, "coordinator")
    sha256, rotas = "a" * 64, talks.core.duty.rota.kept
    talks.change(lambda tx: rotas.keep(tx, "pending", sha256, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    for chat in (CLARA, 302):
        member = talks.core.database.read(lambda tx, chat=chat: talks.core.members.by_telegram(tx, chat))
        assert member is not None
        talks.change(lambda tx, about=member.id: talks.core.queue.ask_about_rota(tx, about, sha256, "cover"))
    talks.deliver()
    assert talks.labels(302)[-2:] == ["Yes", "No"]
    talks.press(CLARA, answer)
    assert "Yes" not in talks.labels(302)


def test_neither_who_is_suspended_nor_a_request_of_theirs_counts(talks: Talks) -> None:
    """A yes of somebody suspended is none; and what somebody asked who was stopped meanwhile is over."""
    add(talks, "Erik", 302, "coordinator"), add(talks, "Gulnara", 303, "coordinator")
    talks.say(CLARA, "/suspend Gulnara")
    card = next((data, one) for label, data, one in talks.data(302) if label == "Yes")
    everybody = {one.name: one for one in talks.core.database.read(talks.core.members.all)}
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, everybody["Erik"], force=False))
    talks.push(302, *card)
    assert "Gulnara" in works(talks)
    talks.change(lambda tx: talks.core.membership_changes.resume(tx, everybody["Erik"]))
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, everybody["Clara"], force=False))
    talks.push(302, *card)
    assert "Gulnara" in works(talks)


def test_with_one_coordinator_alone_the_way_over_the_terminal_is_named(talks: Talks) -> None:
    """The last lawyer on duty, however many are off duty; others who cannot be reached do not count."""
    add(talks, "Erik", 302, "coordinator")
    gone = next(one for one in talks.core.database.read(talks.core.members.all) if one.name == "Erik")
    talks.change(lambda tx: reachable.gone(tx, gone.id))
    talks.say(AIGUL, "/oncall off")
    talks.say(CLARA, "/suspend Boris")
    assert "On the server: pana member suspend NAME" in talks.text(CLARA)
    assert "Boris" in works(talks)


# --- what is confirmed, and what can be undone ---


@walked_once
def held(talks: Talks, person: int = PERSON) -> Case:
    """Held by the police, and taken by Boris."""
    urgent(talks, person)
    talks.say(BORIS, f"/take {talks.case().code}")
    return talks.case()


def row(talks: Talks, case: Case) -> Case:
    """A case as it is now."""
    return talks.core.database.read(lambda tx: talks.core.cases.get(tx, case.row))


def test_a_call_is_withdrawn_by_two_taps_in_different_places(talks: Talks) -> None:
    """The first asks, however often it comes; the way back stands where a second press would hit."""
    urgent(talks, PERSON)
    asks = next((data, one) for label, data, one in talks.data(PERSON) if label == "Отменить вызов юриста")
    for _ in range(3):
        talks.push(PERSON, *asks)
        assert talks.labels(PERSON) == ["Звать дальше", "Больше не звать"]
        assert "Тогда никого не будем звать" in talks.text(PERSON)
        assert isinstance(talks.case(), Waiting)
    talks.press(PERSON, "Звать дальше")
    assert "Зовём юриста" in talks.text(PERSON)
    talks.push(PERSON, *asks)
    yes = next((data, one) for label, data, one in talks.data(PERSON) if label == "Больше не звать")
    for _ in range(2):
        talks.push(PERSON, *yes)
        assert isinstance(talks.case(), Open)
        assert "Вызов отменён" in talks.text(PERSON)


def test_a_lawyer_who_came_meanwhile_is_not_sent_away(talks: Talks) -> None:
    """Withdrawing is of a case that waits; both presses then show the truth."""
    urgent(talks, PERSON)
    talks.press(PERSON, "Отменить вызов юриста")
    yes = next((data, one) for label, data, one in talks.data(PERSON) if label == "Больше не звать")
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.push(PERSON, *yes)
    assert isinstance(talks.case(), Claimed)
    assert "взял в работу юрист" in talks.text(PERSON)


@pytest.mark.parametrize("outcome", ["Помощь оказана", "Ложный вызов", "Другой итог"])
def test_a_case_is_closed_only_after_its_consequence_was_read(talks: Talks, outcome: str) -> None:
    """However often an outcome is pressed; cancelling leaves everything as it was."""
    case = held(talks)
    talks.press(BORIS, "Закрыть")
    ends = next((data, one) for label, data, one in talks.data(BORIS) if label == outcome)
    for _ in range(3):
        talks.push(BORIS, *ends)
        assert [label for label, _, one in talks.data(BORIS) if one == ends[1]] == ["Отмена", "Да, закрыть"]
    assert row(talks, case) == case
    talks.push(BORIS, next(data for label, data, one in talks.data(BORIS) if label == "Отмена"), ends[1])
    assert talks.toast == f"Обращение № {case.code} не закрыто."
    assert ends[1] not in talks.chats[BORIS]
    assert row(talks, case) == case
    talks.press(BORIS, "Закрыть обращение")
    ends = next((data, one) for label, data, one in talks.data(BORIS) if label == outcome)
    talks.push(BORIS, *ends)
    yes = next(data for label, data, one in talks.data(BORIS) if label == "Да, закрыть")
    for _ in range(2):
        talks.push(BORIS, yes, ends[1])
    assert isinstance(row(talks, case), Closed)


def false_alarm(talks: Talks) -> tuple[str, int]:
    """Boris closes what he holds as a false alarm; the button that undoes it."""
    talks.press(BORIS, "Закрыть")
    talks.press(BORIS, "Ложный вызов")
    talks.press(BORIS, "Да, закрыть")
    return next((data, one) for label, data, one in talks.data(BORIS) if label.startswith("Отменить"))


@pytest.mark.parametrize(
    ("talks", "contact", "sent"),
    [
        ("sqlite", False, False),
        ("sqlite", True, False),
        ("sqlite", False, True),
        ("sqlite", True, True),
        pytest.param("postgresql", True, True, marks=pytest.mark.postgresql),
    ],
    indirect=["talks"],
)
def test_a_false_alarm_can_be_undone_for_ten_minutes_and_all_is_as_before(
    talks: Talks, contact: bool, sent: bool
) -> None:
    """The claim with its lease or contact, the person's card with its open question, what waited to be shown."""
    case = held(talks)
    if contact:
        talks.press(BORIS, "Написать")
        talks.press(BORIS, "Ничего не подписывайте без юриста")
        talks.press(PERSON, "Показать")
    if sent:
        sends(talks)
    before, card = row(talks, case), talks.text(PERSON)
    undo = false_alarm(talks)
    closed = row(talks, case)
    assert (type(closed), closed.chat_id, closed.chat_look_up) == (Closed, None, None)
    assert not any(one.document for one in talks.chats[BORIS].values())
    talks.at += timedelta(minutes=9, seconds=50)
    for _ in range(2):
        talks.push(BORIS, *undo)
    again = row(talks, case)
    assert isinstance(again, Claimed)
    assert replace(again, handoff=handoff(before)) == before
    assert handoff(again).facts == handoff(before).facts
    assert talks.text(PERSON).replace("до 11:24", "до 11:15") == card  # the lease begins anew
    assert any(one.document for one in talks.chats[BORIS].values())
    assert f"Case {case.code} was no false alarm and is open again. Lawyer: Boris" in talks.seen(CLARA)
    lease_until = handoff(row(talks, case)).lease_until
    assert (lease_until is None) is contact
    if not contact:
        assert lease_until == talks.at + timedelta(minutes=15)
        talks.pass_by(minutes=16)
        assert isinstance(row(talks, case), Waiting)


def test_after_ten_minutes_a_false_alarm_is_one_and_nothing_of_it_is_kept(talks: Talks) -> None:
    """The button says so; for anybody else there is no such case at any time."""
    case = held(talks)
    undo = false_alarm(talks)
    talks.say(AIGUL, "/cases")
    talks.change(talks.pana.core.checks.forget)
    assert rows_of(talks, "undoing") == 1
    talks.at += timedelta(minutes=10)
    talks.push(BORIS, *undo)
    assert "уже нельзя" in (talks.toast or "")
    assert undo[0] not in str(talks.data(BORIS))
    talks.change(talks.pana.core.checks.forget)
    assert rows_of(talks, "undoing") == 0
    assert isinstance(row(talks, case), Closed)


def test_who_erased_everything_is_not_brought_back(talks: Talks) -> None:
    """`/delete` after a false alarm takes what could be undone, and the record."""
    case = held(talks)
    undo = false_alarm(talks)
    talks.say(PERSON, "/delete")
    talks.press(PERSON, "Удалить всё")
    assert rows_of(talks, "undoing") == 0
    talks.push(BORIS, *undo)
    assert isinstance(row(talks, case), Erased)


def rows_of(talks: Talks, table: str) -> int:
    """How many rows a table has."""
    query = select(func.count()).select_from(metadata.tables[table])
    return int(talks.core.database.read(lambda tx: tx.execute(query).scalar_one()))


def test_a_false_alarm_mutes_what_waits_gives_the_day_back_and_both_are_undone_with_it(talks: Talks) -> None:
    """Hidden requests too; a case that waits leaves the lawyers' chats, its person reads the truth."""
    case = held(talks)
    talks.say(PERSON, "/clear")
    urgent(talks, PERSON)
    other = talks.case()
    assert other.code in talks.seen(AIGUL)
    taken = talks.change(lambda tx: kept_claims.taken_since(tx, boris(talks).id, talks.at - timedelta(days=1)))
    assert taken == 1
    talks.say(BORIS, "/cases")
    undo = false_alarm(talks)
    taken = talks.change(lambda tx: kept_claims.taken_since(tx, boris(talks).id, talks.at - timedelta(days=1)))
    assert taken == 0
    assert other.code not in talks.seen(AIGUL) + talks.seen(BORIS)
    assert f"Case {other.code}: an earlier one of this account was a false alarm" in talks.seen(CLARA)
    assert "Сначала ваше обращение посмотрит координатор" in talks.seen(PERSON)
    rung = talks.rung(AIGUL, BORIS)
    talks.pass_by(minutes=5)
    assert talks.rung(AIGUL, BORIS) == rung
    talks.push(BORIS, *undo)
    assert isinstance(row(talks, case), Claimed)
    assert other.code in talks.seen(AIGUL)
    assert "Зовём юриста" in talks.seen(PERSON)
    taken = talks.change(lambda tx: kept_claims.taken_since(tx, boris(talks).id, talks.at - timedelta(days=1)))
    assert taken == 1


# --- nothing is asked of the person before the key was proved ---


def test_before_the_check_word_a_lawyers_phone_asks_nothing_and_shows_no_answer(talks: Talks) -> None:
    """Without the key only what asks nothing is offered, old buttons are refused, answers arrive as "added"."""
    case = held(talks)
    talks.press(BORIS, "Написать")
    assert not [label for label in talks.labels(BORIS) if label.endswith("?") or "фото" in label]
    assert "Ничего не подписывайте без юриста" in talks.labels(BORIS)
    asks = button_data(talks.core.ring, BORIS, Say(case.code, 1))
    talks.push(BORIS, asks, 1)
    assert "сначала" in talks.text(BORIS)
    assert talks.core.database.read(lambda tx: talks.core.relay.to_seeker(tx, case.row)) == []
    for said in (*HELD_TO_THE_END, CANARY):
        talks.say(PERSON, said)
    talks.pass_by(minutes=1)
    assert "Сохранено для юриста" in talks.text(PERSON) or "Ответы отправлены" in talks.text(PERSON)
    assert CANARY not in talks.seen(BORIS)
    assert f"{case.code}: добавлено" in talks.seen(BORIS) or "/cases" in talks.seen(BORIS)
    talks.change(lambda tx: set_columns(tx, case.row, checked=1))
    talks.press(BORIS, "Написать")
    assert [label for label in talks.labels(BORIS) if label.endswith("?")]
    talks.push(BORIS, asks, 1)
    talks.say(PERSON, CANARY)
    assert CANARY in talks.seen(BORIS)


def test_ready_phrases_stand_by_their_use_and_old_buttons_mean_what_they_meant() -> None:
    """Who writes, what to do, questions; each of them once. The places by which buttons name them never change."""
    assert sorted(one for group in BY_USE for one in group) == sorted(PHRASES)
    assert set(BY_USE[2]) <= ASKING and not ASKING.intersection(BY_USE[0])
    assert PHRASES == (
        texts.PHRASE_LAWYER,
        texts.PHRASE_NAME,
        texts.PHRASE_SIGN,
        texts.PHRASE_PAPER,
        texts.PHRASE_OFFICE,
        texts.PHRASE_PHOTO,
    )


def test_the_card_shows_them_in_that_order(talks: Talks) -> None:
    """Before the check word only those that ask nothing; after it all, and for what they are."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")

    def labels(*groups: tuple[str, ...]) -> list[str]:
        return [talks.pana.words.text("ru", one) for group in groups for one in group]

    talks.press(BORIS, "Написать")
    shown = list(talks.chats[BORIS].values())[-1].labels
    assert shown[:-1] == labels(BY_USE[0], (texts.PHRASE_SIGN,))
    case = talks.case()
    assert isinstance(case, Claimed)
    talks.change(lambda tx: set_columns(tx, case.row, checked=1))
    talks.press(BORIS, "Отмена")
    talks.press(BORIS, "Написать")
    assert list(talks.chats[BORIS].values())[-1].labels[:-1] == labels(*BY_USE)
    assert "Сверху вниз: кто вы; что делать; вопросы." in talks.text(BORIS)


@pytest.mark.parametrize("number", range(len(PHRASES)))
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_ready_phrase_that_asks_for_something_is_known_as_one(talks: Talks, number: int, language: str) -> None:
    """By its words: a question mark, "send" or "tell"."""
    said = talks.pana.words.text(language, PHRASES[number])
    asks = "?" in said or any(
        one in said.lower() for one in ("send", "tell", "пришлите", "назовите", "жіберіңіз", "айтыңыз")
    )
    assert asks is (PHRASES[number] in ASKING)


# --- what a pass leaves ---


def test_when_the_last_lawyer_passes_the_persons_card_says_so_at_once(talks: Talks) -> None:
    """Also when coordinators have heard of the case before; the lawyer reads a reason on each button."""
    urgent(talks, PERSON, "На свободе")
    for said in ("1", "1", "1", "5", "1", "2", "1", *CALM_ON, "1", "отправить"):
        talks.say(PERSON, said)
    talks.pass_by(minutes=11)
    assert "сообщили координаторам" in talks.text(PERSON)
    talks.say(AIGUL, f"/pass {talks.case().code}")
    assert "Зовём юристов" in talks.text(PERSON)
    talks.say(BORIS, f"/pass {talks.case().code}")
    assert "Зовём юристов" not in talks.text(PERSON)
    assert "Никто из юристов, с которыми есть связь, сейчас не может" in talks.text(PERSON)
    passed = next(one for one in talks.chats[BORIS].values() if "Нет времени" in one.labels)
    assert [len(row) for row in passed.rows] == [1, 1, 1, 1]


@pytest.mark.parametrize("command", ["/queue", "/suspend Aigul", "/suspend Nobody", "/suspend"])
def test_a_coordinators_command_is_to_a_lawyer_what_a_case_is_that_does_not_exist(talks: Talks, command: str) -> None:
    """Nothing is told by it, and nothing done."""
    urgent(talks, PERSON)
    answers = []
    for said in ("/take ZZZZ-ZZZZ", command):
        talks.say(BORIS, said)
        answers.append(talks.text(BORIS))
    assert answers[0] == answers[1] == talks.pana.words.text("ru", texts.NO_CASE)
    assert works(talks) == {"Aigul", "Boris", "Clara"}
