"""The terms by which records are found in their texts: words in any case, without accents.

A script that is written without blanks has no words to tell apart: of its text every two neighbouring characters are a
term, and so is the last one, which makes any part of it the beginnings of terms.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

TERM_LIMIT = 40
"""Characters of a term; longer words are several."""
TERMS_LIMIT = 1000
"""Terms of a record; of longer texts the beginning counts."""
SHORTEST_WORD = 3
"""Letters of a word that may be mistyped."""

WHOLE = "="
"""What a term begins with that is all of a name or a code, without what stands between its letters."""

_ASCII_WORD = re.compile(rf"[a-z0-9]{{1,{TERM_LIMIT}}}")
_WORD = re.compile(rf"[^\W_]{{1,{TERM_LIMIT}}}")
_MARKS = re.compile("[\u0300-\u036f]+")
_BLANKLESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese and Korean (whose blanks part more than words)."""
_PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h"}
)
"""Letters that no accent can be taken from, as they are typed where there are no such keys."""


def terms_of(texts: Iterable[str], wholes: Iterable[str] = ()) -> Collection[str]:
    """Return the terms of texts, the more telling ones first, and those of some that are looked for as a whole, too."""
    found = dict.fromkeys(filter(None, map(whole_term, wholes)))
    found.update(dict.fromkeys(words_of(folded("\n".join(texts)))))
    return found if len(found) <= TERMS_LIMIT else list(found)[:TERMS_LIMIT]


def words_of(plain: str, *, lasts: bool = True) -> Iterable[str]:
    """Return the terms of a folded text, in scripts without blanks with the last characters for themselves or not."""
    words = _words(plain)
    return words if plain.isascii() else (term for word in words for term in _parted(word, lasts=lasts))


def whole_term(text: str) -> str:
    """Return the term that is all of a text, empty if there is no word in it."""
    joined = "".join(_words(folded(text)))
    return f"{WHOLE}{joined}"[:TERM_LIMIT] if joined else ""


def is_word(term: str) -> bool:
    """Tell whether a term is one that may be mistyped: codes and numbers differ by a letter and mean something else."""
    return len(term) >= SHORTEST_WORD and term.isalpha()


def folded(text: str) -> str:
    """Return a text in the form in which its words are compared: in any case, without accents."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", parted)).translate(_PLAIN)


def _parted(word: str, *, lasts: bool) -> Iterator[str]:
    for part, is_blankless in _parts(word):
        if is_blankless:
            end = len(part) if lasts or len(part) == 1 else len(part) - 1
            yield from (part[place : place + 2] for place in range(end))
        else:
            yield part


def _parts(word: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a word that are of scripts with and without blanks."""
    start = 0
    for found in _BLANKLESS.finditer(word):
        if start < found.start():
            yield word[start : found.start()], False
        yield found[0], True
        start = found.end()
    if start < len(word):
        yield word[start:], False


def _words(plain: str) -> list[str]:
    """Return the runs of letters and digits, with the marks that some scripts write vowels as."""
    if plain.isascii():
        return _ASCII_WORD.findall(plain)
    if not _WORD.sub("", plain).strip().isascii():
        plain = "".join(one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in plain)
        return [word[at : at + TERM_LIMIT] for word in plain.split() for at in range(0, len(word), TERM_LIMIT)]
    return _WORD.findall(plain)
