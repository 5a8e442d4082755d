"""Undo entries of any kind of record: a change leaves what it found and made, its undo compares and restores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.ports.numbered import NumberedRepository
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, NotFoundError
from core.shared.ids import new_id
from core.shared.undo import UNDO_WINDOW
from core.undo.keeping import TAKING_BACK, check_reach, record_changes
from core.undo.kinds import RecordKind
from core.workspaces.model import Audience


class Record(Protocol):
    """What every record of a channel has."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def number(self) -> int:
        """Return what it is called by."""
        ...

    @property
    def title(self) -> str:
        """Return what it is called in words."""
        ...

    @property
    def channel_id(self) -> int:
        """Return the channel that it belongs to."""
        ...

    @property
    def author_id(self) -> int:
        """Return who made it."""
        ...

    @property
    def version(self) -> int:
        """Return what grows with every change."""
        ...


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class TakenBack(Generic[R]):
    """The records that an undo put back as they were, and those that it took away since the change had made them."""

    command: str
    restored: Sequence[R]
    withdrawn: Sequence[R]

    @property
    def records(self) -> Sequence[R]:
        """Return all of them."""
        return (*self.restored, *self.withdrawn)


def change_of(kind: RecordKind[R]) -> str:
    """Return the kind of the undo entries kept here."""
    return f"{kind.name}.change"


def keep_undo(
    work: UnitOfWork,
    kind: RecordKind[R],
    actor: Actor,
    command: str,
    before: Sequence[R | None],
    after: Sequence[R],
    now: datetime,
) -> str:
    """Record a change and how to take it back, and return the entry's id; `before` holds None for a new record."""
    record_changes(work, kind, actor, command, before, after, now)
    entry = UndoEntry(
        id=new_id(now),
        author_id=actor.member_id,
        channel_id=actor.channel_id,
        command=command,
        kind=change_of(kind),
        payload={"records": [_step(kind, old, new) for old, new in zip(before, after, strict=True)]},
        created_at=now,
        expires_at=now + UNDO_WINDOW,
    )
    work.undo.add(entry)
    return entry.id


async def take_back(
    work: UnitOfWork,
    kind: RecordKind[R],
    repository: NumberedRepository[R],
    actor: Actor,
    entry: UndoEntry,
    now: datetime,
    audience: Audience,
) -> TakenBack[R]:
    """Put the records of an entry back as they were; nothing is written unless all of them are as it left them.

    Raises what `check_reach` does, `ConflictError` with reason `changed_since` (details `noun`, `number`, `title`,
    `changed`: names of fields), or `NotFoundError` for a record that the audience may not see as it is now.
    """
    check_reach(actor, entry)
    found: list[R] = []
    restored: list[R] = []
    withdrawn: list[R] = []
    for step in _steps(entry):
        made = kind.record({**(step["before"] or {}), **step["made"]})
        current = await repository.find(made.number)
        changed = kind.differences(made, current) if current else ("number",)
        if current is None or changed:
            await find_for(work, kind, repository, made.number, audience)
            raise ConflictError("changed_since", noun=kind.name, number=made.number, title=made.title, changed=changed)
        found.append(current)
        if step["before"]:
            restored.append(replace(kind.record(step["before"]), version=current.version + 1))
        else:
            withdrawn.append(replace(current, removed_at=now, version=current.version + 1))
    after = {record.number: record for record in (*restored, *withdrawn)}
    await repository.change_many([*after.values()])
    record_changes(work, kind, actor, TAKING_BACK, found, [after[record.number] for record in found], now)
    return TakenBack(entry.command, restored, withdrawn)


async def find_for(
    work: UnitOfWork, kind: RecordKind[R], repository: NumberedRepository[R], number: int, audience: Audience
) -> R:
    """Return a record that somebody may see, a removed one too, which no other read finds; raises `NotFoundError`."""
    record = await repository.find(number)
    if record is None or not await _may_see(work, record, audience, [record.author_id]):
        raise NotFoundError(kind.name, number)
    return record


async def _may_see(work: UnitOfWork, record: Record, audience: Audience, own: Iterable[int]) -> bool:
    if audience.everything or record.channel_id in audience.channels or audience.member_id in own:
        return True
    channels = await work.channels.all()
    return any(channel.id == record.channel_id and channel.kind is ChannelKind.PUBLIC for channel in channels)


def _step(kind: RecordKind[R], before: R | None, after: R) -> dict[str, object]:
    made = kind.snapshot(after)
    if before is None:
        return {"before": None, "made": made}
    found = kind.snapshot(before)
    return {"before": found, "made": {name: value for name, value in made.items() if value != found[name]}}


def _steps(entry: UndoEntry) -> Sequence[Mapping[str, Any]]:
    steps = entry.payload["records"]
    if not isinstance(steps, list | tuple):
        raise TypeError("the payload of an undo entry has a list of records")
    return steps
