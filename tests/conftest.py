"""What holds for every test: its markers, what it is skipped for, and what the summary says of that."""

import gc
import os
import sys
from collections import Counter
from collections.abc import Generator, Iterable
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.support import chromium
from tests.support.counting import Counting
from tests.support.interrupts import interrupt_plainly
from tests.support.logs import plain_logs
from tests.support.patience import patience

_TESTS = Path(__file__).parent

# A test is marked by the folders it lies in, at any depth: tests/integration/security/ is integration and security.
MARKERS_OF_FOLDER: dict[str, tuple[str, ...]] = {
    "unit": ("unit",),
    "contract": ("integration",),
    "integration": ("integration",),
    "scenario": ("e2e",),
    "browser": ("e2e", "slow"),
    "smoke": ("e2e", "smoke"),
    "structure": ("unit", "regression"),
    "benchmarks": ("performance", "slow"),
    "regression": ("regression",),
    "security": ("security",),
    "performance": ("performance",),
    "slow": ("slow",),
    "soak": ("performance", "slow"),
}

# Lines of `core` and `bot` are counted where they are tried in depth. The rest runs the same ones again, and what it is
# about lies in adapters; examples by the hundred run the same ones each time.
COUNTED = (
    "unit/bot", "unit/core", "integration/tasks/test_task", "integration/tasks/test_transfer", "scenario/test_cli",
)  # fmt: skip

plain_logs()
interrupt_plainly()
# Nearly all that comes to be from here until the tests run stays for good.
gc.disable()

# Examples differ from run to run where a person looks on; in CI the same commit is judged by the same ones.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

COUNTING = pytest.StashKey[Counting]()


def markers_of(path: Path) -> list[str]:
    """The markers that a test file's folders give it, in order, each once."""
    folders = path.relative_to(_TESTS).parent.parts
    return list(dict.fromkeys(name for folder in folders for name in MARKERS_OF_FOLDER.get(folder, ())))


def pytest_sessionstart() -> None:
    """Forget what was worked out before: `make mutate` tries changed code in a process that ran the tests already."""
    ours = [module for name, module in sys.modules.items() if name.startswith(("bot.", "core."))]
    for found in [found for module in ours for found in vars(module).values()]:
        if isinstance(found, _lru_cache_wrapper):
            found.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Count what modules of the product run as they are imported, and nothing else until there are tests to run."""
    counting = session.config.stash[COUNTING] = Counting()
    if not session.config.pluginmanager.has_plugin("dsession"):  # Workers run the tests then.
        counting.import_all("core", "bot")
    counting.set(wanted=False)
    return (yield)


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark each test by its folders; refuse one that lies in none that says what it is."""
    for item in items:
        names = markers_of(item.path)
        if not names:
            raise pytest.UsageError(
                f"{item.path}: no folder of it says what kind of test it is: {list(MARKERS_OF_FOLDER)}"
            )
        for name in names:
            item.add_marker(name)


def is_counted(item: pytest.Item) -> bool:
    """Whether the lines that a test runs are counted; where time or memory is measured it would be the counting's."""
    if item.get_closest_marker("performance") or is_hypothesis_test(getattr(item, "obj", None)):
        return False
    return item.path.relative_to(_TESTS).as_posix().startswith(COUNTED)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what is there for good by now: modules and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)
    gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count the lines of some tests, from the first of their fixtures to the last."""
    item.config.stash[COUNTING].set(wanted=is_counted(item))
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> object:
    """Give a test as much longer to end as this machine is slower."""
    plugin: Any = item.config.pluginmanager.get_plugin("timeout")
    return plugin.pytest_timeout_set_timer(item, settings._replace(timeout=patience(settings.timeout)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip the browser tests where there is no browser; in CI that is a failure."""
    if "browser" not in item.path.relative_to(_TESTS).parts or chromium.find_chromium():
        return
    if os.environ.get("CI"):
        pytest.fail(chromium.MISSING, pytrace=False)
    pytest.skip(chromium.MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped, and why."""
    skipped = Counter(_place_and_reason(report) for report in terminalreporter.getreports("skipped"))
    if not skipped:
        return
    terminalreporter.section("skipped, and why")
    for (place, reason), count in sorted(skipped.items()):
        terminalreporter.write_line(f"{place}: {count} skipped: {reason}")


def _place_and_reason(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str]:
    place = report.nodeid.partition("::")[0]
    if isinstance(report.longrepr, tuple):
        return place, report.longrepr[2].removeprefix("Skipped: ")
    return place, str(report.longrepr)
