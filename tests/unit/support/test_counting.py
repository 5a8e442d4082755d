"""Lines are counted while that is asked for, and not within a block that goes uncounted."""

import sys
from collections.abc import Callable

from coverage import Coverage

from tests.support.counting import uncounted


def _first() -> int:
    return 1


def _second() -> int:
    return 2


def _third() -> int:
    return 3


def _is_counted(counting: Coverage, work: Callable[[], int]) -> bool:
    body = work.__code__.co_firstlineno + 1
    return body in (counting.get_data().lines(__file__) or [])


def test_what_runs_in_the_block_is_not_counted_and_what_comes_before_and_after_is() -> None:
    counting = Coverage(data_file=None, include=[__file__], config_file=False)
    before = sys.gettrace()
    with counting.collect():
        _first()
        with uncounted():
            assert sys.gettrace() is before
            _second()
        _third()
    assert [_is_counted(counting, work) for work in (_first, _second, _third)] == [True, False, True]


def test_without_counting_there_is_nothing_to_stop() -> None:
    with uncounted(), uncounted():
        assert _first() == 1
