"""What processes tell each other of their commits, and what they make of letters that are no such thing."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.engine.news import LONGEST, NewsUnreadableError, packed, unpacked
from core.ports.storage import Committed
from core.shared.events import Event

AT = datetime(2026, 11, 20, 12, 30, 0, 123456, tzinfo=UTC)

values = st.one_of(
    st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.integers(), max_size=5), st.lists(st.text())
)
happened = st.builds(
    Event,
    st.text(max_size=64),
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.integers(1),
    st.none() | st.integers(1),
    st.dictionaries(st.text(), values, max_size=5),
)
commits = st.builds(
    Committed,
    st.integers(1),
    st.lists(happened, max_size=5).map(tuple),
    st.booleans(),
    st.frozensets(st.integers(1)),
)


@given(commits)
def test_a_commit_comes_as_it_was_told_or_it_is_told_that_there_is_more(committed: Committed) -> None:
    letters = packed(committed, "ORIGIN")
    assert len(letters) <= LONGEST
    assert re.fullmatch(r"[A-Za-z0-9+/=]*", letters)
    if letters:
        assert unpacked(letters) in [("ORIGIN", committed), ("ORIGIN", None)]


def test_a_commit_of_a_usual_size_is_told_whole() -> None:
    events = [Event("task.added", AT, 7, 3, {"number": number, "assignees": [3, 4]}) for number in range(20)]
    committed = Committed(1, tuple(events), has_posts=True, channels=frozenset({7, 8}))
    assert unpacked(packed(committed, "ORIGIN")) == ("ORIGIN", committed)


def test_of_a_commit_that_nobody_wants_to_hear_of_nothing_is_told() -> None:
    assert packed(Committed(1, (), has_posts=False, channels=frozenset()), "ORIGIN") == ""


@pytest.mark.parametrize("letters", ["", "%", "AAAA", "W10=", "bnVsbA==", "WyJhIiwgMSwgMiwgMywgNF0=", "e30=", "Ww=="])
def test_what_is_no_news_is_refused(letters: str) -> None:
    with pytest.raises(NewsUnreadableError):
        unpacked(letters)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_letters_are_news_or_refused(letters: str) -> None:
    try:
        unpacked(letters)
    except NewsUnreadableError:
        return
