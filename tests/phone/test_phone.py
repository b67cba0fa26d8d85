"""What the smallest phone shows of a card, and that every card of a person's chat fits it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seeker.card_sizes import Drawn
from bot.seeker.rows import as_they_fit, in_rows
from bot.speech import phone
from bot.speech.lines import Lines
from bot.speech.outgoing import Button, Card, Look, Mark
from bot.speech.phone import Phone
from bot.speech.words import Words
from flows.model import GO_ON
from tests.bot.in_process import pana
from tests.flows.test_engine import FLOW
from tests.flows.test_paths import SMALL
from tests.phone.cards import LANGUAGES, every_card
from tests.phone.widths import widths

FOLDER = Path(__file__).parent.parent.parent / "flows" / "kazakhstan"


@pytest.fixture(scope="module")
def drawn() -> Sequence[Drawn]:
    """Every card of the questionnaire that is delivered, in every state."""
    return every_card()


def test_the_widths_are_those_of_the_font() -> None:
    """The file says what the pinned font says, for every letter of three alphabets."""
    assert json.loads(phone._WIDTHS.read_text(encoding="utf-8")) == widths()


def test_a_line_breaks_where_the_phone_breaks_it() -> None:
    """Measured beside Chromium with the same font: 16 px, a column of 258."""
    for text, count in {
        "Где вы сейчас?": 1,
        "Вас передают России или говорят, что передадут?": 2,
        "Сізді Ресейге беріп жатыр ма немесе береміз деп айтты ма?": 2,
        "Зовём юриста · K7Q4-F2MX": 1,
        "я" * 60: 3,
        "": 1,
        "раз\nдва": 2,
    }.items():
        assert phone.lines(Card(text)) == count, text


def test_what_is_bold_is_wider_and_what_is_folded_has_three_lines() -> None:
    """As a client draws entities."""
    text = "Вас передают России или говорят, что передадут? Кому"
    strong = Card(text, marks=(Mark(Look.strong, 0, len(text)),))
    assert phone.width(text, face="bold") > phone.width(text)
    assert phone.lines(strong, Phone(360, 640)) >= phone.lines(Card(text))
    fitting = Phone(int(phone.width(text) + phone.MARGIN + phone.PADDING) + 1, 640)
    assert (phone.lines(Card(text), fitting), phone.lines(strong, fitting)) == (1, 2)
    long = "\n".join(f"{number}. ответ" for number in range(40))
    assert phone.lines(Card(long)) == 40
    assert phone.lines(Card(f"{long}\nконец", marks=(Mark(Look.folded, 0, len(long)),))) == 4


@given(st.lists(st.integers(1, 40), max_size=40), st.integers(1, 40), st.integers(0, 12))
def test_every_answer_of_a_long_list_stands_on_a_page_and_no_page_is_too_tall(
    lengths: list[int], around: int, above: int
) -> None:
    """Whoever goes on from page to page meets each once and comes back to the first; the one just pressed is seen."""
    buttons = [Button("ш" * min(length, 20), str(place)) for place, length in enumerate(lengths, start=1)]

    def card(rows: Sequence[tuple[Button, ...]], on: Button | None) -> Card:
        return Card("\n" * above, (*rows, *([(on,)] if on is not None else [])))

    def page(place: int) -> tuple[list[int], int | None]:
        shown = as_they_fit(in_rows(buttons), place, card, lambda at, left: Button("on", f"to {at} {left}"))
        assert phone.height(shown) <= phone.SMALLEST.chat
        data = [button.data for row in shown.rows for button in row]
        places = [int(one) for one in data if one.isdigit()]
        on = next((tuple(map(int, one.split()[1:])) for one in data if "to" in one), None)
        assert on is None or on[1] == (0 if on[0] == 1 else len(buttons) - places[-1])
        return places, on[0] if on is not None else None

    if around <= len(buttons):
        assert around in page(around)[0]
    met, at = [], 1
    for _ in range(len(buttons) + 1):
        seen, following = page(at)
        met += seen
        if following is None or following == 1:
            break
        at = following
    assert met == list(range(1, len(buttons) + 1))


def test_no_card_is_taller_than_the_smallest_phone_and_no_label_is_cut(drawn: Sequence[Drawn]) -> None:
    """With every state, notice and message of a lawyer, in Russian and Kazakh; in `make both` in English as well."""
    assert len(drawn) > 2000 * len(LANGUAGES)
    assert {one.language for one in drawn} == {*LANGUAGES, "all"}
    assert [said for one in drawn for said in one.problems()] == []


def test_looks_are_such_as_telegram_takes(drawn: Sequence[Drawn]) -> None:
    """In order, apart from each other, inside the text, never around nothing but spaces (Bot API, MessageEntity)."""
    for one in drawn:
        end = 0
        for mark in one.card.marks:
            part = one.card.text[mark.at : mark.at + mark.length]
            assert mark.at >= end, one.name
            assert part == part.strip() != "", one.name
            end = mark.at + mark.length
            assert end <= len(one.card.text), one.name


def test_a_code_is_never_broken_and_can_be_tapped(drawn: Sequence[Drawn]) -> None:
    """It is marked as code, no full stop sticks to it, and no line ends at its hyphen."""
    shown = [one for one in drawn if "MMMM-WWWW" in one.card.text and not one.name.startswith("hidden")]
    assert len(shown) > 20 * len(LANGUAGES)
    for one in shown:
        (at,) = (mark.at for mark in one.card.marks if mark.look is Look.code)
        assert one.card.text[at : at + 10].rstrip(" \n") in {"MMMM-WWWW", "MMMM-WWWW,"}, one.name
        whole = Card(one.card.text.replace("MMMM-WWWW", "MMMM_WWWW"), one.card.rows, marks=one.card.marks)
        assert phone.lines(whole) == phone.lines(one.card), one.name


def test_what_matters_stands_where_the_eye_is(drawn: Sequence[Drawn]) -> None:
    """The question is the last line unless something is said below it; its answers follow; back and hide come last."""
    words = Words.load()
    asked = [one for one in drawn if one.asked is not None]
    assert len(asked) > 2000 * len(LANGUAGES)
    for one in asked:
        question = FLOW.question(one.asked)  # type: ignore[arg-type]
        strong = [one.card.text[mark.at : mark.at + mark.length] for mark in one.card.marks if mark.look is Look.strong]
        assert strong[0] in {question.text.of(form)[one.language] for form in ("self", "other", "open")}, one.name
        if not any(beside in one.name for beside in ("notice", "letters", "offer")):
            assert one.card.text.endswith(strong[0]), one.name
        labels = [[button.text for button in row] for row in one.card.rows]
        back, hide = (words.text(one.language, label) for label in ("Back", "Hide chat"))
        assert labels[-1] == [back, hide], one.name
        sends = any(FLOW.place(offer) < FLOW.place(question.id) for offer in FLOW.offers) and "urgent" not in one.name
        send = words.text(one.language, "Send to the lawyer")
        assert any(send in row for row in labels) is (sends and question.option(GO_ON) is None), one.name
        show = words.text(one.language, "Show")
        assert all([show] != row for row in labels[1:]), one.name
        first = labels[1] if [show] == labels[0] else labels[0]
        assert first[0][0].isdigit() or not question.options or "offer" in one.name, one.name


def test_lines_mark_what_is_written_and_never_what_is_not() -> None:
    """A code inside a quiet line splits its mark; spaces at an end are left out."""
    lines = Lines()
    lines.add("Зовём · K7Q4-F2MX", Look.quiet, code="K7Q4-F2MX")
    lines.apart("  ", Look.strong)
    lines.add("Где?", Look.strong)
    card = lines.card()
    assert [(mark.look, card.text[mark.at : mark.at + mark.length]) for mark in card.marks] == [
        (Look.quiet, "Зовём ·"),
        (Look.code, "K7Q4-F2MX"),
        (Look.strong, "Где?"),
    ]


Broken = Callable[[str], str]


def longer(flow: str) -> str:
    """A question of three screens."""
    return flow.replace("text: Where?", f'text: "{"Where are you right now? " * 60}"')


def wider(flow: str) -> str:
    """A label that no button of this phone shows whole, though it has only as many letters as are allowed."""
    return flow.replace("label: Free", "label: WWWWWWWWWWWWWWWWWWWWWWWWWWWWW")


def more(flow: str) -> str:
    """More answers to the question that decides than a screen holds."""
    some = "".join(f"{{id: more_{n}, label: A place of number {n}}}, " for n in range(7))
    return flow.replace("{id: gone, label: Gone}", f"{some}{{id: gone, label: Gone}}")


@pytest.mark.parametrize(
    ("broken", "said"),
    [(longer, "px too tall"), (wider, "the button is cut"), (more, "answers are out of sight")],
    ids=["longer", "wider", "more"],
)
def test_a_questionnaire_that_the_smallest_phone_does_not_show_is_refused(
    broken: Broken, said: str, tmp_path: Path
) -> None:
    """With the file, the line of the question, what is wrong, and a remedy; a small one, for a large one takes long."""
    place = (FOLDER / "place.yaml").read_text()  # a text that nobody has translated yet is another error
    (tmp_path / "place.yaml").write_text(
        place.replace("[ru, kk, en]", "[en]").replace("last_resort: ru", "last_resort: en")
    )
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    assert pana(tmp_path, "flow", "check", file.name).out == "ok\n"
    file.write_text(broken(SMALL))
    assert broken(SMALL) != SMALL
    told = pana(tmp_path, "flow", "check", file.name)
    assert told.code == 1
    line = next(line for line in told.err.splitlines() if said in line)
    at = next(number for number, each in enumerate(SMALL.splitlines(), start=1) if "- id: q02" in each)
    assert line.startswith(f"small.yaml:{at}: q02, ")
    assert line.endswith("; shorten it, or split the question")
