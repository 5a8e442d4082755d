"""Areas beyond those of the product: their tables in its schema, what they keep in its storage, while a test runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, text
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from adapters.storage import Repositories, SqlStorage
from adapters.storage.engine.database import Once
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import metadata
from bot.grammar.declaration import Area
from tests.support.storage import make_storage


@dataclass(frozen=True, slots=True)
class FurtherArea:
    """An area with its tables and its repositories."""

    area: Area
    tables: Sequence[Table]
    repositories: Repositories

    @property
    def tuning(self) -> dict[str, Any]:
        """Return what a product is opened with that has the area besides its own."""
        return {"areas": [self.area], "repositories": self.repositories}

    async def prepare(self, url: str) -> None:
        """Make the tables in a database that nobody has open."""
        storage = await make_storage(url=url)
        try:
            with in_schema(*self.tables):
                await make_tables(storage, *self.tables)
        finally:
            await storage.close()


@contextmanager
def in_schema(*tables: Table) -> Iterator[None]:
    """Have tables among those of the product; whatever goes by its schema goes over them too."""
    joined = [table.to_metadata(metadata) for table in tables]
    try:
        yield
    finally:
        for table in joined:
            metadata.remove(table)


async def make_tables(storage: SqlStorage, *tables: Table) -> None:
    """Make tables, which have to be in the schema, in a database."""

    def make(db: Statements) -> None:
        dialect = cast("Any", db).dialect
        for made in (metadata.tables[table.name] for table in tables):
            for index in made.indexes:
                # As a migration says it: of which rows, to every database.
                index.dialect_options[dialect.name]["where"] = index.dialect_options["sqlite"]["where"]
            for statement in (CreateTable(made), *(CreateIndex(index) for index in made.indexes)):
                words = str(cast("ExecutableDDLElement", statement).compile(dialect=dialect))
                db.execute(text(words))

    await Once(storage._database).write(make)
