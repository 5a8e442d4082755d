"""Giving the buttons of a reply their opaque ids, so that a platform carries an id and never a command."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from core.chat.reply import Action, Reply, Row, Table

ACTION_LIFE = timedelta(days=14)
"""How long a button works after its message was made."""


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


def _renumbered(reply: Reply, number: Callable[[Action], Action]) -> Reply:
    tables = tuple(
        replace(table, rows=tuple(_row(row, number) for row in table.rows)) if _has_actions(table) else table
        for table in reply.tables
    )
    actions = tuple(number(action) for action in reply.actions)
    original = _renumbered(reply.original, number) if reply.original else None
    return replace(reply, tables=tables, actions=actions, original=original)


def _row(row: Row, number: Callable[[Action], Action]) -> Row:
    return replace(row, actions=tuple(number(action) for action in row.actions))


def _has_actions(table: Table) -> bool:
    return any(row.actions for row in table.rows)
