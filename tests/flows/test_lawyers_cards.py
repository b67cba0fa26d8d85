"""What lawyers are reminded of: each step with its article, and how that is known, the same in every language."""

import re

import pytest

from flows.model import Answer, Chosen, LawyerCard, OptionId, QuestionId
from tests.flows.test_engine import FLOW

MARKS = {
    "A": "A",
    "A-old": "old",
    "B": "B",
    "C": "C",
    "А": "A",
    "А-стар": "old",
    "А-ескі": "old",
    "В": "B",
    "С": "C",
}  # the second ones are Cyrillic letters
STEP = re.compile(r"\(([a-f])\)|(?<= )([а-е])\)")


def shown(**chosen: str) -> set[str]:
    """The cards that a lawyer sees beside these answers."""
    answers: dict[QuestionId, Answer] = {QuestionId(name): Chosen((OptionId(one),)) for name, one in chosen.items()}
    return {card.id for card in FLOW.cards if card.when.holds(answers)} - {"volunteers"}


def marks(card: LawyerCard, language: str) -> list[str]:
    """How each article in it is known."""
    return [MARKS[one] for one in re.findall(r"\[([^\]]+)\]", card.text[language])]


@pytest.mark.parametrize("card", FLOW.cards, ids=lambda one: one.id)
def test_a_card_says_of_every_step_how_it_is_known_and_the_same_in_every_language(card: LawyerCard) -> None:
    """As many steps and the same marks in the same order; no step stands without one."""
    assert marks(card, "en") == marks(card, "ru") == marks(card, "kk") != []
    counted = {language: len(STEP.findall(text)) for language, text in card.text.items()}
    assert len(set(counted.values())) == 1, counted
    for step in STEP.split(card.text["en"])[3::3]:
        assert "[" in step, step
    assert card.verified_by is None  # shown as not signed


@pytest.mark.parametrize(
    ("chosen", "cards"),
    [
        ({"q02": "moving"}, {"moving"}),
        ({"q02": "border"}, {"moving"}),
        ({"q02": "held"}, {"custody"}),
        ({"q02_by": "centre"}, {"centre"}),
        ({"q10": "exp_ruling"}, {"exp_ruling"}),
        ({"q10": "misdemeanour"}, {"exp_ruling"}),
        ({"q10": "exp_decision"}, {"civil_expulsion"}),
        ({"q10": "verdict"}, {"verdict"}),
        ({"q10": "extradition"}, {"extradition"}),
        ({"q10": "sc_extradition"}, {"extradition"}),
        ({"q10": "asylum_refusal"}, {"refusal"}),
        ({"q10": "court_asylum"}, {"refusal"}),
        ({"q15": "appeal"}, {"refusal"}),
        ({"q10": "readmission"}, {"readmission"}),
        ({"q10": "stay_cut"}, {"stay_cut"}),
        ({"q10": "summons"}, set()),
    ],
)
def test_each_way_out_of_the_country_has_its_card(chosen: dict[str, str], cards: set[str]) -> None:
    """Being moved, at a border, in custody, and each paper that may lead to a removal."""
    assert shown(**chosen) == cards


def test_the_right_to_stay_during_an_appeal_stands_wherever_somebody_may_be_removed_before_its_end() -> None:
    """Law on Refugees 8(1)(5)."""
    texts = {card.id: card.text for card in FLOW.cards}
    for card in ("refusal", "moving", "extradition", "readmission"):
        assert all("8(1)(5)" in text for text in texts[card].values()), card
    (clock,) = [one for one in FLOW.clocks if one.id == "K26a"]
    assert all("8(1)(5)" in text for text in clock.event.values())
