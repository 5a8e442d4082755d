"""`/report`."""

from bot.commands.reports import (
    matrix,
    products,
    sales,
    scheduling,
    top_customers,
    working,
)
from bot.commands.reports.area import report

__all__ = ["matrix", "products", "report", "sales", "scheduling", "top_customers", "working"]
