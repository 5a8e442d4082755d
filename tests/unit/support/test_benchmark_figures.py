"""What the benches conclude from what they measured."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import report
from tests.benchmarks.figures import Figure, Target, compared, number, paired_ratio, percentile, spread


def test_spread_of_known_samples() -> None:
    found = spread([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    assert (found.count, found.mean, found.median, found.least, found.most) == (8, 5.0, 4.5, 2.0, 9.0)
    assert found.deviation == pytest.approx(2.138, abs=0.001)


def test_a_single_sample_deviates_by_nothing() -> None:
    assert spread([3.0]).deviation == 0.0


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentile_is_a_sample(share: float, expected: float) -> None:
    assert percentile([float(one) for one in range(100, 0, -1)], share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_enough_samples_do_not_exceed_a_percentile(samples: list[float], share: float) -> None:
    found = percentile(samples, share)
    assert sum(one <= found for one in samples) >= share * len(samples) - 1e-6


def test_a_round_under_load_does_not_decide_the_ratio() -> None:
    assert paired_ratio([1.0, 50.0, 1.0], [2.0, 100.0, 2.0]) == 0.5
    assert paired_ratio([1.0, 1.0, 900.0], [2.0, 2.0, 2.0]) == 0.5


@pytest.mark.parametrize(
    ("target", "ours", "ratio", "is_met"),
    [
        (Target("ratio", "≥", 0.5), 1.0, 0.5, True),
        (Target("ratio", "≥", 0.5), 1.0, 0.49, False),
        (Target("ratio", "≤", 3), 1.0, None, False),
        (Target("ours", "<", 600), 600.0, 0.1, False),
        (Target("ours", "=", 0), 0.0, None, True),
        (None, 1.0, None, True),
    ],
)
def test_target(target: Target | None, ours: float, ratio: float | None, is_met: bool) -> None:
    assert Figure("x", "ms", ours, target, ratio=ratio).is_met is is_met


def test_the_best_rounds_make_the_ratio() -> None:
    times = compared("x", "ms", [3.0, 9.0, 2.0], [1.0, 1.0, 5.0], Target("ratio", "≤", 3))
    assert (times.ours, times.reference, times.ratio, times.pairs) == (2.0, 1.0, 2.0, 3.0)
    rates = compared("x", "/s", [300.0, 500.0], [1000.0, 600.0], Target("ratio", "≥", 0.5))
    assert (rates.ours, rates.reference, rates.ratio) == (500.0, 1000.0, 0.5)


def test_a_promise_about_ours_alone_is_held_to_the_median() -> None:
    assert compared("x", "s", [1.0, 4.0, 5.0], [1.0, 1.0, 1.0], Target("ours", "<", 3)).is_met is False


def test_a_figure_survives_its_document() -> None:
    figure = compared("x", "ms", [1.0, 2.0], [2.0, 2.0], Target("ratio", "≤", 3), "a note")
    document = json.loads(json.dumps(figure.document()))
    assert Figure.from_document(document) == figure
    assert document["met"] is True
    assert document["samples_spread"]["median"] == 1.5


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (0.5, "0.5"),
        (3.14159, "3.14"),
        (99.96, "100"),
        (540.4, "540"),
        (12345.6, "12,346"),
    ],
)
def test_numbers_show_what_matters(value: float, shown: str) -> None:
    assert number(value) == shown


def test_table_says_what_is_met_and_what_is_not() -> None:
    figures = [
        Figure("first", "ms", 5.0, Target("ours", "<", 20), 4.0, 1.25, note="why"),
        Figure("second", "/s", 90.0, Target("ratio", "≥", 0.5), 300.0, 0.3),
        Figure("third", "s", 1.0),
    ]
    lines = report.table(figures).splitlines()
    assert [line.split()[-1] for line in lines[2:4]] == ["yes", "NO"]
    assert "< 20 ms" in lines[2]
    assert "≥ 0.5 ×" in lines[3]
    assert lines[-1] == "first: why"
