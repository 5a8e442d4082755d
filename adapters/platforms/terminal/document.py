"""A reply as the JSON document that scripts rely on. Its shape is fixed; new keys may come, none may go.

    {"ok": true, "visibility": "private", "title": "…", "text": "…", "fields": {"number": 12, …},
     "tables": [{"title": "…", "columns": ["number", "title", …], "rows": [[12, "Buy milk", …], …]}],
     "charts": [{"title", "kind", "labels", "series": [{"name", "values"}], "summary", "unit", "label_axis", …}],
     "files": [{"id", "name", "media_type", "size"}], "actions": [{"label": "Undo", "command": "/qm undo …"}],
     "footer": "…", "error": {"code": "not_found", "message": "…", "hint": "…", "field": "task"}}

What does not apply is left out. Rows have their values in the order of `columns`; `fields` has them by key.
"""

from collections.abc import Iterator
from typing import Any, cast

from adapters.platforms.terminal.values import typed
from core.chat.reply import Action, Chart, Form, Problem, Reply, Table
from core.chat.text import plain

_ALWAYS = ("title", "kind", "labels", "series", "summary")
"""Of a chart."""

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def document(reply: Reply) -> dict[str, Any]:
    """Return the document of a reply."""
    ok = reply.ok and reply.form is None
    found: dict[str, Json] = {
        "ok": ok,
        "visibility": reply.visibility.value,
        "title": reply.title,
        "text": plain(reply.text),
        "footer": plain(reply.footer),
        "fields": {field.key: typed(field.value) for field in reply.fields},
        "tables": [_table(table) for table in reply.tables],
        "charts": [_chart(chart) for chart in reply.charts],
        "files": [
            {"id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size} for file in reply.files
        ],
        "actions": [_action(label, command) for label, command in _commands(reply.actions)],
    }
    kept = {key: value for key, value in found.items() if value not in ("", [], {})}
    if reply.problem:
        kept["error"] = _error(reply.problem)
    elif reply.form:
        kept["error"] = _incomplete(reply.form)
    return kept


def _table(table: Table) -> Json:
    rows: list[Json] = [[typed(cell) for cell in row.cells] for row in table.rows]
    return {"title": table.title, "columns": [column.key for column in table.columns], "rows": rows}


def _chart(chart: Chart) -> Json:
    """Return a chart; a value that is not there is null, and what it does not say of itself is left out."""
    from adapters.charts.data import chart_data  # most of what is answered has no chart

    told = chart_data(chart) | {"summary": chart.summary}
    return cast(Json, {key: value for key, value in told.items() if value or key in _ALWAYS})


def _commands(actions: tuple[Action, ...]) -> Iterator[tuple[str, str]]:
    """Yield what can be run next, a select's choices one by one."""
    for action in actions:
        if action.command and not action.choices:
            yield action.label, action.command
        for choice in action.choices:
            yield f"{action.label}: {choice.label}", choice.command


def _action(label: str, command: str) -> Json:
    return {"label": label, "command": command}


def _error(problem: Problem) -> Json:
    error: dict[str, Json] = {"code": problem.code, "message": problem.message}
    if problem.hint:
        error["hint"] = problem.hint
    if problem.field:
        error["field"] = problem.field
    if problem.reference:
        error["reference"] = problem.reference
    return error


def _incomplete(form: Form) -> Json:
    """Return the error that stands for a form: nobody is there to fill it in."""
    wanted = [field.name for field in form.fields if field.required and not field.value] or [
        field.name for field in form.fields
    ]
    return {
        "code": "missing_argument",
        "message": f"/{form.command} needs more: {', '.join(wanted)}.",
        "hint": f"Give it with the command, such as {wanted[0]}:… ." if wanted else "",
        "field": wanted[0] if wanted else None,
    }
