"""Files of sales read whole: which lines count, what is wrong with the others, and what all of it comes to.

Plain, blocking code for a process of its own. Rows are taken a block at a time and a column at a time; what repeats,
as days, products and amounts do, is read once.
"""

from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import islice, repeat
from typing import Any

from core.sales.columns import as_said, require_columns
from core.sales.days import Days
from core.sales.model import (
    AMOUNT,
    CODE_LIMIT,
    COUNTRY_LIMIT,
    CURRENCY,
    CUSTOMER,
    DAY,
    DIGEST,
    NAME_LIMIT,
    NAMES,
    QUANTITY,
    REFERENCE_LIMIT,
    Dedupe,
    StoredLine,
)
from core.shared.money import LARGEST, ONE, product
from core.shared.tabular import unguard
from core.shared.value_objects import value_object
from core.shared.zones import zone as zone_named
from core.transfer.amounts import MISSING, read_units
from core.transfer.findings import Findings
from core.transfer.rows import FlawedText, MeasuredText, shown
from core.transfer.sheet import CellError, RowProblem
from core.transfer.sources import Source, SourceRow

BLOCK = 1000
"""Rows that are read together."""

_HASH = 9
_INSTEAD: Mapping[str, Any] = {"date": ("", None), **dict.fromkeys(("quantity", "price", "amount", "discount", "tax"))}
"""What stands for a cell that can't be read until its row is left out."""

_MOST_REMEMBERED = 50_000
_OBJECTS = "json"


BadRow = tuple[Any, list[RowProblem]]
"""A row as it is in the file, and what is wrong with it."""


Found = Findings[Any]
"""What was found: the `new` lines are those that count, those that are `unchanged` were there before them.

The tallies are those of `Tally`, about the lines that count; amounts are in ten-thousandths, and in each currency for
themselves (`amounts_in`).
"""


class Tally(StrEnum):
    """What is counted besides."""

    AMOUNT = "amount"
    RETURNS = "returns"
    """Lines of a negative quantity."""
    MISSING = "missing"
    """Lines without an amount, which count as 0."""
    NAMELESS = "nameless"
    """Lines without a customer."""
    NAMELESS_AMOUNT = "nameless_amount"
    REPEATED = "repeated"
    """Lines that were there before in the same file."""
    EARLIER = "earlier"
    """Lines that were there before it."""
    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"
    """Whether dates such as 12/1/2010 were met, which can be read in two ways, and which way others tell."""
    EITHER_FIRST = "either_first"
    """Whether such dates were met in a file of which no date tells: they were read with the month first."""


_ORDERS = {None: Tally.EITHER_FIRST, True: Tally.DAY_FIRST, False: Tally.MONTH_FIRST}


def count(found: Found, lines: Sequence[StoredLine], by: int = 1) -> None:
    """Count lines that count, or by -1 take them out again."""
    found.new += by * len(lines)
    found.tallies[Tally.RETURNS] += by * sum(line[QUANTITY] < 0 for line in lines)
    for currency in {line[CURRENCY] for line in lines}:
        its = [line for line in lines if line[CURRENCY] == currency]
        nameless = [line[AMOUNT] for line in its if not line[CUSTOMER]]
        found.tallies[Tally.NAMELESS] += by * len(nameless)
        found.tallies[f"{Tally.AMOUNT} {currency}"] += by * sum(line[AMOUNT] for line in its)
        found.tallies[f"{Tally.NAMELESS_AMOUNT} {currency}"] += by * sum(nameless)


def amounts_in(found: Found, tally: Tally) -> Mapping[str, int]:
    """Return an amount that was tallied, by its currencies in their order; what is nothing, only if all of it is."""
    of_it = ((name.partition(" "), amount) for name, amount in sorted(found.tallies.items()))
    amounts = {currency: amount for (name, _, currency), amount in of_it if currency and name == tally}
    return {currency: amount for currency, amount in amounts.items() if amount} or amounts


@value_object
class ReadBlock:
    """Rows: the lines to be kept, and those rows that can't be."""

    lines: list[StoredLine]
    bad: list[BadRow]


@value_object
class Manner:
    """How a file is read: by whose clock, in which currency, what counts once, and whether days come before months.

    None is of a file that does not tell; its months come first.
    """

    zone: str
    currency: str
    dedupe: Dedupe
    day_first: bool | None = None


Read = Callable[[str], Any]


class _Column:
    """Reads the cells of a column, each text once; what can't be read is a `CellError` in its place."""

    def __init__(self, read: Read, *, guarded: bool, flawed: bool, takes_money: bool = False) -> None:
        self._known = _Known(read, guarded=guarded)
        self._flawed = flawed
        self._takes_money = takes_money

    def all(self, cells: Sequence[str | None]) -> list[Any]:
        known = self._known
        if self._flawed and any(isinstance(cell, FlawedText) for cell in cells):
            return [self._flaw(cell) or known[cell] for cell in cells]
        return list(map(known.__getitem__, cells))

    @property
    def may_refuse(self) -> bool:
        """Tell whether there was a text that can't be read, or one of a kind that may be."""
        return self._flawed or self._known.has_refused

    def _flaw(self, cell: str | None) -> CellError | None:
        if not isinstance(cell, FlawedText) or (self._takes_money and isinstance(cell, MeasuredText)):
            return None
        return CellError(cell.reason)


