"""Many tasks put straight into a database, where their making is not what a test is about."""

from typing import Any

import sqlalchemy as sa

from adapters.storage.engine.dialects.sqlite import SqliteDialect
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import counters, tasks
from tests.support.filled import visit


async def add_tasks(url: str, count: int) -> None:
    """Add so many tasks like the first one to a database file that has one."""

    def add(connection: Statements) -> None:
        row = connection.execute(sa.select(tasks)).one()
        first: dict[str, Any] = {column.name: getattr(row, column.name) for column in tasks.c}
        rows = ({**first, "number": number, "title": f"Task {number}"} for number in range(2, count + 2))
        SqliteDialect().insert_many(connection, tasks, rows)
        connection.execute(sa.update(counters).values(value=count + 1))

    await visit(url, add)
