"""The practice case: really sealed, met by nobody but its lawyer, and done in a few presses without waiting."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.handoff.rota.duty import Cover
from bot.speech import phone
from bot.speech.outgoing import Card
from bot.speech.texts import both, coordinator, practice
from bot.speech.texts import member as texts
from storage import practice as kept
from storage import record
from storage.practice import Step
from storage.record import new_code
from storage.schema import metadata
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from tests.bot.in_process import pana
from tests.bot.test_members import member, run
from tests.talks.talks import Message, Talks, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, DINA, PERSON = 201, 202, 301, 203, 900
SECRET = age.generate_identity()
KEY = age.recipient_of(SECRET)
ALL_STEPS = (practice.STEP_TAKEN, practice.STEP_OPENED, practice.STEP_WROTE, practice.STEP_HANDED, practice.STEP_CLOSED)


def said(talks: Talks, text: str, language: str = "en", **values: object) -> str:
    """A text as the lawyer reads it."""
    return talks.pana.words.text(language, text, **values)


def presses(talks: Talks, *labels: str, language: str = "en") -> None:
    """Dina presses, one after another."""
    for label in labels:
        talks.press(DINA, said(talks, label, language))


def joined(talks: Talks, language: str = "en") -> None:
    """Dina was invited, has sent her key, and is on duty."""
    code = run(talks, "invite", "Dina", "--role", "lawyer", "--language", language).out.split()[0]
    talks.say(DINA, f"/start {code}")
    talks.say(DINA, KEY)
    assert run(talks, "approve", "Dina", "--fingerprint", fingerprint(KEY), "--on-call").code == 0


def file(talks: Talks) -> Message:
    """The sealed file in her chat."""
    (found,) = (one for one in talks.chats[DINA].values() if one.document)
    return found


def opened(talks: Talks, tmp_path: Path) -> Mapping[str, Any]:
    """`pana open`, on a device of hers."""
    (tmp_path / "me.txt").write_text(SECRET + "\n")
    found = file(talks)
    assert found.content is not None
    assert found.document is not None
    (tmp_path / found.document).write_bytes(found.content)
    done = pana(tmp_path, "open", found.document, "-i", "me.txt", "--format", "json")
    assert done.code == 0, done.err
    (case,) = json.loads(done.out)
    return dict(case)


def checked(talks: Talks, tmp_path: Path) -> None:
    """She has opened it, and types the check word."""
    talks.say(DINA, str(opened(talks, tmp_path)["check_word"]))


def steps(talks: Talks) -> dict[str, bool]:
    """What the newest card says is done."""
    lines = set([one for one in talks.chats[DINA].values() if one.rows][-1].text.splitlines())
    marks = {one: [f"{mark} {said(talks, one)}" in lines for mark in "✓–"] for one in ALL_STEPS}
    return {one: done for one, (done, missed) in marks.items() if done or missed}


def cover(talks: Talks) -> Cover:
    """What is not covered in the next hour."""
    duty = talks.core.duty
    return talks.change(lambda tx: duty.cover(tx, tx.now, tx.now + timedelta(hours=1), None))


def rows(talks: Talks) -> dict[str, list[Any]]:
    """Every table that knows cases, and how they are called."""
    names = ("case_file", "entry", "wrap", "handoff", "alert", "contact", "relay", "taken", "account")
    return talks.core.database.read(lambda tx: {one: tx.execute(select(metadata.tables[one])).all() for one in names})


# --- the whole of it ---


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_practice_case_is_taken_opened_answered_handed_over_and_closed_without_waiting(
    talks: Talks, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every card says that it is practice and fits the smallest phone, with the widest code; no time passes."""
    monkeypatch.setattr(kept, "new_code", lambda: "WWWW-WWWW")
    joined(talks, language)
    began, cards = talks.at, list[Card]()

    def on(*labels: str) -> None:
        for label in labels:
            presses(talks, label, language=language)
            newest = list(talks.chats[DINA].values())[-1]
            cards.extend(Card(one.text, one.rows) for one in talks.chats[DINA].values() if one.rows)
            assert newest.rows or newest.document

    on(practice.PRACTICE, texts.TAKE)
    case = opened(talks, tmp_path)
    assert (case["problems"], case["level"], case["case"][:5]) == ([], "critical", "PRCT-")
    assert {one["name"] for one in case["readers"]} == {"Dina", "recovery"}
    content = file(talks).content or b""
    assert content.count(b"/keys/") == 2 * 1  # a name stands twice in a zip: hers is the only key
    assert case["messages"][0]["text"] == said(talks, practice.PLAYED_STORY, language)
    on(texts.WRITE, texts.PHRASE_SIGN)
    answer = said(talks, practice.PLAYED_ANSWER, language)
    assert answer not in talks.seen(DINA)  # not before the check word
    talks.say(DINA, case["check_word"].lower())
    assert said(talks, practice.IS_OPENED, language) in talks.text(DINA)
    on(texts.WRITE, texts.PHRASE_PAPER)
    assert answer in talks.seen(DINA)
    on(texts.HAND_OVER, practice.COLLEAGUE, texts.GIVE_BACK, texts.TAKE)
    again = opened(talks, tmp_path)
    assert [one["from"] for one in again["messages"]] == ["seeker", "lawyer", "seeker", "lawyer", "seeker"]
    assert again["problems"] == []
    on(texts.CLOSE, texts.OUTCOME_HELPED)
    end = talks.text(DINA)
    assert [f"✓ {said(talks, one, language)}" in end for one in ALL_STEPS] == [True] * 5
    assert said(talks, practice.OVER_COUNTS, language) in end
    assert talks.at == began
    assert not any(one.document for one in talks.chats[DINA].values())
    of_case = [one for one in cards if "PRCT-" in one.text]
    head = said(talks, practice.HEAD, language, code=case["case"])
    assert of_case and all(one.text.startswith(head) for one in of_case)
    assert [one.text for one in cards if not phone.fits_well(one) or phone.cut(one)] == []


