"""`/user`."""

from bot.commands.people import commands
from bot.commands.people.commands import user

__all__ = ["commands", "user"]
