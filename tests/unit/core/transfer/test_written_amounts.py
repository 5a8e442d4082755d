"""Amounts are read to their last place, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.money import LARGEST, PLACES
from core.transfer.amounts import read_units
from core.transfer.sheet import CellError

MOST = LARGEST * 10**PLACES - 1
units = st.integers(-MOST, MOST)


def written(number: int) -> Decimal:
    return Decimal(number).scaleb(-PLACES)


def said_of(text: str) -> int | str | None:
    """What a text says, or the reason why it is no amount."""
    try:
        return read_units(text, "EUR")
    except CellError as error:
        return error.reason


@given(units)
def test_an_exact_number_is_read_as_it_is_written(number: int) -> None:
    assert read_units(str(written(number))) == number
    assert read_units(f"{written(number):,f}") == number
    assert read_units(f"{written(number):E}") == number


@given(units)
def test_a_number_is_read_as_they_write_it_where_the_comma_stands_before_places(number: int) -> None:
    german = f"{written(number):,.4f}".translate(str.maketrans(",.", ".,"))
    assert read_units(german) == number
    assert read_units(german.replace(".", " ")) == number
    assert read_units(german.replace(".", "\u202f")) == number


@given(st.integers(-(10**9), 10**9), st.integers(1, 9))
def test_of_a_program_s_binary_number_that_is_read_which_was_meant(hundredths: int, parts: int) -> None:
    meant = hundredths / 100
    inexact = meant / parts * parts
    assert read_units(repr(inexact)) == hundredths * 100


@given(st.text(max_size=70))
def test_whatever_stands_there_is_an_amount_or_named(text: str) -> None:
    found = said_of(text)
    assert found is None or (found.startswith("amount_") if isinstance(found, str) else abs(found) <= MOST)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1'234.50", "1234.50"),
        ("0,125", "0.125"),
        ("2,5", "2.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-0", "0"),
        ("+3", "3"),
        ("(4.20)", "-4.20"),
        ("4.20-", "-4.20"),
        ("\u22124.20", "-4.20"),
        ("£4.20", "4.20"),
        ("-£4.20", "-4.20"),
        ("£-4.20", "-4.20"),
        ("4.20 GBP", "4.20"),
        ("1.5e3", "1500"),
        ("２", "2"),  # noqa: RUF001
        ("2.5500000000000003", "2.55"),
    ],
)
def test_the_ways_to_write_an_amount(text: str, amount: str) -> None:
    found = read_units(text, "GBP")
    assert found is not None
    assert written(found) == Decimal(amount)


@pytest.mark.parametrize("text", ["", " ", "NaN", "nan", "N/A", "null", "None", "-", "–"])
def test_what_says_that_nobody_knows_is_no_amount(text: str) -> None:
    assert read_units(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Infinity", "amount_bad"),
        ("-inf", "amount_bad"),
        ("1e400", "amount_too_large"),
        ("1e9999999", "amount_bad"),
        (str(LARGEST), "amount_too_large"),
        ("1,234", "amount_ambiguous"),
        ("1,23,456", "amount_bad"),
        ("12.34.5", "amount_bad"),
        ("0.00005", "amount_places"),
        ("$4.20", "amount_currency"),
        ("4.20 EUR", "amount_currency"),
        ("5%", "amount_bad"),
        ("twelve", "amount_bad"),
        ("--5", "amount_bad"),
        ("=1+1", "amount_bad"),
        ("٣", "amount_bad"),
        ("9" * 100, "amount_bad"),
    ],
)
def test_what_is_no_amount_says_why(text: str, reason: str) -> None:
    with pytest.raises(CellError) as caught:
        read_units(text, "GBP")
    assert caught.value.reason == reason