def test_at_the_end_it_is_said_what_was_missed(talks: Talks, tmp_path: Path) -> None:
    """Whoever closes it at once has not shown that they can open a case: it does not count, and begins anew."""
    joined(talks)
    presses(talks, practice.PRACTICE, texts.TAKE, texts.CLOSE, texts.OUTCOME_HELPED)
    assert list(steps(talks).values()) == [True, False, False, False, True]
    assert said(talks, practice.OVER_AGAIN) in talks.text(DINA)
    assert not member(talks, "Dina").practised
    presses(talks, practice.PRACTICE, texts.TAKE)
    checked(talks, tmp_path)
    assert list(steps(talks).values()) == [True, True, False, False, False]
    presses(talks, texts.CLOSE, texts.OUTCOME_HELPED)
    assert list(steps(talks).values()) == [True, True, False, False, True]
    assert member(talks, "Dina").practised


# --- nobody else meets it ---


def test_a_practice_case_is_met_by_nobody_else_and_counted_nowhere(talks: Talks, tmp_path: Path) -> None:
    """No phone but hers, no table of cases, no list, no figures; the coordinators hear that it was finished."""
    joined(talks)
    others = {chat: talks.seen(chat) for chat in (AIGUL, BORIS)}
    clara, rung, outside, before = talks.seen(CLARA), talks.rung(AIGUL, BORIS, CLARA), len(talks.outside), rows(talks)
    folder = talks.core.settings.server.key_file.parent
    listed, figures = (pana(folder, *command).out for command in (("case", "list"), ("stats", "--json")))
    presses(talks, practice.PRACTICE, texts.TAKE, texts.WRITE, texts.PHRASE_SIGN, texts.HAND_OVER, practice.COLLEAGUE)
    presses(talks, texts.GIVE_BACK)
    talks.pass_by(hours=3)  # nothing climbs, nothing lapses
    presses(talks, texts.TAKE)
    checked(talks, tmp_path)
    assert rows(talks) == before
    assert talks.cases() == []
    talks.say(DINA, "/cases")
    assert said(talks, texts.NO_CASES) in talks.text(DINA)
    assert (pana(folder, "case", "list").out, pana(folder, "stats", "--json").out) == (listed, figures)
    presses(talks, texts.CLOSE) if texts.CLOSE in talks.labels(DINA) else talks.say(DINA, "/practice")
    presses(talks, texts.CLOSE, texts.OUTCOME_HELPED)
    assert {chat: talks.seen(chat) for chat in (AIGUL, BORIS)} == others
    assert (talks.rung(AIGUL, BORIS, CLARA), len(talks.outside)) == (rung, outside)
    told = talks.seen(CLARA).removeprefix(clara)
    assert told.count("Dina has finished the practice case") == 1
    assert len(told.strip().splitlines()) == 1
    presses(talks, practice.PRACTICE, texts.TAKE)  # once more, for practice
    checked(talks, tmp_path)
    presses(talks, texts.CLOSE, texts.OUTCOME_HELPED)
    assert talks.seen(CLARA).count("Dina has finished the practice case") == 1


def test_a_true_case_goes_on_beside_it(talks: Talks, tmp_path: Path) -> None:
    """Its check word is no practice's, and a text for it is not taken for one."""
    joined(talks)
    presses(talks, practice.PRACTICE, texts.TAKE)
    word = str(opened(talks, tmp_path)["check_word"])
    urgent(talks, PERSON)
    assert talks.rung(DINA) == 2  # "you are in", and the alert: whoever has not practised is called all the same
    talks.say(DINA, f"/take {talks.case().code}")
    talks.press(DINA, said(talks, texts.WRITE))
    talks.say(DINA, "CCCCCC" if word != "CCCCCC" else "DDDDDD")
    assert said(talks, texts.CHECK_FIRST) in talks.text(DINA)
    talks.say(DINA, word)
    assert said(talks, practice.IS_OPENED) in talks.text(DINA)


