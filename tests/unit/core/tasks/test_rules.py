"""What every title, note and reminder has to be, whatever is typed."""

import unicodedata
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.dates.due import Due
from core.shared.errors import InvalidArgumentError
from core.tasks.model import ASSIGNEES_LIMIT, NOTES_LIMIT, TITLE_LIMIT
from core.tasks.rules import (
    NUMBERS_LIMIT,
    checked_assignees,
    checked_numbers,
    clean_notes,
    clean_title,
    moment_of,
    reminder_for,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
anything = st.text(alphabet=st.characters(), max_size=700)


@given(anything)
@example("\ud800 lone half of a pair")
@example("Buy\r\nmilk\x00\x1b[31m")
@example("\u202egnp.exe")
@example("hidden \u200b mark")
def test_any_title_becomes_one_printable_line_or_is_refused(raw: str) -> None:
    try:
        title = clean_title(raw)
    except InvalidArgumentError as error:
        assert error.reason in ("title_empty", "title_too_long")  # noqa: PT017 - both ways are fine
        return
    assert 1 <= len(title) <= TITLE_LIMIT
    assert title == title.strip()
    assert "  " not in title
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in title)
    assert clean_title(title) == title
    title.encode()


@given(st.text(alphabet=st.characters(), max_size=4100))
def test_any_notes_become_printable_lines_or_are_refused(raw: str) -> None:
    try:
        notes = clean_notes(raw)
    except InvalidArgumentError as error:
        assert error.reason == "notes_too_long"  # noqa: PT017 - both ways are fine
        return
    assert len(notes) <= NOTES_LIMIT
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in notes if letter not in "\n\t")
    assert clean_notes(notes) == notes
    notes.encode()


def test_keeps_what_people_mean_in_a_title() -> None:
    assert clean_title("  Buy\tmilk \n 🥛  don't  forget ") == "Buy milk 🥛 don't forget"
    assert clean_title("👨‍👩‍👧 dinner") == "👨‍👩‍👧 dinner"
    assert clean_title("Cafe\u0301") == "Café"


def test_takes_marks_out_that_make_a_title_pose_as_another() -> None:
    assert clean_title("pay \u202etxt\u200b.exe\ufeff") == "pay txt.exe"


def test_keeps_the_lines_of_notes() -> None:
    assert clean_notes("one\r\ntwo\rthree\u2028four\n\n") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize("raw", ["", "   ", "\x00\x07", "\u200b\u202e"])
def test_refuses_a_title_with_nothing_to_read(raw: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        clean_title(raw)
    assert refused.value.reason == "title_empty"


def test_refuses_a_title_of_ten_thousand_characters_and_says_how_many_fit() -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        clean_title("x" * 10_000)
    assert refused.value.details["length"] == 10_000
    assert refused.value.details["limit"] == TITLE_LIMIT
    assert refused.value.field == "title"


def test_takes_a_title_and_notes_of_exactly_the_limit() -> None:
    assert len(clean_title("x" * TITLE_LIMIT)) == TITLE_LIMIT
    assert len(clean_notes("x" * NOTES_LIMIT)) == NOTES_LIMIT


def test_bounds_the_people_and_the_numbers_after_leaving_out_repetitions() -> None:
    assert checked_assignees([3, 1, 3]) == (3, 1)
    assert checked_numbers([2, 2]) == (2,)
    with pytest.raises(InvalidArgumentError):
        checked_assignees(range(ASSIGNEES_LIMIT + 1))
    with pytest.raises(InvalidArgumentError):
        checked_numbers(range(NUMBERS_LIMIT + 1))


def test_reminds_at_the_time_of_a_due_or_at_nine_of_its_day() -> None:
    timed = Due(date(2026, 11, 21), time(14, 30), "Europe/Berlin")
    whole_day = Due(date(2026, 11, 21), None, "America/New_York")
    assert moment_of(timed) == datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
    assert reminder_for(whole_day, NOW) == datetime(2026, 11, 21, 14, tzinfo=UTC)


def test_does_not_remind_of_what_is_past_or_has_no_due() -> None:
    assert reminder_for(None, NOW) is None
    assert reminder_for(Due(date(2026, 11, 20), None, "Europe/Berlin"), NOW) is None
    assert reminder_for(Due(date(2026, 11, 20), time(12), "UTC"), NOW) is None
