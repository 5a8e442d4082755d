"""Why a report can't be made, in words."""

import re

from bot.texts.common import counted_in_full, listed, with_article
from bot.texts.errors import Reasons, Words, ambiguous, shown
from core.ports.analyses import FigureFault
from core.reports.ranges import RangeReason

_MOST_NAMED = 20
"""Columns of a file that are named."""

_BY = re.compile(r"\bby ([a-z]{1,20})\b")
_EXAMPLES = "Try `last week`, `this month`, `2010-12`, `q4 2010`, `ytd`, `from 3 dec to 5 dec` or `all`."


def _not_understood(words: Words) -> tuple[str, str]:
    value = shown(words["value"])
    by = _BY.search(value)
    return f"I can't read “{value}” as a range of days.", f"Write `by:{by[1]}`, with a colon." if by else _EXAMPLES


def columns(words: Words) -> tuple[str, str]:
    """Say which columns a file of sales lacks, and which it has."""
    missing, headings = words["missing"], words["headings"]
    names = [shown(name) for name in headings[:_MOST_NAMED]] if isinstance(headings, list) else []
    lacking = [with_article(str(name)) for name in missing] if isinstance(missing, list) else []
    return (
        f"I don't find {listed(lacking)} among the columns of that file: {listed(names)}.",
        "Say what they are called, such as `/report import date:Day amount:Total`.",
    )


REASONS = Reasons(
    arguments={
        f"range_{RangeReason.NOT_UNDERSTOOD}": _not_understood,
        f"range_{RangeReason.BACKWARDS}": lambda w: (
            f"{w['value']} ends before it begins.",
            "Say the earlier day first.",
        ),
        f"range_{RangeReason.NO_SUCH_DATE}": lambda w: (f"There is no {shown(w['value'])} in the calendar.", _EXAMPLES),
        f"range_{RangeReason.AMBIGUOUS}": ambiguous,
        f"range_{RangeReason.TOO_FAR}": lambda w: (
            f"“{shown(w['value'])}” is too far away.",
            "Any day from 1900 to 2199 will do.",
        ),
        "range_twice": lambda _w: (
            "The days are given twice, as a range and by `from:` or `to:`.",
            "Leave one of them out.",
        ),
        "too_many_spans": lambda w: (
            f"That is more than {w['limit']:,} days or weeks to tell one by one.",
            "Try `by:month`, or fewer days.",
        ),
        "not_of_report": lambda w: (
            f"The report `{w['report']}` takes no `{w['argument']}:`.",
            f"`/qm help report {w['report']}` says what it takes.",
        ),
        "channel_without_account": lambda _w: (
            "You have no account where that is, and a report comes as if you had asked for it there.",
            "Schedule it from there, or make your account there one with this by `/user link`.",
        ),
        "not_so_many_rows": lambda w: (
            f"`{w['argument']}` is a number from 1 to {w['limit']:,}, not {w['value']:,}.",
            f"Try `{w['argument']}:10`.",
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
