"""The answers to a change of tasks: of one, of several, of none."""

from collections.abc import Callable

from bot.texts.common import SHOWN_LINES, undo_action
from bot.texts.tasks.words import task_table
from bot.texts.view import View
from core.chat.reply import Field, Reply, Visibility
from core.chat.text import Text, lines, text
from core.tasks.model import Task
from core.tasks.results import Change

Already = Callable[[Task], Text]
"""Says of a task that it was that way already, without the full stop."""


def written(change: Change, said: Text, fields: tuple[Field, ...]) -> Reply:
    """Answer a change of one task."""
    return Reply(text=said, visibility=Visibility.CHANNEL, fields=fields, actions=(undo_action(change.undo_id),))


def several(change: Change, view: View, said: Text) -> Reply:
    """Answer a change of several tasks, with all of them."""
    table = task_table("Tasks", change.tasks, view)
    return Reply(text=said, visibility=Visibility.CHANNEL, tables=(table,), actions=(undo_action(change.undo_id),))


def untouched(change: Change, already: Already) -> Reply:
    """Say that nothing had to be changed; there is nothing to undo."""
    rows = [text(already(task), ".") for task in change.unchanged[:SHOWN_LINES]]
    return Reply(text=lines(*rows, "Nothing was changed."), visibility=Visibility.PRIVATE)
