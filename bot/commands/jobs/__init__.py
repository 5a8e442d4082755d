"""`/job`."""

from bot.commands.jobs import commands, kinds
from bot.commands.jobs.area import job

__all__ = ["commands", "job", "kinds"]
