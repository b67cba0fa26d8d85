"""What runs on the driver's own cursor answers, changes and fails as SQLAlchemy has it."""

import importlib
import pkgutil
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    CompoundSelect,
    Connection,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InvalidRequestError,
    OperationalError,
    ResourceClosedError,
    StatementError,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase

import storage
from storage.database import Database
from storage.errors import NotKept, StorageError
from storage.prepared import MANY, Listed, Rows, Statements, _prepared, execute
from storage.schema import SHRED, Shred, as_they_rest, case_file, entry, intake, metadata, muted, outbox, seen_update
from storage.tx import Reading, Tx
from storage.upsert import upsert_of

NOW = datetime(2026, 8, 1, 9, 30, 12, 345678, tzinfo=UTC)
SECRET = "words that somebody has said"
pytestmark = pytest.mark.once  # each way is run by itself here


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """An empty database."""
    made = Database(migrated_url, lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """The file of an empty database."""
    return Path(shutil.copy(migrated, tmp_path / "pana.db"))


# --- every statement of storage/ ---


def _statements() -> Iterator[tuple[str, Executable]]:
    """Those that stand in a module, also in its tables and tuples."""
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if module.ispkg:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            held = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else [value]
            for number, one in enumerate(held):
                if isinstance(one, Select | CompoundSelect | UpdateBase):
                    yield f"{module.name.removeprefix('storage.')}.{name}.{number}", one


STATEMENTS = dict(_statements())


def _value(kind: object, name: str) -> object:
    """Of a type; what is asked for and what is there are the same."""
    if name == "status":
        return "waiting"
    return {int: 1, str: "1", bytes: b"1", datetime: NOW, date: NOW.date(), object: 1}[kind]  # type: ignore[index]


def _of_type(one: Any, name: str) -> object:
    try:
        return _value(getattr(one.type, "impl", one.type).python_type, name)
    except NotImplementedError:
        return 1


def _row(table: Table, *, fresh: bool = False) -> dict[str, object]:
    """What is in each table; `fresh`: another one, of what it refers to."""
    row = {one.name: _of_type(one, one.name) for one in table.c}
    return {**row, **{one.name: _other(row[one.name]) for one in table.c if fresh and not one.foreign_keys}}


def _other(value: Any) -> object:
    return value * 2 if isinstance(value, int | str | bytes) else value


def _given(statement: Any) -> dict[str, object]:
    """Values for what a statement asks for; all columns that are to be set, where it does not say which."""
    asked = [one for one in visitors.iterate(statement) if one.__visit_name__ == "bindparam"]
    values = {one.key: _of_type(one, one.key) for one in asked if one.required}  # type: ignore[attr-defined]
    if isinstance(statement, Insert) and not statement.compile().params.keys() - {*statement.table.c.keys()}:
        return {**_row(statement.table, fresh=True), **values}
    if isinstance(statement, Update) and {*statement.table.c.keys()} <= statement.compile().params.keys():
        table = statement.table
        own = [one for one in table.c if not one.primary_key and not one.foreign_keys and one.name not in values]
        return {**{one.name: _of_type(one, one.name) for one in own}, **values}
    return values


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    """Its connection that writes; what is left open in it ends with it."""
    with ExitStack() as stack:
        stack.callback(database._let_go)
        yield database._connected(stack)


def _filled(connection: Connection) -> None:
    """A row in every table: whatever refers to another finds it."""
    for table in metadata.sorted_tables:
        connection.execute(insert(table), _row(table))


def _outcome(connection: Connection, run: Callable[[], Any], statement: Any) -> object:
    """All that can be seen of it: rows with their types and names, how many were changed, and the table after it."""
    try:
        result = run()
    except (DBAPIError, StatementError) as error:
        return type(error), error.statement, type(error.orig)
    if isinstance(statement, UpdateBase):
        columns = list(statement.exported_columns)
        changed = 1 if isinstance(statement, Insert) else result.rowcount
        told = [tuple(row) for row in result.all()] if columns else changed
        after = connection.execute(select(statement.table)).all()
        return told, [tuple(row) for row in after]
    names = list(result.keys())
    rows = result.all()
    return names, [tuple(row) for row in rows], [[type(one) for one in row] for row in rows]


def _both_ways(database: Database, statement: Any, values: Sequence[Mapping[str, object]]) -> tuple[object, object]:
    """What SQLAlchemy makes of it, and what is made of it prepared; each is rolled back."""
    ways: list[object] = []
    for prepared in (False, True):
        with connected(database) as connection:
            transaction = connection.begin()
            made, rows = _prepared(connection.dialect, statement, len(values), tuple(values[0])), values
            made, rows = made.of(values[0]) if isinstance(made, Listed) else (made, rows)
            assert made is not None
            given: Any = values[0] if len(values) == 1 else values
            run = (
                (lambda c=connection, m=made, r=rows: m.run(c, statement, r))
                if prepared
                else (lambda c=connection, g=given: c.execute(statement, g))
            )
            ways.append(_outcome(connection, run, statement))
            transaction.rollback()
    return ways[0], ways[1]


def _with_lists(statement: Any, values: Mapping[str, object], long: int) -> dict[str, object]:
    """The same with lists so long where lists are asked for; the value stands at the end."""
    asked = [one for one in visitors.iterate(statement) if one.__visit_name__ == "bindparam"]
    lists = {one.key for one in asked if one.expanding and one.required}  # type: ignore[attr-defined]
    return {**values, **{name: [_other(values[name])] * (long - 1) + [values[name]] for name in lists}}


def test_every_statement_of_storage_answers_and_changes_the_same(database: Database) -> None:
    """Most find something; those that ask for lists, whether these are short or long."""
    database.change(lambda tx: _filled(tx.connection))
    found = lists = 0
    for name, statement in STATEMENTS.items():
        values = _given(statement)
        longer = [_with_lists(statement, values, long) for long in (1, 2, MANY)]
        for given in longer if longer[0] != values else [values]:
            theirs, ours = _both_ways(database, statement, [given])
            assert ours == theirs, name
            found += isinstance(theirs, tuple) and bool(theirs[1] if isinstance(statement, Select) else theirs[0])
        lists += longer[0] != values
    assert len(STATEMENTS) > 80
    assert lists > 2
    assert found > len(STATEMENTS) / 2


def test_a_list_is_another_statement_for_each_of_its_lengths(database: Database) -> None:
    """What is found is the same; one that is empty, very long or no list is left to SQLAlchemy."""
    these, at = bindparam("these", expanding=True), bindparam("at", expanding=True)
    query = select(seen_update.c.update_id).where(seen_update.c.update_id.in_(these), seen_update.c.at.in_(at))
    query = query.order_by(seen_update.c.update_id)
    database.change(lambda tx: tx.execute(insert(seen_update), [_seen(one) for one in range(20)]))
    moment = as_they_rest(seen_update, {"at": NOW})["at"]

    def change(tx: Tx) -> None:
        tx.execute(query, {"these": [1], "at": [moment]})
        for numbers in ([3], (5, 3), [4, 4, 99], [*range(MANY)], [], [*range(MANY + 1)], range(3)):
            for moments in ([moment], [NOW.replace(year=2020), moment]):
                result = tx.execute(query, {"these": numbers, "at": moments})
                short = isinstance(numbers, list | tuple) and 0 < len(numbers) <= MANY
                assert isinstance(result, Rows) is short
                assert result.scalars().all() == sorted({*numbers} & {*range(20)})
        assert tx.execute(query, {"these": [1], "at": [NOW.replace(year=2020)]}).all() == []

    database.change(change)


# --- what is made beforehand elsewhere: many rows, and rows that may be there already ---


def _seen(number: int, at: datetime = NOW) -> dict[str, object]:
    return {"update_id": number, "at": at}


@pytest.mark.parametrize("many", [1, 2, 3, 8])
@pytest.mark.parametrize("returning", [False, True])
def test_rows_are_inserted_or_changed_the_same(database: Database, many: int, *, returning: bool) -> None:
    """One of them is there already, another is new; what is returned of each stands in the order of the rows."""
    database.change(lambda tx: tx.execute(insert(seen_update), _seen(3)))
    with connected(database) as connection:
        tx = Tx(connection, NOW)
        told = (seen_update.c.update_id, seen_update.c.at) if returning else ()
        statement = upsert_of(tx, seen_update, ("update_id",), ("at",), *told)
    rows = [_seen(3 + number, NOW.replace(year=2027)) for number in range(many)]
    theirs, ours = _both_ways(database, statement, rows)
    assert ours == theirs
    assert database.read(lambda tx: len(tx.execute(select(seen_update)).all())) == 1


def test_many_rows_are_one_statement_and_very_many_are_left_to_sqlalchemy(database: Database) -> None:
    """Nothing is lost of them in either case, nor of rows that do not say the same."""
    new = insert(seen_update)
    statements = _asked(database)
    for begin, many in ((0, 1), (10, 3), (20, 3), (100, 50)):
        rows = [_seen(begin + number) for number in range(many)]
        database.change(lambda tx, rows=rows: tx.execute(new, rows))  # type: ignore[misc]
    assert len([one for one in statements if one.startswith("INSERT")]) == 4
    assert database.read(lambda tx: len(tx.execute(select(seen_update)).all())) == 57


# --- which way ---


def _asked(database: Database) -> list[str]:
    """What the database is asked from now on, whichever way."""
    asked: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda *said: asked.append(str(said[2])))
    return asked


