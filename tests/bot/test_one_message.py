"""However one process, or two on one PostgreSQL, change a message of a member's chat: one is left, and it is true.

Two run in this process and in virtual time, each on connections of its own: what is played is any order of their calls
of the Bot API.
"""

import asyncio
import contextlib
import random
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.delivery.kind import ToMember
from bot.demo.world import Message
from bot.errors import TryAgain
from storage import duty_cards
from storage.case import Case, Claimed, Waiting
from storage.lists import list_of
from storage.outbox import Due, Lane, RowKind
from storage.schema import outbox
from storage.tx import Reading, Tx
from tests.conftest import Postgres
from tests.shared import one_at_a_time
from tests.talks.life import Life, Telegram, begun, living, prepare
from tests.virtual_time import run
from tests.whole import WHOLE, one_in

pytestmark = pytest.mark.once  # what changes there is rehearsed elsewhere
PERSON, AIGUL, BOSS = 900, 201, 301
LAWYER, OTHER, COORDINATOR = 1, 2, 3
SOON = timedelta(seconds=3)  # what was put off
Step = Callable[[Life, Tx, Case], object]


@pytest.fixture(scope="module")
def on_a_server(shared: Path, postgres: Postgres, migrated_on_postgres: str) -> tuple[Path, str]:
    """An instance with its members, made once: its folder, and the database that it was made in."""
    folder = shared / f"prepared-on-{postgres.folder.name}"
    name = folder.with_suffix(".database")
    with one_at_a_time(shared):
        if not folder.exists():
            name.write_text(postgres.make(migrated_on_postgres))
            prepare(folder, postgres.url(name.read_text()))
    return folder, name.read_text()


@pytest.fixture
def pair(on_a_server: tuple[Path, str], postgres: Postgres, tmp_path: Path) -> Iterator[Sequence[Life]]:
    """Two processes that talk to one Telegram."""
    folder, database = on_a_server
    name = postgres.make(database)
    shutil.copytree(folder, tmp_path / "pana")
    one, other = (Life(tmp_path / "pana", postgres.url(name)) for _ in range(2))
    other.world, other.telegram = one.world, Telegram(one.world)
    other._built()
    for life in (one, other):
        life.sender._works = lambda: True
    yield one, other
    for life in (one, other):
        life.core.database.close()
    postgres.drop(name)