class _Known(dict[str | None, Any]):
    """What texts say, worked out when they are first met."""

    def __init__(self, read: Read, *, guarded: bool) -> None:
        super().__init__()
        self._read = read
        self._guarded = guarded
        self.has_refused = False

    def __missing__(self, cell: str | None) -> object:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        text = (cell or "").strip()
        try:
            value = self._read(unguard(text) if self._guarded else text)
        except CellError as error:
            self.has_refused = True
            value = error
        self[cell] = value
        return value


def _code(limit: int) -> Read:
    def read(text: str) -> str:
        whole, point, rest = text.partition(".")
        # A number that some program took for one with places.
        plain = whole if point and whole.isdecimal() and not rest.strip("0") else text
        return _text(plain, limit)

    return read


def _name(limit: int) -> Read:
    return lambda text: _text(text, limit)


def _text(text: str, limit: int) -> str:
    if text.casefold() in MISSING:
        return ""
    plain = " ".join(text.split())
    if not plain.isprintable():
        plain = "".join(sign if sign.isprintable() else "?" for sign in plain)
    if len(plain) > limit:
        raise CellError("sales_text_long", length=len(plain), limit=limit)
    return plain


def _currency(default: str) -> Read:
    def read(text: str) -> str:
        word = text.upper() or default
        if len(word) != 3 or not (word.isascii() and word.isalpha()):
            raise CellError("sales_currency")
        return word

    return read


def _day(days: Days) -> Read:
    def read(text: str) -> tuple[str, str | None]:
        day, moment = days.read(text)
        return day.isoformat(), moment.replace(tzinfo=None).isoformat(" ", "microseconds") if moment else None

    return read


