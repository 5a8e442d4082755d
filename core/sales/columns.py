"""The columns of files of sales, and which of a file's headings each of them is."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.ports.workbooks import SheetValue
from core.shared.errors import RefusedError
from core.shared.names import Names
from core.shared.tabular import DELIMITERS, csv_rows_of
from core.shared.value_objects import value_object
from core.transfer.layout import Layout, folded
from core.transfer.sheet import Heading

SALE_NAMES = Names("report", "sale line", "sale lines")

_VALUE = re.compile(r"[-+(]?[£$€¥]? ?[0-9].*")


@value_object
class SaleColumn:
    """A column: what we call it, and what others do."""

    name: str
    aliases: str


COLUMNS = (
    SaleColumn(
        "date",
        "transaction-date transactiondate invoicedate invoice-date order-date orderdate sale-date saledate sold-at day"
        " datetime date-time timestamp",
    ),
    SaleColumn("amount", "amount-spent amountspent total line-total linetotal sales revenue net-amount total-price"),
    SaleColumn("quantity", "qty units pieces count"),
    SaleColumn("price", "unitprice unit-price price-each item-price"),
    SaleColumn("product", "stockcode stock-code sku product-id productid product-code item-code item article"),
    SaleColumn("product-name", "description product-name productname product-title item-name title"),
    SaleColumn("customer", "customerid customer-id customer-no customer-number client client-id buyer"),
    SaleColumn("customer-name", "customer-name customername name client-name buyer-name"),
    SaleColumn("country", "land shipping-country"),
    SaleColumn("invoice", "invoiceno invoice-no invoice-number order order-id orderid order-no reference receipt"),
    SaleColumn("discount", "rebate reduction"),
    SaleColumn("tax", "vat sales-tax"),
    SaleColumn("currency", "currency-code"),
)
"""Every column; a file needs the date, and the amount or a price."""

MAPPED = ("date", "amount", "quantity", "price", "product", "customer", "invoice")
"""The columns that people say the headings of, where those are not known."""

_SAMPLE = {"date": "2026-11-20", "product": "MUG", "quantity": "2", "price": "4.50", "customer": "17"}


@dataclass(frozen=True, slots=True, eq=False)
class SaleHeads:
    """The columns, with those that are called as somebody said, now (headings by column) or before (the other way)."""

    said: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    called: Names = SALE_NAMES
    title: str = "Sales"
    required: Sequence[str] = ("date", "amount", "price")
    key: str = ""
    keeps_key: bool = True
    other_kinds: frozenset[str] = frozenset()
    bare: Sequence[str] = ()
    sample: Mapping[str, str] = field(default_factory=lambda: _SAMPLE)
    columns: Sequence[Heading] = field(init=False)

    def __post_init__(self) -> None:
        """Let a heading that is said mean its column and no other, and its column be called nothing else."""
        said = {column: _word(heading) for column, heading in self.said.items() if heading}
        before = {_word(heading): column for heading, column in self.remembered.items()}

        def aliases(column: SaleColumn) -> str:
            if column.name in said:
                return said[column.name]
            known = [word for word in column.aliases.split() if before.get(word, column.name) == column.name]
            known += [word for word, name in before.items() if name == column.name]
            return " ".join(known)

        # Behind the others, for the last one that is called so is meant.
        columns = sorted(COLUMNS, key=lambda column: column.name in said)
        object.__setattr__(self, "columns", [SaleColumn(each.name, aliases(each)) for each in columns])

    @property
    def names(self) -> Sequence[str]:
        """Return the headings that we write."""
        return [column.name for column in self.columns]

    @property
    def is_value(self) -> Callable[[str], bool]:
        """Return what tells of a cell that it is no heading."""
        return _is_value


SALE_HEADS = SaleHeads()
"""The columns as we know them."""


def _word(heading: str) -> str:
    """Return a heading as one word of aliases."""
    return folded(heading).replace(" ", "-")


def _is_value(cell: str) -> bool:
    return bool(_VALUE.fullmatch(cell.strip()))


def refuse_unknown(first: Sequence[SheetValue]) -> None:
    """Refuse a file none of whose headings is known, if it has any, as `require_columns` does.

    `first` are the cells of a sheet's first row, or the first lines of a text.
    """
    cells = [str(cell or "") for cell in first]
    is_text = bool(cells) and "\n" in cells[0]
    cut = [csv_rows_of(cells[:1], mark) for mark in DELIMITERS] if is_text else [[cells]]
    headings = max((row for rows in cut for row in rows), key=len, default=[])
    named = [heading.strip() for heading in headings if heading.strip()]
    if len(named) > 1 and not any(map(_is_value, named)):
        raise RefusedError("sales_columns", field="file", missing=["date", "amount"], headings=named, unknown=[])


def as_said(layout: Layout, said: Mapping[str, str]) -> Layout:
    """Return a layout whose columns are where somebody says, whatever else is called like them."""
    # Of two that are called alike, the first.
    places = {folded(heading): place for place, heading in reversed([*enumerate(layout.headings)])}
    found = {column: places[folded(heading)] for column, heading in said.items() if folded(heading) in places}
    others = {column: place for column, place in layout.places.items() if place not in found.values()}
    twice = tuple(one for one in layout.twice if one[0] not in found)
    return replace(layout, places={**others, **found}, twice=twice)


def require_columns(layout: Layout, said: Mapping[str, str]) -> None:
    """Refuse a file without what a sale needs, or what somebody says; raises `RefusedError` (`sales_columns`).

    Its details are the `missing` columns, the `headings` that there are, and those that are said but `unknown`.
    """
    there = set(map(folded, layout.headings))
    unknown = [heading for heading in said.values() if folded(heading) not in there]
    missing = [] if "date" in layout.places else ["date"]
    if not layout.places.keys() & {"amount", "price"}:
        missing.append("amount")
    if missing or unknown:
        headings = [heading.strip() for heading in layout.headings if heading.strip()]
        raise RefusedError("sales_columns", field="file", missing=missing, headings=headings, unknown=unknown)
