"""Schedules as a kind of record, and how changes of them are taken back."""

from dataclasses import replace
from datetime import datetime

from core.schedules.model import Schedule
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind

SCHEDULE_KIND = RecordKind(
    "schedule",
    Schedule,
    aside={"version"},
    drifting={"since", "next_at", "looked_at", "last_at", "runs", "errors", "streak", "skipped", "last_error"},
)
"""That it ran meanwhile is no reason to refuse an undo."""

SCHEDULE_CHANGE = SCHEDULE_KIND.change
"""The kind of the undo entries of changes."""


def _gone(schedule: Schedule, now: datetime) -> Schedule:
    return replace(schedule, removed_at=now, next_at=None)


SCHEDULE_UNDO = Undoing(SCHEDULE_KIND, gone=_gone)
