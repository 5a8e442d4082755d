"""Replies that show everything a renderer may meet."""

from datetime import UTC, datetime

from core.chat.reply import (
    Action,
    Chart,
    Choice,
    Column,
    Field,
    FileLink,
    Form,
    FormField,
    Problem,
    Reply,
    Row,
    Series,
    Table,
    Visibility,
)
from core.chat.text import Bold, Code, Link, Mention, Moment, lines, text

AT = datetime(2030, 5, 1, 7, 30, 0, 123, tzinfo=UTC)

COLUMNS = (
    Column("number", "No.", "number"),
    Column("title", "Title"),
    Column("due", "Due", "moment"),
    Column("assignees", "For", "people"),
)

FULL = Reply(
    title="Open tasks in general",
    text=lines(
        text("Added ", Bold("Buy milk"), " for ", Mention(2, "Ana"), "."),
        text("See ", Link("the list", "https://shop.example/x"), " or ", Code("/task list")),
    ),
    visibility=Visibility.CHANNEL,
    fields=(
        Field("number", "No.", 12, "number"),
        Field("overdue", "Overdue", value=True),
        Field("due", "Due", (Moment(AT, "Wed 1 May 09:30"),), "moment"),
        Field("total", "Total", "12.50", "money"),
        Field("notes", "Notes", None),
    ),
    tables=(
        Table(
            "Open tasks in general",
            COLUMNS,
            (
                Row((9, "Buy milk", "2030-05-01T09:30:00+02:00", (Mention(2, "Ana"),)), mark="warning"),
                Row((10, "牛乳を買う 🥛", "2030-05-02", ""), mark="done"),
                Row((11, "Café", None, (Mention(2, "Ana"), ", ", Mention(3, "Ben")))),
            ),
            note=text("3 of 3"),
        ),
    ),
    charts=(Chart("By priority", "bar", ("high", "low"), (Series("Open", (6.0, 3.0)),), "high 6, low 3."),),
    files=(FileLink("F1", "tasks.csv", "text/csv", 12345),),
    actions=(
        Action("Undo", "/qm undo U1", id="A1.0"),
        Action("Snooze", choices=(Choice("20 minutes", "/task snooze 9 in 20 min", "A1.1.0"),), id="A1.1"),
    ),
)

REFUSED = Reply(
    problem=Problem("not_found", "There is no task #99.", "`/task list` shows the open ones.", "task", "R1")
)

FORM = Reply(
    form=Form(
        "Task: add",
        "task add",
        (
            FormField("title", "Title", "line", required=True, hint="What has to be done"),
            FormField("priority", "Priority", "choice", required=False, choices=("low", "high"), error="No such one."),
        ),
        {},
    )
)
