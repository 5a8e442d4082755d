"""Whatever can be refused has words for it."""

import ast
from pathlib import Path

import pytest

from bot.commands import AREAS
from bot.grammar.registry import Registry
from bot.grammar.subjects import Subject
from bot.texts.errors import OF_RECORDS
from core.ports.workbooks import SheetFault
from core.shared.errors import InvalidArgumentError, NotFoundError

TEXTS = Registry.of(AREAS).errors
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
    words = TEXTS.reasons.arguments if error == "InvalidArgumentError" else TEXTS.reasons.refusals
    assert reason in words or reason in OF_RECORDS


SUBJECTS = [area.subject for area in AREAS if area.subject]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.info.one)
def test_every_record_that_is_misnamed_or_missing_has_its_words_and_a_way_on(subject: Subject) -> None:
    noun = subject.info.one
    misnamed = TEXTS.problem_of(InvalidArgumentError(noun, "not_a_reference", value="x", example="12", subject=noun))
    missing = TEXTS.problem_of(NotFoundError(noun, 12))
    assert f"{noun} goes by its number, not “x”." in misnamed.message
    assert missing.message == f"There is no {noun} #12."
    assert misnamed.hint
    assert missing.hint


@pytest.mark.parametrize("fault", SheetFault)
def test_every_fault_of_a_workbook_has_words_and_a_way_on(fault: SheetFault) -> None:
    message, hint = TEXTS.reasons.refusals[fault](
        {"name": "Plan", "line": 3, "limit": 200, "noun": "task", "many": "tasks", "area": "task", "title": "Tasks"}
    )
    assert message.endswith(".")
    assert hint.endswith(".")
