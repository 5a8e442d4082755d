"""`/report`."""

from bot.commands.reports import products, sales, scheduling, top_customers, working
from bot.commands.reports.area import report

__all__ = ["products", "report", "sales", "scheduling", "top_customers", "working"]
