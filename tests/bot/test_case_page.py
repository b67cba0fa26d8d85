"""The page of an opened case: whole in every language, and what a lawyer must do first stands first."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from bot import reader_page
from bot.case_page import CasePage
from bot.reader_page import with_cases
from bot.settings import Settings
from bot.speech.texts import page as texts
from bot.speech.words import Words
from flows.model import Flow, Kind, answer_of
from flows.release import carried_of, read_release
from storage.exif import Itself
from storage.opened import OpenedCase
from storage.reading import ReadCase
from storage.said import Said
from storage.taken_out import TakenOut
from tests.catalog import every_text
from tests.compiled import compiled_flow
from tests.places import HERE

EACH_LANGUAGE = pytest.mark.parametrize("language", ["ru", "kk", "en"])
NOW = datetime(2026, 3, 14, 12, tzinfo=HERE)
# What a page may have in Latin letters: names of files, keys, codes of deadlines, the program; words of the case.
LATIN = re.compile(r"\b(?:K7Q4-F2MX|K\d+[a-z]*|KEY|pana|[0-9.]+(?:bin\.)?age|Aigul|Telegram|Signal|Pana|SHA)\b")


@cache
def compiled() -> dict[str, Any]:
    """The questionnaire with its texts."""
    read: dict[str, Any] = json.loads(carried_of(compiled_flow(Settings(), Words.load())))
    return read


@cache
def flow() -> Flow:
    """The same, as the program has it."""
    return read_release(compiled_flow(Settings(), Words.load()))


def day(left: int) -> dict[str, str]:
    """A date, so many days from today, as it is sealed."""
    on = (NOW.date() + timedelta(days=left)).isoformat()
    return {"from": on, "to": on, "sure": "exact"}


def opened(answers: Mapping[str, Any], language: str, *more: Mapping[str, Any], level: str = "critical") -> OpenedCase:
    """A case with these answers, of a person who writes Kazakh, read by somebody who reads this language."""
    reasons = [{"rule": "C3", "because": [["q02", "held"]]}, {"rule": "N1", "because": []}]
    value = {"answers": dict(answers), "level": level, "reasons": reasons, "clocks": [], "form": "self"}
    about = {"at": "2026-03-14", "flow": "r", "lang": "kk"}
    entries = [{**one, **about} for one in ({"kind": "snapshot", "value": value}, *more)]
    return OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "id"}, entries, {"r": compiled()}), language)


def text_of(case: OpenedCase) -> str:
    """Its page, read today."""
    return CasePage(opened=case, words=Words.load(), here=NOW).text()


def everything() -> dict[str, Any]:
    """An answer to every question that can be asked beside the others, dates and all papers; nothing typed."""
    given: dict[str, Any] = {"q01": "self", "q02": "held"}
    for question in flow().questions:
        known = {one.id: answer_of(one, given[one.id]) for one in flow().questions if one.id in given}
        if question.id in given or not question.show_if.holds(known):
            continue
        match question.kind:
            case Kind.single:
                on = next((one.id for one in question.options if one.id == "go_on"), question.options[0].id)
                given[question.id] = on
            case Kind.multiple:
                given[question.id] = [one.id for one in question.options if not one.exclusive]
            case Kind.date:
                given[question.id] = day(-3 if question.past else 3)
            case Kind.text:
                given[question.id] = None
    return given


# What a stranger has named, or a standard.
FILE = {"name": "1", "kind": "paper", "bytes": 1, "seconds": 1, "media": "1", "said": "1", "sha256": "1"}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_english_stands_on_a_page(language: str) -> None:
    """All answers at once, every deadline they start, reminders, messages, what is wrong: not a Latin word."""
    more = [
        {"kind": "check", "value": {"word": "234567", "for": "Aigul", "call": "a" * 32}},
        {"kind": "message", "value": {"from": "seeker", "text": "1"}},
        {"kind": "message", "value": {"from": "seeker", "text": "2", "corrected": True}},
        {"kind": "message", "value": {"from": "lawyer", "text": "3"}},
        {"kind": "file", "seq": 6, "question": "q10", "value": FILE},
        {"kind": "answer", "question": "q34", "value": "4"},
        {"kind": "answer", "question": "q34", "value": "5"},
        {"kind": "withdrawn", "value": {"question": "q34"}},
        {"kind": "submitted", "value": None},
    ]
    for level in ("critical", "high", "normal"):
        case = opened(everything(), language, *more, level=level)
        case.case.problems.extend(
            Said(one, **dict.fromkeys(re.findall(r"%\((\w+)\)s", one), "1")) for one in sentences()
        )
        found = Itself(taken="2026-03-14 10:00:00", camera="1", place=(43.0, 76.0))
        case.case.files[6] = TakenOut(
            itself=found, written="1", apart=True, problem=Said("%(name)s cannot be read", name=1)
        )
        text = text_of(case)
        assert re.findall(r"[A-Za-z]{2,}.*", LATIN.sub("", text)) == []
        assert len(text.splitlines()) > 150


def sentences() -> list[str]:
    """All that the reader may say of a file."""
    found = [one for one in every_text() if {file for file, _ in one.locations} & READER]
    assert len(found) > 15
    return [str(one.id) for one in found]


READER = {f"storage/{one}.py" for one in ("reading", "opened", "manifests", "taken_out")}


@EACH_LANGUAGE
def test_every_deadline_of_the_questionnaire_is_whole_in_every_language(language: str) -> None:
    """What it rests on, whose it is, where to file: also of those that no question starts yet."""
    for clock in flow().clocks:
        for name in ("period", "side", "file_at", "suspends", "basis"):
            said = clock.said(name, language)
            assert bool(said) == bool(getattr(clock, name))
            assert language == "en" or not re.search("[A-Za-z]{2,}", said), (clock.id, said)


EXPELLED = {
    "q10": ["exp_decision", "extradition", "exp_ruling"],
    "q11_exp_decision": day(-2),
    "q11_extradition": day(-20),
    "q11_exp_ruling": day(-2),
    "q12": None,
}


def deadlines_on(text: str) -> list[str]:
    """The codes of its deadlines, from top to bottom."""
    return re.findall(r"^    .*\((K\w+)\)$", text, re.MULTILINE)


def test_what_can_still_be_done_stands_before_what_has_passed() -> None:
    """First what has no day, for it may end today; then by days; what has passed last, with what is left to do."""
    text = text_of(opened(EXPELLED, "ru"))
    assert deadlines_on(text) == ["K12a", "K11", "K12b", "K18"]
    assert "  как можно скорее, день неизвестен. Решение суда о выдворении" in text
    assert "  до 22 марта, через 8 дней. " in text
    passed = text[text.index("  истёк 10 дней назад (4 марта). ") :]
    assert "Просить восстановить; уведомлён ли защитник?" in passed


def test_a_deadline_says_whose_it_is_where_to_file_and_whether_that_suspends() -> None:
    """In the language of whoever reads; laws by their names there, and that nobody has signed it."""
    text = text_of(opened(EXPELLED, "ru"))
    assert (
        "(адвокат ещё не подтвердил)\n"
        "    срок: 10 суток; кто действует: сам человек; куда: суд, который вынес постановление; подача"
        " приостанавливает: да, если в срок (КоАП 834(1)); 834(4) не сверяли; основание: КоАП 832(1);"
        " прочитано в старой редакции, проверить (K11)" in text
    )


def test_an_offer_to_stop_is_no_answer() -> None:
    """Whether somebody went on says nothing to a lawyer; programs see it."""
    case = opened({"q02": "held", "more_held": "go_on"}, "ru")
    assert "Ответить" not in text_of(case)
    assert "more_held" in [one["question"] for one in case.as_json()["answers"]]


def test_the_page_is_in_the_language_of_the_case_unless_another_is_asked_for() -> None:
    """Questions, answers and all around them."""
    words = Words.load()
    for asked, shown in ((None, "kk"), ("ru", "ru"), ("en", "en")):
        text = text_of(OpenedCase(opened({"q02": "held"}, "en").case, asked))
        assert words.text(shown, texts.WHY) in text
        assert words.text(shown, "Held, not let go", "q02.held") in text


def test_days_hours_and_skipped_questions_stand_in_words() -> None:
    """Never as a program writes them."""
    about = {"from": "2026-03-01", "to": "2026-03-09", "sure": "about"}
    answers = {"q02": "held", "q09": {**day(-1), "hours": [22, 23]}, "q18": about, "q03": None}
    text = text_of(opened(answers, "ru"))
    assert "  13 марта 2026\u00a0г., 22:00–23:00" in text
    assert "  1 марта 2026\u00a0г. – 9 марта 2026\u00a0г." in text
    assert "  нет ответа" in text


def test_for_a_browser_it_is_the_readers_page_and_nothing_in_it_is_markup() -> None:
    """Whatever somebody wrote: it stands in the page's data, which ends where we end it, and nowhere else."""
    said = "</script><script>alert(1)</script> & https://example.org <!--\u2028"
    case = opened({"q02": "held"}, "ru", {"kind": "message", "value": {"from": "seeker", "text": said}})
    html = with_cases([case])
    before, _, after = reader_page.PAGE.read_text().partition(">null<")
    assert html.startswith(f"{before}>") and html.endswith(f"<{after}")
    data = html.removeprefix(f"{before}>").removesuffix(f"<{after}")
    assert "<" not in data and "\u2028" not in data
    assert json.loads(data) == {"language": "ru", "cases": json.loads(json.dumps([case.for_page()]))}


