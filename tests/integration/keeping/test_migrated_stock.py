"""What was low before anybody could be told is not told by the update, and books are sold as books from then on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from adapters.storage import migrate
from core.alerts.model import Alert, AlertState, Subject
from core.alerts.repository import ALERTS
from core.stock.kind import PRODUCT_KIND
from core.stock.repository import PRODUCTS
from tests.integration.keeping.older import AT, WORKSPACE, at_revision
from tests.support.storage import make_storage, url_of

_PRODUCT = f"""
    INSERT INTO products (
        workspace_id, number, author_id, created_at, version, removed_at, sku, sku_sort, name, name_sort, words,
        description, category, category_sort, tags, is_discontinued, on_order, dimensions, added_on,
        on_hand, reserved, elsewhere, shortfall
    ) VALUES (1, ?, 1, '{AT}', 1, ?, ?, '', '', '', '', '', '', '', '', 0, 0, '', '2026-11-20', 0, 0, 0, ?)
"""
_BOOK = f"""
    INSERT INTO books (
        workspace_id, number, author_id, created_at, version, title, title_sort, author, author_sort, identity,
        year_sort, isbn, code, code_sort, genre, genre_sort, words, added_on, product
    ) VALUES (1, 1, 1, '{AT}', 1, '', '', '', '', '', 0, '', '', '', '', '', '', '2026-11-20', 2)
"""


async def test_what_is_low_is_known_and_books_are_books(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    at_revision(file, "0026")
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(WORKSPACE)
        database.executemany(_PRODUCT, [(1, None, "A", 0), (2, None, "B", -1), (3, None, "C", None), (4, AT, "D", 5)])
        database.execute(_BOOK)
    await migrate(url_of(file))
    storage = await make_storage(url=url_of(file))
    try:
        async with storage.workspace(1).read() as work:
            known = await work.of(ALERTS).of(PRODUCT_KIND.name, range(1, 5))
            found = [await work.of(PRODUCTS).find(number) for number in (1, 2)]
    finally:
        await storage.close()
    subject = Subject(PRODUCT_KIND.name, 1)
    assert known == {subject: Alert(subject, AlertState.ALERTED, 1, version=1)}
    assert [product and product.source for product in found] == ["", "book"]
