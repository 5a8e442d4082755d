"""Amounts of money, and quantities: exact to four decimal places, stored and added up as so many ten-thousandths."""

from decimal import Decimal

PLACES = 4
"""Decimal places of every amount and quantity."""

ONE = 10**PLACES
"""How many ten-thousandths one is."""

LARGEST = 10**10
"""What an amount or a quantity is below, so that any sum of lines is one that every database can hold."""


def units_of(amount: Decimal) -> int:
    """Return how many ten-thousandths an amount is; raises `ValueError` for one that is no whole number of them."""
    units = amount.scaleb(PLACES)
    whole = int(units)
    if whole != units:
        raise ValueError("an exact number has four decimal places")
    return whole


def amount_of(units: int) -> Decimal:
    """Return so many ten-thousandths as an amount."""
    return Decimal(units).scaleb(-PLACES)


def product(quantity: int, price: int) -> int:
    """Return what so many pieces cost, all in ten-thousandths; the even one of two amounts that are as near."""
    amount: int
    amount, rest = divmod(quantity * price, ONE)
    is_up = rest * 2 > ONE or (rest * 2 == ONE and amount % 2 == 1)
    return amount + is_up
