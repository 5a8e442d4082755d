"""What is to be added to a workspace's tables, laid out before the database has anything to do with it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from adapters.storage.work.own_keys import own_keys, require_free
from adapters.storage.work.scope import Key, LaidOut, Scoped


@dataclass(slots=True)
class Additions:
    """Rows to be inserted, and amounts to be added to those that there are.

    Tables keep the order in which they were first used; what is added to the same row goes there as one.
    Rows that are `missing` are inserted unless they are there, each known by all that it has.
    What comes `first` looks at the database, and may refuse all of it by raising. Rows that are `laid_out` need no more
    than the database's own time. Rows whose `keys` others have are refused.
    """

    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)
    amounts: dict[Table, Counter[Key]] = field(default_factory=dict)
    first: list[Callable[[Scoped], None]] = field(default_factory=list)
    laid_out: list[LaidOut] = field(default_factory=list)
    keys: dict[Table, list[Any]] = field(default_factory=dict)
    missing: dict[Table, dict[Key, dict[str, Any]]] = field(default_factory=dict)

    def insert(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows, whose texts are storable."""
        new = list(rows)
        self.rows.setdefault(table, []).extend(new)
        if keys := own_keys(table, new):
            self.keys.setdefault(table, []).extend(keys)

    def insert_missing(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows, whose texts are storable, unless they are there."""
        self.missing.setdefault(table, {}).update((tuple(row.values()), row) for row in rows)

    def add_up(self, table: Table, amounts: Mapping[Key, int]) -> None:
        """Add to the amounts of rows."""
        self.amounts.setdefault(table, Counter()).update(amounts)

    def include(self, others: "Additions") -> None:
        """Add what others hold too."""
        self.first.extend(others.first)
        self.laid_out.extend(others.laid_out)
        for table, rows in others.rows.items():
            self.rows.setdefault(table, []).extend(rows)
        for table, missing in others.missing.items():
            self.missing.setdefault(table, {}).update(missing)
        for table, keys in others.keys.items():
            self.keys.setdefault(table, []).extend(keys)
        for table, amounts in others.amounts.items():
            self.add_up(table, amounts)

    def lay_out(self, of_rows: Callable[..., LaidOut]) -> None:
        """Lay the rows out, by what takes a table, its rows and whether they may be there."""
        self.laid_out.extend(of_rows(table, rows) for table, rows in self.rows.items() if rows)
        some = ((table, list(rows.values())) for table, rows in self.missing.items() if rows)
        self.laid_out.extend(of_rows(table, rows, is_missing=True) for table, rows in some)
        self.rows, self.missing = {}, {}

    def write(self, db: Scoped) -> None:
        """Put all of it into the database."""
        for look in self.first:
            look(db)
        for table, keys in self.keys.items():
            require_free(db, table, keys)
        for insert in self.laid_out:
            db.insert_laid_out(insert)
        for table, rows in self.rows.items():
            db.insert_many(table, rows)
        for table, missing in self.missing.items():
            db.insert_missing_many(table, missing.values())
        for table, amounts in self.amounts.items():
            db.add_up(table, amounts)
