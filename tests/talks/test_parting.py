"""*Delete everything* of a critical case that a lawyer has: the person is gone at once, the record a day later."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.speech import phone, presses
from bot.speech.presses import button_data
from bot.speech.texts import both, coordinator, seeker
from bot.speech.texts import member as texts
from bot.speech.words import Words
from flows.model import Level
from storage import records, seen_time
from storage.bundle import write_bundle
from storage.case import Case, Claimed, Closed, Erased, Parted, Waiting
from storage.schema import metadata
from tests.bot.in_process import pana
from tests.talks.talks import ON_BOTH, Talks, talks, urgent
from tests.talks.test_sent_files import JPEG, PHOTO
from tests.talks.walked_once import walked_once

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, PERSON, OTHER = 201, 202, 301, 900, 901
WORDS = "тайное слово"
A_DAY = timedelta(hours=24)


def said(talks: Talks, text: str, language: str = "ru", **named: object) -> str:
    """A text as it stands in the chats."""
    return talks.pana.words.text(language, text, **named)


@walked_once
def taken(talks: Talks, person: int = PERSON) -> Case:
    """Held by the police, with some words, and taken by Boris."""
    urgent(talks, person)
    talks.say(person, WORDS)
    talks.say(BORIS, f"/take {talks.case().code}")
    return talks.case()


def deletes(talks: Talks, label: str = seeker.DELETE_YES) -> None:
    """The person types /delete and presses one of its buttons."""
    talks.say(PERSON, "/delete")
    talks.press(PERSON, said(talks, label))


def button(talks: Talks, chat: int, label: str) -> tuple[str, int]:
    """The data of a button, and the message on which it stands."""
    return next((data, message) for text, data, message in talks.data(chat) if text == label)


def passes(talks: Talks, by: timedelta) -> None:
    """Time passes, and what destroys does its work."""
    talks.at += by
    for work in talks.pana.due.destroys:
        for row in talks.change(work.rows):
            talks.change(lambda tx, work=work, row=row: work.do(tx, row))
    talks.change(talks.pana.due.forget)
    talks.deliver()


def row(talks: Talks, case: Case) -> Case:
    """A case as it is now."""
    return talks.core.database.read(lambda tx: talks.core.cases.get(tx, case.row))


def rows_of(talks: Talks, table: str) -> int:
    """How many rows a table has."""
    query = select(func.count()).select_from(metadata.tables[table])
    return int(talks.core.database.read(lambda tx: tx.execute(query).scalar_one()))


def documents(talks: Talks, chat: int) -> list[str]:
    """The files that stand in a chat."""
    return [one.document for one in talks.chats[chat].values() if one.document is not None]


def entries(content: bytes | None) -> list[str]:
    """What a zip holds of a case."""
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return sorted(name.partition("/")[2] for name in opened.namelist())


# --- what is asked ---


def test_where_a_lawyer_has_an_urgent_case_the_confirmation_offers_both_ways_and_says_what_each_does(
    talks: Talks,
) -> None:
    """24 hours, the copy that was downloaded, the second button; in three languages, and on the smallest phone."""
    taken(talks)
    for language in ("ru", "kk", "en"):
        case = talks.case()
        talks.say(PERSON, "/language")
        talks.press(PERSON, {"ru": "Русский", "kk": "Қазақша", "en": "English"}[language])
        talks.say(PERSON, "/delete")
        asked = next(
            one for one in talks.chats[PERSON].values() if said(talks, seeker.DELETE_YES, language) in one.labels
        )
        assert asked.text == said(talks, seeker.DELETE_CONFIRM_LAWYER, language)
        assert "24" in asked.text and said(talks, seeker.DELETE_LAWYER_TOO, language) in asked.text
        assert asked.labels[:2] == [said(talks, one, language) for one in (seeker.DELETE_YES, seeker.DELETE_LAWYER_TOO)]
        card = talks.pana.seeker.talk.screen.cards.confirm_delete(PERSON, language, lawyer=True)
        assert phone.height(card) <= phone.SMALLEST.chat
        assert row(talks, case) == talks.case()


@pytest.mark.parametrize("which", ["nobody has it", "a stranger", "not critical"])
def test_where_no_lawyer_has_an_urgent_case_there_is_one_way_and_all_of_it_goes_at_once(
    talks: Talks, which: str
) -> None:
    """As before: one button, and the case is erased in the same change."""
    if which != "a stranger":
        urgent(talks, PERSON)
    if which == "not critical":
        talks.say(BORIS, f"/take {talks.case().code}")
        case = talks.case()
        columns = metadata.tables["case_file"]
        lower = columns.update().where(columns.c.id == case.row).values(level="high")
        talks.change(lambda tx: tx.execute(lower).rowcount)
    talks.say(PERSON, "/delete")
    assert talks.text(PERSON) == said(talks, seeker.DELETE_CONFIRM)
    assert said(talks, seeker.DELETE_LAWYER_TOO) not in talks.labels(PERSON)
    talks.press(PERSON, said(talks, seeker.DELETE_YES))
    assert talks.text(PERSON) == said(talks, seeker.DELETE_DONE)
    assert [type(one) for one in talks.cases()] == ([] if which == "a stranger" else [Erased])


# --- the day ---


@ON_BOTH
def test_the_person_is_gone_at_once_and_the_lawyer_can_open_the_case_for_a_day(talks: Talks) -> None:
    """No link, no message, no alert's facts; one message that rings says until when; a day later it is erased."""
    case = taken(talks)
    before, look_up = talks.rung(AIGUL), case.chat_look_up
    rung = talks.rung(BORIS)
    deletes(talks)
    assert talks.seen(PERSON) == said(talks, seeker.DELETE_DONE)
    parted = row(talks, case)
    assert isinstance(parted, Parted)
    assert (parted.chat_look_up, parted.chat_id, parted.card_message) == (None, None, None)
    assert parted.erase_at == talks.at + A_DAY
    assert look_up is not None
    nothing = ("handoff", "intake", "relay", "writing", "contact", "offer", "undoing", "shown")
    assert {table: rows_of(talks, table) for table in nothing} == dict.fromkeys(nothing, 0)
    assert (talks.rung(BORIS), talks.rung(AIGUL)) == (rung + 1, before)
    told = [one for one in talks.chats[BORIS].values() if one.rang][-1]
    assert told.text == said(talks, texts.PARTED, code=case.code, time="25.11, 11:00")
    assert told.labels == [said(talks, texts.PARTED_CLOSE)]
    assert said(talks, texts.WRITE) not in talks.labels(BORIS)
    passes(talks, A_DAY - timedelta(minutes=1))
    assert isinstance(row(talks, case), Parted)
    passes(talks, timedelta(minutes=1))
    assert isinstance(row(talks, case), Erased)
    assert said(talks, texts.ALERT_ERASED, code=case.code) in talks.seen(BORIS)
    assert documents(talks, BORIS) == []
    assert (rows_of(talks, "entry"), rows_of(talks, "wrap")) == (0, 0)
    passes(talks, timedelta(hours=26))
    assert talks.cases() == []


