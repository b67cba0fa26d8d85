"""A mark says who has read which text: it holds for these very words, and for what the program does by them."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from flows.check import check, released
from flows.errors import FlowErrors
from flows.marks import Mark, Marks, Role
from flows.marks_file import load_marks, marks_folder, written
from flows.model import Advice, Flow
from flows.readable import Kind, Readable, facts_of, readables
from flows.release import flow_of, read_release
from flows.source import FlowSource, SourceAdvice, SourceCard, SourceClock, SourcePage, SourceRule, load_source
from flows.texts import Translate
from tests.flows.test_source import CLOCKS, WHOLE

IDS = [
    "question.q01",
    "question.q02",
    "question.q03",
    "question.q04",
    "clock.K1",
    "advice.custody",
    "card.custody",
    "rule.C1",
    "rule.C2",
    "rule.H1",
    "rule.N1",
]
SIGNED = ["advice.custody", "card.custody", "clock.K1", "rule.C1"]
LANGUAGES = ["ru", "kk"]


def translate(_context: str, text: str, language: str) -> str:
    """Each language has a text of its own."""
    return f"{text} ({language})"


def other_in(language: str, english: str) -> Translate:
    """As `translate`, with other words for a text in one language."""
    return lambda context, text, spoken: translate(
        context, f"{text}!" if (text, spoken) == (english, language) else text, spoken
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small questionnaire with one of each that is signed."""
    (tmp_path / "whole.yaml").write_text(WHOLE)
    (tmp_path / "clocks.yaml").write_text(CLOCKS)
    return tmp_path / "whole.yaml"


def text_of(source: FlowSource, text_id: str, language: str = "ru", said: Translate = translate) -> Readable:
    """One of its texts."""
    return next(one for one in readables(source, said, language) if one.id == text_id)


def signed(source: FlowSource, *ids: str, language: str = "ru", role: Role = Role.advocate) -> FlowSource:
    """With marks for these texts as they are."""
    marks = [
        Mark(
            text=one, language=language, by="A. A.", on="2026-11-26", sha256=text_of(source, one, language).sha256(role)
        )
        for one in ids
    ]
    return replace(source, marks=source.marks.with_(role, marks))


def release(source: FlowSource, said: Translate = translate) -> Flow:
    """As the bot runs on it."""
    return read_release(released(source, said, LANGUAGES))


def custody(flow: Flow) -> Advice:
    """Its only advice."""
    (advice,) = flow.advice
    return advice


def test_each_text_of_a_questionnaire_is_signed_by_its_own_name(file: Path) -> None:
    """A question that is asked for many options once; whatever the catalogs have of it belongs to one of them."""
    texts = readables(load_source(file), translate, "ru")
    assert [one.id for one in texts] == IDS
    assert [one.id for one in texts if one.grave] == ["question.q02", "question.q03"]
    assert all(said.text == f"{said.english} (ru)" for one in texts for said in one.texts)


def test_what_an_advocate_has_signed_is_released_so_and_the_rest_is_not(file: Path) -> None:
    """Of a clock, a rule, a card and advice: by whom; of advice also in which languages."""
    source = load_source(file)
    flow = release(signed(source, *SIGNED))
    assert [one.verified_by for one in (*flow.clocks, *flow.cards, *flow.advice)] == ["A. A."] * 3
    assert {one.id: (one.verified_by, one.verified_at) for one in flow.rules} == {
        "C1": ("A. A.", "2026-11-26"),
        "C2": (None, None),
        "H1": (None, None),
        "N1": (None, None),
    }
    assert custody(flow).signed_in == ("ru",)
    assert custody(release(signed(signed(source, *SIGNED), "advice.custody", language="kk"))).signed_in == ("ru", "kk")
    assert custody(release(source)).signed_in == ()


def test_advice_is_shown_in_the_languages_in_which_it_was_signed(file: Path) -> None:
    """Whoever reads another language is shown none of it; a quotation needs no signature."""
    advice = custody(release(signed(load_source(file), "advice.custody")))
    assert (advice.may_be_shown, advice.may_be_shown_in("ru"), advice.may_be_shown_in("kk")) == (True, True, False)
    (file).write_text(WHOLE.replace("text: Say this,", "text: Say this, source: example.org, read_on: 2026-11-26,"))
    quoted = custody(release(load_source(file)))
    assert (quoted.may_be_shown, quoted.may_be_shown_in("kk"), quoted.verified_by) == (True, True, None)


