"""What people do with notes. One unit of work a method."""

import re
from dataclasses import dataclass, replace

from core.chat.actor import Actor
from core.dates.due import Due
from core.history.service import NumberedService
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import InvalidArgumentError
from core.shared.events import Event
from core.shared.names import Names
from core.shared.paging import Page
from core.undo.entries import Undoing
from core.undo.keeping import keep_change
from core.undo.kinds import RecordKind
from core.workspaces.model import Audience
from tests.support.notes.model import TITLE_LIMIT, Note
from tests.support.notes.repository import NOTES

KIND = RecordKind("note", Note, aside={"version"}, drifting={"remind_at"})
NAMES = Names("note", "note", "notes")
UNDO = Undoing(KIND)
NOTE_CHANGE = KIND.change


@dataclass(frozen=True, slots=True)
class Changed:
    """A note as it is now, and how to take the change back; nothing to take back if nothing was changed."""

    note: Note
    undo_id: str = ""


class NoteService(NumberedService[Note]):
    """The notes of one workspace, for the length of one request."""

    called, kept, undoing = NAMES, NOTES, UNDO

    async def add(self, actor: Actor, title: str, *, pinned: bool, remind: Due | None = None) -> Changed:
        """Add a note to the actor's channel."""
        now, cleaned = self._clock.now(), clean_title(title)
        async with self._transactions.write() as work:
            number = await work.of(NOTES).reserve_numbers()
            at = remind.at if remind else None
            note = Note(number, cleaned, pinned, actor.channel_id, actor.member_id, now, remind_at=at)
            work.of(NOTES).add(note)
            undo_id = self._kept(work, actor, "add", None, note)
            await work.commit()
        return Changed(note, undo_id)

    async def list(self, channel_id: int | None, audience: Audience, *, cursor: str = "") -> Page[Note]:
        """Return a page of the notes of a channel, or of all of them."""
        async with self._transactions.read() as work:
            return await work.of(NOTES).page(channel_id, audience, cursor=cursor)

    async def show(self, number: int, audience: Audience) -> Note:
        """Return a note; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            return await self._load(work, number, audience)

    async def edit(
        self, actor: Actor, audience: Audience, number: int, *, title: str = "", pinned: bool | None = None
    ) -> Changed:
        """Change what is given of a note."""
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            after = replace(
                before,
                title=clean_title(title) if title else before.title,
                pinned=before.pinned if pinned is None else pinned,
            )
            return await self._change(work, actor, "edit", before, after)

    async def remove(self, actor: Actor, audience: Audience, number: int) -> Changed:
        """Take a note away."""
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            return await self._change(work, actor, "remove", before, replace(before, removed_at=self._clock.now()))

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> Note:
        """Take a change back."""
        async with self._transactions.write() as work:
            undone = await UNDO.take_back(work, work.of(NOTES), actor, entry, self._clock.now(), audience)
            await work.commit()
        return undone.records[0]

    async def _change(self, work: UnitOfWork, actor: Actor, action: str, before: Note, after: Note) -> Changed:
        if after == before:
            return Changed(before)
        changed = replace(after, version=before.version + 1)
        await work.of(NOTES).change_many([changed])
        undo_id = self._kept(work, actor, action, before, changed)
        await work.commit()
        return Changed(changed, undo_id)

    def _kept(self, work: UnitOfWork, actor: Actor, action: str, before: Note | None, after: Note) -> str:
        now = self._clock.now()
        work.events.record(Event(f"note.{action}", now, after.channel_id, actor.member_id, {"number": after.number}))
        return keep_change(work, KIND, actor, f"note {action}", [before], [after], now)


def clean_title(title: str) -> str:
    """Return a title without needless blanks; raises `InvalidArgumentError`."""
    cleaned = re.sub(r"\s+", " ", title).strip()
    if not cleaned:
        raise InvalidArgumentError("title", "note_empty")
    if len(cleaned) > TITLE_LIMIT:
        raise InvalidArgumentError("title", "note_too_long", length=len(cleaned), limit=TITLE_LIMIT)
    return cleaned
