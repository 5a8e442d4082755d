"""Actions as buttons and selects; pure.

An element's `action_id` is the opaque id of the stored action. A choice's id goes on from its action's, so that its
value is only the rest: ten rows with a select each have to fit into one message.
"""

from collections.abc import Iterator, Sequence

from adapters.platforms.slack import blocks, texts
from adapters.platforms.slack.blocks import Block
from core.chat.reply import Action, Style


def controls(given: Sequence[Action]) -> list[Block]:
    """Return the elements for those actions that can be pressed."""
    return [control(action) for action in given if action.id]


def control(action: Action) -> Block:
    """Return a button, or a select for an action with choices."""
    return _select(action) if action.choices else _button(action)


def rows_of(elements: Sequence[Block]) -> Iterator[Block]:
    """Yield actions blocks for any number of elements."""
    for start in range(0, len(elements), blocks.ELEMENTS):
        yield blocks.actions(elements[start : start + blocks.ELEMENTS])


def pressed_id(action_id: str, value: str) -> str:
    """Return the id of a stored choice from its select's `action_id` and the chosen value."""
    return f"{action_id}{value}" if value.startswith(".") else value


def _button(action: Action) -> Block:
    element: Block = {
        "type": "button",
        "action_id": action.id,
        "text": blocks.plain_text(action.label, blocks.BUTTON),
    }
    if action.style is not Style.DEFAULT:
        element["style"] = action.style.value
    return element | _confirm(action)


def _select(action: Action) -> Block:
    return {
        "type": "static_select",
        "action_id": action.id,
        "placeholder": blocks.plain_text(action.label, blocks.PLACEHOLDER),
        "options": [
            {"text": blocks.plain_text(choice.label, blocks.OPTION), "value": _value(action, choice.id)}
            for choice in action.choices[: blocks.OPTIONS]
        ],
    } | _confirm(action)


def _value(action: Action, choice_id: str) -> str:
    return choice_id.removeprefix(action.id) if choice_id.startswith(f"{action.id}.") else choice_id


def _confirm(action: Action) -> Block:
    if not action.confirm:
        return {}
    dialog: Block = {
        "title": blocks.plain_text(texts.SURE, 100),
        "text": blocks.plain_text(action.confirm, blocks.CONFIRM),
        "confirm": blocks.plain_text(texts.GO_AHEAD, 30),
        "deny": blocks.plain_text(texts.CANCEL, 30),
    }
    if action.style is Style.DANGER:
        dialog["style"] = "danger"
    return {"confirm": dialog}
