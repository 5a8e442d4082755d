"""What is measured by a clock that people, and machines, put to another time."""

from datetime import timedelta

import pytest

from core.shared.clock import CLOCKS_APART, Turnback, has_passed
from tests.support.clock import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("later", "expected"),
    [(0, False), (59, False), (60, True), (86_400, True), (-59, False), (-60, True), (-86_400, True)],
)
def test_a_time_has_passed_behind_an_instant_and_as_far_before_it(later: int, expected: bool) -> None:
    assert has_passed(MINUTE, NOON, NOON + timedelta(seconds=later)) is expected


def test_that_a_clock_was_put_back_is_noticed_once_and_supposed_at_first() -> None:
    turnback, day = Turnback(), timedelta(days=1)
    moments = [NOON, NOON + day, NOON + day - CLOCKS_APART, NOON, NOON, NOON + CLOCKS_APART]
    assert [turnback.noticed(now) for now in moments] == [True, False, False, True, False, False]
