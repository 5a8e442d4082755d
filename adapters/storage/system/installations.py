"""The credentials of spaces, sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import WORD, installations, spaces
from adapters.storage.work.codec import data_of, data_text
from core.chat.request import Platform
from core.ports.secrets import SecretBox
from core.workspaces.model import Installation, InstallationStatus

_EVERY = (
    sa.select(installations, spaces.c.workspace_id, spaces.c.platform, spaces.c.external_id)
    .join(spaces, spaces.c.id == installations.c.space_id)
    .order_by(installations.c.space_id)
)


def every(db: Statements) -> Sequence[Row[Any]]:
    """Return the rows of every installation with their spaces."""
    return db.execute(_EVERY).all()


def opened(row: Row[Any], secrets: SecretBox) -> Installation:
    """Return the installation of a row; raises `SealBrokenError` when its token can't be opened."""
    return Installation(
        space_id=row.space_id,
        workspace_id=row.workspace_id,
        platform=Platform(row.platform),
        external_id=row.external_id,
        token=secrets.open(row.sealed_token, context=_context(row.space_id)),
        bot_user_id=row.bot_user_id,
        app_id=row.app_id,
        scopes=tuple(data_of(row.scopes)),
        status=InstallationStatus(row.status),
        reason=row.reason,
        installed_at=row.installed_at,
    )


def sealed(installation: Installation, secrets: SecretBox) -> dict[str, Any]:
    """Return the row of an installation."""
    return {
        "space_id": installation.space_id,
        "sealed_token": secrets.seal(installation.token, context=_context(installation.space_id)),
        "bot_user_id": installation.bot_user_id,
        "app_id": installation.app_id,
        "scopes": data_text(list(installation.scopes)),
        "status": installation.status.value,
        "reason": installation.reason[:WORD],
        "installed_at": installation.installed_at,
        "changed_at": installation.installed_at,
    }


def save(db: Statements, dialect: Dialect, row: dict[str, Any]) -> None:
    """Add or replace an installation."""
    if not dialect.insert_missing(db, installations, row):
        db.execute(sa.update(installations).where(installations.c.space_id == row["space_id"]).values(**row))


def set_status(db: Statements, space_id: int, status: InstallationStatus, reason: str, at: datetime) -> None:
    """Enable or disable an installation."""
    db.execute(
        sa.update(installations)
        .where(installations.c.space_id == space_id)
        .values(status=status.value, reason=reason[:WORD], changed_at=at)
    )


def _context(space_id: int) -> str:
    return f"installation:{space_id}"
