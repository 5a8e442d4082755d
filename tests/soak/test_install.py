"""Both locks install into an empty environment with the pips that people have."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.installing import DEV, PIPS, ROOT, RUNTIME, empty_environment, install, pip


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of the longer lock, fetched once."""
    folder = tmp_path_factory.mktemp("wheels")
    environment = empty_environment(folder / "environment", PIPS[1])
    pip(environment, "download", "--no-deps", "--require-hashes", "-d", folder, "-r", ROOT / DEV)
    return folder


@pytest.mark.timeout(600)
@pytest.mark.parametrize("lock", [RUNTIME, DEV])
@pytest.mark.parametrize("version", PIPS)
def test_a_lock_installs_into_an_empty_environment(
    version: str, lock: str, wheels: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    environment = empty_environment(tmp_path / "environment", version)
    install(environment, lock, "--no-index", "--find-links", wheels)
    packages = list(environment.glob("lib/python*/site-packages/*.dist-info"))
    record_property("packages installed, pip among them", len(packages))
