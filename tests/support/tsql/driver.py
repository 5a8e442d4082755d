"""A driver with pyodbc's face whose SQL Server is a SQLite file, and which refuses what SQL Server would.

Every statement is read by a strict parser, held against the rules, translated and run, so that whatever is tested on it
is answered. What it can't show is how SQL Server locks and how fast it is.
"""

import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlglot import exp

from tests.support.patience import patience
from tests.support.tsql.catalogue import Catalogue
from tests.support.tsql.grammar import BadStatementError, Statement
from tests.support.tsql.prepared import Prepared, prepare
from tests.support.tsql.texts import BINARY, like, order_binary, order_loose, units
from tests.support.tsql.translate import DEFAULT_COLLATION
from tests.support.tsql.variants import refuse_variants

FILES: dict[str, Path] = {}
"""The files that databases lie in, by name."""

COUNTS = Counter[str]()
"""How many connections were opened, and how many closed."""

WATCHERS: list[Callable[[Statement, dict[str, Any]], None]] = []
"""Called with each statement that reads or changes rows, and the values of its parameters."""

CONTROLS: list[Callable[[Statement], None]] = []
"""Called with each statement of a batch, those about transactions too."""

LOCK_SECONDS = patience(10.0)

TAKEN_AND_CHECKED_AGAIN = frozenset({"outbox"})
"""Tables of which rows are read and then taken by an update that asks once more whether they may be."""

_CATALOGUES: dict[Path, Catalogue] = {}
_INSTANT = "instant:"
_INTERNAL = {
    "SELECT CAST(SERVERPROPERTY('ProductVersion') AS VARCHAR)": "16.0.4135.4",
    "SELECT CAST('test max support' AS NVARCHAR(max))": "test max support",
    "SELECT schema_name()": "dbo",
}
"""What SQLAlchemy asks a new connection, and the answers."""

_LAST_NUMBER: dict[str, tuple[type[int | Decimal], int | None]] = {
    "SELECT CAST(last_value AS BIGINT) FROM sys.identity_columns WHERE object_id = OBJECT_ID(?)": (int, None),
    "SELECT IDENT_CURRENT(?)": (Decimal, 1),
}
"""Questions for the last number that a table gave; the type that it comes in (IDENT_CURRENT is NUMERIC(38, 0)), and the
number before the first."""

_DATABASE = re.compile(r"(CREATE|ALTER|DROP) DATABASE (\w+)(?: SET SINGLE_USER WITH ROLLBACK IMMEDIATE)?")
_RESEED = re.compile(r"DBCC CHECKIDENT \('(\w+)', RESEED, (\d+)\) WITH NO_INFOMSGS")
_ENDS = re.compile(r"\b(?:COMMIT|ROLLBACK|WAITFOR)\b")
_WAIT = re.compile(r"WAITFOR DELAY '00:00:(\d\d)'")
_IDENTITY_INSERT = re.compile(r"SET IDENTITY_INSERT (\w+) (ON|OFF)")
_NUMBERED = re.compile(r"(\w+) INTEGER [\w ]*AUTOINCREMENT")
_HAS_TABLE = re.compile(r"SELECT OBJECT_ID\(N'(\w+)', N'U'\)")


class Error(Exception):
    """What pyodbc's errors descend from: the state, then the text."""


class Warning(Exception):  # noqa: N818 - the name that the DB-API gives it
    """As the DB-API has it."""


class InterfaceError(Error):
    """As the DB-API has it."""


class DatabaseError(Error):
    """As the DB-API has it."""


class DataError(DatabaseError):
    """As the DB-API has it."""


class OperationalError(DatabaseError):
    """As the DB-API has it."""


class IntegrityError(DatabaseError):
    """As the DB-API has it."""


class InternalError(DatabaseError):
    """As the DB-API has it."""


class ProgrammingError(DatabaseError):
    """As the DB-API has it."""


class NotSupportedError(DatabaseError):
    """As the DB-API has it."""


def said(state: str, text: str, number: int) -> tuple[str, str]:
    """Return the arguments of an error as the driver words them."""
    return state, f"[{state}] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]{text} ({number}) (SQLExecDirectW)"


