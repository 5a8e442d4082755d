"""A whole database copied into another one of whatever kind, and how far that has come."""

from adapters.storage.copying.copy import Copied, Copy, tables
from adapters.storage.copying.digests import TableSum
from adapters.storage.copying.sides import Side

__all__ = ["Copied", "Copy", "Side", "TableSum", "tables"]
