"""What is known of stored files."""

from sqlalchemy import bindparam

from adapters.storage.schema.tables import files
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.files.model import StoredFile

_GET = scope.select(files).where(files.c.id == bindparam("the_file"))


class Files:
    """The repository of files."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, file: StoredFile) -> None:
        """Keep a file's description, unless it is kept; at the latest when the unit of work commits."""
        row = {
            "id": file.id,
            "name": storable(file.name, 255),
            "media_type": storable(file.media_type, 127),
            "size": file.size,
            "sha256": file.sha256,
            "author_id": file.author_id,
            "channel_id": file.channel_id,
            "only_member": file.only,
            "created_at": file.created_at,
        }

        def add(db: Scoped) -> None:
            db.insert_missing(files, row)

        self._transaction.add(Additions(first=[add]))

    async def get(self, file_id: str) -> StoredFile | None:
        """Return a file's description."""

        def read(db: Scoped) -> StoredFile | None:
            row = db.first(_GET, the_file=file_id)
            if row is None:
                return None
            return StoredFile(
                id=row.id,
                name=row.name,
                media_type=row.media_type,
                size=row.size,
                sha256=row.sha256,
                author_id=row.author_id,
                channel_id=row.channel_id,
                only=row.only_member,
                created_at=row.created_at,
            )

        return await self._transaction.run(read)
