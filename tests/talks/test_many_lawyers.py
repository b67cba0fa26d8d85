"""More lawyers than a new case can be sealed to: whoever is on duty can open it, and is called."""

import json
from datetime import timedelta
from functools import partial

import pytest

from bot.handoff.rota import said
from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.plans import Plans
from storage import reachable
from storage.chain import MOST_LAWYERS
from storage.members import Member
from storage.sealing import age
from storage.tx import Tx
from tests.bot.calendars import calendar, shift
from tests.bot.in_process import Ended, pana
from tests.cases import joins
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
PERSON, FIRST, LAST = 900, 1000, 1059
EARLY = [f"Lawyer {number}" for number in range(FIRST, LAST + 1)]


@pytest.fixture
def many(talks: Talks) -> Talks:
    """60 lawyers who joined one after the other, and are on duty by nothing; the two who are there always leave."""

    def change(tx: Tx) -> None:
        for name in ("Aigul", "Boris"):
            talks.core.membership_changes.disable(tx, member(talks, tx, name), force=True)
        for number in range(FIRST, LAST + 1):
            joins(tx, talks.core, f"Lawyer {number}", number, met=True)

    talks.change(change)
    talks.deliver()
    return talks


def member(talks: Talks, tx: Tx, name: str) -> Member:
    """By name."""
    found = talks.core.members.by_name(tx, name)
    assert found is not None
    return found


def on_duty_by_rota(talks: Talks, name: str, *, in_hours: int = -1) -> None:
    """One shift of eight hours."""
    rota = talks.core.duty.rota
    rota.plans = Plans(partial(plan_of, zone=talks.core.place.zone.key))
    text = calendar(shift(name, talks.at + timedelta(hours=in_hours), 8))
    prepared = rota.prepare(text, talks.at)
    talks.change(lambda tx: rota.kept.keep(tx, "accepted", prepared.sha256, prepared.text))


def can_open(talks: Talks) -> set[str]:
    """The names of those who can open the newest case."""
    row = talks.case().row
    held = talks.change(lambda tx: talks.core.cases.wraps.can_open(tx, row))
    return {one.name for one in talks.change(talks.core.members.all) if one.id in held}


def test_who_joined_last_and_is_on_duty_by_the_rota_is_called(many: Talks) -> None:
    """The rota alone says so: it is one truth for who is shown and who is rung."""
    on_duty_by_rota(many, f"Lawyer {LAST}")
    urgent(many, PERSON)
    assert many.rung(LAST) == 1
    assert many.rung(FIRST) == 0  # nobody else is on duty
    assert len(can_open(many)) == MOST_LAWYERS
    many.say(LAST, f"/take {many.case().code}")
    assert many.case().is_held_by(many.change(lambda tx: member(many, tx, f"Lawyer {LAST}")).id)


def test_who_joined_last_and_is_on_duty_until_a_time_is_called(many: Talks) -> None:
    """As `/oncall until` has it."""
    until = many.at + timedelta(hours=3)
    many.change(lambda tx: said.stays(tx, many.core.duty, member(many, tx, f"Lawyer {LAST}"), until))
    urgent(many, PERSON)
    assert many.rung(LAST) == 1


def test_who_comes_on_duty_within_days_can_open_what_waits(many: Talks) -> None:
    """A case that nobody takes tonight is theirs to take tomorrow."""
    on_duty_by_rota(many, f"Lawyer {LAST}", in_hours=30)
    urgent(many, PERSON)
    assert f"Lawyer {LAST}" in can_open(many)


def test_of_the_others_those_who_fit_and_can_be_reached_come_first(many: Talks) -> None:
    """A Kazakh case: the last who speaks it goes before 59 who do not; whom the bot cannot reach goes last."""

    def change(tx: Tx) -> None:
        for number, languages in ((LAST, ["kk"]), (LAST - 1, ["ru"])):
            one = member(many, tx, f"Lawyer {number}")
            many.core.members.set_about(tx, one, languages=languages, regions=(), email=None, push=None)
        reachable.gone(tx, member(many, tx, f"Lawyer {FIRST}").id)

    many.change(change)
    many.say(PERSON, "шұғыл")
    many.press(PERSON, "Ұста")
    found = can_open(many)
    assert f"Lawyer {LAST}" in found
    assert f"Lawyer {FIRST}" not in found
    assert f"Lawyer {LAST - 1}" not in found  # those who fit as well joined before


def test_on_duty_goes_before_language(many: Talks) -> None:
    """48 who speak the person's language leave room for the one who is on duty and does not."""

    def change(tx: Tx) -> None:
        one = member(many, tx, f"Lawyer {LAST}")
        many.core.members.set_about(tx, one, languages=["en"], regions=(), email=None, push=None)
        said.stays(tx, many.core.duty, one, None)

    many.change(change)
    urgent(many, PERSON)
    assert many.rung(LAST) == 1


def command(talks: Talks, *arguments: str) -> Ended:
    """`pana ...` beside the bot."""
    return pana(talks.core.settings.server.key_file.parent, *arguments, environment=talks.environment)


def test_the_terminal_says_that_not_everybody_is_called(many: Talks) -> None:
    """Where it shows who is on call, and where one more is added: one sentence."""
    said = f"60 lawyers take part and a new case is sealed to {MOST_LAWYERS}"
    assert said in command(many, "oncall", "show").err
    assert said in command(many, "oncall", "check").out
    assert [one for one in json.loads(command(many, "oncall", "check", "--json").out)["limit"] if said in one]
    assert said in command(many, "doctor").out
    file = many.core.settings.server.key_file.parent / "new.pub"
    file.write_text(age.recipient_of(age.generate_identity()) + "\n")
    more = ("--role", "lawyer", "--telegram-id", "1100", "--recipient", file.name)
    assert "61 lawyers take part" in command(many, "member", "add", "Nurlan", *more).err


def test_more_on_duty_than_a_case_is_sealed_to_are_counted(many: Talks) -> None:
    """All 60 say that they are: 12 of them are not called."""

    def change(tx: Tx) -> None:
        for name in EARLY:
            said.stays(tx, many.core.duty, member(many, tx, name), None)

    many.change(change)
    assert "; 12 of those on call are among them" in command(many, "oncall", "show").err


def test_with_few_lawyers_nothing_is_said_of_a_limit(talks: Talks) -> None:
    """There is none."""
    assert "sealed to" not in command(talks, "oncall", "show").err
    assert json.loads(command(talks, "oncall", "check", "--json").out)["limit"] == []
