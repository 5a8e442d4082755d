"""A reply as readable text, for a terminal or a pipe."""

import re
from collections.abc import Iterator
from functools import partial

from adapters.platforms.cells import in_zone
from adapters.platforms.tables import places_of
from adapters.platforms.terminal.layout import column_widths, pad, table_lines, width, wrap
from adapters.platforms.terminal.values import safe, shown
from core.chat.reply import Action, Chart, Field, FileLink, Form, Problem, Reply, Table
from core.chat.text import plain
from core.shared.value_objects import value_object

_GAP = 2
_WIDE = 60
"""Cells of a screen that has room for charts beside the tables."""

_RIGHT = ("number", "money")
_BOLD, _DIM, _RED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"


@value_object
class Screen:
    """Where it is shown: how many cells wide (None: as wide as it needs, for a pipe) and whether in colours."""

    columns: int | None = None
    colours: bool = False

    def paint(self, text: str, code: str) -> str:
        """Return the text in a colour, where there are colours."""
        return f"{code}{text}{_PLAIN}" if self.colours and text else text


def render_text(reply: Reply, *, columns: int | None = None, colours: bool = False) -> str:
    """Return the whole reply as text that ends with a line break; nothing that it says is left out."""
    screen = Screen(columns, colours)
    parts = ["\n".join(part) for part in _parts(in_zone(reply), screen)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(reply: Reply, screen: Screen) -> Iterator[list[str]]:
    if reply.problem:
        yield list(_problem(reply.problem, screen))
    if reply.title:
        yield [screen.paint(_line(reply.title), _BOLD)]
    if reply.text:
        yield safe(plain(reply.text)).splitlines()
    if reply.progress is not None:
        yield [f"{reply.progress:.0%} done"]
    if reply.shown_fields:
        yield list(_fields(reply.shown_fields))
    for table in reply.tables:
        yield list(_table(table, screen, reply.title))
    told = {table.title for table in reply.tables if table.title}
    for chart in reply.charts:
        # A chart under the same title as a table draws the figures that are in the table already: for eyes alone.
        if chart.title not in told or (screen.columns or 0) >= _WIDE:
            yield list(_chart(chart, screen, plain(reply.text)))
    if reply.files:
        yield [_file(file) for file in reply.files]
    if reply.form:
        yield list(_form(reply.form, screen))
    if reply.footer:
        yield [screen.paint(line, _DIM) for line in safe(plain(reply.footer)).splitlines()]
    if reply.actions:
        yield [screen.paint(line, _DIM) for action in reply.actions for line in _action(action)]


def _line(text: str) -> str:
    return " ".join(safe(text).split())


def _problem(problem: Problem, screen: Screen) -> Iterator[str]:
    yield screen.paint(_line(problem.message), _RED)
    if problem.hint:
        yield from safe(problem.hint).splitlines()
    if problem.reference:
        yield f"Reference: {_line(problem.reference)}"


def _fields(fields: tuple[Field, ...]) -> Iterator[str]:
    labels = [f"{_line(field.label)}:" for field in fields]
    widest = max(map(width, labels))
    for label, field in zip(labels, fields, strict=True):
        yield f"{pad(label, widest)}  {shown(field.value, field.kind, key=field.key)}"


def _table(table: Table, screen: Screen, title: str) -> Iterator[str]:
    if table.title and table.title != title:
        yield screen.paint(_line(table.title), _BOLD)
    headings = [_line(column.label) for column in table.columns]
    kinds = [column.kind for column in table.columns]
    columns = zip(table.columns, places_of(table), strict=True)
    words = [partial(shown, kind=one.kind, places=places, key=one.key) for one, places in columns]
    rows = [[word(cell) for word, cell in zip(words, row.cells, strict=True)] for row in table.rows]
    shrinkable = [kind not in _RIGHT for kind in kinds]
    widths = column_widths([headings, *rows], shrinkable, screen.columns, _GAP)
    if widths is None:
        yield from _records(headings, rows)
    else:
        lines = table_lines([headings, *rows], widths, [kind in _RIGHT for kind in kinds], _GAP)
        marks = ["", *(row.mark for row in table.rows)]
        for number, (row, mark) in enumerate(zip(lines, marks, strict=True)):
            code = _BOLD if not number else {"warning": _RED, "done": _DIM}.get(mark, "")
            yield from (screen.paint(line, code) if code else line for line in row)
    if table.note:
        yield from safe(plain(table.note)).splitlines()


def _records(headings: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Yield a table that is too wide for the screen as one block a row."""
    widest = max(map(width, headings))
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield from (f"{pad(name, widest)}  {value}" for name, value in zip(headings, row, strict=True))


def _chart(chart: Chart, screen: Screen, said: str) -> Iterator[str]:
    # Most of what is answered has no chart.
    from adapters.charts.words import below_words
    from adapters.platforms.terminal.charts import chart_lines

    yield screen.paint(_line(chart.title), _BOLD)
    yield from chart_lines(chart, screen.columns)
    words = _line(below_words(chart, said))
    if words:
        yield from wrap(words, screen.columns) if screen.columns else [words]


def _file(file: FileLink) -> str:
    return f"File: {_line(file.name)} ({file.media_type}, {file.size:,} bytes), stored as {file.id}"


def _form(form: Form, screen: Screen) -> Iterator[str]:
    """Yield what a form would ask for, since a command line has none."""
    yield screen.paint(f"/{form.command} takes:", _BOLD)
    names = [f"{field.name}:" if field.required else f"[{field.name}:]" for field in form.fields]
    widest = max(map(width, names), default=0)
    for name, field in zip(names, form.fields, strict=True):
        is_told = all(re.search(rf"\b{re.escape(choice)}\b", field.hint) for choice in field.choices)
        choices = "" if is_told else f" ({', '.join(field.choices)})"
        error = f" {_line(field.error)}" if field.error else ""
        yield f"  {pad(name, widest)}  {_line(field.hint or field.label)}{choices}{error}"


def _action(action: Action) -> Iterator[str]:
    """Yield the command behind a button, to be typed."""
    if action.command and not action.choices:
        yield f"{_line(action.label)}: {_line(action.command)}"
    for choice in action.choices:
        yield f"{_line(action.label)}, {_line(choice.label)}: {_line(choice.command)}"
