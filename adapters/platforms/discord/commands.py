"""The application commands, made from the declarations; pure.

Discord refuses the whole set for one command too many or one description too long, so that the limits are checked here.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from core.chat.spec import AreaInfo, Argument, ArgumentKind, Catalogue, CommandInfo
from core.shared.errors import QuartermasterError

COMMANDS, OPTIONS, CHOICES, CHARACTERS = 100, 25, 25, 8000
NAME = re.compile(r"^[-_a-z0-9]{1,32}$")
DESCRIPTION, CHOICE = 100, 100
GUILD, DIRECT = 0, 1
MESSAGE_MENU = 3
_SUBCOMMAND = 1
_STRING, _INTEGER, _BOOLEAN, _ATTACHMENT = 3, 4, 5, 11
_TYPES: Mapping[ArgumentKind, int] = {
    ArgumentKind.INTEGER: _INTEGER,
    ArgumentKind.FLAG: _BOOLEAN,
    ArgumentKind.FILE: _ATTACHMENT,
}
COMPLETED = (
    ArgumentKind.REFERENCE,
    ArgumentKind.DUE,
    ArgumentKind.MEMBER,
    ArgumentKind.MEMBERS,
    ArgumentKind.CHANNEL,
)
"""Kinds whose values are suggested while they are typed."""
_ONLY_BUTTONS = ("page",)
"""Arguments that nobody types."""


class CommandSetError(QuartermasterError):
    """The commands go beyond a limit of Discord's, which would refuse them all."""

    code = "discord_commands"


def application_commands(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return all commands: an area is a command, its actions are subcommands. Raises `CommandSetError`."""
    found = [_area(catalogue, area) for area in catalogue.areas]
    if len(found) > COMMANDS:
        raise CommandSetError(f"{len(found)} commands")
    for command in found:
        _check(command)
    where = {"contexts": [GUILD, DIRECT], "integration_types": [0]}
    return [*found, *({"name": entry.label, "type": MESSAGE_MENU, **where} for entry in catalogue.menu)]


def fingerprint(commands: list[dict[str, Any]]) -> str:
    """Return a digest that changes whenever the commands do."""
    return hashlib.sha256(json.dumps(commands, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _area(catalogue: Catalogue, area: AreaInfo) -> dict[str, Any]:
    return {
        "name": f"{catalogue.prefix}{area.name}".lower(),
        "type": 1,
        "description": _cut(area.summary),
        "contexts": [GUILD, DIRECT],
        "integration_types": [0],
        "options": [_action(command) for command in catalogue.of(area.name)],
    }


def _action(command: CommandInfo) -> dict[str, Any]:
    # What is missing is asked for by a form, so that nothing is required here. Options for admins are shown to all,
    # since Discord hides whole commands only; others who use them are refused.
    arguments = [argument for argument in command.arguments if argument.name not in _ONLY_BUTTONS]
    return {
        "name": command.action,
        "type": _SUBCOMMAND,
        "description": _cut(command.summary),
        "options": [_option(argument) for argument in (*arguments, *command.for_admins)],
    }


def _option(argument: Argument) -> dict[str, Any]:
    option: dict[str, Any] = {
        "name": argument.name,
        "type": _TYPES.get(argument.kind, _STRING),
        "description": _cut(argument.help.replace("`", "")),
        "required": False,
    }
    if argument.kind is ArgumentKind.CHOICE and len(argument.choices) <= CHOICES:
        option["choices"] = [{"name": choice, "value": choice} for choice in argument.choices]
    elif argument.kind in COMPLETED:
        option["autocomplete"] = True
    return option


def _cut(words: str) -> str:
    line = " ".join(words.split()) or "–"
    line = line[:1].upper() + line[1:]
    return line if len(line) <= DESCRIPTION else f"{line[: DESCRIPTION - 1]}…"


def _check(command: dict[str, Any]) -> None:
    if not NAME.fullmatch(command["name"]) or len(command["options"]) > OPTIONS:
        raise CommandSetError(command["name"])
    for action in command["options"]:
        names = [action["name"], *(option["name"] for option in action["options"])]
        if len(action["options"]) > OPTIONS or not all(NAME.fullmatch(name) for name in names):
            raise CommandSetError(f"{command['name']} {action['name']}")
    if _characters(command) > CHARACTERS:
        raise CommandSetError(command["name"])


def _characters(node: dict[str, Any]) -> int:
    """Return what Discord counts: names, descriptions and values of a command, its options and their choices."""
    own = len(node["name"]) + len(node.get("description", "")) + len(str(node.get("value", "")))
    return own + sum(_characters(inner) for key in ("options", "choices") for inner in node.get(key, ()))
