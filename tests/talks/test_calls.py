"""Who is called to what, in process: crowds, conflicts, limits, what gets graver."""

import itertools
from datetime import timedelta

import msgspec
import pytest

from flows.facts import Facts, Rising
from flows.model import Level, Reason, RuleId
from storage import claims as kept_claims
from storage import muted, reachable
from storage.case import Claimed, Handoff, Waiting
from tests.cases import handoff as handoff_of
from tests.cases import joins
from tests.places import KAZAKHSTAN
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
HIGH = Facts(level=Level.high, reasons=(Reason(RuleId("H5"), ()),), language="ru")
CRITICAL = msgspec.structs.replace(HIGH, level=Level.critical, reasons=(Reason(RuleId("C3"), ()),))


def waiting(talks: Talks, number: int, facts: Facts) -> int:
    """The row of a case that waits with these facts."""
    cases, calls = talks.core.cases, talks.core.calls
    look_up = talks.core.ring.look_up("telegram", number)
    revision = talks.pana.questionnaires.current.revision

    def change(tx: object) -> int:
        case = cases.chain.open(tx, chat_id=number, look_up=look_up, language="ru", revision=revision)  # type: ignore[arg-type]
        return calls.call(tx, case, facts).row  # type: ignore[arg-type]

    row = int(talks.change(change))
    talks.deliver()
    return row


def handoff(talks: Talks, row: int) -> Handoff:
    """Of a case."""
    return handoff_of(talks.change(lambda tx: talks.core.cases.get(tx, row)))


def members(talks: Talks) -> dict[str, int]:
    """Name -> row."""
    return {one.name: one.id for one in talks.change(talks.core.members.all)}


def test_a_crowd_of_critical_cases_becomes_one_list(talks: Talks) -> None:
    """Three ring alone; with the fourth there is one message for all of them."""
    for number in range(4):
        waiting(talks, 5000 + number, CRITICAL)
    assert talks.rung(BORIS) == 4
    (shown,) = [one for one in talks.chats[BORIS].values() if any(case.code in one.text for case in talks.cases())]
    assert all(case.code in shown.text or case.code in shown.labels for case in talks.cases())


def test_a_list_that_may_not_ring_yet_shows_the_new_case_all_the_same(talks: Talks) -> None:
    """It rings once in five minutes; meanwhile it is drawn anew, silently."""
    for number in range(5):
        waiting(talks, 5000 + number, CRITICAL)
        talks.at += timedelta(seconds=1)
    assert talks.rung(BORIS) == 4
    newest = talks.case()
    (shown,) = [one for one in talks.chats[BORIS].values() if talks.cases()[0].code in one.text + str(one.labels)]
    assert newest.code in shown.text + str(shown.labels)


def test_of_two_rises_both_happen_each_at_its_time(talks: Talks) -> None:
    """Calm, then high, then critical."""
    soon, later = talks.at + timedelta(hours=1), talks.at + timedelta(hours=2)
    rises = (Rising(soon, Level.high, RuleId("H16")), Rising(later, Level.critical, RuleId("C9")))
    calm = msgspec.structs.replace(HIGH, level=Level.normal, reasons=(), risings=rises)
    row = waiting(talks, 5000, calm)
    for minutes, level in ((59, "normal"), (2, "high"), (60, "critical")):
        talks.at += timedelta(minutes=minutes)
        talks.tick()
        assert handoff(talks, row).facts.level == level


def test_the_claimer_hears_that_their_case_is_critical_now(talks: Talks) -> None:
    """And coordinators do."""
    row = waiting(talks, PERSON, HIGH)
    code = talks.case().code
    talks.say(BORIS, f"/take {code}")
    before = talks.seen(BORIS), talks.seen(CLARA)
    talks.change(lambda tx: talks.core.calls.bring_up_to_date(tx, talks.core.cases.get(tx, row), CRITICAL))
    talks.deliver()
    assert talks.seen(BORIS) != before[0]
    assert talks.seen(CLARA).count(code) > before[1].count(code)


