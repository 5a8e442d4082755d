"""The answers to a change of tasks: of one, of several, of none."""

from collections.abc import Callable

from bot.texts import answers
from bot.texts.tasks.words import task_table
from bot.texts.view import View
from core.chat.reply import Action, Field, Reply
from core.chat.text import Text
from core.tasks.model import Task
from core.tasks.results import Change

Already = Callable[[Task], Text]
"""Says of a task that it was that way already, without the full stop."""


def written(change: Change, said: Text, fields: tuple[Field, ...], *first: Action) -> Reply:
    """Answer a change of one task; the buttons `first` come before that which takes it back."""
    return answers.written(said, change.undo_id, fields, *first)


def several(change: Change, view: View, said: Text) -> Reply:
    """Answer a change of several tasks, with all of them."""
    return answers.several(said, change.undo_id, task_table("Tasks", change.tasks, view))


def untouched(change: Change, already: Already) -> Reply:
    """Say that nothing had to be changed; there is nothing to undo."""
    return answers.untouched([already(task) for task in change.unchanged])
