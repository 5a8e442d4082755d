"""Replies of every shape and size, for properties that hold for all of them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from core.chat.actions import number_actions
from core.chat.reply import (
    Action,
    Chart,
    Choice,
    Column,
    Field,
    Problem,
    Reply,
    Row,
    Series,
    Style,
    Table,
)
from core.chat.text import Bold, Code, Link, Mention, Moment

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SET_ID = "01M7W51AHKV4Z918A3P0Z1XDM7"

_SPECIAL = ["<!channel>", "&amp;", "<@U1>", "*", "`", "```", "\n", "|", ">", "_x_", "é", "日本", "😀", " "]
words = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*_SPECIAL, "word "]), max_size=30).map("".join),
    st.tuples(st.sampled_from(_SPECIAL), st.integers(1, 4000)).map(lambda pair: pair[0] * pair[1]),
)
named = words.filter(lambda text: bool(text.strip()))
spans = st.one_of(
    words,
    words.map(Bold),
    words.map(Code),
    st.builds(Mention, st.integers(1, 9), words),
    words.map(lambda text: Moment(NOW, text)),
    st.builds(Link, words, st.sampled_from(["https://example.com/a?b=c&d=<e>|f g", "javascript:alert(1)", "x"])),
)
texts = st.lists(spans, max_size=4).map(tuple)
kinds = st.sampled_from(["text", "number", "money", "date", "moment", "people"])
cells = st.one_of(
    st.none(),
    words,
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.sampled_from(["2026-12-01", "2026-12-01T09:00:00+01:00", "2026-13-01"]),
    texts,
)
labels = named.map(lambda text: text[:60])
actions = st.builds(
    Action,
    labels,
    command=st.just("/task done 1"),
    style=st.sampled_from(Style),
    confirm=st.one_of(st.none(), named),
    choices=st.lists(st.builds(Choice, labels, st.just("/task done 1")), max_size=3).map(tuple),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table whose rows fit its columns: few of both, repeated to many."""
    wide, long = draw(st.sampled_from([(1, 1), (1, 1), (8, 1), (1, 40), (3, 15)]))
    columns = draw(st.lists(st.builds(Column, st.just("key"), labels, kinds), min_size=1, max_size=3))
    row = st.builds(
        Row,
        st.tuples(*[cells for _ in columns]).map(lambda some: some * wide),
        st.lists(actions, max_size=2).map(tuple),
        st.sampled_from(["", "warning", "done"]),
    )
    rows = draw(st.lists(row, max_size=3))
    return Table(draw(words), tuple(columns * wide), tuple(rows * long), draw(texts))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A chart with as many values as labels, or not."""
    count = draw(st.sampled_from([0, 1, 3, 6, 7, 20, 21]))
    values = draw(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=2)) * 11
    names = tuple(f"{number}{draw(labels)}" if number < 2 else f"label {number}" for number in range(count))
    series = Series(draw(labels), tuple(values[: count + draw(st.sampled_from([0, 0, 0, 1]))]))
    many = draw(st.sampled_from([1, 1, 6, 7]))
    return Chart(
        draw(words),
        draw(st.sampled_from(["bar", "line", "pie", "stacked", "heat"])),
        names,
        (series,) * many,
        draw(words),
    )


fields = st.builds(Field, st.just("key"), labels, cells, kinds)
problems = st.builds(Problem, st.just("refused"), named, words)
replies = st.builds(
    Reply,
    title=words,
    text=texts,
    fields=st.lists(fields, max_size=3).map(lambda some: tuple(some * 4)),
    tables=st.lists(tables(), max_size=2).map(tuple),
    charts=st.lists(charts(), max_size=2).map(tuple),
    actions=st.lists(actions, max_size=2).map(tuple),
    problem=st.one_of(st.none(), problems),
    progress=st.one_of(st.none(), st.floats(0, 1)),
    footer=texts,
).map(lambda reply: number_actions(reply, SET_ID)[0])
