"""The notes of one workspace, in the database."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, MetaData, Row, Table

from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import CHANNEL, Kind
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.schema.column_types import Instant, Words
from adapters.storage.schema.common_columns import filed
from adapters.storage.schema.reminding import reminding
from adapters.storage.schema.text_forms import sort_key, storable
from core.shared.paging import Page
from core.workspaces.model import Audience
from tests.support.notes.model import TITLE_LIMIT, Note

notes = Table(
    "notes",
    MetaData(),
    *filed(),
    Column("title", Words(TITLE_LIMIT), nullable=False),
    Column("title_sort", Words(TITLE_LIMIT), nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("remind_at", Instant),
)
reminding(notes, "removed_at IS NULL", moment="created_at")


def _row(note: Note) -> dict[str, Any]:
    return {
        "number": note.number,
        "title": storable(note.title),
        "title_sort": sort_key(storable(note.title), TITLE_LIMIT),
        "pinned": note.pinned,
        "channel_id": note.channel_id,
        "author_id": note.author_id,
        "created_at": note.created_at,
        "version": note.version,
        "removed_at": note.removed_at,
        "remind_at": note.remind_at,
    }


def _note(row: Row[Any]) -> Note:
    return Note(
        number=row.number,
        title=row.title,
        pinned=bool(row.pinned),
        channel_id=row.channel_id,
        author_id=row.author_id,
        created_at=row.created_at,
        version=row.version,
        removed_at=row.removed_at,
        remind_at=row.remind_at,
    )


_KIND: Kind[Note] = Kind(table=notes, row_of=_row, item_of=_note, words=notes.c.title_sort)
_NEWEST = Order((notes.c.number,), descending=True)


class Notes(NumberedItems[Note]):
    """The repository of notes."""

    kind = _KIND

    async def page(self, channel_id: int | None, audience: Audience, *, cursor: str = "") -> Page[Note]:
        """Return a page, of a channel or of all of them: the newest first."""
        narrowed = {} if channel_id is None else {CHANNEL: channel_id}
        return await self._page(narrowed, audience, _NEWEST, cursor=cursor)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Note]:
        """Return notes whose number or a word of whose title starts so."""
        return await self._suggest(prefix, {}, audience, _NEWEST, limit=limit)

    def stream(self, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Note]]:
        """Yield all notes by number, in chunks."""
        return self._walk({}, audience, chunk=chunk)
