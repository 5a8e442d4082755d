"""No test depends on the day or the machine it runs on: none reads the clock or sets a limit in its own way."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

CLOCKS = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "SystemClock"}
MAY_READ_THE_CLOCK = {
    "browser/console.py": "the browser lives on the machine's time, and is told how far the tests' day is from it",
    "integration/keeping/test_archive.py": "how old files are is told by the file system",
    "scenario/test_slack_faults.py": "Slack's SDK compares when a request was signed with the machine's time",
    "support/discord/ratelimits.py": "Discord's SDK compares when a limit ends with the machine's time",
    "support/every_minute.py": "processes of the product run their schedules by the machine's time",
    "support/slack/delivery.py": "Slack's SDK compares when a request was signed with the machine's time",
    "support/tsql/driver.py": "what the server says of its own clock",
}

LIMITS = {"asyncio.timeout", "asyncio.timeout_at", "asyncio.wait_for"}
MAY_SET_A_LIMIT = {
    "contract/storage/test_cancelling.py": "what a statement is cut off by is its subject",
    "support/discord/exchange.py": "how long Discord waits",
    "support/patience.py": "where limits come from",
    "support/slack/socket_mode.py": "how long Slack waits",
}


def test_no_test_reads_the_day_it_runs_on() -> None:
    assert _users_of(CLOCKS) == set(MAY_READ_THE_CLOCK)


def test_every_limit_grows_with_how_slow_the_machine_is() -> None:
    assert _users_of(LIMITS) == set(MAY_SET_A_LIMIT)


def _users_of(names: set[str]) -> set[str]:
    """Return the files of tests, benchmarks apart, that name one of these."""
    return {file for file, used in _names().items() if any(name in used for name in names)}


@cache
def _names() -> dict[str, set[str]]:
    """Every name with the one before it, such as `time.time`, that a test file uses; imported ones by themselves."""
    files = {path.relative_to(TESTS).as_posix(): path for path in TESTS.rglob("*.py")}
    return {
        name: set(_used(ast.parse(path.read_text(encoding="utf-8"))))
        for name, path in files.items()
        if not name.startswith("benchmarks/")
    }


def _used(tree: ast.AST) -> Iterator[str]:
    known = {node.asname: node.name for node in ast.walk(tree) if isinstance(node, ast.alias) and node.asname}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            before = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            yield f"{known.get(before, before)}.{node.attr}"
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    "read",
    [
        "import time; time.time()",
        "from time import time; time()",
        "from datetime import datetime as dt; dt.now()",
        "import datetime as dt; dt.date.today()",
    ],
)
def test_who_reads_the_clock_is_found_however_it_is_written(read: str) -> None:
    assert CLOCKS & set(_used(ast.parse(read)))
