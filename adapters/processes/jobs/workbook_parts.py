"""What a workbook says besides its cells: which sheets there are, the texts they share, which numbers are dates."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_datetime, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.cell_texts import unescaped
from adapters.processes.jobs.packages import Package
from adapters.processes.jobs.xml_parts import Attributes, TextRuns, parse
from core.ports.workbooks import SheetFault

SHARED_LIMIT = 2_000_000
"""Texts that the cells of a workbook share."""

_STYLES_LIMIT = 100_000
_LONGEST_FORMAT = 255
_ROOT_LINKS = "_rels/.rels"

_CURRENCY = re.compile(r"\[\$[^\-\]]|[$¢£¤¥֏৲৳฿៛₠-⃏]")
"""A sign of a currency, by itself or as `[$€-407]`; `[$-407]` only says in what language a date is shown."""

_LITERAL = re.compile(r'"[^"]*"|\\.')
"""What is shown as it stands: a percent sign there multiplies nothing."""


class NumberKind(Enum):
    """What a number stands for, by the format of its cell."""

    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    CLOCK = "clock"
    SPAN = "span"
    PERCENTAGE = "percentage"
    MONEY = "money"


# How dates are written in East Asia, by numbers that stand in the standard and not in the library.
_EASTERN_DATES, _EASTERN_CLOCKS = (*range(27, 32), 36, *range(50, 55), *range(56, 59)), (32, 33, 34, 35, 55)
_EASTERN = dict.fromkeys(_EASTERN_DATES, NumberKind.DATE) | dict.fromkeys(_EASTERN_CLOCKS, NumberKind.CLOCK)


@dataclass(slots=True)
class SheetLink:
    """A sheet as the workbook lists it, and the part that it is."""

    name: str
    part: str
    is_shown: bool


@dataclass(slots=True)
class WorkbookParts:
    """The sheets that have cells, in order, and the texts they share.

    `kinds` says what numbers are, by style, and `epoch` from where days are counted.
    """

    sheets: list[SheetLink] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    kinds: list[NumberKind] = field(default_factory=list)
    epoch: datetime = WINDOWS_EPOCH


def read_parts(package: Package) -> WorkbookParts:
    """Read all that a sheet needs to be understood."""
    found = WorkbookParts()
    if _ROOT_LINKS not in package:
        raise JobRefusedError(SheetFault.OTHER)
    home = next((part for kind, part in _links(package, _ROOT_LINKS, "").values() if kind == "officeDocument"), "")
    if home not in package or not home.lower().endswith(".xml"):
        raise JobRefusedError(SheetFault.OTHER)
    folder, name = posixpath.split(home)
    links = _links(package, f"{folder}/_rels/{name}.rels", folder)
    _read_workbook(package, home, links, found)
    for kind, part in links.values():
        if kind == "sharedStrings" and part in package and not found.texts:
            found.texts = _read_texts(package, part)
        elif kind == "styles" and part in package:
            found.kinds = _read_kinds(package, part)
    return found


def _links(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return what a part points to: by id the kind, which is the last word of an address, and the other part."""
    links: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External" and len(links) < _STYLES_LIMIT:
            target = attributes.get("Target", "").replace("\\", "/")
            path = target if target.startswith("/") else posixpath.join(folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            links[attributes.get("Id", "")] = (kind, posixpath.normpath(path).lstrip("/"))

    with package.open(part) as stream:
        parse(stream, start)
    return links


def _read_workbook(package: Package, part: str, links: Mapping[str, tuple[str, str]], found: WorkbookParts) -> None:
    """Read which sheets there are; what is no workbook, such as a text document, is refused."""
    depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth == 1 and name != "workbook":
            raise JobRefusedError(SheetFault.OTHER)
        if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            found.epoch = MAC_EPOCH
        elif name == "sheet" and depth == 3:
            link = next((value for key, value in attributes.items() if key == "id" or key.endswith(":id")), "")
            kind, target = links.get(link, ("", ""))
            if kind == "worksheet":
                is_shown = attributes.get("state", "visible") == "visible"
                found.sheets.append(SheetLink(attributes.get("name", ""), target, is_shown))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    with package.open(part) as stream:
        parse(stream, start, end)


def _read_texts(package: Package, part: str) -> list[str | None]:
    """Return the texts that cells share by number; None is one that no cell could hold."""
    texts: list[str | None] = []
    runs = TextRuns()

    def start(name: str, _attributes: Attributes) -> None:
        if name == "si":
            runs.clear()
            if len(texts) >= SHARED_LIMIT:
                raise JobRefusedError(SheetFault.TOO_LARGE)
        else:
            runs.start(name)

    def end(name: str) -> None:
        if name == "si":
            texts.append(None if runs.is_too_long else unescaped(runs.value))
        else:
            runs.end(name)

    with package.open(part) as stream:
        parse(stream, start, end, runs.text)
    return texts


def _read_kinds(package: Package, part: str) -> list[NumberKind]:
    """Return what numbers are, by the number of their cell's style."""
    formats: dict[str, str] = {}
    ids: list[str] = []
    is_within = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_within
        if name == "cellXfs":
            is_within = True
        elif name == "numFmt" and len(formats) < _STYLES_LIMIT:
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and is_within and len(ids) < _STYLES_LIMIT:
            ids.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal is_within
        if name == "cellXfs":
            is_within = False

    with package.open(part) as stream:
        parse(stream, start, end)
    return _kinds_of(ids, formats)


def _kinds_of(ids: Sequence[str], formats: Mapping[str, str]) -> list[NumberKind]:
    known = {number: _kind_of(number, formats) for number in set(ids)}
    return [known[number] for number in ids]


def _kind_of(number: str, formats: Mapping[str, str]) -> NumberKind:
    code = formats.get(number)
    if code is None and number.isdecimal():
        eastern = _EASTERN.get(int(number))
        if eastern:
            return eastern
        code = BUILTIN_FORMATS.get(int(number), "")
    code = (code or "")[:_LONGEST_FORMAT]
    if is_timedelta_format(code):
        return NumberKind.SPAN
    if not is_date_format(code):
        return _kind_of_amount(code)
    # The library looks at small letters only; Excel takes both.
    shown = is_datetime(code.casefold())
    return {"datetime": NumberKind.MOMENT, "time": NumberKind.CLOCK}.get(str(shown), NumberKind.DATE)


def _kind_of_amount(code: str) -> NumberKind:
    if "%" in _LITERAL.sub("", code):
        return NumberKind.PERCENTAGE
    return NumberKind.MONEY if _CURRENCY.search(code) else NumberKind.NUMBER
