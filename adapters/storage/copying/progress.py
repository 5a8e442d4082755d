"""How far a copy has come, kept in the database that is being filled, which nobody else can use until it is done."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.schema import CreateTable, DropTable

from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.migrations import REVISIONS
from adapters.storage.schema.column_types import Serial, Words
from adapters.storage.schema.state import COPYING
from core.shared.value_objects import value_object

progress = Table(
    "copy_progress",
    MetaData(),
    Column("name", Words(128), primary_key=True),
    Column("copied", Serial, nullable=False),
    Column("digest", Words(64), nullable=False),
)

ORIGIN = ""
"""The name of the row whose digest tells where the rows come from."""

_p = progress.c
_EVERY = sa.select(progress)
_STEP = (
    sa.update(progress)
    .where(_p.name == sa.bindparam("its_name"), _p.copied == sa.bindparam("copied_before"))
    .values(copied=sa.bindparam("copied_now"), digest=sa.bindparam("digest_now"))
)
_MARK = sa.text("UPDATE alembic_version SET version_num = :revision")
_REVISION = sa.text("SELECT version_num FROM alembic_version")


@value_object
class Progress:
    """A begun copy: where its rows come from, and of each table how many are there and their digest."""

    origin: str
    tables: Mapping[str, tuple[int, str]]


def revision(db: Statements) -> str:
    """Return what a migrated database says of its own state: a revision, or that it is being filled."""
    return str(db.execute(_REVISION).scalar())


def begin(db: Statements, dialect: Dialect, origin: str, tables: Sequence[Table]) -> None:
    """Mark a database as one that is being filled, with nothing in it yet."""
    db.execute(sa.text(str(CreateTable(progress).compile(dialect=db.dialect))))
    rows: list[dict[str, Any]] = [{"name": ORIGIN, "copied": 0, "digest": origin}]
    rows += [{"name": table.name, "copied": 0, "digest": ""} for table in tables]
    dialect.insert_many(db, progress, rows)
    db.execute(_MARK, {"revision": f"{COPYING} {REVISIONS[-1]}"})


def begun(db: Statements) -> Progress:
    """Return how far a begun copy has come."""
    rows = {row.name: (int(row.copied), str(row.digest)) for row in db.execute(_EVERY)}
    _, origin = rows.pop(ORIGIN)
    return Progress(origin, rows)


def restart(db: Statements, origin: str) -> None:
    """Forget how far it had come, and where its rows came from."""
    db.execute(sa.update(progress).where(_p.name != ORIGIN).values(copied=0, digest=""))
    db.execute(sa.update(progress).where(_p.name == ORIGIN).values(digest=origin))


def step(db: Statements, table: Table, *, before: int, now: int, digest: str) -> bool:
    """Record further rows of a table; tell whether it stood at `before`, so that nobody else is at it."""
    values = {"its_name": table.name, "copied_before": before, "copied_now": now, "digest_now": digest}
    return db.execute(_STEP, values).rowcount == 1


def end(db: Statements) -> None:
    """Let the database be used."""
    db.execute(sa.text(str(DropTable(progress).compile(dialect=db.dialect))))
    db.execute(_MARK, {"revision": REVISIONS[-1]})