def test_what_is_met_again_is_prepared_and_events_tell_of_both_ways(database: Database) -> None:
    """A statement's first time may be its only one; words and options stay with SQLAlchemy."""
    here = select(seen_update.c.at).where(seen_update.c.update_id == bindparam("number"))
    asked, kinds = _asked(database), list[type]()
    done: list[object] = []
    event.listen(database._engine, "after_execute", lambda *said: done.append(said[1]))

    def change(tx: Tx) -> None:
        for _ in range(3):
            kinds.append(type(tx.execute(here, {"number": 1})))
            assert not isinstance(tx.execute(here.execution_options(any=1), {"number": 1}), Rows)
            assert not isinstance(tx.execute(text("SELECT 1")), Rows)

    database.change(change)
    assert [kind is Rows for kind in kinds] == [False, True, True]
    assert len([one for one in asked if one.startswith("SELECT seen_update")]) == 6
    assert len([one for one in done if one is here]) == 3


def test_for_other_parameters_a_statement_is_another_one(database: Database) -> None:
    """Only the columns that are given are set."""
    database.change(lambda tx: tx.execute(insert(seen_update), _seen(1)))
    here = update(seen_update).where(seen_update.c.update_id < bindparam("most"))
    for values in ({"at": NOW.replace(year=2027)}, {"at": NOW}, {"update_id": 2}):
        for _ in range(2):
            database.change(lambda tx, values=values: tx.execute(here, {"most": 5, **values}))  # type: ignore[misc]
    found = database.read(lambda tx: tx.execute(select(seen_update)).one())
    assert tuple(found) == (2, as_they_rest(seen_update, {"at": NOW})["at"])


