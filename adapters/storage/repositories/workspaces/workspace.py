"""The workspace's own row and its one-time codes."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, Select, literal_column

from adapters.storage.schema.priced import priced_columns
from adapters.storage.schema.tables import channels, codes, workspaces
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.shared.errors import NotFoundError
from core.workspaces.model import Workspace, Zones

_GET = scope.select(workspaces)
_SET = scope.update(workspaces)
_ZONED = scope.select(channels, channels.c.id, channels.c.zone).where(channels.c.zone.is_not(None))


@cache
def _priced() -> Sequence[Select[Any]]:
    """Return for each table with prices what finds one."""
    from adapters.storage.work.whole_schema import whole_schema  # only where the currency is changed

    found = priced_columns(whole_schema()).items()
    return [
        scope.select(table, literal_column("1").label("one"))
        .where(sa.or_(*(column.is_not(None) for column in columns)))
        .limit(1)
        for table, columns in found
    ]


class Settings:
    """The repository of the workspace's own row."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def get(self) -> Workspace:
        """Return the workspace; raises `NotFoundError` if there is none by that id."""
        return await self._transaction.run(self._workspace)

    async def zones(self) -> Zones:
        """Return the zones of the workspace and of its channels; raises as `get` does."""

        def read(db: Scoped) -> Zones:
            return Zones(self._workspace(db).zone, {row.id: row.zone for row in db.all(_ZONED)})

        return await self._transaction.run(read)

    def _workspace(self, db: Scoped) -> Workspace:
        row = db.first(_GET)
        if row is None:
            raise NotFoundError("workspace", self._transaction.workspace_id)
        return workspace_of(row)

    async def set_defaults(self, *, zone: str, currency: str, locale: str, quiet: str = "") -> None:
        """Change zone, currency, locale and quiet hours."""
        values = {"zone": zone, "currency": currency, "locale": locale, "quiet": quiet or None}
        await self._transaction.run(lambda db: db.change(_SET, **values))

    async def has_prices(self) -> bool:
        """Tell whether anything has a price, which is in the currency of the workspace."""
        return await self._transaction.run(lambda db: any(db.first(one) is not None for one in _priced()))


class Codes:
    """The repository of one-time codes."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def add(self, digest: str, purpose: str, member_id: int, expires_at: datetime) -> None:
        """Keep a code until it is used or expires."""
        row = {
            "digest": digest,
            "purpose": purpose,
            "member_id": member_id,
            "expires_at": expires_at,
            "used_at": None,
        }
        self._transaction.later(codes, row)


def workspace_of(row: Row[Any]) -> Workspace:
    """Return the workspace of a row."""
    return Workspace(row.id, row.name, row.zone, row.currency, row.locale, row.quiet or "")