class SaleReading:
    """Reads the rows of one file; `found` grows meanwhile."""

    def __init__(self, source: Source, manner: Manner, said: Mapping[str, str]) -> None:
        """Prepare to read a file whose columns are called as somebody said, or as everybody does.

        Raises `RefusedError` (`sales_columns`) for one without what a sale needs.
        """
        self._layout = as_said(source.layout, said)
        # What a file of objects calls its columns shows only as it is read.
        require_columns(self._layout, {} if source.suffix == _OBJECTS else said)
        self.found: Found = Findings()
        self._source = source
        self._width = len(source.layout.headings)
        self._manner = manner
        self._days = Days(zone_named(manner.zone), day_first=bool(manner.day_first))
        self._seen: set[Any] = set()
        self._columns = self._made()

    def blocks(self) -> Iterator[ReadBlock]:
        """Yield the rows, block after block."""
        rows = self._source.rows()
        while block := list(islice(rows, BLOCK)):
            yield self._block(block)
        self.found.unused = tuple(self._source.unused)
        self.found.twice = self._layout.twice
        if self._days.met_doubtful:
            self.found.tallies[_ORDERS[self._manner.day_first]] += 1

    def _made(self) -> Mapping[str, _Column]:
        currency = self._manner.currency
        texts = {
            "date": _day(self._days),
            "product": _code(CODE_LIMIT),
            "product-name": _name(NAME_LIMIT),
            "customer": _code(CODE_LIMIT),
            "customer-name": _name(NAME_LIMIT),
            "country": _name(COUNTRY_LIMIT),
            "invoice": _code(REFERENCE_LIMIT),
            "currency": _currency(currency),
        }
        guarded, flawed = self._source.guarded, self._source.flawed
        columns = {name: _Column(read, guarded=guarded, flawed=flawed) for name, read in texts.items()}
        for name in ("quantity", "price", "amount", "discount", "tax"):
            read = (lambda text: read_units(text, currency)) if name != "quantity" else read_units
            columns[name] = _Column(read, guarded=guarded, flawed=flawed, takes_money=name != "quantity")
        return {name: column for name, column in columns.items() if name in self._layout.places}

    # --- blocks -----------------------------------------------------------------

    def _block(self, block: Sequence[SourceRow]) -> ReadBlock:
        numbers, cells, raws = zip(*block, strict=True)
        self.found.rows += len(block)
        wrong: dict[int, list[RowProblem]] = {}
        if {*map(len, cells)} != {self._width}:
            cells = tuple(self._whole(place, numbers[place], row, wrong) for place, row in enumerate(cells))
        columns = list(zip(*cells, strict=True))
        values = {name: column.all(columns[self._layout.places[name]]) for name, column in self._columns.items()}
        for name, column in self._columns.items():
            if column.may_refuse:
                self._refuse(name, values[name], numbers, columns[self._layout.places[name]], wrong)
        lines = self._new(self._lines(values, numbers, wrong))
        return ReadBlock(lines, [self._bad(raws[place], problems) for place, problems in sorted(wrong.items())])

    def _whole(
        self, place: int, number: int, cells: Sequence[str | None], wrong: dict[int, list[RowProblem]]
    ) -> Sequence[str | None]:
        """Return the cells of a row, as many as there are headings."""
        if any(cells[self._width :]):
            extra = next(filter(None, cells[self._width :]), "")
            details = {"count": len(cells), "expected": self._width, "delimiter": self._layout.delimiter}
            wrong[place] = [RowProblem(number, "", shown(extra), "too_many_cells", details)]
        return [*cells[: self._width], *[""] * (self._width - len(cells))]

    def _refuse(
        self,
        name: str,
        values: list[Any],
        numbers: Sequence[int],
        cells: Sequence[str | None],
        wrong: dict[int, list[RowProblem]],
    ) -> None:
        """Note the cells of a column that can't be read, and put something in their places."""
        heading = self._layout.heading(name)
        for place, value in enumerate(values):
            if isinstance(value, CellError):
                problem = RowProblem(numbers[place], heading, shown(cells[place] or ""), value.reason, value.details)
                wrong.setdefault(place, []).append(problem)
                values[place] = _INSTEAD.get(name, "")

    def _bad(self, raw: object, problems: list[RowProblem]) -> BadRow:
        self.found.refuse(problems)
        return raw, problems

    # --- lines ------------------------------------------------------------------

    def _lines(
        self, values: Mapping[str, list[Any]], numbers: Sequence[int], wrong: dict[int, list[RowProblem]]
    ) -> list[tuple[StoredLine, bool]]:
        """Return the lines of those rows of which nothing is wrong, and whether the amount of each is missing."""
        count = len(numbers)
        nothing, none, currencies = [""] * count, [None] * count, [self._manner.currency] * count
        amounts, prices = values.get("amount", none), values.get("price", none)
        quantities = values.get("quantity", [ONE] * count)
        if None in amounts:
            products = map(_product, quantities, prices)
            amounts = [product if amount is None else amount for amount, product in zip(amounts, products, strict=True)]
            self._refuse_large(amounts, numbers, wrong)
        missing = [amount is None for amount in amounts] if None in amounts else repeat(False)
        amounts = [amount or 0 for amount in amounts]
        if None in quantities:
            quantities = [ONE if one is None else one for one in quantities]
        if None in prices:
            prices = [
                price if price is not None else amount if quantity == ONE else 0
                for price, amount, quantity in zip(prices, amounts, quantities, strict=True)
            ]
        texts = ("product", "product-name", "customer", "customer-name", "country")
        days, moments = zip(*values["date"], strict=True)
        rows = zip(
            days,
            moments,
            *(values.get(name, nothing) for name in texts),
            quantities,
            prices,
            *([one or 0 for one in values.get(name, none)] for name in ("discount", "tax")),
            amounts,
            values.get("currency", currencies),
            values.get("invoice", nothing),
            strict=True,
        )
        lines = [(*parts, _digest(parts)) for parts in rows]
        return [pair for place, pair in enumerate(zip(lines, missing)) if place not in wrong]  # noqa: B905

    def _refuse_large(
        self, amounts: Sequence[int | None], numbers: Sequence[int], wrong: dict[int, list[RowProblem]]
    ) -> None:
        known = [0 if amount is None else amount for amount in amounts]
        if max(map(abs, known)) < LARGEST * ONE:
            return
        for place, amount in enumerate(known):
            if abs(amount) >= LARGEST * ONE:
                problem = RowProblem(numbers[place], "", "", "amount_too_large", {"limit": LARGEST})
                wrong.setdefault(place, []).append(problem)

    def _new(self, lines: Sequence[tuple[StoredLine, bool]]) -> list[StoredLine]:
        """Count the lines that count, beside those before them in this file, and return them."""
        new = [pair for pair in lines if self._is_new(pair[0])] if self._manner.dedupe is not Dedupe.NONE else lines
        kept = [line for line, _ in new]
        count(self.found, kept)
        self.found.unchanged += len(lines) - len(new)
        self.found.tallies[Tally.REPEATED] += len(lines) - len(new)
        self.found.tallies[Tally.MISSING] += sum(is_missing for _, is_missing in new)
        return kept

    def _is_new(self, line: StoredLine) -> bool:
        if self._manner.dedupe is Dedupe.LINE:
            key: Any = line[DIGEST]
        elif line[CUSTOMER]:
            key = line[CUSTOMER], line[DAY]
        else:
            return True
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _product(quantity: int | None, price: int | None) -> int | None:
    return None if quantity is None or price is None else product(quantity, price)


_PARTS = "\x1f".join(["%s"] * len(NAMES[:-1]))


def _digest(parts: tuple[Any, ...]) -> str:
    """Return what is alike for equal lines; it begins with the day, so that those of a day lie side by side."""
    said = blake2b((_PARTS % parts).encode(errors="replace"), digest_size=_HASH).digest()
    day: str = parts[0]
    return day.replace("-", "") + b2a_base64(said, newline=False).decode()
