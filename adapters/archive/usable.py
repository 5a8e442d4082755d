"""A database file out of a backup, made usable: of the newest schema, with nothing in it that is none of ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ColumnElement, Integer, Table, TypeDecorator
from sqlalchemy.dialects import sqlite

from adapters.archive.writing import address_of
from adapters.storage.copying import tables
from adapters.storage.engine.errors import SchemaDamagedError
from adapters.storage.migrations import REVISIONS
from adapters.storage.schema.file import migrate_file
from core.ports.keeping import ArchiveError
from core.ports.storage import StorageUnavailableError

_LONGEST = 20_000_000
"""Bytes of a value; ours are far shorter."""
_OF_THE_BACKUP = frozenset({"damaged", "cannot_open"})
"""Why a database file can't be used that lies in an archive; the other reasons are this machine's."""
_DEFINITIONS = (
    "SELECT type, name, tbl_name, substr(sql, 1, 20000) FROM sqlite_master ORDER BY type, name, tbl_name LIMIT 1000"
)


async def make_usable(database: Path, fresh: Path, revision: str) -> None:
    """Bring a database of a revision to the newest schema, beside a `fresh` one; raises `ArchiveError`.

    Whoever made a backup can have put into its database what acts when it is used: other kinds of tables, columns
    that are computed, triggers. So it is only migrated after its definitions were found to be those of that revision.
    """
    try:
        is_known = revision in REVISIONS
        await migrate_file(address_of(fresh), revision if is_known else REVISIONS[-1])
        if not _has_history_of(database, fresh, revision):
            raise ArchiveError("damaged")
        if not is_known:
            raise ArchiveError("newer")
        _compare(database, fresh)
        await migrate_file(address_of(database))
        await migrate_file(address_of(fresh))
        _compare(database, fresh)
        if not _is_sound(database):
            raise ArchiveError("damaged")
    except (sqlite3.DatabaseError, SchemaDamagedError):
        raise ArchiveError("damaged") from None
    except StorageUnavailableError as error:
        raise as_archive_error(error) from error


def as_archive_error(cause: BaseException | None) -> Exception:
    """Return what to raise for a failure with the backup's database."""
    if isinstance(cause, StorageUnavailableError) and cause.reason not in _OF_THE_BACKUP:
        return cause
    return ArchiveError("damaged")


@contextmanager
def _looking(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _has_history_of(database: Path, fresh: Path, revision: str) -> bool:
    """Tell whether it says that it is of that revision, in a table like the one of a fresh database."""
    own, wanted = ([one for one in _definitions(each) if one[2] == "alembic_version"] for each in (database, fresh))
    if own != wanted:
        return False
    with _looking(database) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchmany(2) == [(revision,)]


def _compare(database: Path, fresh: Path) -> None:
    if _definitions(database) != _definitions(fresh):
        raise ArchiveError("damaged")


def _definitions(database: Path) -> list[tuple[object, ...]]:
    with _looking(database) as connection:
        return connection.execute(_DEFINITIONS).fetchall()


def _is_sound(database: Path) -> bool:
    """Tell whether the file is whole, its references lead somewhere, and its values are of the columns' kinds."""
    with _looking(database) as connection:
        (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if told != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            return False
        return all(connection.execute(_odd_row(table)).fetchone() is None for table in tables())


def _odd_row(table: Table) -> str:
    """Return the question for a row with a value that its column can't have: SQLite itself takes any."""
    odd = sa.or_(*(_is_odd(column) for column in table.columns))
    statement: sa.Select[tuple[object]] = sa.select(sa.literal_column("1")).select_from(table).where(odd).limit(1)
    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def _is_odd(column: Column[object]) -> ColumnElement[bool]:
    kept_as = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    is_number = isinstance(kept_as, Integer | Boolean)
    odd = sa.func.typeof(column).not_in(["integer" if is_number else "text", "null"])
    length = getattr(column.type, "length", None)
    return odd if is_number or length is None else odd | (sa.func.length(column) > length)
