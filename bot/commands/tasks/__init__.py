"""`/task`: every module adds its commands to the area when it is imported."""

from bot.commands.tasks import boards, changing, history, lists, transfer, undoing
from bot.commands.tasks.area import task

__all__ = ["boards", "changing", "history", "lists", "task", "transfer", "undoing"]
