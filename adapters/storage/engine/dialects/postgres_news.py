"""Hearing of other processes' commits on Postgres: they are told right behind the commit, in the same trip."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.storage.engine.news import Listener, NewsUnreadableError, unpacked

CHANNEL = "quartermaster"
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before the next attempt to connect."""
LOOK, ANSWER = 15.0, 5.0
"""Seconds between looks whether the connection still lives, and what the server has to answer."""

log = structlog.get_logger()


class PostgresNews:
    """One connection that listens."""

    def __init__(self, open_engine: Callable[[], AsyncEngine], errors: tuple[type[Exception], ...], own: str) -> None:
        """Connect by an engine that pools nothing; `own` is what this process calls itself in news."""
        self._open_engine = open_engine
        self._errors = errors
        self._own = own

    async def follow(self, listener: Listener) -> None:
        """Tell of every commit; each time it begins to listen, anything may have been missed."""
        engine, pause = self._open_engine(), FIRST_PAUSE
        try:
            while True:
                try:
                    async with engine.connect() as connection:
                        await self._listen(connection, listener)
                    pause = FIRST_PAUSE
                except self._errors as error:
                    log.info("news_interrupted", cause=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            with suppress(*self._errors):
                await engine.dispose()

    async def _listen(self, connection: AsyncConnection, listener: Listener) -> None:
        """Listen until the connection ends."""
        driver: Any = (await connection.get_raw_connection()).driver_connection
        ended = asyncio.Event()
        driver.add_termination_listener(lambda _connection: ended.set())
        await driver.add_listener(CHANNEL, lambda _connection, _pid, _channel, letters: self._hear(letters, listener))
        log.info("news_followed")
        listener.missed()
        try:
            while not ended.is_set():
                try:
                    async with asyncio.timeout(LOOK):
                        await ended.wait()
                except TimeoutError:
                    # What lies between may have dropped the connection without a word.
                    await driver.fetchval("SELECT 1", timeout=ANSWER)
        finally:
            with suppress(*self._errors):
                await connection.invalidate()

    def _hear(self, letters: str, listener: Listener) -> None:
        try:
            origin, committed = unpacked(letters)
        except NewsUnreadableError:
            log.warning("news_unreadable")
            listener.missed()
            return
        if origin == self._own:
            return
        if committed is None:
            listener.missed()
        else:
            listener.heard(committed)
