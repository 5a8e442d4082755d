"""`/report`."""

from bot.commands.reports import products, sales, top_customers, working
from bot.commands.reports.area import report

__all__ = ["products", "report", "sales", "top_customers", "working"]
