"""The alerts of the people who were made up: the deadlines that each must name, and nothing that is not so."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot.member.alert_lines import AlertText
from bot.speech.deadlines import to_name
from bot.speech.reader import Reader
from bot.speech.words import Words
from flows import engine
from flows.facts import Facts, facts_of
from flows.model import Level
from storage.sealing.keyring import KeyRing
from tests.flows.test_engine import FLOW
from tests.flows.test_forty import NOW, OF_ALERT, PEOPLE, TODAY, walked
from tests.places import KAZAKHSTAN

SAID, NO_RING = Words.load(), cast(KeyRing, None)  # an alert without buttons is signed by nobody
TOLD_OF = [who for who, person in PEOPLE.items() if person.keys() & OF_ALERT]


def alert(facts: Facts, language: str) -> str:
    """What a lawyer reads."""
    reader = Reader(ring=NO_RING, words=SAID, place=KAZAKHSTAN, chat_id=1, language=language)
    return "\n".join(AlertText(flow=FLOW, facts=facts, reader=reader, now=NOW).lines())


def facts_about(person: Mapping[str, Any]) -> Facts:
    """What is known once they stop; the answers are the same in both languages."""
    stopped = engine.stopped(FLOW, walked(person["id"], person["language"]).last, TODAY)
    return facts_of(FLOW, stopped, NOW, place=KAZAKHSTAN, asked_urgent=False, at_least=Level.normal)


@pytest.mark.parametrize("who", TOLD_OF)
def test_an_alert_names_the_deadline_that_it_must_and_says_nothing_that_is_not_so(who: str) -> None:
    person = PEOPLE[who]
    facts = facts_about(person)
    both = [one for one in to_name(FLOW, facts.deadlines, NOW) if one is not None]
    text = alert(facts, "en")
    assert [one for one in person.get("named", []) if one not in {each.clock for each in both}] == []
    assert [one for one in person.get("untrue", []) if one in text] == []
    assert [one.clock for one in both if one.ends in person.get("unsaid", [])] == []


def test_every_alert_is_drawn() -> None:
    """Of those of whom nothing is demanded, too."""
    assert len(TOLD_OF) >= 40
    assert all(alert(facts_about(person), "en") for person in PEOPLE.values())
