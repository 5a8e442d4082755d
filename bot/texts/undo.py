"""How changes are taken back, in words: the same for every kind of thing."""

from bot.texts.view import View
from core.chat.text import Code, Text, text


def undid(command: str, view: View) -> Text:
    """Say who took back what a command did."""
    return text(f"{view.actor.name} undid ", Code(f"/{command}"), ".")
