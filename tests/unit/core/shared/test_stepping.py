"""Long work in a thread leaves the interpreter to others now and then."""

import pytest

from core.shared.stepping import AT_ONCE, REST, STRETCH, rested, stretches


def test_items_come_in_order_with_a_rest_after_each_stretch_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now, rests = 0.0, list[float]()
    monkeypatch.setattr("core.shared.stepping.time.perf_counter", lambda: now)
    monkeypatch.setattr("core.shared.stepping.time.sleep", rests.append)
    seen: list[int] = []
    for some in stretches(range(5 * AT_ONCE + 1)):
        assert len(rests) == len(seen) // (2 * AT_ONCE)
        seen += some
        now += 0.6 * STRETCH
    assert seen == list(range(5 * AT_ONCE + 1))
    assert rests == [REST] * 3


def test_what_is_given_one_by_one_is_taken_some_at_once() -> None:
    assert list(rested(iter(range(AT_ONCE + 1)))) == list(range(AT_ONCE + 1))
