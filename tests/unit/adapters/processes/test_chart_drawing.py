"""Pictures of charts, drawn here: every kind, what strains it, and letters that no font has."""

import base64
import io
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-untyped]
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from adapters.charts.data import chart_data
from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs import chart_fonts
from adapters.processes.jobs.chart_bars import draw_bars
from adapters.processes.jobs.chart_drawing import DPI, draw_chart
from adapters.processes.jobs.chart_heat import draw_heat
from adapters.processes.jobs.chart_sheet import Sheet, figure_words, mark_words, thinned
from core.chat.reply import Chart
from tests.support.charts import DAYS, ODD, PRODUCTS, USUAL, chart


def drawn(what: Chart) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(draw_chart(chart_data(what))["picture"])))


@pytest.mark.parametrize("name", [*USUAL, *ODD])
def test_it_is_drawn_without_a_warning_on_ground_of_its_own(name: str) -> None:
    picture = drawn((USUAL | ODD)[name])
    assert picture.format == "PNG"
    assert picture.width == 1056
    assert 600 < picture.height < 1800
    corner = picture.convert("RGBA").getpixel((0, 0))
    assert corner == (255, 255, 255, 255)


def test_long_names_lie_and_many_of_them_make_it_taller() -> None:
    assert Sheet.of(chart_data(chart("bar", PRODUCTS))).lies
    assert not Sheet.of(chart_data(chart("bar", DAYS))).lies
    few, many = (Sheet.of(chart_data(chart("bar", PRODUCTS * count))) for count in (1, 10))
    assert few.size[1] < many.size[1]


def test_columns_are_all_named_and_their_names_tilted_where_there_is_no_room_for_them() -> None:
    months = tuple(f"{name} 2026" for name in "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
    year, half = (Sheet.of(chart_data(chart("bar", months[:count]))) for count in (12, 4))
    assert (year.tilts, half.tilts) == (True, False)
    assert year.size[1] > half.size[1]
    assert not Sheet.of(chart_data(chart("line", months))).tilts
    axes = Figure().add_subplot()
    draw_bars(axes, year)
    assert [label.get_text() for label in axes.get_xticklabels()] == list(months)
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {45}


def test_figures_that_have_no_room_above_their_columns_are_whole_numbers_or_none() -> None:
    few, more, too_wide = (
        Sheet.of(chart_data(chart("bar", DAYS[: len(values)], values)))
        for values in ((181_088.89, 6440.0), (181_088.89, *[6440.5] * 9), (-99_181_088.89, *[6440.5] * 12))
    )
    written = []
    for sheet in (few, more, too_wide):
        axes = Figure().add_subplot()
        draw_bars(axes, sheet)
        written.append([text.get_text() for text in axes.texts])
    assert written == [["181,088.89", "6,440.00"], ["181,089", *["6,440"] * 9], []]


def test_a_figure_below_nothing_stands_clear_of_the_name_of_its_bar() -> None:
    sheet = Sheet.of(chart_data(chart("bar", PRODUCTS, (7717.95, 1970.5, -120.25))))
    figure = Figure(figsize=sheet.size, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    draw_bars(axes, sheet)
    figure.draw_without_rendering()
    assert [text.get_text() for text in axes.texts] == ["7,717.95", "1,970.50", "-120.25"]
    assert min(text.get_window_extent().x0 for text in axes.texts) > axes.bbox.x0


@pytest.mark.parametrize("name", ["heat", "heat by row"])
def test_the_legend_of_a_heat_map_says_what_its_numbers_count(name: str) -> None:
    figure = Figure()
    draw_heat(figure.add_subplot(), Sheet.of(chart_data(USUAL[name])))
    _, legend = figure.axes
    assert legend.get_ylabel() == "Sales (GBP)"


def test_marks_are_few_enough_to_be_read() -> None:
    assert list(thinned(365, 10)) == list(range(0, 365, 37))
    assert [mark_words(value) for value in (0.0, 2500.0, -1.5e6, 2e9, 0.1 + 0.2)] == [
        "0",
        "2,500",
        "-1.5M",
        "2B",
        "0.3",
    ]
    assert (figure_words(1234.5, "GBP"), figure_words(2.5e9, "GBP")) == ("1,234.50", "2.5B")


@pytest.mark.parametrize("words", ["咖啡", "🧋 tea", "half \ud800"])
def test_letters_that_no_font_here_has_are_refused(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_fonts, "_others", list)
    with pytest.raises(JobRefusedError) as caught:
        draw_chart(chart_data(chart("bar", (words,))))
    assert caught.value.reason == "letters"


def test_values_beyond_all_measure_are_refused() -> None:
    with pytest.raises(JobRefusedError):
        draw_chart(chart_data(chart("line", DAYS[:2], (1e308, -1e308))))


def test_a_font_of_the_system_helps_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "han.ttf"
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "tea"])
    builder.setupCharacterMap({ord("茶"): "tea"})
    builder.setupGlyf({".notdef": Glyph(), "tea": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "tea": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Some Sans CJK", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist])
    font_manager.fontManager.addfont(path)
    assert chart_fonts.families(["茶", "tea"]) == [chart_fonts.OWN, "Some Sans CJK"]
    assert drawn(chart("bar", ("茶",))).format == "PNG"
