"""How changes are taken back, in words: the same for every kind of thing."""

from collections.abc import Sequence

from bot.texts.common import SHOWN_LINES
from bot.texts.view import View
from core.chat.reply import Reply, Visibility
from core.chat.text import Code, Text, lines, text

AFTER = ("is as before", "are as before")
"""What is said of one thing, and of several, once they were put back, unless an area has better words."""


def undid(command: str, view: View) -> Text:
    """Say who took back what a command did."""
    return text(f"{view.actor.name} undid ", Code(f"/{command}"), ".")


def undone(
    command: str,
    restored: Sequence[Text],
    withdrawn: Sequence[Text],
    view: View,
    *,
    plural: str,
    after: tuple[str, str] = AFTER,
) -> Reply:
    """Say what an undo put back and what it took away again, each by its name."""
    one, many = after
    rows = [text(name, f" {one}.") for name in restored]
    rows += [text(name, " is taken away again.") for name in withdrawn]
    if len(rows) > SHOWN_LINES:
        rows = [text(f"{len(rows)} {plural} {many}.")]
    return Reply(text=lines(undid(command, view), *rows), visibility=Visibility.CHANNEL)
