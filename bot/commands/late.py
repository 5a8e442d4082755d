"""What commands load only when they run, so that a line typed into a shell does not wait for what it has no use for."""

from importlib import import_module

LATE = (
    "bot.commands.tasks.files",
    "bot.commands.reports.files",
    "bot.commands.stock.files",
    "bot.commands.customers.files",
    "bot.commands.books.files",
    "bot.application.digests",
)


def load_late() -> None:
    """Load it now: who serves does so once it is ready, rather than in the middle of somebody's command."""
    for name in LATE:
        import_module(name)
