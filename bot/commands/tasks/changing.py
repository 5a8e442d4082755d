"""The commands that change tasks."""

import re
from typing import Annotated

from bot.application.context import Context
from bot.commands.tasks.area import TaskNumber, TaskNumbers, task
from bot.grammar.arguments import Also, Clearable, LongText, People, Positional, Rest
from bot.texts.tasks import changes as texts
from bot.texts.tasks import series as series_texts
from bot.texts.view import View
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.people.model import Role
from core.shared.errors import InvalidArgumentError
from core.tasks.model import Priority
from core.tasks.requests import AssignMode, NewTask, TaskEdit
from core.tasks.results import Change
from core.tasks.service import TaskService

_INSTEAD = {
    "due": "/task due {0} fri 9am",
    "assign": "/task assign {0} @ann",
    "assignee": "/task assign {0} @ann",
    "repeat": "/task repeat {0} weekly",
    "status": "/task done {0}",
}
"""What people try to change by `/task edit`, though other commands do that."""

_ELSEWHERE = re.compile(rf"(?:^|\s)({'|'.join(_INSTEAD)}):\S")


def _view(ctx: Context, change: Change) -> View:
    """Note for the audit trail what was touched, and return for whom the answer is worded."""
    ctx.touched.extend(f"#{changed.number}" for changed in change.tasks)
    ctx.tells_of(task.channel_id for task in (*change.tasks, *change.unchanged))
    if not change.tasks:
        ctx.tells_asker_alone()
    return ctx.view


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def add(
    ctx: Context,
    title: Rest,
    due: Due | None = None,
    priority: Priority = Priority.MEDIUM,
    assign: Annotated[People, Also("assignee")] = (),
    repeat: Recurrence | None = None,
    notes: LongText = "",
) -> Reply:
    """Add a task to this channel.

    Its people are told by direct message, and reminded when it is due: at its time, or at 9:00 of its day. One that
    repeats makes the next when it is done; without a due it begins on the first day that fits, today included.

    Args:
        title: what has to be done, such as `Buy milk`
        due: when, such as `tomorrow 9am`, `fri`, `in 2h` or `2026-12-01`
        priority: how pressing it is, such as `high`; medium unless given
        assign: who does it, such as `@me` or several people
        repeat: how often, such as `weekly`, `every mon 9am` or `1st and 15th`, perhaps `until 31 dec`
        notes: anything else to know, such as `the oat one`; up to 4,000 characters

    Examples:
        /task add Buy milk due:tomorrow assign:@me
        /task add Water the plants due:fri 9am repeat:weekly
        /task add Call the landlord due:fri 9am priority:high
    """
    new = NewTask(title, due, priority, assign, notes, origin=ctx.request.origin, repeat=repeat)
    change = await ctx.services.get(TaskService).add(ctx.actor, new)
    return texts.added(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def done(ctx: Context, task: TaskNumbers) -> Reply:
    """Complete tasks.

    One that repeats makes the next of its series. Several at once are completed together or, if one can't be, not at
    all.

    Args:
        task: the number of the task, such as `12`, or several

    Examples:
        /task done 12
        /task done 12 13 14
    """
    change = await ctx.services.get(TaskService).done(ctx.actor, await ctx.audience(), task)
    return texts.completed(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def reopen(ctx: Context, task: TaskNumbers) -> Reply:
    """Open completed tasks again.

    Args:
        task: the number of the task, such as `12`, or several

    Examples:
        /task reopen 12
    """
    change = await ctx.services.get(TaskService).reopen(ctx.actor, await ctx.audience(), task)
    return texts.reopened(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, asks=True)
async def edit(
    ctx: Context,
    task: TaskNumber,
    title: Annotated[Rest, Positional()] = "",
    notes: Annotated[LongText | None, Clearable()] = None,
    priority: Priority | None = None,
) -> Reply:
    """Change the title, notes or priority of a task.

    What is not given stays as it is. People, due dates and how it repeats change with `/task assign`, `/task due` and
    `/task repeat`.

    Args:
        task: the number of the task, such as `12`
        title: the new title, such as `Buy oat milk`
        notes: the new notes; `none` takes them away
        priority: how pressing it is now, such as `high`

    Examples:
        /task edit 12 Buy oat milk
        /task edit 12 priority:urgent notes:"Before the shop closes"
    """
    if elsewhere := _ELSEWHERE.search(title):
        example = _INSTEAD[elsewhere[1]].format(task)
        raise InvalidArgumentError("title", "edited_elsewhere", example=example)
    changes = TaskEdit(title or None, notes, priority)
    change = await ctx.services.get(TaskService).edit(ctx.actor, await ctx.audience(), task, changes)
    return texts.edited(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def assign(ctx: Context, task: TaskNumbers, people: People, mode: AssignMode = AssignMode.ADD) -> Reply:
    """Give tasks to people, or take them away.

    Whoever is given a task is told by direct message.

    Args:
        task: the number of the task, such as `12`, or several
        people: who, such as `@ann` or `@me`
        mode: `add` them (unless given), `remove` them, or `set` them as the only ones

    Examples:
        /task assign 12 @ann
        /task assign 12 @ann @ben mode:set
        /task assign 12 13 @me mode:remove
    """
    change = await ctx.services.get(TaskService).assign(ctx.actor, await ctx.audience(), task, people, mode)
    return texts.assigned(change, _view(ctx, change), people, mode)


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def due(ctx: Context, task: TaskNumbers, due: Due | None) -> Reply:
    """Set when tasks are due.

    Of a task that repeats only this time moves; the next one is due as it would have been.

    Args:
        task: the number of the task, such as `12`, or several
        due: when, such as `fri 9am`, `in 2h` or `2026-12-01`; `none` takes the due date away

    Examples:
        /task due 12 next monday
        /task due 12 13 none
    """
    change = await ctx.services.get(TaskService).set_due(ctx.actor, await ctx.audience(), task, due)
    return texts.due_set(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def snooze(ctx: Context, task: TaskNumbers, until: Due) -> Reply:
    """Be reminded of tasks later.

    Only the reminder moves; when a task is due stays as it is. A day without a time means 9:00.

    Args:
        task: the number of the task, such as `12`, or several
        until: when to remind, such as `in 20 min`, `in 3 h`, `tomorrow 9:00` or `next monday`

    Examples:
        /task snooze 12 in 20 min
        /task snooze 12 next monday
    """
    change = await ctx.services.get(TaskService).snooze(ctx.actor, await ctx.audience(), task, until)
    return texts.snoozed(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def repeat(ctx: Context, task: TaskNumbers, repeat: Recurrence | None) -> Reply:
    """Make tasks repeat, or no longer.

    A task that repeats makes the next when it is done, with the same title, people, priority and notes, at the same
    time of day. It goes on from its due, or from today without one; times that were missed are not made up for.

    Args:
        task: the number of the task, such as `12`, or several
        repeat: how often, such as `weekly`, `every 2 weeks on fri`, `monthly on the last day`; `none` ends it

    Examples:
        /task repeat 12 every mon and thu
        /task repeat 12 first monday of the month
        /task repeat 12 daily until 31 dec
        /task repeat 12 none
    """
    change = await ctx.services.get(TaskService).repeat(ctx.actor, await ctx.audience(), task, repeat)
    return series_texts.repeat_set(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def skip(ctx: Context, task: TaskNumbers) -> Reply:
    """Move tasks that repeat on to their next time without doing them.

    Args:
        task: the number of the task, such as `12`, or several

    Examples:
        /task skip 12
    """
    change = await ctx.services.get(TaskService).skip(ctx.actor, await ctx.audience(), task)
    return series_texts.skipped(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def stop(ctx: Context, task: TaskNumbers) -> Reply:
    """Let tasks no longer repeat.

    They stay as they are, and nothing follows when they are done. The same as `/task repeat 12 none`.

    Args:
        task: the number of the task, such as `12`, or several

    Examples:
        /task stop 12
    """
    change = await ctx.services.get(TaskService).stop(ctx.actor, await ctx.audience(), task)
    return series_texts.repeat_set(change, _view(ctx, change))


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def remove(ctx: Context, task: TaskNumbers) -> Reply:
    """Take tasks off the list.

    Their numbers are never used again. Undo brings them back. Removing one that repeats ends its series; to leave out
    a single time, use `/task skip`.

    Args:
        task: the number of the task, such as `12`, or several

    Examples:
        /task remove 12
    """
    change = await ctx.services.get(TaskService).remove(ctx.actor, await ctx.audience(), task)
    return texts.removed(change, _view(ctx, change))
