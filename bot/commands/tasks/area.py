"""What `/task` is about."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Annotated

from bot.application.services import Services
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.boards import boards as board_texts
from bot.texts.tasks import errors as texts
from bot.texts.tasks.notices import TaskNotices
from core.boards.service import BoardService
from core.chat.spec import FromMessage, SubjectInfo, Work
from core.ports.storage import UnitOfWork
from core.reminders.model import Reminders
from core.tasks.events import TASK_EVENTS
from core.tasks.from_message import arguments_from
from core.tasks.repository import TASKS
from core.tasks.service import TaskService
from core.workspaces.model import Audience

TaskNumber = Annotated[int, reference("task")]
TaskNumbers = Annotated[tuple[int, ...], reference("task", many=True)]


async def _suggest(work: UnitOfWork, typed: str, audience: Audience, limit: int) -> Iterable[tuple[int, str]]:
    return [(task.number, task.title) for task in await work.of(TASKS).suggest(typed, audience, limit=limit)]


TASK_REMINDERS = Reminders("task", TASKS, attrgetter("assignees"), TaskNotices().reminder)

task = Area(
    "task",
    "Tasks of this team and channel",
    subject=Subject(SubjectInfo("task", "tasks", "`/task list` shows the open ones of this channel."), _suggest),
    reasons=(texts.REASONS, board_texts.REASONS),
    work=Work("mine", TASK_EVENTS),
    from_message=FromMessage(
        "make_task", "Make a task", "Turn this message into a task of its channel", "add", arguments_from
    ),
    reminders=TASK_REMINDERS,
)


@task.service
def tasks(services: Services) -> TaskService:
    """Return the tasks of a request."""
    return TaskService(services.transactions, services.supplies.clock, TaskNotices())


@task.service
def boards(services: Services) -> BoardService:
    """Return the boards of tasks."""
    return BoardService(services.transactions, services.supplies.clock, services.supplies.presence)
