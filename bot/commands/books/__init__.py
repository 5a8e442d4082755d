"""`/book`: every module adds its commands to the area when it is imported, in the order of help."""

from bot.commands.books import catalogue, goods

# isort: split
from bot.commands.books import lists, transfer
from bot.commands.books.area import book

__all__ = ["book", "catalogue", "goods", "lists", "transfer"]
