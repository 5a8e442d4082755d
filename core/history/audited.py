"""What the commands in the audit trail changed, as far as it is kept."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from core.ports.storage import AuditEntry, UnitOfWork

_NUMBER = re.compile(r"#([0-9]{1,10})\b")
_LONGEST = timedelta(minutes=1)
"""How long before its entry in the audit trail something may have been changed by the same command."""


async def changed_fields(
    work: UnitOfWork, entries: Sequence[AuditEntry], kinds: Mapping[str, str]
) -> Sequence[Sequence[str]]:
    """Return for each entry the names of the fields that its command changed, by the kinds of things of each area."""
    found: list[Sequence[str]] = [()] * len(entries)
    for area, kind in kinds.items():
        about = {
            place: {int(number) for number in _NUMBER.findall(entry.target)}
            for place, entry in enumerate(entries)
            if entry.command.startswith(f"{area} ")
        }
        numbers = [number for some in about.values() for number in some]
        if not numbers:
            continue
        begin = min(entries[place].at for place in about) - _LONGEST
        happened = await work.changes.since(kind, numbers, begin)
        for place, some in about.items():
            told = entries[place]
            names = (
                change.field
                for entry in happened
                if entry.number in some and entry.member_id == told.member_id and entry.command == told.command
                if told.at - _LONGEST <= entry.at <= told.at
                for change in entry.fields
            )
            found[place] = tuple(dict.fromkeys(names))
    return found
