"""Photos, papers and voices: where they belong, what the card says of them, and what becomes of what cannot be had."""

import contextlib
import hashlib
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select, text

from bot.delivery.fetching import MOST_REFUSALS
from bot.errors import Refused, TryAgain
from bot.handoff.closing import OUTCOMES
from bot.seeker.summary_card import answer_text
from bot.speech import phone
from bot.speech.incoming import LARGEST_FILE, Corrected, FileKind, SentFile, What
from bot.speech.outgoing import Card
from bot.speech.texts import seeker as texts
from bot.speech.words import Words
from bot.telegram.files import TooLarge
from flows.model import Level
from storage import sent_files
from storage.bundle import write_bundle
from storage.case import Closed, Open
from storage.errors import NotKept
from storage.schema import case_file, file_part, sent_file
from storage.sealing.identity_file import read_identity_file
from storage.tx import Tx
from tests.sent import InCase, in_cases
from tests.talks.talks import ON_BOTH, Talks, talks, urgent
from tests.talks.test_own_words import asked, intake, opened, ru, until
from tests.talks.walked_once import walked_once
from tests.whole import WHOLE

__all__ = ["talks"]  # a fixture
BORIS, PERSON = 202, 900
PHOTO, PAPER, VOICE, ROUND = FileKind.photo, FileKind.paper, FileKind.voice, FileKind.round
JPEG, PDF, OGG = b"\xff\xd8\xff\xe0 a photo", b"%PDF-1.7 a paper", b"OggS a voice"


def kept(talks: Talks, tmp_path: Path, row: int | None = None) -> list[InCase]:
    """The files of a case as the recovery key opens them, the newest case where none is named."""
    core, row = talks.core, row or talks.case().row

    def zipped(tx: Any) -> bytes:
        out = BytesIO()
        bundle = core.cases.chain.bundle(tx, core.cases.get(tx, row))
        write_bundle(out, [bundle], core.ring.sign, core.ring.verify_key, talks.at.date())
        return out.getvalue()

    file = (tmp_path / "pana" / "recovery1.txt").read_bytes()
    (identity,) = read_identity_file(file, lambda: "").identities
    (files,) = in_cases(core.database.read(zipped), identity).values()
    return files


def rows(talks: Talks, table: Any = sent_file) -> list[Any]:
    """What is kept of files."""
    return list(talks.core.database.read(lambda tx: tx.execute(select(table)).all()))


def says(talks: Talks, what: str | tuple[str, str], num: int = 0) -> bool:
    """The card says so; a number where the text has one."""
    said = talks.pana.words.plural("ru", what, num) if isinstance(what, tuple) else ru(talks, what)
    return said in talks.text(PERSON)


@walked_once
def sent(talks: Talks) -> None:
    """A request of somebody who is held, which was sent."""
    urgent(talks, PERSON)
    until(talks, "more_held")
    for said in ("1", "отправить"):
        talks.say(PERSON, said)
    assert intake(talks) is None


@walked_once
def free(talks: Talks, question: str) -> None:
    """The questions of somebody at liberty, of whom nothing is sealed, up to this one."""
    for said in ("/start", "русский", "продолжить", "1", "7", "2", "6", "5", "3"):  # how to be reached: by phone
        talks.say(PERSON, said)
    until(talks, question)
    assert talks.cases() == []


# --- where it belongs ---


@ON_BOTH
@pytest.mark.parametrize(("file", "content"), [(VOICE, OGG), (PHOTO, JPEG), (PAPER, PDF), (ROUND, b"....ftypisom")])
def test_where_words_are_asked_for_a_file_is_the_answer(
    talks: Talks, tmp_path: Path, file: FileKind, content: bytes
) -> None:
    """It opens a case as a text does, the next question is asked, and the summary counts it without a word of it."""
    free(talks, "q06")
    number = talks.file(PERSON, file, content)
    assert asked(talks) != "q06" and says(talks, texts.FILES_SAVED, 1)
    assert number not in talks.here[PERSON]
    (found,) = kept(talks, tmp_path)
    assert (found.content, found.question, found.value["kind"]) == (content, "q06", file.value)
    assert found.value["sha256"] == hashlib.sha256(content).hexdigest()
    talks.press(PERSON, ru(talks, texts.BACK))
    assert asked(talks) == "q06"


