"""`/order`: every module adds its commands to the area when it is imported, in the order of help."""

from bot.commands.orders import carts

# isort: split
from bot.commands.orders import lists, placed, takings, terms
from bot.commands.orders.area import order

__all__ = ["carts", "lists", "order", "placed", "takings", "terms"]
