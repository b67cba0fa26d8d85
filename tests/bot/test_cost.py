"""What an update costs: SQL statements, and rows that are decrypted. In process, on SQLite, each change run once."""

import weakref
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import ColumnElement, Executable, Table, event

from bot.speech.incoming import Pushed, Said
from bot.speech.outgoing import Outcome
from storage import database
from storage.schema import outbox
from storage.sealing import bech32
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, PERSON = 201, 900
pytestmark = pytest.mark.once  # nothing is rehearsed: a change that runs twice costs twice


@dataclass(slots=True)
class Cost:
    """What was done since `begin`. `statements`: in their order. `built`: those that were made for this update."""

    counts: bool = False
    statements: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    queues: Collection[Table] = ()
    known: weakref.WeakSet[Executable] = field(default_factory=weakref.WeakSet)

    def of(self, what: Callable[[], object]) -> tuple[int, int]:
        """How many statements, and how many decryptions, something takes."""
        self.statements, self.opened, self.built, self.counts = [], [], [], True
        what()
        self.counts = False
        return len(self.statements), len(self.opened)


@pytest.fixture
def cost(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    """Counts what the database is asked, and what the key ring opens."""
    made, opens = Cost(), KeyRing.open_row
    talks.core.database.read(talks.core.members.all)  # a member's row is opened once in a process
    assert not database.rehearses([])

    def asked(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if made.counts and not statement.startswith("BEGIN"):
            made.statements.append(statement)

    def executed(_connection: object, statement: Executable, *_more: object) -> None:
        if made.counts and statement not in made.known:
            made.built.append(str(statement))
        made.known.add(statement)

    def open_row(ring: KeyRing, purpose: str, table: str, column: str, row: str, blob: bytes) -> bytes:
        if made.counts:
            made.opened.append(f"{table}.{column}")
        return opens(ring, purpose, table, column, row, blob)  # type: ignore[arg-type]

    talks.cases()  # from here on all is walked in this bot: it remembers what it has heard
    engine = talks.core.database._engine
    event.listen(engine, "before_cursor_execute", asked)
    event.listen(engine, "before_execute", executed)
    monkeypatch.setattr(KeyRing, "open_row", open_row)
    yield made
    event.remove(engine, "before_cursor_execute", asked)
    event.remove(engine, "before_execute", executed)


def press(talks: Talks, cost: Cost, chat: int, label: str) -> tuple[int, int]:
    """What the change of one press costs; then what it brought about happens."""
    _, data, message = next(one for one in reversed(talks.data(chat)) if label in one[0])
    pushed = Pushed(update_id=next(talks._numbers), chat_id=chat, message_id=message, callback_id="c", data=data)
    return heard(talks, cost, pushed)


def say(talks: Talks, cost: Cost, chat: int, text: str) -> tuple[int, int]:
    """What the change of one text costs."""
    number = next(talks._numbers)
    return heard(talks, cost, Said(update_id=number, chat_id=chat, message_id=number, text=text, at=talks.at))


def heard(talks: Talks, cost: Cost, incoming: Pushed | Said) -> tuple[int, int]:
    """What one update costs."""
    outcome = None

    def change(tx: Tx) -> Outcome:
        cost.queues = tx.queues
        return talks.pana.front.hear(tx, incoming)

    def hear() -> None:
        nonlocal outcome
        outcome = talks.change(change)

    found = cost.of(hear)
    assert outcome is not None
    talks._show(incoming.chat_id, outcome)
    talks.deliver()
    return found


def plain_tap(talks: Talks, cost: Cost, person: int = PERSON) -> tuple[int, int]:
    """An answer of somebody of whom nothing is sealed yet."""
    for said in ("/start", "1", "продолжить"):
        talks.say(person, said)
    return press(talks, cost, person, "1. ")


def critical_tap(talks: Talks, cost: Cost) -> tuple[int, int]:
    """A danger is named: the case is opened, and two lawyers are called."""
    talks.say(PERSON, "срочно")
    return press(talks, cost, PERSON, "Удерживают")


def tap_after_it(talks: Talks, cost: Cost) -> tuple[int, int]:
    """A later answer, of which no alert says anything."""
    urgent(talks, PERSON)
    for said in ("1", "2", "5", "5", "1", "2", "слова", "1", "вчера", "5", "3", "2", "1", "/skip"):
        talks.say(PERSON, said)
    return press(talks, cost, PERSON, "1. ")


def tap_of_the_alert(talks: Talks, cost: Cost) -> tuple[int, int]:
    """The next answer, which stands in the alert: that is brought up to date."""
    urgent(talks, PERSON)
    return press(talks, cost, PERSON, "1. ")


def taken(talks: Talks, cost: Cost) -> tuple[int, int]:
    """A lawyer takes the case."""
    urgent(talks, PERSON)
    return say(talks, cost, AIGUL, f"/take {talks.case().code}")


def typed(talks: Talks, cost: Cost) -> tuple[int, int]:
    """A text that is no answer, in the middle of the questions, while the case waits: it is sealed as a message."""
    urgent(talks, PERSON)
    return say(talks, cost, PERSON, "слова о другом")


def told(talks: Talks, cost: Cost) -> tuple[int, int]:
    """A text that asks for help: it is sealed too, and what is read then covers the question."""
    urgent(talks, PERSON)
    return say(talks, cost, PERSON, "что-то")


MOST: list[tuple[Callable[[Talks, Cost], tuple[int, int]], tuple[int, int]]] = [
    (plain_tap, (4, 1)),
    (critical_tap, (20, 7)),
    (tap_after_it, (7, 4)),
    (tap_of_the_alert, (11, 5)),
    (taken, (14, 3)),
    (typed, (8, 4)),
    (told, (8, 5)),
]


@pytest.mark.parametrize(("what", "most"), MOST, ids=[what.__name__ for what, _ in MOST])
def test_an_update_costs_no_more_than_it_must(
    talks: Talks, cost: Cost, what: Callable[[Talks, Cost], tuple[int, int]], most: tuple[int, int]
) -> None:
    """Statements and decryptions of its change: what is needed is read once, and handed on."""
    found = what(talks, cost)
    print(f"\n{what.__name__}: {found[0]} statements, {found[1]} decryptions")
    assert found[0] <= most[0], "\n".join(cost.statements)
    assert found[1] <= most[1], cost.opened


def test_for_a_plain_tap_nothing_but_the_draft_is_sealed(
    talks: Talks, cost: Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the key of the day; the server's own key seals nothing."""
    sealed: list[str] = []
    seals = KeyRing.seal_row

    def seal_row(ring: KeyRing, purpose: str, table: str, column: str, row: str, content: bytes) -> bytes:
        if cost.counts:
            sealed.append(f"{table}.{column}")
        return seals(ring, purpose, table, column, row, content)  # type: ignore[arg-type]

    monkeypatch.setattr(KeyRing, "seal_row", seal_row)
    plain_tap(talks, cost)
    assert sealed == []
    assert len([one for one in cost.statements if one.startswith("UPDATE intake")]) == 1


@pytest.mark.parametrize("tap", [plain_tap, critical_tap, tap_after_it, taken])
def test_the_keys_of_members_and_recovery_are_read_once(
    talks: Talks, cost: Cost, monkeypatch: pytest.MonkeyPatch, tap: Callable[[Talks, Cost], tuple[int, int]]
) -> None:
    """Whatever was sealed to them before: two thousand letters with a checksum are read when they are first needed."""
    urgent(talks, PERSON + 1)
    read: list[str] = []
    decode = bech32.decode

    def counted(text: str) -> tuple[str, bytes]:
        if cost.counts:
            read.append(text)
        return decode(text)

    monkeypatch.setattr(bech32, "decode", counted)
    tap(talks, cost)
    known = {*talks.core.cases.chain.recovery, *(one.recipient for one in talks.change(talks.core.members.all))}
    assert not known & set(read)
    assert [one[:18] for one in read] == (["AGE-SECRET-KEY-PQ-"] if tap is critical_tap else [])  # the new case's own


@pytest.mark.parametrize("tap", [plain_tap, tap_after_it, tap_of_the_alert])
def test_for_a_tap_no_condition_is_built_either(
    talks: Talks, cost: Cost, monkeypatch: pytest.MonkeyPatch, tap: Callable[[Talks, Cost], tuple[int, int]]
) -> None:
    """Nor one of a statement that is not even asked, because what it would find is known."""
    built: list[str] = []
    operate = ColumnElement.operate

    def counted(self: ColumnElement[object], op: object, *other: object, **more: object) -> object:
        if cost.counts:
            built.append(f"{self} {getattr(op, '__name__', op)}")
        return operate(self, op, *other, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ColumnElement, "operate", counted)
    tap(talks, cost)
    assert built == []


@pytest.mark.parametrize(("tap", "queued"), [(plain_tap, []), (critical_tap, [outbox]), (taken, [outbox])])
def test_after_a_tap_nobody_looks_for_what_is_to_be_sent_unless_something_is(
    talks: Talks, cost: Cost, tap: Callable[[Talks, Cost], tuple[int, int]], queued: list[Table]
) -> None:
    """Such a look is a transaction of its own; the card of the tap goes past the outbox."""
    tap(talks, cost)
    assert list(cost.queues) == queued


def test_for_a_plain_tap_no_statement_is_built(talks: Talks, cost: Cost) -> None:
    """Each was made once, when the program was read: what another person's tap has asked is asked again."""
    plain_tap(talks, cost, PERSON + 1)
    plain_tap(talks, cost)
    assert cost.statements
    assert cost.built == []
