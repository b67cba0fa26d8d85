"""What members are asked: a question that is over has no buttons any more, however it came to its end."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.file import RotaFile, Seen
from bot.handoff.rota.plans import Plans
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from storage.members import Member, Role
from tests.bot.calendars import calendar, shift
from tests.cases import joins
from tests.places import HERE
from tests.talks.talks import Talks, talks

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, DINA = 201, 202, 203
CLARA, ERIK, GULNARA = 301, 302, 303
ANSWERS = (coordinator.YES, coordinator.NO, texts.ACCEPT, texts.DECLINE)


def add(talks: Talks, name: str, chat: int, role: Role = "lawyer") -> None:
    """One more member; coordinators read English."""
    language = "en" if role == "coordinator" else "ru"
    talks.change(lambda tx: joins(tx, talks.core, name, chat, role=role, language=language, met=True))


def known(talks: Talks, name: str) -> Member:
    """A member as they are."""
    found = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, name))
    assert found is not None
    return found


def a_minute(talks: Talks) -> None:
    """What the watch does once a minute."""
    talks.change(talks.core.checks.minute)
    talks.deliver()


def answers(talks: Talks, chat: int) -> list[str]:
    """The buttons of a chat that answer a question."""
    labels = {talks.pana.words.text(language, one) for one in ANSWERS for language in ("ru", "kk", "en")}
    return [label for label in talks.labels(chat) if label in labels]


# --- is a member to be suspended? ---


def answered_by_another(talks: Talks) -> None:
    """Erik says no, Gulnara was asked too."""
    talks.press(ERIK, coordinator.NO)


def an_hour_later(talks: Talks) -> None:
    """Nobody has answered."""
    talks.pass_by(minutes=61)


def suspended_on_the_server(talks: Talks) -> None:
    """Whom it is about is suspended already, by a command."""
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, known(talks, "Hana"), force=True))


def left(talks: Talks) -> None:
    """Whom it is about is no member any more."""
    talks.change(lambda tx: talks.core.membership_changes.disable(tx, known(talks, "Hana"), force=True))


def the_asker_is_stopped(talks: Talks) -> None:
    """Whoever has asked takes part no more."""
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, known(talks, "Clara"), force=True))


@pytest.mark.parametrize(
    "ends", [answered_by_another, an_hour_later, suspended_on_the_server, left, the_asker_is_stopped]
)
@pytest.mark.parametrize("times", [1, 2])
def test_whether_to_suspend_is_asked_no_longer_than_it_is_a_question(
    talks: Talks, ends: Callable[[Talks], None], times: int
) -> None:
    """Not answered, its card says that it is over; `times`: the same coordinator has asked so often."""
    add(talks, "Erik", ERIK, "coordinator"), add(talks, "Gulnara", GULNARA, "coordinator")
    add(talks, "Hana", 304, "coordinator")
    for _ in range(times):
        talks.say(CLARA, "/suspend Hana")
    assert answers(talks, ERIK) == answers(talks, GULNARA) == [coordinator.YES, coordinator.NO]
    ends(talks)
    a_minute(talks)
    for chat in (ERIK, GULNARA):
        assert answers(talks, chat) == []
        over = ends is not answered_by_another
        assert (talks.pana.words.text("en", coordinator.SUSPEND_OVER, name="Hana") in talks.seen(chat)) == over
    before = talks.seen(ERIK)
    a_minute(talks)
    assert talks.seen(ERIK) == before


def test_what_was_pressed_long_after_it_was_asked_keeps_its_answer(talks: Talks) -> None:
    """A message that is too old to be removed is changed, and stays so."""
    add(talks, "Erik", ERIK, "coordinator"), add(talks, "Hana", 304, "coordinator")
    talks.say(CLARA, "/suspend Hana")
    talks.at += timedelta(hours=50)
    (yes,) = [(data, one) for label, data, one in talks.data(ERIK) if label == coordinator.YES]
    talks.push(ERIK, *yes)
    said = talks.seen(ERIK)
    assert answers(talks, ERIK) == []
    a_minute(talks)
    assert talks.seen(ERIK) == said


# --- a rota that waits for a yes ---


def test_a_rota_that_waits_no_longer_for_a_yes_is_asked_about_no_more(talks: Talks) -> None:
    """The file has become another one meanwhile; and the newest question alone can be answered."""
    clara, rotas = known(talks, "Clara"), talks.core.duty.rota.kept
    for number in (1, 2):
        sha256 = str(number) * 64
        talks.change(lambda tx, mark=sha256: rotas.keep(tx, "pending", mark, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
        talks.change(lambda tx, mark=sha256: talks.core.queue.ask_about_rota(tx, clara.id, mark, "cover"))
        talks.deliver()
        assert answers(talks, CLARA) == [coordinator.YES, coordinator.NO]
    talks.change(lambda tx: rotas.drop(tx, "pending"))
    a_minute(talks)
    assert answers(talks, CLARA) == []
    assert coordinator.ROTA_OVER in talks.seen(CLARA)


# --- will a colleague take a shift? ---


def planned(talks: Talks, folder: Path, *shifts: tuple[str, int]) -> None:
    """A calendar of shifts of four hours: whose, and when they begin."""
    core = talks.core
    core.duty.rota.plans = Plans(partial(plan_of, zone=HERE))
    core.duty.rota.make_ready(core.database, talks.at)
    text = calendar(*(shift(name, talks.at + timedelta(hours=begins), 4) for name, begins in shifts))
    prepared = core.duty.rota.prepare(text, talks.at)
    file = RotaFile(folder / "rota.ics", core.duty, core.queue)
    talks.change(lambda tx: file.take(tx, Seen((1, 1), prepared)))
    talks.deliver()


def asks(talks: Talks, name: str) -> None:
    """Boris would give his shift to a colleague."""
    talks.say(BORIS, "/oncall swap")
    talks.push(BORIS, *next((data, one) for label, data, one in reversed(talks.data(BORIS)) if "–" in label))
    talks.press(BORIS, name)


@pytest.fixture
def asked(talks: Talks, tmp_path: Path) -> Talks:
    """Boris has asked Aigul and Dina to take the shift that has begun."""
    add(talks, "Dina", DINA)
    talks.say(BORIS, "/oncall rota")
    planned(talks, tmp_path, ("Boris", -1), ("Aigul", 30))
    a_minute(talks)
    for name in ("Aigul", "Dina"):
        asks(talks, name)
    assert [len(answers(talks, chat)) for chat in (AIGUL, DINA)] == [2, 2]
    return talks


def taken_by_another(talks: Talks, _folder: Path) -> None:
    """Aigul takes it."""
    talks.press(AIGUL, "Қабылдау")


def over(talks: Talks, _folder: Path) -> None:
    """The shift has passed."""
    talks.pass_by(hours=5)


def ended(talks: Talks, _folder: Path) -> None:
    """Boris has ended it himself."""
    talks.say(BORIS, "/oncall off")


def moved(talks: Talks, folder: Path) -> None:
    """The calendar has it at another time."""
    planned(talks, folder, ("Boris", 1), ("Aigul", 30))
    talks.press(CLARA, coordinator.YES)


def stopped(talks: Talks, _folder: Path) -> None:
    """Boris takes part no more."""
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, known(talks, "Boris"), force=True))


@pytest.mark.parametrize("ends", [taken_by_another, over, ended, moved, stopped])
def test_who_is_asked_to_take_a_shift_is_asked_no_longer_than_it_can_be_taken(
    asked: Talks, tmp_path: Path, ends: Callable[[Talks, Path], None]
) -> None:
    """Its card says that it is over, and keeps no button."""
    ends(asked, tmp_path)
    if ends is taken_by_another:
        assert answers(asked, DINA) == []  # at once
    a_minute(asked)
    a_minute(asked)
    assert answers(asked, AIGUL) == answers(asked, DINA) == []
    assert asked.pana.words.text("ru", texts.SWAP_OVER) in asked.seen(DINA)


def test_the_same_colleague_who_is_asked_once_more_has_one_question(asked: Talks) -> None:
    """The newest alone can be answered, and does what it says."""
    asks(asked, "Dina")
    assert len(answers(asked, DINA)) == 2
    asked.press(DINA, asked.pana.words.text("ru", texts.ACCEPT))
    assert known(asked, "Dina").id in asked.core.database.read(asked.core.duty.on_duty, at=asked.at)


@pytest.mark.parametrize("ends", [ended, over])
def test_a_request_about_a_shift_that_its_lawyer_has_ended_rings_nobody(
    asked: Talks, tmp_path: Path, ends: Callable[[Talks, Path], None]
) -> None:
    """Nothing has changed for anybody, and no calendar has."""
    before = asked.rung(AIGUL, BORIS, DINA)
    ends(asked, tmp_path)
    a_minute(asked)
    assert asked.rung(AIGUL, BORIS, DINA) == before


# --- what a lawyer's card says of their duty ---


def test_a_card_of_duty_says_when_it_begins_and_when_it_ends(talks: Talks, tmp_path: Path) -> None:
    """By the rota, which nobody has touched; and as a swap leaves it, which a colleague has agreed to."""
    say = talks.pana.words.text
    for chat in (AIGUL, BORIS):
        talks.say(chat, "/oncall rota")
    planned(talks, tmp_path, ("Boris", 1), ("Aigul", 30))
    for hours, on in ((0, False), (1, True), (5, False)):
        talks.pass_by(hours=hours)
        a_minute(talks)
        assert (say("ru", texts.ON_DUTY) in talks.seen(BORIS)) == on
        assert (say("ru", texts.OFF_DUTY) in talks.seen(BORIS)) != on


def test_a_coordinators_card_of_duty_says_of_when_it_is(talks: Talks) -> None:
    """It is not drawn anew by itself, and may stand there for days."""
    talks.say(CLARA, "/oncall")
    here = talks.core.place.here(talks.at)
    assert talks.text(CLARA).startswith(f"{here:%d.%m}, {here:%H:%M}. On call now: ")