def test_the_lawyer_gets_the_whole_case_again_and_everything_else_of_the_claim_is_over(talks: Talks) -> None:
    """The zip comes afresh, with /cases too; buttons of before write nothing, and say what is true now."""
    case = taken(talks)
    talks.press(BORIS, said(talks, texts.WRITE))
    buttons = [data for _, data, _ in talks.data(BORIS)]
    deletes(talks)
    assert documents(talks, BORIS) == [f"{case.code}.zip"]
    (zipped,) = [one.content for one in talks.chats[BORIS].values() if one.document is not None]
    inside = entries(zipped)
    assert {"0001.age", "manifest.json", "manifest.sig"} <= set(inside)
    kids = [one for one in inside if one.startswith("keys/")]
    assert len(kids) == 1
    talks.say(BORIS, "/cases")
    assert len(documents(talks, BORIS)) == 2
    assert talks.seen(BORIS).count(said(talks, texts.PARTED, code=case.code, time="25.11, 11:00")) == 1
    for data in buttons:
        talks.push(BORIS, data, 1)
        assert talks.chats[PERSON] != {} and talks.seen(PERSON) == said(talks, seeker.DELETE_DONE)
    said_now = said(talks, texts.PARTED, code=case.code, time="25.11, 11:00")
    assert said_now in talks.text(BORIS)
    talks.say(BORIS, "Слова")
    assert isinstance(row(talks, case), Parted)
    talks.pass_by(hours=5)
    assert talks.text(PERSON) == said(talks, seeker.DELETE_DONE)


