"""Whatever can be refused has words for it."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from bot.commands import PLACES
from bot.commands.alone import stands_alone
from bot.commands.areas import AREAS
from bot.grammar.declaration import Area
from bot.grammar.plan import HELP_AREA
from bot.grammar.registry import Registry
from bot.grammar.subjects import Subject
from bot.texts.errors import OF_RECORDS, ErrorTexts
from core.ports.workbooks import SheetFault
from core.shared.errors import InvalidArgumentError, NotFoundError
from tests.structure.test_areas import areas
from tests.structure.test_house_rules import modules, tree

TEXTS = Registry.of(AREAS).errors
PLACE_OF_REASON = {"RefusedError": 0, "ConflictError": 0, "InvalidArgumentError": 1}


@cache
def raised() -> frozenset[tuple[str, str, str]]:
    """Every error class with a literal reason that the product raises it with, and the module that does."""
    return frozenset(_raised())


def _raised() -> Iterator[tuple[str, str, str]]:
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACE_OF_REASON:
                place = PLACE_OF_REASON[node.func.id]
                reason = node.args[place] if len(node.args) > place else None
                if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                    yield path, node.func.id, reason.value


def is_worded(texts: ErrorTexts, error: str, reason: str) -> bool:
    words = texts.reasons.arguments if error == "InvalidArgumentError" else texts.reasons.refusals
    return reason in words or reason in OF_RECORDS


def test_reasons_are_found_where_they_are_raised() -> None:
    assert ("core/people/service.py", "RefusedError", "last_owner") in raised()
    assert "left_over" in {reason for _, error, reason in raised() if error == "InvalidArgumentError"}


def test_every_reason_has_words() -> None:
    assert {one for one in raised() if not is_worded(TEXTS, *one[1:])} == set()


@pytest.mark.parametrize(
    "area", [area for area in AREAS if area.name != HELP_AREA and stands_alone(area)], ids=lambda area: area.name
)
def test_a_line_that_runs_with_one_area_alone_is_refused_in_words(area: Area) -> None:
    own = {service.__module__.split(".")[1] for service in area.services}
    commands = [f"{place.replace('.', '/')}/" for name, place in PLACES.items() if name != area.name]
    elsewhere = (*commands, *(f"core/{other}/" for other in areas() - own))
    texts = Registry.of([area]).errors
    mute = {one for one in raised() if not is_worded(texts, *one[1:])}
    assert mute
    assert {one for one in mute if not one[0].startswith(elsewhere)} == set()


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