def test_a_case_of_a_questionnaire_of_before_is_shown_as_far_as_it_says() -> None:
    """Released before its deadlines were said in every language."""
    old = json.loads(json.dumps(compiled()))
    for clock in old["clocks"]:
        del clock["in_words"]
    del old["alert"]
    case = opened(EXPELLED, "ru").case
    case.flows["r"] = old
    assert "срок: 10 days" in text_of(OpenedCase(case, "ru"))


def test_times_are_on_the_clock_of_the_place_with_the_zone_said_once() -> None:
    """As the bot writes them: messages, notes, files; also of an entry that says the same moment in another zone."""
    at = {"at": "2026-03-14T01:30:00+05:00"}
    text = {"from": "seeker", "text": "слова"}
    entries = [
        {"kind": "message", "value": text, "at": "2026-03-13T20:29:00+00:00"},
        {"kind": "message", "value": {**text, "corrected": True}, **at},
        {"kind": "message", "value": {**text, "from": "lawyer"}, **at},
        {"kind": "note", "value": {"name": "Aigul", "text": "заметка"}, **at},
        {"kind": "file", "seq": 6, "question": "q10", "value": FILE, **at},
    ]
    case = OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "id"}, entries, {}), "ru")
    shown = text_of(case)
    assert shown.count("14.03, 01:30") == 4
    assert shown.count("14.03, 01:29") == 1
    assert shown.count("UTC+05:00") == 1
    assert not re.search(r"\d\d:\d\d:\d\d", shown)
    assert [one["at"] for one in case.as_json()["messages"]] == [entries[0]["at"], at["at"], at["at"]]


@pytest.mark.parametrize("at", ["", "2026-03-14", "tomorrow", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_time_stands_on_the_page_as_it_is_written(at: str) -> None:
    """A record of a stranger may say anything."""
    entries = [{"kind": "message", "value": {"from": "seeker", "text": "слова"}, "at": at}]
    case = OpenedCase(ReadCase("K7Q4-F2MX", {"case_id": "id"}, entries, {}), "ru")
    assert f"От человека, {at}" in text_of(case)
    assert "UTC" not in text_of(case)
