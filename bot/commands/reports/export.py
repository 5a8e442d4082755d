"""Any report as a file."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum

from bot.application.context import Context
from bot.application.reporting import MOST_ROWS, RangeWords, Top
from bot.commands.reports.area import report as area
from bot.commands.reports.asking import check_role
from bot.commands.reports.declaring import REPORTS, Shown
from bot.grammar.declaration import choice_words
from bot.texts.reports import exporting as texts
from core.chat.reply import Reply
from core.chat.spec import Cost
from core.jobs.kinds import EXPORT
from core.people.model import Role
from core.shared.errors import InvalidArgumentError
from core.shared.zones import zone
from core.transfer.choices import TableFormat
from core.transfer.tables import TableExport

_WHOLE = {"top": MOST_ROWS, "scaled": True}
"""What a file has room for, of reports that take it."""

_OTHER_FORMATS = frozenset("doc docx excel html json md ods odt pdf png ppt pptx rtf svg tsv txt word xls xml".split())
"""Formats that people ask for and that there are none of; no words of days."""


class ReportName(StrEnum):
    """The reports that there are."""

    _ignore_ = "names name"
    names = vars()
    for name in REPORTS:
        names[name] = name


@area.command(role=Role.MEMBER, cost=Cost.JOB, job=EXPORT)
async def export(
    ctx: Context,
    report: ReportName,
    range_: RangeWords = "",
    format: TableFormat | None = None,
    from_: str = "",
    to: str = "",
    by: str = "",
    top: Top = None,
) -> Reply:
    """Put a report into a file, with all its rows.

    Args:
        report: which one, such as `sales`
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`
        format: `csv` (unless given) or `xlsx`
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        by: what it is by, as the report takes it, such as `product`
        top: how many rows, such as `100`; all unless given

    Examples:
        /report export sales
        /report export sales xlsx last month by:product
        /report export top-customers top:100
    """
    chosen = REPORTS[report.value]
    check_role(ctx, chosen)
    kind, days = _format(range_, format)
    given = {"range_": days, "from_": from_, "to": to, "by": by, "top": top}
    arguments = _taken(chosen, {name: value for name, value in given.items() if value not in ("", None)})
    takes = {parameter.python_name for parameter in chosen.command.parameters}
    arguments = {name: value for name, value in _WHOLE.items() if name in takes} | arguments
    told = await chosen.report.function(ctx, **arguments)
    if told.is_empty or not told.tables:
        return told
    services = ctx.services
    tables = TableExport(services.transactions, services.files, services.supplies.workbooks)
    day = ctx.now.astimezone(zone(ctx.actor.zone)).date().isoformat()
    table = await asyncio.to_thread(texts.file_table, told)
    file = await tables.run(ctx.actor, f"{report.value}-{day}", table, kind)
    return texts.exported(told, file)


def _format(words: str, given: TableFormat | None) -> tuple[TableFormat, str]:
    """Return the format, which may stand before the days (`xlsx last month`), and the words of the days.

    Raises `InvalidArgumentError` for a format that there is none of.
    """
    first, _, days = words.strip().partition(" ")
    if first.lower() in _OTHER_FORMATS:
        raise InvalidArgumentError("format", "no_such_format", value=first, choices=tuple(choice_words(TableFormat)))
    if given is None and first.lower() in choice_words(TableFormat):
        return TableFormat(first.lower()), days
    return given or TableFormat.CSV, words


def _taken(chosen: Shown, given: Mapping[str, object]) -> dict[str, object]:
    """Return what is given as the report takes it; raises `InvalidArgumentError` for what it does not."""
    taken = {parameter.python_name: parameter for parameter in chosen.command.parameters}
    arguments: dict[str, object] = {}
    for name, value in given.items():
        argument = name.rstrip("_")
        if name not in taken:
            raise InvalidArgumentError(argument, "not_of_report", report=chosen.report.name)
        choices = choice_words(taken[name].type) if taken[name].argument.choices else {}
        word = str(value).strip().lower()
        if choices and word not in choices:
            raise InvalidArgumentError(argument, "not_a_choice", value=value, choices=tuple(choices), near="")
        arguments[name] = choices[word] if choices else value
    return arguments
