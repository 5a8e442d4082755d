"""Giving the buttons of a reply their opaque ids, so that a platform carries an id and never a command."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.chat.reply import Action, Choice, Reply, Row, Table
from core.shared.value_objects import value_object

ACTION_LIFE = timedelta(days=14)
"""How long a button works after its message was made."""

NUMBER = "{number}"
"""Stands in the command of an action that is stored once, for whatever number it is to be about."""

_ABOUT = re.compile(r"(?P<own>[^-]+)-(?P<number>\d{1,12})(?:\.\d+)?", re.ASCII)


@value_object
class StoredAction:
    """A pressed button as stored: the action with its command, whose workspace, in which channel, until when."""

    id: str
    action: Action
    command: str
    workspace_id: int
    channel_id: int
    expires_at: datetime


def number_actions(reply: Reply, set_id: str) -> tuple[Reply, tuple[Action, ...]]:
    """Return the reply with ids on every action and choice (`set_id.n`, `set_id.n.m`), and those actions in order."""
    found: list[Action] = []

    def number(action: Action) -> Action:
        own = f"{set_id}.{len(found)}"
        choices = tuple(replace(choice, id=f"{own}.{index}") for index, choice in enumerate(action.choices))
        numbered = replace(action, id=own, choices=choices)
        found.append(numbered)
        return numbered

    return _renumbered(reply, number), tuple(found)


def about(action: Action, number: int) -> Action:
    """Return the action, whose id is set and whose command has a `NUMBER`, as it is for that one: `set_id.n-12`.

    However often a message that stays is edited, such an id means the same, and nothing has to be stored for it.
    """
    own = f"{action.id}-{number}"
    choices = tuple(
        replace(choice, id=own + choice.id.removeprefix(action.id), command=_filled(choice.command, number))
        for choice in action.choices
    )
    return replace(action, id=own, command=_filled(action.command, number), choices=choices)


def picked(actions: Sequence[Action], action_id: str) -> tuple[Action, str] | None:
    """Return the stored action that an id means, with its command or that of the choice; None for none of them."""
    of_number = _ABOUT.fullmatch(action_id)
    for stored in actions:
        action = stored
        if of_number and of_number["own"] == stored.id and _takes_number(stored):
            action = about(stored, int(of_number["number"]))
        for one in _pressable(action):
            if one.id == action_id:
                return action, one.command
    return None


def _takes_number(action: Action) -> bool:
    return any(NUMBER in one.command for one in _pressable(action))


def _pressable(action: Action) -> tuple[Action | Choice, ...]:
    return action, *action.choices


def _filled(command: str, number: int) -> str:
    return command.replace(NUMBER, str(number))


def _renumbered(reply: Reply, number: Callable[[Action], Action]) -> Reply:
    if not (reply.actions or reply.tables or reply.original or reply.besides):
        return reply
    tables = tuple(
        replace(table, rows=tuple(_row(row, number) for row in table.rows)) if _has_actions(table) else table
        for table in reply.tables
    )
    actions = tuple(number(action) for action in reply.actions)
    original = _renumbered(reply.original, number) if reply.original else None
    besides = _renumbered(reply.besides, number) if reply.besides else None
    return replace(reply, tables=tables, actions=actions, original=original, besides=besides)


def _row(row: Row, number: Callable[[Action], Action]) -> Row:
    return replace(row, actions=tuple(number(action) for action in row.actions))


def _has_actions(table: Table) -> bool:
    return any(row.actions for row in table.rows)
