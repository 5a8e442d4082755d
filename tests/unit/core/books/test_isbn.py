"""ISBNs as people and spreadsheets write them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean

from core.books.isbn import MANGLED, NO_ISBN, WRONG_DIGIT, isbn_of, read_isbn, short_form
from core.shared.errors import InvalidArgumentError


def long_form(nine: str, prefix: str = "978") -> str:
    """Return the 13 digits of an ISBN by those that tell it from others."""
    return f"{prefix}{nine}{ean.calc_check_digit(f'{prefix}{nine}')}"


NINE = st.text("0123456789", min_size=9, max_size=9)
LONG = st.builds(long_form, NINE, st.sampled_from(["978", "979"]))
OF_TEN = st.builds(long_form, NINE)


def refused(text: str) -> str:
    with pytest.raises(InvalidArgumentError) as found:
        read_isbn(text)
    assert found.value.details["value"] == text.strip()
    return found.value.reason


@given(LONG)
def test_every_isbn_is_read_as_it_is(digits: str) -> None:
    found = read_isbn(digits)
    assert (found.digits, found.is_mended) == (digits, False)


@given(OF_TEN)
def test_both_forms_are_the_same_book(digits: str) -> None:
    found = read_isbn(short_form(digits))
    assert (found.digits, found.is_mended) == (digits, False)


@given(OF_TEN)
def test_leading_zeros_that_a_spreadsheet_ate_are_put_back(digits: str) -> None:
    eaten = short_form(digits).lstrip("0")
    assume(eaten)
    found = read_isbn(eaten)
    assert (found.digits, found.is_mended) == (digits, len(eaten) < 10)


@given(LONG, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_never_taken(digits: str, place: int, more: int) -> None:
    wrong = f"{digits[:place]}{(int(digits[place]) + more) % 10}{digits[place + 1 :]}"
    assert refused(wrong) in (WRONG_DIGIT, NO_ISBN)


@given(OF_TEN, st.integers(0, 8))
def test_two_digits_of_ten_that_are_swapped_are_never_taken(digits: str, place: int) -> None:
    short = short_form(digits)
    assume(short[place] != short[place + 1] and "X" not in short[place : place + 2])
    assert refused(f"{short[:place]}{short[place + 1]}{short[place]}{short[place + 2 :]}") == WRONG_DIGIT


@given(LONG, st.integers(1, 11))
def test_a_number_that_was_rounded_is_never_taken(digits: str, places: int) -> None:
    assert refused(f"{Decimal(digits):.{places}E}") == MANGLED


@given(LONG)
def test_a_number_with_all_its_digits_is_one_however_it_is_written(digits: str) -> None:
    assert read_isbn(f"{digits}.0").digits == digits
    assert read_isbn(f"{Decimal(digits):.12E}").digits == digits


@given(st.text())
def test_whatever_is_no_isbn_is_refused_in_words(text: str) -> None:
    try:
        found = read_isbn(text).digits
    except InvalidArgumentError:
        found = ""
    assert len(found) in (0, 13)
    assert isbn_of(text) in ("", found)


@pytest.mark.parametrize(
    "text",
    [
        "978-0-441-17271-9",
        " 978 0 441 17271 9 ",
        "978\N{EN DASH}0\N{NON-BREAKING HYPHEN}441172719",
        "ISBN 0-441-17271-7",
        "ISBN-10: 0441172717",
        "isbn13:9780441172719",
        "urn:isbn:9780441172719",
        '="0441172717"',
        "\N{FULLWIDTH DIGIT NINE}780441172719",
    ],
)
def test_what_people_and_programs_write_around_an_isbn_is_left_out(text: str) -> None:
    found = read_isbn(text)
    assert (found.digits, found.is_mended) == ("9780441172719", False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9.78E+12", MANGLED),
        ("9.78067172365e+12", MANGLED),
        ("9,78043902348E+12", MANGLED),
        ("812971060", WRONG_DIGIT),
        (f"977044117271{ean.calc_check_digit('977044117271')}", NO_ISBN),
        ("97804411727", NO_ISBN),
        ("Dune", NO_ISBN),
        ("044117271X1", NO_ISBN),
        ("", NO_ISBN),
    ],
)
def test_what_is_none_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert refused(text) == reason


def test_a_title_that_is_a_number_is_no_isbn() -> None:
    assert read_isbn("19").is_mended, "as a cell of that column"
    assert isbn_of("19") == ""
    assert isbn_of("439023483") == "9780439023481"


def test_one_of_thirteen_digits_may_have_no_other_form() -> None:
    assert short_form("9791032305690") == ""
    assert short_form("9780439023481") == "0439023483"
    assert short_form("") == ""