def test_the_summary_counts_what_was_said_in_files(talks: Talks) -> None:
    """Never what they are."""
    urgent(talks, PERSON)
    until(talks, "q08")
    for _ in range(2):
        talks.file(PERSON, VOICE, OGG, album="7")
    given = intake(talks).state.answers["q08"]
    question = next(one for one in talks.pana.questionnaires.current.questions if one.id == "q08")
    reader = talks.pana.front.screen.cards.speech.to(PERSON, "ru")
    assert answer_text(question, given, reader) == talks.pana.words.plural("ru", texts.FILED_MARK, 2)
    both = structs.replace(given, parts=1)
    assert answer_text(question, both, reader) == "сохранено, 1 сообщение, сохранено, 2 файла"


def test_a_photo_of_a_paper_stands_for_its_name_until_that_is_told(talks: Talks, tmp_path: Path) -> None:
    """The question stays and is answered with "I will send a photo": the level is that of a paper nobody knows."""
    free(talks, "q10")
    talks.file(PERSON, PHOTO, JPEG)
    assert asked(talks) == "q10" and intake(talks).state.ticked == ("photo",)
    assert says(talks, texts.FILES_SAVED, 1)
    (found,) = kept(talks, tmp_path)
    assert (found.question, found.content) == ("q10", JPEG)
    talks.press(PERSON, ru(talks, texts.DONE))
    assert intake(talks).state.level is Level.high
    assert "H17" in {one.rule for one in intake(talks).state.reasons}


@pytest.mark.parametrize("question", ["q11_exp_ruling", "q12"])
def test_a_photo_where_a_paper_is_asked_about_belongs_there(talks: Talks, tmp_path: Path, question: str) -> None:
    """A date is still asked for."""
    urgent(talks, PERSON)
    until(talks, "q10")
    talks.say(PERSON, "постановление о выдворении")
    until(talks, question)
    talks.file(PERSON, PHOTO, JPEG)
    assert asked(talks) == question
    assert [one.question for one in kept(talks, tmp_path)] == [question]


def test_elsewhere_it_is_a_message_and_the_question_stays(talks: Talks, tmp_path: Path) -> None:
    """Once there is a case."""
    urgent(talks, PERSON)
    talks.file(PERSON, VOICE, OGG)
    assert asked(talks) == "q01" and says(talks, texts.FILES_SAVED, 1)
    assert [(one.question, one.content) for one in kept(talks, tmp_path)] == [(None, OGG)]


def test_before_there_is_a_case_it_is_not_kept_where_it_answers_nothing(talks: Talks) -> None:
    """And the card says so."""
    for said in ("/start", "русский", "продолжить"):
        talks.say(PERSON, said)
    number = talks.file(PERSON, PHOTO, JPEG)
    assert says(talks, texts.NOT_YET) and asked(talks) == "q01"
    assert (talks.cases(), rows(talks), talks.telegram.fetched) == ([], [], [])
    assert number not in talks.here[PERSON]
    talks.say(PERSON, "1")
    assert not says(talks, texts.NOT_YET)


