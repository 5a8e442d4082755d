"""Writing a command as somebody would type it."""

from collections.abc import Mapping, Sequence

from core.chat.spec import CommandInfo


def command_text(info: CommandInfo, arguments: Mapping[str, Sequence[str]]) -> str:
    """Return the line that the parser reads back as these arguments, each by its name."""
    parts = [f"/{info.name}"]
    parts.extend(f"{name}:{quoted(value)}" for name, values in arguments.items() for value in values if value)
    return " ".join(parts)


def quoted(value: str) -> str:
    """Return a value as one word: in quotes if it has to be; a double quote inside becomes a single one."""
    bare = value.replace('"', "'")
    return f'"{bare}"' if " " in bare or bare != value else bare
