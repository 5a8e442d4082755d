"""`/task`: every module adds its commands to the area when it is imported, in the order of help."""

from bot.commands.tasks import changing

# isort: split
from bot.commands.tasks import boards, digests, history, lists, report, transfer, undoing
from bot.commands.tasks.area import task

__all__ = ["boards", "changing", "digests", "history", "lists", "report", "task", "transfer", "undoing"]
