"""The example area as one of the product: the tests of all areas pass for it, once they are told what they ask for."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.moved_area import copied, declare, move_in

DECLARING = ("tests/structure/test_audiences.py", "tests/unit/bot/test_declared_effects.py")
"""Where something is asked of an area."""

OF_ALL_AREAS = (
    *DECLARING,
    *(f"tests/structure/test_{name}.py" for name in ("areas", "commands", "storage_scope", "texts", "house_rules")),
    *(f"tests/unit/bot/test_{name}.py" for name in ("completion", "people_commands", "product")),
    "tests/unit/adapters/slack/test_manifest.py",
    "tests/unit/adapters/discord/test_commands.py",
)


def tried(product: Path, paths: tuple[str, ...]) -> tuple[bool, list[str]]:
    """Run tests of a copy; return whether all passed, and what was said in the end, a line a test."""
    asked = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb", "line", *paths]
    done = subprocess.run(asked, cwd=product, capture_output=True, text=True, timeout=800, check=False)
    return done.returncode == 0, done.stdout.splitlines()


@pytest.mark.timeout(900)
def test_a_new_area_meets_only_tests_that_say_what_to_declare(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    product = copied(tmp_path / "product")
    moved = move_in(product)
    has_passed, said = tried(product, DECLARING)
    assert not has_passed
    assert any("tests/support/areas/memo.py" in line for line in said), "\n".join(said)
    declare(product)
    has_passed, said = tried(product, OF_ALL_AREAS)
    record_property("files", len(moved.own) + len(moved.lists))
    record_property("tests", said[-1])
    assert has_passed, "\n".join(said)
