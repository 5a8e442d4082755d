"""What people read when they look at tasks."""

from collections.abc import Sequence
from dataclasses import replace

from bot.texts import comments
from bot.texts.common import counted_in_full, moment
from bot.texts.dates import due_cell
from bot.texts.records import Listed, Listing, channel_field, member_field, moment_field, page_of, record, sorting
from bot.texts.tasks.words import (
    REPEAT,
    SORTED_BY,
    assign_action,
    done_action,
    is_overdue,
    repeat_cell,
    skip_action,
    snooze_action,
    task_table,
)
from bot.texts.view import View
from core.chat.reply import Action, Chart, Column, Field, Placement, Reply, Row, Series, Style, Table
from core.chat.request import ChannelKind, Platform
from core.chat.text import Code, Link, Text, lines, text
from core.people.model import Role
from core.tasks.kind import TASK_NAMES
from core.tasks.model import Priority, Status, Task, TaskFilter
from core.tasks.requests import TaskSort
from core.tasks.results import Summary, TaskCard, TaskList
from core.tasks.series import next_due

MY_WORK = "My work"
NOTHING_WAITS = text("Nothing is waiting for you. To take something on: ", Code("/task add Buy milk assign:@me"))

WORKERS = Role.MEMBER
"""From which role on people work on tasks; whoever only reads gets no buttons."""

CHART_LABELS = 20
"""People in a chart; more than platforms can draw are left to the table."""


def task_list(found: TaskList, listing: Listing, view: View, sort: TaskSort = TaskSort.DUE) -> Reply:
    """Show a page of tasks sorted so, each with its buttons, and the way to the other pages."""
    title = _list_title(found.wanted, view)
    # Done ones come by when they were done, unless something else is asked for.
    ordered = "" if sort is TaskSort.DUE and found.wanted.status is Status.COMPLETED else sort.value

    def table(tasks: Sequence[Task]) -> Table:
        return task_table(title, tasks, view, lambda task: _row_actions(task, listing.command, view), ordered)

    late = sum(is_overdue(task, view) for task in found.page.items)
    on_page = " on this page" if found.page.previous_cursor or found.page.next_cursor else ""
    also = f", {late} overdue{on_page}" if late else ""
    shown = page_of(title, found.page, Listed(TASK_NAMES, table, _nothing(found.wanted)), listing, also)
    return replace(shown, actions=(*shown.actions, *sorting(found.page, listing, SORTED_BY)))


def my_work(found: TaskList, listing: Listing, view: View) -> Reply:
    """Show somebody the tasks that are theirs, and how to have that kept up to date where no other page does so."""
    keep, how = _keeping(view) if listing.is_first else ((), ())
    if not found.page.items and listing.is_first:
        return Reply(title=MY_WORK, text=lines(NOTHING_WAITS, how), actions=keep)
    shown = task_list(found, listing, view)
    tables = tuple(replace(table, title=MY_WORK) for table in shown.tables)
    return replace(shown, title=MY_WORK, text=lines(shown.text, how), tables=tables, actions=(*shown.actions, *keep))


def _keeping(view: View) -> tuple[tuple[Action, ...], Text]:
    """Return the button, or the words, for having one's work kept up to date on Discord, which has no Home tab."""
    if view.actor.platform is not Platform.DISCORD or view.actor.role < WORKERS:
        return (), ()
    if view.actor.channel_kind is ChannelKind.DIRECT:
        return (Action("Keep it here", "/task board", placement=Placement.UPDATE),), ()
    how = "To have it kept up to date, open direct messages with me (press my name, then Message) and type "
    return (), text(how, Code("/task board"), ".")


def _list_title(wanted: TaskFilter, view: View) -> str:
    kind = {Status.PENDING: "Open tasks", Status.COMPLETED: "Done tasks", None: "Tasks"}[wanted.status]
    where = _where(wanted.channel_id, view)
    whose = ""
    if wanted.assignee is not None:
        whose = f" for {view.directory.name(wanted.assignee)}" if wanted.assignee else " for nobody"
    pressing = f", {wanted.priority.label} priority" if wanted.priority is not None else ""
    return f"{kind}{whose} in {where}{pressing}"


def _where(channel_id: int | None, view: View) -> str:
    return "all channels" if channel_id is None else view.directory.channel_name(channel_id)


def _nothing(wanted: TaskFilter) -> Text:
    """Say that there is nothing, and what to do about it."""
    if wanted.assignee is not None or wanted.priority is not None:
        return text("Nothing matches. Without the filters: ", Code("/task list"))
    if wanted.status is Status.COMPLETED:
        return text("Nothing is done yet. The open ones: ", Code("/task list"))
    everywhere = text("See the other channels: ", Code("/task list channel:all")) if wanted.channel_id else ()
    return lines(text("Nothing to do. Add something: ", Code("/task add Buy milk due:tomorrow assign:@me")), everywhere)


