"""The workspace's own row and its one-time codes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from adapters.storage.schema.tables import codes, workspaces
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.shared.errors import NotFoundError
from core.workspaces.model import Workspace

_GET = scope.select(workspaces)
_SET = scope.update(workspaces)


class Settings:
    """The repository of the workspace's own row."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def get(self) -> Workspace:
        """Return the workspace; raises `NotFoundError` if there is none by that id."""

        def read(db: Scoped) -> Workspace:
            row = db.first(_GET)
            if row is None:
                raise NotFoundError("workspace", self._transaction.workspace_id)
            return workspace_of(row)

        return await self._transaction.run(read)

    async def set_defaults(self, *, zone: str, currency: str, locale: str, quiet: str = "") -> None:
        """Change zone, currency, locale and quiet hours."""
        values = {"zone": zone, "currency": currency, "locale": locale, "quiet": quiet or None}
        await self._transaction.run(lambda db: db.change(_SET, **values))


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
