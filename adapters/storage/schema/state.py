"""The state of a database's schema, and the way to the newest.

Alembic is imported only to migrate; to learn where a database stands one row is read.
"""

from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.storage.engine.errors import SchemaNewerError
from adapters.storage.migrations import REVISIONS
from core.shared.errors import QuartermasterError

LOCK_SECONDS = 60.0
"""How long to wait for another process that is migrating."""

COPYING = "copying"
"""What stands before the revision of a database that is being filled by a copy."""

_REVISION = sa.text("SELECT version_num FROM alembic_version")


class CopyUnfinishedError(QuartermasterError):
    """The database is being filled by a copy that has not come to its end."""

    code = "copy_unfinished"


class SchemaState(StrEnum):
    """How a database's schema compares with the one that this version needs."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def state_of(connection: Connection, has_history: str) -> SchemaState:
    """Tell where a database stands; `has_history` is the question whether Alembic's table is there.

    Raises `CopyUnfinishedError`.
    """
    if connection.exec_driver_sql(has_history).scalar() is None:
        return SchemaState.EMPTY
    revision = connection.execute(_REVISION).scalar()
    if revision is None:
        return SchemaState.EMPTY
    if str(revision).startswith(COPYING):
        raise CopyUnfinishedError
    if revision == REVISIONS[-1]:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in REVISIONS else SchemaState.NEWER


def upgrade(connection: Connection, has_history: str, revision: str = "head") -> None:
    """Bring a database to the newest schema within a transaction that keeps other processes from doing the same.

    Who comes second finds it done. An earlier `revision` is for databases to compare with. Raises `SchemaNewerError`.
    """
    state = state_of(connection, has_history)
    if state is SchemaState.NEWER:
        raise SchemaNewerError
    if state is SchemaState.CURRENT:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
