"""A task survives being written down, and what differs is named."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from core.dates.due import Due
from core.tasks.model import Priority, Status, Task
from core.tasks.snapshots import differences, snapshot_of, task_of

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
TASK = Task(
    12, "Buy milk", "", Status.PENDING, Priority.LOW, None, 1, 1, (2, 3), "", datetime(2026, 11, 20, tzinfo=UTC)
)


@given(tasks)
def test_a_task_comes_back_from_json_as_it_was(task: Task) -> None:
    assert task_of(json.loads(json.dumps(snapshot_of(task)))) == task


@given(tasks)
def test_nothing_differs_from_itself(task: Task) -> None:
    assert differences(task, task) == ()


def test_names_the_fields_that_differ() -> None:
    assert differences(TASK, replace(TASK, title="Buy oat milk", priority=Priority.HIGH)) == ("title", "priority")


def test_a_reminder_that_went_out_is_no_difference() -> None:
    assert differences(TASK, replace(TASK, remind_at=TASK.created_at, version=9)) == ()
