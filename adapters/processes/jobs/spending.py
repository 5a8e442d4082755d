"""The job that adds up what each customer of a file spent."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.table_files import TableFile, number_of, read_table
from core.ports.analyses import FigureFault

_CUSTOMER = ("customerid", "customer", "customercode", "clientid", "client")
_NAME = ("customername", "name", "clientname")
_AMOUNT = ("amountspent", "amount", "total", "spent", "linetotal")
_QUANTITY, _PRICE = ("quantity", "qty"), ("unitprice", "price")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_SHOWN = 10


def add_up_spending(given: dict[str, Any]) -> dict[str, Any]:
    """Add up the file at `source` by customer; a line that is wholly equal to one before it counts once."""
    table = read_table(Path(given["source"]))
    frame, places = _frame(table)
    whole = len(frame)
    frame = frame.drop_duplicates(subset=[column for column in frame.columns if column != "line"])
    amounts = _amounts(frame, places, table.rows[0])
    counted = pd.DataFrame(
        {
            "customer": frame[places["customer"]].map(_code),
            "name": frame[places["name"]] if "name" in places else "",
            "amount": amounts.map(lambda amount: Decimal(0) if amount is None else amount),
        }
    )
    groups = counted.groupby("customer", sort=True).agg(
        name=("name", "first"), lines=("amount", "size"), amount=("amount", "sum")
    )
    named = groups[groups.index != ""].sort_values("amount", ascending=False, kind="stable")
    shown = pd.concat([named.head(given["top"]), groups[groups.index == ""]])
    return {
        "spenders": [[code, row["name"], int(row["lines"]), f"{row['amount']:f}"] for code, row in shown.iterrows()],
        "total": f"{groups['amount'].sum():f}",
        "lines": len(frame),
        "repeated": whole - len(frame),
        "missing": int(amounts.isna().sum()),
        "customers": len(named),
    }


def _frame(table: TableFile) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows below the headings, each with its line, and where the columns are that are looked at."""
    headings = table.rows[0]
    plain = [re.sub(r"[^a-z]", "", heading.casefold()) for heading in headings]
    wanted = {"customer": _CUSTOMER, "name": _NAME, "amount": _AMOUNT, "quantity": _QUANTITY, "price": _PRICE}
    places = {
        what: plain.index(word)
        for what, words in wanted.items()
        if (word := next((w for w in words if w in plain), ""))
    }
    for what, name in (("customer", "customer_id"), ("amount", "amount_spent")):
        is_made = what == "amount" and {"quantity", "price"} <= places.keys()
        if what not in places and not is_made:
            raise JobRefusedError(FigureFault.NO_COLUMN, name=name, found=headings[:_SHOWN])
    if len(table.rows) == 1:
        raise JobRefusedError(FigureFault.NONE)
    frame = pd.DataFrame(table.rows[1:], dtype=object)
    frame["line"] = table.lines[1:]
    return frame, places


def _amounts(frame: pd.DataFrame, places: dict[str, int], headings: list[str]) -> "pd.Series[Any]":
    """Return what each line comes to, None where that is missing."""

    def read(what: str) -> list[Decimal | None]:
        cells = zip(frame[places[what]], frame["line"], strict=True)
        return [number_of(cell, line, headings[places[what]]) for cell, line in cells]

    if "amount" in places:
        found = read("amount")
    else:
        pairs = zip(read("quantity"), read("price"), strict=True)
        found = [None if None in pair else pair[0] * pair[1] for pair in pairs]  # type: ignore[operator]
    return pd.Series(found, index=frame.index, dtype=object)


def _code(cell: str) -> str:
    """Return a customer's code; a number that became one with decimals on its way is that number."""
    number = _WHOLE.fullmatch(cell)
    return number[1] if number else "" if cell.casefold() in ("nan", "null", "none") else cell
