"""What areas know of each other, and what is shared of them."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.commands.areas import AREAS
from tests.structure.test_house_rules import ROOT, modules, tree

FACE = {"model", "service", "repository"}
"""What an area shows to others, wherever its modules lie."""

SHARED = {"boards", "chat", "dates", "history", "ports", "reminders", "shared", "transfer", "undo"}
"""Rooms of the core that belong to no area."""

GROUND = {"files", "messages", "people", "workspaces"}
"""Areas that all others stand on, and that whatever is shared may know."""

NAMELESS = (
    "adapters/archive/",
    "adapters/http/",
    "adapters/platforms/",
    "adapters/storage/copying/",
    "adapters/storage/engine/",
    "adapters/storage/system/",
    "bot/application/",
    "bot/cli/",
    "bot/grammar/",
    "bot/identity/",
    "bot/middleware/",
    "bot/jobs/",
    "bot/settings/",
    "bot/wiring/",
    "core/boards/",
    "core/chat/",
    "core/dates/",
    "core/history/",
    "core/reminders/",
    "core/shared/",
    "core/transfer/",
    "core/undo/",
)
"""Where no area is named: what is done for one is done for all that declare it."""

CONSOLE = "adapters/platforms/web/static"

AREA, MODULE = 1, 2
"""Where the names of both stand in that of a module: `core.tasks.model`."""


def areas() -> set[str]:
    """The rooms of the core that are an area each."""
    found = {Path(path).parts[1] for path in modules() if path.startswith("core/") and len(Path(path).parts) > 2}
    return found - SHARED


def imports(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Whatever is imported there of areas of the core: by which module, of which area, which module of it."""
    for path in paths:
        for name in imported(tree(path)):
            parts = name.split(".")
            if parts[0] == "core" and len(parts) > MODULE:
                yield path, parts[AREA], parts[MODULE]


def imported(module: ast.Module) -> Iterator[str]:
    """The full name of whatever a module imports, in whichever way it does."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(*rooms: str) -> list[str]:
    """The modules in some folders."""
    return [path for path in modules() if path.startswith(rooms)]


def test_there_are_areas() -> None:
    assert {"tasks", "people", "workspaces"} <= areas()


@pytest.mark.parametrize("area", sorted(areas()))
def test_an_area_is_used_by_others_through_its_face(area: str) -> None:
    used = {
        (path, module) for path, of, module in imports(within("core/")) if of == area and Path(path).parts[1] != area
    }
    assert {(path, module) for path, module in used if module not in FACE} == set()


def test_what_all_areas_share_names_none_of_them() -> None:
    shared_texts = [path for path in within("bot/texts/") if Path(path).parent.name == "texts"]
    found = imports([*within(*NAMELESS), *shared_texts])
    assert {(path, area) for path, area, _ in found if area in areas() - GROUND} == set()


def test_the_console_names_no_record_of_any_area() -> None:
    names = [area.subject.info for area in AREAS if area.subject]
    words = re.compile(rf"\b({'|'.join(word for name in names for word in (name.one, name.many))})\b", re.IGNORECASE)
    pages = [path for kind in ("html", "js") for path in (ROOT / CONSOLE).rglob(f"*.{kind}")]
    assert len(pages) > 10
    assert [path.name for path in pages if words.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "line", ["from core.tasks.model import Task", "from core.tasks import model", "import core.tasks.model as tasks"]
)
def test_an_import_is_found_however_it_is_written(line: str) -> None:
    assert any(name.startswith("core.tasks.model") for name in imported(ast.parse(line)))
