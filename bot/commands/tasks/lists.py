"""The commands that look at tasks."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.commands.tasks.area import TaskNumber, task
from bot.grammar.arguments import Also, ChannelArgument, ChannelScope, Person
from bot.texts.records import Listing
from bot.texts.tasks import lists as texts
from core.chat.reply import Reply
from core.people.model import Role
from core.shared.naming import handle
from core.tasks.model import Priority, Status, TaskFilter
from core.tasks.requests import TaskSort
from core.tasks.service import TaskService

ANYBODY = -1
"""No filter by person; 0 is for tasks that nobody has."""


class Shown(StrEnum):
    """Which tasks a list shows; the words that tables show for it will do too."""

    OPEN = "open"
    DONE = "done"
    ALL = "all"

    @property
    def status(self) -> Status | None:
        """Return the status to filter by, None for any."""
        return {Shown.OPEN: Status.PENDING, Shown.DONE: Status.COMPLETED, Shown.ALL: None}[self]

    @classmethod
    def _missing_(cls, value: object) -> "Shown | None":
        """Take a status for what it means."""
        return {Status.PENDING.value: cls.OPEN, Status.COMPLETED.value: cls.DONE}.get(str(value).lower())


@task.command(role=Role.GUEST, overridable=True)
async def list_(
    ctx: Context,
    status: Shown = Shown.OPEN,
    assign: Annotated[Person, Also("assignee")] = ANYBODY,
    priority: Priority | None = None,
    channel: ChannelArgument | None = None,
    sort: TaskSort = TaskSort.DUE,
    page: str = "",
) -> Reply:
    """Show the open tasks of this channel.

    Overdue ones come first, then by due date and priority. Each has buttons to complete, snooze and assign it.

    Args:
        status: `open` (unless given), `done` or `all`
        assign: only those of one person, such as `@me`; `none` for those that nobody has
        priority: only those as pressing as that, such as `urgent`
        channel: another channel, such as `#shop`, or `all`
        sort: `due` (unless given), `priority` for the urgent ones first, or `number`
        page: where to go on, as the buttons fill it in

    Examples:
        /task list
        /task list done
        /task list assign:@me channel:all
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    wanted = TaskFilter(status.status, scope.channel_id, None if assign == ANYBODY else assign, priority)
    audience = await ctx.audience_of(scope)
    found = await ctx.services.get(TaskService).list(wanted, audience, sort=sort, cursor=page)
    unsorted = _list_command(ctx, status, wanted)
    first_page = unsorted if sort is TaskSort.DUE else f"{unsorted} sort:{sort.value}"
    listing = replace(Listing.of(first_page, page), unsorted=unsorted)
    return texts.task_list(found, listing, ctx.view, sort)


@task.command(role=Role.GUEST)
async def mine(ctx: Context, page: str = "") -> Reply:
    """Show your open tasks in all channels, due first.

    Each has buttons to complete, snooze and assign it. In direct messages with me, `/task board` keeps them up to date
    in one message.

    Args:
        page: where to go on, as the buttons fill it in

    Examples:
        /task mine
    """
    wanted = TaskFilter(Status.PENDING, None, ctx.actor.member_id)
    # One's own tasks are for oneself wherever they are: no platform has to be asked.
    found = await ctx.services.get(TaskService).list(wanted, await ctx.audience(everywhere=False), cursor=page)
    listing = Listing.of("/task mine", page)
    return texts.my_work(found, listing, ctx.view)


@task.command(role=Role.GUEST, overridable=True)
async def show(ctx: Context, task: TaskNumber) -> Reply:
    """Show everything about a task.

    Args:
        task: the number of the task, such as `12`

    Examples:
        /task show 12
    """
    return texts.task_card(await ctx.services.get(TaskService).show(task, await ctx.audience()), ctx.view)


@task.command(role=Role.GUEST, overridable=True)
async def summary(ctx: Context, channel: ChannelArgument | None = None) -> Reply:
    """Count the tasks of this channel by status, due date, priority and person.

    Args:
        channel: another channel, such as `#shop`, or `all`

    Examples:
        /task summary
        /task summary channel:all
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    audience = await ctx.audience_of(scope)
    found = await ctx.services.get(TaskService).summary(ctx.actor, scope.channel_id, audience)
    opened = _list_command(ctx, Shown.OPEN, TaskFilter(channel_id=scope.channel_id))
    return texts.summary(found, opened, ctx.view)


def _list_command(ctx: Context, status: Shown, wanted: TaskFilter) -> str:
    """Return the command that shows the first page of such a list to whoever presses its button in this channel."""
    parts = ["/task list"]
    if status is not Shown.OPEN:
        parts.append(f"status:{status.value}")
    if wanted.assignee is not None:
        parts.append(f"assign:{_person_word(ctx, wanted.assignee)}")
    if wanted.priority is not None:
        parts.append(f"priority:{wanted.priority.label}")
    if wanted.channel_id is None:
        parts.append("channel:all")
    elif wanted.channel_id != ctx.actor.channel_id:
        parts.append(f"channel:{_channel_word(ctx, wanted.channel_id)}")
    if ctx.override:
        parts.append("override:yes")
    return " ".join(parts)


def _person_word(ctx: Context, member_id: int) -> str:
    """Return what names a member without doubt."""
    if not member_id:
        return "none"
    names = ctx.directory.names
    return names.word(member_id) if member_id in names.members else f"@{handle(ctx.directory.name(member_id))}"


def _channel_word(ctx: Context, channel_id: int) -> str:
    """Return what names a channel: its mention in the asker's own space, else its name."""
    channel = ctx.directory.channels.get(channel_id)
    if channel is not None and channel.space_id == ctx.actor.space_id and channel.external_id.isalnum():
        return f"<#{channel.external_id}>"
    return f"#{handle(channel.name)}" if channel else "here"
