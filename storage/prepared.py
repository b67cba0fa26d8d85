"""A statement that is asked again and again is put into SQL once, and from then on runs on the driver's own cursor.

For every execution SQLAlchemy works out what it has compiled already, a context and a result, which takes longer than
the database itself (docs/decisions/0015). What stays its own are the SQL, the conversion of values on both
ways, rows, errors, and events: whoever listens to an engine hears `before_cursor_execute` and `after_execute` whichever
way a statement goes, and a connection that is dead is given up.

Of one that asks for lists there is one SQL for each length that was met. Whatever is not quite plain is left to
SQLAlchemy: a statement's first time (it may have been made for this once), more than eight rows at once or values in a
list, options, defaults in Python, words. Held by tests/storage/test_prepared.py.
"""

import contextlib
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVarTuple, cast

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    CursorResult,
    Executable,
    Insert,
    Select,
    TextClause,
    bindparam,
)
from sqlalchemy.engine import Dialect, IteratorResult
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.engine.result import ResultMetaData, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

from storage.schema import SHRED

Row = TypeVarTuple("Row")
Given = tuple[int, str]  # the row, and the name of a value in it
Read = tuple[int, Callable[[Any], Any], bool]  # the column, what makes its value, and whether None stays None
Many: TypeAlias = Sequence[Mapping[str, object]]
Values = Mapping[str, object] | Many
MANY = 8  # rows, or values in a list: more come at once so seldom that SQLAlchemy does it
STATEMENTS = "statements"  # the option of an engine under which its `Statements` are


class Rows(IteratorResult[*Row]):
    """What a prepared statement has found; read as any result of SQLAlchemy.

    `rowcount`: how many rows it has changed. `named`: the names of all its parameters.
    """

    def __init__(self, columns: ResultMetaData, found: Iterator[Any], rowcount: int, named: tuple[str, ...]) -> None:
        super().__init__(columns, found)
        self.rowcount, self.named = rowcount, named


Answer: TypeAlias = CursorResult[*Row] | Rows[*Row]


class Prepared:
    """A statement in the words of one dialect, for parameters of these names, with what converts its values."""

    def __init__(
        self,
        dialect: Dialect,
        statement: Any,
        compiled: SQLCompiler,
        given: Mapping[str, Given],
        lists: Mapping[str, int],
    ) -> None:
        """`given`: by the names in the SQL, where values come from; all others have theirs already.

        `lists`: how long those of them are that are lists.
        """
        changes = isinstance(statement, UpdateBase)
        state = compiled.construct_expanded_state(_as_long(given, lists))
        given = {**given, **_one_by_one(given, state)}
        self._sql, self._changes = state.statement, changes
        self._columns = list(statement.exported_columns if changes else statement.selected_columns)
        self._named = tuple(compiled.bind_names.values())
        binds = _conversions(dialect, compiled, state)
        fixed = {name: _through(binds.get(name), of) for name, of in state.parameters.items() if name not in given}
        names = state.positiontup
        self._fixed: Any = fixed if names is None else [fixed.get(name) for name in names]
        places = _places([name for name in given if name in state.parameters], names)
        self._given = [(place, *given[name], binds.get(name)) for place, name in places if name in given]
        self._read: tuple[ResultMetaData, list[Read]] | None = None

    def run(self, connection: Connection, statement: Executable, rows: Many) -> Rows[Any]:
        """Executes it; raises what SQLAlchemy would."""
        raw, heard, cursor = connection.connection, connection.dispatch, None
        try:
            sql, bound = self._sql, self._bound(rows)
        except Exception as error:
            raise DBAPIError.instance(self._sql, None, error, DBAPIError, hide_parameters=True) from error
        try:
            cursor = raw.cursor()
            for listener in heard.before_cursor_execute:
                sql, bound = listener(connection, cursor, sql, bound, None, False)
            connection.dialect.do_execute(cursor, sql, bound)
            found = self._found(connection, cursor)
        except BaseException as error:
            _end(connection, cursor, error, self._sql)
            raise
        heard.after_execute(connection, statement, rows, {}, connection.get_execution_options(), found)
        return found

    def _bound(self, rows: Many) -> Any:
        bound = self._fixed.copy()
        for place, row, name, bind in self._given:
            value = rows[row][name]
            bound[place] = value if bind is None else bind(value)
        return bound

    def _found(self, connection: Connection, cursor: DBAPICursor) -> Rows[Any]:
        """What was changed is changed now, with all its rows; what is only looked at comes as it is asked for."""
        if not self._columns:
            found: Rows[Any] = Rows(_NO_COLUMNS, iter(()), cursor.rowcount, self._named)
            cursor.close()
            found.close()
            return found
        columns, reads = self._read = self._read or self._of(connection.dialect, cursor)
        rows: Iterator[Any] = _rows(connection, cursor, self._sql)
        if self._changes:
            rows = iter(list(rows))
        if reads:
            rows = _converted(rows, reads)
        return Rows(columns, rows, cursor.rowcount, self._named)

    def _of(self, dialect: Dialect, cursor: DBAPICursor) -> tuple[ResultMetaData, list[Read]]:
        """The names of the columns, and by place what makes a value of what the driver gives for its type."""
        told = list(cursor.description)
        assert len(told) == len(self._columns)
        reads = [
            (place, column.type.dialect_impl(dialect).result_processor(dialect, told[place][1]))
            for place, column in enumerate(self._columns)
        ]
        names = SimpleResultMetaData([one[0] for one in told], [(column,) for column in self._columns])
        return names, [(place, read, read(None) is None) for place, read in reads if read is not None]


