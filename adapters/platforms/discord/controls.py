"""Actions as buttons and selects in at most five rows; pure.

A control's `custom_id` is the opaque id of the stored action and its `Home`. The rows of a table share controls: one
select for each kind of button, in which people choose the row. Where a row's button has choices of its own, choosing
the row brings these up below.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from adapters.platforms.cells import cell_words
from adapters.platforms.discord import texts
from core.chat.reply import Action, Row, Style, Table
from core.shared.value_objects import value_object

Component: TypeAlias = dict[str, Any]

ROWS, BUTTONS, OPTIONS = 5, 5, 25
LABEL, OPTION, PLACEHOLDER = 80, 100, 150
ROW, BUTTON, SELECT = 1, 2, 3
FORM = "form"
"""Begins the `custom_id` of what opens a form again."""
ROW_OF = "row"
"""Begins the `custom_id` of a select of rows; what it runs are its values."""
_STYLES: Mapping[Style, int] = {Style.PRIMARY: 1, Style.DEFAULT: 2, Style.DANGER: 4}
_FURTHER = "+"
_HOME = re.compile(r"\|(\d{1,20})(?:\.(\d{1,20}))?$", re.ASCII)


@value_object
class Home:
    """Whose a control is, and what it is about: a guild, and the channel in which was asked what it belongs to, if any.

    A direct message tells of neither.
    """

    guild: str
    channel: str = ""

    def __str__(self) -> str:
        """Return it as it ends a `custom_id`."""
        return f"{self.guild}.{self.channel}" if self.channel else self.guild


def home_of(custom_id: str) -> Home | None:
    """Return what a `custom_id` ends with; None for what is none of ours."""
    found = _HOME.search(custom_id)
    return Home(found[1], found[2] or "") if found else None


@value_object
class Pressed:
    """What a control stands for: a stored action, or the choices of one that are to be shown first."""

    action_id: str
    home: Home
    wants_choices: bool = False


def pressed(custom_id: str, values: Sequence[str]) -> Pressed | None:
    """Return what somebody pressed or chose; None for what is none of ours."""
    own, home = custom_id.rpartition("|")[0], home_of(custom_id)
    if home is None:
        return None
    value = values[0] if values else ""
    if own.startswith(f"{ROW_OF}:"):
        return Pressed(value.removeprefix(_FURTHER), home, value.startswith(_FURTHER)) if value else None
    if value:
        return Pressed(f"{own}{value}" if value.startswith(".") else value, home)
    return Pressed(own, home)


def rows(actions: Sequence[Action], home: Home) -> list[Component]:
    """Return the rows for actions that belong to the whole message: buttons five to a row, selects each in one."""
    buttons = [button(action, home) for action in actions if action.id and not action.choices]
    selects = [_row([select(action, home)]) for action in actions if action.id and action.choices]
    return [*_in_rows(buttons), *selects]


def of_table(table: Table, home: Home, room: int) -> list[Component]:
    """Return at most `room` rows of controls for the rows of a table."""
    having = [row for row in table.rows if any(action.id for action in row.actions)][:OPTIONS]
    if len(having) == 1:
        return rows(having[0].actions, home)[:room]
    kinds: dict[str, list[tuple[Row, Action]]] = {}
    for row in having:
        for action in row.actions:
            if action.id:
                kinds.setdefault(action.label, []).append((row, action))
    return [_choice_of_row(table, label, found, home) for label, found in kinds.items()][:room]


def expanded(
    components: Iterable[Component], custom_id: str, action: Action, home: Home, value: str
) -> list[Component]:
    """Return a message's controls with the choices of one action below the select that named its row.

    So another row can still be chosen, whose choices then take the place of these. Without room for one row more the
    choices stand in place of the select itself.
    """
    held = [(row, row["components"][0]) for row in components]
    names = next((one.get("options", ()) for _, one in held if one.get("custom_id") == custom_id), ())
    brought_up = {f"{option['value'].removeprefix(_FURTHER)}|{home}" for option in names}
    shown = [(row, one.get("custom_id")) for row, one in held if one.get("custom_id") not in brought_up]
    name = next((option["label"] for option in names if option["value"] == value), "")
    chosen = _row([{**select(action, home), "placeholder": cut(f"{action.label} {name}", PLACEHOLDER)}])
    found: list[Component] = []
    for row, own in shown:
        if own != custom_id:
            found.append(row)
        else:
            found.extend([row, chosen] if len(shown) < ROWS else [chosen])
    return found


def button(action: Action, home: Home) -> Component:
    """Return a button."""
    return {
        "type": BUTTON,
        "style": _STYLES[action.style],
        "label": cut(action.label, LABEL),
        "custom_id": f"{action.id}|{home}",
    }


def again(label: str, form_id: str, home: Home) -> list[Component]:
    """Return a row with the button that opens a form once more."""
    return [_row([{"type": BUTTON, "style": 1, "label": label, "custom_id": f"{FORM}:{form_id}|{home}"}])]


def select(action: Action, home: Home) -> Component:
    """Return a select of an action's choices; a choice's id goes on from its action's."""
    options = [
        {"label": cut(choice.label, OPTION), "value": choice.id.removeprefix(action.id)}
        for choice in action.choices[:OPTIONS]
    ]
    return {
        "type": SELECT,
        "custom_id": f"{action.id}|{home}",
        "placeholder": cut(action.label, PLACEHOLDER),
        "options": options,
    }


def cut(words: str, limit: int) -> str:
    """Return words in one line, shortened visibly if they are too long."""
    line = " ".join(words.split()) or "–"
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def row_name(table: Table, row: Row) -> str:
    """Return what names a row, such as `#12 Buy milk`."""
    named = 2 if len(table.columns) > 1 and table.columns[0].kind == "number" else 1
    words = []
    for column, cell in list(zip(table.columns, row.cells, strict=False))[:named]:
        value = " ".join(cell_words(cell, column.kind).split())
        words.append(f"#{value}" if column.key == "number" and value else value)
    return " ".join(filter(None, words))


def _choice_of_row(table: Table, label: str, found: Sequence[tuple[Row, Action]], home: Home) -> Component:
    options = [
        {"label": cut(row_name(table, row), OPTION), "value": f"{_FURTHER if action.choices else ''}{action.id}"}
        for row, action in found[:OPTIONS]
    ]
    own = f"{ROW_OF}:{found[0][1].id}|{home}"
    return _row([{"type": SELECT, "custom_id": own, "placeholder": texts.which(label), "options": options}])


def _in_rows(buttons: Sequence[Component]) -> list[Component]:
    return [_row(buttons[start : start + BUTTONS]) for start in range(0, len(buttons), BUTTONS)]


def _row(components: Sequence[Component]) -> Component:
    return {"type": ROW, "components": list(components)}
