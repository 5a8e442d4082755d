"""What people are told to type can be typed where they read it: as a line on Slack, as declared options on Discord."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.platforms.discord.commands import application_commands
from bot.commands.areas import AREAS
from bot.grammar.plan import Planner
from bot.grammar.registry import Registry
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.shared.errors import UnknownCommandError
from tests.support.clock import HeldClock

REGISTRY = Registry.of(AREAS)
ROOT = Path(__file__).parents[2]
SAID_IN = [*sorted((ROOT / "bot" / "texts").rglob("*.py")), *sorted((ROOT / "adapters" / "platforms").rglob("*.py"))]

_COMMAND = re.compile(r"`/([a-z]+(?: [^`]*)?)`")
_NAME = re.compile(r"(?:^|(?<=\s))([a-z-]+):(?=\S)")
STANDS_FOR = {"area": "task", "number": "12", "example": "12", "mode": "all", "name": "task", "action": "done"}
"""What may stand in a gap of a sentence, by the last name in the expression that fills it."""
BY_BUTTON_ON_DISCORD = {"confirm"}
"""What only a button gives there; the one sentence that names it is left out for whoever has no line to type."""


def _filled(node: ast.JoinedStr) -> str:
    """A sentence with something in each of its gaps; one that stays unknown is an ellipsis."""
    pieces = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(str(part.value))
        else:
            assert isinstance(part, ast.FormattedValue)
            names = re.findall(r"[a-z_]+", ast.unparse(part.value))
            pieces.append(next((STANDS_FOR[name] for name in reversed(names) if name in STANDS_FOR), "…"))
    return "".join(pieces)


def _sentences(path: Path) -> Iterator[str]:
    inner = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
            yield _filled(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def _advice() -> Iterator[str]:
    """Every command in what people read: sentences of the texts, examples, descriptions, help of arguments."""
    for path in SAID_IN:
        for sentence in _sentences(path):
            yield from _COMMAND.findall(sentence)
    for info in REGISTRY.catalogue.commands:
        yield from (example.removeprefix("/") for example in info.examples)
        for words in (info.summary, info.description, info.consequence, *(one.help for one in info.arguments)):
            yield from _COMMAND.findall(words)


ADVICE = sorted({line for line in _advice() if line.split()[0] in REGISTRY.commands and "…" not in line})
OPTIONS = {
    f"{area['name']} {action['name']}": {option["name"] for option in action["options"]}
    for area in application_commands(REGISTRY.catalogue)
    if area.get("type") == 1
    for action in area["options"]
}


def test_there_is_advice() -> None:
    assert len(ADVICE) > 60
    assert {"task list", "task add Buy milk due:tomorrow assign:@me"} <= set(ADVICE)


@pytest.mark.parametrize("line", ADVICE)
def test_it_is_understood_as_a_line(line: str) -> None:
    place = ChannelRef("C1", "general", ChannelKind.PUBLIC)
    plan = Planner(REGISTRY, HeldClock()).plan(Request(Platform.SLACK, "T1", place, UserRef("U1"), text=f"/{line}"))
    assert plan.command is not None, line
    assert plan.problem is None or plan.form is not None, plan.problem
    if plan.problem:
        assert plan.problem.code != UnknownCommandError.code


@pytest.mark.parametrize("line", [line for line in ADVICE if len(line.split()) > 1])
def test_what_it_names_is_an_option_on_discord(line: str) -> None:
    area, action = line.split()[:2]
    options = OPTIONS[f"{area} {action}"]
    assert set(_NAME.findall(line)) - BY_BUTTON_ON_DISCORD <= options