def test_also_from_the_lawyer_is_at_once(talks: Talks) -> None:
    """The same as where nobody has the case; the lawyer reads that their copy should go."""
    case = taken(talks)
    deletes(talks, seeker.DELETE_LAWYER_TOO)
    assert talks.seen(PERSON) == said(talks, seeker.DELETE_DONE)
    assert isinstance(row(talks, case), Erased)
    assert said(talks, texts.ALERT_ERASED, code=case.code) in talks.seen(BORIS)
    assert documents(talks, BORIS) == []


@pytest.mark.parametrize("label", [seeker.DELETE_YES, seeker.DELETE_LAWYER_TOO], ids=["all", "from the lawyer too"])
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
def test_no_way_of_deleting_what_a_lawyer_has_is_quieter_than_another(
    talks: Talks, label: str, level: Level, hidden: bool
) -> None:
    """Whoever makes somebody do it would choose that one. One message rings, in a place where the card stood."""
    case = taken(talks)
    talks.at += timedelta(minutes=5)
    if hidden:
        talks.press(PERSON, said(talks, seeker.HIDE_CHAT))
    talks.say(PERSON, "/delete")
    data = button_data(talks.core.ring, PERSON, presses.DeleteAll(lawyer_too=label == seeker.DELETE_LAWYER_TOO))
    columns = metadata.tables["case_file"]
    of_level = columns.update().where(columns.c.id == case.row).values(level=level)
    talks.change(lambda tx: tx.execute(of_level).rowcount)
    rung, others, lines = talks.rung(BORIS), talks.rung(AIGUL), len(talks.chats[CLARA])
    talks.push(PERSON, data, talks.newest)
    assert isinstance(row(talks, case), Parted | Erased)
    assert (talks.rung(BORIS), talks.rung(AIGUL)) == (rung + 1, others)
    told = [one for one in talks.chats[BORIS].values() if case.code in one.text and one.document is None]
    assert [one.rang for one in told] == [True]
    assert "под давлением" in told[0].text
    (line,) = list(talks.chats[CLARA].values())[lines:]
    assert case.code in line.text and "Boris" in line.text and "elete everything" in line.text
    talks.say(AIGUL, f"/take {case.code}")
    assert said(talks, texts.TAKE, "kk") not in talks.labels(AIGUL)
    passes(talks, A_DAY)
    assert isinstance(row(talks, case), Erased)
    assert talks.rung(BORIS) == rung + 1
    assert said(talks, texts.ALERT_ERASED, code=case.code) in talks.seen(BORIS)


def test_what_was_deleted_before_the_lawyer_was_told_is_told_once(talks: Talks) -> None:
    """By a coordinator meanwhile: that was its end. At the end of the day: still with a sound."""
    for person, by_coordinator in ((PERSON, True), (OTHER, False)):
        case, parting = taken(talks, person), talks.pana.intake_ends.parting
        rung = talks.rung(BORIS)
        talks.change(lambda tx, case=case, parting=parting: parting.wished(tx, case, lawyer_too=False))
        if by_coordinator:
            talks.change(lambda tx, case=case: talks.core.calls.erased(tx, talks.core.cases.get(tx, case.row)))
        else:
            talks.at += A_DAY
            talks.change(lambda tx, case=case, parting=parting: parting.over(tx, case.row))
        talks.deliver()
        assert talks.rung(BORIS) == rung + (not by_coordinator)
        ended = texts.ALERT_ERASED_HERE if by_coordinator else texts.ALERT_ERASED
        assert said(talks, ended, code=case.code) in talks.seen(BORIS)


def test_no_member_reads_that_the_person_wanted_what_somebody_did_in_their_chat() -> None:
    """Who holds the phone is not known: it is said what was pressed."""
    claims = re.compile(
        r"person('s wish|'s own wish| has (deleted|pressed|withdrawn|erased|cancelled))|at the (wish|request) of"
        r"|(по (просьбе|желанию|воле)|человек (удалил|отменил|попросил))"
        r"|(иесінің|адамның) (қалауы|өтініші)|адам (шақыруды|бәрін)",
    )
    words = Words.load()
    found = {
        text: said
        for module in (texts, coordinator)
        for text in vars(module).values()
        if isinstance(text, str) and " " in text
        for language in ("ru", "kk", "en")
        if claims.search(said := words.text(language, text))
    }
    assert found == {}


