"""Connections that are SQLAlchemy's own."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from adapters.storage.engine.statements import Statements

_USED = "quartermaster used"


def was_used(info: dict[Any, Any]) -> bool:
    """Tell whether a connection was in use before, by what is kept with the driver's connection; now it is."""
    used = bool(info.get(_USED))
    info[_USED] = True
    return used


def sqlalchemy_of(statements: Statements) -> Connection:
    """Return SQLAlchemy's connection, where it is what runs the statements."""
    if not isinstance(statements, Connection):
        raise TypeError("statements that are run by SQLAlchemy")
    return statements


class PlainConnection:
    """A connection of SQLAlchemy's from a pool."""

    def __init__(self, engine: AsyncEngine, say: Callable[[Connection, str], None]) -> None:
        """Take one from the pool; `say` runs several statements in one trip."""
        self.statements = engine.sync_engine.connect()
        self._say = say
        self.was_used = was_used(self.statements.info)

    def flush(self) -> None:
        """Run what waits for a trip: nothing does."""

    def say(self, words: str) -> None:
        """Run words about transactions."""
        self._say(self.statements, words)

    async def finish(self, words: str) -> None:
        """Run words that end a transaction and give it back to the pool."""
        await greenlet_spawn(self._finish, words)

    def _finish(self, words: str) -> None:
        self.say(words)
        self.give_back()

    def give_back(self) -> None:
        """Give it back to the pool."""
        self.statements.close()

    def invalidate(self) -> None:
        """Close it."""
        self.statements.invalidate()
