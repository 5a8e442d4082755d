"""What the commands in the audit trail changed, as far as it is kept."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from core.history.model import ChangeEntry, FieldChange
from core.ports.storage import AuditEntry, UnitOfWork
from core.shared.value_objects import value_object
from core.undo.keeping import TAKING_BACK

_NUMBER = re.compile(r"#([0-9]{1,10})\b")
_LONGEST = timedelta(minutes=1)
"""How long before its entry in the audit trail something may have been changed by the same command."""

_Doing = tuple[int, int | None, str]
"""A number, who did something to it, and by which command."""


def numbers_in(target: str) -> Collection[int]:
    """Return the numbers of the records that an entry's target names."""
    return {int(number) for number in _NUMBER.findall(target)}


@value_object
class Trail:
    """A kind of thing that commands of an area change, and which of them are meant by an entry's target."""

    area: str
    kind: str
    numbers: Callable[[str], Collection[int]] = numbers_in


@value_object
class Audited:
    """A field of the thing of that kind and number that a command changed."""

    kind: str
    number: int
    change: FieldChange


async def audited(
    work: UnitOfWork, entries: Sequence[AuditEntry], trails: Iterable[Trail]
) -> Sequence[Sequence[Audited]]:
    """Return for each entry, given the newest first, what its command changed, by what each area changes.

    Who may read what they were before and after is for those to say who know who may see the things.
    """
    found: list[list[Audited]] = [[] for _ in entries]
    for trail in trails:
        about = {
            place: trail.numbers(entry.target)
            for place, entry in enumerate(entries)
            if _meant(entry).startswith(f"{trail.area} ")
        }
        numbers = [number for some in about.values() for number in some]
        if not numbers:
            continue
        begin = min(entries[place].at for place in about) - _LONGEST
        rest: dict[_Doing, list[ChangeEntry]] = {}
        for happened in await work.changes.since(trail.kind, numbers, begin):
            rest.setdefault((happened.number, happened.member_id, happened.command), []).append(happened)
        for place, some in about.items():
            told = entries[place]
            doings = (rest.get((number, told.member_id, told.command), []) for number in sorted(some))
            own = [entry for doing in doings if (entry := _latest(doing, told.at))]
            found[place] += [Audited(trail.kind, entry.number, change) for entry in own for change in entry.fields]
    return found


def _meant(entry: AuditEntry) -> str:
    """Return the command whose area an entry is about: of one taken back, that one."""
    return entry.target.removeprefix("/") if entry.command == TAKING_BACK else entry.command


def _latest(doing: list[ChangeEntry], at: datetime) -> ChangeEntry | None:
    """Take what happened last until then, if it is not too long ago; what is left is of earlier entries."""
    while doing and doing[-1].at > at:
        doing.pop()
    return doing.pop() if doing and at - _LONGEST <= doing[-1].at else None
