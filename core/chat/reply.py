"""What a command answers, as neutral data: renderers decide how it looks and what has to become a page or a file."""

from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from typing import Literal

from core.chat.text import Span, Text
from core.shared.value_objects import value_object

Cell = str | int | float | bool | None | tuple[Span, ...]
"""A value of a table or field: numbers as numbers, money as decimal strings, times as ISO 8601, people as text."""

ColumnKind = Literal["text", "number", "money", "date", "moment", "people"]


class Visibility(StrEnum):
    """Who sees an answer."""

    PRIVATE = "private"
    CHANNEL = "channel"


class Style(StrEnum):
    """How much a button asks for attention."""

    DEFAULT = "default"
    PRIMARY = "primary"
    DANGER = "danger"


class Placement(StrEnum):
    """Where the answer to a pressed button goes."""

    MESSAGE = "message"
    """A new message."""
    UPDATE = "update"
    """In place of the message that held the button."""


@value_object
class Later:
    """How far off a moment is from when it is chosen: so many minutes, or so many days and then that hour."""

    minutes: int = 0
    days: int = 0
    hour: int | None = None


@value_object
class Choice:
    """One entry of a select: its label and the command it runs; `later` is when that will be, for who can tell then."""

    label: str
    command: str
    id: str = ""
    later: Later | None = None


@value_object
class Action:
    """A button (or, with `choices`, a select) that runs a command as whoever presses it.

    `id` is the opaque id of the stored action, given by the router before anything is rendered; so are those of the
    choices. `once`: later presses answer the first result. `only` limits pressing to one member. `then` is a read
    command whose reply takes the place of the message that held the button. `confirm` is asked first where the platform
    can. One that `sorts` has a choice for each column, by its label, that the whole list can be sorted by.
    """

    label: str
    command: str = ""
    style: Style = Style.DEFAULT
    placement: Placement = Placement.MESSAGE
    once: bool = False
    only: int | None = None
    then: str | None = None
    confirm: str | None = None
    choices: tuple[Choice, ...] = ()
    id: str = ""
    sorts: bool = False


@value_object
class Column:
    """A column: the stable `key` that scripts use, the heading people read, and how its values are to be shown.

    What is `implied` tells nothing that the reader does not know; a column that `joins` another, named by its key, can
    be a sign in that one's cells. Either may be left out where room is short. The rows come in the order of one that is
    `ordered`, whichever page they are on.
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    implied: bool = False
    joins: str = ""
    ordered: bool = False


@value_object
class Row:
    """The cells of one row, in the order of the columns, the buttons that belong to it, and whether it stands out."""

    cells: tuple[Cell, ...]
    actions: tuple[Action, ...] = ()
    mark: Literal["", "warning", "done"] = ""


@value_object
class Table:
    """Rows and columns; the first column names the row."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = ()


ChartKind = Literal["bar", "line", "pie", "stacked", "heat"]


@value_object
class Series:
    """One named line, bar, set of segments or row of a heat map: a value for each label of its chart.

    What is no number stands for a value that is not there.
    """

    name: str
    values: tuple[float, ...]


@value_object
class Chart:
    """A chart with its labels and series, and the sentence that says the same in words.

    Its figures come as a table too. Values are in `unit`, the code of a currency or a word such as `tasks`; the axes
    are named by what the labels and the values are (`Day`, `Sales`). `caption` is what has to be known with it, such as
    the range and its zone. The colours of a heat map run from the least to the most of all its values or, `by_row`, of
    each row's.
    """

    title: str
    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    summary: str
    unit: str = ""
    label_axis: str = ""
    value_axis: str = ""
    caption: str = ""
    by_row: bool = False

    @property
    def has_values(self) -> bool:
        """Tell whether there is anything to draw."""
        return any(isfinite(value) for series in self.series for value in series.values[: len(self.labels)])


@value_object
class FileLink:
    """A stored file that comes with the answer: its id in the file store, name, media type and size in bytes."""

    id: str
    name: str
    media_type: str
    size: int


@value_object
class Field:
    """A labelled value; `key` is what scripts use. What is `implied` tells people nothing, and is for scripts alone."""

    key: str
    label: str
    value: Cell
    kind: ColumnKind = "text"
    implied: bool = False


FieldKind = Literal["line", "lines", "choice", "flag", "due", "members", "channel", "file", "integer", "record"]


@value_object
class FormField:
    """One input of a form; `name` is the argument of the command it fills.

    `labels` are what people read for its choices, where that is not what they type. Emptying a `clearable` one
    that came with a value takes that away. One that `stays` came with what there is, and is submitted only if it was
    changed: what somebody else changed meanwhile stays.
    """

    name: str
    label: str
    kind: FieldKind
    required: bool
    hint: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    many: bool = False
    clearable: bool = False
    stays: bool = False
    error: str = ""


@value_object
class Form:
    """Inputs for the arguments of `command` (`area action`); `fixed` are arguments already given, as typed text.

    `about` is what the one record is called that it is about, where that is known. One that `repeats` is filled in
    again and again: where it can stay open, it does.
    """

    title: str
    command: str
    fields: tuple[FormField, ...]
    fixed: Mapping[str, str]
    submit: str = "OK"
    intro: str = ""
    about: str = ""
    repeats: bool = False

    @property
    def clearable(self) -> tuple[str, ...]:
        """Return the names of the inputs that came with what may be taken away."""
        return tuple(field.name for field in self.fields if field.clearable and field.value)


@value_object
class Problem:
    """What went wrong, for people and scripts: a stable code, one sentence, what to do next, the argument at fault."""

    code: str
    message: str
    hint: str = ""
    field: str | None = None
    reference: str = ""


@value_object
class Reply:
    """The whole answer of a command.

    `original` takes the place of the message whose button was pressed; `undo` is the button that takes the change back.
    `progress` runs from 0 to 1 while a job is under way. `zone` is where people are told instants of: its reader's,
    unless it has one of its own. One that `is_empty` says that there is nothing to tell, which nobody has to be told
    who did not ask. `footer` is small print: where it comes from, and how to have it otherwise. `besides` is for
    whoever asked alone, in a message of its own after the answer. One that reports a problem and `keeps` what was
    written says with it why.
    """

    title: str = ""
    text: Text = ()
    visibility: Visibility = Visibility.PRIVATE
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    files: tuple[FileLink, ...] = ()
    actions: tuple[Action, ...] = ()
    form: Form | None = None
    problem: Problem | None = None
    placement: Placement = Placement.MESSAGE
    original: "Reply | None" = None
    progress: float | None = None
    zone: str = ""
    is_empty: bool = False
    footer: Text = ()
    besides: "Reply | None" = None
    keeps: bool = False

    @property
    def shown_fields(self) -> tuple[Field, ...]:
        """Return the fields that people are shown."""
        return tuple(field for field in self.fields if not field.implied)

    @property
    def ok(self) -> bool:
        """Tell whether the command did what was asked."""
        return self.problem is None
