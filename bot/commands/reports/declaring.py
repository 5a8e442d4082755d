"""Reports are commands of `/report`, whichever area declares them.

Whatever else reports have comes with that: exports and schedules find them here by name. One that names
customers is answered to its asker alone, unless a manager asks, and so is a confidential one whoever asks.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import wraps

from bot.application.context import Context
from bot.commands import PLACES, load_area
from bot.commands.reports.area import report as area
from bot.grammar.declaration import Command, Report
from bot.texts.reports.sales import of_month
from core.chat.reply import Reply, Visibility
from core.jobs.kinds import REPORT
from core.people.model import Role
from core.shared.value_objects import value_object


@value_object
class Shown:
    """A report, and the command that shows it."""

    report: Report
    command: Command


_OF_DAYS = ("range_", "from_", "to")


def _typed(command: str, arguments: Mapping[str, object]) -> str:
    """Return a command with what was chosen besides the days."""
    given = {name: value for name, value in arguments.items() if name not in _OF_DAYS}
    words = [f"{name}:{value}" for name, value in given.items() if value and isinstance(value, StrEnum | int)]
    return " ".join([command, *words])


def _shown(report: Report) -> Shown:
    @wraps(report.function)
    async def command(ctx: Context, **arguments: object) -> Reply:
        is_for_managers = report.names_customers(arguments) and ctx.actor.role < Role.MANAGER
        if is_for_managers or (report.is_confidential and not ctx.is_scheduled):
            ctx.tells_asker_alone()
        told = await report.function(ctx, **arguments)
        return of_month(told, _typed(f"/{area.name} {report.name} {{}}", arguments))

    area.command(role=report.role, visibility=Visibility.CHANNEL, job=REPORT)(command)
    return Shown(report, area.commands[-1])


REPORTS = {
    report.name: _shown(report)
    for one in (area, *(load_area(name) for name in PLACES if name != area.name))
    for report in one.reports
}
"""By name, in the order of help."""
