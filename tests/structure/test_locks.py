"""The locks hold all that is asked for, and all that this asks for in its turn: nothing has to be resolved."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
EXTRAS_OF_LOCK = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}
LOCKS = pytest.mark.parametrize("lock", EXTRAS_OF_LOCK)

_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+))? \\$")
_DIGEST = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}( \\)?$")


class Pin(NamedTuple):
    """One version of a lock, and the marker that says where it is installed."""

    version: str
    marker: str | None

    def holds(self, **environment: str) -> bool:
        """Whether it is installed here, or where those facts hold."""
        return self.marker is None or Marker(self.marker).evaluate({**environment})


@cache
def lines_of(lock: str) -> list[str]:
    """The lines of a lock that are no comments."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@cache
def pins(lock: str) -> dict[str, tuple[Pin, ...]]:
    """Name to pins, of every package in a lock: several where not every Python can have the same version."""
    found: dict[str, tuple[Pin, ...]] = {}
    for match in filter(None, map(_PIN.match, lines_of(lock))):
        found[match["name"]] = (*found.get(match["name"], ()), Pin(match["version"], match["marker"]))
    return found


@cache
def asked_for(lock: str) -> tuple[Requirement, ...]:
    """What pyproject.toml wants to be in a lock."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for extra in EXTRAS_OF_LOCK[lock] for line in table["optional-dependencies"][extra]]
    return tuple(map(Requirement, [*table["dependencies"], *extras]))


def missing(requirement: Requirement, lock: str) -> str | None:
    """What a lock lacks for a requirement, or nothing."""
    named = pins(lock).get(canonicalize_name(requirement.name))
    if named is None:
        return f"{requirement}: not there"
    pin = next((pin for pin in named if pin.holds()), None)
    if pin is None:
        return f"{requirement}: not for this Python"
    return None if requirement.specifier.contains(pin.version, prereleases=True) else f"{requirement}: {pin.version}"


def installed(requirement: Requirement) -> Iterator[Requirement]:
    """What an installed package asks for in its turn, here and for the extras that it is wanted with."""
    for line in distribution(requirement.name).requires or []:
        asked = Requirement(line)
        if asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)):
            yield asked


@LOCKS
def test_a_lock_holds_pins_with_digests_and_names_no_host(lock: str) -> None:
    assert [line for line in lines_of(lock) if not (_PIN.match(line) or _DIGEST.match(line))] == []
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
    following = zip(lines_of(lock), [*lines_of(lock)[1:], ""], strict=True)
    assert [line for line, after in following if _PIN.match(line) and not _DIGEST.match(after)] == []


@LOCKS
@pytest.mark.parametrize("python", ["3.11.2", "3.12.9", "3.13.5", "3.14.1"])
def test_a_lock_holds_each_package_once_for_a_python(lock: str, python: str) -> None:
    short = ".".join(python.split(".")[:2])
    there = {
        name: [pin for pin in named if pin.holds(python_full_version=python, python_version=short)]
        for name, named in pins(lock).items()
    }
    assert [name for name, named in there.items() if len(named) > 1] == []


@LOCKS
def test_a_lock_holds_a_fitting_version_of_all_that_the_project_asks_for(lock: str) -> None:
    assert [lack for requirement in asked_for(lock) if (lack := missing(requirement, lock))] == []


@LOCKS
def test_a_lock_holds_all_that_its_packages_ask_for(lock: str) -> None:
    lacks: set[str] = set()
    waiting, seen = list(asked_for(lock)), set[str]()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        if lack := missing(requirement, lock):
            lacks.add(lack)
        try:
            waiting.extend(installed(requirement))
        except PackageNotFoundError:
            lacks.add(f"{requirement}: not installed here")
    assert lacks == set()


def test_tests_run_on_the_versions_that_people_run() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_a_lock_is_installed_without_resolving_wherever_it_is() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").iterdir(), ROOT / "Makefile"]
    lines = [line for path in documents for line in path.read_text(encoding="utf-8").splitlines()]
    installs = [line for line in lines if "--require-hashes" in line or re.search(r"install .*-r ", line)]
    assert len(installs) >= 2
    assert [line for line in installs if "--no-deps --require-hashes" not in line] == []
