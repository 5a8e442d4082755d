"""Long work in a thread leaves the interpreter to others now and then."""

import pytest

from core.shared.stepping import AT_A_STRETCH, REST, rested


def test_items_come_in_order_with_a_rest_after_each_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr("core.shared.stepping.time.sleep", rests.append)
    assert list(rested(range(2 * AT_A_STRETCH + 1))) == list(range(2 * AT_A_STRETCH + 1))
    assert rests == [REST] * 2
