"""What leaves for a person's phone, and what of it rings: every cell of the table, through the whole bot."""

import ast
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from bot.gate import Ring, Way, let_out
from bot.rings import Event
from flows.facts import Rising
from flows.hands import Hands
from flows.model import Level, RuleId
from storage.schema import intake
from tests.talks.life import Life, Sent, answers, begun, called, closed, living, taken, written
from tests.talks.moments import Moments, Step
from tests.virtual_time import run
from tests.ways import HELD_ON
from tests.whole import by_pairs

PERSON = 900
NEUTRAL = "Есть новое сообщение"
BOT = Path(__file__).parents[2] / "bot"

# whose phone -> in whose hands its person is said to be -> what that means for it
MEANS = {
    "own": {"free": Hands.free, "held": Hands.held, "unknown": Hands.unsure, "hidden": Hands.hidden},
    "relative's": {"free": Hands.free, "held": Hands.free, "unknown": Hands.free, "hidden": Hands.hidden},
    "unknown": {"free": Hands.free, "held": Hands.held, "unknown": Hands.unsure, "hidden": Hands.hidden},
}
WHERE = {"free": "7", "held": "1", "unknown": "6", "hidden": "7"}
FOR_WHOM = {"own": ("1",), "relative's": ("2",), "unknown": ()}
# What may be new in the chat: nothing; a card without a sound; a neutral message without or with one.
_NEWS = {Hands.free: "rings", Hands.held: "nothing", Hands.unsure: "silent", Hands.hidden: "nothing"}
_ANSWER = {Hands.free: "card", Hands.held: "card", Hands.unsure: "card", Hands.hidden: "nothing"}
_TYPED = _ANSWER | {Hands.hidden: "card"}  # what a stranger is answered
COMES = {
    Event.press: _ANSWER,
    Event.text: _TYPED,
    Event.aside: _TYPED,
    Event.redraw: _ANSWER,
    Event.late: _NEWS | {Hands.hidden: "card"},
    Event.taken: _NEWS,
    Event.lapsed: _NEWS,
    Event.closed: _NEWS,
    Event.rise: _NEWS,
    Event.relayed: _NEWS,
    Event.asked_again: _NEWS,
    Event.expiry: _NEWS,
    Event.renewed: _ANSWER,
    Event.told: dict.fromkeys(Hands, "nothing"),
}
AFTER_A_CLAIM = {Event.lapsed, Event.closed, Event.relayed}


async def _press(life: Life) -> None:
    await life.press(PERSON, "Назад")


async def _text(life: Life) -> None:
    await life.say(PERSON, "1")


async def _late(life: Life) -> None:
    await life.say(PERSON, "1", late=True)


async def _aside(life: Life) -> None:
    life.show(PERSON, life.change(lambda tx: life.front.aside(tx, 5_000, PERSON, "ValueError")))


def _row(life: Life) -> int:
    (row,) = life.change(life.core.intakes.rows)
    return row


async def _redraw(life: Life) -> None:
    shown = life.change(lambda tx: life.pana.seeker.over_time.redraw(tx, _row_of(life, tx)))
    if shown is not None:
        life.show(*shown)


def _row_of(life: Life, tx: object) -> int:
    (row,) = life.core.intakes.rows(tx)  # type: ignore[arg-type]
    return row


async def _asked_again(life: Life) -> None:
    shown = life.change(lambda tx: life.pana.seeker.over_time.ask_again(tx, _row_of(life, tx), heard=()))
    if shown is not None:
        life.show(*shown)


async def _taken(life: Life) -> None:
    await taken(life)


async def _lapsed(life: Life) -> None:
    await life.pass_time(timedelta(minutes=11))
    await life.pass_time(timedelta(minutes=5))


async def _closed(life: Life) -> None:
    await closed(life)


async def _relayed(life: Life) -> None:
    await written(life)