class Listed:
    """A statement that asks for lists: for each of their lengths it is another one."""

    def __init__(self, make: Callable[[Mapping[str, int]], Prepared | None], names: Sequence[str]) -> None:
        self._make, self._names = make, names
        self._made: dict[tuple[int, ...], Prepared | None] = {}

    def of(self, row: Mapping[str, object]) -> tuple[Prepared | None, Many]:
        """The statement for lists as long as these, and the row with each of their values under a name of its own."""
        lists = {name: one for name in self._names if isinstance(one := row[name], list | tuple)}
        lengths = tuple(map(len, lists.values()))
        if len(lists) < len(self._names) or not all(0 < one <= MANY for one in lengths):
            return None, [row]
        if lengths not in self._made:
            self._made[lengths] = self._make(dict(zip(lists, lengths, strict=True)))
        apart = {f"{name}{_AT}{at}": one for name, values in lists.items() for at, one in enumerate(values)}
        return self._made[lengths], [{**row, **apart}]


class Statements:
    """The statements of one engine that are prepared, as long as they are kept by those who ask them."""

    def __init__(self) -> None:
        self._met: weakref.WeakKeyDictionary[Executable, _Known]
        self._met = weakref.WeakKeyDictionary()

    def met(self, dialect: Dialect, statement: Executable, rows: Many) -> tuple[Prepared | None, Many]:
        """The statement for these rows, as it takes them; None where SQLAlchemy is to execute it."""
        known = self._met.get(statement)
        if known is None:
            self._met[statement] = {}
            return None, rows
        key = len(rows), tuple(rows[0])
        if key not in known:
            known[key] = None
            with contextlib.suppress(SQLAlchemyError):  # what is wrong about it, SQLAlchemy says when it executes it
                known[key] = _prepared(dialect, statement, *key)
        found = known[key]
        return found.of(rows[0]) if isinstance(found, Listed) else (found, rows)


def execute(connection: Connection, statement: Executable, values: Values | None) -> Answer[Any]:
    """The result of a statement in the running transaction, whichever way it goes."""
    rows = values if isinstance(values, Sequence) else (values or {},)
    prepared = None
    if isinstance(statement, _PLAIN) and 0 < len(rows) <= MANY and connection.in_transaction():
        statements: Statements | None = connection.get_execution_options().get(STATEMENTS)
        alike = len(rows) == 1 or all(one.keys() == rows[0].keys() for one in rows)
        if statements is not None and alike:
            prepared, rows = statements.met(connection.dialect, statement, rows)
    if prepared is None:
        return connection.execute(statement, values)
    return prepared.run(connection, statement, rows)


def say(connection: Connection, sql: str) -> None:
    """A sentence of SQLite's without values, whose rows nobody reads, on the driver's own cursor."""
    cursor = None
    try:
        cursor = connection.connection.cursor()
        cursor.execute(sql)
        cursor.close()
    except BaseException as error:
        _end(connection, cursor, error, sql)
        raise


def _prepared(dialect: Dialect, statement: Any, many: int, names: Collection[str]) -> Prepared | Listed | None:
    """For so many rows of these names; many are inserted at once."""
    if many == 1:
        return _of_one_row(dialect, statement, sorted(names))
    if not isinstance(statement, Insert) or not set(names) <= set(statement.table.c.keys()):
        return None
    types = {name: statement.table.c[name].type for name in names}
    rows = [{name: bindparam(f"{name}__{row}", type_=types[name]) for name in names} for row in range(many)]
    sources = {f"{name}__{row}": (row, name) for row in range(many) for name in names}
    return _of(dialect, statement.values(rows), sources, [], {})


