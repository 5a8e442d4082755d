"""A task survives being written down, and what differs is told."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from core.dates.due import Due
from core.tasks.kind import TASK_KIND
from core.tasks.model import Priority, Status, Task

moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
dues = st.builds(
    Due,
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)),
    st.sampled_from(("Europe/Berlin", "America/New_York", "UTC")),
)
tasks = st.builds(
    Task,
    number=st.integers(1, 2**31),
    title=st.text(min_size=1, max_size=50),
    notes=st.text(max_size=50),
    status=st.sampled_from(Status),
    priority=st.sampled_from(Priority),
    due=st.none() | dues,
    channel_id=st.integers(1, 100),
    author_id=st.integers(1, 100),
    assignees=st.lists(st.integers(1, 100), unique=True, max_size=5).map(tuple),
    origin=st.text(max_size=20),
    created_at=moments,
    completed_at=st.none() | moments,
    completed_by=st.none() | st.integers(1, 100),
    remind_at=st.none() | moments,
    version=st.integers(1, 1000),
    batch=st.text(max_size=26),
    removed_at=st.none() | moments,
)


@given(tasks)
def test_a_task_comes_back_from_json_as_it_was(task: Task) -> None:
    assert TASK_KIND.record(json.loads(json.dumps(TASK_KIND.snapshot(task)))) == task


@given(tasks, tasks)
def test_a_task_is_unlike_another_in_what_the_history_would_tell(one: Task, other: Task) -> None:
    assert TASK_KIND.unlike(vars_of(one), one) == ()
    told = dict.fromkeys(change.field for change in TASK_KIND.changes(one, other))
    assert set(told) - TASK_KIND.drifting == set(TASK_KIND.unlike(vars_of(one), other))


def vars_of(task: Task) -> dict[str, object]:
    return {field.name: getattr(task, field.name) for field in fields(Task)}
