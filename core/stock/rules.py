"""What holds of every product however it came to be: clean texts, whole quantities, prices that can be paid."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from core.shared.currencies import fits, places_of
from core.shared.errors import InvalidArgumentError
from core.shared.readable import one_line, several_lines, within
from core.stock.model import (
    ADDRESS_LIMIT,
    CATEGORY_LIMIT,
    DESCRIPTION_LIMIT,
    DIMENSIONS_LIMIT,
    LOCATION_LIMIT,
    NAME_LIMIT,
    PRICE_LIMIT,
    QUANTITY_LIMIT,
    REASON_LIMIT,
    REFERENCE_LIMIT,
    SKU_LIMIT,
    TAG_LIMIT,
    TAGS_LIMIT,
)

WEIGHT_LIMIT = 1_000_000
"""Kilograms that a piece weighs less than."""

_MADE_UP = 40
"""Characters of a SKU that is made up, at most."""
_SKU = re.compile(r"[^\s,\"#@:][^\s,\"]*")
_ADDRESS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NO_WORD = re.compile(r"[^\w]+|_+")
_NUMBER = r"[0-9]{1,7}(?:\.[0-9]{1,3})?"
_WEIGHT = re.compile(rf"({_NUMBER}) ?(kg|g)?", re.IGNORECASE)
_DIMENSIONS = re.compile(rf"({_NUMBER}) ?[x×*] ?({_NUMBER})(?: ?[x×*] ?({_NUMBER}))? ?(mm|cm|m|in)?", re.IGNORECASE)
_GRAMS = Decimal("0.001")


def clean_name(raw: str) -> str:
    """Return a name as one readable line; raises `InvalidArgumentError` (`product_unnamed`, `text_too_long`)."""
    name = within("name", one_line(raw), NAME_LIMIT)
    if not name:
        raise InvalidArgumentError("name", "product_unnamed", example="Apples")
    return name


def clean_sku(raw: str) -> str:
    """Return a SKU as given; raises `InvalidArgumentError` (`sku_bad`) for what could not be typed as one word."""
    sku = one_line(raw)
    if len(sku) > SKU_LIMIT or not _SKU.fullmatch(sku):
        raise InvalidArgumentError("sku", "sku_bad", value=sku, limit=SKU_LIMIT, example="APL-1")
    return sku


def made_up_sku(name: str) -> str:
    """Return a SKU for a product of that name: `Green Apples` is `GREEN-APPLES`."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    composed = unicodedata.normalize("NFC", letters.upper())
    return _NO_WORD.sub("-", composed)[:_MADE_UP].strip("-") or "PRODUCT"


def clean_category(raw: str) -> str:
    """Return a category as one line; it may be empty."""
    return within("category", one_line(raw), CATEGORY_LIMIT)


def made_up_address(category: str) -> str:
    """Return what a category of that name is called in addresses of pages: `Green Tea` is `green-tea`."""
    return made_up_sku(category).lower()


def clean_address(raw: str) -> str:
    """Return what a category is called in addresses of pages; raises `InvalidArgumentError` (`address_bad`)."""
    typed = one_line(raw)
    if len(typed) > ADDRESS_LIMIT or typed != typed.lower() or not _ADDRESS.fullmatch(typed):
        raise InvalidArgumentError("address", "address_bad", value=typed, limit=ADDRESS_LIMIT, example="green-tea")
    return typed


def clean_tags(raw: str | Iterable[str]) -> tuple[str, ...]:
    """Return tags, which commas part, each once; raises `InvalidArgumentError` (`text_too_long`, `too_many_tags`)."""
    words = raw.split(",") if isinstance(raw, str) else raw
    tags = {tag.casefold(): tag for tag in map(one_line, words) if tag}
    for tag in tags.values():
        within("tags", tag, TAG_LIMIT)
    if len(tags) > TAGS_LIMIT:
        raise InvalidArgumentError("tags", "too_many_tags", count=len(tags), limit=TAGS_LIMIT)
    return tuple(tags.values())


def clean_description(raw: str) -> str:
    """Return a description of readable lines; it may be empty."""
    return within("description", several_lines(raw), DESCRIPTION_LIMIT)


def clean_reason(raw: str) -> str:
    """Return why something was done, as one line; it may be empty."""
    return within("reason", one_line(raw), REASON_LIMIT)


def clean_reference(raw: str) -> str:
    """Return what goods came with, as one line; it may be empty."""
    return within("reference", one_line(raw), REFERENCE_LIMIT)


def clean_location(raw: str) -> str:
    """Return the name of a location as one line, empty for the first."""
    return within("location", one_line(raw), LOCATION_LIMIT)


def weight_of(raw: str) -> Decimal | None:
    """Return how many kilograms a text such as `1.2 kg` or `250 g` says, None for an empty one.

    Raises `InvalidArgumentError` (`weight_bad`).
    """
    typed = one_line(raw)
    if not typed:
        return None
    match = _WEIGHT.fullmatch(typed)
    kilograms = Decimal(match[1]) * (_GRAMS if (match[2] or "kg").lower() == "g" else 1) if match else Decimal(0)
    if not 0 < kilograms < WEIGHT_LIMIT or kilograms != kilograms.quantize(Decimal("0.0001")):
        raise InvalidArgumentError("weight", "weight_bad", value=typed, example="1.2 kg")
    return kilograms


def clean_dimensions(raw: str) -> str:
    """Return a size such as `30 × 20 × 10 cm`; it may be empty. Raises `InvalidArgumentError` (`dimensions_bad`)."""
    typed = one_line(raw)
    if not typed:
        return ""
    match = _DIMENSIONS.fullmatch(typed) if len(typed) <= DIMENSIONS_LIMIT else None
    if match is None:
        raise InvalidArgumentError("dimensions", "dimensions_bad", value=typed, example="30 x 20 x 10 cm")
    return f"{' × '.join(filter(None, match.group(1, 2, 3)))} {(match[4] or 'cm').lower()}"


def checked_quantity(value: int, field: str = "quantity", *, least: int = 1) -> int:
    """Return a quantity that can be; raises `InvalidArgumentError` (`quantity_low`, `quantity_high`)."""
    if value < least:
        raise InvalidArgumentError(field, "quantity_low", value=value, least=least)
    if value > QUANTITY_LIMIT:
        raise InvalidArgumentError(field, "quantity_high", value=value, limit=QUANTITY_LIMIT)
    return value


def checked_level(value: int | None) -> int | None:
    """Return a reorder level that can be, if there is one; raises as `checked_quantity` does."""
    return None if value is None else checked_quantity(value, "reorder", least=0)


def checked_price(value: Decimal | None, currency: str, field: str = "price") -> Decimal | None:
    """Return an amount that one piece can have, if there is one.

    Raises `InvalidArgumentError` with reason `price_low`, `price_high`, or `price_places` for more decimal places than
    the currency has. A piece may cost nothing, but is not sold for it.
    """
    if value is None:
        return None
    if value < 0 or (value == 0 and field == "price"):
        raise InvalidArgumentError(field, "price_low", value=value)
    if value >= PRICE_LIMIT:
        raise InvalidArgumentError(field, "price_high", value=value, limit=PRICE_LIMIT)
    if not fits(value, currency):
        raise InvalidArgumentError(field, "price_places", value=value, currency=currency, places=places_of(currency))
    return value
