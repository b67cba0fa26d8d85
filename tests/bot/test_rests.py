"""What changes with every tap is brought up to date once in a while, and then says what is true."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.delivery.sender import Rests, Turns
from storage.outbox import Due, Lane, RowKind
from storage.tx import Tx
from tests.talks.life import Life, begun, living
from tests.virtual_time import run

AIGUL, PERSON = 201, 900


def due(kind: str = "list", case_row: int | None = None, member_id: int = 1, number: int = 7, queued: int = 0) -> Due:
    """A row."""
    return Due(
        id=number,
        lane=Lane.lawyer,
        kind=kind,
        case_row=case_row,
        member_id=member_id,
        secret=None,
        args={},
        attempts=0,
        queued=queued,
    )


def test_the_first_goes_at_once_and_the_next_when_the_rest_is_over() -> None:
    """However often it is queued meanwhile, one is drawn; nobody waits longer than the rest."""

    async def story() -> None:
        rests, clock = Rests(), asyncio.get_running_loop().time
        began = clock()
        assert await rests.over(due(), 1.0)
        assert clock() == began
        found = await asyncio.gather(*(rests.over(due(queued=number), 1.0) for number in range(50)))
        assert [one.queued for one in found if one is not None] == [49]  # as it was taken last
        assert clock() == pytest.approx(began + 1.0)
        await asyncio.sleep(3.0)
        assert await rests.over(due(), 1.0)
        assert clock() == pytest.approx(began + 4.0)

    run(story())


@pytest.mark.parametrize("other", [due("alert"), due(member_id=2), due(case_row=3)])
def test_one_does_not_wait_for_another(other: Due) -> None:
    """Of another kind, for another member, or about another case."""

    async def story() -> None:
        rests, clock = Rests(), asyncio.get_running_loop().time
        began = clock()
        assert await rests.over(due(), 1.0)
        assert await rests.over(other, 1.0)
        assert clock() == began

    run(story())


def test_another_row_of_the_same_is_not_left_to_the_one_that_waits() -> None:
    """That settles only itself: the other would stay taken, and come a minute later."""

    async def story() -> None:
        rests, clock = Rests(), asyncio.get_running_loop().time
        began = clock()
        assert await rests.over(due(), 1.0)
        rows = (rests.over(due(number=number), 1.0) for number in (7, 8, 7, 8))
        assert len([one for one in await asyncio.gather(*rows) if one is not None]) == 2
        assert clock() == pytest.approx(began + 1.0)

    run(story())


def test_who_is_cancelled_while_it_rests_is_in_nobodys_way() -> None:
    """The next one waits in its place."""

    async def story() -> None:
        rests = Rests()
        assert await rests.over(due(), 1.0)
        first = asyncio.ensure_future(rests.over(due(), 1.0))
        await asyncio.sleep(0.5)
        first.cancel()
        await asyncio.wait([first])
        assert await rests.over(due(), 1.0)

    run(story())


def test_what_does_not_rest_goes_every_time() -> None:
    """A kind without a rest."""

    async def story() -> None:
        rests = Rests()
        assert all(await asyncio.gather(*(rests.over(due(), 0.0) for _ in range(5))))

    run(story())


@pytest.mark.parametrize("first", ["the press", "the row"])
def test_what_a_member_has_pressed_for_does_not_rest(first: str) -> None:
    """They look at what comes of it; whatever came first, the press or the row that it brought about."""

    async def story() -> None:
        rests, clock = Rests(), asyncio.get_running_loop().time
        began = clock()
        assert await rests.over(due(), 1.0)
        assert await rests.over(due(member_id=2, number=8), 1.0)
        if first == "the press":
            rests.end(1)
        waiting = asyncio.ensure_future(rests.over(due(), 1.0))
        other = asyncio.ensure_future(rests.over(due(member_id=2, number=8), 1.0))
        await asyncio.sleep(0)
        rests.end(1)
        assert await waiting
        assert clock() == began
        assert await other
        assert clock() == pytest.approx(began + 1.0)

    run(story())


def test_who_takes_a_case_sees_it_at_once_however_often_its_person_answers(prepared: Path, tmp_path: Path) -> None:
    """The alert rests between two answers; the claim, which stands in its place, does not."""

    async def sent(life: Life) -> None:
        await asyncio.gather(*(life.sender._deliver(row) for row in await life.sender._take()))

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await life.press(PERSON, "Удерживают")
        await life.rest()
        await life.say(PERSON, "2")
        await sent(life)
        await life.press(AIGUL, "Взять в работу")
        began, seen = life.now(), []

        async def at(what: str, chat_id: int) -> None:
            if (what, chat_id) == ("edit", AIGUL):
                seen.append(life.now())

        life.telegram.before = at
        await sent(life)
        assert any("Закрыть" in label for one in life.seen(AIGUL) for label in one.labels)
        assert seen == [began]

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))


@pytest.mark.parametrize(
    ("other", "message", "waits"),
    [
        (due(number=8), "", True),  # the same, queued anew
        (due("alert", number=8), "", False),
        (due("alert", number=8), "card", True),
        (due(member_id=2, number=8), "", False),
        (due(case_row=3, number=8), "", False),
    ],
)
def test_what_may_change_one_message_is_drawn_when_what_came_before_is_settled(
    other: Due, message: str, waits: bool
) -> None:
    """Of one kind, or of kinds that name one message, about one case for one member."""

    async def story() -> None:
        turns, clock = Turns(), asyncio.get_running_loop().time
        began = clock()

        async def takes(one: Due) -> float:
            async with turns.of(one, message):
                at = clock()
                await asyncio.sleep(1.0)
            return at - began

        assert await asyncio.gather(takes(due()), takes(other)) == [0.0, pytest.approx(1.0 if waits else 0.0)]

    run(story())


@pytest.mark.parametrize("seed", range(6))
def test_of_what_comes_for_one_case_at_once_one_message_is_left(seed: int, prepared: Path, tmp_path: Path) -> None:
    """A call in place of the alert, and a change of that alert, each as slow as it likes."""
    dice = random.Random(seed)

    async def sent(life: Life) -> None:
        rows = [*await life.sender._take()]
        dice.shuffle(rows)
        await asyncio.gather(*(life.sender._deliver(row) for row in rows))

    async def story(life: Life) -> None:
        await begun(life, PERSON)
        await life.press(PERSON, "Удерживают")
        await life.rest()
        life.telegram.delay = lambda: dice.uniform(0.0, 0.5)
        for _ in range(4):

            def again(tx: Tx) -> None:
                case = life.core.cases.listed(tx)[0]
                life.core.queue.to_member(tx, RowKind.ring, 1, case_row=case.row)
                life.core.calls.refresh(tx, case.row)

            life.change(again)
            await sent(life)
        await life.rest()
        code = life.change(life.core.cases.listed)[0].code
        assert [code in one.text for one in life.seen(AIGUL)].count(True) == 1
        before = len(life.seen(AIGUL))
        life.change(lambda tx: life.core.calls.erased(tx, life.core.cases.listed(tx)[0]))
        await life.rest()
        assert len(life.seen(AIGUL)) == before
        assert "СРОЧНО" not in life.text(AIGUL)

    with living(prepared, tmp_path / "life") as life:
        run(life.live(story))
