"""Help: what there is, by area and by command, only what the asker may run."""

from collections.abc import Sequence

from bot.texts.common import sentence_case
from core.chat.reply import Cell, Column, Reply, Row, Table
from core.chat.spec import AreaInfo, Argument, CommandInfo, Undo
from core.chat.text import Bold, Code, Text, coded, lines, text
from core.people.model import Role


def general(areas: Sequence[tuple[AreaInfo, Sequence[CommandInfo]]], prefix: str, *, can_mention: bool) -> Reply:
    """Return the areas with their commands."""
    rows = tuple(
        Row((f"/{prefix}{area.name}", area.summary, ", ".join(command.action for command in commands)))
        for area, commands in areas
    )
    columns = (Column("area", "Command"), Column("about", "What it is about"), Column("actions", "Actions"))
    name, action = areas[0][0].name, areas[0][1][0].action
    return Reply(
        title="What you can type",
        text=lines(
            coded(f"`/qm help {name}` explains an area, `/qm help {name} {action}` one command with examples."),
            coded(f"In a thread or a direct message, mention me instead: `@quartermaster {name} {action}`.")
            if can_mention
            else None,
        ),
        tables=(Table("Areas", columns, rows),),
    )


def area(info: AreaInfo, commands: Sequence[CommandInfo], prefix: str) -> Reply:
    """Return the commands of an area with their arguments."""
    rows = tuple(Row((_usage(command, prefix), command.summary)) for command in commands)
    return Reply(
        title=f"/{prefix}{info.name}",
        text=text(f"{info.summary}. ", *coded(f"`/qm help {info.name} {commands[0].action}` explains one of these.")),
        tables=(Table("Commands", (Column("command", "Command"), Column("about", "What it does")), rows),),
    )


def command(info: CommandInfo, prefix: str) -> Reply:
    """Return everything about one command."""
    columns = (Column("argument", "Argument"), Column("needed", "Needed"), Column("about", "What it is"))
    rows = tuple(Row(_argument(argument)) for argument in info.arguments)
    tables = (Table("Arguments", columns, rows),) if rows else ()
    examples = [text(Code(example)) for example in info.examples]
    return Reply(
        title=f"/{prefix}{info.name}",
        text=lines(
            info.summary,
            coded(" ".join(info.description.split())),
            text(Bold("Usage: "), Code(_usage(info, prefix))),
            text(Bold("Examples: ")) if examples else None,
            *examples,
            _rules(info),
            _override(info),
        ),
        tables=tables,
    )


def _usage(info: CommandInfo, prefix: str) -> str:
    return info.usage.replace("/", f"/{prefix}", 1)


def _argument(argument: Argument) -> tuple[Cell, ...]:
    is_told = all(f"`{choice}`" in argument.help for choice in argument.choices)
    choices = "" if is_told else f" ({', '.join(argument.choices)})"
    return (argument.name, "yes" if argument.required else "no", coded(sentence_case(argument.help) + choices))


def _rules(info: CommandInfo) -> Text:
    undo = {
        Undo.NOT_NEEDED: "",
        Undo.INVERSE: " It can be undone for 15 minutes.",
        Undo.NONE: " It can't be undone.",
    }[info.undo]
    seen = "everybody in the channel sees" if info.visibility.value == "channel" else "only you see"
    who = "Everybody may use it" if info.role is Role.GUEST else f"For {info.role.label}s and up"
    others = f" What is somebody else's only {info.others.label}s and up may touch." if info.others > info.role else ""
    return text(f"{who}; {seen} the answer.{others}{undo}")


def _override(info: CommandInfo) -> Text | None:
    if not info.overridable:
        return None
    return coded("Admins may add `override:yes` to see what private channels hold; the audit trail tells of it.")