async def _rise(life: Life) -> None:
    def change(tx: object) -> None:
        (case,) = life.core.cases.waiting(tx)  # type: ignore[arg-type]
        rises = Rising(life.now(), Level.critical, RuleId("C3"))
        facts = msgspec.structs.replace(case.handoff.facts, level=Level.high, risings=(rises,))
        life.core.cases.update_facts(tx, case, facts, ring_now=life.now())  # type: ignore[arg-type]

    life.change(change)
    await life.pass_time(timedelta(seconds=1))


async def _expiry(life: Life) -> None:
    life.change(lambda tx: tx.execute(update(intake).values(expires_at=life.now())))
    await life.pass_time(timedelta(seconds=1))


async def _renewed(life: Life) -> None:
    life.change(lambda tx: tx.execute(update(intake).values(expires_at=life.now() + timedelta(days=9))))
    await life.pass_time(timedelta(hours=46, minutes=30))


async def _told(life: Life) -> None:
    life.change(lambda tx: life.core.queue.person.news(tx, life.core.cases.listed(tx)[0]))


HAPPENS: Mapping[Event, Callable[[Life], Awaitable[None]]] = {
    Event.press: _press,
    Event.text: _text,
    Event.late: _late,
    Event.aside: _aside,
    Event.redraw: _redraw,
    Event.asked_again: _asked_again,
    Event.taken: _taken,
    Event.lapsed: _lapsed,
    Event.closed: _closed,
    Event.relayed: _relayed,
    Event.rise: _rise,
    Event.expiry: _expiry,
    Event.renewed: _renewed,
    Event.told: _told,
}


async def _hides(life: Life) -> None:
    await life.press(PERSON, "Скрыть чат")


def _in_the_questions(whose: str, hands: str, *, claimed: bool, hides: bool) -> list[Step]:
    """A called lawyer's case, its person in the middle of the questions."""
    steps: list[Step] = [(called, PERSON), (answers, PERSON, (WHERE[hands],)), (answers, PERSON, FOR_WHOM[whose])]
    return [*steps, *([(taken,)] if claimed else []), *([(_hides,)] if hides else [])]


IN_PAIRS = by_pairs(list(COMES), list(WHERE), list(FOR_WHOM))
GRAVEST = [(event, "held", "own") for event in COMES]  # a phone that the police hold is tried with each of them


@pytest.mark.parametrize(("event", "hands", "whose"), list(dict.fromkeys([*IN_PAIRS, *GRAVEST])))
def test_who_is_rung_by_what(whose: str, hands: str, event: Event, moments: Moments, tmp_path: Path) -> None:
    """A called lawyer's case, the person in the middle of the questions; then it happens.

    In the suite each event in all hands, and with each phone, and all of them on the phone of somebody who is held; all
    three together in `make both`.
    """
    hidden = hands == "hidden"

    async def story(life: Life) -> list[Sent]:
        before = len(life.telegram.log)
        if hidden and event is Event.press:  # a press on its way while the chat is hidden
            await _hides(life)
            await _press(life)
        else:
            await HAPPENS[event](life)
        await life.rest()
        return [one for one in life.telegram.log[before:] if one.chat_id == PERSON and one.what != "remove"]

    claimed, hides = event in AFTER_A_CLAIM, hidden and event is not Event.press
    begins = moments.after(*_in_the_questions(whose, hands, claimed=claimed, hides=hides))
    with living(begins, tmp_path / "life") as life:
        log = run(life.live(story))
    means, sent = MEANS[whose][hands], [one for one in log if one.what == "send"]
    match COMES[event][means]:
        case "nothing":
            assert sent == []
        case "card":
            assert not any(one.rings for one in sent)
        case "silent":
            assert [(one.text, one.rings) for one in sent] == [(NEUTRAL, False)]
        case "rings":
            assert [(one.text, one.rings) for one in sent] == [(NEUTRAL, True)]
    if means is Hands.hidden and COMES[event][means] == "nothing":
        assert log == []  # nothing but deletions


