"""What people type, a folder an area; `AREAS` lists them in the order of help."""

from bot.commands.people import user
from bot.commands.qm import qm
from bot.commands.tasks import task

AREAS = (task, user, qm)

__all__ = ["AREAS", "qm", "task", "user"]
