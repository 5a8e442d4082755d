"""Schedules as rows and back."""

from typing import Any

from sqlalchemy import Row

from adapters.storage.schema.text_forms import sort_key, storable
from core.schedules.model import ERROR_LIMIT, TITLE_LIMIT, Schedule, ScheduleState

_ALIKE = (
    "number", "area", "kind", "zone", "channel_id", "author_id", "created_at", "since", "next_at", "skip_empty",
    "looked_at", "last_at", "runs", "errors", "streak", "skipped", "version", "removed_at", "last_error", "title",
    "arguments",
)  # fmt: skip
"""Columns that have the names of fields and hold what these do."""


def row_of(schedule: Schedule) -> dict[str, Any]:
    """Return the columns of a schedule."""
    title = storable(schedule.title, TITLE_LIMIT)
    return {
        **{name: getattr(schedule, name) for name in _ALIKE},
        "title": title,
        "personal": schedule.personal or None,
        "title_sort": sort_key(title, TITLE_LIMIT),
        "arguments": storable(schedule.arguments),
        "times": schedule.rule,
        "state": schedule.state.value,
        "last_error": storable(schedule.last_error, ERROR_LIMIT),
    }


def schedule_of(row: Row[Any]) -> Schedule:
    """Return the schedule of a row."""
    alike = {name: getattr(row, name) for name in _ALIKE}
    return Schedule(**alike, rule=row.times, state=ScheduleState(row.state), personal=bool(row.personal))
