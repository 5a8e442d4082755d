"""How the reference learns what to run."""

import pytest

from tests.benchmarks.processes import BenchError
from tests.benchmarks.statements import Recorded, document, from_document, learn

RESERVE = "UPDATE counters SET value=value + ? RETURNING value"


def recorded(number: int, delivery: str) -> list[Recorded]:
    return [
        Recorded("INSERT INTO deliveries VALUES (?, ?)", ((delivery, 1),)),
        Recorded(RESERVE, ((1,),)),
        Recorded("INSERT INTO tasks VALUES (?, ?, ?)", ((1, number, "Buy milk"), (1, number + 1, "Buy milk"))),
        Recorded("UPDATE deliveries SET reply=? WHERE id=?", ((f"task {number} added", delivery),)),
    ]


def test_what_differs_each_time_is_new_each_time_and_the_rest_stays() -> None:
    found = learn(recorded(7, "delivery-000000000007"), 7, recorded(8, "delivery-000000000008"), 8)
    filled = [[[slot.fill(41, 30) for slot in row] for row in one.rows] for one in found]
    assert filled[0] == [["delivery-000000000041", 1]]
    assert filled[2] == [[1, 30, "Buy milk"], [1, 31, "Buy milk"]]
    assert filled[3] == [["task 7 added", "delivery-000000000041"]]


def test_the_number_comes_from_the_counter() -> None:
    found = learn(recorded(7, "a"), 7, recorded(8, "b"), 8)
    assert [one.gives_number for one in found] == [False, True, False, False]
    assert [one.reads for one in found] == [False, True, False, False]


def test_statements_survive_their_document() -> None:
    found = learn(recorded(7, "a"), 7, recorded(8, "b"), 8)
    assert from_document(document(found)) == found


def test_a_command_that_runs_other_statements_each_time_is_refused() -> None:
    with pytest.raises(BenchError):
        learn(recorded(7, "a"), 7, recorded(8, "b")[1:], 8)


def test_a_command_without_a_number_is_refused() -> None:
    with pytest.raises(BenchError):
        learn([Recorded("SELECT 1", ((),))], 1, [Recorded("SELECT 1", ((),))], 2)
