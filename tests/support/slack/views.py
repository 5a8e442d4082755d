"""Modals and Home tabs: what Slack accepts, and the values people enter in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.slack.blocks import check_blocks
from tests.support.slack.elements import ID
from tests.support.slack.messages import Control, Json, controls_in
from tests.support.slack.schema import Report, anything, choice, flag, shape, string, text
from tests.support.slack.world import StoredFile

FILE_INPUT_BYTES = 10 * 1024 * 1024
MODAL = shape(
    {"type": choice("modal"), "title": text(24), "blocks": anything},
    {
        "close": text(24),
        "submit": text(24),
        "private_metadata": string(3000, 0),
        "callback_id": string(255, 0),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "external_id": string(255, 0),
        "submit_disabled": flag,
    },
)
HOME = shape(
    {"type": choice("home"), "blocks": anything},
    {"private_metadata": string(3000, 0), "callback_id": ID, "external_id": ID},
)


class NotAcceptedError(AssertionError):
    """Slack's own client would not let the person do that."""


def check_view(view: Any, kind: str, knows_file: Callable[[str], bool]) -> list[str]:
    """What Slack would refuse in this view; `kind` is modal or home."""
    report = Report()
    (MODAL if kind == "modal" else HOME)(report, "/view", view)
    if isinstance(view, dict) and "blocks" in view:
        check_blocks(report, "/view/blocks", view["blocks"], kind, knows_file)
        has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in view["blocks"] or [])
        if kind == "modal" and has_input and "submit" not in view:
            report.add("submit is required when an input block is in the view", "/view/submit")
    return report.problems


def state_of(blocks: list[Json], chosen: Json) -> Json:
    """The `state.values` of a view or message: what was chosen, else the initial values."""
    values: Json = {}
    for control in controls_in(blocks):
        entry = chosen.get(f"{control.block_id}/{control.action_id}") or initial_value(control)
        if entry is not None:
            values.setdefault(control.block_id, {})[control.action_id] = entry
    return {"values": values}


# The key under which a payload gives each element's value.
VALUE_KEYS = {
    "plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value",
    "rich_text_input": "rich_text_value", "static_select": "selected_option", "external_select": "selected_option",
    "radio_buttons": "selected_option", "overflow": "selected_option", "multi_static_select": "selected_options",
    "multi_external_select": "selected_options", "checkboxes": "selected_options", "users_select": "selected_user",
    "multi_users_select": "selected_users", "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels", "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations", "datepicker": "selected_date",
    "timepicker": "selected_time", "datetimepicker": "selected_date_time", "file_input": "files",
}  # fmt: skip


def initial_value(control: Control) -> Json | None:
    """The value an element starts with; None for elements that hold none."""
    if control.kind in ("button", "overflow", "image"):
        return None
    key = VALUE_KEYS[control.kind]
    initial = control.element.get("initial_" + key.removeprefix("selected_"))
    if initial is None and key in ("files", "selected_options", "selected_users"):
        initial = []
    return {"type": control.kind, key: initial}


def entered(control: Control, value: Any, base_url: str) -> Json:
    """A value entered by a person, in the form of payloads; refuses what Slack's client refuses."""
    kind, key = control.kind, VALUE_KEYS.get(control.kind)
    if key is None:
        raise NotAcceptedError(f"{kind} holds no value")
    if kind in ("external_select", "multi_external_select"):
        # The options came from the app, not from the block: the person hands over what was suggested.
        return {"type": kind, key: value}
    if key == "selected_option":
        value = find_option(control.element, value)
    elif key == "selected_options":
        value = [find_option(control.element, one) for one in value]
    elif key == "files":
        value = [file.public(base_url) for file in _checked_files(control.element, value)]
    elif key == "selected_date_time":
        value = int(value)
    elif key == "value":
        _check_typed(control.element, value)
    return {"type": kind, key: value}


def find_option(element: Json, wanted: str) -> Json:
    """The option with that label or value."""
    groups = [group["options"] for group in element.get("option_groups", [])]
    for options in [element.get("options", []), *groups]:
        for option in options:
            if wanted in (option["text"]["text"], option["value"]):
                return dict(option)
    raise NotAcceptedError(f"no option {wanted!r}")


def _checked_files(element: Json, files: list[StoredFile]) -> list[StoredFile]:
    if len(files) > element.get("max_files", 10):
        raise NotAcceptedError("too many files")
    for file in files:
        if file.length > FILE_INPUT_BYTES:
            raise NotAcceptedError(f"{file.name} is larger than 10 MB")
        kinds = element.get("filetypes")
        if kinds and file.name.rsplit(".", 1)[-1].lower() not in kinds:
            raise NotAcceptedError(f"{file.name} is not one of {kinds}")
    return files


def _check_typed(element: Json, value: str) -> None:
    if len(value) > element.get("max_length", 3000) or len(value) < element.get("min_length", 0):
        raise NotAcceptedError(f"{len(value)} characters do not fit")
    if element["type"] == "number_input":
        try:
            found = float(value)
        except ValueError:
            raise NotAcceptedError(f"{value!r} is not a number") from None
        least, most = (float(element[key]) if key in element else None for key in ("min_value", "max_value"))
        if (least is not None and found < least) or (most is not None and found > most):
            raise NotAcceptedError(f"{value} is out of bounds")


def missing_inputs(blocks: list[Json], chosen: Json) -> list[str]:
    """The labels of the required inputs that are still empty."""
    values = state_of(blocks, chosen)["values"]
    missing = []
    for control in controls_in(blocks):
        if control.block["type"] == "input" and not control.block.get("optional", False):
            entry = values[control.block_id][control.action_id]
            if not entry[VALUE_KEYS[control.kind]]:
                missing.append(control.label)
    return missing


def response_errors(blocks: list[Json], errors: Any) -> dict[str, str] | None:
    """The errors of a `response_action: errors`, or None if they do not point at input blocks."""
    inputs = {block["block_id"] for block in blocks if block["type"] == "input"}
    if not isinstance(errors, Mapping) or not errors or not set(errors) <= inputs:
        return None
    return {str(block_id): str(text) for block_id, text in errors.items()}
