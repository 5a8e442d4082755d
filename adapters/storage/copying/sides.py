"""The two databases of a copy; whatever goes wrong at one of them is told with its name."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import structlog
from sqlalchemy import Table

from adapters.storage.copying.rows import Row, every_row
from adapters.storage.engine.addresses import Kind, file_of, read_address
from adapters.storage.engine.database import Database, DatabaseTransaction, Once, Work
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.error_codes import codes_of, is_made_meanwhile
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.opening import open_database
from core.ports.keeping import CopyError
from core.shared.errors import QuartermasterError

T = TypeVar("T")

log = structlog.get_logger()

PATIENT = Limits(writer=120.0, reader=120.0, lock=120.0, statement=3600.0, idle=3600.0, connections=2)
"""One side waits while the other works, and some statements are about every row."""

FROM, TO = "from", "to"

_PORTS = {Kind.POSTGRES: 5432, Kind.MSSQL: 1433}
"""Where a server listens whose address names no port."""


@contextmanager
def at(side: str, table: str = "") -> Iterator[None]:
    """Tell of what goes wrong within the block as something that went wrong at that side."""
    try:
        yield
    except CopyError:
        raise
    except QuartermasterError as error:
        raise CopyError("unavailable", side, table) from error
    except Exception as error:  # why: drivers raise errors of their own for a value they can't read or take
        codes = codes_of(error)
        log.warning("copy_failed", side=side, table=table, kind=type(error).__name__, codes=codes)
        raise CopyError(_reason(error, side, table), side, table, codes) from error


def _reason(error: Exception, side: str, table: str) -> str:
    if table:
        return "unreadable" if side == FROM else "not_taken"
    # Our own notes there: has somebody else begun or ended them meanwhile?
    return "elsewhere" if side == TO and is_made_meanwhile(error) else "failed"


class Side:
    """One of the two databases."""

    def __init__(self, name: str, database: Database) -> None:
        """Name a database."""
        self.name = name
        self._database = database
        self._snapshot: DatabaseTransaction | None = None

    @property
    def dialect(self) -> Dialect:
        """Return what is particular to its kind."""
        return self._database.dialect

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        """See one state of it within the block."""
        self._snapshot = self._database.reader()
        try:
            yield
        finally:
            transaction, self._snapshot = self._snapshot, None
            await transaction.end()

    async def read(self, work: Work[T], table: str = "") -> T:
        """Run statements that only read, in the snapshot if there is one."""
        with at(self.name, table):
            if self._snapshot is not None:
                return await self._snapshot.run(work)
            return await Once(self._database).read(work)

    async def write(self, work: Work[T], table: str = "") -> T:
        """Run statements and commit."""
        with at(self.name, table):
            return await Once(self._database).write(work)

    def rows(self, table: Table, at_most: int | None = None) -> AsyncIterator[Sequence[Row]]:
        """Return the rows of a table in chunks, by their key."""

        async def read(work: Work[Any]) -> Any:
            return await self.read(work, table.name)

        return every_row(read, self.dialect, table, at_most=at_most)


@asynccontextmanager
async def opened(name: str, url: str, limits: Limits = PATIENT) -> AsyncIterator[Side]:
    """Open the database of a side within the block."""
    with at(name):
        database = open_database(url, limits)
    try:
        yield Side(name, database)
    finally:
        await database.close()


def identity(url: str) -> str:
    """Return a digest of which database an address means, without the name and password of who asks."""
    kind, address = read_address(url)
    if kind is Kind.SQLITE:
        place = str(file_of(url).resolve())
    else:
        host = address.host or address.query.get("host") or "localhost"
        port = address.port or address.query.get("port") or _PORTS[kind]
        place = f"{host}:{port}/{address.database}"
    return hashlib.sha256(f"{kind}:{place}".encode()).hexdigest()


def are_the_same(one: str, other: str) -> bool:
    """Tell whether two addresses surely mean one database; one on a server may have further names."""
    if identity(one) == identity(other):
        return True
    if read_address(one)[0] is not Kind.SQLITE or read_address(other)[0] is not Kind.SQLITE:
        return False
    first, second = file_of(one), file_of(other)
    return first.exists() and second.exists() and first.samefile(second)
