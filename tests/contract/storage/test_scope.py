"""A repository can't forget the workspace: its statements name it, and others are refused."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.storage.engine.errors import UnscopedStatementError
from adapters.storage.schema.tables import channels, counters, tasks, workspaces
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.ports.storage import Storage
from core.sales.repository import OtherLinesError
from core.tasks.repository import TASKS
from tests.contract.storage.test_isolation import TRIES, Stranger, fill
from tests.contract.storage.world import Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import STAND_IN, fresh_storage, off_the_stand_in
from tests.support.tsql import driver
from tests.support.tsql.binding import unbound
from tests.support.tsql.grammar import Statement, read


@pytest.fixture
async def stand_in(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Storage]:
    async with fresh_storage(STAND_IN, tmp_path, clock=clock) as opened:
        yield opened


@contextmanager
def _watched(workspace_id: int) -> Iterator[list[str]]:
    """Collect what is said to the database that may be of another workspace, and that anything is said at all."""
    found: list[str] = []

    def watch(statement: Statement, values: dict[str, Any]) -> None:
        found.extend(unbound(statement, values, workspace_id))

    driver.WATCHERS.append(watch)
    try:
        yield found
    finally:
        driver.WATCHERS.remove(watch)


async def test_every_statement_of_a_repository_names_the_workspace_for_every_table(stand_in: Storage) -> None:
    here, there = await build_place(stand_in, "here"), await build_place(stand_in, "there")
    tasks_ = [await fill(here), await fill(there, prefix="there ")]
    unscoped: dict[str, list[str]] = {}
    for name, attempt in TRIES.items():
        with _watched(there.id) as found:
            # What is not there is asked for with fewer statements: both are tried.
            for place, task in ((here, tasks_[0]), (there, tasks_[1])):
                # What comes of it is not the question.
                with suppress(AssertionError, sa.exc.DBAPIError, pytest.fail.Exception, OtherLinesError):
                    async with stand_in.workspace(there.id).write() as work:
                        await attempt(Stranger(place, there, work, task))
                        # Asked anything, it writes what would wait for the commit, which does not come: the next
                        # attempt meets what this one met.
                        await work.settings.get()
        unscoped |= {name: found} if found else {}
    assert unscoped == {}


BOUND = (
    "SELECT title FROM tasks WHERE tasks.workspace_id = ? AND tasks.number = 1",
    "SELECT t.title FROM tasks AS t JOIN members AS m ON m.workspace_id = t.workspace_id WHERE t.workspace_id = ?",
    "SELECT name FROM workspaces WHERE workspaces.id = ?",
    "SELECT title, (SELECT COUNT(*) FROM members WHERE members.workspace_id = tasks.workspace_id) AS many FROM tasks "
    "WHERE tasks.workspace_id = ?",
    "UPDATE tasks SET title = N'x' WHERE tasks.workspace_id = ?",
    "DELETE FROM tasks WHERE tasks.workspace_id = ?",
    "INSERT INTO tasks (workspace_id, number) VALUES (?, 1)",
)
FREE = (
    "SELECT title FROM tasks",
    "SELECT title FROM tasks WHERE tasks.number = ?",
    "SELECT title FROM tasks WHERE tasks.workspace_id = ? OR tasks.number = 1",
    "SELECT title FROM tasks WHERE NOT tasks.workspace_id = ?",
    "SELECT t.title FROM tasks AS t JOIN members AS m ON m.id = t.author_id WHERE t.workspace_id = ?",
    "SELECT title FROM tasks WHERE tasks.workspace_id = ? AND number IN (SELECT number FROM task_assignees)",
    "UPDATE tasks SET title = N'x' WHERE tasks.number = ?",
    "DELETE FROM tasks",
    "SELECT title FROM tasks WHERE number IN (SELECT number FROM task_assignees AS a WHERE a.workspace_id = ?)",
    "SELECT (SELECT COUNT(*) FROM members WHERE members.workspace_id = tasks.workspace_id) AS many FROM tasks "
    "WHERE tasks.number = ?",
    "SELECT (SELECT MIN(tasks.number) FROM tasks WHERE tasks.number = 1) AS one FROM tasks "
    "WHERE tasks.workspace_id = ?",
    "INSERT INTO tasks (number) VALUES (?)",
)


@pytest.mark.parametrize("text", BOUND)
def test_a_statement_that_names_the_workspace_is_seen_to(text: str) -> None:
    (statement,) = read(text)
    assert not list(unbound(statement, {"p0": 7}, 7))
    assert list(unbound(statement, {"p0": 8}, 7))


@pytest.mark.parametrize("text", FREE)
def test_a_statement_that_forgets_the_workspace_is_caught(text: str) -> None:
    (statement,) = read(text)
    assert list(unbound(statement, {"p0": 7}, 7))


@off_the_stand_in("what is refused is not said")
@pytest.mark.parametrize(
    "statement",
    [
        sa.select(tasks),
        sa.select(tasks).where(tasks.c.workspace_id == 1),
        sa.update(tasks),
        sa.delete(tasks),
        sa.text("SELECT * FROM tasks"),
        sa.insert(tasks),
    ],
    ids=str,
)
async def test_a_statement_that_was_not_made_in_the_scope_is_refused(here: Place, statement: Any) -> None:
    async with here.reading() as work:
        for run in (Scoped.all, Scoped.first, Scoped.scalar, Scoped.change):
            with pytest.raises(UnscopedStatementError):
                await work.of(TASKS)._transaction.run(lambda db, run=run: run(db, statement))  # type: ignore[attr-defined]


def test_a_selection_from_tables_is_not_taken_for_one_from_selections() -> None:
    with pytest.raises(UnscopedStatementError):
        scope.over(sa.select(tasks))
    with pytest.raises(UnscopedStatementError):
        scope.over(sa.select(scope.select(channels).subquery(), tasks.c.title))
    with pytest.raises(UnscopedStatementError):
        scope.count(sa.select(tasks), 10)


async def test_nothing_says_whose_a_row_is_but_the_unit_of_work(here: Place, there: Place) -> None:
    async with there.writing() as work:
        transaction: Any = work.of(TASKS)._transaction  # type: ignore[attr-defined]
        foreign = {"workspace_id": here.id, "name": "smuggled", "value": 1}
        await transaction.run(lambda db: db.insert(counters, dict(foreign)))
        await transaction.run(lambda db: db.insert_missing(counters, {**foreign, "name": "more"}))
        await transaction.run(lambda db: db.insert_many(counters, [{**foreign, "name": "many"}]))
        transaction.later(counters, {**foreign, "name": "late"})
    await here.add(here.task())
    for place, expected in ((here, {"tasks"}), (there, {"smuggled", "more", "many", "late"})):
        async with place.reading() as work:
            reading: Any = work.of(TASKS)._transaction  # type: ignore[attr-defined]
            assert {row.name for row in await reading.run(lambda db: db.all(scope.select(counters)))} == expected


async def test_a_unit_of_work_sees_one_workspace_and_no_parameter_changes_which(here: Place, there: Place) -> None:
    async with there.reading() as work:
        transaction: Any = work.of(TASKS)._transaction  # type: ignore[attr-defined]
        rows = await transaction.run(lambda db: db.all(scope.select(workspaces), scope=here.id))
    assert [row.id for row in rows] == [there.id]
