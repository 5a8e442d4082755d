"""Replies as the JSON document that scripts rely on."""

import json
from math import nan

from adapters.platforms.terminal import document
from core.chat.reply import Chart, Reply, Series
from tests.unit.adapters.terminal.replies import FORM, FULL, REFUSED


def test_the_whole_document_with_typed_values() -> None:
    assert json.loads(json.dumps(document(FULL))) == {
        "ok": True,
        "visibility": "channel",
        "title": "Open tasks in general",
        "text": "Added Buy milk for @Ana.\nSee the list (https://shop.example/x) or /task list",
        "fields": {"number": 12, "overdue": True, "due": "2030-05-01T07:30:00+00:00", "total": "12.50", "notes": None},
        "tables": [
            {
                "title": "Open tasks in general",
                "columns": ["number", "title", "due", "assignees"],
                "rows": [
                    [9, "Buy milk", "2030-05-01T09:30:00+02:00", "@Ana"],
                    [10, "牛乳を買う 🥛", "2030-05-02", ""],
                    [11, "Café", None, "@Ana, @Ben"],
                ],
            }
        ],
        "charts": [
            {
                "title": "By priority",
                "kind": "bar",
                "labels": ["high", "low"],
                "series": [{"name": "Open", "values": [6.0, 3.0]}],
                "summary": "high 6, low 3.",
            }
        ],
        "files": [{"id": "F1", "name": "tasks.csv", "media_type": "text/csv", "size": 12345}],
        "actions": [
            {"label": "Undo", "command": "/qm undo U1"},
            {"label": "Snooze: 20 minutes", "command": "/task snooze 9 in 20 min"},
        ],
    }


def test_a_refusal_has_its_code_message_hint_and_field() -> None:
    assert document(REFUSED) == {
        "ok": False,
        "visibility": "private",
        "error": {
            "code": "not_found",
            "message": "There is no task #99.",
            "hint": "`/task list` shows the open ones.",
            "field": "task",
            "reference": "R1",
        },
    }


def test_what_does_not_apply_is_left_out() -> None:
    assert document(Reply(title="Done")) == {"ok": True, "visibility": "private", "title": "Done"}


def test_a_form_is_an_error_that_names_what_is_missing() -> None:
    found = document(FORM)
    assert found["ok"] is False
    assert found["error"] == {
        "code": "missing_argument",
        "message": "/task add needs more: title.",
        "hint": "Give it with the command, such as title:… .",
        "field": "title",
    }


def test_a_chart_says_what_its_values_are_in_and_which_are_not_there() -> None:
    chart = Chart(
        "Sales",
        "line",
        ("1 Nov", "2 Nov"),
        (Series("Net", (1234.5, nan)),),
        "Up.",
        "GBP",
        "Day",
        "Net",
        "Europe/London",
    )
    assert document(Reply(charts=(chart,)))["charts"] == [
        {
            "title": "Sales",
            "kind": "line",
            "labels": ["1 Nov", "2 Nov"],
            "series": [{"name": "Net", "values": [1234.5, None]}],
            "summary": "Up.",
            "unit": "GBP",
            "label_axis": "Day",
            "value_axis": "Net",
            "caption": "Europe/London",
        }
    ]