@pytest.mark.parametrize("event", list(COMES))
@pytest.mark.parametrize("hands", list(Hands))
def test_what_its_person_said_of_ringing_counts_more_than_in_whose_hands_the_phone_may_be(
    hands: Hands, event: Event
) -> None:
    """Asked for: news ring. Not wanted: they never do. A hidden chat stays silent whatever was said."""
    asked, not_wanted = let_out(event, hands, Ring.yes), let_out(event, hands, Ring.no)
    answers_or_card = COMES[event][Hands.free] != "rings"
    if hands is Hands.hidden:
        assert asked is not_wanted is Way.nothing
    elif answers_or_card:
        assert asked is not_wanted is let_out(event, hands)
    else:
        assert (asked, not_wanted) == (Way.ping, Way.edit)


def test_somebody_held_who_asked_for_this_chat_is_rung_for_a_message_only() -> None:
    """Other news waits on the card until they choose otherwise."""
    rung = {event for event in Event if let_out(event, Hands.chosen) in {Way.ping, Way.hint}}
    # That a message was there and is gone is told like the message, and that what they have answered is about to go.
    assert rung == {Event.relayed, Event.unopened, Event.ends}


@pytest.mark.parametrize(
    ("pressed", "rings"), [([], 0), (["Сообщать о новостях"], 1), (["Сообщать о новостях", "Не сообщать"], 0)]
)
def test_pings_are_asked_for_and_given_up_with_a_button(
    pressed: list[str], rings: int, moments: Moments, tmp_path: Path
) -> None:
    """Held: no news rings until "Ring when there is news" is pressed, and none after "Do not ring"."""

    async def story(life: Life) -> int:
        for label in pressed:
            await life.press(PERSON, label)
            await life.rest()
        before = len(life.telegram.log)
        await taken(life)
        return sum(one.rings for one in life.telegram.log[before:] if one.chat_id == PERSON)

    said = ("1", "1", "2", "1", "5", "/skip", "2", "слова", "1", *HELD_ON, "1", "отправить")
    with living(moments.after((begun, PERSON), (answers, PERSON, said)), tmp_path / "life") as life:
        assert run(life.live(story)) == rings


# Who may put something into a chat, and into whose: whatever else sends or edits has found a way past the door.
MAY_SEND = {
    "telegram/door.py": {"bring", "_send"},  # everything to a person's chat: what changes there, what is new
    "delivery/carrier.py": {
        "_send",  # a ToMember, which is a member's by its type: a file
        "_shows",  # its card
        "_zip",  # a case's zip
        "_remove",  # a message that loses what it says, because nobody can remove it any more
    },
}


def test_nothing_but_the_door_sends_to_a_persons_chat() -> None:
    """Every call of `send`, `edit`, `empty` and `document` on the post stands in a known function."""
    found: dict[str, set[str]] = {}
    for file in BOT.rglob("*.py"):
        name = file.relative_to(BOT).as_posix()
        if name.startswith(("demo/", "outside/")) or name == "telegram/post.py":
            continue
        text = file.read_text()
        for function in ast.walk(ast.parse(text if "api" in text or "post" in text else "")):  # else nothing posts
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in ast.walk(function):
                    if _posts(call):
                        found.setdefault(name, set()).add(function.name)
    assert found == MAY_SEND


_OF_THE_LIBRARY = {"call", "send_message", "edit_message_text", "edit_message_media", "send_document"}


def _posts(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    name, holder = node.func.attr, ast.unparse(node.func.value)
    return (name in _OF_THE_LIBRARY and "api" in holder) or (
        name in {"send", "edit", "empty", "document"} and holder.rpartition(".")[2].strip("_") == "post"
    )


def test_rows_for_a_person_are_brought_by_the_door() -> None:
    """What goes to a member is of another type; what goes to a person has one that only the door takes."""
    tree = ast.parse((BOT / "delivery" / "kinds" / "person.py").read_text())
    drawn = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and "ToPerson" in ast.unparse(one)]
    assert {"_news", "_ping", "_unread", "_closed", "_bye", "_stray"} <= {one.name for one in drawn}
    for function in drawn:
        assert function.returns is not None
        assert ast.unparse(function.returns) in {"ToPerson", "ToPerson | None"}
    assert "ToMember" not in {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(tree)}
