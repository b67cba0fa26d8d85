"""A claim from its beginning to its end, in process: what counts as contact, what ends it, who hears of it."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from bot.speech.presses import Claim, CloseWith, OfClaim, Press, button_data
from bot.speech.texts import member as member_texts
from flows.facts import Reminder
from flows.model import ClockId
from storage import claims as kept_claims
from storage.case import Case, Claimed, Closed, Handoff, Waiting
from storage.contact import Contact
from storage.members import Member
from storage.record import Entry
from tests.cases import claim, joins
from tests.cases import handoff as handoff_of
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON = 201, 202, 301, 900
PHRASE = "Я юрист-волонтёр"


def said(talks: Talks, text: str) -> str:
    """A text as Boris sees it."""
    return talks.pana.words.text("ru", text)


@walked_once
def taken(talks: Talks) -> Case:
    """A critical case, taken by Boris."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    assert isinstance(talks.case(), Claimed)
    return talks.case()


def written(talks: Talks, lawyer: int = BORIS) -> None:
    """The claimer sends a ready phrase."""
    talks.press(lawyer, said(talks, member_texts.WRITE))
    talks.press(lawyer, PHRASE)


def reached(talks: Talks) -> Case:
    """A case whose person has opened the lawyer's message."""
    taken(talks)
    written(talks)
    talks.press(PERSON, "Показать")
    return talks.case()


def does(talks: Talks, chat: int, press: Press) -> None:
    """Presses a button that may not stand there any more."""
    talks.push(chat, button_data(talks.core.ring, chat, press), 1)


def rises(talks: Talks, case: Case) -> None:
    """Its level is a higher one."""
    graver = talks.core.calls.graver
    talks.change(lambda tx: graver.rings(tx, talks.core.cases.get(tx, case.row), (), rises=True))


def handoff(talks: Talks) -> Handoff:
    """Of the newest case."""
    return handoff_of(talks.case())


def contact(talks: Talks) -> Contact:
    """Of the newest case."""
    row = talks.case().row
    return talks.change(lambda tx: talks.core.contacts.get(tx, row))


def member(talks: Talks, name: str) -> Member:
    """A member."""
    found = talks.change(lambda tx: talks.core.members.by_name(tx, name))
    assert found is not None
    return found


def able(talks: Talks) -> set[str]:
    """Who can open the newest case."""
    row = talks.case().row
    rows = talks.change(lambda tx: talks.core.cases.wraps.can_open(tx, row))
    return {one.name for one in talks.change(talks.core.members.all) if one.id in rows}


def third(talks: Talks) -> None:
    """A third lawyer, Dina."""
    talks.change(lambda tx: joins(tx, talks.core, "Dina", 203))


# --- until the person has been reached ---


def test_a_claim_without_contact_is_asked_about_lapses_and_is_told_to_coordinators(talks: Talks) -> None:
    """At two thirds of its time the claimer is asked; then the others are called, and the case can be taken again."""
    case = taken(talks)
    lease = handoff(talks).lease_until
    assert lease is not None
    asked = said(talks, member_texts.ACTING)
    before = talks.labels(BORIS).count(asked)
    talks.pass_by(seconds=(lease - talks.at).total_seconds() * 2 / 3 + 31)
    assert isinstance(talks.case(), Claimed)
    assert talks.labels(BORIS).count(asked) > before
    rung = talks.rung(AIGUL)
    talks.pass_by(seconds=(lease - talks.at).total_seconds() + 31)
    assert isinstance(talks.case(), Waiting)
    assert f"Case {case.code}: no first contact, the others are called. Lawyer: Boris" in talks.seen(CLARA)
    assert "время на первый контакт вышло" in talks.seen(BORIS)
    talks.pass_by(minutes=3)
    assert talks.rung(AIGUL) > rung


def test_acting_extends_a_claim_once(talks: Talks) -> None:
    """Two hours more, a second time not."""
    case = taken(talks)
    lease = handoff(talks).lease_until
    does(talks, BORIS, OfClaim(case.code, Claim.acting))
    longer = handoff(talks).lease_until
    assert lease is not None
    assert longer == lease + timedelta(hours=2)
    talks.at += timedelta(minutes=5)
    does(talks, BORIS, OfClaim(case.code, Claim.acting))
    assert handoff(talks).lease_until == longer


