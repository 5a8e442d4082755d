"""The longest lines that are taken are read without a step for each pair of words."""

import pytest

from bot.grammar.tokens import LINE_LIMIT
from tests.unit.bot.sample_area import planned
from tests.unit.bot.test_parser import says_something

REPEATED = [
    *(
        '"a ',
        "\u201ca ",
        "a:'b ",
        '"',
        "'",
        "a:",
        "--a ",
        "due:",
        "due:fri ",
        "notes:x ",
        "repeat:",
        "mon and ",
        "@a ",
        "1,",
        "1 ",
        "a, ",
        ':="',
    ),
    *("\\", "a ", 'x:="\\" ', "in 2h ", "titel:x ", "http:x ", " ", "\n", "\u2014", "\U0001f468\u200d"),
]


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize(
    "head", ["/task add ", "/task done ", "/task due ", "/task assign 1 ", "/task repeat 1 ", "/task list ", ""]
)
def test_the_longest_lines_are_read_without_growing_slow(head: str, piece: str) -> None:
    # A step for each pair of words would be some hundred million here: the test's own time limit would end it.
    line = (head + piece * LINE_LIMIT)[:LINE_LIMIT]
    assert says_something(planned(line))
