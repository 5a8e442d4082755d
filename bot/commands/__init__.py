"""What people type, one thin module an area; `AREAS` lists them in the order of help."""

from bot.commands import task_boards, task_lists, task_transfer
from bot.commands.qm import qm
from bot.commands.task import task
from bot.commands.user import user

AREAS = (task, user, qm)
"""Every area; the modules `task_…` add their commands to `task` when they are imported."""

__all__ = ["AREAS", "qm", "task", "task_boards", "task_lists", "task_transfer", "user"]
