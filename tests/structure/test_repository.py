"""The files around the code say the same as the code, and as each other."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MARKERS_OF_FOLDER

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")

_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+))? \\$")
_DIGEST = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}( \\)?$")
_NAME = re.compile(r"^[A-Za-z0-9.-]+")


@cache
def project() -> dict[str, Any]:
    """The whole of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: str) -> dict[str, str]:
    """Name to version, of every package in a lock file."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {found["name"]: found["version"] for line in lines if (found := _PIN.match(line))}


def wanted(*extras: str) -> set[str]:
    """The names that pyproject.toml asks for, at run time and by extra."""
    table = project()["project"]
    lines = [*table["dependencies"], *(line for extra in extras for line in table["optional-dependencies"][extra])]
    return {found[0].lower() for line in lines if (found := _NAME.match(line))}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_digests_and_names_no_host(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert "://" not in "\n".join(lines)
    odd = [line for line in lines if not (_PIN.match(line) or _DIGEST.match(line) or line.startswith("#"))]
    assert odd == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_digest(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if _PIN.match(line) and not _DIGEST.match(following)
    ]
    assert bare == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    assert wanted("build") <= pins("requirements.lock").keys()
    assert wanted("build", "dev") <= pins("requirements-dev.lock").keys()


def test_tests_run_on_the_versions_that_people_run() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_every_marker_comes_from_a_folder() -> None:
    declared = {line.partition(":")[0] for line in project()["tool"]["pytest"]["ini_options"]["markers"]}
    assert {marker for markers in MARKERS_OF_FOLDER.values() for marker in markers} == declared


def test_every_make_target_is_named_in_its_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "smoke", "lint", "bench", "clean", "lock"):
        assert re.search(rf"^{target}:.* ## .+$", makefile, re.MULTILINE), target


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_ci_runs_what_people_run() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in script if line.startswith("make ")] == ["make lint", "make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
