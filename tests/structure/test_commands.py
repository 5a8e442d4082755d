"""Every command says all that people, permissions, platforms and undo need, within what the platforms can hold."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.commands.areas import AREAS
from bot.commands.late import LATE
from bot.grammar.parser import CONFIRM
from bot.grammar.plan import Planner
from bot.grammar.registry import Registry
from bot.settings.values import LONGEST_PREFIX
from bot.texts.errors import OF_RECORDS
from core.chat.reply import Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.spec import OVERRIDE, Answer, Argument, ArgumentKind, CommandInfo, Cost, Undo
from core.people.model import Role
from tests.structure.test_house_rules import functions, modules, tree
from tests.support.clock import HeldClock

REGISTRY = Registry.of(AREAS)
COMMANDS = {info.name: info for info in REGISTRY.catalogue.commands}

WITHOUT_CONSEQUENCE = {
    "qm undo": "it is the way back itself; the change can be made again",
    "report run": "a message that anybody could ask for, and its schedule stays as it is",
    "qm cache": "nothing is lost but the time to make an answer once more",
    "qm connect": "a code that nobody uses expires; a space with data is never joined",
    **{
        f"{area.name} {action}": f"it changes none of the {area.plural}, and `/{area.name} {back}` takes it back"
        for area in AREAS
        if area.boards
        for action, back in (("board", "unboard"), ("unboard", "board"))
    },
}
"""Commands without undo that go ahead unasked, and why that was found right."""

# Slack's manifest and Discord's application commands, as the platforms state them.
SLACK_COMMANDS, SLACK_NAME, SLACK_DESCRIPTION, SLACK_HINT = 50, 32, 2000, 1000
DISCORD_COMMANDS, DISCORD_OPTIONS, DISCORD_CHOICES, DISCORD_TEXT, DISCORD_WHOLE = 100, 25, 25, 100, 8000
DISCORD_NAME = re.compile(r"^[-_a-z0-9]{1,32}$")

every_command = pytest.mark.parametrize("info", COMMANDS.values(), ids=COMMANDS)


def request(line: str) -> Request:
    place = ChannelRef("general", "general", ChannelKind.PUBLIC)
    return Request(Platform.WEB, "console", place, UserRef("owner"), text=line)


# ---------------------------------------------------------------- what a declaration says


def test_there_are_commands() -> None:
    assert {"task", "user", "qm"} <= {area.name for area in AREAS}
    assert len(COMMANDS) > 20


@every_command
def test_a_command_is_documented(info: CommandInfo) -> None:
    assert re.fullmatch(r"[A-Z][^\n]+\.", info.summary)
    assert info.examples, "no example"
    for argument in info.arguments:
        assert argument.help
        assert argument.help.lstrip("`")[0].islower(), f"{argument.name}: help is a phrase, its first letter small"
        assert not argument.help.endswith("."), argument.name


@every_command
def test_a_required_argument_has_an_example_for_when_it_is_missing(info: CommandInfo) -> None:
    bare = [one.name for one in info.arguments if one.required and not one.example and not one.choices]
    assert [name for name in bare if name != "file"] == []


@every_command
def test_its_examples_can_be_typed(info: CommandInfo) -> None:
    planner = Planner(REGISTRY, HeldClock())
    for example in info.examples:
        plan = planner.plan(request(example))
        assert plan.command is info, example
        needs_file = [one.name for one in info.arguments if one.kind is ArgumentKind.FILE and one.required]
        if needs_file and plan.answer is Answer.FORM:
            assert plan.problem is not None
            assert plan.problem.field in needs_file, example
        else:
            assert plan.problem is None, example


@every_command
def test_it_says_who_may_who_sees_what_it_costs_and_how_it_is_undone(info: CommandInfo) -> None:
    assert isinstance(info.role, Role)
    assert isinstance(info.visibility, Visibility)
    assert isinstance(info.cost, Cost)
    assert isinstance(info.undo, Undo)


@every_command
def test_what_cannot_be_undone_names_its_consequence_or_was_reviewed(info: CommandInfo) -> None:
    if info.undo is Undo.NONE and not info.consequence:
        assert info.name in WITHOUT_CONSEQUENCE
    if info.undo is not Undo.NONE and info.consequence:
        area, _, action = info.name.partition(" ")
        assert REGISTRY.commands[area][action].check, "who says what of it can't be undone?"


def test_every_reviewed_command_is_still_there() -> None:
    reviewed = {name: COMMANDS[name] for name in WITHOUT_CONSEQUENCE}
    assert all(info.undo is Undo.NONE and not info.consequence for info in reviewed.values())


@every_command
def test_who_changes_things_is_no_guest_unless_it_is_about_themselves(info: CommandInfo) -> None:
    if info.undo is not Undo.NOT_NEEDED and info.role is Role.GUEST:
        assert info.name in ("qm undo", "user link", "user quiet", "user update", "user zone")


@every_command
def test_its_arguments_can_be_named_and_the_required_ones_come_first(info: CommandInfo) -> None:
    names = [argument.name for argument in info.arguments]
    assert len(set(names)) == len(names)
    assert {CONFIRM.name, OVERRIDE.name}.isdisjoint(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) and len(name) < 32 for name in names)
    required = [argument.required for argument in info.arguments]
    assert required == sorted(required, reverse=True)
    rests = [place for place, one in enumerate(_positional(info)) if one.kind is ArgumentKind.REST]
    assert rests in ([], [len(_positional(info)) - 1]), "a text that takes the rest comes last"


def _positional(info: CommandInfo) -> list[Argument]:
    return [argument for argument in info.arguments if argument.positional]


def test_what_people_do_first_is_told_first() -> None:
    assert [name for name in COMMANDS if name.startswith("task ")][:2] == ["task add", "task done"]


def test_names_are_unique_and_no_area_is_called_like_help() -> None:
    assert len(COMMANDS) == len(REGISTRY.catalogue.commands)
    assert "help" not in {area.name for area in AREAS}


# ---------------------------------------------------------------- within the platforms' limits


def test_slack_can_hold_the_areas() -> None:
    assert len(AREAS) <= SLACK_COMMANDS
    for area in AREAS:
        assert len(f"/{area.name}") + LONGEST_PREFIX <= SLACK_NAME
        assert 1 <= len(area.summary) <= SLACK_DESCRIPTION
        assert len(" | ".join(command.info.action for command in area.commands)) <= SLACK_HINT


def test_discord_can_hold_the_areas() -> None:
    assert len(AREAS) <= DISCORD_COMMANDS
    for area in AREAS:
        assert DISCORD_NAME.match(area.name)
        assert 1 <= len(area.summary) <= DISCORD_TEXT
        assert len(area.commands) <= DISCORD_OPTIONS, f"{area.name} has more actions than a group can hold"
        assert _characters(area.summary, *(command.info for command in area.commands)) <= DISCORD_WHOLE


def _characters(summary: str, *infos: CommandInfo) -> int:
    """Count what Discord counts: names, descriptions and choices, each once for its name and once for its value."""
    count = len(summary)
    for info in infos:
        count += len(info.action) + len(info.summary)
        for argument in (*info.arguments, *info.for_admins):
            count += len(argument.name) + len(argument.help) + sum(2 * len(choice) for choice in argument.choices)
    return count


@every_command
def test_discord_can_hold_the_command(info: CommandInfo) -> None:
    assert DISCORD_NAME.match(info.action)
    assert 1 <= len(info.summary) <= DISCORD_TEXT
    arguments = (*info.arguments, *info.for_admins)
    assert len(arguments) <= DISCORD_OPTIONS
    for argument in arguments:
        assert DISCORD_NAME.match(argument.name)
        assert 1 <= len(argument.help) <= DISCORD_TEXT, f"{argument.name}: {len(argument.help)} characters"
        assert len(argument.choices) <= DISCORD_CHOICES
        assert all(1 <= len(choice) <= DISCORD_TEXT for choice in argument.choices)


# ---------------------------------------------------------------- registration


def test_registration_is_explicit() -> None:
    declaring = [
        Path(path)
        for path in modules()
        if path.startswith("bot/commands/")
        and re.search(r"^@(?:\w+\.command|declared)\(", modules()[path], re.MULTILINE)
    ]
    assert declaring
    faces = {path.parent: set(_imports(f"{path.parent}/__init__.py")) for path in declaring}
    forgotten = [str(path) for path in declaring if path.stem not in faces[path.parent]]
    assert forgotten == [], "not imported by the __init__ of their folder"
    assert len(AREAS) == len({area.name for area in AREAS})


def _imports(path: str) -> Iterator[str]:
    """The last words of what a module imports, and of what it imports from."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.rpartition(".")[2]