def test_a_statement_that_nobody_keeps_is_forgotten(database: Database) -> None:
    """With all that was prepared of it."""
    statements = Statements()
    with connected(database) as connection:
        for _ in range(3):
            built = select(seen_update.c.at)
            assert statements.met(connection.dialect, built, [{}]) == (None, [{}])
            assert statements.met(connection.dialect, built, [{}])[0] is not None
            listed = select(seen_update.c.at).where(seen_update.c.update_id.in_(bindparam("these", expanding=True)))
            for _ in range(2):
                found, _rows = statements.met(connection.dialect, listed, [{"these": [1]}])
            assert found is not None
    del built, listed
    assert len(statements._met) == 0


ALL = select(seen_update.c.update_id, seen_update.c.at).order_by(seen_update.c.update_id)
READS: dict[str, Callable[[Any], object]] = {
    "all": lambda result: [tuple(row) for row in result.all()],
    "one": lambda result: tuple(result.one()),
    "one or none": lambda result: result.one_or_none(),
    "first": lambda result: result.first(),
    "scalar": lambda result: result.scalar(),
    "scalar one": lambda result: result.scalar_one(),
    "scalars": lambda result: list(result.scalars()),
    "all scalars": lambda result: result.scalars().all(),
    "one by one": lambda result: [(row.update_id, row.at, dict(row._mapping)) for row in result],
    "by column": lambda result: [row._mapping[seen_update.c.at] for row in result],
    "again": lambda result: (result.all(), result.all()),
}