def _row_actions(task: Task, command: str, view: View) -> tuple[Action, ...]:
    """Return the buttons of a task, for those who may press them."""
    if view.actor.role < WORKERS:
        return ()
    if task.status is Status.COMPLETED:
        return (Action("Reopen", f"/task reopen {task.number}", then=command),)
    return (
        done_action(task.number, command),
        snooze_action(task.number, command),
        assign_action(task.number, command),
    )


def task_card(card: TaskCard, view: View) -> Reply:
    """Show everything there is to a task."""
    task, said = card.task, card.discussion
    due, following = (due_cell(one, view.actor.zone) for one in (task.due, next_due(task, view.now)))
    fields = [
        Field("number", "No.", task.number, "number"),
        Field("status", "Status", task.status.label),
        Field("priority", "Priority", task.priority.label),
        Field("due", "Due", due, "moment") if due else None,
        Field(REPEAT.key, REPEAT.label, repeat_cell(task)) if task.repeat else None,
        Field("next_due", "Then due", following, "moment") if task.repeat else None,
        Field("overdue", "Overdue", True) if is_overdue(task, view) else None,
        Field("assignees", "For", view.people(task.assignees), "people") if task.assignees else None,
        channel_field(task.channel_id, view),
        moment_field("remind_at", "Reminder", task.remind_at, view),
        member_field("author", "Added by", task.author_id, view),
        moment_field("created_at", "Added", task.created_at, view),
        member_field("completed_by", "Completed by", task.completed_by, view) if task.completed_at else None,
        moment_field("completed_at", "Completed", task.completed_at, view),
        Field("comments", "Comments", said.total, "number") if said.total else None,
        Field("origin", "Origin", task.origin) if task.origin else None,
    ]
    origin = text(Link("Where it came from", task.origin)) if task.origin else ()
    words = lines(text(task.notes), origin, comments.latest(said, f"/task history {task.number}", view))
    return record(f"#{task.number} {task.title}", words, fields, _card_actions(task, view))


def _card_actions(task: Task, view: View) -> tuple[Action, ...]:
    command = f"/task show {task.number}"
    actions = _row_actions(task, command, view)
    remove = Action("Remove", f"/task remove {task.number}", style=Style.DANGER)
    skip = (skip_action(task.number, command),) if task.repeat else ()
    return (*actions, *skip, remove) if actions else ()


def summary(result: Summary, list_command: str, view: View) -> Reply:
    """Show how many tasks there are, by status, due, priority and person; `list_command` shows the open ones."""
    counts = result.counts
    pending, completed = (counts.by_status.get(status, 0) for status in (Status.PENDING, Status.COMPLETED))
    where = _where(result.channel_id, view)
    title = f"Tasks in {where}"
    if not pending and not completed:
        return Reply(title=title, text=_nothing(TaskFilter(channel_id=result.channel_id)))
    late = f"{counts.overdue:,} overdue, {counts.upcoming:,} upcoming"
    said = f"{counted_in_full(pending, 'task')} open, {late}, {completed:,} done."
    priorities = [(priority.label, counts.by_priority.get(priority, 0)) for priority in Priority]
    people = sorted(
        ((view.directory.name(member) if member else "nobody", count) for member, count in counts.by_assignee.items()),
        key=lambda entry: (-entry[1], entry[0]),
    )
    return Reply(
        title=title,
        text=text(said, " As of ", moment(result.now, view.actor.zone), "."),
        fields=(
            Field("pending", "Open", pending, "number"),
            Field("completed", "Done", completed, "number"),
            Field("overdue", "Overdue", counts.overdue, "number"),
            Field("upcoming", "Upcoming", counts.upcoming, "number"),
        ),
        tables=(
            _counts("Open by priority", "priority", "Priority", priorities),
            _counts("Open by person", "assignee", "For", people),
        ),
        charts=(_chart("Open by priority", priorities), _chart("Open by person", people[:CHART_LABELS]))
        if pending
        else (),
        actions=(Action("Show the open ones", list_command),),
    )


def _counts(title: str, key: str, label: str, entries: Sequence[tuple[str, int]]) -> Table:
    columns = (Column(key, label), Column("pending", "Open", "number"))
    return Table(title, columns, tuple(Row(entry) for entry in entries))


def _chart(title: str, entries: Sequence[tuple[str, int]]) -> Chart:
    labels = tuple(label for label, _ in entries)
    series = Series("Open tasks", tuple(float(count) for _, count in entries))
    words = ", ".join(f"{label} {count}" for label, count in entries)
    return Chart(title, "bar", labels, (series,), f"{title}: {words}.")
