"""What people type, a folder an area. Here is where each lies, so that one can be loaded without the others."""

from collections.abc import Mapping
from importlib import import_module

from bot.grammar.declaration import Area

PLACES: Mapping[str, str] = {
    "task": "bot.commands.tasks",
    "stock": "bot.commands.stock",
    "book": "bot.commands.books",
    "customer": "bot.commands.customers",
    "order": "bot.commands.orders",
    "report": "bot.commands.reports",
    "job": "bot.commands.jobs",
    "user": "bot.commands.people",
    "qm": "bot.commands.qm",
}
"""In the order of help, by the areas' names; each is an `Area` of that name there."""


def load_area(name: str) -> Area:
    """Return an area, loaded if it has not been yet."""
    area: Area = getattr(import_module(PLACES[name]), name)
    return area