@pytest.mark.parametrize("many", [0, 1, 2])
def test_a_result_is_read_as_any_other(database: Database, many: int) -> None:
    """Also where there are none or too many rows."""
    database.change(lambda tx: [tx.execute(insert(seen_update), _seen(one)) for one in range(many)])

    def look(tx: Reading) -> None:
        for name, read in READS.items():
            found: list[object] = []
            for statement in (ALL.execution_options(any=1), ALL):
                result = tx.execute(statement)
                assert isinstance(result, Rows) is (statement is ALL), name
                try:
                    found.append((read(result), None))
                except InvalidRequestError as error:
                    found.append((type(error), str(error)))
            assert found[0] == found[1], name

    database.change(lambda tx: tx.execute(ALL))
    database.read(lambda tx: tx.execute(ALL))
    database.read(look) if database.shared else database.change(look)


def test_what_gives_no_rows_is_not_read_as_none(database: Database) -> None:
    """Who asks a change for rows is told of the mistake."""
    gone = delete(seen_update)

    def change(tx: Tx) -> None:
        tx.execute(gone)
        with pytest.raises(ResourceClosedError):
            tx.execute(gone).scalar()

    database.change(change)


def test_rows_come_as_they_are_asked_for(database: Database) -> None:
    """An export holds one row in memory, not all; whoever stops in the middle holds nobody up."""
    database.change(lambda tx: tx.execute(insert(seen_update), [_seen(one) for one in range(5)]))

    def change(tx: Tx) -> list[int]:
        tx.execute(ALL)
        rows = iter(tx.execute(ALL))
        first = [next(rows).update_id, next(rows).update_id]
        tx.execute(delete(seen_update).where(seen_update.c.update_id > 2))
        return first

    assert database.change(change) == [0, 1]
    assert database.read(lambda tx: len(tx.execute(select(seen_update)).all())) == 3


def test_a_change_whose_rows_nobody_reads_is_kept_all_the_same(database: Database) -> None:
    """What it returns has been fetched: with a statement under way nothing can be committed."""
    database.change(lambda tx: tx.execute(insert(seen_update), [_seen(one) for one in range(3)]))
    moved = update(seen_update).values(update_id=seen_update.c.update_id + 10).returning(seen_update.c.update_id)
    unread = list[Any]()

    def change(tx: Tx) -> None:
        for _ in range(2):
            result = tx.execute(moved)
            unread.append(iter(result.scalars()))
            next(unread[-1])

    database.change(lambda tx: tx.execute(moved).all())
    database.change(change)
    assert database.read(lambda tx: sorted(tx.execute(select(seen_update.c.update_id)).scalars())) == [30, 31, 32]


# --- what is wrong ---


