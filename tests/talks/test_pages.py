"""A long list of answers is shown in pages: each answer has its button on one of them."""

from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
PERSON = 900
PAPERS = 18


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
