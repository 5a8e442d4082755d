"""Why a report can't be made, in words."""

from bot.texts.common import counted_in_full, listed, with_article
from bot.texts.errors import Reasons, Words, shown
from core.ports.analyses import FigureFault
from core.sales.guesses import guessed

_MOST_NAMED = 20
"""Columns of a file that are named."""


def columns(words: Words) -> tuple[str, str]:
    """Say which columns a file of sales lacks, or has not though somebody says so, and which it has."""
    missing, headings, unknown = words["missing"], words["headings"], words.get("unknown")
    names = [shown(name) for name in headings[:_MOST_NAMED]] if isinstance(headings, list) else []
    lacking = [with_article(str(name)) for name in missing] if isinstance(missing, list) else []
    if isinstance(unknown, list) and unknown:
        absent = listed([f"“{shown(name)}”" for name in unknown], "or")
        return f"That file has no column {absent}, only {listed(names)}.", "Say what they are called there."
    return (
        f"I don't find {listed(lacking)} among the columns of that file: {listed(names)}.",
        f"Say what they are called, such as `/report import {_guessed(headings)}`.",
    )


def _guessed(headings: object) -> str:
    """Return the arguments that would say it, from what the headings look like."""
    guesses = guessed(headings) if isinstance(headings, list) else {}
    needed = {"date": "Day"} | ({} if "price" in guesses else {"amount": "Total"})
    named = {**needed, **guesses}
    return " ".join(f"{name}:{as_typed(heading)}" for name, heading in named.items())


def as_typed(value: str) -> str:
    """Return the value of an argument as it is typed."""
    return value if value.isalnum() else f'"{value}"'


REASONS = Reasons(
    arguments={
        "column_of_two": lambda w: (
            f"“{shown(w['value'])}” can't be both {with_article(str(w['other']))} and "
            f"{with_article(str(w['argument']))}.",
            "Name a column for each, and leave out what the file doesn't have.",
        ),
        "not_of_report": lambda w: (
            f"The report `{w['report']}` takes no `{w['argument']}:`.",
            f"`/qm help report {w['report']}` says what it takes.",
        ),
        "days_without_times": lambda w: (
            f"“{shown(w['value'])}” says which days the report is about, but not when it comes.",
            f"Say that too: `/report schedule {as_typed(shown(w['report']))} {w['example']} {shown(w['value'])}`.",
        ),
        "no_such_format": lambda w: (
            f"There are no files of the kind “{shown(w['value'])}”.",
            f"There are {listed([f'`{choice}`' for choice in w['choices']])}: `/report export sales xlsx last month`."
            if isinstance(w["choices"], tuple)
            else "",
        ),
        "channel_without_account": lambda _w: (
            "You have no account where that is, and a report comes as if you had asked for it there.",
            "Schedule it from there, or make your account there one with this by `/user link`.",
        ),
    },
    refusals={
        "sales_columns": columns,
        FigureFault.NO_COLUMN: lambda w: (
            f"That file has no column `{w['name']}`, only {_columns(w)}.",
            "Its first line names the columns, such as customer_id, customer_name, amount_spent, transaction_date; or "
            "CustomerID, Quantity, UnitPrice.",
        ),
        FigureFault.NOT_A_NUMBER: lambda w: (
            f"Line {w['line']:,} has “{shown(w['value'])}” in the column `{shown(w['column'])}`, which is no number.",
            "Write numbers as in `1234.50`, and leave the cell empty where there is none.",
        ),
        FigureFault.RAGGED: lambda w: (
            f"The row on line {w['line']:,} has {counted_in_full(int(str(w['cells'])), 'cell')}, "
            f"where the first one has {w['columns']:,}.",
            "Is a comma missing there, or one in a name without quotes?",
        ),
        FigureFault.NONE: lambda _w: ("There are no figures in that file.", "Put a row with numbers in it."),
        FigureFault.TOO_MANY: lambda w: (
            f"That file has more than {w['limit']:,} cells.",
            "Leave out the columns that are not needed, or split it.",
        ),
        FigureFault.SLOW: lambda _w: ("That file takes more time or memory than I have for it.", "Split it."),
    },
)


def _columns(words: Words) -> str:
    found = words["found"]
    return listed([f"`{shown(name)}`" for name in found]) if isinstance(found, list | tuple) else ""
