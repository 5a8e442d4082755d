"""Tables are loaded by what uses them; whoever goes through all of them has all."""

import ast

from adapters.storage.work.whole_schema import TABLES, whole_schema
from tests.structure.test_house_rules import modules, tree

SCHEMA = "adapters/storage/schema/"
ITSELF = {"adapters/storage/migrations/env.py", "adapters/storage/work/whole_schema.py"}


def test_every_module_with_tables_is_part_of_the_whole() -> None:
    declaring = {path for path in modules() if path.startswith(SCHEMA) and _declares(path)}
    listed = {f"{module.__name__.replace('.', '/')}.py" for module in TABLES}
    assert declaring == listed | {f"{SCHEMA}tables.py"}
    assert {"sale_lines", "schedules", "tasks", "leases"} <= set(whole_schema().tables)


def test_nobody_goes_through_the_tables_that_happen_to_be_loaded() -> None:
    """Whoever names `metadata` declares a table with it; all else asks for the whole."""
    naming = {path for path in modules() if path.startswith("adapters/") and _names_metadata(path)}
    assert {path for path in naming - ITSELF if not _declares(path)} == set()
    walking = {path for path in naming - ITSELF for node in ast.walk(tree(path)) if _walks(node)}
    assert walking == set()


def _declares(path: str) -> bool:
    calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return any(isinstance(function, ast.Name) and function.id == "Table" for function in calls)


def _names_metadata(path: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "adapters.storage.schema.tables"
        and "metadata" in [alias.name for alias in node.names]
        for node in ast.walk(tree(path))
    )


def _walks(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("sorted_tables", "tables") and _is_metadata(node.value)


def _is_metadata(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "metadata"
