"""A hidden chat is silent, whatever is on its way, and its code leads back however it is typed."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.case import Claimed
from storage.record import CODE_ALPHABET, tidy_check_word, tidy_code, tidy_letters
from tests.talks.life import Life, answers, begun, called, closed, living, taken, written
from tests.talks.moments import Moments, Step
from tests.virtual_time import run
from tests.ways import HELD_ON
from tests.whole import WHOLE

PERSON = 900
HOLD = timedelta(seconds=61)


def code_of(life: Life) -> str:
    """The code of the newest case."""
    return life.change(life.core.cases.listed)[-1].code


async def hidden(life: Life) -> None:
    """The button, and nothing on its way any more."""
    await life.press(PERSON, "Скрыть чат")
    await life.rest()


# --- the way back ---

FEW = settings(max_examples=1000 if WHOLE else 30, deadline=None)

_SAME = {
    "C": "Сс",
    "H": "НнΗҢһ",
    "K": "КкΚқ",
    "M": "МмΜ",
    "P": "РрΡ",
    "T": "ТтΤ",
    "X": "ХхΧ",
    "3": "Ззʒ"[:2],
    "6": "6",
}
_DASHES = ["-", "\u2010", "\u2011", "\u2012", "–", "—", "\u2212", " ", "\u00a0", "\u202f", " – ", "", "."]
_BEFORE = ["", "№ ", "#", "Код: ", "код ", "мой код ", "«", "\u200b"]
_AFTER = ["", ".", " ", "!", "\u00a0", "»", "\n"]


@st.composite
def typed_codes(draw: st.DrawFn) -> tuple[str, str]:
    """A code, and one of the ways in which people type it."""
    letters = draw(st.lists(st.sampled_from(CODE_ALPHABET), min_size=8, max_size=8))
    typed = [draw(st.sampled_from([one, one.lower(), *_SAME.get(one, "")])) for one in letters]
    dash, before, after = (draw(st.sampled_from(each)) for each in (_DASHES, _BEFORE, _AFTER))
    form = draw(st.sampled_from(["NFC", "NFD"]))
    text = f"{before}{''.join(typed[:4])}{dash}{''.join(typed[4:])}{after}"
    return "".join(letters), unicodedata.normalize(form, text)


@FEW
@given(typed_codes())
def test_a_code_is_read_however_it_is_typed(code: tuple[str, str]) -> None:
    """Either keyboard, either case, any dash or blank, a sign or word before it, a stop behind it."""
    letters, typed = code
    assert tidy_code(typed) == f"{letters[:4]}-{letters[4:]}"
    assert tidy_check_word(letters[:6].lower()) == letters[:6]


@FEW
@given(typed_codes())
def test_a_check_word_is_read_however_it_is_typed(code: tuple[str, str]) -> None:
    """Like a code, without its last two letters."""
    letters, typed = code
    word = unicodedata.normalize("NFC", typed)
    begins = next(at for at, one in enumerate(word) if tidy_letters(word[at:]) == letters)
    assert tidy_check_word(word[begins:].strip(" .!\n»\u00a0")[:-2].strip() + ".") == letters[:6]


@pytest.mark.parametrize("way", ["№ {}.", "{}!", "«{}»", "\u200b{}"])
def test_a_case_is_taken_with_its_code_however_it_is_typed(way: str, moments: Moments, tmp_path: Path) -> None:
    """In look-alikes of the other keyboard, with any dash."""

    async def story(life: Life) -> None:
        code = code_of(life).replace("-", "\u2011").lower()
        await life.say(202, f"/take {way.format(code.translate(str.maketrans('chkmptx', 'снкмртх')))}")
        await life.rest()
        (case,) = life.change(life.core.cases.listed)
        assert isinstance(case, Claimed)

    with living(moments.after((begun, PERSON), (answers, PERSON, ("1",))), tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize(
    "text", ["", "слова", "K7Q4-F2M", "K7Q4-F2MXX", "0000-1111", "A7Q4-F2MX", "срочно нужен юрист"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    """Words, other lengths, letters that no code has."""
    assert tidy_code(text) is None


async def _a_stranger_again(life: Life) -> None:
    await life.say(PERSON, "/start")
    await life.rest()
    assert code_of(life) not in life.text(PERSON)


async def _another_request(life: Life) -> None:
    await begun(life, PERSON, "Продолжить")
    assert "Кому нужна помощь?" in life.text(PERSON)


_BEGUN: tuple[Step, ...] = ((begun, PERSON), (answers, PERSON, ("1", "1")))
_REST = ("2", "1", "5", "/skip", "2", "слова", "1", *HELD_ON, "1", "отправить")
STATES: Mapping[str, tuple[Step, ...]] = {
    "in the questions": ((hidden,),),
    "sent": ((answers, PERSON, _REST), (hidden,)),
    "claimed": ((taken,), (hidden,)),
    "a stranger again": ((hidden,), (_a_stranger_again,)),
    "in the middle of another request": ((hidden,), (_another_request,)),
    "not hidden": (),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", [lambda code: code, lambda code: f"№ {code.replace('-', chr(0x2212)).lower()}."])
def test_the_code_leads_back_from_everywhere(
    state: str, way: Callable[[str], str], moments: Moments, tmp_path: Path
) -> None:
    """Whatever the chat shows meanwhile; what was typed leaves it."""

    async def story(life: Life) -> str:
        typed = way(code_of(life))
        await life.say(PERSON, typed)
        await life.rest()
        assert typed not in life.text(PERSON).splitlines()
        return life.text(PERSON)

    with living(moments.after(*_BEGUN, *STATES[state]), tmp_path / "life") as life:
        shown = run(life.live(story))
    assert ("юрист" in shown.lower()) and "Скрыть чат" in shown


# --- hiding in a hurry ---


@pytest.mark.parametrize("typed", [False, True])
def test_what_was_not_sealed_yet_is_kept_when_the_chat_is_hidden(typed: bool, prepared: Path, tmp_path: Path) -> None:
    """One act empties the chat and shows the code; with it every answer is there again, and lawyers are not called."""

    async def story(life: Life) -> tuple[str, str]:
        await begun(life, PERSON, "Продолжить")
        await answers(life, PERSON, ["1", "7", "2"])
        if typed:
            await life.say(PERSON, "/clear")
            await life.rest()
            (left,) = life.seen(PERSON)
            told = left.text
            await life.pass_time(timedelta(seconds=16))
        else:
            await hidden(life)
            (told,) = life.telegram.toasts[-1:]
        assert life.text(PERSON) == ""
        assert life.seen(201) == []
        await life.say(PERSON, code_of(life))
        await life.rest()
        return told, life.text(PERSON)

    with living(prepared, tmp_path / "life") as life:
        told, shown = run(life.live(story))
        assert told == f"Чат очищен. Отправленное осталось у нас. Чтобы вернуться, напишите сюда: {code_of(life)}"
    assert "Вас передают России" in shown


def test_whoever_hides_before_answering_the_danger_still_has_a_lawyer_called(moments: Moments, tmp_path: Path) -> None:
    """Urgent, hidden at once: a minute later it rings at the lawyers', and not on this phone."""

    async def story(life: Life) -> None:
        before = len(life.telegram.log)
        await life.pass_time(HOLD)
        assert [one for one in life.telegram.log[before:] if one.chat_id == PERSON] == []

    with living(moments.after((begun, PERSON), (hidden,)), tmp_path / "life") as life:
        run(life.live(story))
        assert "СРОЧНО" in life.text(201)


