"""Pictures of charts in the processes that serve: drawn there, and stopped there."""

from pathlib import Path

import pytest

from adapters.charts import pictures
from adapters.charts.pictures import DrawnCharts
from adapters.processes.pool import PoolLimits, open_processes
from tests.support.charts import USUAL, chart

PNG = b"\x89PNG\r\n\x1a\n"


async def test_charts_are_drawn_in_a_process_whose_fonts_are_remembered_in_the_data_folder(tmp_path: Path) -> None:
    async with open_processes(tmp_path) as processes:
        drawn = DrawnCharts(processes)
        for name in ("lying bars", "lines", "heat"):
            picture = await drawn.picture(USUAL[name])
            assert picture
            assert picture.startswith(PNG)
        assert await drawn.picture(chart("bar", ("half \ud800",))) is None
    assert list((tmp_path / "matplotlib").glob("fontlist*.json"))


async def test_a_drawing_that_takes_too_long_or_too_much_memory_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_processes(tmp_path, PoolLimits(memory=150 * 1024 * 1024)) as processes:
        assert await DrawnCharts(processes).picture(chart()) is None
    monkeypatch.setattr(pictures, "SECONDS", 0.01)
    async with open_processes(tmp_path) as processes:
        assert await DrawnCharts(processes).picture(chart()) is None