def test_it_is_erased_after_a_day_and_when_its_lawyer_stops(talks: Talks, tmp_path: Path) -> None:
    """Its file leaves the chat too; old buttons say that none is open."""
    joined(talks)
    dina = member(talks, "Dina").id

    def is_there() -> bool:
        return talks.core.database.read(lambda tx: talks.core.practices.of(tx, dina)) is not None

    presses(talks, practice.PRACTICE, texts.TAKE)
    assert is_there()
    talks.pass_by(hours=25)
    talks.change(talks.core.checks.forget)
    assert not is_there()
    assert not any(one.document for one in talks.chats[DINA].values())
    presses(talks, texts.CLOSE)
    assert said(talks, practice.NOT_OPEN) in talks.text(DINA)
    for stops in (("set", "Dina", "--recipient", age.recipient_of(age.generate_identity())), ("suspend", "Dina")):
        talks.say(DINA, "/practice")
        assert is_there()
        key = ("--fingerprint", fingerprint(stops[3])) if len(stops) > 3 else ()
        assert run(talks, *stops, *key).code == 0
        assert not is_there()


def test_no_code_of_a_true_case_looks_like_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the dice fall."""
    letters = iter("PRCT2345" + "K7Q4F2MX")
    monkeypatch.setattr(record.secrets, "choice", lambda _: next(letters))
    assert new_code() == "K7Q4-F2MX"


def test_a_coordinator_has_no_practice_case(talks: Talks) -> None:
    """Neither by the command nor by a button."""
    talks.say(CLARA, "/practice")
    assert said(talks, texts.MEMBER_STRAY) in talks.text(CLARA)
    talks.say(CLARA, "/help")
    assert talks.labels(CLARA) == []
    talks.say(BORIS, "/help")
    assert said(talks, practice.PRACTICE, "ru") in talks.labels(BORIS)


# --- cover ---


def test_who_has_not_finished_it_is_called_and_is_no_cover(talks: Talks, tmp_path: Path) -> None:
    """`oncall check`, `doctor`, /oncall and the list of members say so; afterwards nobody does."""
    folder = talks.core.settings.server.key_file.parent
    joined(talks)
    for name in ("Aigul", "Boris"):
        assert run(talks, "set", name, "--off").code == 0
    assert [one.name for one in cover(talks).unpractised] == ["Dina"]
    assert cover(talks).gaps and not cover(talks).unreachable
    check = pana(folder, "oncall", "check", environment=talks.environment)
    assert check.code == 1
    assert "has not finished the practice case, so is called but is no cover: Dina" in check.out
    assert json.loads(pana(folder, "oncall", "check", "--json").out)["unpractised"] == ["Dina"]
    assert "Dina has not finished the practice case, so is no cover" in pana(folder, "doctor").out
    (line,) = (one for one in run(talks, "list").out.splitlines() if one.startswith("Dina"))
    assert "on call, has not finished the practice case" in line
    talks.say(CLARA, "/oncall")
    assert said(talks, coordinator.DUTY_UNPRACTISED, names="Dina") in talks.text(CLARA)
    urgent(talks, PERSON)
    assert talks.case().code in talks.seen(DINA)
    presses(talks, practice.PRACTICE, texts.TAKE)
    checked(talks, tmp_path)
    presses(talks, texts.CLOSE, texts.OUTCOME_HELPED)
    assert (cover(talks).unpractised, cover(talks).gaps) == ([], [])


@pytest.mark.parametrize("option", [(), ("--practice",)])
def test_who_is_added_in_person_counts_at_once_but_where_practice_is_asked_for(
    talks: Talks, option: tuple[str, ...]
) -> None:
    """A coordinator has seen them; those of before the practice case count as they did."""
    add = ("add", "Dina", "--role", "lawyer", "--telegram-id", str(DINA), "--recipient", KEY, "--on-call", *option)
    assert run(talks, *add).code == 0
    assert member(talks, "Dina").practised == (not option)
    assert all(member(talks, name).practised for name in ("Aigul", "Boris"))
    assert not replace(member(talks, "Dina"), practised_at=None).practised
    assert Step.opened in Step


def test_cancel_leaves_everything_as_it_was(talks: Talks) -> None:
    """A question of the practice case that is not answered."""
    joined(talks)
    presses(talks, practice.PRACTICE, texts.TAKE, texts.CLOSE, both.CANCEL)
    assert list(steps(talks).values()) == [True, False, False, False, False]