def test_a_file_from_before_the_question_is_no_answer_to_it(talks: Talks, tmp_path: Path) -> None:
    """As a text."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.at -= timedelta(minutes=2)
    talks.file(PERSON, VOICE, OGG)
    assert asked(talks) == "q08"
    assert [one.question for one in kept(talks, tmp_path)] == [None]


def test_after_the_answers_were_sent_it_goes_to_the_lawyer(talks: Talks, tmp_path: Path) -> None:
    """The card says it, and the lawyer hears that something was added."""
    sent(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    before = talks.rung(BORIS)
    talks.file(PERSON, PHOTO, JPEG, "вот оно")
    assert says(talks, texts.FILES_SAVED, 1)
    assert talks.rung(BORIS) > before
    assert [one.content for one in kept(talks, tmp_path)] == [JPEG]


@pytest.mark.parametrize("option", ["photo", "unclear", "unknown"])
def test_a_photo_in_prospect_counts_as_a_paper_that_nobody_knows(talks: Talks, option: str) -> None:
    """The same level, the same question about a departure."""
    free(talks, "q10")
    number = next(at for at, one in enumerate(_options(talks, "q10"), start=1) if one == option)
    talks.say(PERSON, str(number))
    assert intake(talks).state.level is Level.high
    if option != "unknown":
        assert asked(talks) == "q44"


def _options(talks: Talks, question: str) -> list[str]:
    flow = talks.pana.questionnaires.current
    return [one.id for each in flow.questions if each.id == question for one in each.options]


@pytest.mark.parametrize("said", ["пришлю фото", "сейчас фотку скину", "суретін жіберем", "I will send a photo"])
def test_that_a_photo_will_come_can_be_typed(talks: Talks, said: str) -> None:
    """In the usual words."""
    free(talks, "q10")
    talks.say(PERSON, said)
    assert intake(talks).state.answers["q10"].options == ("photo",)


# --- what is not taken ---

LARGE = SentFile(kind=PHOTO, file_id="large", size=LARGEST_FILE + 1)
ZIP = SentFile(kind=FileKind.document, file_id="zip", size=7)


@pytest.mark.parametrize(
    ("what", "file", "notice"),
    [
        (What.video, None, texts.NO_VIDEO),
        (What.file, ZIP, texts.NO_FILES),
        (What.other, None, texts.ONLY_TEXT),
        (What.paper, LARGE, texts.TOO_LARGE),
    ],
)
@pytest.mark.parametrize("when", ["asking", "sent"])
def test_what_is_not_taken_goes_at_once_and_the_card_says_what_is(
    talks: Talks, tmp_path: Path, what: What, file: SentFile | None, notice: str, when: str
) -> None:
    """In one sentence; its caption is kept."""
    urgent(talks, PERSON) if when == "asking" else sent(talks)
    number = talks.send(PERSON, what, file=file)
    assert says(talks, notice) and number not in talks.here[PERSON]
    talks.send(PERSON, what, "тут больше двух слов", file=file)
    assert says(talks, notice)
    assert rows(talks) == [] and talks.telegram.fetched == []
    assert "тут больше двух слов" in [one["text"] for one in opened(talks, tmp_path)["messages"]]


def test_a_full_case_says_so(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there stays."""
    monkeypatch.setattr(sent_files, "MOST_FILES", 2)
    urgent(talks, PERSON)
    for _ in range(2):
        talks.file(PERSON, PHOTO, JPEG)
    assert not says(talks, texts.FULL)
    talks.file(PERSON, PHOTO, JPEG)
    assert says(talks, texts.FULL) and len(rows(talks)) == 2


# --- albums and captions ---


