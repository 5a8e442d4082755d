"""The types that fields of records have, as JSON-ready data and back, told from their annotations."""

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_rules import recurrence_of, rule_of
from core.shared.value_objects import value_object


class UnknownTypeError(TypeError):
    """A field has a type that nobody has said how to write down; raised where the record is declared."""


@value_object
class Codec:
    """Turns values of one type into what JSON has, and back."""

    plain: Callable[[Any], Any]
    value: Callable[[Any], Any]


T = TypeVar("T")


def _same(value: T) -> T:
    return value


_CODECS: Mapping[object, Codec] = {
    str: Codec(_same, _same),
    int: Codec(_same, _same),
    bool: Codec(_same, _same),
    Decimal: Codec(str, Decimal),
    date: Codec(date.isoformat, date.fromisoformat),
    datetime: Codec(datetime.isoformat, datetime.fromisoformat),
    Due: Codec(Due.iso, Due.from_iso),
    Recurrence: Codec(rule_of, recurrence_of),
}


def codec_of(hint: object) -> Codec:
    """Return the codec of an annotation; raises `UnknownTypeError`."""
    if get_origin(hint) is Annotated:
        return codec_of(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _nullable(hint)
    if get_origin(hint) is tuple:
        return _several(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Codec(lambda member: member.value, hint)
    if hint not in _CODECS:
        raise UnknownTypeError(f"{hint} can't be written down")
    return _CODECS[hint]


def _nullable(hint: object) -> Codec:
    inner = [kind for kind in get_args(hint) if kind is not types.NoneType]
    if len(inner) > 1:
        raise UnknownTypeError(f"{hint} does not say which of its types a value has")
    codec = codec_of(inner[0])
    if codec.plain is _same:
        return codec
    return Codec(
        lambda value: None if value is None else codec.plain(value),
        lambda data: None if data is None else codec.value(data),
    )


def _several(hint: object) -> Codec:
    kind, *more = get_args(hint)
    if more != [...]:
        raise UnknownTypeError(f"{hint} is no row of any number of one type")
    codec = codec_of(kind)
    return Codec(lambda values: [codec.plain(value) for value in values], lambda data: tuple(map(codec.value, data)))