def test_acting_for_somebody_who_was_reached_is_a_sign_of_life_and_no_new_term(talks: Talks) -> None:
    """The case stays with its lawyer."""
    case = reached(talks)
    assert handoff(talks).lease_until is None
    does(talks, BORIS, OfClaim(case.code, Claim.acting))
    assert handoff(talks).lease_until is None
    talks.pass_by(hours=3)
    assert claim(talks.case()).by == member(talks, "Boris").id


def test_from_first_contact_on_only_claimer_and_deputy_can_open_the_case(talks: Talks) -> None:
    """Until then every lawyer could have taken it."""
    third(talks)
    taken(talks)
    assert able(talks) == {"Aigul", "Boris", "Dina"}
    written(talks)
    talks.press(PERSON, "Показать")
    assert "Boris" in able(talks)
    assert len(able(talks)) == 2


def test_a_reported_call_counts_only_of_who_has_opened_the_case(talks: Talks) -> None:
    """Whoever can say the check word has."""
    case = taken(talks)
    does(talks, BORIS, OfClaim(case.code, Claim.phoned))
    assert claim(talks.case()).contacted_at is None
    words: list[str] = []

    def entry(word: str, call: str) -> Entry:
        words.append(word)
        return Entry(kind="check", at="2026-11-24", value={"word": word, "call": call})  # type: ignore[arg-type]

    talks.change(lambda tx: talks.core.cases.claims.set_check_word(tx, talks.core.cases.get(tx, case.row), entry))
    talks.change(lambda tx: talks.core.cases.claims.check(tx, talks.core.cases.get(tx, case.row), words[-1]))
    does(talks, BORIS, OfClaim(case.code, Claim.phoned))
    assert claim(talks.case()).contacted_at is not None


def test_what_the_lawyer_before_has_written_is_no_contact_of_the_next(talks: Talks) -> None:
    """Their message is opened late: the claim of the one who has it now still needs a word of their own."""
    case = taken(talks)
    written(talks)
    does(talks, BORIS, OfClaim(case.code, Claim.give_back))
    talks.say(AIGUL, f"/take {case.code}")
    assert claim(talks.case()).by == member(talks, "Aigul").id
    talks.press(PERSON, "Показать")
    assert PHRASE in talks.seen(PERSON)
    assert claim(talks.case()).contacted_at is None


def test_a_message_that_answers_nobody_is_no_contact(talks: Talks) -> None:
    """Only after a message of this claim."""
    taken(talks)
    row = talks.case().row
    reaching, cases = talks.core.reaching, talks.core.cases
    talks.change(lambda tx: reaching.answered(tx, cases.get(tx, row)))
    assert claim(talks.case()).contacted_at is None
    written(talks)
    talks.change(lambda tx: reaching.answered(tx, cases.get(tx, row)))
    assert claim(talks.case()).contacted_at is not None


def test_a_case_that_becomes_critical_leaves_its_silent_claimer_no_more_time_than_that(talks: Talks) -> None:
    """A claimer of a calm case has long; who has one more urgent now has as long as a case of that level has."""
    case = taken(talks)
    critical = handoff(talks).lease_until
    assert critical is not None
    talks.change(lambda tx: talks.core.cases.handoffs.set_lease(tx, case, timedelta(hours=20)))
    rises(talks, case)
    assert handoff(talks).lease_until == critical
    talks.at += timedelta(minutes=5)
    rises(talks, case)
    assert handoff(talks).lease_until == critical  # it becomes no longer


# --- its end ---


def test_what_a_claim_was_ends_with_it(talks: Talks) -> None:
    """What is being written, what waits for the claimer, what they have opened: nothing of it is the next one's."""
    case = taken(talks)
    boris = member(talks, "Boris")
    talks.press(BORIS, said(talks, member_texts.WRITE))
    waits = talks.change(lambda tx: talks.core.relay.put(tx, case.row, boris.id, "от человека"))
    assert talks.change(lambda tx: talks.core.relay.drafts.of(tx, boris.id)) is not None
    does(talks, BORIS, OfClaim(case.code, Claim.give_back))
    assert isinstance(talks.case(), Waiting)
    assert talks.change(lambda tx: talks.core.relay.drafts.of(tx, boris.id)) is None
    assert talks.change(lambda tx: talks.core.relay.get(tx, waits)) is None


