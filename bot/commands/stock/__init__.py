"""`/stock`: every module adds its commands to the area when it is imported, in the order of help."""

from bot.commands.stock import goods

# isort: split
from bot.commands.stock import alerts, catalogue, categories, counting, lists, margin, report, transfer
from bot.commands.stock.area import stock

__all__ = ["alerts", "catalogue", "categories", "counting", "goods", "lists", "margin", "report", "stock", "transfer"]
