"""How a typed line falls into words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.tokens import normalise, quoted, tokenise


def words(line: str) -> list[str]:
    return [token.text for token in tokenise(normalise(line))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("   ", []),
        ("a b  c", ["a", "b", "c"]),
        ('a "b c" d', ["a", "b c", "d"]),
        ("a \u201cb c\u201d d", ["a", "b c", "d"]),
        ("a \u201eb c\u201c d", ["a", "b c", "d"]),
        ("a \u00abb c\u00bb d", ["a", "b c", "d"]),
        ("a\u00a0b\u202fc\u3000d", ["a", "b", "c", "d"]),
        ("\ufeffa\u200b \u200eb", ["a", "b"]),
        ("a\tb\nc\r\nd\u2028e", ["a", "b", "c", "d", "e"]),
        ("Ann's kids' toys", ["Ann's", "kids'", "toys"]),
        ("Ann\u2019s milk", ["Ann\u2019s", "milk"]),
        ("'til noon", ["'til", "noon"]),
        ("'a b' c", ["'a", "b'", "c"]),
        ('say "hi', ["say", '"hi']),
        ('2" pipe and 5\'10"', ['2"', "pipe", "and", "5'10\""]),
        ('a "b"c d" e', ["a", 'b"c d', "e"]),
        ('"a""b"', ['a""b']),
        ('""', [""]),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 x", ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "x"]),
    ],
)
def test_splits_into_words_and_keeps_what_is_quoted_together(line: str, expected: list[str]) -> None:
    assert words(line) == expected


@pytest.mark.parametrize(
    ("word", "name", "text"),
    [
        ("due:fri", "due", "fri"),
        ("Due:fri", "Due", "fri"),
        ("due:", "due", ""),
        ('notes:"a b"', "notes", "a b"),
        ("notes:\u201ca b\u201d", "notes", "a b"),
        ("notes:'a b'", "notes", "a b"),
        ("notes:'it's a b'", "notes", "it's a b"),
        ("no-restock:yes", "no-restock", "yes"),
        ("http://example.com/a:b", "http", "//example.com/a:b"),
        ("10:30", "", "10:30"),
        (":x", "", ":x"),
        ("a" * 60 + ":x", "", "a" * 60 + ":x"),
        ("--due=fri", "due", "fri"),
        ("--due:fri", "due", "fri"),
        ('--due="fri 9am"', "due", "fri 9am"),
        ("--no-restock", "no-restock", ""),
        ("\u2014no-restock", "no-restock", ""),
        ("\u2013no-restock", "no-restock", ""),
        ("--", "", "--"),
        ("-5", "", "-5"),
        ("--5", "", "--5"),
        ("\u2014", "", "\u2014"),
        ("\u2014But", "", "\u2014But"),
        ("--" + "a" * 60, "", "--" + "a" * 60),
        ("--a.b", "", "--a.b"),
        ('notes:="a\\"b\\nc"', "notes", 'a"b\nc'),
        ('notes:="', "notes", '="'),
        ('notes:="a"b', "notes", '="a"b'),
        ('notes:="\\q"', "notes", '="\\q"'),
    ],
)
def test_a_word_may_name_its_argument(word: str, name: str, text: str) -> None:
    token = tokenise(normalise(word))[0]
    assert (token.name, token.text) == (name, text)


def test_an_exact_value_says_where_it_lies_too() -> None:
    line = 'x notes:="a b" y'
    _, token, _ = tokenise(line)
    assert line[token.start : token.end] == 'notes:="a b"'
    assert (token.quoted, token.value_at) == (True, 8)


def test_only_a_dashed_name_without_a_value_is_a_flag() -> None:
    assert [token.is_flag for token in tokenise("--a --a=b --a: a: a")] == [True, False, False, False, False]


def test_a_token_says_where_it_lies() -> None:
    line = normalise('x notes:"a b" y')
    assert [line[token.start : token.end] for token in tokenise(line)] == ["x", 'notes:"a b"', "y"]


@pytest.mark.parametrize("value", ["fri", "@ann-lee", "#12", "<@U12|ann>", "a:b", "-5", "http://x/?", "äöü"])
def test_plain_values_are_written_without_quotes(value: str) -> None:
    assert quoted(value) == value


@pytest.mark.parametrize("value", ["fri 9am", "it's", "", " x ", "a\nb", "=x", "{x}"])
def test_other_values_are_written_in_quotes(value: str) -> None:
    assert quoted(value) == f'"{value}"'


def test_what_quotes_cannot_hold_is_written_letter_by_letter_in_typeable_signs() -> None:
    assert quoted("say \u201chi\u201d `now`\u00a0\U0001f600") == (
        '="say \\u201chi\\u201d \\u0060now\\u0060\\u00a0\U0001f600"'
    )


@given(st.text())
def test_a_written_value_is_read_back_letter_by_letter(value: str) -> None:
    line = f"x name:{quoted(value)} y"
    first, token, last = tokenise(normalise(line))
    assert (first.text, token.name, token.text, last.text) == ("x", "name", value, "y")


@given(st.text(alphabet=st.sampled_from("\"'\u201c\u201d\u2019 \n\\=:-a\u00a0\ufeff`")))
def test_a_written_value_of_quotes_and_marks_is_read_back_too(value: str) -> None:
    token = tokenise(normalise(f"name:{quoted(value)}"))[0]
    assert token.text == value


@given(st.text())
def test_every_letter_of_a_line_is_in_one_word_or_between_words(line: str) -> None:
    line = normalise(line)
    tokens = tokenise(line)
    between = [line[: tokens[0].start]] if tokens else [line]
    between += [line[one.end : two.start] for one, two in pairwise(tokens)]
    between += [line[tokens[-1].end :]] if tokens else []
    assert "".join(between).strip(" \n\t") == ""
    assert all(token.start < token.end for token in tokens)


@given(st.text())
def test_normalising_twice_changes_nothing_more(line: str) -> None:
    assert normalise(normalise(line)) == normalise(line)
