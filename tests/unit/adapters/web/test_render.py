import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from adapters.platforms.web.render import (
    MAX_ROWS,
    action_ids,
    action_set,
    render_catalogue,
    render_completions,
    render_form,
    render_message,
    render_offers,
    render_people,
    render_reply,
    render_text,
)
from bot.grammar.declaration import DeclarationError
from bot.grammar.registry import Registry
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
    Style,
    Table,
    Visibility,
)
from core.chat.spec import Catalogue, Completion, Offer
from core.chat.text import Bold, Code, Link, Mention, Moment, text
from core.messages.model import Message
from core.people.model import Member, Role
from tests.support.notes import NOTE_AREA

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def prove(channel: int, seq: int, name: str) -> str:
    return f"{channel}/{seq}/{name}"


def message(**values: object) -> Message:
    kept: dict[str, object] = {
        "channel_id": 3,
        "seq": 7,
        "change": 9,
        "author_id": None,
        "only": None,
        "text": "",
        "reply": None,
        "created_at": AT,
        "updated_at": AT,
    }
    return Message(**{**kept, **values})  # type: ignore[arg-type]


def test_spans_keep_their_kinds_and_words_stay_words() -> None:
    shown = render_text(
        text(
            "a <b> ", Bold("B"), Code("/task"), Mention(4, "Ann"), Moment(AT, "Fri"), Link("home", "https://x.example")
        )
    )

    assert shown == [
        "a <b> ",
        {"kind": "bold", "text": "B"},
        {"kind": "code", "text": "/task"},
        {"kind": "mention", "id": 4, "text": "Ann"},
        {"kind": "moment", "at": "2026-11-20T09:30:00Z", "text": "Fri"},
        {"kind": "link", "text": "home", "url": "https://x.example"},
    ]


def test_an_address_that_is_no_web_page_is_not_to_be_clicked() -> None:
    assert render_text((Link("run", "javascript:alert(1)"),)) == ["run (javascript:alert(1))"]


def test_a_persons_line() -> None:
    shown = render_message(message(author_id=5, only=5, text="/task list"), prove)

    assert (shown["author"], shown["private"], shown["text"]) == (5, True, "/task list")
    assert "reply" not in shown
    assert shown["edited"] is False


def test_a_reply_proves_which_buttons_it_held() -> None:
    table = Table("", (Column("number", "No.", "number"),), (Row((1,), (Action("Done", "task done 1", id="SET.1"),)),))
    snooze = Action("Snooze", choices=(Choice("20 min", "task snooze 1 20m", "OTHER.0.0"),), id="OTHER.0")
    reply = Reply(title="Open tasks", tables=(table,), actions=(snooze,))
    shown = render_message(message(reply=reply, answers=6), prove)

    assert shown["proofs"] == {"OTHER": "3/7/OTHER", "SET": "3/7/SET"}
    assert shown["answers"] == 6
    assert list(action_ids(reply)) == ["OTHER.0", "OTHER.0.0", "SET.1"]
    assert action_set("OTHER.0.0") == "OTHER"


def test_a_reply_leaves_out_what_does_not_apply() -> None:
    assert render_reply(Reply(text=text("Hello"))) == {"text": ["Hello"], "private": True}
    assert render_reply(Reply(footer=text("By Ann"))) == {"footer": ["By Ann"], "private": True}


def test_columns_tell_how_many_decimal_places_their_figures_have() -> None:
    table = Table("", (Column("a", "A", "number"), Column("b", "B", "number")), (Row((3, 1)), Row((3.25, 2))))
    shown = cast("dict[str, Any]", render_reply(Reply(tables=(table,))))
    assert [column.get("places") for column in shown["tables"][0]["columns"]] == [2, None]