def test_an_album_belongs_to_one_answer_and_is_drawn_twice(talks: Talks, tmp_path: Path) -> None:
    """When it begins to come, and when all of it is there."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.telegram.away, before = True, talks.drawn
    for part in range(10):
        talks.file(PERSON, PHOTO, JPEG + bytes([part]), album="7")
    assert talks.drawn - before == 1 and says(talks, texts.FILE_COMES)
    assert len(talks.here[PERSON]) == 10
    following = asked(talks)
    talks.telegram.away = False
    talks.deliver()
    assert talks.drawn - before == 2 and says(talks, texts.FILES_SAVED, 10)
    assert (talks.here[PERSON], asked(talks)) == (set(), following)
    assert [one.question for one in kept(talks, tmp_path)] == ["q08"] * 10
    assert intake(talks).state.answers["q08"].files == 10


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_caption_belongs_to_the_answer_of_its_album_wherever_it_stands(talks: Talks, tmp_path: Path, at: int) -> None:
    """One text, with what was sent beside it."""
    urgent(talks, PERSON)
    until(talks, "q08")
    for part in range(3):
        talks.file(PERSON, PHOTO, JPEG, "у здания суда" if part == at else "", album="7")
    (answer,) = [one for one in opened(talks, tmp_path)["answers"] if one["question"] == "q08"]
    assert answer["text"] == "у здания суда"
    assert [one.question for one in kept(talks, tmp_path)] == ["q08"] * 3


def test_a_caption_is_read_where_a_paper_is_asked_for(talks: Talks) -> None:
    """It names the paper that the photo shows."""
    free(talks, "q10")
    talks.file(PERSON, PHOTO, JPEG, "повестка")
    assert intake(talks).state.answers["q10"].options == ("summons",)


def test_an_edited_caption_corrects_while_its_file_is_on_the_way(talks: Talks, tmp_path: Path) -> None:
    """And its message stays until the file is there."""
    urgent(talks, PERSON)
    until(talks, "q08")
    talks.telegram.away = True
    number = talks.file(PERSON, VOICE, OGG, "у суда")
    edited = Corrected(update_id=70_001, chat_id=PERSON, message_id=number, text="у вокзала", at=talks.at)
    talks.hear(edited)
    assert number in talks.here[PERSON]
    talks.telegram.away = False
    talks.deliver()
    assert number not in talks.here[PERSON]
    (answer,) = [one for one in opened(talks, tmp_path)["answers"] if one["question"] == "q08"]
    assert answer["text"] == "у вокзала"
    assert [one.content for one in kept(talks, tmp_path)] == [OGG]


def test_an_update_that_comes_twice_is_one_file(talks: Talks, tmp_path: Path) -> None:
    """Telegram may say it again."""
    urgent(talks, PERSON)
    talks.file(PERSON, PHOTO, JPEG)
    assert talks.sent_last is not None
    talks.hear(talks.sent_last)
    assert len(kept(talks, tmp_path)) == 1


# --- what the card says ---


@pytest.mark.parametrize("when", ["asking", "sent"])
def test_the_card_says_what_is_true_of_a_file_at_every_moment(talks: Talks, when: str) -> None:
    """Being saved, and saved; after that its person goes on, and it is said no more."""
    urgent(talks, PERSON) if when == "asking" else sent(talks)
    talks.telegram.away = True
    number = talks.file(PERSON, PHOTO, JPEG)
    assert says(talks, texts.FILE_COMES) and number in talks.here[PERSON]
    talks.pass_by(minutes=5)
    assert says(talks, texts.FILE_COMES)
    talks.telegram.away, rung = False, talks.rung(PERSON)
    talks.tick()
    assert says(talks, texts.FILES_SAVED, 1) and number not in talks.here[PERSON]
    assert not says(talks, texts.FILE_COMES) and talks.rung(PERSON) == rung
    if when == "asking":
        talks.press(PERSON, "1. ")
        assert not says(talks, texts.FILES_SAVED, 1)


def _lose(talks: Talks, error: Exception) -> None:
    talks.telegram.fails = lambda _file_id: error
    talks.file(PERSON, PHOTO, JPEG)
    talks.pass_by(minutes=12)


GONE: list[tuple[Callable[[], Exception], tuple[str, str]]] = [
    (lambda: Refused("wrong file_id or the file is temporarily unavailable"), texts.FILES_LOST),
    (lambda: TooLarge("too large"), texts.FILES_LARGE),
]


@pytest.mark.parametrize(("error", "notice"), GONE, ids=["expired", "large"])
def test_what_cannot_be_had_is_told_until_the_next_thing_is_sent(
    talks: Talks, error: Callable[[], Exception], notice: tuple[str, str]
) -> None:
    """A press takes nothing from it; nothing of the file stays, nor its message."""
    urgent(talks, PERSON)
    _lose(talks, error())
    assert says(talks, notice, 1) and talks.here[PERSON] == set()
    assert rows(talks)[0].wanted_sealed is None
    talks.press(PERSON, "1. ")
    assert says(talks, notice, 1)
    talks.say(PERSON, "2")
    assert not says(talks, notice, 1) and rows(talks) == []


def test_a_lost_file_rings_where_the_gate_lets_it_and_a_saved_one_never_does(talks: Talks) -> None:
    """On the phone of somebody at liberty; without a word of what it is about."""
    free(talks, "q10")
    talks.file(PERSON, PHOTO, JPEG)
    talks.press(PERSON, ru(talks, texts.DONE))
    until(talks, "more")
    for said in ("1", "отправить"):
        talks.say(PERSON, said)
    before = talks.rung(PERSON)
    talks.file(PERSON, PHOTO, JPEG)
    assert talks.rung(PERSON) == before
    _lose(talks, Refused("wrong file_id"))
    assert talks.rung(PERSON) > before
    assert talks.text(PERSON) == ru(talks, texts.NEW_MESSAGE)
    talks.press(PERSON, ru(talks, texts.SHOW))
    assert says(talks, texts.FILES_LOST, 1)


def test_a_file_that_is_saved_leaves_a_long_list_where_it_is(talks: Talks) -> None:
    """The buttons under the finger stay: nothing else than the line changes."""
    urgent(talks, PERSON)
    until(talks, "q10")
    talks.telegram.away = True
    talks.file(PERSON, PHOTO, JPEG)
    talks.press(PERSON, next(one for one in talks.labels(PERSON) if "Ещё ответы" in one))
    before = talks.data(PERSON)
    assert not any(label.startswith("1.") for label, _, _ in before)
    talks.telegram.away = False
    talks.tick()
    assert says(talks, texts.FILES_SAVED, 1) and talks.data(PERSON) == before


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("num", [1, 12, 300])
def test_what_is_being_saved_is_said_in_as_many_lines_as_that_it_is_saved(language: str, num: int) -> None:
    """So no answer moves while somebody reaches for it."""
    words = Words.load()
    comes, saved = words.text(language, texts.FILE_COMES), words.plural(language, texts.FILES_SAVED, num)
    assert phone.lines(Card(comes)) == phone.lines(Card(saved))


# --- when it fails ---


@pytest.mark.parametrize("cut", [0, 1, 70_000, 300_000])
def test_what_was_cut_off_begins_anew_and_is_whole(talks: Talks, tmp_path: Path, cut: int) -> None:
    """Nothing of the first attempt is left in it."""
    content = JPEG + random.Random(7).randbytes(400_000)
    urgent(talks, PERSON)
    talks.telegram.cut = cut
    talks.file(PERSON, PHOTO, content)
    assert says(talks, texts.FILE_COMES)
    talks.pass_by(minutes=1)
    assert [one.content for one in kept(talks, tmp_path)] == [content]
    assert len(talks.telegram.fetched) == 2


def test_a_line_that_fails_for_hours_takes_no_file_from_anybody(talks: Talks, tmp_path: Path) -> None:
    """However often it was tried: what Telegram refuses is counted by itself."""
    urgent(talks, PERSON)
    talks.telegram.fails = lambda _file_id: TryAgain("reset")
    talks.file(PERSON, PHOTO, JPEG)
    _hours(talks, MOST_REFUSALS + 1)
    assert len(talks.telegram.fetched) > MOST_REFUSALS
    talks.telegram.fails = lambda _file_id: Refused("the file is temporarily unavailable")
    talks.pass_by(minutes=2)
    talks.telegram.fails = lambda _file_id: None
    talks.pass_by(minutes=2)
    assert [one.content for one in kept(talks, tmp_path)] == [JPEG]


def test_what_could_not_be_had_in_a_day_is_lost(talks: Talks) -> None:
    """Nobody is told for ever that it is being saved."""
    urgent(talks, PERSON)
    talks.telegram.fails = lambda _file_id: TryAgain("reset")
    talks.file(PERSON, PHOTO, JPEG)
    _hours(talks, 25)
    assert [(one.lost, one.wanted_sealed) for one in rows(talks)] == [("gone", None)]
    assert talks.here[PERSON] == set()


@pytest.mark.own
@pytest.mark.parametrize("pages", [0, 20, 60, 90])
def test_a_full_disk_in_the_middle_takes_no_file(talks: Talks, tmp_path: Path, pages: int) -> None:
    """SQLITE_FULL, at the first part, at a later one, or at the entry: it is tried until there is room."""
    content = JPEG + random.Random(8).randbytes(400_000)
    urgent(talks, PERSON)
    talks.telegram.away = True
    number = talks.file(PERSON, PHOTO, content)
    talks.telegram.away = False
    _room_for(talks, pages)
    with contextlib.suppress(NotKept):
        talks.deliver()
    assert rows(talks)[0].seq is None
    assert says(talks, texts.FILE_COMES)
    assert number in talks.here[PERSON]
    _room_for(talks, None)
    talks.pass_by(minutes=3)
    assert [one.content for one in kept(talks, tmp_path)] == [content]
    assert says(talks, texts.FILES_SAVED, 1)
    assert number not in talks.here[PERSON]
    _stand_together(talks)


def _room_for(talks: Talks, pages: int | None) -> None:
    """So many pages are left on the disk; None: as many as anybody wants."""

    def limit(tx: Tx) -> None:
        used = int(tx.execute(text("PRAGMA page_count")).scalar_one())
        most = 2**30 if pages is None else used + pages
        tx.execute(text(f"PRAGMA max_page_count = {most}"))

    talks.change(limit)


def test_a_file_that_is_not_what_it_says_is_kept_and_marked(talks: Talks, tmp_path: Path) -> None:
    """By its bytes, beside what its sender's phone said."""
    urgent(talks, PERSON)
    talks.telegram.files["exe"] = b"MZ\x90\x00 a program"
    said = SentFile(kind=PAPER, file_id="exe", size=14, name="решение.pdf", media="application/pdf")
    talks.send(PERSON, What.paper, file=said)
    (found,) = kept(talks, tmp_path)
    assert found.value["media"] == "application/octet-stream"
    assert (found.value["said"], found.value["name"]) == ("application/pdf", "решение.pdf")


