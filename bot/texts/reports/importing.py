"""What people read of sales in files."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from bot.texts.common import counted_in_full, listed, sentence_case
from bot.texts.figures import exact, money
from bot.texts.reports.errors import as_typed, columns
from bot.texts.transfer import Reason, TransferWords
from bot.texts.view import View
from core.chat.reply import Cell, Field, Form, FormField, Problem, Reply
from core.sales.columns import MAPPED, SALE_NAMES
from core.sales.guesses import guessed
from core.sales.model import Dedupe
from core.sales.reading import Found, Tally, amounts_in
from core.shared.errors import RefusedError
from core.shared.money import amount_of

_WRITE_DAY = "Write it as 2026-12-31 or 2026-12-31 15:30."

_REASONS: Mapping[str, Reason] = {
    "amount_currency": lambda p: (
        f"Amounts here are in {p.details['currency']}. Leave the sign out, or give the file a column “currency”."
    ),
    "day_missing": lambda _p: "A sale needs a date.",
    "day_bad": lambda _p: f"That is no date. {_WRITE_DAY}",
    "day_too_far": lambda _p: "The year has to be between 1900 and 2199.",
    "day_short_year": lambda _p: f"Which year this is can't be told. {_WRITE_DAY}",
    "sales_text_long": lambda p: f"This has {p.details['length']:,} characters; at most {p.details['limit']:,} fit.",
    "sales_currency": lambda _p: "A currency is three letters such as EUR.",
}


def words(currency: str) -> TransferWords[Any]:
    """Return how files of sales are spoken of where amounts are in that currency."""
    return TransferWords(
        called=SALE_NAMES,
        reasons=_REASONS,
        columns=(),
        cells=_nothing_shown,
        remarks=_remarks,
        facts=partial(_facts, currency),
    )


def also(dedupe: Dedupe, said: Mapping[str, str]) -> str:
    """Return what else was asked, as it is typed."""
    typed = {**({} if dedupe is Dedupe.LINE else {"dedupe": dedupe.value}), **said}
    return "".join(f" {name}:{as_typed(value)}" for name, value in typed.items())


def which_column(error: RefusedError, dedupe: Dedupe, said: Mapping[str, str]) -> Reply:
    """Ask which of a file's headings is which column."""
    message, hint = columns(error.details)
    problem = Problem("refused", message, hint, "file")
    headings = error.details["headings"]
    # Each once: of two that are called alike the first is read.
    offered = tuple(dict.fromkeys(headings)) if isinstance(headings, list) else ()
    guesses = guessed(offered)
    fields = tuple(
        FormField(
            name,
            sentence_case(name),
            "choice",
            required=name == "date",
            value=said[name] if said.get(name) in offered else guesses.get(name, ""),
            choices=offered,
        )
        for name in MAPPED
    )
    fixed = {"file": str(error.details["stored"]), "dedupe": dedupe.value}
    return Reply(
        problem=problem,
        form=Form(
            "Which column is which?",
            "report import",
            fields,
            fixed,
            submit="Check",
            intro="A file needs a date, and an amount or a price. What is filled in already is known or a guess. "
            "What you say is remembered.",
        ),
    )


def _nothing_shown(_record: object, _view: View) -> Sequence[Cell]:
    return ()


def _facts(currency: str, found: Found) -> Sequence[Field]:
    tallies = found.tallies
    counts = {"returns": "Returns", "missing": "Without an amount", "nameless": "Without a customer"}
    return (
        *(Field(tally, label, tallies[tally], "number") for tally, label in counts.items()),
        *_amounts(currency, found, Tally.AMOUNT, "amount", "Amount"),
        *_amounts(currency, found, Tally.NAMELESS_AMOUNT, "nameless-amount", "Amount without a customer"),
    )


def _amounts(currency: str, found: Found, tally: Tally, key: str, label: str) -> Iterator[Field]:
    """Give an amount in each currency; what is known of none is nothing in that of the workspace."""
    amounts = amounts_in(found, tally) or {currency: 0}
    for its, units in amounts.items():
        named = (key, label) if len(amounts) == 1 else (f"{key}_{its.lower()}", f"{label} ({its})")
        yield Field(*named, exact(amount_of(units), its), "money")


def _remarks(found: Found) -> Sequence[str]:
    tallies = found.tallies
    amounts = [money(amount_of(units), its) for its, units in amounts_in(found, Tally.AMOUNT).items()]
    remarks = [f"{listed(amounts)} in all."] if found.new else []
    if repeated := tallies[Tally.REPEATED]:
        remarks.append(f"{counted_in_full(repeated, 'row')} that the file has before: counted once.")
    if earlier := tallies[Tally.EARLIER]:
        remarks.append(f"{counted_in_full(earlier, 'row')} that an earlier import brought: not counted again.")
    if missing := tallies[Tally.MISSING]:
        remarks.append(f"{counted_in_full(missing, 'row')} without an amount: counted as 0.")
    if returns := tallies[Tally.RETURNS]:
        remarks.append(f"{counted_in_full(returns, 'row')} with a negative quantity: returns.")
    return remarks + [said for order, said in _ORDERS.items() if tallies[order]]


_ORDERS = {
    Tally.MONTH_FIRST: "Dates such as 12/1/2010 were read with the month first, as others in the file have it.",
    Tally.DAY_FIRST: "Dates such as 1/12/2010 were read with the day first, as others in the file have it.",
    Tally.EITHER_FIRST: "Dates such as 12/1/2010 were read with the month first; no date in the file tells. If the day "
    "is first, write them as 2010-01-12.",
}
