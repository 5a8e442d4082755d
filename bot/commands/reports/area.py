"""What `/report` is about."""

from bot.application.services import Services
from bot.grammar.declaration import Area
from bot.texts.reports import errors as texts
from core.sales.service import Reading, SalesService

report = Area(
    "report",
    "What was sold and done, in figures",
    reasons=(texts.REASONS,),
    example="bot.commands.reports.example:REPORT_EXAMPLE",
)


@report.service
def sales(services: Services) -> SalesService:
    """Return the sales of a request's workspace."""
    supplies = services.supplies
    reading = Reading(supplies.turns, supplies.cache)
    return SalesService(services.transactions, supplies.clock, supplies.analyses, services.files, reading)
