"""The words of the report on what was done."""

from collections.abc import Sequence
from datetime import date

from bot.texts.common import counted_in_full
from core.chat.reply import Column, Reply, Row, Table
from core.reports.model import Done


def tasks_done(weeks: Sequence[tuple[date, Done]], where: str) -> Reply:
    """Show how many tasks were done in each week, and how many late."""
    title = f"Tasks done in {where}"
    done, late = (sum(getattr(week, name) for _, week in weeks) for name in ("amount", "late"))
    if not done:
        return Reply(title=title, text=(f"No tasks were done in the last {len(weeks)} weeks.",))
    columns = (Column("week", "Week of", "date"), Column("done", "Done", "number"), Column("late", "Late", "number"))
    rows = tuple(Row((monday.isoformat(), week.amount, week.late)) for monday, week in weeks)
    said = f"{counted_in_full(done, 'task')} done in {len(weeks)} weeks, {late:,} of them late."
    return Reply(title=title, text=(said,), tables=(Table(title, columns, rows),))
