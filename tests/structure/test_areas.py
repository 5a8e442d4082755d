"""What areas know of each other, and what is shared of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.test_house_rules import modules

FACE = {"model", "service", "repository"}
"""What an area shows to others, wherever its modules lie."""

SHARED = {"boards", "chat", "dates", "history", "ports", "reminders", "shared", "transfer", "undo"}
"""Rooms of the core that belong to no area."""

GROUND = {"files", "messages", "people", "workspaces"}
"""Areas that all others stand on, and that whatever is shared may know."""

NAMELESS = (
    "adapters/platforms/",
    "bot/application/",
    "bot/grammar/",
    "bot/identity/",
    "bot/middleware/",
    "bot/jobs/",
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

_IMPORT = re.compile(r"^from core\.(?P<area>\w+)\.(?P<module>\w+) import", re.MULTILINE)


def areas() -> set[str]:
    """The rooms of the core that are an area each."""
    found = {Path(path).parts[1] for path in modules() if path.startswith("core/") and len(Path(path).parts) > 2}
    return found - SHARED


def imports(*rooms: str) -> Iterator[tuple[str, str, str]]:
    """Whatever is imported there of areas of the core: by which module, of which area, which module of it."""
    for path, source in modules().items():
        if path.startswith(rooms):
            for found in _IMPORT.finditer(source):
                yield path, found["area"], found["module"]


def test_there_are_areas() -> None:
    assert {"tasks", "people", "workspaces"} <= areas()


@pytest.mark.parametrize("area", sorted(areas()))
def test_an_area_is_used_by_others_through_its_face(area: str) -> None:
    used = {(path, module) for path, of, module in imports("core/") if of == area and Path(path).parts[1] != area}
    assert {(path, module) for path, module in used if module not in FACE} == set()


def test_what_all_areas_share_names_none_of_them() -> None:
    named = {(path, area) for path, area, _ in imports(*NAMELESS) if area in areas() - GROUND}
    assert named == set()
