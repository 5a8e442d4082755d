"""`/customer`: every module adds its commands to the area when it is imported, in the order of help."""

from bot.commands.customers import changing

# isort: split
from bot.commands.customers import lists, transfer
from bot.commands.customers.area import customer

__all__ = ["changing", "customer", "lists", "transfer"]
