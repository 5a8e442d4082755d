"""`/qm`."""

from bot.commands.qm import backups, commands, condition
from bot.commands.qm.commands import qm

__all__ = ["backups", "commands", "condition", "qm"]