def _wrong(database: Database, statement: Any, values: Mapping[str, object], *before: Any) -> list[StatementError]:
    """What is raised each way, in a transaction of its own; `before`: in it."""
    errors = list[StatementError]()
    for prepared in (False, True):
        with connected(database) as connection:
            transaction = connection.begin()
            for one in before:
                connection.execute(one)
            made = _prepared(connection.dialect, statement, 1, tuple(values))
            assert made is not None
            with pytest.raises(StatementError) as told:
                made.run(connection, statement, [values]) if prepared else connection.execute(statement, values)
            errors.append(told.value)
            transaction.rollback()
    return errors


WRONG: dict[str, tuple[Any, Mapping[str, object], type[Exception]]] = {
    "a row that is there": (insert(muted), {"account_mac": SECRET.encode(), "at": NOW}, IntegrityError),
    "a row of nothing": (
        insert(entry),
        {"case_row": 77, "seq": 1, "kind": "file", "sha256": "a", "sealed": SECRET.encode()},
        IntegrityError,
    ),
    "a moment without its zone": (insert(seen_update), _seen(1, NOW.replace(tzinfo=None)), StatementError),
    "nothing where something must be": (insert(outbox), {"lane": 1, "args": SECRET}, IntegrityError),
}


@pytest.mark.parametrize(("statement", "values", "kind"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_the_same_and_tells_nothing(
    database: Database, statement: Any, values: Mapping[str, object], kind: type[Exception]
) -> None:
    """Neither in words nor in what the error carries; the driver's own is behind it, as everywhere."""
    database.change(lambda tx: tx.execute(insert(muted), WRONG["a row that is there"][1]))
    theirs, ours = _wrong(database, statement, values)
    assert type(ours) is type(theirs) is kind
    assert (ours.statement, type(ours.orig)) == (theirs.statement, type(theirs.orig))
    assert SECRET not in f"{str(ours).partition('DETAIL')[0]} {ours.params}"
    with pytest.raises(Exception) as told:  # noqa: PT011 - which one, is the matter of another test
        database.change(lambda tx: [tx.execute(statement, values) for _ in range(2)])
    assert SECRET not in str(told.value)


def test_after_what_was_wrong_all_else_goes_on(database: Database) -> None:
    """The change is thrown away, the next one is kept."""
    new = insert(seen_update)

    def fails(tx: Tx) -> None:
        for number in (1, 2, 1):
            tx.execute(new, _seen(number))

    for _ in range(2):
        with pytest.raises(StorageError):
            database.change(fails)
    database.change(lambda tx: tx.execute(new, _seen(4)))
    assert database.read(lambda tx: tx.execute(select(seen_update.c.update_id)).scalars().all()) == [4]


def test_a_connection_that_is_closed_is_said_to_be(database: Database) -> None:
    """As SQLAlchemy says it; nothing is begun anew in the middle of a change."""
    with connected(database) as connection:
        made = _prepared(connection.dialect, ALL, 1, ())
        assert made is not None
        transaction = connection.begin()
        raw: Any = connection.connection.dbapi_connection
        raw.close()
        with pytest.raises(DBAPIError) as told:
            made.run(connection, ALL, [{}])
        assert told.value.connection_invalidated
        transaction.rollback()
        connection.invalidate()
    assert database.change(lambda tx: [tx.execute(ALL).all() for _ in range(2)][1]) == []


def test_a_connection_that_the_server_has_ended_is_given_up(database: Database) -> None:
    """The change that meets it is not kept, and the next has a new one."""
    if not database.shared:
        return
    ask = text("SELECT pg_backend_pid()")
    other = Database(str(database._url.render_as_string(hide_password=False)), lambda: NOW)
    database.change(lambda tx: [tx.execute(ALL) for _ in range(2)])

    def change(tx: Tx) -> None:
        number = tx.execute(ask).scalar_one()
        other.change(lambda tx: tx.execute(text("SELECT pg_terminate_backend(:it, 5000)"), {"it": number}))
        with pytest.raises(DBAPIError) as told:
            tx.execute(ALL)
        assert told.value.connection_invalidated
        assert tx.connection.invalidated
        raise told.value

    with pytest.raises(NotKept):
        database.change(change)
    other.close()
    assert database.change(lambda tx: tx.execute(ALL).all()) == []


def test_a_database_that_is_locked_is_said_to_be(file: Path) -> None:
    """Where a statement has to wait for another program in vain, and nothing else."""
    database = Database(f"sqlite:///{file}", lambda: NOW)
    with database._reading.connect() as connection, connection.begin():
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA query_only=OFF")
        raw.execute("PRAGMA busy_timeout=0")
        made = _prepared(connection.dialect, insert(seen_update), 1, ("update_id", "at"))
        assert made is not None
        with connected(database) as writer, writer.begin():
            with pytest.raises(OperationalError) as told:
                made.run(connection, insert(seen_update), [_seen(1)])
            assert isinstance(told.value.orig, sqlite3.OperationalError)
            assert not connection.invalidated
        raw.execute("PRAGMA query_only=ON")
    database.close()


def test_what_fails_while_rows_are_read_is_named_as_well(database: Database) -> None:
    """The third row has a number that is too large, or is divided by nothing."""
    database.change(lambda tx: tx.execute(insert(seen_update), [_seen(one) for one in (1, 2, 3)]))
    number = seen_update.c.update_id
    query = select(number, 10 / (number - 3) if database.shared else func.abs(-(2**63 - 1) - number // 3))
    kinds = list[object]()
    for prepared in (False, True):
        with connected(database) as connection:
            transaction = connection.begin()
            made = _prepared(connection.dialect, query, 1, ())
            assert made is not None
            with pytest.raises(DBAPIError) as told:
                (made.run(connection, query, [{}]) if prepared else connection.execute(query)).all()
            kinds.append((type(told.value), type(told.value.orig)))
            transaction.rollback()
    assert kinds[0] == kinds[1]


# --- what hangs on it ---


@pytest.mark.parametrize(
    ("statement", "values", "soon"),
    [
        (delete(intake), {}, Shred.at_once),
        (delete(intake).execution_options(**{SHRED: Shred.soon}), {}, Shred.soon),
        (update(intake), {"state_sealed": b"1"}, Shred.soon),
        (update(intake), {"card_message": 1}, Shred.never),
        (delete(case_file).where(case_file.c.id == bindparam("row")), {"row": 77}, Shred.never),
    ],
)
def test_what_was_deleted_or_replaced_is_noticed(
    database: Database, statement: Any, values: Mapping[str, object], soon: Shred
) -> None:
    """How soon it must leave the disk depends on what it was, not on the way it went."""
    database.change(lambda tx: _filled(tx.connection))
    for _ in range(2):
        database._shred = Shred.never
        with connected(database) as connection:
            transaction = connection.begin()
            result = execute(connection, statement, values)
            transaction.rollback()
        assert database._shred is soon
    assert isinstance(result, Rows)


def test_a_value_that_was_damaged_is_one_row_s_affair(file: Path) -> None:
    """A time that is none is long ago, a text that is no UTF-8 has a sign in it."""
    database = Database(f"sqlite:///{file}", lambda: NOW)
    with sqlite3.connect(file) as raw:
        raw.execute("INSERT INTO seen_update (update_id, at) VALUES (1, 'yesterday'), (2, 17)")
        raw.execute("INSERT INTO flow_revision (revision, compiled) VALUES (CAST(x'ff41' AS TEXT), 'no bytes')")
    seen = select(seen_update).order_by(seen_update.c.update_id)
    flows = select(metadata.tables["flow_revision"])
    theirs, ours = (
        database.change(lambda tx: [tuple(row) for one in (seen, flows) for row in tx.execute(one)]) for _ in range(2)
    )
    assert ours == theirs
    assert ours[0] == (1, datetime(1970, 1, 1, tzinfo=UTC))
    assert ours[2] == ("\ufffdA", b"")
    database.close()
