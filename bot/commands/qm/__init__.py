"""`/qm`."""

from bot.commands.qm import backups, cache, commands, condition
from bot.commands.qm.commands import qm

__all__ = ["backups", "cache", "commands", "condition", "qm"]
