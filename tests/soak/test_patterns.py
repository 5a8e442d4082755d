"""Regular expressions on texts ten times as long as the suite tries: twice as long takes twice as long there, too."""

from collections.abc import Callable

import pytest

from tests.structure.test_patterns import HARMLESS, LIMITED
from tests.support.pattern_growth import GROWTH, LONGEST, growth, patterns


@pytest.mark.timeout(600)
def test_no_expression_gets_slow_by_a_long_text(record_property: Callable[[str, object], None]) -> None:
    found = [met for met in patterns(("bot", "core", "adapters")) if not met.place.startswith(tuple(LIMITED))]
    slow = {met.place: times for met in found if (times := growth(met, 10 * LONGEST, HARMLESS)[0]) > GROWTH}
    record_property("expressions tried", len(found))
    assert slow == {}