def test_the_account_is_as_the_first_time_and_a_new_case_is_a_new_case(talks: Talks) -> None:
    """/delete again reaches nothing, the old code leads nowhere, and lawyers are called to the new one."""
    case = taken(talks)
    deletes(talks)
    talks.say(PERSON, case.code)
    assert said(talks, seeker.CHOOSE_LANGUAGE) in talks.text(PERSON)
    deletes(talks)
    assert talks.seen(PERSON).endswith(said(talks, seeker.DELETE_DONE))
    assert isinstance(row(talks, case), Parted)
    talks.say(PERSON, "/start")
    assert said(talks, seeker.CHOOSE_LANGUAGE) in talks.text(PERSON)
    talks.at += timedelta(minutes=11)
    rung = talks.rung(AIGUL)
    urgent(talks, PERSON)
    assert isinstance(talks.case(), Waiting) and talks.case().code != case.code
    assert talks.rung(AIGUL) == rung + 1
    deletes(talks)
    assert [type(one) for one in talks.cases()] == [Parted, Erased]


def test_pressed_twice_and_heard_twice_it_is_one_parting(talks: Talks) -> None:
    """The second press finds nothing, and the lawyer is told once."""
    case = taken(talks)
    talks.say(PERSON, "/delete")
    data = next(
        (data, message) for label, data, message in talks.data(PERSON) if label == said(talks, seeker.DELETE_YES)
    )
    rung = talks.rung(BORIS)
    talks.push(PERSON, *data)
    until = row(talks, case)
    talks.at += timedelta(minutes=5)
    talks.push(PERSON, *data)
    assert row(talks, case) == until
    assert talks.rung(BORIS) == rung + 1


def test_what_was_asked_before_the_case_was_taken_holds_for_what_it_is_now(talks: Talks) -> None:
    """The text said so: at the moment of the press a lawyer has an urgent case."""
    urgent(talks, PERSON)
    talks.say(PERSON, "/delete")
    asked = talks.text(PERSON)
    data = next(
        (data, message) for label, data, message in talks.data(PERSON) if label == said(talks, seeker.DELETE_YES)
    )
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.push(PERSON, *data)
    assert "24" in asked
    assert isinstance(talks.case(), Parted)


def test_of_a_hidden_case_nothing_is_shown_and_it_parts_as_any(talks: Talks) -> None:
    """Who types /delete in a chat that looks new reads what everybody reads there."""
    case = taken(talks)
    talks.press(PERSON, said(talks, seeker.HIDE_CHAT))
    deletes(talks)
    talks.say(OTHER, "/delete")
    hidden = talks.text(PERSON)
    talks.press(OTHER, said(talks, seeker.DELETE_YES))
    assert talks.text(OTHER) == hidden == said(talks, seeker.DELETE_DONE)
    assert isinstance(row(talks, case), Parted)


def test_it_is_erased_in_time_by_a_process_that_was_not_there(talks: Talks, tmp_path: Path) -> None:
    """What is to come stands in the database: the bot was down for the whole day."""
    case = taken(talks)
    deletes(talks)
    again = Talks.of(tmp_path / "pana", talks.environment)
    again.at, again.chats = talks.at, talks.chats
    passes(again, A_DAY + timedelta(hours=3))
    assert isinstance(row(again, case), Erased)
    assert said(again, texts.ALERT_ERASED, code=case.code) in again.seen(BORIS)
    again.core.database.close()


def test_a_clock_that_was_set_back_keeps_it_no_longer_than_a_day(talks: Talks) -> None:
    """From then on, as what was closed."""
    case = taken(talks)
    talks.at += timedelta(days=30)
    deletes(talks)
    talks.at -= timedelta(days=30)
    talks.change(lambda tx: seen_time.set_back(tx, timedelta(days=30)))
    passes(talks, A_DAY)
    assert isinstance(row(talks, case), Erased)


# --- what else may happen in that day ---


def test_the_lawyer_ends_it_with_two_presses(talks: Talks) -> None:
    """Asked once, with the way back first; then it is erased as the person wished."""
    case = taken(talks)
    deletes(talks)
    talks.press(BORIS, said(talks, texts.PARTED_CLOSE))
    assert said(talks, texts.PARTED_CONFIRM, code=case.code) in talks.text(BORIS)
    talks.press(BORIS, said(talks, both.CANCEL))
    assert isinstance(row(talks, case), Parted)
    talks.press(BORIS, said(talks, texts.PARTED_CLOSE))
    talks.press(BORIS, said(talks, texts.PARTED_YES))
    assert isinstance(row(talks, case), Erased)
    assert said(talks, texts.ALERT_ERASED, code=case.code) in talks.seen(BORIS)


