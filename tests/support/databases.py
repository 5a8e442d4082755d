"""The kinds of database that tests run on, and a fresh one of each."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from adapters.storage import Repositories, SqlStorage
from core.shared.clock import Clock
from tests.support import postgres, sql_server
from tests.support.storage import fresh_url, make_storage
from tests.support.tsql import stand_in

DATABASES = ["sqlite", "postgresql", *(["mssql"] if sql_server.server_url() else [])]
"""SQL Server is among them where there is one."""

STAND_IN = "mssql-stand-in"
"""What reads and answers the statements for SQL Server where there is none (see `tests.support.tsql`)."""


_OFF = "OFF_THE_STAND_IN"
"""The attribute of a contract, or the constant of a module, that says why."""

Contract = TypeVar("Contract", bound=Callable[..., Any])


def off_the_stand_in(why: str) -> Callable[[Contract], Contract]:
    """Leave the stand-in out of a contract: other tests send it the same statements, and the rest is not SQL's.

    A module says so of all that is in it with a constant `OFF_THE_STAND_IN`.
    """

    def leave(contract: Contract) -> Contract:
        setattr(contract, _OFF, why)
        return contract

    return leave


def why_off_the_stand_in(contract: object) -> str:
    """Return why a contract, or all of a module, is not tried on the stand-in; empty if it is."""
    return str(getattr(contract, _OFF, ""))


@asynccontextmanager
async def fresh_database(kind: str, folder: Path, *, empty: bool = False) -> AsyncIterator[str]:
    """Make a fresh database of a kind, migrated unless it is to be empty, and return its address."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'quartermaster.db'}" if empty else fresh_url(folder)
    elif kind == STAND_IN:
        with stand_in.fresh_database(folder, empty=empty) as url:
            yield url
    else:
        server = sql_server if kind == "mssql" else postgres
        url = await server.fresh_database(empty=empty)
        try:
            yield url
        finally:
            await server.drop_database(url)


@asynccontextmanager
async def fresh_storage(
    kind: str, folder: Path, *, clock: Clock | None = None, areas: Repositories = MappingProxyType({})
) -> AsyncIterator[SqlStorage]:
    """Open a fresh database of a kind, with what areas keep."""
    async with fresh_database(kind, folder) as url:
        storage = await make_storage(url=url, clock=clock, areas=areas)
        try:
            yield storage
        finally:
            await storage.close()
