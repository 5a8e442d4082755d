"""A kind of database server, as a pool of connections to it needs it."""

from typing import Protocol

from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.news import News
from adapters.storage.engine.statements import Statements


class PooledConnection(Protocol):
    """A connection of the pool, used within a greenlet."""

    @property
    def statements(self) -> Statements:
        """Return what runs statements."""
        ...

    @property
    def was_used(self) -> bool:
        """Tell whether it was in use before, and so may have died while it lay idle."""
        ...

    def flush(self) -> None:
        """Run the statements that wait for a trip, if any do."""
        ...

    def say(self, words: str) -> None:
        """Run words about transactions, several statements in one trip."""
        ...

    async def finish(self, words: str) -> None:
        """Run words that end a transaction and give it back to the pool, outside a greenlet."""
        ...

    def give_back(self) -> None:
        """Give it back to the pool."""
        ...

    def invalidate(self) -> None:
        """Close it, for it is of no more use."""
        ...


class Server(Protocol):
    """What is particular to a kind of server."""

    errors: tuple[type[Exception], ...]
    """What its driver raises beside SQLAlchemy's errors."""
    has_history: str
    """The question whether Alembic's table is there: one row, NULL if it is not."""
    prepare: str
    """What a database needs before it is migrated, outside a transaction; may be empty."""
    migrate_alone: str
    """The words that keep every other process from migrating until the transaction ends."""
    moment: str
    """The question what time it is there, in UTC."""

    @property
    def dialect(self) -> Dialect:
        """Return what is particular to its statements."""
        ...

    def take(self) -> PooledConnection:
        """Take a connection from the pool."""
        ...

    def begin(self, workspace_id: int | None, *, writes: bool) -> str:
        """Return the words that begin a transaction and, if it writes, lock the workspace's row."""
        ...

    @property
    def commit(self) -> str:
        """Return the words that commit."""
        ...

    def commit_telling(self, news: str) -> str:
        """Return the words that commit and, where the server does that, tell other processes the news.

        News have nothing in them that would have to be quoted.
        """
        ...

    def news(self, origin: str) -> News | None:
        """Return the way to be told of others' commits, none if the server has none; `origin` is this process."""
        ...

    @property
    def roll_back(self) -> str:
        """Return the words that roll back, if there is anything to roll back."""
        ...

    def reason(self, error: BaseException) -> str | None:
        """Return the word for an error that is nobody's mistake (see `StorageUnavailableError`), else None."""
        ...

    async def close(self) -> None:
        """Close the pool, and let go of what else there is."""
        ...
