"""Files that go out with a message, and the pictures of its charts among them."""

from collections.abc import AsyncIterator

from adapters.platforms.discord.api import listed
from adapters.platforms.discord.attachments import Packing
from adapters.platforms.discord.controls import Home
from adapters.platforms.discord.render import render
from core.chat.reply import Chart, FileLink, Reply
from tests.support.charts import DAYS, chart

HOME = Home("1234567890123456789", "1234567890123456780")
FILES = tuple(FileLink(f"F{number}", f"{number}.csv", "text/csv", 1) for number in range(12))


class Pictures:
    """Draws all but what is called so."""

    async def picture(self, chart: Chart) -> bytes | None:
        return None if chart.title == "can't be drawn" else chart.title.encode()


async def read(_guild: str, _link: FileLink) -> AsyncIterator[bytes]:
    yield b"x"


async def test_the_first_chart_stands_in_the_embed_and_the_others_below_it() -> None:
    charts = tuple(chart(title=title) for title in ("a", "can't be drawn", "b"))
    shown, files = await Packing(read, Pictures()).pack("G", render(Reply(charts=charts), HOME), 1000)
    assert [embed["image"]["url"] for embed in shown.embeds] == ["attachment://chart-1.png", "attachment://chart-3.png"]
    assert [(file.name, file.content) for file in files] == [("chart-1.png", b"a"), ("chart-3.png", b"b")]
    assert listed(files)[0] == {
        "id": 0,
        "filename": "chart-1.png",
        "description": "a: up. · 1–30 Nov 2026 · Europe/London",
    }


async def test_files_that_were_asked_for_go_before_pictures() -> None:
    reply = Reply(charts=(chart(title="a"),), files=FILES[:10])
    shown, files = await Packing(read, Pictures()).pack("G", render(reply, HOME), 1000)
    assert len(files) == 10
    assert "image" not in shown.embeds[0]


async def test_a_chart_says_its_figures_where_no_table_does() -> None:
    shown = render(Reply(charts=(chart("heat", DAYS[:2], (1.0, 2.0)), chart("line", (), ()))), HOME)
    words = shown.embeds[0]["description"]
    assert "Sales by day: up. · 1–30 Nov 2026 · Europe/London" in words
    assert "1 Nov: 1.00" in words
