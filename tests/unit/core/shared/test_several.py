"""Several books in one text, each with how many."""

import pytest

from core.shared.several import with_count


@pytest.mark.parametrize(
    ("part", "counted"),
    [
        ("Dune 2", ("Dune", 2)),
        ("Dune x2", ("Dune", 2)),
        ("Dune × 12", ("Dune", 12)),
        ("Dune*3", ("Dune", 3)),
        ("Felix 2", ("Felix", 2)),
        ("Catch-22 1", ("Catch-22", 1)),
        ("Catch-22", None),
        ("Dune", None),
        ("22", None),
        ("Dune 12345678", None),
    ],
)
def test_a_number_behind_a_title_says_how_many(part: str, counted: tuple[str, int] | None) -> None:
    assert with_count(part) == counted
