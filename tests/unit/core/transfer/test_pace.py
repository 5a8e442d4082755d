"""How many rows a step of an import has."""

from core.transfer.pace import AIM, FEWEST, FIRST, MOST, REMEMBERED, Pace


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
