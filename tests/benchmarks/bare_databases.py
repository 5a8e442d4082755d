"""The drivers of the databases with nothing around them: what repositories are compared with."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol

import aiosqlite
import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg as postgresql

from adapters.storage.engine.dialects.postgres_statements import teach_instants
from adapters.storage.engine.statements import Row
from adapters.storage.engine.statements.many_rows import Prepared, insert_of
from adapters.storage.repositories.tasks.rows import TASK, assignee_rows, row_of
from adapters.storage.schema.tables import task_assignees, tasks
from core.tasks.model import Task

_WORKSPACE = sa.bindparam("the_workspace", type_=sa.Integer())
_NUMBER = sa.bindparam("the_number", type_=sa.Integer())
_FETCH = sa.select(*TASK).where(
    tasks.c.workspace_id == _WORKSPACE, tasks.c.number == _NUMBER, tasks.c.removed_at.is_(None)
)
_RAISE = (
    sa.update(tasks)
    .where(tasks.c.workspace_id == _WORKSPACE, tasks.c.number == _NUMBER)
    .values(version=tasks.c.version + sa.literal_column("1"))
)


class Bare(Protocol):
    """A driver, with its statements at hand."""

    async def insert(self, task: Task) -> None:
        """Insert a task with its people in a transaction."""

    async def fetch(self, number: int) -> None:
        """Fetch a task with its people in a transaction."""

    async def bulk(self, rows: Sequence[Sequence[Any]], people: Sequence[Sequence[Any]]) -> None:
        """Insert many rows by the fastest way, values ready."""

    async def add_one(self, number: int) -> None:
        """Read a task's row and write its version raised, in a transaction that nobody else comes between."""


def owned(rows: Any, workspace_id: int) -> list[Row]:
    """Return rows as those of a workspace."""
    return [{**row, "workspace_id": workspace_id} for row in rows]


class Statements:
    """The statements in a database's own words."""

    def __init__(self, dialect: Any, workspace_id: int, example: Task) -> None:
        """Compile them for rows like those of the example."""
        self.workspace_id = workspace_id
        self.task: Prepared = insert_of(tasks, tuple(owned([row_of(example)], 0)[0]), dialect)
        self.person: Prepared = insert_of(task_assignees, tuple(owned(assignee_rows(example), 0)[0]), dialect)
        self.fetch = str(_FETCH.compile(dialect=dialect))
        self.raised = str(_RAISE.compile(dialect=dialect))

    def values(self, task: Task) -> tuple[Sequence[Any], Sequence[Sequence[Any]]]:
        """Return what the driver takes for a task, and for its people."""
        own = self.task[1](owned([row_of(task)], self.workspace_id)[0])
        return own, [self.person[1](row) for row in owned(assignee_rows(task), self.workspace_id)]


class BareSqlite:
    """aiosqlite on one connection, as a program without repositories would use it."""

    def __init__(self, connection: aiosqlite.Connection, workspace_id: int, example: Task) -> None:
        """Use a connection that leaves transactions to us."""
        self._db = connection
        self._words = Statements(sqlite.dialect(), workspace_id, example)
        self._alone = asyncio.Lock()
        self.values = self._words.values

    async def insert(self, task: Task) -> None:
        """Insert a task with its people."""
        own, people = self._words.values(task)
        await self._db.execute("BEGIN IMMEDIATE")
        await self._db.execute(self._words.task[0], own)
        await self._db.executemany(self._words.person[0], people)
        await self._db.execute("COMMIT")

    async def fetch(self, number: int) -> None:
        """Fetch a task with its people."""
        await self._db.execute("BEGIN")
        await self._db.execute_fetchall(self._words.fetch, (self._words.workspace_id, number))
        await self._db.execute("ROLLBACK")

    async def bulk(self, rows: Sequence[Sequence[Any]], people: Sequence[Sequence[Any]]) -> None:
        """Insert by `executemany`."""
        await self._db.execute("BEGIN IMMEDIATE")
        await self._db.executemany(self._words.task[0], rows)
        await self._db.executemany(self._words.person[0], people)
        await self._db.execute("COMMIT")

    async def add_one(self, number: int) -> None:
        """Read and write; there is one connection, so the others wait here."""
        async with self._alone:
            await self._db.execute("BEGIN IMMEDIATE")
            await self._db.execute_fetchall(self._words.fetch, (self._words.workspace_id, number))
            await self._db.execute(self._words.raised, (self._words.workspace_id, number))
            await self._db.execute("COMMIT")


class BarePostgres:
    """asyncpg on as many connections as there are callers at once."""

    def __init__(self, connections: Sequence[asyncpg.Connection], workspace_id: int, example: Task) -> None:
        """Use connections that know instants."""
        self._free = list(connections)
        self._words = Statements(postgresql.dialect(), workspace_id, example)  # type: ignore[no-untyped-call]
        self.values = self._words.values

    @classmethod
    async def open(cls, stack: AsyncExitStack, host: str, name: str, workspace_id: int, task: Task, count: int) -> Any:
        """Open so many connections."""
        opened = []
        for _ in range(count):
            connection = await asyncpg.connect(host=host, user="postgres", database=name)
            stack.push_async_callback(connection.close)
            await teach_instants(connection)
            opened.append(connection)
        return cls(opened, workspace_id, task)

    async def insert(self, task: Task) -> None:
        """Insert a task with its people, under the lock that a repository takes too."""
        own, people = self._words.values(task)
        db = self._free[-1]
        await db.execute(f"BEGIN; SELECT 1 FROM workspaces WHERE id = {self._words.workspace_id:d} FOR NO KEY UPDATE")
        await db.execute(self._words.task[0], *own)
        await db.executemany(self._words.person[0], people)
        await db.execute("COMMIT")

    async def fetch(self, number: int) -> None:
        """Fetch a task with its people."""
        db = self._free[-1]
        await db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await db.fetch(self._words.fetch, self._words.workspace_id, number)
        await db.execute("ROLLBACK")

    async def bulk(self, rows: Sequence[Sequence[Any]], people: Sequence[Sequence[Any]]) -> None:
        """Insert by `COPY`."""
        db = self._free[-1]
        await db.execute("BEGIN")
        for table, columns, records in (
            (tasks, self._columns(tasks), rows),
            (task_assignees, self._columns(task_assignees), people),
        ):
            await db.copy_records_to_table(table.name, columns=columns, records=records)
        await db.execute("COMMIT")

    async def add_one(self, number: int) -> None:
        """Read under a lock on the row, and write."""
        db = self._free.pop()
        try:
            await db.execute("BEGIN")
            await db.fetch(f"{self._words.fetch} FOR UPDATE OF tasks", self._words.workspace_id, number)
            await db.execute(self._words.raised, self._words.workspace_id, number)
            await db.execute("COMMIT")
        finally:
            self._free.append(db)

    def _columns(self, table: sa.Table) -> list[str]:
        """Return the columns in the order of the values."""
        text = (self._words.task if table is tasks else self._words.person)[0]
        return [name.strip() for name in text[text.index("(") + 1 : text.index(")")].split(",")]
