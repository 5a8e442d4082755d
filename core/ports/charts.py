"""Pictures of charts, for places that show no charts of their own."""

from typing import Protocol

from core.chat.reply import Chart


class ChartPictures(Protocol):
    """Draws charts."""

    async def picture(self, chart: Chart) -> bytes | None:
        """Return a chart as a PNG, which reads on light and on dark ground.

        None for one that has nothing to draw, or that can't be drawn readably or soon: its table tells the same.
        """
        ...
