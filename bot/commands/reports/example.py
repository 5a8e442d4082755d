"""What the shop of the example sold."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from bot.example.model import Bulk, Example, Talk
from bot.example.shop import OFFICE
from core.ports.storage import UnitOfWork
from core.sales.model import SaleLine
from core.sales.repository import SALES

_BATCH = "example"
_DAYS = 6 * 7
_SUNDAY, _SATURDAY = 6, 5
_PIECES = 200
"""Lines that are taken away at once."""

_PRODUCTS: Sequence[tuple[str, str, str, str, int]] = (
    ("BREAD", "Bread of the day", "4.20", "1.90", 9),
    ("CHEESE", "Mountain cheese, 200 g", "6.90", "4.10", 5),
    ("FLOUR", "Flour, 1 kg", "1.80", "0.85", 7),
    ("JAM", "Apricot jam", "5.50", "2.60", 3),
    ("OIL", "Olive oil, 0.5 l", "11.90", "7.20", 2),
    ("TEA", "Tea in a tin", "8.40", "4.80", 3),
    ("HAMPER", "Gift hamper", "39.00", "22.00", 1),
)
"""With their prices, what they cost, and how many of each go on a quiet day."""

_REGULARS = (("cafe_luna", "Café Luna"), ("hotel_post", "Hotel Post"), ("mrs_ahmed", "Mrs Ahmed"))
"""Customers by their usernames."""


def _lines(today: date, currency: str) -> Iterator[SaleLine]:
    """Yield what was sold on the days until today: most on Saturdays, nothing on Sundays, and one piece came back."""
    for back in reversed(range(_DAYS)):
        day = today - timedelta(days=back)
        for place, (code, name, price, cost, usual) in enumerate(_PRODUCTS):
            pieces = usual + (back * (place + 3) + place) % 4 + (usual if day.weekday() == _SATURDAY else 0)
            if day.weekday() != _SUNDAY:
                regular = _REGULARS[(back + place) % len(_REGULARS)] if (back + place) % 4 == 0 else ("", "")
                yield _line(day, currency, (code, name), regular, pieces, (Decimal(price), Decimal(cost)))
    saturday = today - timedelta(days=(today.weekday() - _SATURDAY) % 7)
    yield _line(saturday, currency, ("TEA", "Tea in a tin"), _REGULARS[2], -1, (Decimal("8.40"), Decimal("4.80")))


def _line(
    day: date,
    currency: str,
    product: tuple[str, str],
    customer: tuple[str, str],
    pieces: int,
    each: tuple[Decimal, Decimal],
) -> SaleLine:
    return SaleLine(
        day,
        amount=pieces * each[0],
        quantity=Decimal(pieces),
        price=each[0],
        cost=pieces * each[1],
        currency=currency,
        source=_BATCH,
        product=product[0],
        product_name=product[1],
        customer=customer[0],
        customer_name=customer[1],
        batch=_BATCH,
    )


async def _lay(work: UnitOfWork, today: date) -> int:
    lines = list(_lines(today, (await work.settings.get()).currency))
    work.of(SALES).add(lines)
    return len(lines)


async def _clear(work: UnitOfWork) -> int:
    removed = 0
    while found := await work.of(SALES).remove_batch(_BATCH, 0, _PIECES):
        removed += found
    return removed


_TALK: Sequence[Talk] = (
    Talk(396, OFFICE, "ana", "How did the last two weeks go?"),
    Talk(395, OFFICE, "ana", "/report sales last 14 days by:day"),
    Talk(390, OFFICE, "ana", "/report products last 14 days"),
)

REPORT_EXAMPLE = Example((), _TALK, everything="sales", bulk=Bulk("sales", _lay, _clear))
