"""Opaque identifiers that sort by the time they were made, and what numbers stand for."""

import secrets
from datetime import datetime
from enum import Enum, auto
from typing import Annotated

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_BITS, _RANDOM_BITS, _DIGIT_BITS = 48, 80, 5
_DIGITS = 26


class Refers(Enum):
    """What a number in a record stands for."""

    MEMBER = auto()
    CHANNEL = auto()


MemberId = Annotated[int, Refers.MEMBER]
ChannelId = Annotated[int, Refers.CHANNEL]


def new_id(now: datetime) -> str:
    """Return a fresh 26-character ULID (Crockford base 32: 48 bits of milliseconds, 80 random bits)."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << _TIME_BITS) - 1)
    value = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return _written(value, _DIGITS)


def is_older(made_id: str, instant: datetime) -> bool:
    """Tell whether an id was made before an instant."""
    milliseconds = int(instant.timestamp() * 1000)
    return made_id < _written(milliseconds << _RANDOM_BITS, _DIGITS)


def new_code(length: int = 10) -> str:
    """Return a random code that people can type: no letter that looks like a digit, 5 bits a character."""
    return _written(secrets.randbits(length * _DIGIT_BITS), length)


def _written(value: int, digits: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range((digits - 1) * _DIGIT_BITS, -1, -_DIGIT_BITS))
