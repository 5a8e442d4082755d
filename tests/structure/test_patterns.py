"""No regular expression gets slow by what somebody sends: twice as long takes twice as long."""

import re

import pytest

from core.dates.due import LONGEST_TEXT
from core.dates.recurrence_rules import LONGEST_RULE
from tests.support.pattern_growth import GROWTH, Met, growth, patterns

LIMITED = {"core/dates/": max(LONGEST_TEXT, LONGEST_RULE)}
"""What is never asked about longer texts, for their length is looked at first."""

TRIES = 3
"""How often what is slow may be taken for quick: the short input may be what a busy machine was slow with."""

HARMLESS = 0.005
"""Seconds of processor time that nobody notices, for the longest text that there can be."""


def test_twice_the_input_takes_every_expression_twice_the_time() -> None:
    found = patterns(("bot", "core", "adapters"))
    assert len(found) > 100
    slow = []
    for met in found:
        limit = next((most for place, most in LIMITED.items() if met.place.startswith(place)), None)
        times, words = growth(met, limit, HARMLESS) if limit else growth(met)
        if times > GROWTH:
            slow.append(f"{met.place}: {times:.1f} times, with {words}…")
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize("pattern", [r"<a:[^>]*>", r"(?:a+)+b", r"\s+$", r"(?:a|ab|b)*c", r"a.*b.*c", r"(\w+)-(\d+)x"])
def test_an_expression_that_gets_slow_is_found(pattern: str) -> None:
    met = Met("", re.compile(pattern), is_searched=True)
    assert any(growth(met)[0] > GROWTH for _ in range(TRIES))
