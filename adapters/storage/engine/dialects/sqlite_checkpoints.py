"""What was committed moved from SQLite's log into its file, beside those who write rather than by one of them.

A commit that does it by the way takes as long as a hundred others, and everybody behind it waits (measured).
"""

import asyncio

from adapters.storage.engine.dialects.sqlite_connections import SqliteConnection, SqliteConnections, Visited

PAUSE, SOON = 0.25, 0.05
"""Seconds from a commit to the checkpoint, which serves all that is committed meanwhile: at most, and at least."""
MUCH = 1000
"""Pages that a checkpoint is to move, if it may come so soon: who commits during a long one waits for the disk."""
LONG = 8192
"""Pages of a log that is to begin anew: 32 MB. Whoever writes waits for that, so it is not to come often."""
PASSES = 2
"""How often what was written during a checkpoint is moved beside those who write, before they wait for the last."""
LONGEST = 2 * LONG
"""Pages after which a commit does it nevertheless: as much as the log's file may keep."""


class Checkpoints:
    """Makes a checkpoint soon after a commit, by a connection of its own."""

    def __init__(self, connection: SqliteConnection, writers: SqliteConnections) -> None:
        """Take the connection, and those who write."""
        self._connection = connection
        self._writers = writers
        self._next: asyncio.Task[None] | None = None
        self._is_wanted = self._is_closed = False
        self._pause, self._pages = PAUSE, 0

    def soon(self) -> None:
        """Make one after a while, unless it is to be made already."""
        self._is_wanted = True
        if self._next is None and not self._is_closed:
            self._next = asyncio.get_running_loop().create_task(self._make())
            self._next.add_done_callback(self._made)

    async def close(self) -> None:
        """Make none any more."""
        self._is_closed = True
        if self._next is not None:
            self._next.cancel()
            await asyncio.wait([self._next])
        await self._connection.close()

    async def _make(self) -> None:
        while self._is_wanted:
            await asyncio.sleep(self._pause)
            self._is_wanted = False
            await self._connection.ready()
            before, self._pages = self._pages, await self._connection.visit(_checkpoint)
            moved = self._pages - before if self._pages >= before else self._pages
            self._pause = pause_after(self._pause, moved)
            if self._pages >= LONG:
                await self._finish()

    async def _finish(self) -> None:
        """Move the little that was written meanwhile: the log begins anew once nothing in it is still to be moved."""
        for _ in range(PASSES):
            await self._connection.visit(_checkpoint)
        connection = await self._writers.take()
        try:
            await connection.visit(_checkpoint)
        finally:
            self._writers.give_back(connection)

    def _made(self, task: asyncio.Task[None]) -> None:
        self._next = None
        if not task.cancelled():
            task.exception()  # why: whatever it is, the next one tries again, and at last a commit tells of it


def pause_after(pause: float, moved: int) -> float:
    """Return how long to wait for the next checkpoint, after a pause in which so many pages were written."""
    return min(PAUSE, max(SOON, pause * MUCH / max(moved, 1)))


def _checkpoint(driver: Visited) -> int:
    """Move what can be moved while others read and write, and return how many pages the log has."""
    _, pages, _ = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return int(pages)
