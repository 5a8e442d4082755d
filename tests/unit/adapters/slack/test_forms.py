"""Forms as modals, and back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.platforms.slack import forms
from adapters.platforms.slack.forms import FormState, FormTooLargeError, entered, modal, read_state
from core.chat.reply import FieldKind, Form, FormField
from tests.support.slack.views import check_view

STATE = FormState("task add", {}, "C1", "public", "general", response_url="https://hooks.slack.com/x", since=1.5)


def field(kind: FieldKind, **more: Any) -> FormField:
    given: dict[str, Any] = {"name": kind, "label": kind.title(), "kind": kind, "required": False}
    return FormField(**given | more)


EVERY = (
    field("line", value="Milk", required=True, hint="What"),
    field("lines", value="a\nb"),
    field("choice", choices=("low", "high"), value="HIGH"),
    field("flag", value="yes"),
    field("due", value="tomorrow", error="No such day."),
    field("members", many=True, value="<@U1> @me"),
    field("channel", value="<#C9|shop>"),
    field("file"),
    field("integer", value="3"),
)
FORM = Form("Task: add", "task add", EVERY, {"task": "12"}, "Add", "Add a task & more")


def element(view: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(block["element"] for block in view["blocks"] if block.get("block_id") == name)
    return found


def test_every_kind_of_field_is_an_input_that_slack_takes() -> None:
    view = modal(FORM, STATE, "U7")
    assert check_view(view, "modal", lambda _id: True) == []
    assert forms.input_names(view) == [one.name for one in EVERY]
    assert element(view, "choice")["initial_option"]["value"] == "high"
    assert element(view, "members")["initial_users"] == ["U1", "U7"]
    assert element(view, "channel")["initial_conversation"] == "C9"
    assert element(view, "lines")["multiline"]
    assert element(view, "file")["type"] == "file_input"
    assert next(block for block in view["blocks"] if block.get("block_id") == "due")["hint"]["text"] == "No such day."


def test_names_that_only_the_command_knows_stay_text() -> None:
    view = modal(Form("t", "c", (field("members", many=True, value="@ann <@U1>"),), {}), STATE, "U7")
    assert element(view, "members") == {
        "type": "plain_text_input",
        "max_length": 3000,
        "initial_value": "@ann <@U1>",
        "action_id": "value",
    }


def test_long_titles_and_many_choices_are_kept_within_the_limits() -> None:
    long = field("choice", choices=tuple(f"choice {number} {'x' * 100}" for number in range(150)), label="y" * 3000)
    view = modal(Form("z" * 90, "c", (long,), {}, "s" * 90, "i" * 5000), STATE, "U7")
    assert check_view(view, "modal", lambda _id: True) == []


def test_what_a_modal_remembers_comes_back() -> None:
    view = modal(FORM, STATE, "U7")
    assert read_state(view["private_metadata"]) == STATE
    filled = replace(STATE, clearable=("notes",), came=("q1w2", "e3r4"))
    assert read_state(modal(FORM, filled, "U7")["private_metadata"]) == filled
    with pytest.raises(FormTooLargeError):
        modal(FORM, FormState("c", {"title": "x" * 3000}, "C1", "public", "general"), "U7")


@pytest.mark.parametrize("metadata", ["", "[]", "nothing", '{"command": 1}'])
def test_what_we_did_not_write_is_refused(metadata: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_state(metadata)


def test_values_come_back_as_they_would_be_typed() -> None:
    given: dict[str, Any] = {
        "line": {"type": "plain_text_input", "value": " Milk "},
        "empty": {"type": "plain_text_input", "value": None},
        "choice": {"type": "static_select", "selected_option": {"value": "high"}},
        "unchosen": {"type": "static_select", "selected_option": None},
        "on": {"type": "checkboxes", "selected_options": [{"value": "yes"}]},
        "off": {"type": "checkboxes", "selected_options": []},
        "people": {"type": "multi_users_select", "selected_users": ["U1", "U2"]},
        "person": {"type": "users_select", "selected_user": "U1"},
        "channel": {"type": "conversations_select", "selected_conversation": "C1"},
        "file": {"type": "file_input", "files": [{"id": "F1"}]},
        "integer": {"type": "number_input", "value": "3"},
    }
    values = {name: {"value": state} for name, state in given.items()}
    assert entered(values) == {
        "line": "Milk",
        "choice": "high",
        "on": "yes",
        "off": "no",
        "people": "<@U1> <@U2>",
        "person": "<@U1>",
        "channel": "<#C1>",
        "integer": "3",
    }
    assert forms.entered_files(values) == [{"id": "F1"}]


def test_a_form_of_nothing_but_a_confirmation_is_still_a_modal() -> None:
    view = modal(Form("Remove & forget", "task remove", (), {"task": "1"}), STATE, "U7")
    assert check_view(view, "modal", lambda _id: True) == []
    assert json.loads(view["private_metadata"])["command"] == "task add"