def test_a_confirmation_of_closing_from_before_closes_nothing(talks: Talks) -> None:
    """What it said is true no more: the record would have stayed for weeks."""
    case = taken(talks)
    data = button_data(talks.core.ring, BORIS, presses.CloseWith(case.code, "helped"))
    false = button_data(talks.core.ring, BORIS, presses.CloseWith(case.code, "false_alarm"))
    deletes(talks)
    for one in (data, false):
        talks.push(BORIS, one, 1)
        assert isinstance(row(talks, case), Parted)
        assert said(talks, texts.PARTED, code=case.code, time="25.11, 11:00") in talks.text(BORIS)


def test_nobody_else_can_take_or_get_it_and_others_read_that_it_is_taken(talks: Talks) -> None:
    """Not by a code, not by a button of before; another lawyer's presses answer as for no case."""
    case = taken(talks)
    take = button_data(talks.core.ring, AIGUL, presses.Take(case.code))
    deletes(talks)
    talks.push(AIGUL, take, 1)
    talks.say(AIGUL, f"/take {case.code}")
    assert talks.text(AIGUL) == said(talks, texts.NO_CASE, "kk")
    talks.say(AIGUL, "/cases")
    assert documents(talks, AIGUL) == []
    assert said(talks, texts.PARTED, "kk", code=case.code, time="25.11, 11:00") not in talks.seen(AIGUL)
    passes(talks, A_DAY)
    assert said(talks, texts.ALERT_ERASED, "kk", code=case.code) in talks.seen(AIGUL)


def test_an_offer_to_a_colleague_is_over(talks: Talks) -> None:
    """Made before: accepting it answers that, and nothing else."""
    case = taken(talks)
    talks.press(BORIS, said(talks, texts.HAND_OVER))
    talks.press(BORIS, "Aigul")
    data = next(
        (data, message) for label, data, message in talks.data(AIGUL) if label == said(talks, texts.ACCEPT, "kk")
    )
    deletes(talks)
    talks.push(AIGUL, *data)
    assert talks.toast == said(talks, texts.SWAP_OVER, "kk")
    parted = row(talks, case)
    assert isinstance(parted, Parted) and parted.by == 2


def test_a_lawyer_who_takes_part_no_more_gets_nothing_and_leaves_without_being_asked(talks: Talks) -> None:
    """Suspended, disabled: the case waits for nobody, and is erased in its time."""
    case = taken(talks)
    deletes(talks)
    boris = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, "Boris"))
    assert boris is not None
    talks.change(lambda tx: talks.core.cases.wraps.drop(tx, case.row, 1))
    rung = talks.rung(AIGUL)
    talks.change(lambda tx: talks.core.membership_changes.suspend(tx, boris, force=False))
    talks.deliver()
    talks.say(BORIS, "/cases")
    assert documents(talks, BORIS) == []
    boris = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, "Boris"))
    assert boris is not None
    talks.change(lambda tx: talks.core.membership_changes.disable(tx, boris, force=False))
    talks.deliver()
    assert talks.rung(AIGUL) == rung
    passes(talks, A_DAY)
    assert isinstance(row(talks, case), Erased)


def test_coordinators_hear_of_it_and_see_until_when(talks: Talks) -> None:
    """A line that makes no sound, and /queue, also beside what waits."""
    case = taken(talks)
    rung = talks.rung(CLARA)
    deletes(talks)
    assert said(talks, coordinator.LINE_PARTED, "en", code=case.code, name="Boris", time="11:00") in talks.seen(CLARA)
    assert talks.rung(CLARA) == rung
    line = said(talks, coordinator.QUEUE_PARTED, "en", code=case.code, name="Boris", time="25.11, 11:00")
    talks.say(CLARA, "/queue")
    assert talks.text(CLARA) == f"{said(talks, coordinator.QUEUE_EMPTY, 'en')}\n\n{line}"
    urgent(talks, OTHER)
    talks.say(CLARA, "/queue")
    assert line in talks.text(CLARA) and talks.case().code in talks.text(CLARA)
    passes(talks, A_DAY)
    talks.say(CLARA, "/queue")
    assert case.code not in talks.text(CLARA)


