"""Small pieces of wording that every area uses."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from core.chat.reply import Action, Placement
from core.chat.text import Moment
from core.dates.words import clock_words, zoned
from core.shared.paging import COUNT_LIMIT

SHOWN_LINES = 10
"""Things named one by one in a notice; the rest is a number."""


IMPORT_CHOICES = {"check": "Preview first", "good": "Import valid rows", "all": "Import all rows or none"}
"""What forms call the choices of an import."""


def sentence_case(words: str) -> str:
    """Return the words with a capital first letter, the rest untouched."""
    return words[:1].upper() + words[1:]


_ABBREVIATIONS = frozenset({"id", "isbn", "sku", "url"})


def label(name: str) -> str:
    """Return what forms call an argument: `cash-hours` is `Cash hours`, and `tax-id` is `Tax ID`."""
    words = [word.upper() if word in _ABBREVIATIONS else word for word in name.split("-")]
    return sentence_case(" ".join(words))


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 task`, `3 tasks`, `more than 1,000 tasks`."""
    noun = one if count == 1 else many or f"{one}s"
    return f"more than {COUNT_LIMIT:,} {noun}" if count > COUNT_LIMIT else f"{count:,} {noun}"


def counted_in_full(count: int, one: str, many: str = "") -> str:
    """Return `1 task`, `100,000 tasks`, for counts that are exact however large: those of files and of summaries."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def with_article(noun: str) -> str:
    """Return `a task`, `an order`."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def listed(words: list[str], joint: str = "and") -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


_UNDO = "/qm undo "


def undo_action(undo_id: str) -> Action:
    """Return the button that takes a change back."""
    return Action("Undo", f"{_UNDO}{undo_id}", placement=Placement.UPDATE, once=True)


def undo_ids(actions: Iterable[Action]) -> list[str]:
    """Return the undo entries of those buttons that take a change back."""
    return [action.command.removeprefix(_UNDO) for action in actions if action.command.startswith(_UNDO)]


def moment(at: dt.datetime, zone: str) -> Moment:
    """Return an instant worded in a zone, such as `Fri 21 Nov 2026 09:00 (Europe/Berlin)`."""
    return Moment(at, zoned(on_the_clock(at, zone), zone))


def on_the_clock(at: dt.datetime, zone: str) -> str:
    """Return an instant as the clocks of a zone show it, for where the zone is said besides."""
    return clock_words(at.astimezone(ZoneInfo(zone)))


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{count} bytes"
