"""Replies as Slack messages; pure. What does not fit comes as a file, and the message says so."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from adapters.charts.data import chart_table
from adapters.charts.words import below_words
from adapters.platforms import chat_texts
from adapters.platforms.cells import cell_text, cell_words, in_zone
from adapters.platforms.documents import Document
from adapters.platforms.slack import blocks
from adapters.platforms.slack.blocks import Block
from adapters.platforms.slack.charts import MOST as MOST_CHARTS
from adapters.platforms.slack.charts import chart_block
from adapters.platforms.slack.controls import controls, rows_of
from adapters.platforms.slack.mrkdwn import SECTION, Mentions, chunks, escape, fallback, mrkdwn, nobody
from adapters.platforms.slack.sheet import Sheet
from adapters.platforms.slack.tables import put_table, spoken_rows
from core.chat.reply import Chart, Field, FileLink, Problem, Reply
from core.chat.text import Bold, Text, coded, lines, plain, text
from core.shared.value_objects import value_object

SPOKEN = 3500
"""Characters of the top-level text; an update takes 4,000."""

_BELOW = 500
"""Characters below a chart."""

_FIELD = 600
"""Characters of a value that still looks like a field; a longer one becomes text of its own."""


class Native(StrEnum):
    """Blocks so new that Slack may refuse them; a message is sent again without."""

    TABLE = "table"
    CHART = "data_visualization"


ALL_NATIVE = frozenset(Native)


@value_object
class Rendered:
    """A message: its text for notifications and screen readers, its blocks, and the files that go with it.

    `documents` were made because something did not fit; `files` are the stored ones that the reply names. `native`
    are the kinds of block in it that Slack may refuse; `charts` those that it does not show, and come as pictures.
    """

    text: str
    blocks: tuple[Block, ...]
    documents: tuple[Document, ...] = ()
    files: tuple[FileLink, ...] = ()
    native: frozenset[Native] = frozenset()
    charts: tuple[Chart, ...] = ()

    @property
    def has_files(self) -> bool:
        """Tell whether files go with it, pictures too."""
        return bool(self.documents or self.files or self.charts)


def render(reply: Reply, mentions: Mentions = nobody, native: frozenset[Native] = ALL_NATIVE) -> Rendered:
    """Return a reply as one message, with the native blocks that may be used."""
    reply = in_zone(reply)
    footer = (blocks.context(piece) for piece in list(chunks(reply.footer, mentions))[:1])
    sheet = Sheet(tail=(*footer, *rows_of(controls(reply.actions))))
    used: set[Native] = set()
    _put_title(sheet, reply.title.strip())
    if reply.problem:
        _put_text(sheet, problem_text(reply.problem), mentions, "problem")
    _put_text(sheet, reply.text, mentions, reply.title)
    if reply.title:
        _put_fields(sheet, reply.shown_fields, mentions)
    else:
        _put_small_fields(sheet, reply.shown_fields, mentions)
    for table in reply.tables:
        may = Native.TABLE in native and Native.TABLE not in used
        if put_table(sheet, table, mentions, native=may, titled=table.title == reply.title):
            used.add(Native.TABLE)
    drawn = _put_charts(sheet, reply, native=Native.CHART in native)
    if drawn:
        used.add(Native.CHART)
    if reply.progress is not None:
        sheet.add(blocks.context(chat_texts.bar(reply.progress)))
    spoken = _cut_spoken(escape(_beginning(_spoken(reply))))
    return Rendered(
        spoken or chat_texts.NOTHING,
        tuple(sheet.finished()),
        tuple(sheet.documents),
        reply.files,
        frozenset(used),
        tuple(chart for chart in reply.charts if chart not in drawn),
    )


def render_bare(reply: Reply) -> Rendered:
    """Return a reply as text alone, for when Slack refuses its blocks; the whole of a long one as a file."""
    words = "\n".join(_spoken(in_zone(reply))) or chat_texts.NOTHING
    if len(escape(words)) <= SPOKEN:
        return Rendered(escape(words), (), (), reply.files, charts=reply.charts)
    sheet = Sheet()
    name = sheet.keep_text(reply.title, words)
    note = chat_texts.goes_on(name)
    shown = _cut_spoken(escape(words), SPOKEN - len(note) - 1)
    return Rendered(f"{shown}\n{escape(note)}", (), tuple(sheet.documents), reply.files, charts=reply.charts)


def problem_text(problem: Problem) -> Text:
    """Return what went wrong and what to do about it."""
    return lines(coded(problem.message), coded(problem.hint))


def _put_title(sheet: Sheet, words: str) -> None:
    if len(words) > blocks.HEADER or "\n" in words:
        _put_text(sheet, (Bold(words),), nobody, "title")
    elif words:
        sheet.add(blocks.header(words))


def _put_text(sheet: Sheet, words: Text, mentions: Mentions, name: str) -> None:
    pieces = chunks(words, mentions)
    for piece in pieces:
        if not sheet.add(blocks.section(piece)):
            sheet.note(chat_texts.goes_on(escape(sheet.keep_text(name or "text", plain(words)))))
            return


def _put_fields(sheet: Sheet, given: Sequence[Field], mentions: Mentions) -> None:
    shown: list[str] = []
    for field in given:
        value = mrkdwn(cell_text(field.value, field.kind), mentions)
        if len(value) > _FIELD:
            long = text(Bold(field.label), "\n", cell_words(field.value, field.kind))
            _put_text(sheet, long, mentions, field.label)
        elif value:
            shown.append(f"*{escape(field.label)}*\n{value}")
    for start in range(0, len(shown), blocks.FIELDS):
        some = shown[start : start + blocks.FIELDS]
        if not sheet.add(blocks.fields(some)):
            rows = [[field.label, cell_words(field.value, field.kind)] for field in given]
            sheet.note(chat_texts.goes_on(escape(sheet.keep_rows("fields", rows))))
            return


def _put_small_fields(sheet: Sheet, given: Sequence[Field], mentions: Mentions) -> None:
    """Put the values that come with a sentence below it in one line: it has said most of them."""
    values = ((field.label, mrkdwn(cell_text(field.value, field.kind), mentions)) for field in given)
    line = " · ".join(f"{escape(label)} {value}" for label, value in values if value)
    if line and (len(line) > SECTION or not sheet.add(blocks.context(line))):
        _put_fields(sheet, given, mentions)


def _put_charts(sheet: Sheet, reply: Reply, *, native: bool) -> list[Chart]:
    """Put the sentence of each chart, and the chart above it where Slack draws it; return those that it draws.

    Of another the figures are there in any case: in the tables of the reply, or else in one of its own.
    """
    drawn: list[Chart] = []
    said = plain(reply.text)
    for chart in reply.charts:
        words = below_words(chart, said)
        block = chart_block(chart) if native and len(drawn) < MOST_CHARTS else None
        if block and sheet.add(block):
            drawn.append(chart)
            if small := escape(blocks.cut(words, _BELOW)).strip():
                sheet.add(blocks.context(small))
            continue
        _put_text(sheet, text(words), nobody, chart.title)
        if not reply.tables and chart.has_values:
            put_table(sheet, chart_table(chart), nobody, native=False, titled=True)
    return drawn


def _spoken(reply: Reply) -> Iterator[str]:
    """Yield all there is to a reply as lines of words."""
    if reply.title:
        yield reply.title
    if reply.problem:
        yield plain(problem_text(reply.problem))
    if reply.text:
        yield plain(reply.text)
    for field in reply.shown_fields:
        words = cell_words(field.value, field.kind)
        if words:
            yield f"{field.label}: {words}"
    for table in reply.tables:
        if table.title and table.title != reply.title:
            yield table.title
        yield from spoken_rows(table)
        if table.note:
            yield plain(table.note)
    yield from (below_words(chart, plain(reply.text)) for chart in reply.charts)
    if reply.footer:
        yield plain(reply.footer)


def _beginning(words: Iterator[str]) -> str:
    """Return as many lines as can be of use; the rest is not even made."""
    found: list[str] = []
    length = 0
    for line in words:
        found.append(line[: SPOKEN + 1])
        length += len(line) + 1
        if length > SPOKEN:
            break
    return "\n".join(found)


def _cut_spoken(words: str, limit: int = SPOKEN) -> str:
    """Return escaped words cut to the limit, never within an entity."""
    if len(words) <= limit:
        return words
    kept = words[: limit - 1]
    start = kept.rfind("&")
    if start > len(kept) - len("&amp;") and ";" not in kept[start:]:
        kept = kept[:start]
    return f"{kept}…"


def short(words: str) -> Rendered:
    """Return one sentence of the adapter's own as a message."""
    return Rendered(fallback(words), ())