# --- the end of a case, a hidden chat ---


def _nothing_is_wanted(talks: Talks) -> bool:
    return all(one.wanted_sealed is None and one.message is None for one in rows(talks))


def test_a_hidden_chat_shows_nothing_and_the_file_is_kept(talks: Talks, tmp_path: Path) -> None:
    """What was sent goes with everything else, and nothing comes for it."""
    sent(talks)
    talks.telegram.away = True
    talks.file(PERSON, PHOTO, JPEG)
    talks.press(PERSON, ru(talks, texts.HIDE_CHAT))
    assert talks.here[PERSON] == set() and talks.chats[PERSON] == {}
    talks.telegram.away = False
    talks.pass_by(hours=1)
    assert talks.chats[PERSON] == {}
    assert [one.content for one in kept(talks, tmp_path)] == [JPEG]


def test_a_file_that_is_lost_in_a_hidden_chat_is_told_behind_its_code(talks: Talks) -> None:
    """Nothing leaves until then."""
    sent(talks)
    code = talks.case().code
    talks.telegram.fails = lambda _file_id: Refused("wrong file_id")
    talks.file(PERSON, PHOTO, JPEG)
    talks.press(PERSON, ru(talks, texts.HIDE_CHAT))
    talks.pass_by(hours=1)
    assert talks.chats[PERSON] == {}
    talks.say(PERSON, code)
    assert says(talks, texts.FILES_LOST, 1)


