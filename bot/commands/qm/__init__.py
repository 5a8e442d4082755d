"""`/qm`."""

from bot.commands.qm import backups, cache, channels, commands, condition
from bot.commands.qm.commands import qm

__all__ = ["backups", "cache", "channels", "commands", "condition", "qm"]
