"""A task made from a message."""

import pytest

from core.tasks.from_message import MOST_NOTES, MOST_TITLE, arguments_from


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Buy milk", {"title": "Buy milk"}),
        ("  Buy milk \n", {"title": "Buy milk"}),
        ("\n\nBuy milk\nthe oat one", {"title": "Buy milk", "notes": "Buy milk\nthe oat one"}),
        ("", {}),
        (" \n\t\n", {}),
    ],
)
def test_the_first_line_is_the_title_and_the_rest_is_kept(words: str, found: dict[str, str]) -> None:
    assert arguments_from(words) == found


def test_a_long_line_is_cut_at_a_word_and_kept_whole_in_the_notes() -> None:
    words = "milk " * 100
    found = arguments_from(words)
    assert found["title"].endswith("milk…")
    assert len(found["title"]) <= MOST_TITLE
    assert found["notes"] == words.strip()


def test_what_fits_nowhere_is_cut() -> None:
    found = arguments_from("x" * 10_000)
    assert len(found["title"]) == MOST_TITLE
    assert len(found["notes"]) == MOST_NOTES
