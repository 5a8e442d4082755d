"""What areas know of each other, and what is shared of them."""

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest

from bot.commands import PLACES
from bot.commands.areas import AREAS
from bot.grammar.declaration import Area
from tests.structure.test_house_rules import ROOT, modules, tree

FACE = {"model", "service", "repository"}
"""What an area shows to others, wherever its modules lie."""

SHARED = {
    *("alerts", "boards", "chat", "dates", "history", "jobs", "payments", "ports", "reminders", "schedules", "shared"),
    *("transfer", "undo"),
}
"""Rooms of the core that belong to no area."""

GROUND = {"files", "messages", "people", "workspaces"}
"""Areas that all others stand on, and that whatever is shared may know."""

NAMELESS = (
    "adapters/archive/",
    "adapters/http/",
    "adapters/payments/",
    "adapters/platforms/",
    "adapters/storage/copying/",
    "adapters/storage/engine/",
    "adapters/storage/schema/",
    "adapters/storage/storage.py",
    "adapters/storage/system/",
    "adapters/storage/work/",
    "bot/application/",
    "bot/cli/",
    "bot/grammar/",
    "bot/identity/",
    "bot/middleware/",
    "bot/jobs/",
    "bot/settings/",
    "bot/wiring/",
    "core/alerts/",
    "core/boards/",
    "core/chat/",
    "core/dates/",
    "core/history/",
    "core/jobs/",
    "core/payments/",
    "core/reminders/",
    "core/schedules/",
    "core/shared/",
    "core/transfer/",
    "core/undo/",
)
"""Where no area is named: what is done for one is done for all that declare it."""

LISTS = {"adapters/storage/work/placed.py"}
"""Where areas are named, a line each."""

BELONGS = {("adapters/storage/schema/tables.py", "core.tasks")}
"""Tables of an area among those that all share."""

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


def services_asked_for(path: str) -> Iterator[str]:
    """The classes of services that a module asks a request for."""
    calls = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and node.args)
    for asked in (call.args[0] for call in calls if ast.unparse(call.func).endswith("services.get")):
        if isinstance(asked, ast.Name) and asked.id[0].isupper():
            yield asked.id


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_commands_ask_for_services_of_their_own_area_which_may_be_loaded_alone(area: Area) -> None:
    asked = {name for path in within(f"{PLACES[area.name].replace('.', '/')}/") for name in services_asked_for(path)}
    assert asked
    assert asked - {service.__name__ for service in area.services} == set()


def test_what_all_areas_share_asks_for_no_areas_service() -> None:
    assert {(path, name) for path in within(*NAMELESS) for name in services_asked_for(path)} == set()


def of_areas() -> set[str]:
    """The packages of areas: of their models, commands and words, and of what keeps their records."""
    own = areas() - GROUND
    typed = {module.rpartition(".")[2] for module in PLACES.values()}
    rooms = [("core", own), ("adapters.storage.repositories", own), ("bot.commands", typed), ("bot.texts", typed)]
    return {f"{room}.{name}" for room, names in rooms for name in names}


def test_what_all_areas_share_names_none_of_them() -> None:
    known = of_areas()
    assert {"core.sales", "adapters.storage.repositories.tasks", "bot.commands.qm", "bot.texts.people"} <= known
    texts = [path for path in within("bot/texts/") if Path(path).parent.name == "texts"]
    shared_texts = [path for path in texts if f"bot.texts.{Path(path).stem}" not in known]
    assert "errors.py" in {Path(path).name for path in shared_texts}
    found = {
        (path, area)
        for path in {*within(*NAMELESS), *shared_texts} - LISTS
        for name in imported(tree(path))
        for area in known
        if name == area or name.startswith(f"{area}.")
    }
    assert found == BELONGS


def test_the_console_names_no_record_of_any_area() -> None:
    names = [area.subject.info for area in AREAS if area.subject]
    words = named_by([word for name in names for word in (name.one, name.many)])
    pages = [path for kind in ("html", "js") for path in (ROOT / CONSOLE).rglob(f"*.{kind}")]
    assert len(pages) > 10
    told = [(path.name, line) for path in pages for line in told_by(path.suffix, path.read_text(encoding="utf-8"))]
    assert len(told) > 100
    assert [(name, line) for name, line in told if words.search(line)] == []


def named_by(words: Iterable[str]) -> re.Pattern[str]:
    """An expression for any of these words; `composer-note` is no note."""
    return re.compile(rf"(?<![\w-])({'|'.join(words)})(?![\w-])", re.IGNORECASE)


_SKIPPED = re.compile(r"/\*.*?\*/|(?<![:\w\"'`])//[^\n]*", re.DOTALL)
"""Comments."""

_QUOTED = re.compile(r"""(?P<of>\w+:\s*)?(?P<quote>["'`])(?P<words>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""", re.DOTALL)
_FILLED = re.compile(r"\$\{[^{}]*\}")


def told_by(kind: str, source: str) -> Iterator[str]:
    """What a page or a script of the console has to say to people or to the server: no comments, names or classes."""
    if kind == ".html":
        page = Told()
        page.feed(source)
        yield from page.told
        return
    for found in _QUOTED.finditer(_SKIPPED.sub(" ", source)):
        if not (found["of"] or "").startswith("class"):
            yield _FILLED.sub(" ", found["words"])


class Told(HTMLParser):
    """Collects the words of a page, and those of its attributes that are read out or shown."""

    SHOWN: ClassVar = {"alt", "aria-label", "placeholder", "title", "value"}

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told += [value for name, value in attrs if name in self.SHOWN and value]

    def handle_data(self, data: str) -> None:
        self.told += [data] if data.strip() else []


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (".js", 'h("p", {}, "Add a note")'),
        (".js", 'if (record.kind === "note") open(record);'),
        (".js", "say(`${count} notes are left`); // says how many"),
        (".html", '<p class="x">Your notes</p>'),
        (".html", '<button aria-label="Add a note"></button>'),
    ],
)
def test_a_record_that_the_console_names_is_found(kind: str, source: str) -> None:
    assert any(named_by(["note", "notes"]).search(line) for line in told_by(kind, source))


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (".js", '/** Note a channel: `h("p", { class: "note" }, "words")`. */'),
        (".js", 'this.#note = byId("composer-note"); // the note below'),
        (".js", 'h("p", { class: "note small" }, `${note.words} and ${order}`)'),
        (".html", '<span class="note" id="composer-note"></span><!-- a note -->'),
    ],
)
def test_what_the_console_calls_its_own_parts_is_its_own_affair(kind: str, source: str) -> None:
    assert not any(named_by(["note", "order"]).search(line) for line in told_by(kind, source))


@pytest.mark.parametrize(
    "line", ["from core.tasks.model import Task", "from core.tasks import model", "import core.tasks.model as tasks"]
)
def test_an_import_is_found_however_it_is_written(line: str) -> None:
    assert any(name.startswith("core.tasks.model") for name in imported(ast.parse(line)))
