"""A statement that takes longer than somebody waits for it."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage.engine.database import Once
from adapters.storage.engine.opening import open_database
from tests.support.databases import DATABASES, STAND_IN, fresh_database
from tests.support.storage import QUICK

SLOW = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(5)",
    "mssql": "WAITFOR DELAY '00:00:05'",
    STAND_IN: "WAITFOR DELAY '00:00:01'",
}


@pytest.mark.parametrize("kind", [*DATABASES, STAND_IN])
async def test_whoever_stops_waiting_is_told_so_and_the_next_is_served(kind: str, tmp_path: Path) -> None:
    async with fresh_database(kind, tmp_path) as url:
        database = open_database(url, QUICK)
        once = Once(database)
        for ask in (once.read, once.write):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await ask(lambda db: db.execute(sa.text(SLOW[kind])))
        assert await once.read(lambda db: db.execute(sa.text("SELECT count(*) FROM workspaces")).scalar()) == 0
        await database.close()
