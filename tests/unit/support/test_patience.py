"""How long tests wait, by how slow the machine is."""

import pytest

from tests.support import patience as module
from tests.support.patience import patience, patiently, until


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that takes three times as long."""
    monkeypatch.setattr(module, "_found", (float("-inf"), 1.0))
    monkeypatch.setattr(module, "_measured", lambda: 3.0)


@pytest.mark.usefixtures("slow")
def test_a_limit_grows_with_how_slow_the_machine_is() -> None:
    assert patience(2.0) == 6.0


@pytest.mark.usefixtures("slow")
def test_a_finding_is_good_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    assert patience(1.0) == 3.0
    monkeypatch.setattr(module, "_measured", lambda: 5.0)
    assert patience(1.0) == 3.0


@pytest.mark.parametrize(("measured", "factor"), [(0.2, 1.0), (1e6, 20.0)], ids=["fast", "hardly moving"])
def test_a_limit_is_never_less_than_written_and_never_endless(
    monkeypatch: pytest.MonkeyPatch, measured: float, factor: float
) -> None:
    monkeypatch.setattr(module, "_found", (float("-inf"), 1.0))
    monkeypatch.setattr(module, "_measured", lambda: measured)
    assert patience(1.0) == factor


def test_this_machine_can_be_measured() -> None:
    assert module._measured() > 0
    assert module._crowd() >= 0


async def test_what_is_looked_for_is_found_when_it_is_there() -> None:
    looks = iter([None, 0, "", "there"])
    assert await until(lambda: next(looks)) == "there"


async def test_what_never_comes_is_named() -> None:
    async def look() -> bool:
        return False

    with pytest.raises(AssertionError, match="for the end of days"):
        await until(look, 0.001, "the end of days")


async def test_a_block_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError):
        async with patiently(0.001):
            await until(lambda: False)