def test_coordinators_hear_that_the_case_of_a_muted_account_got_graver(talks: Talks) -> None:
    """It rings nobody."""
    urgent(talks, PERSON)
    row = talks.case().row
    talks.change(lambda tx: talks.core.cases.update_facts(tx, talks.case(), HIGH, ring_now=None))
    talks.change(lambda tx: talks.core.closing._mute(tx, talks.core.cases.get(tx, row)))
    talks.deliver()
    (before,), rung = talks.chats[CLARA], talks.rung(AIGUL, BORIS)
    talks.change(lambda tx: talks.core.calls.bring_up_to_date(tx, talks.core.cases.get(tx, row), CRITICAL))
    talks.deliver()
    (now,) = talks.chats[CLARA]
    assert now > before
    assert talks.rung(AIGUL, BORIS) == rung


DINA = 302


def _muted(talks: Talks, *, before: bool) -> str:
    """The code of a case of a muted account, with two coordinators. `before`: it had rung already."""
    talks.change(lambda tx: joins(tx, talks.core, "Dina", DINA, role="coordinator", language="en"))
    if before:
        urgent(talks, PERSON)
        row = talks.case().row
        talks.change(lambda tx: talks.core.closing._mute(tx, talks.core.cases.get(tx, row)))
        talks.deliver()
    else:
        look_up = talks.core.ring.look_up("telegram", PERSON)
        talks.change(lambda tx: muted.mute(tx, talks.core.ring, look_up))
        urgent(talks, PERSON)
    return talks.case().code


@pytest.mark.parametrize("before", [False, True], ids=["muted at once", "muted later"])
def test_a_case_that_one_coordinator_lets_through_is_shown_so_to_the_others(talks: Talks, *, before: bool) -> None:
    """A button that calls nobody any more goes from every chat; then the card says what becomes of the case."""
    code = _muted(talks, before=before)
    assert [talks.labels(one)[-1] for one in (CLARA, DINA)] == ["Call the lawyers"] * 2
    talks.press(CLARA, "Call the lawyers")
    for one in (CLARA, DINA):
        assert "Call the lawyers" not in talks.labels(one)
        assert f"Case {code}: the lawyers are being called." in talks.seen(one)
    assert len(talks.chats[DINA]) == 1
    talks.say(BORIS, f"/take {code}")
    assert f"Case {code} has been taken." in talks.seen(DINA)


def test_a_message_of_before_leaves_a_muted_case_its_button(talks: Talks) -> None:
    """It had waited to be sent: a call of the Bot API had failed."""
    _muted(talks, before=False)
    talks.change(lambda tx: talks.core.calls.refresh(tx, talks.case().row))
    talks.deliver()
    assert "Call the lawyers" in talks.labels(DINA)


@pytest.mark.parametrize("before", [False, True], ids=["muted at once", "muted later"])
def test_coordinators_who_let_a_case_through_are_no_lawyers_who_were_told(talks: Talks, *, before: bool) -> None:
    """The queue counts lawyers."""
    _muted(talks, before=before)
    talks.pass_by(minutes=2)
    talks.press(CLARA, "Call the lawyers")
    talks.say(CLARA, "/queue")
    assert "called: 2" in talks.text(CLARA)


def test_the_last_resort_is_told_once_in_ten_minutes(talks: Talks) -> None:
    """However often the ladder rings meanwhile."""
    rows = members(talks)
    for name in ("Aigul", "Boris"):
        talks.change(lambda tx, name=name: reachable.gone(tx, rows[name]))
    told: list[object] = []
    backstop = talks.core.calls.cases.handoffs
    row = waiting(talks, PERSON, CRITICAL)
    for _ in range(16):
        told.append(handoff(talks, row).backstop_at)
        talks.at += timedelta(seconds=61)
        talks.change(lambda tx: backstop.bring_forward(tx, row, tx.at_once))
        talks.tick()
    moments = sorted({one for one in told if one is not None})  # type: ignore[type-var]
    assert 1 <= len(moments) <= 2
    assert all(later - first >= timedelta(minutes=10) for first, later in itertools.pairwise(moments))  # type: ignore[operator]