CHANGES: dict[str, tuple[str, str, str, Translate]] = {
    "its words in the language that was read": ("", "", "", other_in("ru", "Say this")),
    "its English and with it every language": ("whole", "Say this", "Say that", translate),
    "to whom it is shown": ("whole", "this, when: {q02: [held]}", "this, when: {q02: [held, gone]}", translate),
    "an answer that it depends on": ("", "", "", other_in("ru", "Held")),
    "a question that it depends on": ("", "", "", other_in("ru", "Where?")),
    "its source": ("whole", "text: Say this,", "text: Say this, source: a page, read_on: 2026-11-26,", translate),
}


@pytest.mark.parametrize("change", CHANGES)
def test_advice_that_is_another_one_than_was_signed_is_as_if_it_never_had_been(file: Path, change: str) -> None:
    """Until it is signed anew: then it is shown again."""
    name, before, after, said = CHANGES[change]
    marks = signed(load_source(file), "advice.custody").marks
    if name:
        assert before in WHOLE
        file.write_text(WHOLE.replace(before, after, 1))
    source = replace(load_source(file), marks=marks)
    assert text_of(source, "advice.custody", said=said).standing(Role.advocate, marks).changed
    advice = custody(release(source, said))
    assert (advice.verified_by, advice.signed_in) == (None, ())
    anew = [
        Mark(
            "advice.custody",
            "ru",
            "B. B.",
            "2026-11-27",
            text_of(source, "advice.custody", said=said).sha256(Role.advocate),
        )
    ]
    assert custody(release(replace(source, marks=marks.with_(Role.advocate, anew)), said)).signed_in == ("ru",)


def test_a_change_elsewhere_drops_no_mark(file: Path) -> None:
    """Of another language, of a text that it does not name."""
    source = signed(load_source(file), *SIGNED)
    for said in (other_in("kk", "Say this"), other_in("ru", "Do this"), other_in("ru", "Papers?")):
        assert custody(release(source, said)).signed_in == ("ru",)


@pytest.mark.parametrize("law", [SourceClock, SourceRule, SourceCard, SourceAdvice], ids=lambda one: one.__name__)
def test_whatever_a_file_says_of_the_law_is_signed_with_it(law: type[msgspec.Struct]) -> None:
    """Each field but its name, its marks, and its texts, which are read in a language."""
    texts = {"id", "event", "text", "reason", "verified_by", "verified_at"}
    values: dict[str, object] = {
        "when": {"q02": ["held"]},
        "start": ("q09",),
        "end": ("q12",),
        "hours": (24,),
        "remind": (3,),
        "pages": (SourcePage(level="high", from_start=0),),  # type: ignore[arg-type]
        "level": "high",
        "at_once": True,
    }
    for one in msgspec.structs.fields(law):
        required = {each.name: "-" for each in msgspec.structs.fields(law) if each.required}
        value = values.get(one.name, 5 if "int" in str(one.type) else "said")
        made = law(**{**required, one.name: value})
        assert (one.name in facts_of(made)) == (one.name not in texts), one.name  # type: ignore[arg-type]


def test_a_native_reader_signs_a_text_beside_its_english_whatever_the_law_says_of_it(file: Path) -> None:
    """Another term is for the advocate to read again; another word for both."""
    source = load_source(file)
    before, role = text_of(source, "clock.K1"), Role.reader
    (file.with_name("clocks.yaml")).write_text(CLOCKS.replace("days: 3", "days: 4"))
    term = text_of(load_source(file), "clock.K1")
    assert before.sha256(role) == term.sha256(role)
    assert before.sha256(Role.advocate) != term.sha256(Role.advocate)
    (file.with_name("clocks.yaml")).write_text(CLOCKS.replace("Three days", "Three whole days"))
    english = readables(load_source(file), lambda _c, _text, _l: "Три дня", "ru")
    same = readables(source, lambda _c, _text, _l: "Три дня", "ru")
    assert [one.id for one, two in zip(same, english, strict=True) if one.sha256(role) != two.sha256(role)] == [
        "clock.K1"
    ]


def test_no_text_has_the_hash_of_another_text_role_or_language(file: Path) -> None:
    """A mark can be copied to no other place."""
    source = load_source(file)
    texts = [one for language in LANGUAGES for one in readables(source, lambda _c, _text, _l: "same", language)]
    hashes = [one.sha256(role) for one in texts for role in Role]
    assert len(set(hashes)) == len(hashes) == 2 * 2 * len(IDS)


