"""ISBNs as people and spreadsheets write them: texts whose check digit holds, or the reason why they are none."""

import re
import unicodedata

from stdnum import isbn
from stdnum.exceptions import InvalidChecksum, ValidationError

from core.shared.errors import InvalidArgumentError
from core.shared.value_objects import value_object

MANGLED, WRONG_DIGIT, NO_ISBN = "isbn_mangled", "isbn_check_digit", "isbn_bad"
ISBN_FAULTS = frozenset({MANGLED, WRONG_DIGIT, NO_ISBN})
"""Why a text is no ISBN: a spreadsheet rounded it, its check digit does not hold, or it has another length."""

EXAMPLE = "978-0-441-17271-9"

_SHORT = 10
_LEAST_TYPED = 7
"""Digits of a number that is rather an ISBN without its leading zeros than a title such as 1984."""
_PREFIX = re.compile(r"(?:urn:)?isbn(?:-?1[03])?[: ]*(?=[0-9])", re.IGNORECASE)
_FORMULA = re.compile(r'="?([^"]*)"?')
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_FLOAT = re.compile(r"([0-9]+)\.0*")
_ROUNDED = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})")
_DIGITS = re.compile(r"[0-9]*[0-9Xx]")


@value_object
class Isbn:
    """The 13 digits of an ISBN, and whether what a spreadsheet had taken away of it was put back."""

    digits: str
    is_mended: bool = False


def read_isbn(text: str) -> Isbn:
    """Return the ISBN that a text says in either form, with blanks and hyphens anywhere.

    Leading zeros that were eaten are put back if the check digit then holds. Raises `InvalidArgumentError` (one of
    `ISBN_FAULTS`).
    """
    plain = _plain(text)
    found, is_mended = _whole_number(plain)
    if found is None or not _DIGITS.fullmatch(found):
        raise _refused(MANGLED if found is None else NO_ISBN, text)
    if len(found) < _SHORT:
        found, is_mended = found.zfill(_SHORT), True
    try:
        return Isbn(isbn.validate(found, convert=True), is_mended)
    except InvalidChecksum as error:
        raise _refused(WRONG_DIGIT, text) from error
    except ValidationError as error:
        raise _refused(NO_ISBN, text) from error


def isbn_of(text: str) -> str:
    """Return the 13 digits of what somebody looks for by its ISBN in either form, nothing for what is none."""
    try:
        return read_isbn(text).digits if len(_plain(text)) >= _LEAST_TYPED else ""
    except InvalidArgumentError:
        return ""


def short_form(digits: str) -> str:
    """Return the ISBN-10 of 13 digits, nothing where there is none."""
    return isbn.to_isbn10(digits) if digits.startswith("978") else ""


def _plain(text: str) -> str:
    """Return a text without what people and programs write around an ISBN and in it."""
    composed = unicodedata.normalize("NFKC", text).strip()
    if formula := _FORMULA.fullmatch(composed):
        composed = formula[1].strip()
    return _BETWEEN.sub("", _PREFIX.sub("", composed, count=1))


def _whole_number(plain: str) -> tuple[str | None, bool]:
    """Return the digits of what a spreadsheet made a number of, and whether it did; None for one that it rounded."""
    if number := _FLOAT.fullmatch(plain):
        return number[1], True
    rounded = _ROUNDED.fullmatch(plain)
    if rounded is None:
        return plain, False
    whole, places, power = rounded[1], rounded[2] or "", int(rounded[3])
    # A digit that is not there may be a nought, or one that was rounded away.
    return (f"{whole}{places}", True) if len(places) == power else (None, True)


def _refused(reason: str, text: str) -> InvalidArgumentError:
    return InvalidArgumentError("isbn", reason, value=text.strip(), example=EXAMPLE)
