"""Whoever reads is shown what is for them: every read of every repository takes an audience, or says why it takes none.

Repositories are found by what a unit of work has, so that a new one is held to it from its first day.
"""

import ast
import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.work.placed import REPOSITORIES as PRODUCT
from adapters.storage.work.placed import class_of
from adapters.storage.work.unit_of_work import SqlUnitOfWork
from bot.commands.areas import AREAS
from bot.grammar.declaration import Area
from core.chat.spec import Undo
from core.ports.numbered import NumberedRepository
from core.ports.storage import UnitOfWork
from core.ports.system import SystemStore
from core.shared.paging import Page
from core.tasks.model import Task
from core.workspaces.model import Audience
from tests.structure.test_house_rules import modules, tree
from tests.support.annotations import hints_of
from tests.support.areas import declared, place

EVERYTHING = "*"

WITHOUT_AUDIENCE: Mapping[str, Mapping[str, str]] = {
    "audit": {EVERYTHING: "for administrators, and no content"},
    "boards": {
        "beside": "whether a conversation has a board in other spaces, which shows nothing of it",
        "of": "which board a channel has, which shows nothing of it",
    },
    "books": {
        "genres": "books belong to the workspace, whose members see how many there are",
        "products_of": "behind the read of the books, which takes the audience; numbers only",
    },
    "changes": {
        "page": "behind the read of the thing that it happened to, which takes the audience",
        "since": "for administrators, who are told the names of fields only",
    },
    "channels": {EVERYTHING: "names of channels; who is told them decides the directory's reader"},
    "comments": {
        "about": "behind the read of the thing that they are about, which takes the audience",
        "named": "behind the history that names them, itself behind the read of the thing",
    },
    "customers": {
        "spending": "sums by number, in front of the read of whose they are, which takes the audience",
        "told_of": "what is to be found and erased, behind the read of the customer, which takes the audience",
    },
    "files": {"get": "the file service asks who may have it, by its channel and the member it is for"},
    "imports": {EVERYTHING: "rows on their way from their own file, looked up with the audience of who hands it in"},
    "alerts": dict.fromkeys(("due", "of"), "what watches a thing, which tells those whom it is for"),
    "held_reminders": {"take": "the timer, which tells those whom they are for"},
    "jobs": {
        "ask_again": "behind the read of the job, which takes the audience",
        "of_key": "whoever made the key, to see what became of its job",
        "under_way": "the loop that makes jobs of schedules, which shows nothing of them",
        "claim": "whoever runs it, which shows nothing of it",
        "counts": "for administrators: how many there are, and nothing of any",
        "queue": "what was started just now, for whoever started it",
        "queue_many": "what schedules made just now, for nobody to see",
    },
    "stock_counts": dict.fromkeys(
        ("differing", "missing", "page", "progress", "tally"),
        "behind the read of the stock-take or the product, which takes the audience; numbers only",
    ),
    "categories": {"used": "words that products have, which belong to the workspace, and how many have them"},
    "ledger": {
        "apply": "whoever moves the goods, which everybody in the workspace may look at",
        "page": "behind the read of the product whose goods moved, which takes the audience",
        "levels": "behind the read of the product that lies there, which takes the audience",
        "locations": "names of places, which everybody in the workspace may know",
    },
    "members": {EVERYTHING: "a workspace knows its people"},
    "messages": {
        **dict.fromkeys(("changes", "get", "latest"), "the console asks for channels that a member sees, as them"),
        **dict.fromkeys(("post", "replace"), "what was written just now, for whoever wrote it"),
    },
    "orders": {
        "cart_of": "whoever fills it, who is named",
        "overdue": "the timer, which tells nobody but the channel in which each was begun",
        "lines": "behind the read of the order whose they are, which takes the audience",
        "payments": "behind the read of the order that is paid, which takes the audience",
        "takings": "orders belong to the workspace, whose members see their sums",
    },
    "order_cards": {
        "due": "the timer, which tells nobody but whoever asked and the channel of the order",
        "due_refunds": "the timer, which tells nobody but the channel of the order",
        "find": "behind the read of the order that is paid, which takes the audience",
        "refunds": "behind the read of the order that was paid, which takes the audience",
    },
    "operations": {EVERYTHING: "for administrators, and no content"},
    "products": {
        "free_sku": "a key that nothing has",
        "value": "products belong to the workspace, whose members see their sums",
    },
    "sale_figures": dict.fromkeys(
        ("cells", "days", "groups", "last_day", "of_source", "version"),
        "sales belong to the workspace, whose members see their sums",
    ),
    "stock_figures": {EVERYTHING: "goods and their sales belong to the workspace, whose members see their sums"},
    "schedules": {
        "counts": "whoever asks how the service is: how many there are, and nothing of any",
        "due": "the loop that makes their jobs, which shows nothing of them",
        "of_job": "whoever runs the job, for the one whose schedule it is",
        "only": "the asker's own, or that of a channel that they were seen to look into",
        "personal": "those of somebody whose clock changes, for which nothing of them is shown",
    },
    "sales": {EVERYTHING: "sales are of a whole workspace, and whoever may run its reports may see them"},
    "settings": {EVERYTHING: "a workspace's own row"},
    "tasks": {"board": "for everybody in the channel that it is of, and nowhere else"},
    "undo": {EVERYTHING: "behind the check of who may undo it"},
}
"""Reads that take no audience, by repository, and why that was found right."""

