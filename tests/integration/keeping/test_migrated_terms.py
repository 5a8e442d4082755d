"""What was there before there was a search is found as what is added since."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from adapters.storage import migrate
from core.books.repository import BOOKS
from core.stock.repository import PRODUCTS
from tests.contract.storage.test_books import ISBN, book_of
from tests.contract.storage.test_stock import product_of
from tests.contract.storage.world import NOON, Place, build_place
from tests.integration.keeping.older import at_revision
from tests.support.storage import make_storage, url_of

_IN_BOTH = """
    SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'alembic_version'
        AND name IN (SELECT name FROM whole.sqlite_schema)
"""


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as database, database:
        yield database


def _terms(file: Path) -> list[tuple[object, ...]]:
    with _opened(file) as database:
        return database.execute("SELECT * FROM search_terms ORDER BY workspace_id, kind, number, term").fetchall()


async def _add(place: Place, count: int) -> None:
    some = [product_of(place, number, name=f"Thé № {number}", tags=("vert", "緑茶")) for number in range(1, count)]
    gone = replace(product_of(place, count, name="Lost"), removed_at=NOON)
    async with place.writing() as work:
        work.of(PRODUCTS).add_all([*some, gone])
        work.of(BOOKS).add_all([book_of(place, 1, "Dune", "Frank Herbert", isbn=ISBN, code="SF-1")])


def _older(file: Path, whole: Path) -> None:
    """Make a database of the version before, with all that another one has and that one can have."""
    at_revision(file, "0028")
    with _opened(file) as database:
        database.execute("ATTACH ? AS whole", [str(whole)])
        for (table,) in database.execute(_IN_BOTH).fetchall():
            columns = ", ".join(row[1] for row in database.execute(f"PRAGMA main.table_info({table})"))
            database.execute(f"INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM whole.{table}")


async def test_an_older_database_gets_the_terms_of_what_it_has(tmp_path: Path) -> None:
    whole, file = tmp_path / "quartermaster.db", tmp_path / "old.db"
    storage = await make_storage(tmp_path)
    try:
        await _add(await build_place(storage, "here"), 1100)
        await _add(await build_place(storage, "there"), 3)
    finally:
        await storage.close()
    _older(file, whole)
    await migrate(url_of(file))
    kept = _terms(whole)
    assert len(kept) > 5000
    assert _terms(file) == kept
