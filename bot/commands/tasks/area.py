"""What `/task` is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from typing import Annotated

from bot.application.context import Context
from bot.application.services import Services
from bot.grammar.arguments import reference
from bot.grammar.boards import AreaBoards, Face
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.tasks import boards as board_texts
from bot.texts.tasks import errors as texts
from bot.texts.tasks import work_boards as work_texts
from bot.texts.tasks.digests import FREE_SHOWN, SHOWN, DigestContent, digest
from bot.texts.tasks.history import TOLD
from bot.texts.tasks.notices import TaskNotices
from bot.texts.view import View
from core.boards.model import Board
from core.chat.reply import Reply
from core.chat.spec import FromMessage, Offer, SubjectInfo, Work
from core.ports.storage import UnitOfWork
from core.reminders.model import Reminders
from core.shared.naming import NameBook
from core.shared.zones import instant, zone
from core.tasks.boards import BoardContent, Grouping
from core.tasks.boards import Work as OwnWork
from core.tasks.done import DoneService
from core.tasks.events import TASK_EVENTS
from core.tasks.from_message import arguments_from
from core.tasks.model import DueBy, Task, TaskFilter
from core.tasks.repository import TASKS
from core.tasks.requests import AssignMode
from core.tasks.rules import at_its_time
from core.tasks.service import TaskService
from core.workspaces.model import Audience

TaskNumber = Annotated[int, reference("task")]
TaskNumbers = Annotated[tuple[int, ...], reference("task", many=True)]


async def _of_channel(work: UnitOfWork, board: Board, now: datetime, today: datetime) -> BoardContent:
    return await work.of(TASKS).board(board.channel_id, now=now, today=today)


async def _of_person(work: UnitOfWork, board: Board, _now: datetime, _today: datetime) -> OwnWork | None:
    # By the filter of whoever looks at them, asked anew each time.
    return await work.of(TASKS).own_work(Audience(board.member_id or 0, frozenset({board.channel_id})))


TASK_BOARDS = AreaBoards(
    channel=Face(
        _of_channel,
        board_texts.board,
        board_texts.BUTTONS,
        members=lambda content: chain.from_iterable(task.assignees for task in (*content.open, *content.done)),
    ),
    person=Face(
        _of_person,
        work_texts.work,
        work_texts.BUTTONS,
        members=lambda content: chain.from_iterable(task.assignees for task in content.tasks),
        channels=lambda content: [task.channel_id for task in content.tasks],
    ),
    own="open tasks",
    groupings={Grouping.STATUS: "by status", Grouping.ASSIGNEE: "by person"},
)


def _as_typed(one: Task, names: NameBook) -> Mapping[str, str]:
    people = " ".join(names.word(member) for member in one.assignees if member in names.members)
    return {
        "title": one.title,
        "notes": one.notes,
        "priority": one.priority.label,
        "people": people,
        # Who is ticked already stays only if the form is about all of them.
        "mode": AssignMode.SET.value if people else "",
    }


async def _digest(ctx: Context, channel_id: int | None, view: View) -> Reply:
    """Tell what is due today or overdue, and in a channel what nobody has."""
    actor = view.actor
    day = ctx.now.astimezone(zone(actor.zone)).date()
    until = DueBy(day, instant(day + timedelta(days=1), time(), zone(actor.zone)) - timedelta(microseconds=1))
    whose = TaskFilter(channel_id=channel_id, assignee=actor.member_id if channel_id is None else None)
    # A channel's is for whoever is there, as its board is; one's own tasks are one's own wherever they are.
    audience = Audience(actor.member_id, frozenset() if channel_id is None else frozenset({channel_id}))
    async with ctx.services.transactions.read() as work:
        page = work.of(TASKS).page
        due = await page(replace(whose, due=until), audience, limit=SHOWN - (FREE_SHOWN if channel_id else 0))
        late = await page(replace(whose, due=DueBy(day - timedelta(days=1), ctx.now)), audience, limit=1)
        free = None
        if channel_id is not None:
            free = await page(replace(whose, assignee=0), audience, limit=FREE_SHOWN)
    where = "" if channel_id is None else ctx.directory.channel_name(channel_id)
    return digest(DigestContent(due, late.total, free), where, view)


TASK_REMINDERS = Reminders("task", TASKS, attrgetter("assignees"), TaskNotices().reminder, insists=at_its_time)


task = Area(
    "task",
    "Tasks of this team and channel",
    subject=Subject(
        SubjectInfo("task", "tasks", "`/task list` shows the open ones of this channel."), TASKS, TOLD, _as_typed
    ),
    reasons=(texts.REASONS,),
    events=TASK_EVENTS,
    work=Work("mine"),
    boards=TASK_BOARDS,
    from_message=FromMessage(
        "make_task", "Make a task", "Turn this message into a task of its channel", "add", arguments_from
    ),
    reminders=TASK_REMINDERS,
    digest=_digest,
    offers=(
        Offer("add", "Add a task", "Buy milk due:tomorrow assign:@me", "plus"),
        Offer("list", "See what is open here"),
        Offer("import", "Bring tasks from a file", picture="upload"),
    ),
    example="bot.commands.tasks.example:TASK_EXAMPLE",
)


@task.service
def tasks(services: Services) -> TaskService:
    """Return the tasks of a request."""
    return TaskService(services.transactions, services.supplies.clock, TaskNotices())


@task.service
def done(services: Services) -> DoneService:
    """Return what was done, in figures."""
    return DoneService(services.transactions, services.supplies.turns)
