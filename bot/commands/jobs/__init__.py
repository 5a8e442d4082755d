"""`/job`."""

from bot.commands.jobs import commands, every, kinds
from bot.commands.jobs.area import job

__all__ = ["commands", "every", "job", "kinds"]
