"""What pieces are worth, added up exactly: the sum of many may fit no number that databases have."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, literal_column

from core.shared.money import ONE, amount_of


def parts_of(pieces: ColumnElement[int], price: ColumnElement[Any]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return what pieces are worth in whole ones, and in the ten-thousandths beyond; each is added up by itself."""
    units, one = sa.type_coerce(price, sa.BigInteger), literal_column(str(ONE), sa.BigInteger)
    return pieces * (units // one), pieces * (units % one)


def worth(whole: int | None, rest: int | None) -> Decimal:
    """Return the sum of both, each added up."""
    return amount_of(int(whole or 0) * ONE + int(rest or 0))
