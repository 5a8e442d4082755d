"""Writing a command as somebody would type it."""

from collections.abc import Mapping, Sequence

from bot.grammar.tokens import quoted
from core.chat.spec import CommandInfo


def command_text(info: CommandInfo, arguments: Mapping[str, Sequence[str]]) -> str:
    """Return the line that the parser reads back as exactly these arguments, each by its name, without blank ones."""
    parts = [f"/{info.name}"]
    parts.extend(f"{name}:{quoted(value)}" for name, values in arguments.items() for value in values if value.strip())
    return " ".join(parts)
