"""What makes two books the same, and what is looked for."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.books.model import FIRST_YEAR, LAST_YEAR, Book
from core.books.rules import IDENTITY_LIMIT, checked_year, clean_author, clean_title, identity_of, looked_for
from core.shared.errors import InvalidArgumentError
from core.shared.ids import MemberId

DUNE = Book(1, "Dune", "Frank Herbert", MemberId(1), datetime(2026, 11, 20, tzinfo=UTC), date(2026, 11, 20), year=1965)


def test_a_book_is_shown_by_title_author_and_year() -> None:
    assert str(DUNE) == "'Dune' by Frank Herbert (1965)"
    assert str(replace(DUNE, year=None)) == "'Dune' by Frank Herbert"
    assert str(replace(DUNE, year=-720)) == "'Dune' by Frank Herbert (-720)"


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("DUNE", "frank herbert"),
        (" du ne", "Frank  Herbert "),
        ("Dune", "FrankHerbert"),
        ("\N{FULLWIDTH LATIN SMALL LETTER D}une", "Frank Herbert"),
    ],
)
def test_case_and_spaces_make_no_other_book(title: str, author: str) -> None:
    assert identity_of(title, author) == identity_of("Dune", "Frank Herbert")


def test_another_title_or_author_does() -> None:
    assert identity_of("Dune", "Frank") != identity_of("Dune Frank", "")
    assert identity_of("Dune!", "Frank Herbert") != identity_of("Dune", "Frank Herbert")


def test_long_titles_are_told_apart_to_the_end() -> None:
    one, other = (identity_of("x" * 300, f"{'y' * 299}{last}") for last in "ab")
    assert one != other
    assert len(one) == len(other) == IDENTITY_LIMIT


@given(st.text(), st.text())
def test_cleaning_makes_no_other_book(title: str, author: str) -> None:
    try:
        cleaned = clean_title(title), clean_author(author)
    except InvalidArgumentError:
        return
    assert (clean_title(cleaned[0]), clean_author(cleaned[1])) == cleaned


@pytest.mark.parametrize("year", [FIRST_YEAR, -1, 0, LAST_YEAR, None])
def test_years_may_be_before_the_common_era_or_unknown(year: int | None) -> None:
    assert checked_year(year) == year


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1, 19650])
def test_years_beyond_any_book_are_refused(year: int) -> None:
    with pytest.raises(InvalidArgumentError, match="invalid"):
        checked_year(year)


@pytest.mark.parametrize(
    ("text", "terms"),
    [("Tolkien, hob", ("tolkien", "hob")), ("J.R.R.", ("j", "r")), ("0-441-17271-7", ("9780441172719",))],
)
def test_words_are_looked_for_whatever_stands_between_them(text: str, terms: tuple[str, ...]) -> None:
    assert looked_for(text).words == terms


def test_there_has_to_be_something_to_look_for() -> None:
    with pytest.raises(InvalidArgumentError):
        looked_for(" - ")
