"""Forms as modals, and what people entered in them as arguments; pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from adapters.platforms import chat_texts
from adapters.platforms.slack import blocks, texts
from adapters.platforms.slack.blocks import Block
from adapters.platforms.slack.mrkdwn import escape
from core.chat.reply import Form, FormField
from core.shared.value_objects import value_object

CALLBACK = "quartermaster_form"
METADATA = 3000
TITLE = 24
LABEL = 2000
INPUT = 3000
ELEMENT = "value"
"""The `action_id` of every input; its block is named after the argument."""

FILES = 10
_USER = re.compile(r"<@([A-Za-z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([A-Za-z0-9]+)(?:\|[^<>]*)?>")
_ME = "@me"
_WIDE = ("lines",)


class FormTooLargeError(ValueError):
    """A form carries more along than a modal can hold."""


@value_object
class FormState:
    """What a modal has to remember: what it runs, and where its answer belongs.

    `action` is the pressed button that opened it, if any; `fixed` are arguments already given. `since` is when the
    `response_url` was made, in seconds since the epoch. `origin` is the link of the message that it is about.
    `clearable` are the inputs that came with what is taken away by emptying them; `came` are the marks of what stays.
    """

    command: str
    fixed: Mapping[str, str]
    channel: str
    kind: str
    name: str
    action: str = ""
    thread: str = ""
    response_url: str = ""
    since: float = 0.0
    message: str = ""
    in_home: bool = False
    origin: str = ""
    clearable: Sequence[str] = ()
    came: Sequence[str] = ()


def modal(form: Form, state: FormState, user: str) -> Block:
    """Return the view of a form; raises `FormTooLargeError`. `user` is who fills it in."""
    metadata = json.dumps(asdict(state), separators=(",", ":"), ensure_ascii=False)
    if len(metadata) > METADATA:
        raise FormTooLargeError
    words = "\n".join(filter(None, (form.about, form.intro)))
    intro = [blocks.context(blocks.cut(escape(words), blocks.FIELD))] if words else []
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": metadata,
        "title": blocks.plain_text(form.title, TITLE),
        "submit": blocks.plain_text(form.submit or texts.GO_AHEAD, TITLE),
        "close": blocks.plain_text("Cancel", TITLE),
        "blocks": [*intro, *(_input(field, user) for field in form.fields)] or [blocks.section(escape(form.title))],
    }


def read_state(metadata: str) -> FormState:
    """Return what a modal remembered; raises `ValueError` for anything else."""
    given = json.loads(metadata)
    if not isinstance(given, dict):
        raise ValueError("not a form's state")  # noqa: TRY004 - callers expect one kind of error
    fixed = {str(name): str(value) for name, value in dict(given.pop("fixed", {})).items()}
    clearable, came = (tuple(given.pop(name, ())) for name in ("clearable", "came"))
    known = {name: value for name, value in given.items() if name in {field.name for field in fields(FormState)}}
    return FormState(fixed=fixed, clearable=clearable, came=came, **known)


def entered(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a modal's inputs as argument texts; empty ones are left out."""
    found = {name: _entered(next(iter(state.values()), {})) for name, state in values.items() if state}
    return {name: value for name, value in found.items() if value}


def entered_files(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the file objects of a modal's file inputs, in order."""
    elements = (element for state in values.values() for element in state.values())
    return [file for element in elements if element.get("type") == "file_input" for file in element.get("files") or ()]


def input_names(view: Mapping[str, Any]) -> list[str]:
    """Return the names of a view's inputs, top down."""
    return [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]


def _input(field: FormField, user: str) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": blocks.plain_text(field.label, LABEL),
        "element": {**_element(field, user), "action_id": ELEMENT},
        "optional": not field.required,
    }
    hint = field.error or field.hint
    return block | ({"hint": blocks.plain_text(hint, LABEL)} if hint else {})


def _element(field: FormField, user: str) -> Block:
    match field.kind:
        case "choice" if field.choices:
            return _choice(field)
        case "flag":
            return _flag(field)
        case "members":
            return _members(field, user)
        case "channel":
            return _channel(field)
        case "integer":
            return {"type": "number_input", "is_decimal_allowed": False} | _initial(field)
        case "file":
            return {"type": "file_input", "max_files": FILES if field.many else 1}
    return {"type": "plain_text_input", "multiline": field.kind in _WIDE, "max_length": INPUT} | _initial(field)


def _initial(field: FormField) -> Block:
    return {"initial_value": field.value[:INPUT]} if field.value else {}


def _option(words: str) -> Block:
    return {"text": blocks.plain_text(words, blocks.OPTION), "value": words[:150]}


def _choice(field: FormField) -> Block:
    element: Block = {
        "type": "static_select",
        "placeholder": blocks.plain_text(chat_texts.CHOOSE, blocks.PLACEHOLDER),
        "options": [_option(choice) for choice in field.choices[: blocks.OPTIONS]],
    }
    chosen = field.value.strip().lower()
    known = next((choice for choice in field.choices if choice.lower() == chosen), None)
    return element | ({"initial_option": _option(known)} if known else {})


def _flag(field: FormField) -> Block:
    option = {"text": blocks.plain_text(field.label, blocks.OPTION), "value": chat_texts.YES}
    is_on = field.value.strip().lower() in ("yes", "true", "on", "y", "1")
    return {"type": "checkboxes", "options": [option]} | ({"initial_options": [option]} if is_on else {})


def _members(field: FormField, user: str) -> Block:
    words = field.value.split()
    known = [user if word.lower() == _ME else match[1] for word in words if (match := _known(word))]
    if len(known) < len(words):
        # Names that only the command can tell apart stay as they were typed.
        return {"type": "plain_text_input", "max_length": INPUT} | _initial(field)
    placeholder = {"placeholder": blocks.plain_text(chat_texts.CHOOSE, blocks.PLACEHOLDER)}
    if field.many:
        return {"type": "multi_users_select"} | placeholder | ({"initial_users": known[:100]} if known else {})
    return {"type": "users_select"} | placeholder | ({"initial_user": known[0]} if known else {})


def _known(word: str) -> "re.Match[str] | tuple[str, str] | None":
    return (word, word) if word.lower() == _ME else _USER.fullmatch(word)


def _channel(field: FormField) -> Block:
    element: Block = {
        "type": "conversations_select",
        "placeholder": blocks.plain_text(chat_texts.CHOOSE, blocks.PLACEHOLDER),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    known = _CHANNEL.fullmatch(field.value.strip())
    return element | ({"initial_conversation": known[1]} if known else {})


def _entered(element: Mapping[str, Any]) -> str:
    """Return one input's value as it would be typed."""
    match element.get("type"):
        case "static_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "checkboxes":
            return chat_texts.YES if element.get("selected_options") else chat_texts.NO
        case "multi_users_select":
            return " ".join(f"<@{user}>" for user in element.get("selected_users") or ())
        case "users_select":
            user = element.get("selected_user")
            return f"<@{user}>" if user else ""
        case "conversations_select":
            channel = element.get("selected_conversation")
            return f"<#{channel}>" if channel else ""
        case "file_input":
            return ""
    return str(element.get("value") or "").strip()
