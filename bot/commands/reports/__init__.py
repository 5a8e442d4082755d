"""`/report`."""

from bot.commands.reports import (
    importing,
    matrix,
    products,
    sales,
    scheduling,
    top_customers,
    working,
)
from bot.commands.reports.area import report
from bot.commands.reports.export import export

__all__ = ["export", "importing", "matrix", "products", "report", "sales", "scheduling", "top_customers", "working"]
