"""The files around the code say the same as the code, and as each other."""

import ast
import os
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from bot.settings import model as settings
from tests.conftest import MARKERS_OF_FOLDER, markers_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "core", "adapters")

_SETTING = re.compile(r"^#(?P<name>[A-Z][A-Z_]+)=(?P<value>.*)$")
_NAME = re.compile(r"^[A-Za-z0-9.-]+")


@cache
def project() -> dict[str, Any]:
    """The whole of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted() -> set[str]:
    """The names that pyproject.toml asks for at run time."""
    lines = project()["project"]["dependencies"]
    return {_normal(found[0]) for line in lines if (found := _NAME.match(line))}


def imports(path: Path) -> set[str]:
    """The first names of what a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def example() -> dict[str, str]:
    """Name to value, of the settings that .env.example offers, all of them commented out."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {found["name"]: found["value"] for line in lines if (found := _SETTING.match(line))}


def _normal(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_the_code_imports_is_asked_for() -> None:
    ours = set(PACKAGES) | sys.stdlib_module_names
    providers = packages_distributions()
    used = {
        module for package in PACKAGES for path in (ROOT / package).rglob("*.py") for module in imports(path)
    } - ours
    given = {_normal(name) for module in used for name in providers.get(module, [module])}
    assert given - wanted() == set()


def test_every_setting_is_in_the_example() -> None:
    assert set(example()) == {*settings.names(), *settings.NOT_YET}


def test_the_example_can_be_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (name for name in example() if name in os.environ):
        monkeypatch.delenv(name)
    every_line = tmp_path / "every.env"
    every_line.write_text("\n".join(f"{name}={value}" for name, value in example().items()), encoding="utf-8")
    for file in (every_line, ROOT / ".env.example"):
        assert settings.load_settings(file).warnings == ()


def test_every_marker_comes_from_a_folder() -> None:
    declared = {line.partition(":")[0] for line in project()["tool"]["pytest"]["ini_options"]["markers"]}
    assert {marker for markers in MARKERS_OF_FOLDER.values() for marker in markers} == declared


def test_every_marker_has_tests() -> None:
    given = {marker for file in (ROOT / "tests").rglob("test_*.py") for marker in markers_of(file)}
    assert given == {"unit", "integration", "e2e", "slow", "smoke", "regression", "security", "performance"}


def test_the_suite_runs_every_folder_of_tests_but_the_soak() -> None:
    suite = project()["tool"]["pytest"]["ini_options"]["testpaths"]
    folders = {file.relative_to(ROOT).parts[1] for file in (ROOT / "tests").rglob("test_*.py")}
    assert {*suite, "tests/soak"} == {f"tests/{folder}" for folder in folders}


def test_every_make_target_is_named_in_its_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "smoke", "lint", "bench", "soak", "clean", "lock"):
        assert re.search(rf"^{target}:.* ## .+$", makefile, re.MULTILINE), target


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_ci_runs_what_people_run() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in script if line.startswith("make ")] == ["make lint", "make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