def test_it_is_exported_as_any_case_and_a_coordinator_erases_it_at_once(talks: Talks) -> None:
    """With every wrap that it had; `pana case list` says until when."""
    case = taken(talks)
    wraps = rows_of(talks, "wrap")
    deletes(talks)
    (listed,) = talks.core.database.read(lambda tx: list(records.listed(tx, talks.core.ring)))
    assert (listed.status, listed.claimed_by, listed.erase_at) == ("claimed", 2, talks.at + A_DAY)

    def export(tx: object) -> bytes:
        file, ring = io.BytesIO(), talks.core.ring
        write_bundle(file, [records.bundle(tx, listed)], ring.sign, ring.verify_key, talks.at.date())  # type: ignore[arg-type]
        return file.getvalue()

    inside = entries(talks.core.database.read(export))
    assert sum(one.startswith("keys/") for one in inside) == wraps
    talks.change(lambda tx: talks.core.calls.erased(tx, talks.core.cases.get(tx, case.row)))
    talks.deliver()
    assert isinstance(row(talks, case), Erased)
    assert said(talks, texts.ALERT_ERASED_HERE, code=case.code) in talks.seen(BORIS)


def test_on_the_terminal_it_says_until_when_is_exported_and_erased_at_once(talks: Talks, tmp_path: Path) -> None:
    """`pana case list`, `export`, `erase`, beside the bot."""
    folder, case = tmp_path / "pana", taken(talks)
    assert "erased at" not in pana(folder, "case", "list").out
    deletes(talks)
    ends = "Boris\tdeleted in its person's chat, erased at 2026-11-25T06:00Z\n"
    assert pana(folder, "case", "list").out.endswith(ends)
    (listed,) = json.loads(pana(folder, "case", "list", "--json").out)
    assert (listed["status"], listed["erase_at"]) == ("claimed", "2026-11-25T06:00Z")
    pana(folder, "export", "all.zip", "--status", "claimed")
    opened = pana(folder, "open", "all.zip", "-i", "recovery1.txt", "--format", "json")
    assert opened.code == 0 and WORDS in json.dumps(json.loads(opened.out), ensure_ascii=False)
    assert pana(folder, "erase", case.code, "--yes").code == 0
    assert isinstance(row(talks, case), Erased)
    talks.at = datetime.now(UTC)
    talks.deliver()
    assert said(talks, texts.ALERT_ERASED_HERE, code=case.code) in talks.seen(BORIS)


def test_what_was_on_its_way_is_not_fetched_and_what_was_sealed_stays_for_the_day(talks: Talks) -> None:
    """A photo that is in the case, and one that is not."""
    case = taken(talks)
    talks.file(PERSON, PHOTO, JPEG)
    talks.telegram.away = True
    talks.file(PERSON, PHOTO, JPEG)
    deletes(talks)
    assert talks.here[PERSON] == set()
    fetched = list(talks.telegram.fetched)
    talks.telegram.away = False
    talks.pass_by(minutes=5)
    assert talks.telegram.fetched == fetched
    assert rows_of(talks, "sent_file") == 1
    (zipped,) = [one.content for one in talks.chats[BORIS].values() if one.document is not None]
    assert sum(one.endswith(".bin.age") for one in entries(zipped)) == 1
    passes(talks, A_DAY)
    assert rows_of(talks, "sent_file") == 0
    assert isinstance(row(talks, case), Erased)


def test_a_false_alarm_that_was_undone_and_then_deleted_is_given_back_to_nobody(talks: Talks) -> None:
    """The button of before says what is true now."""
    case = taken(talks)
    talks.press(BORIS, said(talks, texts.CLOSE))
    talks.press(BORIS, said(talks, texts.OUTCOME_FALSE_ALARM))
    talks.press(BORIS, said(talks, texts.CLOSE_YES))
    assert isinstance(row(talks, case), Closed)
    undo = button_data(talks.core.ring, BORIS, presses.Undo(case.code))
    talks.push(BORIS, undo, 1)
    assert isinstance(row(talks, case), Claimed)
    deletes(talks)
    talks.push(BORIS, undo, 1)
    assert said(talks, texts.UNDONE, code=case.code) not in talks.text(BORIS)
    assert isinstance(row(talks, case), Parted)
