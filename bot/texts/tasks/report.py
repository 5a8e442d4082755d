"""The words of the report on what was done."""

from bot.texts.common import counted_in_full, sentence_case
from bot.texts.figures import days_words, more_or_less, part_of, span_labels
from core.chat.reply import Chart, Column, Field, Reply, Row, Series, Table
from core.chat.text import lines
from core.dates.ranges import Spans
from core.tasks.done import DoneSpans

_COLUMNS = {Spans.DAY: ("day", "Day"), Spans.WEEK: ("week", "Week of"), Spans.MONTH: ("month", "Month")}
_MONTH_LENGTH = len("2010-12")


def tasks_done(found: DoneSpans, where: str, zone: str) -> Reply:
    """Show how many tasks were done in each span of days, and how many late."""
    days, whole = days_words(found.range), found.whole
    title = f"Tasks done in {where}, {days}"
    if not whole.amount:
        return Reply(title=title, text=(f"No tasks were done {days}.",), is_empty=True)
    late = part_of(whole.late, whole.amount)
    before = found.range.before
    compared = more_or_less(whole.amount, found.before.amount, days_words(before)) if before and found.before else ""
    said = f"{counted_in_full(whole.amount, 'task')} done {days}{compared}; {whole.late:,} late ({late:g} %)."
    key, label = _COLUMNS[found.by]
    columns = (
        Column(key, label, "text" if found.by is Spans.MONTH else "date"),
        Column("done", "Done", "number"),
        Column("late", "Late", "number"),
        Column("percent", "Late in %", "number"),
    )
    rows = tuple(
        Row((_cell(found.by, first.isoformat()), done.amount, done.late, part_of(done.late, done.amount)))
        for first, done in found.spans
    )
    return Reply(
        title=title,
        text=lines(said, f"Days are those of {zone}."),
        fields=(Field("done", "Done", whole.amount, "number"), Field("late", "Late", whole.late, "number")),
        tables=(Table(title, columns, rows),),
        charts=(_chart(title, found, said, zone),),
    )


def _cell(by: Spans, first: str) -> str:
    return first[:_MONTH_LENGTH] if by is Spans.MONTH else first


def _chart(title: str, found: DoneSpans, summary: str, zone: str) -> Chart:
    return Chart(
        title,
        "stacked",
        span_labels(found.by, (first for first, _ in found.spans), found.range),
        (
            Series("In time", tuple(float(done.amount - done.late) for _, done in found.spans)),
            Series("Late", tuple(float(done.late) for _, done in found.spans)),
        ),
        summary,
        unit="tasks",
        label_axis=_COLUMNS[found.by][1],
        value_axis="Tasks done",
        caption=sentence_case(f"{days_words(found.range)}, days of {zone}"),
    )
