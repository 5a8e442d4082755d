"""The shelf of books beside the till in the shop of the example."""

from collections.abc import Sequence

from bot.example.model import Entry, Example, Talk
from bot.example.shop import SHOP


def _book(title: str, author: str, year: int, genre: str, price: str, quantity: int, isbn: str = "") -> Entry:
    named = f'genre:"{genre}" price:{price} quantity:{quantity} reorder:1{f" isbn:{isbn}" if isbn else ""}'
    return Entry(f'"{title}" "{author}" {year} {named}', SHOP, "ana", ago=25)


_BOOKS: Sequence[Entry] = (
    _book("Salt, Fat, Acid, Heat", "Samin Nosrat", 2017, "cookery", "32.00", 4, "978-1-4767-5383-6"),
    _book("Cooked", "Michael Pollan", 2013, "essays", "14.90", 2),
    _book("On Food and Cooking", "Harold McGee", 1984, "cookery", "38.50", 1, "0-684-80001-2"),
    _book("Jerusalem", "Yotam Ottolenghi, Sami Tamimi", 2011, "cookery", "29.90", 5, "978-1-60774-394-1"),
    _book("The Physiology of Taste", "Jean Anthelme Brillat-Savarin", 1825, "essays", "16.00", 0),
    _book("Tartine Bread", "Chad Robertson", 2010, "baking", "34.00", 3),
    _book("The Art of Eating", "M.F.K. Fisher", 1954, "essays", "19.50", 2),
    _book("An Everlasting Meal", "Tamar Adler", 2011, "essays", "15.20", 6),
)

_TALK: Sequence[Talk] = (
    Talk(96, SHOP, "chloe", "Somebody wants a book about baking as a present."),
    Talk(95, SHOP, "chloe", "/book list genre:baking"),
    Talk(60, SHOP, "ana", "/book low"),
)

BOOK_EXAMPLE = Example(_BOOKS, _TALK, everything="list")
