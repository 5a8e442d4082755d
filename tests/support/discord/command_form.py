"""The form of application commands, with the limits that Discord enforces when an app registers them."""

from __future__ import annotations

from typing import Any

from tests.support.discord.messages import Json
from tests.support.discord.schema import Check, Path, Report, anything, array, flag, number, one_of, shape, text

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
VALUES = range(STRING, ATTACHMENT + 1)
CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
LIMITS = {CHAT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
MOST_AT_ONCE = 130
MOST_CHARACTERS = 8_000
NAME = r"[-_'\w]{1,32}"
WHOLE = number(-(2**53), 2**53)
SCALARS: dict[int, Check] = {STRING: text(100), INTEGER: WHOLE, NUMBER: number(-(2**53), 2**53, whole=False)}


def _name(report: Report, at: Path, value: Any) -> None:
    text(32, pattern=NAME)(report, at, value)
    if isinstance(value, str) and value != value.lower():
        report.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _option(report: Report, at: Path, value: Any, allowed: range) -> None:
    shape({"name": _name, "description": text(100), "type": one_of(*allowed)}, {"required": flag})(report, at, value)
    if not isinstance(value, dict) or value.get("type") not in allowed:
        return
    if value["type"] in (SUBCOMMAND, GROUP):
        inner = range(SUBCOMMAND, SUBCOMMAND + 1) if value["type"] == GROUP else VALUES
        _options(report, (*at, "options"), value.get("options") or [], inner)
        return
    scalar = SCALARS.get(value["type"])
    if value.get("choices") is not None:
        if scalar is None:
            report.add((*at, "choices"), "APPLICATION_COMMAND_OPTION_CHOICES_UNSUPPORTED", "Choices are not allowed")
        else:
            choice = shape({"name": text(100), "value": scalar})
            array(choice, 25)(report, (*at, "choices"), value["choices"])
        if value.get("autocomplete") and value["choices"]:
            message = "Autocomplete and choices can't go together"
            report.add((*at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID_AUTOCOMPLETE", message)
    shape({}, {"min_length": number(0, 6000), "max_length": number(1, 6000), "autocomplete": flag})(report, at, value)


def _options(report: Report, at: Path, options: Any, allowed: range) -> None:
    def check(inner: Report, where: Path, value: Any) -> None:
        _option(inner, where, value, allowed)

    array(check, 25)(report, at, options)
    if report:
        return
    seen: set[str] = set()
    optional = False
    for index, option in enumerate(options):
        if option["name"] in seen:
            code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
            report.add((*at, index), code, "Option name already exists")
        seen.add(option["name"])
        if option.get("required") and optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            report.add((*at, index), code, "Required options must be placed before non-required options")
        optional = optional or not option.get("required", False)
    if options and {option["type"] in (SUBCOMMAND, GROUP) for option in options} == {True, False}:
        report.add(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command groups stand alone")


def check_command(report: Report, at: Path, value: Any) -> None:
    """One command of any type."""
    kind = value.get("type", CHAT) if isinstance(value, dict) else CHAT
    one_of(*LIMITS)(report, (*at, "type"), kind)
    more: dict[str, Check] = {
        "default_member_permissions": text(32), "contexts": array(one_of(0, 1, 2), 3), "nsfw": flag,
        "integration_types": array(one_of(0, 1), 2), "name_localizations": anything,
    }  # fmt: skip
    if kind != CHAT:
        shape({"name": text(32)}, more)(report, at, value)
        if value.get("description"):
            report.add((*at, "description"), "APPLICATION_COMMAND_DESCRIPTION_INVALID", "Must be empty")
        return
    shape({"name": _name, "description": text(100)}, more)(report, at, value)
    if not report:
        _options(report, (*at, "options"), value.get("options") or [], range(SUBCOMMAND, ATTACHMENT + 1))
    if not report and size_of(value) > MOST_CHARACTERS:
        report.add(at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MOST_CHARACTERS})")


def size_of(node: Json) -> int:
    """The characters that count: names, descriptions and choices' values, all the way down."""
    own = sum(len(str(node.get(key, ""))) for key in ("name", "description"))
    own += len(str(node["value"])) if "value" in node else 0
    return own + sum(size_of(child) for key in ("options", "choices") for child in node.get(key) or ())
