"""What is exported to CSV or JSON imports again unchanged, whatever is in it."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.dates.due import Due
from core.dates.recurrence_grammar import parse_recurrence
from core.people.model import Member, Role
from core.shared.errors import InvalidArgumentError
from core.tasks.drafted import TaskDraft
from core.tasks.model import Priority, Status, Task
from core.tasks.rules import clean_notes, clean_title, reminder_for
from core.tasks.sheet import TASK_SHEET
from core.transfer.applying import Applier, Settled
from core.transfer.choices import ExportFormat
from core.transfer.reading import Checker, RowBatches
from core.transfer.roster import Channels, People
from core.transfer.sheet import Importer, Surroundings
from core.transfer.sources import Source, open_source
from core.transfer.writing import record_writer
from core.workspaces.model import Audience, Channel

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONE = "Europe/Berlin"
ACTOR = Actor(1, 1, "Ann", Role.OWNER, ZONE, "en", Platform.WEB, 1, 10, "general", ChannelKind.PUBLIC)
CHANNELS = Channels.of(
    [
        Channel(10, 1, Platform.WEB, "general", "general", ChannelKind.PUBLIC),
        Channel(11, 1, Platform.WEB, "=shop", "=shop", ChannelKind.PUBLIC),
    ],
    ACTOR,
    Audience(1, frozenset()),
)

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
tricky = st.sampled_from(
    ["=1+1", "'=1", "''", "'", "-5", "+49", "@me", "\t=x", 'say "x", now; or\nnever', "\uff1b\uff0c", "\ufeffx"]
)


def cleaned(raw: str) -> str:
    """A title as the service keeps it."""
    try:
        return clean_title(raw)
    except InvalidArgumentError:
        return "x"


moments = st.integers(0, 10**9).map(lambda seconds: NOW - timedelta(seconds=seconds))
dues = st.builds(
    Due,
    st.dates(date(1900, 1, 2), date(2199, 12, 30)),
    st.none() | st.times().map(lambda clock: clock.replace(microsecond=0, fold=0)),
    st.sampled_from([ZONE, "America/New_York", "Asia/Kathmandu", "UTC"]),
)


recurrences = st.sampled_from(
    [
        parse_recurrence(words, today=NOW.date())
        for words in ("daily", "every 2 weeks", "every mon, wed and fri", "monthly", "last day of the month, 5 times")
    ]
)


@st.composite
def some_tasks(draw: st.DrawFn, members: int) -> list[Task]:
    found: list[Task] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        done = draw(st.none() | moments)
        due = draw(st.none() | dues)
        repeat = draw(recurrences).anchored(due.date) if due and not done and draw(st.booleans()) else None
        found.append(
            Task(
                number=number * draw(st.integers(1, 3)) + len(found) * 10,
                title=cleaned(draw(texts | tricky)),
                notes=clean_notes(draw(texts | tricky)),
                status=Status.COMPLETED if done else Status.PENDING,
                priority=draw(st.sampled_from(Priority)),
                due=due,
                channel_id=draw(st.sampled_from([10, 11])),
                author_id=1,
                assignees=tuple(draw(st.lists(st.integers(1, members), unique=True, max_size=3))),
                origin=draw(st.sampled_from(["", "https://example.com/a?b=c,d;e"])),
                created_at=draw(moments),
                completed_at=done,
                completed_by=1 if done else None,
                remind_at=None if done else reminder_for(due, NOW),
                repeat=repeat,
                series="series" if repeat else "",
                planned=due if repeat else None,
            )
        )
    return found


@st.composite
def workspaces(draw: st.DrawFn) -> tuple[People, list[Task]]:
    members = [
        Member(number, name, Role.MEMBER, "", "", active=draw(st.booleans()))
        for number, name in enumerate(draw(st.lists(names, min_size=1, max_size=5)), start=1)
    ]
    return People.of(members), draw(some_tasks(len(members)))


Run = Checker[TaskDraft, Task]


def there_and_back(kind: ExportFormat, people: People, tasks: list[Task], known: dict[object, Task]) -> Run:
    """Export tasks and import them where the known ones are."""
    run, _ = settled(kind, people, tasks, known)
    return run


def settled(
    kind: ExportFormat, people: People, tasks: list[Task], known: dict[object, Task]
) -> tuple[Run, Settled[Task]]:
    writer = record_writer(TASK_SHEET, kind, Surroundings(people, CHANNELS, NOW, ZONE))
    data = writer.write(tasks[:1]) + writer.write(tasks[1:]) + writer.end()
    return taken_in(open_source(TASK_SHEET, f"tasks.{kind.ending}", [data]), people, known)


def taken_in(source: Source, people: People, known: dict[object, Task]) -> tuple[Run, Settled[Task]]:
    """Check a file and apply it where the known tasks are."""
    around, importer = Surroundings(people, CHANNELS, NOW, ZONE), Importer(1, 10, ZONE, NOW, "batch")
    batches = RowBatches(TASK_SHEET, source, around)
    run = Checker(TASK_SHEET, importer, source, repr, only_bad=True)
    applier = Applier(TASK_SHEET, around, importer, 1, run.cells)
    staged = json.loads(json.dumps(run.settle(batches.next(), known).staged))
    return run, applier.settle(applier.prepare(staged), known)


@pytest.mark.parametrize("kind", [ExportFormat.CSV, ExportFormat.JSON])
@given(workspaces())
def test_an_export_changes_nothing_where_it_comes_from(
    kind: ExportFormat, workspace: tuple[People, list[Task]]
) -> None:
    people, tasks = workspace
    found = there_and_back(kind, people, tasks, {task.number: task for task in tasks}).findings
    assert found.problems == []
    assert (found.unchanged, found.rows) == (len(tasks), len(tasks))


@pytest.mark.parametrize("kind", [ExportFormat.CSV, ExportFormat.JSON])
@given(workspaces())
def test_an_export_makes_the_same_tasks_where_there_are_none(
    kind: ExportFormat, workspace: tuple[People, list[Task]]
) -> None:
    people, tasks = workspace
    _, new = settled(kind, people, tasks, {})
    for made, task in zip(new.new, tasks, strict=True):
        assert bool(made.series) == bool(task.series)
        assert replace(made, number=task.number, batch="", series=task.series) == task


@given(texts | tricky)
@example("=cmd|' /C calc'!A0")
@example("\r\n=1")
def test_no_cell_of_an_export_begins_like_a_formula(raw: str) -> None:
    task = Task(1, cleaned(raw), clean_notes(raw), Status.PENDING, Priority.LOW, None, 11, 1, (1,), "", NOW)
    people = People.of([Member(1, raw[:30], Role.MEMBER, "", "", active=True)])
    writer = record_writer(TASK_SHEET, ExportFormat.CSV, Surroundings(people, CHANNELS, NOW, ZONE))
    for row in csv.reader(io.StringIO((writer.write([task]) + writer.end()).decode(), newline="")):
        assert not {cell[:1] for cell in row} & set("=+-@\t\r\n")


def test_a_day_in_the_zone_of_the_reader_is_a_plain_date() -> None:
    here = Task(1, "x", "", Status.PENDING, Priority.LOW, Due(date(2027, 1, 2), None, ZONE), 10, 1, (), "", NOW)
    there = replace(here, number=2, due=Due(date(2027, 1, 2), time(9, 30), "Asia/Tokyo"))
    writer = record_writer(TASK_SHEET, ExportFormat.CSV, Surroundings(People.of([]), CHANNELS, NOW, ZONE))
    lines = writer.write([here, there]).decode().splitlines()
    assert lines[1].split(",")[4] == "2027-01-02"
    assert lines[2].split(",")[4] == "2027-01-02T09:30+09:00[Asia/Tokyo]"


def test_a_moment_is_kept_to_the_second() -> None:
    task = Task(
        1, "x", "", Status.PENDING, Priority.LOW, None, 10, 1, (), "", NOW + timedelta(seconds=1, microseconds=999_999)
    )
    found = there_and_back(ExportFormat.CSV, People.of([]), [task], {1: task}).findings
    assert found.unchanged == 1
