"""`/qm`."""

from bot.commands.qm import commands
from bot.commands.qm.commands import qm

__all__ = ["commands", "qm"]
