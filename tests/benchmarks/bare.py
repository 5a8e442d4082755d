"""The reference: a bare bolt handler that runs given statements on bare aiosqlite, in one transaction a command.

python -m tests.benchmarks.bare PORT DATABASE STATEMENTS SIGNING_SECRET
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.benchmarks.statements import Statement, from_document

LOCK_SECONDS = 30.0


class Replay:
    """Runs the statements of one command in one transaction on the one connection; transactions take turns."""

    def __init__(self, database: aiosqlite.Connection, statements: Sequence[Statement]) -> None:
        self._database = database
        self._statements = statements
        self._turn = asyncio.Lock()
        self._count = 0

    async def run(self) -> int:
        """The number that the command got; committed when this returns."""
        async with self._turn:
            self._count += 1
            await self._database.execute("BEGIN IMMEDIATE")
            number = 0
            for statement in self._statements:
                number = await self._step(statement, number)
            await self._database.commit()
            return number

    async def _step(self, statement: Statement, number: int) -> int:
        rows = [[slot.fill(self._count, number) for slot in row] for row in statement.rows]
        if len(rows) > 1:
            await self._database.executemany(statement.sql, rows)
        elif statement.reads:
            found = await self._database.execute_fetchall(statement.sql, rows[0])
            if statement.gives_number:
                return int(next(iter(found))[0])
        else:
            await self._database.execute(statement.sql, rows[0])
        return number


async def connect(path: Path) -> aiosqlite.Connection:
    """A connection by the product's own rules, with transactions left to us."""
    database = await aiosqlite.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    for rule in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        await database.execute(f"PRAGMA {rule}")
    return database


def load(path: Path) -> list[Statement]:
    """The statements of a file."""
    return from_document(json.loads(path.read_text("utf-8")))


def application(replay: Replay, secret: str) -> web.Application:
    """The handler, mounted on aiohttp."""

    async def authorize(team_id: str) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_user_id="U0", bot_id="B0", bot_token="xoxb-bare"
        )

    app = AsyncApp(
        signing_secret=secret,
        authorize=authorize,
        process_before_response=True,
        logger=logging.getLogger("tests.benchmarks.bare"),
    )

    async def add(ack: Any) -> None:
        number = await replay.run()
        await ack(text=f"Added task #{number}.", response_type="in_channel")

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async def ready(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ready"})

    app.command(re.compile(".+"))(add)
    server = web.Application()
    server.router.add_post("/slack/events", handle)
    server.router.add_get("/readyz", ready)
    return server


async def serve(port: int, path: Path, statements: Path, secret: str) -> None:
    """Serve until told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    database = await connect(path)
    runner = web.AppRunner(application(Replay(database, load(statements)), secret), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=256).start()
    try:
        await stopping.wait()
    finally:
        await runner.cleanup()
        await database.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]))
