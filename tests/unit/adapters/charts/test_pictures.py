"""Pictures of charts: what is drawn, how often, and what comes of it when that fails."""

import asyncio
import base64
from collections.abc import Mapping
from math import nan
from typing import Any

import pytest

from adapters.charts.pictures import MOST_DRAWING, MOST_VALUES, DrawnCharts
from adapters.processes.errors import (
    JobError,
    JobFailedError,
    JobMemoryError,
    JobRefusedError,
    JobSlowError,
)
from adapters.processes.pool import ProcessPool
from core.chat.reply import Chart
from core.shared.errors import BusyError
from tests.support.charts import chart


class Pool(ProcessPool):
    """Draws the title, when it is let."""

    def __init__(self, fault: JobError | BusyError | None = None) -> None:
        super().__init__()
        self.fault = fault
        self.drawn: list[object] = []
        self.let = asyncio.Event()
        self.let.set()

    async def run(self, job: str, given: Mapping[str, object], *, seconds: float | None = None) -> dict[str, Any]:
        assert (job, seconds is not None) == ("draw_chart", True)
        self.drawn.append(given["title"])
        await self.let.wait()
        if self.fault:
            raise self.fault
        return {"picture": base64.b64encode(str(given["title"]).encode()).decode()}


async def test_an_equal_chart_is_drawn_once() -> None:
    pool = Pool()
    pictures = DrawnCharts(pool)
    assert [await pictures.picture(chart(title="a")) for _ in range(3)] == [b"a"] * 3
    assert await pictures.picture(chart(title="b")) == b"b"
    assert pool.drawn == ["a", "b"]


async def test_those_who_want_the_same_at_once_wait_for_one_drawing_even_if_the_first_gives_up() -> None:
    pool = Pool()
    pool.let.clear()
    pictures = DrawnCharts(pool)
    first, second, third = (asyncio.create_task(pictures.picture(chart(title="a"))) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    pool.let.set()
    assert (await second, await third, pool.drawn) == (b"a", b"a", ["a"])
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_only_so_many_bytes_are_kept_those_of_the_last_used() -> None:
    pool = Pool()
    pictures = DrawnCharts(pool, kept=20)
    for title in ("a" * 10, "b" * 10, "a" * 10, "c" * 10, "a" * 10, "b" * 10):
        await pictures.picture(chart(title=title))
    assert [str(title)[0] for title in pool.drawn] == ["a", "b", "c", "b"]
    await pictures.picture(chart(title="d" * 30))
    assert await pictures.picture(chart(title="e")) == b"e"


async def test_different_charts_are_drawn_one_after_the_other_and_not_endlessly_many_wait() -> None:
    pool = Pool()
    pool.let.clear()
    pictures = DrawnCharts(pool)
    wanted = [asyncio.create_task(pictures.picture(chart(title=str(number)))) for number in range(MOST_DRAWING)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert pool.drawn == ["0"]
    assert await pictures.picture(chart(title="one too many")) is None
    pool.let.set()
    assert all(await asyncio.gather(*wanted))


@pytest.mark.parametrize(
    "fault", [JobRefusedError("letters"), JobSlowError(), JobMemoryError(), JobFailedError("x"), BusyError()]
)
async def test_what_can_not_be_drawn_is_none_and_may_be_tried_again(fault: JobError | BusyError) -> None:
    pool = Pool(fault)
    pictures = DrawnCharts(pool)
    assert await pictures.picture(chart()) is None
    pool.fault = None
    assert await pictures.picture(chart()) is not None


@pytest.mark.parametrize(
    "nothing",
    [
        chart("line", (), ()),
        chart("line", ("a", "b"), (nan, nan)),
        chart("heat", tuple(map(str, range(100))), *[(1.0,) * 100] * (MOST_VALUES // 100 + 1)),
    ],
)
async def test_nothing_and_too_much_are_not_even_tried(nothing: Chart) -> None:
    pool = Pool()
    assert await DrawnCharts(pool).picture(nothing) is None
    assert pool.drawn == []
