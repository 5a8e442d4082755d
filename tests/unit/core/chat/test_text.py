"""Rich text without markup."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chat.reply import Problem, Reply
from core.chat.text import Bold, Code, Link, Mention, Moment, Text, coded, lines, plain, text

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_spans_and_texts_join_without_empty_ones() -> None:
    assert text("a", None, "", (Bold("b"), "c"), Code("d")) == ("a", Bold("b"), "c", Code("d"))
    assert text() == ()


def test_lines_are_joined_by_line_ends() -> None:
    assert lines("a", None, (Bold("b"), "c"), "", "d") == ("a", "\n", Bold("b"), "c", "\n", "d")
    assert lines(None, "") == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a", "a"),
        (Bold("a"), "a"),
        (Code("a"), "a"),
        (Mention(1, "Ann"), "@Ann"),
        (Moment(NOW, "Fri 20 Nov"), "Fri 20 Nov"),
        (Link("here", "https://example.com"), "here (https://example.com)"),
        ((), ""),
        (("a ", Bold("b"), "\n", Mention(1, "Ann")), "a b\n@Ann"),
    ],
)
def test_the_words_alone(value: Text | str, words: str) -> None:
    assert plain(value) == words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("type `/task add` now", ("type ", Code("/task add"), " now")),
        ("`a` and `b`", (Code("a"), " and ", Code("b"))),
        ("no code", ("no code",)),
        ("an odd ` mark", ("an odd ` mark",)),
        ("`a` and ` odd", (Code("a"), " and ` odd")),
        ("``", ()),
        ("", ()),
    ],
)
def test_words_in_backticks_are_code(words: str, expected: Text) -> None:
    assert coded(words) == expected


@given(st.text(alphabet="a` b"))
def test_no_word_is_lost_or_added(words: str) -> None:
    assert plain(coded(words)).replace("`", "") == words.replace("`", "")


def test_a_reply_is_ok_unless_it_names_a_problem() -> None:
    assert Reply().ok
    assert not Reply(problem=Problem("refused", "No.")).ok