def test_a_reply_with_everything_is_plain_json() -> None:
    reply = Reply(
        title="All",
        text=text("words"),
        visibility=Visibility.CHANNEL,
        fields=(Field("due", "Due", text("today"), "text"), Field("price", "Price", "0.50", "money")),
        tables=(
            Table("T", (Column("a", "A"),), (Row((None,), mark="warning"), Row((text(Bold("x")),))), text("note")),
        ),
        charts=(Chart("C", "bar", ("a",), (Series("s", (1.5,)),), "One bar."),),
        files=(FileLink("F1", "tasks.csv", "text/csv", 12),),
        actions=(Action("Undo", "qm undo", Style.DANGER, confirm="Sure?", only=2, id="S.0"),),
        problem=Problem("not_found", "No.", "Try again.", "task"),
        progress=1.7,
    )
    shown = json.loads(json.dumps(render_reply(reply)))

    assert shown["fields"][1] == {"key": "price", "label": "Price", "value": "0.50", "kind": "money"}
    assert shown["tables"][0]["rows"][0] == {"cells": [None], "actions": [], "mark": "warning"}
    assert shown["charts"][0]["series"] == [{"name": "s", "values": [1.5]}]
    assert shown["files"] == [{"id": "F1", "name": "tasks.csv", "type": "text/csv", "size": 12}]
    assert shown["actions"][0] | {"style": "danger", "confirm": "Sure?", "only": 2} == shown["actions"][0]
    assert shown["problem"]["field"] == "task"
    assert shown["progress"] == 1.0
    assert shown["private"] is False


def test_a_very_long_table_says_how_long_it_is() -> None:
    rows = tuple(Row((number,)) for number in range(MAX_ROWS + 5))
    shown = json.loads(json.dumps(render_reply(Reply(tables=(Table("", (Column("n", "N"),), rows),)))))

    assert len(shown["tables"][0]["rows"]) == MAX_ROWS
    assert shown["tables"][0]["total"] == MAX_ROWS + 5


def test_a_form_carries_its_fields_and_what_was_given() -> None:
    field = FormField("title", "Title", "line", required=True, hint="what", value="Milk", error="Too long.")
    shown = render_form(Form("Task: add", "task add", (field,), {"task": "12"}, "Add", "Adds a task."))

    assert json.loads(json.dumps(shown)) == {
        "title": "Task: add",
        "command": "task add",
        "fields": [
            {
                "name": "title",
                "label": "Title",
                "kind": "line",
                "required": True,
                "hint": "what",
                "value": "Milk",
                "choices": [],
                "labels": [],
                "many": False,
                "clearable": False,
                "stays": False,
                "error": "Too long.",
            }
        ],
        "fixed": {"task": "12"},
        "submit": "Add",
        "intro": "Adds a task.",
        "repeats": False,
    }


def test_people_who_left_keep_their_names() -> None:
    members = [Member(1, "Ann", Role.OWNER, "", "", active=True), Member(2, "Ben", Role.GUEST, "", "", active=False)]

    assert [(person["name"], person["active"]) for person in render_people(members)] == [("Ann", True), ("Ben", False)]


def test_completions_and_an_empty_catalogue() -> None:
    assert render_completions([Completion("/task", "Tasks", "/task ", 0, 3)]) == [
        {"label": "/task", "detail": "Tasks", "insert": "/task ", "start": 0, "end": 3}
    ]
    assert render_catalogue(Catalogue((), ())) == []


def test_areas_say_what_to_begin_with_and_which_commands_take_a_file() -> None:
    note = replace(NOTE_AREA.area, offers=(Offer("add", "Keep a note", "Buy milk", "plus"), Offer("list", "Look")))
    catalogue = Registry.of([note], "acme-").catalogue
    assert render_offers(catalogue) == [
        {"line": "/acme-note add Buy milk", "title": "Keep a note", "icon": "plus"},
        {"line": "/acme-note list", "title": "Look", "icon": "list"},
    ]
    commands = cast("list[dict[str, object]]", render_catalogue(catalogue))
    assert [command["name"] for command in commands if command["takes_file"]] == ["acme-note import"]
    with pytest.raises(DeclarationError):
        Registry.of([replace(note, offers=(Offer("fly", "Fly"),))])