FOR_UNDO: Mapping[str, str] = {
    "find": "undo and jobs, which never show it to anybody who might not see it",
    "holders": "whoever writes what only one can have; numbers only",
    "silent": "the timer, which tells those whom the record is for",
    "take_due": "the timer, which tells those whom the record is for",
    "versions": "undo of an import, behind the check of who may undo it; numbers only",
}
"""Reads of every repository of numbered items that show what anybody might not see, for undo and jobs alone."""

OVERRIDES = {
    "bot/application/context.py": "for the middleware `override`, which asks for an administrator and is audited"
}
"""Where the audience of an audited override is made."""

_TELLS_NOTHING = {None, type(None), bool, int, Callable[[], Awaitable[None]]}
"""Whether and how many; and what only does something."""


def repositories() -> Mapping[str, type]:
    """Every repository of a unit of work, by its name there."""
    properties = inspect.getmembers(UnitOfWork, lambda member: isinstance(member, property))
    found = {name: hints_of(one.fget).get("return") for name, one in properties}
    named = {name: kind for name, kind in found.items() if isinstance(kind, type) and kind not in _TELLS_NOTHING}
    return named | {kept.name: class_of(made) for kept, made in PRODUCT.items()}


def unfiltered(repository: type) -> set[str]:
    """The reads of a repository that take no audience: whatever returns more than whether and how many."""
    return {name for name, hints in _methods(repository) if _tells(hints) and hints.get("audience") is not Audience}


def _methods(repository: type) -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, method in inspect.getmembers(repository, inspect.isfunction):
        if not name.startswith("_"):
            yield name, hints_of(method)


def _tells(hints: Mapping[str, object]) -> bool:
    returned = hints.get("return")
    members = typing.get_args(returned) if isinstance(returned, types.UnionType) else (returned,)
    return not set(members) <= _TELLS_NOTHING


REPOSITORIES = repositories()
NUMBERED = {name for name, kind in REPOSITORIES.items() if {NumberedItems, NumberedRepository} & set(kind.__mro__)}


def test_every_repository_is_found() -> None:
    made = {name for name in vars(SqlUnitOfWork) if not name.startswith("_")} - {
        "commit",
        "laid_out",
        "of",
        "workspace_id",
    }
    assert set(REPOSITORIES) == made | {kept.name for kept in PRODUCT}


@pytest.mark.parametrize("name", sorted(REPOSITORIES))
def test_every_read_takes_an_audience_or_says_why_not(name: str) -> None:
    shared = FOR_UNDO if name in NUMBERED else {}
    reviewed, bare = {**WITHOUT_AUDIENCE.get(name, {}), **shared}, unfiltered(REPOSITORIES[name])
    assert bare == (bare if EVERYTHING in reviewed else set(reviewed))
    assert bare or not reviewed, "what was reviewed is not there any more"


def test_a_read_that_was_forgotten_is_found() -> None:
    class Notes(typing.Protocol):
        async def page(self, *, cursor: str = "") -> Page[Task]: ...

        async def suggest(self, prefix: str, audience: Audience) -> Sequence[Task]: ...

        async def counted(self) -> int: ...

        async def latest(self) -> "Task | None": ...

    assert unfiltered(Notes) == {"page", "latest"}


def test_above_workspaces_no_task_is_read() -> None:
    reads = {name for name, hints in _methods(SystemStore) if Task in _kinds(hints.get("return"))}
    assert reads == set()


def _kinds(hint: object) -> Iterator[object]:
    yield hint
    for inner in typing.get_args(hint):
        yield from _kinds(inner)


