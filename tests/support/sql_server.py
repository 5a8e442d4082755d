"""A real SQL Server for tests, where `QM_TEST_MSSQL_URL` names one: a fresh database a test."""

import os
from itertools import count

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.storage import migrate, read_address

VARIABLE = "QM_TEST_MSSQL_URL"
MISSING = (
    f"no SQL Server: {VARIABLE} is not set (docs/databases.md says how to start one); its statements were read by a "
    "parser, held against rules and run by a stand-in"
)

_NUMBERS = count(1)


def server_url() -> str:
    """Return the address of the server, by any of its databases; empty if there is none."""
    return os.environ.get(VARIABLE, "")


async def _say(statement: str) -> None:
    """Run a statement outside transactions, which is where databases are made."""
    _, address = read_address(server_url())
    engine = create_async_engine(
        address, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True, connect_args={"autocommit": True}
    )
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def fresh_database(*, empty: bool = False) -> str:
    """Return the address of a fresh database, migrated unless it is to be empty."""
    name = f"quartermaster_test_{os.getpid()}_{next(_NUMBERS)}"
    await _say(f"CREATE DATABASE {name}")
    _, address = read_address(server_url())
    url = address.set(database=name).render_as_string(hide_password=False)
    if not empty:
        await migrate(url)
    return url


async def drop_database(url: str) -> None:
    """Remove a database, whoever is connected to it."""
    _, address = read_address(url)
    await _say(f"ALTER DATABASE {address.database} SET SINGLE_USER WITH ROLLBACK IMMEDIATE")
    await _say(f"DROP DATABASE {address.database}")