@pytest.mark.parametrize("answered", [[], ["7", "1", "1"], ["1"]])
def test_beginning_anew_in_a_hidden_chat_calls_for_what_was_left_behind(
    answered: list[str], moments: Moments, tmp_path: Path
) -> None:
    """A danger that was named, or a call for a lawyer, goes to the lawyers before its intake makes room."""

    async def story(life: Life) -> None:
        await answers(life, PERSON, answered)
        await hidden(life)
        await begun(life, PERSON, "Продолжить")

    with living(moments.after((begun, PERSON)), tmp_path / "life") as life:
        run(life.live(story))
        assert len(life.change(life.core.cases.waiting)) == 1
        assert life.seen(201) != []


def test_a_case_that_is_opened_again_stays_as_quiet_as_it_was(prepared: Path, tmp_path: Path) -> None:
    """Held; the situation has changed, and the first answer says nothing of the place: still nothing rings."""

    async def story(life: Life) -> list[bool]:
        await begun(life, PERSON)
        await answers(life, PERSON, ["1", "1", "2", "1", "5", "/skip", "2", "слова", "1", *HELD_ON, "1", "отправить"])
        await life.press(PERSON, "Ситуация изменилась")
        await life.rest()
        await answers(life, PERSON, ("6",))  # where are you now: I don't know
        before = len(life.telegram.log)
        await taken(life)
        await written(life)
        return [one.rings for one in life.telegram.log[before:] if one.chat_id == PERSON and one.what == "send"]

    with living(prepared, tmp_path / "life") as life:
        assert run(life.live(story)) == []


# --- closing ---


def test_a_chat_that_was_emptied_stays_empty_when_the_case_is_closed(moments: Moments, tmp_path: Path) -> None:
    """Hidden, then taken and closed: nothing at all comes."""

    async def story(life: Life) -> None:
        await answers(life, PERSON, ["7", "1", "2", "1"])
        await hidden(life)
        before = len(life.telegram.log)
        await taken(life)
        await closed(life)
        await life.pass_time(timedelta(hours=30))
        assert [one for one in life.telegram.log[before:] if one.chat_id == PERSON] == []

    with living(moments.after((begun, PERSON)), tmp_path / "life") as life:
        run(life.live(story))
        assert life.text(PERSON) == ""


@pytest.mark.parametrize("place", ["1", "7"], ids=["held", "free"])
@pytest.mark.parametrize("end", ["a day", "the button", "/start", "/clear"])
def test_the_last_card_is_neutral_and_goes(place: str, end: str, moments: Moments, tmp_path: Path) -> None:
    """No code, no lawyer; it can be hidden, and /start then looks like the first time."""

    async def story(life: Life) -> None:
        code = code_of(life)
        await closed(life)
        pings = [one for one in life.seen(PERSON) if one.labels == ["Показать"]]
        assert len(pings) == (1 if place == "7" else 0)
        for _ in pings:
            await life.press(PERSON, "Показать")
            await life.rest()
        assert (
            life.telegram.toasts[-len(pings) :]
            == ["Ваше обращение закрыто. Чтобы написать снова, отправьте /start."] * len(pings)
            or not pings
        )
        for one in life.seen(PERSON):
            assert one.text == "Ваше обращение закрыто. Чтобы написать снова, отправьте /start."
            assert one.labels == ["Скрыть чат"]
        assert code not in life.text(PERSON)
        if end == "a day":
            await life.pass_time(timedelta(hours=24, seconds=1))
        elif end == "the button":
            await life.press(PERSON, "Скрыть чат")
        else:
            await life.say(PERSON, end)
        await life.rest()

    begins = moments.after((called, PERSON), (answers, PERSON, (place, "1")), (taken,))
    with living(begins, tmp_path / "life") as life:
        run(life.live(story))
        shown = life.text(PERSON)
    assert "обращение" not in shown
    assert shown == "" if end != "/start" else "1. Русский" in shown
