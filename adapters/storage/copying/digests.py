"""What a table holds, summed up in the same way whatever database it is in."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_MODULUS = 1 << 256


def _written(value: Any) -> str:
    """Write what JSON has no form for; anything else a database should not have handed out."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        # A column of exact numbers gives the same places in every database.
        return str(value)
    raise TypeError(f"a value of a kind that no column has: {type(value).__name__}")


_encode = json.JSONEncoder(default=_written, separators=(",", ":")).encode


@dataclass(slots=True)
class TableSum:
    """How many rows there are, and the sum of the digests of all of them, in whatever order they come.

    A row's digest is the SHA-256 of its values as a JSON list in the order of the columns, as a number; the sum is
    taken modulo 2²⁵⁶.
    """

    rows: int = 0
    total: int = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take in rows; raises `TypeError` for a value that can't be one of ours."""
        for row in rows:
            digest = hashlib.sha256(_encode(tuple(row)).encode()).digest()
            self.total = (self.total + int.from_bytes(digest)) % _MODULUS
            self.rows += 1

    @property
    def digest(self) -> str:
        """Return the sum as 64 hexadecimal digits."""
        return f"{self.total:064x}"
