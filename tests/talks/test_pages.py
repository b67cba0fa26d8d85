"""A long list of answers is shown in pages: each answer has its button on one of them."""

from collections.abc import Sequence

from flows.model import Option
from tests.talks.talks import Talks, talks, urgent
from tests.talks.walked_once import walked_once

__all__ = ["talks"]  # a fixture
PERSON = 900
PAPERS = 22


@walked_once
def to_the_papers(talks: Talks) -> None:
    """At liberty, to the longest list that everybody is asked."""
    urgent(talks, PERSON, None)
    for said in ("7", "1", "2", "1", "5", "1", "2"):
        talks.say(PERSON, said)
    assert "Какие бумаги" in talks.text(PERSON)


def numbers(talks: Talks) -> list[int]:
    """Of the answers whose buttons are shown."""
    return [int(label.split(". ")[0]) for label in talks.labels(PERSON) if label[0].isdigit()]


def test_each_answer_is_shown_once_and_after_the_last_page_comes_the_first(talks: Talks) -> None:
    """Page by page, in their order."""
    to_the_papers(talks)
    first, seen = numbers(talks), numbers(talks)
    while any(label == f"Ещё ответы: {PAPERS - len(seen)}" for label in talks.labels(PERSON)):
        talks.press(PERSON, "Ещё ответы")
        assert numbers(talks)[0] == seen[-1] + 1
        seen += numbers(talks)
    assert seen == list(range(1, PAPERS + 1))
    talks.press(PERSON, "Первые ответы")
    assert numbers(talks) == first


def test_a_page_stays_while_its_answers_are_ticked(talks: Talks) -> None:
    """The answer that was pressed is in sight, with its tick."""
    to_the_papers(talks)
    talks.press(PERSON, "Ещё ответы")
    page = [label for label in talks.labels(PERSON) if label[0].isdigit()]
    assert numbers(talks)[0] > 1
    talks.press(PERSON, page[-1])
    ticked = [*page[:-1], page[-1].replace(". ", "✓ ")]
    assert [label for label in talks.labels(PERSON) if label[0].isdigit()] == ticked


def test_how_each_paper_is_called_on_its_sheet_is_shown_beside_its_answer(talks: Talks) -> None:
    """In both languages of the state, whatever the person speaks; each paper once, then the first again."""
    to_the_papers(talks)
    talks.press(PERSON, "Как выглядит?")
    papers = [number for number, one in enumerate(options(talks), start=1) if one.title]
    first, seen = numbers(talks), list[int]()
    while numbers(talks) != first or not seen:
        seen += numbers(talks)
        for number in numbers(talks):
            assert f"{number}. {options(talks)[number - 1].title}" in talks.text(PERSON)
        talks.press(PERSON, "Ещё бумаги")
    assert seen == papers
    assert "ПРИГОВОР / ҮКІМ" in [one.title for one in options(talks)]


def test_a_paper_is_ticked_where_its_title_stands_and_the_list_stays_there(talks: Talks) -> None:
    """And whoever only looked is led back to the same answers."""
    to_the_papers(talks)
    talks.press(PERSON, "Как выглядит?")
    talks.press(PERSON, "Ещё бумаги")
    page = numbers(talks)
    talks.press(PERSON, "Только ответы")
    assert page[0] in numbers(talks)
    assert "ҚАУЛЫ" not in talks.text(PERSON)
    talks.press(PERSON, "Как выглядит?")
    talks.press(PERSON, f"{page[0]}. ")
    assert any(label.startswith(f"{page[0]}✓") for label in talks.labels(PERSON))


def test_only_a_list_of_papers_offers_how_they_look(talks: Talks) -> None:
    """No other question does."""
    urgent(talks, PERSON, None)
    for said in ("7", "1", "2", "1", "5", "1", "2"):
        assert "Как выглядит?" not in talks.labels(PERSON)
        talks.say(PERSON, said)


def options(talks: Talks) -> Sequence[Option]:
    """The papers that can be chosen."""
    return talks.pana.questionnaires.current.question("q10").options