def test_who_has_a_conflict_of_interest_cannot_open_the_case_any_more_and_who_has_no_time_can(talks: Talks) -> None:
    """Both are called no more to it."""
    row = waiting(talks, PERSON, CRITICAL)
    core = talks.core
    for name, reason in (("Boris", "conflict"), ("Aigul", "time")):
        lawyer = talks.change(lambda tx, name=name: core.members.by_name(tx, name))
        assert talks.change(lambda tx, m=lawyer, r=reason: core.calls.pass_on(tx, core.cases.get(tx, row), m, r))
    able = talks.change(lambda tx: core.cases.wraps.can_open(tx, row))
    assert able == {members(talks)["Aigul"]}


def test_neither_a_coordinator_nor_who_takes_no_part_can_take_a_case(talks: Talks) -> None:
    """Whatever they type."""
    row = waiting(talks, PERSON, CRITICAL)
    core, code = talks.core, talks.case().code
    talks.say(CLARA, f"/take {code}")
    assert isinstance(talks.case(), Waiting)
    clara = talks.change(lambda tx: core.members.by_name(tx, "Clara"))
    assert talks.change(lambda tx: core.calls.take(tx, core.cases.get(tx, row), clara)) == "no"
    assert isinstance(talks.case(), Waiting)


def test_nobody_collects_cases_while_another_could_take_them(talks: Talks) -> None:
    """And a limit of lawyers leaves no person without one."""
    boris = talks.change(lambda tx: talks.core.members.by_name(tx, "Boris"))
    for _ in range(talks.core.calls.oncall.claims_a_day - 2):
        talks.change(lambda tx: kept_claims.count_again(tx, boris.id, talks.at))
    for number in range(3):
        waiting(talks, 6000 + number, HIGH)
        talks.say(BORIS, f"/take {talks.case().code}")
    assert isinstance(talks.case(), Waiting)
    aigul = talks.change(lambda tx: talks.core.members.by_name(tx, "Aigul"))
    row = talks.case().row
    talks.change(lambda tx: talks.core.calls.pass_on(tx, talks.core.cases.get(tx, row), aigul, "time"))
    talks.say(BORIS, f"/take {talks.case().code}")
    assert isinstance(talks.case(), Claimed)


def test_an_account_that_calls_again_and_again_reaches_nobody_outside_telegram_a_second_time(talks: Talks) -> None:
    """Within ten minutes its alerts are there, without a sound, a push or a mail."""
    known, push = talks.core.members, "https://push.example/topic"
    for one in talks.change(known.all):
        talks.change(lambda tx, m=one: known.set_about(tx, m, languages=["ru"], regions=(), email=None, push=push))
    urgent(talks, PERSON)
    told = len(talks.outside)
    assert told > 0
    talks.at += timedelta(minutes=6)  # so that nobody was just told
    talks.press(PERSON, "Отменить вызов юриста")
    talks.press(PERSON, "Больше не звать")
    talks.press(PERSON, "Позвать юриста сейчас")
    assert isinstance(talks.case(), Waiting)
    assert len(talks.outside) == told


def test_a_case_that_is_no_matter_of_minutes_rings_nobody_awake(talks: Talks) -> None:
    """At night its alert comes without a sound; a critical one rings at any hour."""
    talks.at = KAZAKHSTAN.next_morning(talks.at) - timedelta(hours=5)
    assert KAZAKHSTAN.is_night(talks.at)
    for number, facts in enumerate((HIGH, CRITICAL)):
        waiting(talks, number, facts)
        talks.deliver()
        assert talks.seen(AIGUL) + talks.seen(BORIS)
        assert (talks.rung(AIGUL, BORIS) > 0) is (facts is CRITICAL)
