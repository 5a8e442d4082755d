"""The answers to a change of things of any kind: of one, of several, of none."""

from collections.abc import Sequence

from bot.texts.common import SHOWN_LINES, undo_action
from core.chat.reply import Action, Field, Reply, Table, Visibility
from core.chat.text import Text, lines, text


def written(said: Text, undo_id: str, fields: tuple[Field, ...] = (), *first: Action) -> Reply:
    """Answer a change of one thing; the buttons `first` come before that which takes it back."""
    return Reply(text=said, visibility=Visibility.CHANNEL, fields=fields, actions=(*first, undo_action(undo_id)))


def several(said: Text, undo_id: str, table: Table) -> Reply:
    """Answer a change of several things, with all of them."""
    return Reply(text=said, visibility=Visibility.CHANNEL, tables=(table,), actions=(undo_action(undo_id),))


def untouched(already: Sequence[Text]) -> Reply:
    """Say of things that they were that way already; there is nothing to undo."""
    rows = [text(one, ".") for one in already[:SHOWN_LINES]]
    return Reply(text=lines(*rows, "Nothing was changed."), visibility=Visibility.PRIVATE)
