"""The stored files that a database tells of, in the order in which an archive has them."""

from collections.abc import AsyncIterator

from adapters.storage.copying import Side
from adapters.storage.schema.tables import files
from core.files.service import file_key
from core.shared.value_objects import value_object


@value_object
class Known:
    """A stored file as the database knows it: the store's key, the size in bytes, the SHA-256 in hex."""

    key: str
    size: int
    sha256: str


async def known_files(side: Side) -> AsyncIterator[Known]:
    """Yield every stored file, by its key in the database."""
    places = {column.name: place for place, column in enumerate(files.columns)}
    async for rows in side.rows(files):
        for row in rows:
            key = file_key(int(row[places["workspace_id"]]), str(row[places["id"]]))
            yield Known(key, int(row[places["size"]]), str(row[places["sha256"]]))