@pytest.fixture(params=["one on a file", "two on a server"])
def lives(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> Iterator[Sequence[Life]]:
    """One process, or two."""
    if request.param == "two on a server":
        yield request.getfixturevalue("pair")
        return
    with living(prepared, tmp_path / "pana") as life:
        yield (life,)


# --- messages, and what may change each of them ---


@dataclass(frozen=True)
class Scene:
    """A message in a chat: whose, which it is as far as anybody knows, how it is drawn, what is done to it."""

    chat_id: int
    member_id: int
    begins: tuple[Step, ...]
    known: Callable[[Life, Reading, int], int | None]
    draws: RowKind
    steps: tuple[Step, ...]


def row(kind: RowKind, member_id: int = LAWYER, *, of_case: bool = True) -> Step:
    """Something is queued."""
    return lambda life, tx, case: life.core.queue.to_member(tx, kind, member_id, case_row=case.row if of_case else None)


def takes(member_id: int) -> Step:
    """A lawyer takes the case, or whoever has it gives it back."""

    def does(life: Life, tx: Tx, case: Case) -> None:
        if isinstance(case, Waiting):
            life.core.calls.take(tx, case, life.core.members.get(tx, member_id))
        elif isinstance(case, Claimed):
            life.core.giving_back.given_back(tx, case)

    return does


def writes(life: Life, tx: Tx, case: Case) -> None:
    """The claimer writes to the person."""
    assert isinstance(case, Claimed)
    life.core.messages.to_seeker(tx, case, "Я юрист")


def graver(life: Life, tx: Tx, case: Case) -> None:
    """What the person answers is new and grave."""
    assert isinstance(case, Claimed)
    life.core.calls.graver.rings(tx, case, case.handoff.facts.reasons, rises=False)


def seen(life: Life, tx: Tx, case: Case) -> None:
    """The claimer has seen it."""
    assert isinstance(case, Claimed)
    life.core.calls.graver.seen(tx, case)


def sends_all(life: Life, tx: Tx, case: Case) -> None:
    """The claimer asks for all that they have."""
    del case
    life.front.member.claims.send_all(tx, life.core.members.get(tx, LAWYER))


def listed(life: Life, tx: Tx, case: Case) -> None:
    """The case stands on the lawyer's list."""
    life.core.calls._list(tx, case, LAWYER, crowd=False, silent=False)  # type: ignore[arg-type]


def alert_of(member_id: int) -> Callable[[Life, Reading, int], int | None]:
    """The message of a member's alert."""
    return lambda life, tx, case_row: life.core.cases.alerted.of(tx, case_row)[member_id].message_id


def risen(life: Life, tx: Reading, case_row: int) -> int | None:
    """What tells a claimer that the case is graver."""
    case = life.core.cases.get(tx, case_row)
    assert isinstance(case, Claimed)
    assert case.handoff.facts.change is not None
    return case.handoff.facts.change.message


def unclaimed(life: Life, tx: Tx, case: Case) -> None:
    """A coordinator hears that nobody has taken it."""
    life.core.cases.alerted.keep(tx, case.row, COORDINATOR, state="told")
    life.core.queue.to_member(tx, RowKind.unclaimed, COORDINATOR, case_row=case.row)


SCENES = {
    "an alert": Scene(
        AIGUL,
        LAWYER,
        (),
        alert_of(LAWYER),
        RowKind.alert,
        (row(RowKind.ring), row(RowKind.alert), takes(OTHER)),
    ),
    "what nobody has taken": Scene(
        BOSS,
        COORDINATOR,
        (unclaimed,),
        alert_of(COORDINATOR),
        RowKind.alert,
        (unclaimed, row(RowKind.alert, COORDINATOR)),
    ),
    "a list": Scene(
        AIGUL,
        LAWYER,
        (listed,),
        lambda _life, tx, _case: list_of(tx, LAWYER)[0],
        RowKind.list,
        (row(RowKind.rings, of_case=False), row(RowKind.list, of_case=False), takes(OTHER)),
    ),
    "the card of a claim": Scene(
        AIGUL, LAWYER, (takes(LAWYER),), alert_of(LAWYER), RowKind.alert, (row(RowKind.alert), sends_all)
    ),
    "what became of a message": Scene(
        AIGUL,
        LAWYER,
        (takes(LAWYER), writes),
        lambda life, tx, case_row: life.core.contacts.get(tx, case_row).receipt_message,
        RowKind.receipt,
        (writes, row(RowKind.receipt)),
    ),
    "that a case is graver": Scene(
        AIGUL,
        LAWYER,
        (takes(LAWYER), graver),
        risen,
        RowKind.risen,
        (graver, seen, row(RowKind.risen)),
    ),
    "a duty": Scene(
        AIGUL,
        LAWYER,
        (row(RowKind.duty, of_case=False),),
        lambda _life, tx, _case: duty_cards.of(tx, LAWYER),
        RowKind.dutynow,
        (row(RowKind.duty, of_case=False), row(RowKind.dutynow, of_case=False)),
    ),
}


# --- the two ---


async def settled(lives: Sequence[Life]) -> None:
    """Until nothing is due and nothing on its way."""
    soon = select(func.count()).select_from(outbox)
    for _ in range(600):
        await asyncio.sleep(1.0)
        if all(life.showing.idle and life.sender.idle for life in lives) and not lives[0].change(
            lambda tx: tx.execute(soon.where(outbox.c.next_at <= tx.now + SOON)).scalar_one()
        ):
            return
    raise AssertionError("it does not come to rest")


@contextlib.asynccontextmanager
async def sending(lives: Sequence[Life]) -> AsyncIterator[Sequence[asyncio.Task[None]]]:
    """Each sends what is due, as the running bot does."""
    async with asyncio.TaskGroup() as group:
        for life in lives:
            life.showing.begin(group)
        senders = [group.create_task(life.sender.run()) for life in lives]
        yield senders
        for one in senders:
            one.cancel()


async def begins(lives: Sequence[Life], scene: Scene) -> tuple[Case, int]:
    """The message stands there: the case, and how many messages the chat has."""
    first = lives[0]
    await begun(first, PERSON)
    await first.press(PERSON, "Удерживают")
    await settled(lives)
    (case,) = first.change(first.core.cases.listed)
    for step in scene.begins:
        done(first, step, case)
        await settled(lives)
    return case, len(of_the_case(first, scene))


def done(life: Life, step: Step, case: Case) -> None:
    """A change of its own; its process sends what it has brought about."""
    life.change(lambda tx: step(life, tx, life.core.cases.get(tx, case.row)))
    life.sender.wake()


def one_is_left(life: Life, scene: Scene, case: Case, began: int) -> None:
    """The chat has as many messages as when it began, and the one that is known says what is true now."""
    known = life.change(lambda tx: scene.known(life, tx, case.row))
    there = of_the_case(life, scene)
    assert known in there
    assert len(there) == began, [one.text for one in there.values()]
    assert said(there[known]) == drawn(life, scene, case)


def of_the_case(life: Life, scene: Scene) -> dict[int, Message]:
    """The messages of the chat by their number, without files."""
    return {one.id: one for one in life.seen(scene.chat_id) if ".zip" not in one.text}


def drawn(life: Life, scene: Scene, case: Case) -> tuple[str, list[str]]:
    """What the message says when it is brought up to date now."""
    due = Due(
        id=0,
        lane=Lane.lawyer,
        kind=scene.draws.value,
        case_row=case.row,
        member_id=scene.member_id,
        secret=None,
        args={},
        attempts=0,
    )
    parcel = life.change(lambda tx: life.pana.kinds.room(due).draw(tx, due))
    assert isinstance(parcel, ToMember)
    assert parcel.card is not None
    return parcel.card.text, [one.text for each in parcel.card.rows for one in each]


def said(one: Message) -> tuple[str, list[str]]:
    """What a message says."""
    return one.text, one.labels


def any_time(dice: random.Random) -> Callable[[], float]:
    """How long a call takes."""
    return lambda: dice.choice((0.0, dice.uniform(0.0, 0.4), dice.uniform(0.0, 3.0)))


# In the suite each scene has one order of calls, each another; in `make both` all have ten.
ORDERS = (
    [(what, seed) for what in SCENES for seed in range(10)] if WHOLE else list(zip(SCENES, range(10), strict=False))
)


@pytest.mark.parametrize(("what", "seed"), ORDERS)
def test_one_message_is_left_and_says_what_is_true(what: str, seed: int, lives: Sequence[Life]) -> None:
    """Calls of the Bot API take as long as they like, and some fail. When the case is erased nothing of it is left."""
    scene, dice, first = SCENES[what], random.Random(seed), lives[0]

    async def before(_what: str, chat_id: int) -> None:
        if chat_id == scene.chat_id and dice.random() < 0.1:
            raise TryAgain("a lost connection", 0.1)

    async def story() -> None:
        async with sending(lives):
            case, began = await begins(lives, scene)
            for life in lives:
                life.telegram.delay, life.telegram.before = any_time(dice), before
            for _ in range(4):
                for _ in range(4):
                    done(dice.choice(lives), dice.choice(scene.steps), case)
                    await asyncio.sleep(dice.choice((0.0, dice.uniform(0.0, 1.5))))
                await settled(lives)
                one_is_left(first, scene, case, began)
            for _ in range(3):
                done(dice.choice(lives), dice.choice(scene.steps), case)
            done(dice.choice(lives), lambda life, tx, case: life.core.calls.erased(tx, case), case)
            await settled(lives)
            alerted = first.change(lambda tx: first.core.cases.alerted.of(tx, case.row))[scene.member_id].message_id
            for one in first.seen(scene.chat_id):
                if case.code in one.text:
                    assert one.id == alerted, one.text
                    assert said(one) == drawn(first, SCENES["an alert"], case)

    run(story())


@pytest.mark.parametrize("what", SCENES)
@pytest.mark.parametrize("seed", one_in(6, range(6)))
def test_who_is_killed_leaves_the_message_to_the_other_process(what: str, seed: int, pair: Sequence[Life]) -> None:
    """At any call that has not reached Telegram: what that process had in hand is done when its time is over."""
    scene, dice, (killed, other) = SCENES[what], random.Random(seed), pair
    calls, dead = dice.randrange(1, 4), asyncio.Event()

    async def before(does: str, chat_id: int) -> None:
        nonlocal calls
        if chat_id != scene.chat_id:
            return
        calls -= does != "remove"  # of what was just sent nobody could know any more
        if calls <= 0:
            dead.set()
            await asyncio.Event().wait()

    async def story() -> None:
        async with sending(pair) as senders:
            case, began = await begins(pair, scene)
            killed.telegram.before = before
            for _ in range(20):
                done(dice.choice([killed, killed, other] if senders else [other]), dice.choice(scene.steps), case)
                await asyncio.sleep(dice.uniform(0.0, 1.5))
                if dead.is_set():
                    senders[0].cancel()
            assert dead.is_set()
            await settled([other])
            one_is_left(other, scene, case, began)

    run(story())


@pytest.mark.parametrize("what", SCENES)
@pytest.mark.parametrize("lives_on", [True, False])
def test_a_call_that_takes_a_minute(what: str, lives_on: bool, pair: Sequence[Life]) -> None:
    """Its process keeps the turn while it lives; one that has stood still finds it lost, and looks what is true."""
    scene, (slow, other) = SCENES[what], pair
    log, changed = other.telegram.log, list[bool]()

    def changes() -> int:
        """How often the other process has sent or changed what is no file."""
        return sum(one.chat_id == scene.chat_id and ".zip" not in one.text and one.what != "remove" for one in log)

    async def before(_what: str, chat_id: int) -> None:
        if chat_id == scene.chat_id:
            slow.telegram.before = None
            began = changes()
            await asyncio.sleep(60.0)
            changed.append(changes() > began)

    async def story() -> None:
        async with sending(pair):
            case, began = await begins(pair, scene)
            if not lives_on:
                slow.sender._goes_on = lambda *_: asyncio.sleep(3600.0)  # type: ignore[method-assign]
            slow.telegram.before = before
            done(slow, scene.steps[0], case)
            await asyncio.sleep(0.5)
            for _ in range(4):
                for step in scene.steps:
                    done(other, step, case)
                await asyncio.sleep(10.0)
            await settled(pair)
            assert changed == [not lives_on]
            one_is_left(other, scene, case, began)

    run(story())