def test_who_gives_a_case_back_is_called_no_more_to_it(talks: Talks) -> None:
    """The others are."""
    case = taken(talks)
    rung = talks.rung(BORIS), talks.rung(AIGUL)
    does(talks, BORIS, OfClaim(case.code, Claim.give_back))
    talks.pass_by(minutes=12)
    assert talks.rung(BORIS) == rung[0]
    assert talks.rung(AIGUL) > rung[1]


def test_a_claim_that_falls_silent_after_contact_is_asked_about_after_two_days(talks: Talks) -> None:
    """A day later coordinators are shown it; before that nobody can give it to others."""
    case = reached(talks)
    row = case.row
    look = talks.core.looking.look
    assert not talks.change(lambda tx: talks.core.giving_back.freed(tx, talks.core.cases.get(tx, row)))
    talks.at += timedelta(hours=48, seconds=1)
    talks.change(lambda tx: look(tx, row))
    assert contact(talks).asked_at == talks.at.replace(microsecond=0)
    assert not talks.change(lambda tx: talks.core.giving_back.freed(tx, talks.core.cases.get(tx, row)))
    talks.at += timedelta(hours=24, seconds=1)
    talks.change(lambda tx: look(tx, row))
    assert contact(talks).raised_at is not None
    assert talks.change(lambda tx: talks.core.giving_back.freed(tx, talks.core.cases.get(tx, row)))
    assert isinstance(talks.case(), Waiting)


def _freed(talks: Talks, _case: Case) -> None:
    """One coordinator has the others called."""
    talks.press(CLARA, "Call the others")


def _acts(talks: Talks, case: Case) -> None:
    """The lawyer is there after all."""
    does(talks, BORIS, OfClaim(case.code, Claim.acting))


def _writes(talks: Talks, _case: Case) -> None:
    """The person is."""
    talks.say(PERSON, "я ещё здесь, что теперь?")


def _closes(talks: Talks, case: Case) -> None:
    """It is over."""
    does(talks, BORIS, CloseWith(case.code, "helped"))


@pytest.mark.parametrize("ends", [_freed, _acts, _writes, _closes])
def test_whoever_is_asked_about_a_silence_is_asked_no_more_once_it_is_over(
    talks: Talks, ends: Callable[[Talks, Case], None]
) -> None:
    """A button that calls nobody any more goes from every coordinator's chat, and the question from the lawyer's."""
    dina = 302
    talks.change(lambda tx: joins(tx, talks.core, "Dina", dina, role="coordinator", language="en"))
    case = reached(talks)
    for hours in (48, 24):
        talks.at += timedelta(hours=hours, seconds=1)
        talks.change(lambda tx: talks.core.looking.look(tx, case.row))
        talks.deliver()
    assert all("Call the others" in talks.labels(one) for one in (CLARA, dina))
    assert "двое суток нет вестей" in talks.seen(BORIS)
    ends(talks, case)
    talks.deliver()
    for one in (CLARA, dina):
        assert "nothing was heard for three days" not in talks.seen(one)
        assert "Call the others" not in talks.labels(one)
    assert "двое суток нет вестей" not in talks.seen(BORIS)


def test_a_case_is_closed_with_an_outcome_that_there_is(talks: Talks) -> None:
    """Any other word closes nothing."""
    case = taken(talks)
    boris = member(talks, "Boris")
    assert not talks.change(lambda tx: talks.core.closing.close(tx, case, boris, "gone"))
    assert isinstance(talks.case(), Claimed)
    does(talks, BORIS, CloseWith(case.code, "helped"))
    assert isinstance(talks.case(), Closed)


def test_after_a_false_alarm_the_account_rings_nobody_and_it_cost_the_lawyer_nothing(talks: Talks) -> None:
    """Coordinators see what it brings next."""
    case = taken(talks)
    boris = member(talks, "Boris")
    does(talks, BORIS, CloseWith(case.code, "false_alarm"))
    since = talks.at - timedelta(days=1)
    assert talks.change(lambda tx: kept_claims.taken_since(tx, boris.id, since)) == 0
    rung = talks.rung(AIGUL, BORIS)
    urgent(talks, PERSON)
    talks.pass_by(minutes=6)
    assert talks.rung(AIGUL, BORIS) == rung
    assert talks.case().code in talks.seen(CLARA)


# --- handing over ---