class Connection:
    """A connection to one file; its transaction is begun and ended by statements."""

    def __init__(self, words: str, *, autocommit: bool = False, **_: Any) -> None:
        """Connect as the words say."""
        name = dict(part.split("=", 1) for part in words.split(";"))["Database"]
        if name not in FILES:
            raise ProgrammingError(*said("42000", f'Cannot open database "{name}" requested by the login.', 4060))
        if not autocommit:
            raise BadStatementError("a connection that begins transactions by itself")
        self.autocommit = autocommit
        # The library does not survive that one thread closes what another one is using.
        self.lock = threading.RLock()
        self.timeout = 0
        self.file = FILES[name]
        self.sqlite = sqlite3.connect(
            self.file, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        for rule in ("journal_mode = WAL", "synchronous = OFF", "foreign_keys = ON"):
            self.sqlite.execute(f"PRAGMA {rule}")
        self.sqlite.create_collation(BINARY, order_binary)
        self.sqlite.create_collation(DEFAULT_COLLATION, order_loose)
        self.sqlite.create_function("units", 1, units, deterministic=True)
        for count in (2, 3):
            self.sqlite.create_function("like", count, like, deterministic=True)
        self.catalogue = _CATALOGUES.setdefault(self.file, Catalogue())
        self.numbered = _numbered(self.sqlite)
        self.takes_numbers = ""
        COUNTS["opened"] += 1
        self.is_snapshot = False
        self.holds_lock = False
        self.read: set[str] = set()
        self.wrote = False

    def cursor(self) -> "Cursor":
        """Return a cursor."""
        return Cursor(self)

    def commit(self) -> None:
        """Fail: the driver began nothing, and the server says so."""
        raise ProgrammingError(*said("25000", "The COMMIT TRANSACTION request has no corresponding BEGIN.", 3902))

    def rollback(self) -> None:
        """Fail, as it may after the server has rolled back by itself; it would hide what went wrong."""
        raise ProgrammingError(*said("25000", "The ROLLBACK TRANSACTION request has no corresponding BEGIN.", 3903))

    def close(self) -> None:
        """Close, what was not committed rolled back."""
        COUNTS["closed"] += 1
        with self.lock:
            self.sqlite.close()

    def __del__(self) -> None:
        """Close, as the driver does with one that nobody took: who wanted it had stopped waiting."""
        if hasattr(self, "sqlite"):
            self.sqlite.close()

    def add_output_converter(self, _kind: int, _convert: Callable[[bytes], Any]) -> None:
        """Convert nothing: no value comes in bytes."""

    def last_number(self, table: str) -> int | None:
        """Return the last number that a table gave, None before the first."""
        found = self.sqlite.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return found[0] if found else None

    def number_from(self, table: str, last: int) -> None:
        """Have a table give the numbers after one."""
        self.sqlite.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self.sqlite.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))

    def begin(self) -> None:
        """Begin a transaction at the level that was set."""
        if self.sqlite.in_transaction:
            raise BadStatementError("a transaction within a transaction")
        self.sqlite.execute("BEGIN" if self.is_snapshot else "BEGIN IMMEDIATE")
        self.holds_lock, self.wrote, self.read = False, False, set()


