"""Whatever can be refused has words for it."""

import ast
from pathlib import Path

import pytest

import bot.commands
import bot.identity.groups  # noqa: F401 - and so do groups
from bot.texts.errors import ARGUMENT_REASONS, REASONS
from core.ports.workbooks import SheetFault

ROOT = Path(__file__).parents[2]
PLACE_OF_REASON = {"RefusedError": 0, "ConflictError": 0, "InvalidArgumentError": 1}


def raised_reasons() -> set[tuple[str, str]]:
    """Every error class with a literal reason that the product raises it with."""
    found: set[tuple[str, str]] = set()
    for package in ("bot", "core", "adapters"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACE_OF_REASON:
                    place = PLACE_OF_REASON[node.func.id]
                    reason = node.args[place] if len(node.args) > place else None
                    if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                        found.add((node.func.id, reason.value))
    return found


def test_reasons_are_found_where_they_are_raised() -> None:
    assert ("RefusedError", "last_owner") in raised_reasons()
    assert ("InvalidArgumentError", "left_over") in raised_reasons()


@pytest.mark.parametrize(("error", "reason"), sorted(raised_reasons()))
def test_every_reason_has_words(error: str, reason: str) -> None:
    words = ARGUMENT_REASONS if error == "InvalidArgumentError" else REASONS
    assert reason in words


@pytest.mark.parametrize("fault", SheetFault)
def test_every_fault_of_a_workbook_has_words_and_a_way_on(fault: SheetFault) -> None:
    message, hint = REASONS[fault]({"name": "Plan", "line": 3, "limit": 200})
    assert message.endswith(".")
    assert hint.endswith(".")