def test_nothing_is_found_by_looking_around() -> None:
    magic = re.compile(r"\b(pkgutil|importlib\.import_module|entry_points|__import__|walk_packages)\b")
    assert [path for path, source in modules().items() if magic.search(source)] == []


# ---------------------------------------------------------------- words


@cache
def _raised_reasons() -> dict[str, set[str]]:
    """The reasons that the code raises, by the class of error: its literal words."""
    found: dict[str, set[str]] = {}
    places = {"InvalidArgumentError": 1, "RefusedError": 0, "ConflictError": 0}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
                place = places[node.func.id]
                if len(node.args) > place:
                    found.setdefault(node.func.id, set()).update(_literals(node.args[place]))
    return found


def _literals(value: ast.expr) -> set[str]:
    return {node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_reason_that_is_raised_has_its_words() -> None:
    raised = _raised_reasons()
    assert {"missing", "left_over"} <= raised["InvalidArgumentError"]
    arguments = {reason for reason in raised["InvalidArgumentError"] if not reason.endswith("_")}
    assert arguments - set(REGISTRY.errors.reasons.arguments) - OF_RECORDS == set()
    others = raised["RefusedError"] | raised["ConflictError"]
    assert others - set(REGISTRY.errors.reasons.refusals) - OF_RECORDS == set()


_TYPED = re.compile(r"`/(?P<area>[a-z]+) (?P<action>[a-z-]+)")


def test_every_command_that_people_are_told_to_type_exists() -> None:
    told = {
        (path, found["area"], found["action"])
        for path, source in modules().items()
        if path.startswith(("bot/", "adapters/"))
        for found in _TYPED.finditer(source)
    }
    assert told
    # `/qm task done 12` is a way to type any command.
    areas = {area.name for area in AREAS}
    unknown = {(path, area, action) for path, area, action in told if f"{area} {action}" not in COMMANDS}
    assert {one for one in unknown if not (one[1] == "qm" and one[2] in areas)} == set()


def test_every_button_runs_a_command_that_exists() -> None:
    areas = "|".join(area.name for area in AREAS)
    written = re.compile(rf"\"/(?P<area>{areas})( (?P<action>[a-z-]+))?")
    told = {
        (path, found["area"], found["action"])
        for path, source in modules().items()
        if path.startswith(("bot/texts/", "bot/commands/"))
        for found in written.finditer(source)
        if found["action"]
    }
    assert told
    assert {one for one in told if f"{one[1]} {one[2]}" not in COMMANDS} == set()


def test_commands_are_thin() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in functions()
        if path.startswith("bot/commands/") and isinstance(node, ast.AsyncFunctionDef) and len(node.body) > 16
    ]
    assert long == []


def test_what_commands_load_when_they_run_is_loaded_before_by_whoever_serves() -> None:
    late = {
        f"{node.module}.{alias.name}"
        for path, function in functions()
        if path.startswith("bot/commands/")
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert late == set(LATE)


def test_every_command_is_a_job_of_a_kind_that_runs_commands() -> None:
    """Whatever it is in the background: imports, exports and reports have kinds of their own."""
    for info in COMMANDS.values():
        assert REGISTRY.jobs[info.job].info.runs_command
        assert info.action not in ("import", "export") or info.job == info.action
    assert {info.job for info in COMMANDS.values()} == {
        name for name, one in REGISTRY.jobs.items() if one.info.runs_command
    }
