"""A lock is whole, for old pips too. `make soak` tries both locks with both pips, which takes a minute."""

import sys
from pathlib import Path

import pytest

from tests.support.installing import PIPS, RUNTIME, empty_environment, install


@pytest.mark.timeout(400)
def test_what_people_run_installs_from_its_lock_into_an_empty_environment(tmp_path: Path) -> None:
    version = PIPS[0] if sys.version_info < (3, 12) else PIPS[1]
    install(empty_environment(tmp_path / "environment", version), RUNTIME)
