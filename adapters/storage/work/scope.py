"""Statements that reach the rows of one workspace only.

Repositories make their statements with `select`, `update` and `delete` of this module, which bind them to "the
workspace", and run them by a `Scoped`, which says which one that is and refuses any other statement.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Delete, FromClause, Row, Select, Table, Update

from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.errors import UnscopedStatementError
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import workspaces
from adapters.storage.schema.text_forms import storable
from core.shared.value_objects import value_object

_PARAMETER = "scope"
_MARK = {"scoped": True}
_HIGHEST = 2**31 - 1

Values = Mapping[str, Any]

Key = tuple[Any, ...]
"""The values of a primary key, the workspace aside."""


def mine(table: FromClause) -> ColumnElement[bool]:
    """Return the condition that a row belongs to the workspace."""
    column = table.c.id if table is workspaces else table.c.workspace_id
    return column == sa.bindparam(_PARAMETER, type_=sa.Integer())


def select(table: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns (all by default) of the workspace's rows of a table."""
    chosen = sa.select(*columns) if columns else sa.select(*table.c)
    return chosen.select_from(table).where(mine(table)).execution_options(**_MARK)


def select_by_id(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns of the workspace's rows of a table among those beyond an id, which lie together.

    An addition keeps the database from an index by workspace: that has all rows of it, in another order.
    """
    is_mine = table.c.workspace_id + sa.literal_column("0") == sa.bindparam(_PARAMETER, type_=sa.Integer())
    return sa.select(*columns).where(is_mine, table.c.id > sa.bindparam("after")).execution_options(**_MARK)


def update(table: Table) -> Update:
    """Update the workspace's rows of a table."""
    return sa.update(table).where(mine(table)).execution_options(**_MARK)


def delete(table: Table) -> Delete:
    """Delete the workspace's rows of a table."""
    return sa.delete(table).where(mine(table)).execution_options(**_MARK)


def beside(table: FromClause, column: ColumnElement[Any], outer: FromClause) -> Select[Any]:
    """Select a column of rows in the workspace of a row of `outer`, to be asked within a selection of that table."""
    return sa.select(column).where(table.c.workspace_id == outer.c.workspace_id).correlate(outer)


def over(statement: Select[Any]) -> Select[Any]:
    """Take a selection from subqueries alone, each of them made here."""
    if any(isinstance(source, Table) for source in statement.get_final_froms()):
        raise UnscopedStatementError
    return statement.execution_options(**_MARK)


def count(rows: Select[Any], limit: int) -> Select[Any]:
    """Count the rows of a selection made here, up to `limit`."""
    return sa.select(sa.func.count()).select_from(_checked(rows).limit(limit).subquery()).execution_options(**_MARK)


@value_object
class LaidOut:
    """Rows of a workspace laid out to be inserted, and what inserts them."""

    workspace_id: int
    insert: Callable[[Statements], None]


class Scoped:
    """What runs the statements of one workspace."""

    def __init__(self, db: Statements, workspace_id: int, dialect: Dialect) -> None:
        """Bind what runs statements."""
        self._db = db
        self._workspace_id = workspace_id
        self._mine = {"workspace_id": workspace_id}
        self.dialect = dialect

    def all(self, statement: Select[Any] | Update, /, **values: Any) -> Sequence[Row[Any]]:
        """Run a statement and return its rows."""
        return self._db.execute(_checked(statement), self._bound(values)).all()

    def first(self, statement: Select[Any] | Update, /, **values: Any) -> Row[Any] | None:
        """Run a statement and return its first row, if any."""
        return self._db.execute(_checked(statement), self._bound(values)).first()

    def scalar(self, statement: Select[Any] | Update, /, **values: Any) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        return self._db.execute(_checked(statement), self._bound(values)).scalar()

    def change(self, statement: Update | Delete, /, **values: Any) -> int:
        """Run a statement and return how many rows it changed."""
        return self._db.execute(_checked(statement), self._bound(values)).rowcount

    def insert(self, table: Table, values: Values) -> int:
        """Insert a row of the workspace and return the number that the database gave it, if it did."""
        result = self._db.execute(_insert(table), _storable(values) | self._mine)
        key = result.inserted_primary_key
        return int(key[0]) if key and table.autoincrement_column is not None else 0

    def insert_missing(self, table: Table, values: Values) -> bool:
        """Insert a row of the workspace unless it is there, and tell which it was."""
        return self.dialect.insert_missing(self._db, table, _storable(values) | self._mine)

    def put(self, table: Table, values: Values) -> None:
        """Insert a row of the workspace, or have the one of its key be like it."""
        if not self.insert_missing(table, values):
            self.update_many(table, _own_key(table), [_storable(values)])

    def insert_many(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert any number of rows of the workspace, whose texts are storable; they are marked as its own."""
        self.dialect.insert_many(self._db, table, _owned(self._workspace_id, rows))

    def insert_missing_many(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert those of the rows of the workspace that are not there; their texts are storable."""
        self.dialect.insert_missing_many(self._db, table, _owned(self._workspace_id, rows))

    def insert_laid_out(self, rows: LaidOut) -> None:
        """Insert rows that were laid out for the workspace."""
        if rows.workspace_id != self._workspace_id:
            raise UnscopedStatementError
        rows.insert(self._db)

    def update_many(self, table: Table, key: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
        """Update any number of rows of the workspace, found by the columns in `key`; their texts are storable."""
        self.dialect.update_many(self._db, table, ("workspace_id", *key), _owned(self._workspace_id, rows))

    def add_up(self, table: Table, amounts: Mapping[Key, int]) -> None:
        """Add to the `amount` of rows, each found by the rest of its key; those that are missing are made."""
        names = _own_key(table)
        rows = (dict(zip(names, key, strict=True), amount=amount) for key, amount in amounts.items() if amount)
        self.dialect.add_up(self._db, table, _owned(self._workspace_id, rows))

    def _bound(self, values: Values) -> dict[str, Any]:
        return {**{name: _askable(value) for name, value in values.items()}, _PARAMETER: self._workspace_id}


def laid_out(
    dialect: Dialect, workspace_id: int, table: Table, rows: Sequence[dict[str, Any]], *, is_missing: bool = False
) -> LaidOut:
    """Lay out, in any thread, an insert of rows of a workspace, or of those that are missing; texts are storable."""
    owned = list(_owned(workspace_id, rows))
    return LaidOut(workspace_id, dialect.laid_out(table, owned, is_missing=is_missing))


def _owned(workspace_id: int, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Mark rows as a workspace's own."""
    for row in rows:
        row["workspace_id"] = workspace_id
        yield row


@lru_cache(maxsize=64)
def _insert(table: Table) -> sa.Insert:
    return sa.insert(table)


def _own_key(table: Table) -> list[str]:
    """Return the columns of a table's key by which a workspace tells its own rows apart."""
    return [column.name for column in table.primary_key.columns if column.name != "workspace_id"]


def _storable(values: Values) -> dict[str, Any]:
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def _askable(value: Any) -> Any:
    """Return a value that every database takes for a parameter: texts storable, numbers such as columns have.

    People type any number. One beyond those that can be stored is found nowhere, and so is the last of them.
    """
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, int):
        return max(-_HIGHEST, min(value, _HIGHEST))
    return [_askable(one) for one in value] if isinstance(value, list) else value


def _checked(statement: Any) -> Any:
    if not statement.get_execution_options().get("scoped"):
        raise UnscopedStatementError
    return statement
