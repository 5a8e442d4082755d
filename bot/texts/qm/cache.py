"""What people read of answers that are kept in memory."""

from collections.abc import Mapping, Sequence

from bot.texts.common import counted_in_full
from bot.texts.dates import moment_cell
from core.chat.reply import Action, Column, Field, Reply, Row, Style, Table
from core.chat.text import Code, Text, lines, text
from core.ports.cache import CacheFigures, Hits, KeptAnswer

MOST_SHOWN = 20
"""Answers that are named one by one; the others are counted."""

_KINDS = (
    Column("kind", "What"),
    Column("entries", "Answers", "number"),
    Column("rows", "Rows", "number"),
    Column("hits", "Hits", "number"),
    Column("misses", "Misses", "number"),
    Column("rate", "Hit rate (%)", "number"),
)
_ANSWERS = (Column("key", "Answer"), Column("rows", "Rows", "number"), Column("at", "Kept since", "moment"))


def shown(figures: CacheFigures, kept: Sequence[KeptAnswer], hits: Mapping[str, Hits], zone: str) -> Reply:
    """Show what is kept of a workspace, how often it was wanted, and how full the cache is."""
    said = "Answers are kept for whoever asks the same again, until the data that they were made of changes."
    actions = (Action("Clear", "/qm cache clear:yes", Style.DANGER),) if kept else ()
    tables = (_kinds(kept, hits), *([_answers(kept, zone)] if kept else []))
    return Reply(title="Cache", text=text(said), fields=tuple(fields(figures)), tables=tables, actions=actions)


def fields(figures: CacheFigures) -> Sequence[Field]:
    """Return how the cache of this process did in all."""
    hits = figures.hits
    return (
        Field("cache_entries", "Answers in the cache", figures.entries, "number"),
        Field("cache_rows", f"Their rows, of {figures.limit:,} at most", figures.rows, "number"),
        Field("cache_hits", "Cache hits", hits.hits, "number"),
        Field("cache_misses", "Cache misses", hits.misses, "number"),
        *([] if hits.rate is None else [Field("cache_hit_rate", "Cache hit rate (%)", _percent(hits), "number")]),
    )


def deleted(key: str, *, was_there: bool) -> Reply:
    """Say whether an answer, or a kind of them, was there to be deleted."""
    if was_there:
        return Reply(text=text("Deleted ", Code(key), " from the cache. It is made anew when it is next asked for."))
    return Reply(text=lines(text(Code(key), " was not in the cache of this process."), _where()))


def cleared(count: int) -> Reply:
    """Say how many answers were kept."""
    if not count:
        return Reply(text=text("The cache was empty already."))
    return Reply(text=text(f"Cleared the cache of {counted_in_full(count, 'answer')}."))


def _where() -> Text:
    return text(Code("/qm cache"), " shows what is; other processes have been told to delete it too.")


def _kinds(kept: Sequence[KeptAnswer], hits: Mapping[str, Hits]) -> Table:
    rows = []
    for kind in sorted({*hits, *(one.kind for one in kept)}):
        own, counted = [one for one in kept if one.kind == kind], hits.get(kind, Hits())
        size = sum(one.rows for one in own)
        rows.append(Row((kind, len(own), size, counted.hits, counted.misses, _percent(counted))))
    return Table("By what is kept", _KINDS, tuple(rows))


def _answers(kept: Sequence[KeptAnswer], zone: str) -> Table:
    left = len(kept) - MOST_SHOWN
    title = f"Newest answers ({left:,} more)" if left > 0 else "Answers"
    return Table(title, _ANSWERS, tuple(_answer(one, zone) for one in kept[:MOST_SHOWN]))


def _answer(one: KeptAnswer, zone: str) -> Row:
    delete = Action("Delete", f"/qm cache delete:{one.key}")
    return Row((one.key, one.rows, moment_cell(one.at, zone)), (delete,))


def _percent(hits: Hits) -> float | None:
    return None if hits.rate is None else round(hits.rate * 100, 1)
