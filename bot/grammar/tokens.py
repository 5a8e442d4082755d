"""Splitting a typed line into words, forgiving what phones do to quotes, dashes and spaces."""

import json
import re
from bisect import bisect_left

from core.shared.value_objects import value_object

LINE_LIMIT = 20_000
"""Longer lines are refused before they are looked at, in characters."""

_SPACES = {
    **dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    **dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n"),
}
# Joiners (U+200C, U+200D) stay: emoji and several scripts are written with them.
_HIDDEN = dict.fromkeys([0, *map(ord, "\u200b\u200e\u200f\u2060\ufeff"), *range(0xD800, 0xE000)])
_TABLE = {**_SPACES, **_HIDDEN}
_GAP = " \n\t"

DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033'
_SINGLE = "'\u2018\u2019\u201a\u201b"
_ENDING = {
    DOUBLE: re.compile(r'["\u201c\u201d\u201f\u00bb\u2033](?=[ \n\t]|$)'),
    _SINGLE: re.compile(r"['\u2018\u2019](?=[ \n\t]|$)"),
}
_WORD = re.compile(r"[^ \n\t]+")
_LONGEST_NAME = 40
_NAMED = re.compile(r"([A-Za-z][A-Za-z-]*):")
_FLAG = re.compile(r"(?:--(?=[A-Za-z])|[\u2012-\u2015](?=[a-z]))([A-Za-z][A-Za-z-]*)([=:]|(?=[ \n\t]|$))")
_EXACT = '="'
_BARE = re.compile(r"[\w@#<>|.,;/+*%&()?!$:-]+")


@value_object
class Token:
    """A word of a line: where it lies in the normalised line, its text without quotes, whether it was quoted.

    `name` is the word before a leading `name:`, else empty; `text` is then what follows the colon, from `value_at` on.
    `is_flag` marks `--name` without a value.
    """

    start: int
    end: int
    text: str
    quoted: bool = False
    name: str = ""
    value_at: int = 0
    is_flag: bool = False


def normalise(line: str) -> str:
    """Return the line with every kind of space as a plain one, line ends as newlines, and no marks that only hide."""
    return line.replace("\r\n", "\n").translate(_TABLE)


def tokenise(line: str) -> list[Token]:
    """Split a normalised line; a quote groups only where a word or value begins and where its partner ends one.

    Single quotes group a value after `name:` only. A quote without a partner is text, and so is an odd apostrophe.
    `name:="…"`, the quotes holding a JSON string, is how we write values that no plain quotes can hold.
    """
    endings = {opening: [match.start() for match in pattern.finditer(line)] for opening, pattern in _ENDING.items()}
    tokens: list[Token] = []
    position = 0
    while word := _WORD.search(line, position):
        token = _token(line, word, endings)
        tokens.append(token)
        position = token.end
    return tokens


def quoted(value: str) -> str:
    """Return a value as one word that `tokenise` reads back letter by letter when it stands after `name:`."""
    if _BARE.fullmatch(value) and normalise(value) == value:
        return value
    if normalise(value) == value and not any(letter in DOUBLE for letter in value):
        return f'"{value}"'
    plain = json.dumps(value, ensure_ascii=False)
    return "=" + "".join(letter if _is_safe(letter) else f"\\u{ord(letter):04x}" for letter in plain)


def _is_safe(letter: str) -> bool:
    """Tell whether a letter of a JSON string survives being typed, and being shown as code."""
    return letter != "`" and (letter == '"' or letter not in DOUBLE) and normalise(letter) == letter


def _token(line: str, word: re.Match[str], endings: dict[str, list[int]]) -> Token:
    """Return the token that begins with that run of letters."""
    start, end = word.span()
    named = _NAMED.match(line, start, min(end, start + _LONGEST_NAME))
    flag = None if named else _FLAG.match(line, start, min(end, start + _LONGEST_NAME))
    if flag and not flag[2] and flag.end() < end:
        flag = None
    match = named or flag
    name, value_at = (match[1], match.end()) if match else ("", start)
    if name and line.startswith(_EXACT, value_at) and (exact := _exact(line, value_at + 1)):
        return Token(start, exact[1], exact[0], quoted=True, name=name, value_at=value_at)
    for opening in (DOUBLE, _SINGLE) if name else (DOUBLE,):
        if value_at < len(line) and line[value_at] in opening:
            found = bisect_left(endings[opening], value_at + 1)
            if found < len(endings[opening]):
                close = endings[opening][found]
                return Token(start, close + 1, line[value_at + 1 : close], quoted=True, name=name, value_at=value_at)
    return Token(start, end, line[value_at:end], name=name, value_at=value_at, is_flag=bool(flag and not flag[2]))


_JSON = json.JSONDecoder()


def _exact(line: str, at: int) -> tuple[str, int] | None:
    """Return the JSON string at that position and where it ends, if it is one and a word ends there."""
    try:
        value, end = _JSON.raw_decode(line, at)
    except ValueError:
        return None
    return (str(value), end) if end == len(line) or line[end] in _GAP else None
