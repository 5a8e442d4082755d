"""Lines are counted while that is asked for, and not otherwise."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from coverage import Coverage

from tests.support.counting import Counting


def _first() -> int:
    return 1


def _second() -> int:
    return 2


def _third() -> int:
    return 3


def _is_counted(coverage: Coverage, work: Callable[[], int]) -> bool:
    body = work.__code__.co_firstlineno + 1
    return body in (coverage.get_data().lines(__file__) or [])


def test_what_runs_while_it_is_halted_is_not_counted_and_what_comes_before_and_after_is() -> None:
    coverage = Coverage(data_file=None, include=[__file__], config_file=False)
    before = sys.gettrace()
    with coverage.collect():
        counting = Counting()
        _first()
        counting.set(wanted=False)
        assert sys.gettrace() is before
        _second()
        counting.set(wanted=False)
        counting.set(wanted=True)
        counting.set(wanted=True)
        _third()
    assert sys.gettrace() is before
    assert [_is_counted(coverage, work) for work in (_first, _second, _third)] == [True, False, True]


def test_one_that_goes_on_beneath_ends() -> None:
    before = sys.gettrace()
    beneath, coverage = (Coverage(data_file=None, include=[__file__], config_file=False) for _ in range(2))
    beneath.start()
    with coverage.collect():
        counting = Counting()
        _first()
        counting.set(wanted=False)
        assert sys.gettrace() is before
    assert _is_counted(coverage, _first)


def test_modules_that_nobody_has_imported_yet_are_imported_where_lines_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "counted_example" / "inner"
    inner.mkdir(parents=True)
    for module in (inner.parent / "__init__.py", inner / "__init__.py", inner / "deep.py"):
        module.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    coverage = Coverage(data_file=None, source=[str(tmp_path)], config_file=False)
    with coverage.collect():
        counting = Counting()
        counting.set(wanted=False)
        counting.import_all("counted_example")
        assert "counted_example" not in sys.modules
        counting.set(wanted=True)
        counting.import_all("counted_example")
    assert coverage.get_data().lines(str(inner / "deep.py")) == [1]
    for name in [name for name in sys.modules if name.startswith("counted_example")]:
        del sys.modules[name]


def test_without_counting_there_is_nothing_to_halt() -> None:
    counting, before = Counting(), sys.gettrace()
    counting.set(wanted=True)
    counting.import_all("counted_example")
    assert sys.gettrace() is before
    assert _first() == 1
