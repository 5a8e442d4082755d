"""Workers on one Postgres: what one of them can't finish another one does, and no effect comes twice."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import ROOT, foreign_settings
from tests.support.command_line_here import CommandLineHere
from tests.support.databases import fresh_database
from tests.support.patience import patience, patiently, until
from tests.support.postgres import shared_server

LEASE = 1.0
"""Seconds after which a worker that gives no sign of life is taken for dead; 10 for people."""
JOBS = 2


class Worker:
    """A worker in a process of its own, and what it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""
        self._reading = asyncio.create_task(self._read())

    async def says(self, words: str) -> None:
        """Return when it has said so."""
        try:
            await until(lambda: words in self.said)
        except AssertionError as late:
            raise AssertionError(f"{late}; instead of “{words}” it said: {self.said}") from late

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        async with patiently():
            code = await self.process.wait()
        await self._reading
        return code

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.said += line.decode()


@asynccontextmanager
async def worker(settings: dict[str, str]) -> AsyncIterator[Worker]:
    """Start a worker; killed at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", f"from tests.support.brief_lease import worker; worker({patience(LEASE)})"),
        env={**foreign_settings(), **settings},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    started = Worker(process)
    try:
        await started.says("job_engine_ready")
        yield started
    finally:
        if process.returncode is None:
            await started.end(signal.SIGKILL)


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    async with fresh_database("postgresql", tmp_path) as url:
        yield {"QM_DATA_DIR": str(tmp_path), "QM_DATABASE_URL": url}


async def _stop_between_statements(worker: Worker, ask: Callable[[str], Awaitable[Any]]) -> None:
    """Stop it where the server ends its transactions in time: for the second half of a statement it waits for ever."""
    halves = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
    while True:
        worker.process.send_signal(signal.SIGSTOP)
        if not await ask(f"{halves} AND wait_event = 'ClientRead'"):
            return
        worker.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(0.02)


async def test_jobs_of_a_stopped_worker_are_done_by_another_once(settings: dict[str, str], tmp_path: Path) -> None:
    database = settings["QM_DATABASE_URL"].partition("@/")[2].partition("?")[0]

    async def ask(statement: str) -> Any:
        return await shared_server().say(statement, database=database)

    here = CommandLineHere(tmp_path, settings)
    for _ in range(JOBS):
        assert (await here.exec("--no-wait", "/job run wait seconds:3600")).code == 0
    async with worker(settings) as stopped:
        begun = f"SELECT count(*) = {JOBS} FROM jobs WHERE attempts = 1 AND state = 'running'"
        await until(lambda: ask(begun), what="the beginning")
        await _stop_between_statements(stopped, ask)
        # Whoever begins them now finds their time over.
        await ask("UPDATE jobs SET started_at = started_at - interval '2 hours' RETURNING 1")
        async with worker(settings) as other:
            over = f"SELECT count(*) = {JOBS} FROM jobs WHERE attempts = 2 AND state = 'completed'"
            await until(lambda: ask(over), what="the end")
            before = len(stopped.said)
            stopped.process.send_signal(signal.SIGCONT)
            await until(lambda: len(stopped.said) > before, what="a word of what it found when it went on")
            assert [await one.end(signal.SIGTERM) for one in (stopped, other)] == [0, 0]
    assert await ask("SELECT count(*) FROM outbox") == JOBS
    assert await ask(over)


async def test_where_jobs_are_in_a_file_whoever_serves_is_the_worker(tmp_path: Path) -> None:
    ended = await CommandLineHere(tmp_path, {"QM_DATA_DIR": str(tmp_path)}).run("worker")
    assert ended.code == 1
    assert "`quartermaster serve` runs them by itself" in ended.err