def test_a_wrap_that_does_not_open_goes_and_the_claimer_is_asked_again(talks: Talks) -> None:
    """Only one that opens makes the case another lawyer's; what the chat of the one before showed goes."""
    case = reached(talks)
    third(talks)
    dina = member(talks, "Dina")
    handing_over, cases = talks.core.handing_over, talks.core.cases
    assert talks.change(lambda tx: handing_over.offer(tx, cases.get(tx, case.row), dina.id))
    assert talks.change(lambda tx: handing_over.answer_offer(tx, cases.get(tx, case.row), dina, accept=True))
    for kid, opens in (("00", False), ("01", True)):
        assert talks.change(lambda tx, kid=kid: handing_over.wrap_came(tx, cases.get(tx, case.row), kid, b"sealed"))
        talks.deliver()
        assert "Dina" in able(talks)
        talks.change(lambda tx, opens=opens: handing_over.confirm_wrap(tx, cases.get(tx, case.row), dina, opens=opens))
        talks.deliver()
        assert ("Dina" in able(talks)) == opens
    assert claim(talks.case()).by == dina.id
    assert [one for one in talks.chats[BORIS].values() if one.document is not None] == []
    assert [one for one in talks.chats[203].values() if one.document is not None] != []


def test_once_a_case_was_handed_on_only_the_new_claimer_and_the_one_before_can_open_it(talks: Talks) -> None:
    """The deputy of before is none any more."""
    third(talks)
    case = reached(talks)
    (deputy,) = able(talks) - {"Boris"}
    other = member(talks, next(name for name in ("Aigul", "Dina") if name != deputy))
    cases = talks.core.cases
    talks.change(lambda tx: cases.wraps.add(tx, case.row, other.id, "0a", b"sealed"))
    talks.change(lambda tx: cases.claims.passed_to(tx, cases.get(tx, case.row), other, None))
    assert able(talks) == {"Boris", other.name}


# --- deadlines ---


def test_a_deadline_that_was_settled_does_not_come_back_with_the_next_answer(talks: Talks) -> None:
    """Whatever the answers say of it."""
    case = taken(talks)
    facts = handoff(talks).facts
    reminder = Reminder(talks.at + timedelta(days=1), ClockId("K7"), (talks.at + timedelta(days=3)).date())
    facts = msgspec.structs.replace(facts, reminders=(reminder,))
    calls, cases = talks.core.calls, talks.core.cases
    talks.change(lambda tx: calls.bring_up_to_date(tx, cases.get(tx, case.row), facts))
    assert handoff(talks).facts.reminders
    talks.change(lambda tx: talks.core.claims.settle_clock(tx, cases.get(tx, case.row), "K7"))
    assert handoff(talks).facts.reminders == ()
    more = msgspec.structs.replace(facts, contact="phone")
    talks.change(lambda tx: calls.bring_up_to_date(tx, cases.get(tx, case.row), more))
    assert handoff(talks).facts.reminders == ()


# --- duty ---


@pytest.mark.parametrize("kept", [True, False])
def test_coordinators_are_warned_once_that_soon_nobody_is_on_duty(talks: Talks, kept: bool) -> None:
    """Not every minute; and a warning that was not kept is not one."""
    core = talks.core
    boris = member(talks, "Boris")
    for name in ("Aigul", "Boris"):
        talks.say({"Aigul": AIGUL, "Boris": BORIS}[name], "/oncall off")
    talks.change(lambda tx: core.duty.duties.stay(tx, boris.id, talks.at + timedelta(hours=2)))
    checks = core.checks
    if not kept:
        with pytest.raises(ZeroDivisionError):
            talks.change(lambda tx: (checks.minute(tx), 1 / 0))
    for _ in range(3):
        talks.change(checks.minute)
        talks.deliver()
        talks.at += timedelta(minutes=1)
    assert talks.seen(CLARA).count("Soon nobody is on call") == 1


@pytest.mark.parametrize("command", ["/take", "/pass"])
def test_who_has_a_case_is_never_told_that_there_is_none(talks: Talks, command: str) -> None:
    """Typed again, as pressed again, because the answer was slow: it is theirs. Nobody else learns of it so."""
    case = taken(talks)
    for code in (case.code, case.code.replace("-", " ").lower()):
        talks.say(BORIS, f"{command} {code}")
        assert talks.text(BORIS) == said(talks, member_texts.YOU_TOOK) % {"code": case.code}
        talks.pass_by(seconds=20)
    assert isinstance(talks.case(), Claimed)
    talks.say(CLARA, f"{command} {case.code}")
    assert "There is no such case" in talks.text(CLARA)
