"""What the note service needs of storage."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.reminders.model import RemindingRepository
from core.shared.paging import Page
from core.workspaces.model import Audience
from tests.support.notes.model import Note


class NoteRepository(NumberedRepository[Note], RemindingRepository[Note], Protocol):
    """The notes of one workspace."""

    async def page(self, channel_id: int | None, audience: Audience, *, cursor: str = "") -> Page[Note]:
        """Return a page, of a channel or of all of them: the newest first."""
        ...

    def stream(self, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Note]]:
        """Yield all notes by number, in chunks."""
        ...


NOTES: Kept[NoteRepository] = Kept("notes")
