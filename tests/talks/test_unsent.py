"""What a lawyer has typed and not sent or saved: whatever they press, it can still be, or the chat says that it went.

In process. Every button that a lawyer of two cases may press meanwhile, also of an older card.
"""

import itertools

import pytest

from bot.speech.presses import Claim, Colleagues, OfClaim, OnClaim, Say, button_data
from storage.case import Claimed
from storage.case_rows import set_columns
from tests.talks.talks import Talks, talks, urgent
from tests.talks.test_claims import BORIS, PERSON
from tests.talks.test_papers import checked

__all__ = ["talks"]  # a fixture
OTHER = 901
TYPED = "Жена может позвонить в семь"
WENT = ("Набранный ранее текст убран из чата", "Не отправлено.", "Заметки нет.")
PRESSES = ("write", "note", "cancel", "acting", "hand_over", "a phrase", "colleagues")


def pressed(talks: Talks, code: str, name: str) -> None:
    """A button of any card of this case, also of an older one."""
    press: OnClaim
    match name:
        case "a phrase":
            press = Say(code, 2)
        case "colleagues":
            press = Colleagues(code, 0)
        case _:
            press = OfClaim(code, Claim[name])
    talks.push(BORIS, button_data(talks.core.ring, BORIS, press), talks.newest)


def both(talks: Talks) -> tuple[Claimed, Claimed]:
    """Boris has two cases and has opened them."""
    first = checked(talks)
    urgent(talks, OTHER)
    talks.say(BORIS, f"/take {talks.case().code}")
    talks.change(lambda tx: set_columns(tx, talks.case().row, checked=1))
    second = talks.case()
    assert isinstance(second, Claimed) and second.row != first.row
    return first, second


@pytest.mark.parametrize(
    ("way", "name", "elsewhere"), list(itertools.product(("write", "note"), PRESSES, (False, True))), ids=str
)
def test_what_was_typed_can_still_be_sent_or_the_chat_says_that_it_went(
    talks: Talks, way: str, name: str, *, elsewhere: bool
) -> None:
    """In the same case or in another: whole, to whom it was meant for."""
    first, second = both(talks)
    pressed(talks, first.code, way)
    talks.say(BORIS, TYPED)
    assert TYPED in talks.seen(BORIS)
    talks.toast = None
    pressed(talks, second.code if elsewhere else first.code, name)
    if any(one in f"{talks.toast}\n{talks.seen(BORIS)}" for one in WENT) and TYPED not in talks.seen(BORIS):
        return
    assert TYPED in talks.seen(BORIS)
    talks.press(BORIS, "Отправить" if way == "write" else "Сохранить")
    if way == "write":
        talks.press(PERSON, "Показать")
        assert TYPED in talks.seen(PERSON)
        assert "Показать" not in talks.labels(OTHER) or (name, elsewhere) == ("a phrase", True)
    else:
        assert talks.toast == f"Обращение № {first.code}: заметка зашифрована в файле обращения."


@pytest.mark.parametrize("way", ["write", "note"])
def test_only_another_text_takes_the_place_of_what_was_typed_and_names_its_case(talks: Talks, way: str) -> None:
    """Begun again in the same case, it waits as before; nothing that is pressed for another case gives it up."""
    first, second = both(talks)
    pressed(talks, first.code, way)
    talks.say(BORIS, TYPED)
    for code, name in ((first.code, way), (second.code, "cancel"), (second.code, "a phrase")):
        pressed(talks, code, name)
        assert TYPED in talks.seen(BORIS)
        assert "Отправить" in talks.labels(BORIS) or "Сохранить" in talks.labels(BORIS)
    for code, other in (
        (second.code, "write"),
        (second.code, "note"),
        (first.code, "note" if way == "write" else "write"),
    ):
        pressed(talks, first.code, way)
        talks.say(BORIS, TYPED)
        pressed(talks, code, other)
        assert TYPED not in talks.seen(BORIS)
        what = "сообщение не отправлено" if way == "write" else "заметка не сохранена"
        assert f"№ {first.code}: {what}. Набранный ранее текст убран из чата." in talks.text(BORIS)
