"""What `/task` is about."""

from collections.abc import Iterable
from typing import Annotated

from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.boards import boards as board_texts
from bot.texts.tasks import errors as texts
from bot.texts.tasks import transfer as transfer_texts
from core.chat.spec import SubjectInfo
from core.ports.storage import UnitOfWork
from core.workspaces.model import Audience

TaskNumber = Annotated[int, reference("task")]
TaskNumbers = Annotated[tuple[int, ...], reference("task", many=True)]


async def _suggest(work: UnitOfWork, typed: str, audience: Audience, limit: int) -> Iterable[tuple[int, str]]:
    return [(task.number, task.title) for task in await work.tasks.suggest(typed, audience, limit=limit)]


task = Area(
    "task",
    "Tasks of this team and channel",
    subject=Subject(SubjectInfo("task", "tasks", "`/task list` shows the open ones of this channel."), _suggest),
    reasons=(texts.REASONS, transfer_texts.REASONS, board_texts.REASONS),
)
