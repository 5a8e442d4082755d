"""Pictures of charts, drawn in processes of their own; an equal chart is drawn once."""

import asyncio
import base64
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping

import structlog

from adapters.processes.errors import JobError, JobRefusedError
from adapters.processes.pool import ProcessPool
from core.chat.reply import Chart
from core.shared.errors import BusyError

log = structlog.get_logger(__name__)

SECONDS = 15.0
"""That a drawing may take, on a machine that has much else to do."""

MOST_VALUES = 5000
"""Values of a chart that is drawn; nobody could tell more of them apart."""

MOST_DRAWING = 100
"""Different charts that are drawn or wait for that."""

KEPT = 8 * 1024 * 1024
"""Bytes of pictures that are kept."""


class DrawnCharts:
    """The `ChartPictures` of a pool of processes."""

    def __init__(self, processes: ProcessPool, *, kept: int = KEPT) -> None:
        """Draw in those processes, and keep so many bytes of what was drawn last."""
        self._processes = processes
        self._most = kept
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._drawing: dict[str, asyncio.Task[bytes | None]] = {}
        # One after the other: a chart takes a tenth of a second, and there is other work for the processes.
        self._turn = asyncio.Lock()

    async def picture(self, chart: Chart) -> bytes | None:
        """Return a chart as a PNG; None for what can't be drawn. Those who want the same wait for one drawing."""
        count = len(chart.labels) * len(chart.series)
        if not chart.has_values or count > MOST_VALUES:
            return None
        from adapters.charts.data import chart_data  # most of what is answered has no chart

        data = chart_data(chart)
        digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        drawing = self._drawing.get(digest)
        if drawing is None and len(self._drawing) >= MOST_DRAWING:
            return None
        if drawing is None:
            drawing = self._drawing[digest] = asyncio.create_task(self._draw(digest, data), name="chart")
            drawing.add_done_callback(lambda _: self._drawing.pop(digest, None))
        # Somebody who gives up leaves the drawing to those who wait for it too.
        return await asyncio.shield(drawing)

    async def _draw(self, digest: str, data: Mapping[str, object]) -> bytes | None:
        try:
            async with self._turn:
                answer = await self._processes.run("draw_chart", data, seconds=SECONDS)
        except JobRefusedError as error:
            log.info("chart_not_drawn", reason=error.reason)
            return None
        except (JobError, BusyError) as error:
            log.warning("chart_not_drawn", reason=type(error).__name__)
            return None
        picture = base64.b64decode(answer["picture"])
        self._keep(digest, picture)
        return picture

    def _keep(self, digest: str, picture: bytes) -> None:
        self._kept[digest] = picture
        self._size += len(picture)
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)
