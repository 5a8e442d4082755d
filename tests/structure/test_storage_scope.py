"""Repositories make their statements through the scope of their workspace, and in no other way."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Table

from adapters.storage.engine.statements import Statements
from adapters.storage.schema import tables
from adapters.storage.schema.assigning import assigning_tables
from adapters.storage.system import spaces
from adapters.storage.work import scope
from adapters.storage.work.whole_schema import whole_schema

REPOSITORIES = sorted((Path(__file__).parents[2] / "adapters" / "storage" / "repositories").rglob("*.py"))
STATEMENTS = {"select", "insert", "update", "delete", "text", "exec_driver_sql", "execute", "TextClause"}
HARMLESS = {"subquery", "select_from"}
ABOVE_WORKSPACES = {"workspaces", "installations", "leases"}
"""Workspaces are their own scope; an installation belongs to its space; processes hold leases."""


PEOPLE = {
    "boards.made_by": "becomes the other's where two people are joined",
    "boards.member_id": "becomes the other's where two people are joined",
    "changes.member_id": "becomes the other's where two people are joined, and nobody's when one is forgotten",
    "changes.person_id": "becomes the other's where two people are joined, and nobody's when one is forgotten",
    "identities.member_id": "becomes the other's where two people are joined, and goes when one is forgotten",
}
"""What refers to members besides being made by them, and what the repository of members does about it."""


def _unscoped(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            found += [alias.name for alias in node.names if alias.name in STATEMENTS]
        if isinstance(node, ast.Attribute) and node.attr in STATEMENTS:
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner in ("sa", "sqlalchemy") or node.attr in ("execute", "exec_driver_sql"):
                found.append(f"{owner}.{node.attr}")
    return found


@pytest.mark.parametrize("path", REPOSITORIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_repository_makes_no_statement_that_knows_no_workspace(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # A selection from selections is checked when it is made.
    inner = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("over", "count")
    ]
    allowed = [name for node in inner for name in _unscoped(node)]
    assert sorted(_unscoped(tree)) == sorted(allowed)


def test_every_table_knows_its_workspace() -> None:
    without = {name for name, table in whole_schema().tables.items() if "workspace_id" not in table.c}
    assert without == ABOVE_WORKSPACES


def test_whatever_belongs_to_a_channel_keeps_its_space_where_it_is() -> None:
    refer = {table.name for table in whole_schema().sorted_tables if "channels" in _referred(table)}
    assert {table.name for table in spaces.holding_data()} == refer - {"message_counters"}


def _referred(table: Table) -> set[str]:
    return {key.referred_table.name for key in table.foreign_key_constraints}


def test_whatever_is_about_somebody_was_thought_of_when_people_are_joined_or_forgotten() -> None:
    about = {
        f"{table.name}.{column.name}"
        for table in whole_schema().sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name == "members"
        for column in key.columns
    }
    made = {name for name in about if name.endswith((".workspace_id", ".author_id"))}
    followed = {f"{table.name}.member_id" for table in assigning_tables(whole_schema())}
    assert followed == {"held_reminders.member_id", "task_assignees.member_id"}
    assert about - made - followed == set(PEOPLE)


def test_the_scope_binds_every_kind_of_statement() -> None:
    for statement in (scope.select(tables.tasks), scope.update(tables.tasks), scope.delete(tables.tasks)):
        assert "tasks.workspace_id = :scope" in str(statement)
    assert "workspaces.id = :scope" in str(scope.select(tables.workspaces))


@pytest.mark.parametrize("path", REPOSITORIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_repository_knows_no_kind_of_database(path: Path) -> None:
    """What differs between databases lies in `dialects`, behind names that say what is done and not where."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    shared = {"", ".columns", ".patterns"}
    dialects = {name.removeprefix("adapters.storage.engine.dialects") for name in modules if "dialects" in name}
    assert dialects <= shared
    assert not {name for name in modules if name.startswith("sqlalchemy.dialects")}
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not {name for name in names if name in ("sqlite", "postgresql", "mssql", "asyncpg", "aioodbc")}


def test_what_runs_statements_offers_no_way_to_the_driver() -> None:
    assert {name for name in vars(Statements) if not name.startswith("_")} == {"dialect", "execute"}
    found = [path for path in REPOSITORIES if ".engine.statements" in path.read_text("utf-8")]
    assert found == [], "repositories run statements by the scope of their workspace"
