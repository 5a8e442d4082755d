"""House rules of the code itself, beyond what the linters know."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "core", "adapters")

Function = ast.FunctionDef | ast.AsyncFunctionDef

_LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
_BROAD = {"Exception", "BaseException"}


@cache
def modules() -> dict[str, str]:
    """Path, as the repository knows it, to source, of every module of the product.

    Migrations are records of what a schema was, long as it was long, and stay as they are.
    """
    found = (
        path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) if "versions" not in path.parts
    )
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in found}


@cache
def tree(path: str) -> ast.Module:
    """One module's syntax tree."""
    return ast.parse(modules()[path])


def functions() -> Iterator[tuple[str, Function]]:
    """Every function and method, with its module's path."""
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield path, node


def test_there_is_something_to_check() -> None:
    assert all(any(path.startswith(f"{package}/") for path in modules()) for package in PACKAGES)


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = [
        path
        for path in modules()
        if {"utils", "util", "helpers", "helper", "managers", "manager"} & set(Path(path).with_suffix("").parts)
    ]
    assert drawers == []


def test_a_broad_except_says_why() -> None:
    silent = [
        f"{path}:{node.lineno}"
        for path, source in modules().items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and "#" not in source.splitlines()[node.lineno - 1]
    ]
    assert silent == []


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in _BROAD) for kind in caught)


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{path}:{number} {line.strip()}"
        for path, source in modules().items()
        for number, line in enumerate(source.splitlines(), start=1)
        if _LEFT_OVER.search(line)
    ]
    assert left == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_code_is_a_package_that_says_what_it_is(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts}
    bare = [str(folder.relative_to(ROOT)) for folder in sorted(folders) if not _says_what_it_is(folder)]
    assert bare == []


def _says_what_it_is(folder: Path) -> bool:
    face = folder / "__init__.py"
    return face.exists() and ast.get_docstring(ast.parse(face.read_text(encoding="utf-8"))) is not None
