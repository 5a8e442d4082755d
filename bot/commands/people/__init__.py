"""`/user`."""

from bot.commands.people import commands, undoing
from bot.commands.people.area import user

__all__ = ["commands", "undoing", "user"]
