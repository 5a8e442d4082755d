"""Charts in Slack: native where that is taken, else a picture; the figures are there in any case."""

from collections.abc import AsyncIterator
from math import nan
from typing import Any, cast

import pytest

from adapters.platforms.slack.api import SlackApi
from adapters.platforms.slack.files import Files, Upload
from adapters.platforms.slack.messages import Renderer
from adapters.platforms.slack.mrkdwn import nobody
from adapters.platforms.slack.options import SlackOptions
from adapters.platforms.slack.render import Native, Rendered, render, render_bare
from core.chat.reply import Chart, Column, FileLink, Reply, Row, Table
from tests.support.charts import DAYS, PRODUCTS, chart
from tests.support.slack.blocks import check_blocks
from tests.support.slack.schema import Report

TABLE = Table("Figures", (Column("day", "Day"), Column("sales", "Sales", "money")), (Row(("1 Nov", "1.00")),))


class Pictures:
    """Draws all but what is called so."""

    async def picture(self, chart: Chart) -> bytes | None:
        return None if chart.title == "can't be drawn" else chart.title.encode()


def shown(*charts: Chart, tables: tuple[Table, ...] = (TABLE,)) -> Rendered:
    rendered = render(Reply(title="Report", tables=tables, charts=charts))
    report = Report()
    check_blocks(report, "/blocks", list(rendered.blocks), "message")
    assert report.problems == []
    return rendered


def natives(rendered: Rendered) -> list[Any]:
    return [block for block in rendered.blocks if block["type"] == "data_visualization"]


def test_a_native_chart_names_its_axes_and_units_and_says_its_range_below() -> None:
    rendered = shown(chart("line", DAYS[:20], tuple(map(float, range(20)))))
    (native,) = natives(rendered)
    assert native["chart"]["axis_config"] | {"categories": []} == {
        "categories": [],
        "x_label": "Day",
        "y_label": "Sales (GBP)",
    }
    assert rendered.charts == ()
    assert "Sales by day: up. · 1–30 Nov 2026 · Europe/London" in str(rendered.blocks)
    assert "Sales by day: up." in rendered.text


@pytest.mark.parametrize(
    "what",
    [
        chart("heat", DAYS[:3], (1.0, 2.0, 3.0)),
        chart("stacked", DAYS[:3], (1.0, 2.0, 3.0)),
        chart("line", DAYS[:21], (1.0,) * 21),
        chart("bar", DAYS[:2], *[(1.0, 2.0)] * 7),
        chart("pie", DAYS[:7], (1.0,) * 7),
        chart("line", DAYS[:2], (1.0, nan)),
        chart("bar", tuple(f"a name of many letters {number}" for number in range(2)), (1.0, 2.0)),
    ],
)
def test_what_slack_does_not_draw_comes_as_a_picture_with_its_sentence(what: Chart) -> None:
    rendered = shown(what)
    assert (natives(rendered), rendered.charts) == ([], (what,))
    assert "Sales by day: up." in str(rendered.blocks)


def test_long_names_are_cut_where_that_leaves_them_apart() -> None:
    (native,) = natives(shown(chart("bar", PRODUCTS, (3.0, 2.0, 1.0))))
    assert native["chart"]["axis_config"]["categories"][0] == "WHITE HANGING HEART…"


def test_a_third_chart_of_a_message_comes_as_a_picture() -> None:
    charts = [chart(title=title) for title in ("a", "b", "c")]
    rendered = shown(*charts)
    assert (len(natives(rendered)), rendered.charts) == (2, (charts[2],))


def test_a_picture_without_a_table_beside_it_has_its_figures_with_it() -> None:
    assert "1 Nov: 1.00" in str(shown(chart("heat", DAYS[:2], (1.0, 2.0)), tables=()).blocks)
    assert "1 Nov: 1.00 · 2.00" not in str(shown(chart("heat", DAYS[:2], (1.0, 2.0))).blocks)


def test_a_message_of_words_alone_brings_its_charts_as_pictures() -> None:
    assert render_bare(Reply(charts=(chart(),))).charts == (chart(),)


def test_a_workspace_that_refuses_charts_keeps_its_tables_and_is_not_asked_again() -> None:
    reply = Reply(tables=(TABLE,), charts=(chart(),))
    renderer = Renderer()
    full, without, plainest, bare = renderer.versions(reply, nobody, "T1")
    assert full.native == {Native.TABLE, Native.CHART}
    assert (without.native, without.charts) == (frozenset({Native.TABLE}), (chart(),))
    assert (plainest.native, bare.blocks) == (frozenset(), ())
    renderer.taken(without, full, "T1")
    assert renderer.first(reply, nobody, "T1") == without
    assert renderer.is_safe(without, "T1")
    assert renderer.first(reply, nobody, "T2") == full
    assert not renderer.is_safe(full, "T2")


async def test_pictures_follow_the_files_with_what_they_show_in_words() -> None:
    files = Files(cast(SlackApi, None), cast(SlackOptions, None), Pictures())
    rendered = Rendered(
        "words",
        (),
        files=(FileLink("F1", "sales.csv", "text/csv", 12), FileLink("F2", "empty.csv", "text/csv", 0)),
        charts=(chart(title="can't be drawn"), chart(title="Verkäufe / Tag"), chart(title="咖啡")),
    )

    async def read(_: FileLink) -> AsyncIterator[bytes]:
        yield b""

    uploads: list[Upload] = [upload async for upload in files.uploads(rendered, read)]
    assert [upload.name for upload in uploads] == ["sales.csv", "Verk-ufe-Tag.png", "chart.png"]
    assert uploads[1].words == "Verkäufe / Tag: up. · 1–30 Nov 2026 · Europe/London"
    assert uploads[1].read() == "Verkäufe / Tag".encode()
