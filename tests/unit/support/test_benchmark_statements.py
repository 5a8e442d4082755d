"""How the reference learns what to run."""

import sqlite3

import pytest

from adapters.storage.engine.dialects.sqlite_connections import VISIT, Visited
from tests.benchmarks.processes import BenchError
from tests.benchmarks.statements import Recorded, Recorder, document, from_document, learn

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


def test_recorder_sees_every_way_to_run_a_statement() -> None:
    recorder = Recorder()
    with recorder.watching():
        database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE TABLE t (a)")
    with recorder.recording() as found:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO t VALUES (?)", (1,))
        database.executemany("INSERT INTO t VALUES (?)", iter([(2,), (3,)]))
        rows = database.cursor().execute("SELECT a FROM t").fetchall()
        database.execute("COMMIT")
    database.close()
    assert rows == [(1,), (2,), (3,)]
    assert found == [
        Recorded("INSERT INTO t VALUES (?)", ((1,),)),
        Recorded("INSERT INTO t VALUES (?)", ((2,), (3,))),
        Recorded("SELECT a FROM t", ((),)),
    ]


def test_recorder_sees_what_a_connection_of_the_product_s_is_handed() -> None:
    recorder = Recorder()
    with recorder.watching():
        database = sqlite3.connect(":memory:", factory=Visited)
    with recorder.recording() as found:
        database.executemany(VISIT, [lambda connection: connection.execute("SELECT 1")])
    database.close()
    assert found == [Recorded("SELECT 1", ((),))]


def test_recorder_leaves_other_connections_alone() -> None:
    recorder = Recorder()
    with recorder.watching():
        pass
    database = sqlite3.connect(":memory:")
    assert type(database) is sqlite3.Connection
    database.close()
