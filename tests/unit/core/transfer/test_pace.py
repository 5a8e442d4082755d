"""How many rows a step of an import has."""

from itertools import pairwise

import pytest

from core.transfer.pace import AIM, FEW, FEWEST, FIRST, MOST, REMEMBERED, ROUND, SHORT, Pace


def test_fast_steps_double_up_to_the_most() -> None:
    pace = Pace()
    sizes = []
    for _ in range(5):
        pace.took(pace.size, AIM / 50)
        sizes.append(pace.size)
    assert sizes == [min(FIRST * 2**step, MOST) for step in range(1, 6)]


def test_a_step_that_something_held_up_does_not_shrink_the_next() -> None:
    pace = Pace()
    pace.took(300, AIM)
    assert pace.size == 300
    pace.took(300, 20 * AIM)
    assert pace.size == 300


def test_steps_that_are_slow_again_and_again_shrink_to_the_fewest() -> None:
    pace = Pace()
    pace.took(400, AIM)
    for _ in range(2 * REMEMBERED):
        pace.took(pace.size, 20 * AIM)
    assert pace.size == FEWEST


@pytest.mark.parametrize("row", [AIM / 150, AIM / 400, AIM / 900])
def test_whatever_a_row_takes_a_step_keeps_others_waiting_no_longer_than_is_aimed_at(row: float) -> None:
    pace = Pace()
    for slower in (1.0, 1.5, 1.0):
        for _ in range(2 * REMEMBERED):
            pace.took(pace.size, pace.size * row * slower)
        assert pace.size * row * slower <= AIM or pace.size == FEWEST
        assert pace.size == max(int(AIM / (row * slower)), FEWEST)


def test_steps_are_short_while_others_write_and_for_a_while_after_that() -> None:
    pace, row = Pace(), AIM / 200
    for _ in range(2 * REMEMBERED):
        pace.took(pace.size, pace.size * row)
    assert pace.size == 200
    for half in (100, 50):
        pace.took(pace.size, pace.size * row, beside_others=True)
        assert pace.size == max(half, int(200 * SHORT / AIM))
    for _ in range(REMEMBERED - 1):
        pace.took(pace.size, pace.size * row)
    assert pace.size == int(200 * SHORT / AIM)
    for twice in (2, 4):
        pace.took(pace.size, pace.size * row)
        assert pace.size == min(twice * int(200 * SHORT / AIM), 200)


def test_slow_steps_beside_others_shrink_further_than_those_alone() -> None:
    pace = Pace()
    for _ in range(2 * REMEMBERED):
        pace.took(pace.size, 20 * AIM, beside_others=True)
    assert pace.size == FEW < FEWEST


def test_to_come_to_a_row_that_fails_steps_are_halved_down_to_one_row_and_stay_as_small() -> None:
    pace = Pace()
    sizes = []
    while pace.narrow():
        sizes.append(pace.of(10 * FIRST))
        pace.took(sizes[-1], AIM / 50)
    assert sizes[0] == FIRST // 2
    assert sizes[-1] == 1
    assert all(now == before // 2 for before, now in pairwise(sizes))


def test_rows_that_are_left_are_shared_out_evenly_in_round_numbers() -> None:
    pace = Pace()
    half = (FIRST // 2 // ROUND + 1) * ROUND
    assert [pace.of(left) for left in (5 * FIRST, FIRST + 1, FIRST, 1)] == [FIRST, half, FIRST, 1]
