"""Taking changes of any kind of numbered record back: an undo compares before it restores."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, NotFoundError
from core.shared.value_objects import value_object
from core.undo.keeping import TAKING_BACK, check_reach, record_changes
from core.undo.kinds import RecordKind
from core.undo.steps import Step, steps_of
from core.workspaces.model import Audience


class Record(Protocol):
    """What every record has."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def number(self) -> int:
        """Return what it is called by."""
        ...

    @property
    def author_id(self) -> int:
        """Return who made it."""
        ...

    @property
    def version(self) -> int:
        """Return what grows with every change."""
        ...


class InChannel(Protocol):
    """What a record has besides, unless it belongs to the whole workspace."""

    @property
    def channel_id(self) -> int:
        """Return the channel that it belongs to."""
        ...


R = TypeVar("R", bound=Record)


class Reached(Protocol[R]):
    """The records of a kind as far as an undo reaches them."""

    async def find(self, number: int) -> R | None:
        """Return a record whatever its state, removed ones too."""
        ...

    async def change_many(self, items: Sequence[R]) -> None:
        """Store many changed records that were read in this very transaction."""
        ...


@value_object
class TakenBack(Generic[R]):
    """The records that an undo put back as they were, and those that it took away since the change had made them.

    `before` are all of them as they were until then.
    """

    command: str
    before: Sequence[R]
    restored: Sequence[R]
    withdrawn: Sequence[R]

    @property
    def records(self) -> Sequence[R]:
        """Return all of them."""
        return (*self.restored, *self.withdrawn)


def author_of(record: Record) -> Iterable[int]:
    """Return who may see a record wherever it is: whoever made it."""
    return (record.author_id,)


def removed(record: R, now: datetime) -> R:
    """Return a record as one that was taken away."""
    return replace(record, removed_at=now)


@value_object
class Undoing(Generic[R]):
    """How changes of a kind of record are taken back: who may see one, and how a new one goes.

    Records belong to channels, and are for those who see these, or else to the whole workspace.
    """

    kind: RecordKind[R]
    own: Callable[[R], Iterable[int]] = author_of
    gone: Callable[[R, datetime], R] = removed
    in_channels: bool = True

    async def take_back(
        self,
        work: UnitOfWork,
        repository: "Reached[R]",
        actor: Actor,
        entry: UndoEntry,
        now: datetime,
        audience: Audience | None = None,
    ) -> TakenBack[R]:
        """Put the records of an entry back as they were; nothing is written unless all of them are as it left them.

        Raises what `check_reach` does, `ConflictError` with reason `undo_unreadable` or `changed_since` (details
        `noun`, `number`, `title`, `changed`: names of fields), or `NotFoundError` if there is an audience that may not
        see a record as it is now.
        """
        check_reach(actor, entry)
        before, restored, withdrawn = list[R](), list[R](), list[R]()
        people = {member.id for member in await work.members.all()} if self.kind.people else set[int]()
        for step in (kept.among(people) for kept in steps_of(self.kind, entry)):
            current = await self._unchanged(work, repository, step, audience)
            before.append(current)
            back = step.restored(current)
            kept = restored if back else withdrawn
            kept.append(replace(back or self.gone(current, now), version=current.version + 1))
        by_number = {record.number: record for record in (*restored, *withdrawn)}
        after = [by_number[record.number] for record in before]
        await repository.change_many(after)
        record_changes(work, self.kind, actor, TAKING_BACK, before, after, now)
        return TakenBack(entry.command, before, restored, withdrawn)

    async def find_for(self, work: UnitOfWork, repository: "Reached[R]", number: int, audience: Audience) -> R:
        """Return a record that somebody may see, a removed one too, which no other read finds.

        Raises `NotFoundError`.
        """
        record = await repository.find(number)
        if record is None or not await self._may_see(work, record, audience):
            raise NotFoundError(self.kind.name, number)
        return record

    async def _unchanged(
        self, work: UnitOfWork, repository: "Reached[R]", step: Step[R], audience: Audience | None
    ) -> R:
        """Return a record that is as a change left it, or refuse."""
        current = await repository.find(step.number)
        changed = step.changed_since(current) if current else ("number",)
        if current is not None and not changed:
            return current
        if audience is not None:
            await self.find_for(work, repository, step.number, audience)
        title = step.left.get(self.kind.title) or getattr(current, self.kind.title, "")
        raise ConflictError("changed_since", noun=self.kind.name, number=step.number, title=title, changed=changed)

    async def _may_see(self, work: UnitOfWork, record: R, audience: Audience) -> bool:
        if not self.in_channels or audience.everything or audience.member_id in self.own(record):
            return True
        channel_id = cast("InChannel", record).channel_id
        if channel_id in audience.channels:
            return True
        channels = await work.channels.all()
        return any(channel.id == channel_id and channel.kind is ChannelKind.PUBLIC for channel in channels)
