"""Splitting a typed line into words, forgiving what phones do to quotes, dashes and spaces."""

import re
from dataclasses import dataclass

LINE_LIMIT = 20_000
"""Longer lines are refused before they are looked at, in characters."""

_SPACES = dict.fromkeys(
    map(
        ord,
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\v\f\x85\u2028\u2029",
    ),
    " ",
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_OPENING = '"\u201c\u201d\u201e\u201f\u00ab\u2033'
_CLOSING = '"\u201c\u201d\u201f\u00bb\u2033'
_DASHED_FLAG = re.compile(r"^(?:--|[\u2012-\u2015])(?=[a-z])")
_NAMED = re.compile(r"^([A-Za-z][A-Za-z-]*):")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line: where it lies in the normalised line, its text without quotes, whether it was quoted.

    `name` is the word before a leading `name:`, else empty; `text` is then what follows the colon.
    """

    start: int
    end: int
    text: str
    quoted: bool = False
    name: str = ""


def normalise(line: str) -> str:
    """Return the line with every kind of space as a plain one and without invisible characters."""
    return line.translate(_INVISIBLE).translate(_SPACES)


def tokenise(line: str) -> list[Token]:
    """Split a normalised line; a quote groups only where a word or value begins and where its partner ends one.

    An apostrophe is text, and so is a quote without a partner.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(line):
        if line[position] == " ":
            position += 1
            continue
        token = _token_at(line, position)
        tokens.append(token)
        position = token.end
    return tokens


def _token_at(line: str, start: int) -> Token:
    named = _NAMED.match(line[start : start + 40])
    name = named[1] if named else ""
    value_start = start + (named.end() if named else 0)
    if value_start < len(line) and line[value_start] in _OPENING:
        end = _closing_quote(line, value_start + 1)
        if end is not None:
            return Token(start, end + 1, line[value_start + 1 : end], quoted=True, name=name)
    end = line.find(" ", start)
    end = len(line) if end < 0 else end
    text = line[start:end]
    if not named and (flag := _DASHED_FLAG.match(text)):
        return Token(start, end, text[flag.end() :] and "yes", name=text[flag.end() :].split("=", 1)[0])
    return Token(start, end, line[value_start:end], name=name)


def _closing_quote(line: str, start: int) -> int | None:
    """Return where the quote that ends a word lies: the next one before a space or the end of the line."""
    for position in range(start, len(line)):
        if line[position] in _CLOSING and (position + 1 == len(line) or line[position + 1] == " "):
            return position
    return None