@pytest.mark.parametrize("when", ["asking", "sent"])
def test_delete_takes_what_is_on_its_way(talks: Talks, when: str) -> None:
    """Message, row and parts are gone, and what comes later stays nowhere."""
    urgent(talks, PERSON) if when == "asking" else sent(talks)
    talks.telegram.away = True
    talks.file(PERSON, PHOTO, JPEG)
    talks.say(PERSON, "/delete")
    talks.press(PERSON, ru(talks, texts.DELETE_YES))
    assert talks.here[PERSON] == set() and rows(talks) == []
    talks.telegram.away = False
    talks.pass_by(minutes=5)
    assert (rows(talks), rows(talks, file_part), talks.telegram.fetched) == ([], [], [])


def test_a_case_that_is_closed_wants_no_file_any_more(talks: Talks) -> None:
    """Nothing in it leads back to the chat, whose link is cut."""
    sent(talks)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.telegram.away = True
    talks.file(PERSON, PHOTO, JPEG)
    closed = talks.case()
    talks.change(lambda tx: _close(talks, tx, closed.row))
    talks.deliver()
    assert isinstance(talks.case(), Closed) and talks.here[PERSON] == set()
    talks.telegram.away = False
    talks.pass_by(minutes=1)
    assert _nothing_is_wanted(talks) and talks.telegram.fetched == []


def _close(talks: Talks, tx: Any, row: int) -> None:
    core = talks.core
    case = core.cases.get(tx, row)
    member = core.members.get(tx, case.claim.by)  # type: ignore[union-attr]
    assert core.closing.close(tx, case, member, OUTCOMES[0])  # type: ignore[arg-type]


def test_files_of_a_joined_request_go_to_it(talks: Talks, tmp_path: Path) -> None:
    """An account that has enough cases; the file is where the answers go."""
    for _ in range(4):
        urgent(talks, PERSON)
        until(talks, "more_held")
        for said in ("1", "отправить"):
            talks.say(PERSON, said)
        talks.press(PERSON, ru(talks, texts.HIDE_CHAT))
    urgent(talks, PERSON)
    assert intake(talks).joined
    row = intake(talks).case_row
    talks.file(PERSON, PHOTO, JPEG)
    assert [one.content for one in kept(talks, tmp_path, row)] == [JPEG]


def test_a_message_that_may_stand_there_unknown_is_removed_and_no_file_with_it(talks: Talks) -> None:
    """What is on its way into the case is known."""
    sent(talks)
    talks.telegram.away = True
    number = talks.file(PERSON, PHOTO, JPEG)
    strays = talks.change(lambda tx: talks.pana.front.arrivals.strays(tx, PERSON, number - 5))
    assert number not in strays and number + 1 in strays