# ---------------------------------------------------------------- where they are called


def _calls() -> Iterator[tuple[str, ast.Call, str, str]]:
    """Every call of a repository outside the adapters: its path, itself, the repository and the method."""
    for path in modules():
        for call, name, method in _calls_in(tree(path)) if not path.startswith("adapters/") else ():
            yield path, call, name, method


def _calls_in(module: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    for call in ast.walk(module):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and (name := _repository(call.func.value))
        ):
            yield call, name, call.func.attr


def _repository(node: ast.expr) -> str:
    """What `work.undo` or `work.of(NOTES)` names, in small letters; empty for anything else."""
    if isinstance(node, ast.Attribute) and _is_work(node.value):
        return node.attr
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "of" and node.args:
        return ast.unparse(node.args[0]).lower()
    return ""


def _is_work(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and "work" in node.id


def _with_audience(repository: type) -> set[str]:
    return {method for method, hints in _methods(repository) if "audience" in hints}


EVERY_AREA = _with_audience(NumberedRepository)
"""Reads that every area inherits, and that what areas share asks for, as `work.of(self.kept)`."""

FILTERED = {(name, method) for name, kind in REPOSITORIES.items() for method in _with_audience(kind)}


def _is_filtered(name: str, method: str) -> bool:
    return (name, method) in FILTERED or (name.endswith(".kept") and method in EVERY_AREA)


def test_every_call_site_passes_an_audience() -> None:
    bare = [
        path for path, call, name, method in _calls() if _is_filtered(name, method) and not _names_an_audience(call)
    ]
    assert bare == []


def test_every_read_with_an_audience_is_seen_where_it_is_called() -> None:
    called = {(name, method) for _, _, name, method in _calls()}
    own = {(name, method) for name, method in FILTERED if method not in EVERY_AREA}
    assert own
    assert own - called == set(), "call it as `work.of(NAME).method(…)`: calls written otherwise are not looked at"
    assert EVERY_AREA - {method for name, method in called if _is_filtered(name, method)} == set()


@pytest.mark.parametrize("read", ["work.of(TASKS).page(query)", "work.of(TASKS).get(1)", "work.of(self.kept).get(1)"])
def test_a_call_without_an_audience_is_found(read: str) -> None:
    ((call, name, method),) = _calls_in(ast.parse(read))
    assert _is_filtered(name, method)
    assert not _names_an_audience(call)


def _names_an_audience(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = [name for value in given for name in _names_in(value)]
    return any("audience" in name.lower() for name in names)


def _names_in(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_reads_for_undo_stay_where_they_were_reviewed() -> None:
    assert "tasks" in NUMBERED
    users = {path for path, _, name, method in _calls() if name in NUMBERED and method in FOR_UNDO}
    assert {path for path in users if Path(path).name != "undo.py"} == set()


def test_an_override_is_asked_for_by_name_and_set_in_one_place() -> None:
    setters = {path for path in modules() if path.startswith(("bot/", "core/")) and "override = " in modules()[path]}
    assert setters == {"bot/middleware/override.py"}


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_what_is_overridable_was_reviewed_and_changes_nothing(area: Area) -> None:
    overridable = {command.info.action: command.info for command in area.commands if command.info.overridable}
    assert set(overridable) == set(declared(area.name).overridable), f"say why, in {place(area.name)}"
    assert all(info.undo is Undo.NOT_NEEDED for info in overridable.values())


def test_an_audience_that_sees_everything_is_made_nowhere_without_an_audit() -> None:
    assert {path for path in modules() if any(makes_one_that_sees_everything(tree(path)))} == set(OVERRIDES)


def makes_one_that_sees_everything(module: ast.Module) -> Iterator[ast.Call]:
    """The calls that make such an audience, or one of another; an answer's words are only told of it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            is_set = any(keyword.arg == "everything" for keyword in node.keywords)
            if node.func.id in ("Audience", "replace") and (is_set or len(node.args) > AUDIENCE_OF_MEMBER):
                yield node


AUDIENCE_OF_MEMBER = 2
"""What an audience is made of unless it sees everything: the member, and the channels."""


@pytest.mark.parametrize(
    "made",
    ["Audience(1, channels, everything=True)", "Audience(1, channels, True)", "replace(audience, everything=True)"],
)
def test_an_audience_that_sees_everything_is_found_however_it_is_made(made: str) -> None:
    assert any(makes_one_that_sees_everything(ast.parse(made)))
