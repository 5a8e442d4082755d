"""A Postgres of a test's own, for tests in which it stops, dies or refuses."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.postgres import PostgresProcess, remove

_DURABLE = """
max_connections = 100
shared_buffers = 32MB
autovacuum = off
"""
"""What is answered as kept has to be kept: nothing here turns that off."""


class OwnPostgres(PostgresProcess):
    """A server that a test may do anything to."""

    def __init__(self, folder: Path) -> None:
        """Start on an empty folder."""
        self.folder = folder
        super().__init__(folder, _DURABLE)

    def kill(self) -> None:
        """End it, all of its processes at once, with no time to tidy up."""
        for process in self._signal(signal.SIGKILL):
            process.wait(10)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it neither answer nor hang up within the block, as a machine does that the network has lost."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> list[Any]:
        parent = self._server.get_postmaster_info().process
        if parent is None or not parent.is_running():
            return []
        processes = [parent, *parent.children(recursive=True)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)
        return processes

    async def ask_for_passwords_of(self, user: str) -> None:
        """Let a user in only with a password."""
        rules = self.folder / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
        await self.say("SELECT pg_reload_conf()")

    def url_as(self, user: str, password: str, database: str = "postgres") -> str:
        """Return a database's address for somebody with a password."""
        return self.url(database).replace("postgres@", f"{user}:{password}@", 1)


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Have a server, ended and removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="quartermaster-postgres-own-"))
    server = OwnPostgres(folder)
    try:
        yield server
    finally:
        server.kill()
        remove(folder)
        shutil.rmtree(folder, ignore_errors=True)
