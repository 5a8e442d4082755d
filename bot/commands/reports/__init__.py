"""`/report`."""

from bot.commands.reports import working
from bot.commands.reports.area import report

__all__ = ["report", "working"]