def test_whoever_has_not_typed_the_check_word_hears_of_files_while_more_of_them_come(talks: Talks) -> None:
    """The first cannot be fetched for a while, so that each time more are on their way; a photo every ten seconds."""
    urgent(talks, PERSON)
    talks.say(BORIS, f"/take {talks.case().code}")
    before, begins = talks.rung(BORIS), talks.at
    talks.telegram.fails = lambda _file_id: TryAgain("not now")
    talks.file(PERSON, FileKind.photo, JPEG)
    first = talks.telegram.fetched[-1]
    talks.telegram.fails = lambda file_id: TryAgain("not now") if file_id == first else None
    while talks.rung(BORIS) == before and talks.at - begins < timedelta(minutes=4):
        talks.file(PERSON, FileKind.photo, JPEG)
        talks.at += timedelta(seconds=10)
        talks.deliver()
    assert talks.at - begins <= timedelta(seconds=40)


# --- a month ---


def test_a_month_with_outages_leaves_no_part_alone(talks: Talks, tmp_path: Path) -> None:
    """Lines break, files are forgotten, cases are closed and erased: rows and parts stand or go together.

    In the suite four people and a week; ten and a month in `make both`.
    """
    dice, people, days = random.Random(20261126), range(1000, 1010 if WHOLE else 1004), 30 if WHOLE else 7
    content: dict[int, bytes] = {}
    for person in people:
        talks.say(person, "срочно")
        talks.press(person, "Удерживают")
    talks.telegram.fails = lambda file_id: _fault(dice, file_id)
    for day in range(days):
        talks.telegram.away = dice.random() < 0.2
        for person in dice.sample(people, 3):
            data = JPEG + dice.randbytes(dice.choice((10, 5_000, 300_000)))
            talks.telegram.cut = dice.choice((None, 100, 270_000))
            content[talks.file(person, dice.choice((PHOTO, PAPER, VOICE)), data)] = data
        if day % 7 == 3:
            row = dice.choice([one.row for one in talks.cases() if not isinstance(one, Open)])
            talks.change(lambda tx, row=row: talks.core.calls.erased(tx, talks.core.cases.get(tx, row)))
        for _ in range(4):
            talks.at += timedelta(hours=6)
            talks.tick()
        _stand_together(talks)
    talks.telegram.away = False
    _hours(talks, 25, step=1 if WHOLE else 5)
    _stand_together(talks)
    assert {one.seq is not None or one.lost is not None for one in rows(talks)} <= {True}
    found = [one.content for row in {one.case_row for one in rows(talks)} for one in kept(talks, tmp_path, row)]
    print(f"{len(content)} sent, {len(found)} kept, {sum(one.lost is not None for one in rows(talks))} lost")
    assert any(one.lost is not None for one in rows(talks))
    assert found and len(found) == len(set(found)) and set(found) <= set(content.values())
    for row in [one.row for one in talks.cases()]:
        talks.change(lambda tx, row=row: talks.core.calls.erased(tx, talks.core.cases.get(tx, row)))
    assert (rows(talks), rows(talks, file_part)) == ([], [])


def _hours(talks: Talks, hours: int, step: int = 1) -> None:
    for _ in range(0, hours, step):
        talks.at += timedelta(hours=step)
        talks.tick()


def _fault(dice: random.Random, file_id: str) -> Exception | None:
    """One call in five fails, and Telegram has forgotten one file in ten."""
    if dice.random() < 0.2:
        return TryAgain("reset")
    return Refused("wrong file_id") if file_id.endswith("7") or dice.random() < 0.02 else None


def _stand_together(talks: Talks) -> None:
    """Every part has its row, every kept row all of its parts, every case that is gone none."""
    parts: dict[int, set[int]] = {}
    for one in rows(talks, file_part):
        parts.setdefault(one.file_row, set()).add(one.number)
    files: Mapping[int, Any] = {one.id: one for one in rows(talks)}
    assert parts.keys() <= files.keys()
    for number, one in files.items():
        assert one.seq is None or parts.get(number) == set(range(one.parts))
        assert one.lost is None or number not in parts
    erased = {one.id for one in rows(talks, case_file) if one.status == "erased"}
    assert not erased & {one.case_row for one in files.values()}