@pytest.mark.parametrize("kind", ["advice", "cards", "rules", "clocks"])
def test_a_signature_in_the_questionnaire_itself_counts_for_nothing_and_is_named(file: Path, kind: str) -> None:
    """It has no hash of what was read. The bot starts all the same; `flow check` says what to do."""
    by = ', verified_by: A., verified_at: "2026-11-20"'
    seeded = {"advice": "Say this", "cards": "Do this", "rules": "reason: Held"}
    if kind == "clocks":
        (file.with_name("clocks.yaml")).write_text(CLOCKS + '  verified_by: A.\n  verified_at: "2026-11-20"\n')
    else:
        file.write_text(WHOLE.replace(seeded[kind], f"{seeded[kind]}{by}", 1))
    source = load_source(file)
    (found,) = check(source, translate, LANGUAGES)
    assert found.what == "signed without a hash of what was read: counts as unsigned"
    assert "`pana flow sign`" in found.remedy
    flow = release(source)
    assert {one.verified_by for one in (*flow.clocks, *flow.cards, *flow.advice, *flow.rules)} == {None}
    assert not custody(flow).may_be_shown


def test_advice_in_a_release_of_before_marks_had_hashes_is_not_shown(file: Path) -> None:
    """Nobody can tell whether it was these words that were signed; everything else of it is read as it was."""
    compiled = msgspec.json.decode(released(load_source(file), translate, LANGUAGES))
    (advice,) = compiled["advice"]
    del advice["signed_in"]
    advice["verified_by"] = "A. A."
    read = custody(flow_of(compiled, "r"))
    assert (read.verified_by, read.may_be_shown, read.may_be_shown_in("ru")) == ("A. A.", False, False)


def test_marks_are_read_as_they_were_written(file: Path) -> None:
    """Sorted, a mark a line, whatever somebody calls themselves."""
    source = signed(signed(load_source(file), *SIGNED), "rule.H1", language="kk")
    marks = source.marks.with_(Role.reader, [Mark("question.q01", "kk", 'Ә. "Қ": #1', "2026-11-26", "0" * 64)])
    marks_folder(file).mkdir()
    for role, name in ((Role.reader, "readers.yaml"), (Role.advocate, "advocates.yaml")):
        (marks_folder(file) / name).write_text(written(role, marks))
        lines = (marks_folder(file) / name).read_text().splitlines()[1:]
        assert len(lines) == len(marks.of(role)) and lines == sorted(lines)
    assert load_marks(file) == marks == load_source(file).marks


ONE = f'- {{text: rule.C1, language: ru, by: "A.", on: 2026-11-26, sha256: "{"a" * 64}"}}\n'
MISTAKES = {
    "no list": ("text: x\n", "Expected `array`", 1),
    "a field too many": (ONE.replace("by:", "for: x, by:"), "unknown field `for`", 1),
    "a field missing": (ONE.replace(", on: 2026-11-26", ""), "missing required field `on`", 1),
    "nobody": (ONE.replace('"A."', '" "'), "nobody has signed it", 1),
    "no day": (ONE.replace("2026-11-26", "2026-13-26"), "`2026-13-26` is no day", 1),
    "no hash": (ONE.replace("a" * 64, "a" * 63), "its sha256 is no SHA-256", 1),
    "twice": (ONE + ONE, "`rule.C1` is signed twice in ru", 2),
    "not YAML": ("- {\n", "not YAML", 2),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_file_of_marks_is_named_with_its_line(file: Path, mistake: str) -> None:
    """Rather than taken for a signature, or for none."""
    content, said, line = MISTAKES[mistake]
    marks_folder(file).mkdir()
    (marks_folder(file) / "advocates.yaml").write_text(content)
    with pytest.raises(FlowErrors) as raised:
        load_source(file)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == (str(marks_folder(file) / "advocates.yaml"), line)
    assert said in problem.what


def test_a_new_mark_takes_the_place_of_an_older_one_and_can_be_taken_away() -> None:
    """For one text in one language; others stay."""
    first = Mark("rule.C1", "ru", "A.", "2026-11-26", "0" * 64)
    second, other = msgspec.structs.replace(first, by="B."), msgspec.structs.replace(first, language="kk")
    marks = Marks().with_(Role.advocate, [first, other]).with_(Role.advocate, [second])
    assert marks.of(Role.advocate) == {("rule.C1", "ru"): second, ("rule.C1", "kk"): other}
    assert marks.without(Role.advocate, [("rule.C1", "ru")]).of(Role.advocate) == {("rule.C1", "kk"): other}
    assert marks.of(Role.reader) == {}


def test_kinds_begin_the_names_of_texts() -> None:
    """Which tells everybody who reads a mark what it is about."""
    assert {one.split(".")[0] for one in IDS} <= set(Kind)
