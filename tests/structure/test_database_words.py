"""Whatever may be the matter with a database, each place where people read of it has words for it."""

import ast
from collections.abc import Iterator
from functools import cache

from adapters.diagnosis.database import REASONS
from bot.texts.cli import failure
from bot.texts.errors import unavailable_problem
from core.ports.storage import OUTCOME_UNKNOWN, StorageUnavailableError
from tests.structure.test_house_rules import modules, tree

_TABLES = {"_REASONS", "_STATES"}
_NOT_WHEN_LOOKING = {"closed", OUTCOME_UNKNOWN}
"""What can't be the matter for somebody who opens a connection, asks, and closes it."""


@cache
def reasons() -> frozenset[str]:
    """Return every word that the storage may say, as its source has them."""
    return frozenset(word for path in modules() if path.startswith("adapters/storage/") for word in _said(tree(path)))


def _said(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & _TABLES:
            yield from _texts(node.value, values_only=True)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "StorageUnavailableError":
            yield from (word for argument in node.args for word in _texts(argument))
        if isinstance(node, ast.FunctionDef) and node.name == "reason":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from _texts(inner.value)


def _texts(node: ast.expr, *, values_only: bool = False) -> Iterator[str]:
    if values_only and isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            # `**dict.fromkeys(codes, "word")` has no key.
            yield from _texts(value if key else value.args[-1])  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def test_the_words_are_found() -> None:
    assert {
        "busy",
        "cannot_connect",
        "connection_lost",
        "no_driver",
        "disk_full",
        "no_snapshots",
        "closed",
    } <= reasons()


def test_the_command_line_has_a_line_for_each() -> None:
    unknown = failure(StorageUnavailableError("a word that nobody says"))
    for reason in reasons() | {OUTCOME_UNKNOWN}:
        told = failure(StorageUnavailableError(reason))
        assert told, reason
        assert "\n" not in told, reason
        assert told != unknown, reason


def test_the_doctor_says_what_to_do_about_each() -> None:
    assert {reason for reason in reasons() - _NOT_WHEN_LOOKING if not all(REASONS.get(reason, ("",)))} == set()


def test_in_chat_people_are_told_to_try_again() -> None:
    for reason in reasons() - {OUTCOME_UNKNOWN}:
        told = unavailable_problem(reason)
        assert told.code in {"busy", reason}, reason
        assert "Nothing was changed; try again" in told.hint, reason
        assert "database" not in f"{told.message} {told.hint}".replace("my database", ""), reason


def test_nobody_is_told_that_nothing_was_changed_when_nobody_knows() -> None:
    told = unavailable_problem(OUTCOME_UNKNOWN)
    assert told.code == OUTCOME_UNKNOWN
    assert "Nothing was changed" not in told.hint
    assert "try again" in told.hint