class Cursor:
    """Runs statements and hands out their rows."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection."""
        self._connection = connection
        self._rows: list[tuple[Any, ...]] = []
        self.description: Sequence[tuple[Any, ...]] | None = None
        self.rowcount = -1
        self.arraysize = 1

    def execute(self, batch: str, *values: Any) -> "Cursor":
        """Run a batch, unless the connection is being closed for somebody who stopped waiting."""
        if match := _WAIT.fullmatch(batch):
            time.sleep(int(match[1]))
            return self
        with self._connection.lock:
            self._execute(batch, values)
        return self

    def _execute(self, batch: str, values: Sequence[Any]) -> None:
        if len(values) == 1 and isinstance(values[0], tuple | list):
            values = tuple(values[0])
        self._rows, self.description, self.rowcount = [], None, -1
        refuse_variants(batch)
        if answer := _INTERNAL.get(batch):
            self._answer([(answer,)])
        elif batch == "SELECT SYSUTCDATETIME()":
            self._answer([(datetime.now(UTC).replace(tzinfo=None),)])
        elif batch.startswith("SELECT 1 FROM fn_listextendedproperty"):
            raise ProgrammingError(*said("42000", "There are no comments here.", 208))
        elif batch.startswith("SELECT sys.objects.name"):
            self._answer([(values[-1],)] if self._object_id(values[-1]) else [])
        elif match := _DATABASE.fullmatch(batch):
            self._make_or_drop(match[1], match[2])
        elif match := _HAS_TABLE.fullmatch(batch):
            self._answer([(self._object_id(match[1]),)])
        elif batch in _LAST_NUMBER:
            kind, before = _LAST_NUMBER[batch]
            last = self._connection.last_number(values[0])
            last = last if last is not None else before
            self._answer([(None if last is None else kind(last),)])
        elif match := _RESEED.fullmatch(batch):
            self._connection.number_from(match[1], int(match[2]))
        elif match := _IDENTITY_INSERT.fullmatch(batch):
            self._connection.takes_numbers = match[1] if match[2] == "ON" else ""
        else:
            self._run(batch, values)

    def is_within(self, batch: str) -> bool:
        """Tell whether a batch is said within a transaction and leaves it there."""
        with suppress(sqlite3.ProgrammingError):  # it was closed meanwhile
            return self._connection.sqlite.in_transaction and not _ENDS.search(batch)
        return False

    def executemany(self, batch: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for one row of values after the other."""
        total = 0
        for values in rows:
            self.execute(batch, *values)
            total += self.rowcount
        self.rowcount = total

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row, if any."""
        return self._rows.pop(0) if self._rows else None

    def nextset(self) -> bool:
        """Tell that there is nothing more."""
        return False

    def close(self) -> None:
        """Forget the rows."""
        self._rows = []

    def setinputsizes(self, *_: Any) -> None:
        """Refuse: it breaks long texts on FreeTDS."""
        raise BadStatementError("setinputsizes breaks texts of over 2,000 units on FreeTDS")

    def _answer(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows
        self.description = [("", str, None, None, None, None, True)]

    def _make_or_drop(self, verb: str, name: str) -> None:
        if self._connection.sqlite.in_transaction:
            raise ProgrammingError(*said("42000", f"{verb} DATABASE not allowed within a transaction.", 226))
        if verb == "CREATE":
            FILES[name] = self._connection.file.with_name(f"{name}.db")
        elif verb == "DROP":
            forget(name)

    def _object_id(self, table: str) -> int | None:
        found = self._connection.sqlite.execute("SELECT rowid FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        return found[0] if found else None

    def _run(self, batch: str, values: Sequence[Any]) -> None:
        prepared = prepare(batch)
        if prepared.asked != len(values):
            raise BadStatementError(f"{len(values)} values for {prepared.asked} parameters: {batch}")
        named = {f"p{place}": _stored(value) for place, value in enumerate(values)}
        try:
            for each in prepared.statements:
                for watch in CONTROLS:
                    watch(each.statement)
                if not self._control(each.statement):
                    self._data(each, named)
        except sqlite3.Error as error:
            raise _error_of(error, batch) from error

    def _control(self, statement: Statement) -> bool:
        """Do what a statement says of transactions and settings; tell whether it was one of those."""
        connection, tree, text = self._connection, statement.tree, statement.text
        if text.startswith("THROW") or "THROW" in text or isinstance(tree, exp.Declare):
            return True
        if "ALTER DATABASE" in text:
            if connection.sqlite.in_transaction:
                raise ProgrammingError(*said("42000", "ALTER DATABASE not allowed within a transaction.", 226))
            connection.sqlite.execute("PRAGMA user_version = 1")
        elif isinstance(tree, exp.Set):
            if "ISOLATION LEVEL" in text:
                connection.is_snapshot = text.endswith("SNAPSHOT")
            elif "LOCK_TIMEOUT" in text:
                connection.sqlite.execute(f"PRAGMA busy_timeout = {int(text.rpartition(' ')[2])}")
        elif isinstance(tree, exp.Transaction):
            connection.begin()
        elif isinstance(tree, exp.Commit):
            connection.sqlite.execute("COMMIT")
        elif isinstance(tree, exp.Rollback):
            if statement.condition is None or connection.sqlite.in_transaction:
                connection.sqlite.execute("ROLLBACK")
        elif isinstance(tree, exp.Execute):
            if not connection.sqlite.in_transaction:
                raise BadStatementError(f"a lock that nothing gives back: {text}")
            connection.holds_lock = True
        else:
            return False
        return True

    def _data(self, prepared: Prepared, named: dict[str, Any]) -> None:
        connection, statement = self._connection, prepared.statement
        if connection.is_snapshot and connection.sqlite.in_transaction:
            self._require_snapshots()
        if prepared.sets_variable:
            connection.holds_lock = prepared.locks_workspace
            return
        for watch in WATCHERS:
            watch(statement, named)
        _watch_locks(connection, prepared)
        connection.catalogue.learn(statement)
        _watch_numbers(connection, statement.tree)
        found = connection.sqlite.execute(prepared.sql, named)
        if found.description:
            self._rows = [tuple(map(_loaded, row)) for row in found.fetchall()]
            self.description = [(name[0], str, None, None, None, None, True) for name in found.description]
        self.rowcount = found.rowcount

    def _require_snapshots(self) -> None:
        if not self._connection.sqlite.execute("PRAGMA user_version").fetchone()[0]:
            raise ProgrammingError(*said("42000", "Snapshot isolation is not allowed in this database.", 3952))


def waits_for_nobody(call: Callable[..., Any], values: Sequence[Any]) -> bool:
    """Tell whether a call is done at once: to hand out rows, and to ask within a transaction, which has its locks."""
    owner = getattr(call, "__self__", None)
    if isinstance(owner, Connection):
        return call.__name__ == "cursor"
    if not isinstance(owner, Cursor):
        return False
    return not call.__name__.startswith("execute") or owner.is_within(values[0])


def _numbered(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the columns that number their rows, by table."""
    made = connection.execute("SELECT name, sql FROM sqlite_master WHERE instr(sql, 'AUTOINCREMENT')")
    return {name: match[1] for name, sql in made if (match := _NUMBERED.search(sql))}


def _watch_locks(connection: Connection, prepared: Prepared) -> None:
    """Refuse to write what was read before without a lock that keeps it as it was read."""
    statement = prepared.statement
    if isinstance(statement.tree, exp.Query):
        connection.read |= prepared.unlocked
        return
    if not isinstance(statement.tree, exp.Insert | exp.Update | exp.Delete):
        return
    if not connection.sqlite.in_transaction:
        raise BadStatementError(f"a change outside a transaction: {statement.text}")
    if connection.is_snapshot:
        raise BadStatementError(f"a change in a transaction that only reads: {statement.text}")
    careless = connection.read and not connection.holds_lock and not connection.wrote
    if careless and prepared.target not in TAKEN_AND_CHECKED_AGAIN:
        raise BadStatementError(f"{sorted(connection.read)} read without a lock before {statement.text}")
    connection.wrote = True


def _watch_numbers(connection: Connection, tree: exp.Expr) -> None:
    """Refuse numbers for a column that gives them by itself, unless that was announced."""
    if not isinstance(tree, exp.Insert) or not isinstance(tree.this, exp.Schema):
        return
    table = tree.this.this.name
    numbered = connection.numbered.get(table)
    brings = any(column.name == numbered for column in tree.this.expressions)
    if numbered and brings != (connection.takes_numbers == table):
        raise IntegrityError(*said("23000", f"Explicit value for identity column in table '{table}'.", 544))


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise BadStatementError("a time with a zone is bound as text")
        return _INSTANT + value.isoformat(" ", "microseconds")
    if isinstance(value, int) and abs(value) >= 1 << 63:
        raise DataError("22003", "[22003] Numeric value out of range (0) (SQLBindParameter)")
    if isinstance(value, date | time_of_day):
        return value.isoformat()
    return value


def _loaded(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_INSTANT):
        return datetime.fromisoformat(value.removeprefix(_INSTANT))
    return value


def _error_of(error: sqlite3.Error, batch: str) -> Error:
    text = str(error)
    if "CHECK" in text:
        return DataError(*said("22001", "String or binary data would be truncated.", 2628))
    if "FOREIGN KEY" in text:
        return IntegrityError(*said("23000", "The statement conflicted with a FOREIGN KEY constraint.", 547))
    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(*said("23000", f"Violation of a constraint: {text}.", 2627))
    if "locked" in text:
        return ProgrammingError(*said("42000", "Lock request time out period exceeded.", 1222))
    return ProgrammingError(*said("42000", f"{text}: {batch}", 102))


def module() -> ModuleType:
    """Return the module that is imported in place of pyodbc."""
    made = ModuleType("pyodbc")
    errors = (
        Error,
        Warning,
        InterfaceError,
        DatabaseError,
        DataError,
        OperationalError,
        IntegrityError,
        InternalError,
        ProgrammingError,
        NotSupportedError,
    )
    for error in errors:
        setattr(made, error.__name__, error)
    for place, name in enumerate(("SQL_DRIVER_NAME", "SQL_VARCHAR", "SQL_WVARCHAR", "SQL_DECIMAL")):
        setattr(made, name, place)
    for name, kind in {"NUMBER": float, "STRING": str, "DATETIME": datetime, "BINARY": bytes, "Binary": bytes}.items():
        setattr(made, name, kind)
    facts = {"BinaryNull": None, "paramstyle": "qmark", "version": "5.5.0", "apilevel": "2.0", "threadsafety": 1}
    for name, value in {**facts, "pooling": True}.items():
        setattr(made, name, value)
    made.connect = Connection  # type: ignore[attr-defined]
    made.Connection = Connection  # type: ignore[attr-defined]
    made.Cursor = Cursor  # type: ignore[attr-defined]
    made.Row = tuple  # type: ignore[attr-defined]
    made.dataSources = dict  # type: ignore[attr-defined]
    return made


def forget(name: str) -> None:
    """Remove a database."""
    file = FILES.pop(name, None)
    if file is not None:
        _CATALOGUES.pop(file, None)
        with suppress(OSError):
            file.unlink()