def _of_one_row(dialect: Dialect, statement: Any, names: Sequence[str]) -> Prepared | Listed | None:
    sources = {name: (0, name) for name in names}
    asked = (one for one in visitors.iterate(statement) if isinstance(one, BindParameter))
    lists = {one.key for one in asked if one.expanding and one.key in sources}
    if not lists:
        return _of(dialect, statement, sources, names, {})
    kept = weakref.ref(statement)  # what is prepared of it goes with it
    return Listed(lambda lengths: _of(dialect, kept(), sources, names, lengths), sorted(lists))


def _of(
    dialect: Dialect, statement: Any, sources: Mapping[str, Given], columns: Sequence[str], lists: Mapping[str, int]
) -> Prepared | None:
    """Where everything about it is plain, and each parameter has a value or is given one. `columns`: to be set."""
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    given, late = {}, _late(compiled)
    for one, name in compiled.bind_names.items():
        if one.key in sources or name in sources:
            given[name] = sources[one.key if one.key in sources else name]
        if one.callable or (one in late and one.key not in lists if name in given else one.required):
            return None
    return Prepared(dialect, statement, compiled, given, lists) if _is_plain(statement, compiled) else None


def _is_plain(statement: Any, compiled: SQLCompiler) -> bool:
    """Nothing about it is words, is worked out in Python, or is said beside the SQL."""
    words = any(isinstance(one, TextClause) for one in visitors.iterate(statement))
    beside = statement.get_execution_options().keys() - {SHRED}  # that one is the database's own (`Database._notice`)
    return not (words or beside or compiled.insert_prefetch or compiled.update_prefetch or compiled.escaped_bind_names)


def _conversions(dialect: Dialect, compiled: SQLCompiler, state: ExpandedState) -> dict[str, Any]:
    """By the names of parameters, what makes of a value what the driver takes; None for what stays as it is."""
    types = {name: one.type.dialect_impl(dialect) for one, name in compiled.bind_names.items()}
    binds = {name: types[name].bind_processor(dialect) for name in state.parameters if name in types}
    return {**binds, **state.processors}


def _places(given: Collection[str], names: Sequence[str] | None) -> Sequence[tuple[Any, str]]:
    """Where a driver expects each parameter: under its name, or at a place in a list."""
    return [(name, name) for name in given] if names is None else list(enumerate(names))


def _as_long(given: Mapping[str, Given], lists: Mapping[str, int]) -> dict[str, list[None] | None]:
    """By the names in the SQL, lists as long as those that are given, and nothing where there is none."""
    return {name: [None] * lists[of] if of in lists else None for name, (_, of) in given.items()}


def _one_by_one(given: Mapping[str, Given], state: ExpandedState) -> dict[str, Given]:
    """By the names in the SQL, where the values of lists come from."""
    return {
        each: (given[name][0], f"{given[name][1]}{_AT}{at}")
        for name, names in state.parameter_expansion.items()
        if name in given
        for at, each in enumerate(names)
    }


def _late(compiled: SQLCompiler) -> Collection[object]:
    """The parameters whose values stand in the SQL itself, or say how long it is."""
    return compiled.post_compile_params | compiled.literal_execute_params


def _rows(connection: Connection, cursor: DBAPICursor, sql: str) -> Iterator[Any]:
    """The rows as the driver gives them; whoever wants no more of them closes the cursor."""
    try:
        yield from cursor  # type: ignore[misc]  # each driver's cursor is an iterator (PEP 249, optional there)
    except Exception as error:
        _end(connection, cursor, error, sql)
        raise
    finally:
        cursor.close()


def _converted(rows: Iterator[Any], reads: Sequence[Read]) -> Iterator[Any]:
    for row in rows:
        values = list(row)
        for place, read, none_stays in reads:
            value = values[place]
            if value is not None or not none_stays:
                values[place] = read(value)
        yield tuple(values)


def _end(connection: Connection, cursor: DBAPICursor | None, error: Any, sql: str) -> None:
    """Closes what has failed, with its connection when that is dead; raises a driver's error as SQLAlchemy names it."""
    dialect = connection.dialect
    drivers: Any = dialect.loaded_dbapi.Error
    told = isinstance(error, drivers)
    dead = told and dialect.is_disconnect(cast(Any, error), connection.connection, cursor)
    lost = dead or not isinstance(error, Exception)  # who is interrupted leaves the driver in the middle of something
    if lost:
        connection.invalidate(error)
    elif cursor is not None:
        with contextlib.suppress(drivers):
            cursor.close()
    if told:
        raise DBAPIError.instance(sql, None, error, drivers, True, lost, dialect) from error


def _through(convert: Any, value: object) -> object:
    return value if convert is None else convert(value)


_Known: TypeAlias = dict[tuple[int, tuple[str, ...]], Prepared | Listed | None]
_AT = " at "  # between a list's name and the place of a value in it
_PLAIN = (Select, CompoundSelect, UpdateBase)
_NO_COLUMNS = SimpleResultMetaData([])
