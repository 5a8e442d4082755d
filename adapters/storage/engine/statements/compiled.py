"""SQLAlchemy's statements, compiled once, to be run by a driver itself.

From then on a statement costs little more than the driver does. By SQLAlchemy's own connections a unit of work takes
1.1 to 1.3 times the processor time on SQLite and on Postgres, a whole command 7 % and 18 % more (measured in pairs,
on a machine with other work; `make bench` compares the processor time, for that of the disk and of a server is the
same). Under 5 % they would not be worth their code, and go. What an answer offers is what repositories use of one, and
no more.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler

from adapters.storage.engine.statements import Row

STATEMENTS = 2000
"""Compiled statements kept; there are some hundreds of shapes."""


class CompiledAnswer:
    """The rows of a statement, or how many it changed."""

    __slots__ = ("_key", "_rows", "rowcount")

    def __init__(self, rows: Sequence[Any], rowcount: int, key: int | None = None) -> None:
        """Keep them, and the number that the database gave to an inserted row, if that is not among the rows."""
        self._rows = rows
        self._key = key
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> Sequence[Any]:
        """Return every row."""
        return self._rows

    def first(self) -> Any:
        """Return the first row, if any."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """Return the only row."""
        (row,) = self._rows
        return row

    def scalar(self) -> Any:
        """Return the first column of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> Iterator[Any]:
        """Return the first column of every row."""
        return (row[0] for row in self._rows)

    @property
    def inserted_primary_key(self) -> Sequence[Any]:
        """Return what the database gave to an inserted row."""
        return tuple(self._rows[0]) if self._rows else (self._key,)


def compiled_for(statement: Executable, given: Row, dialect: Dialect) -> "Compiled":
    """Return a statement that takes parameters of those names."""
    return _compiled(statement, _keys(statement, given), dialect)


def _keys(statement: Executable, given: Row) -> tuple[str, ...]:
    """Return the names of parameters that decide what a statement is: those of an insert or update may be columns."""
    return tuple(given) if statement.is_dml else ()


@lru_cache(maxsize=STATEMENTS)
def _compiled(statement: Any, keys: tuple[str, ...], dialect: Dialect) -> "Compiled":
    compiled = statement.compile(dialect=dialect, column_keys=list(keys) or None)
    return Compiled(statement, compiled, has_rows=not statement.is_dml or bool(compiled.effective_returning))


Processor = Callable[[Any], Any]
Make = Callable[[Sequence[Any]], Any]
Plan = tuple[str, Sequence[tuple[str, int | None, Processor | None]]]
"""A statement's text, and where each of its values comes from: a parameter, its place in a list, how it is stored."""


class Compiled:
    """A statement ready to be given its values."""

    def __init__(self, statement: Any, compiled: SQLCompiler, *, has_rows: bool) -> None:
        """Look at what it needs; `has_rows`: it has an answer beside how many rows it changed."""
        self.statement = statement
        self._compiled = compiled
        self.sql = str(compiled)
        self.has_rows = has_rows
        self._lists = [name for name, bind in compiled.binds.items() if bind.expanding and not bind.literal_execute]
        # What is written out and comes with the statement itself is always the same.
        self._written_out = any(bind.required for bind in compiled.literal_execute_params)
        dialect = compiled.dialect
        found = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        self._processors: Mapping[str, Processor | None] = found
        self._plans: dict[tuple[int, ...], Plan] = {}

    def bind(self, given: Row) -> tuple[str, Sequence[Any]]:
        """Return the text and the values for some parameters."""
        parameters = dict(self._compiled.construct_params(dict(given), escape_names=False))
        for name in self._lists:
            parameters[name] = _padded(parameters[name])
        if self._written_out:
            sql, places = self._plan(parameters)
        else:
            lengths = tuple(len(parameters[name]) for name in self._lists)
            plan = self._plans.get(lengths)
            if plan is None:
                plan = self._plans[lengths] = self._plan(parameters)
            sql, places = plan
        return sql, [_value(parameters[name], index, process) for name, index, process in places]

    def _plan(self, parameters: dict[str, Any]) -> Plan:
        """Work out the text for lists of these lengths, and the places that its values come from."""
        compiled = self._compiled
        state = compiled.construct_expanded_state(parameters, escape_names=False)
        origin: dict[str, tuple[str, int | None]] = {name: (name, None) for name in parameters}
        for name, expanded in state.parameter_expansion.items():
            origin.update({each: (name, index) for index, each in enumerate(expanded)})
        places = [origin[name] for name in state.positiontup or ()]
        return state.statement, [(name, index, self._processors.get(name)) for name, index in places]


@lru_cache(maxsize=STATEMENTS)
def result_processors(
    compiled: Compiled, dialect: Dialect, done: tuple[type, ...] = ()
) -> Sequence[tuple[int, Processor]]:
    """Return what makes of a row's values as they are stored what they mean; the driver does that for some types."""
    columns = getattr(compiled.statement, "exported_columns", ())
    found = [
        None if isinstance(column.type, done) else column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in columns
    ]
    return [(place, process) for place, process in enumerate(found) if process is not None]


@lru_cache(maxsize=STATEMENTS)
def maker(compiled: Compiled, dialect: Dialect, names: tuple[str, ...], done: tuple[type, ...] = ()) -> Make:
    """Return what makes of a row as it is stored one whose columns are attributes."""
    record: Any = namedtuple("Record", names, rename=True)  # type: ignore[misc]  # its names are known only now
    make: Make = record._make
    changed = result_processors(compiled, dialect, done)
    if not changed:
        return make

    def convert(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, process in changed:
            values[place] = process(values[place])
        return make(values)

    return convert


def _padded(values: Sequence[Any]) -> Sequence[Any]:
    """Return a list as long as the next power of two, its last value repeated: few lengths make few statements."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values) if values else 0
    return [*values, *[values[-1]] * missing] if missing else values


def _value(value: Any, index: int | None, process: Processor | None) -> Any:
    taken = value if index is None else value[index]
    return taken if process is None or taken is None else process(taken)
