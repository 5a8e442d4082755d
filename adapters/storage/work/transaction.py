"""The transaction of a unit of work: the database's own, what waits to be written in it, and what it makes true."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Table

from adapters.storage.engine.database import DatabaseTransaction
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.errors import UnitOfWorkClosedError
from adapters.storage.engine.statements import Statements
from adapters.storage.work.additions import Additions
from adapters.storage.work.scope import Scoped, laid_out
from core.ports.storage import Committed
from core.shared.events import Event

T = TypeVar("T")

Notify = Callable[[Committed], None]
First = Callable[[Scoped], None]


class Transaction:
    """Statements of one workspace that become permanent together.

    Rows to be inserted, and amounts to be added, wait here until the next statement needs the database, and go along
    with it. `first` goes before everything else.
    """

    def __init__(
        self, own: DatabaseTransaction, workspace_id: int, dialect: Dialect, notify: Notify, first: First | None = None
    ) -> None:
        """Wrap the database's own transaction, which has done nothing yet."""
        self.workspace_id = workspace_id
        self._own = own
        self._dialect = dialect
        self._notify = notify
        self._first = first
        self._waiting = Additions()
        self._events: list[Event] = []
        self._has_posts = False
        self._has_jobs = False
        self._moved: set[int] = set()
        # Items that were read here, by number: true until the commit, for nobody else writes meanwhile.
        self.met: dict[Table, dict[int, Any]] = {}
        self._over = False

    def later(self, table: Table, row: dict[str, Any]) -> None:
        """Insert a row at the latest on commit."""
        self._require_open()
        self._waiting.insert(table, [row])

    def add(self, additions: Additions) -> None:
        """Make additions at the latest on commit."""
        self._require_open()
        self._waiting.include(additions)

    def laid_out(self) -> Additions:
        """Take what waits and lay its rows out, in any thread, for another transaction of the workspace."""
        waiting, self._waiting = self._waiting, Additions()
        waiting.lay_out(partial(laid_out, self._dialect, self.workspace_id))
        return waiting

    def recorded(self, event: Event) -> None:
        """Tell the watchers of an event after the commit."""
        self._events.append(event)

    def posted(self) -> None:
        """Tell the watchers after the commit that a post waits."""
        self._has_posts = True

    def queued(self) -> None:
        """Tell the watchers after the commit that a job waits."""
        self._has_jobs = True

    def moved(self, channel_id: int) -> None:
        """Tell the watchers after the commit that a console channel has something new."""
        self._moved.add(channel_id)

    async def run(self, work: Callable[[Scoped], T]) -> T:
        """Write what waits, then run statements and return their result."""
        self._require_open()
        write = self._taken()

        def statements(db: Statements) -> T:
            return work(write(db))

        return await self._own.run(statements)

    async def commit(self, last: Callable[[Scoped], None] | None = None) -> None:
        """Write what waits, run the last statements, and commit."""
        self._require_open()
        self._over = True
        write = self._taken()

        def statements(db: Statements) -> None:
            scoped = write(db)
            if last is not None:
                last(scoped)

        await self._own.commit(statements, self._tell, self._made())

    async def end(self) -> None:
        """Roll back unless committed, and give the connection back; harmless when done twice."""
        self._over = True
        self._waiting = Additions()
        await self._own.end()

    def _require_open(self) -> None:
        if self._over:
            raise UnitOfWorkClosedError

    def _taken(self) -> Callable[[Statements], Scoped]:
        """Take what waits, and return what writes it."""
        first, waiting = self._first, self._waiting
        self._first, self._waiting = None, Additions()

        def write(db: Statements) -> Scoped:
            scoped = Scoped(db, self.workspace_id, self._dialect)
            if first is not None:
                first(scoped)
            waiting.write(scoped)
            return scoped

        return write

    def _made(self) -> Committed:
        moved = frozenset(self._moved)
        return Committed(self.workspace_id, tuple(self._events), self._has_posts, moved, self._has_jobs)

    def _tell(self) -> None:
        self._notify(self._made())
