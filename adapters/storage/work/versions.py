"""By what the data of a table goes, in one workspace: whoever changes rows renews it in the same transaction."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import Table, bindparam

from adapters.storage.schema.version_table import data_versions
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.shared.ids import new_code

LENGTH = 16
"""Characters of a version, drawn from more than can ever be met twice."""

_v = data_versions.c
_OF = scope.select(data_versions, _v.version).where(_v.name == bindparam("the_name"))
_RENEW = scope.update(data_versions).where(_v.name == bindparam("the_name"))


def version_of(db: Scoped, table: Table) -> str:
    """Return the version of a table's data as the transaction sees it; nothing where it never was renewed."""
    return str(db.scalar(_OF, the_name=table.name) or "")


def renew(db: Scoped, table: Table) -> None:
    """Give a table's data a version that it never had."""
    version = new_code(LENGTH)
    if not db.change(_RENEW, the_name=table.name, version=version):
        db.insert_missing(data_versions, {"name": table.name, "version": version})


@cache
def renewing(table: Table) -> Callable[[Scoped], None]:
    """Return what does so when rows are added."""
    return lambda db: renew(db, table)
