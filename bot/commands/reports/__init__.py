"""`/report`: every module adds its commands to the area when it is imported, in the order of help."""

from bot.commands.reports import importing, sales

# isort: split
from bot.commands.reports import matrix, products, top_customers

# isort: split
# What any report can be taken for comes when all are known, those of other areas too.
from bot.commands.reports import scheduling
from bot.commands.reports.area import report
from bot.commands.reports.export import export

__all__ = ["export", "importing", "matrix", "products", "report", "sales", "scheduling", "top_customers"]
