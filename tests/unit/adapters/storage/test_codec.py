"""Whatever a reply holds comes back from storage as it was."""

import json
import math
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.repositories.transfer.imports import import_of, import_text
from adapters.storage.work.codec import (
    actions_of,
    actions_text,
    data_of,
    data_text,
    post_of,
    post_text,
    reply_of,
    reply_text,
)
from core.chat.reply import Action, Cell, Chart, Choice, Field, Form, FormField, Reply, Series
from core.chat.text import Bold, Code, Link, Mention, Moment
from core.ports.storage import Post
from core.transfer.model import StagedCells
from tests.support.imports import an_import

# Fields are drawn by their types, so that a new one is met of its own accord.
replies = st.builds(Reply, original=st.none() | st.builds(Reply, original=st.none()))


def _same(left: Any, right: Any) -> bool:
    """Compare values and their types, numbers exactly: 1, 1.0 and True differ, and what is no number is itself."""
    if isinstance(left, datetime):
        return bool(left == right and left.utcoffset() == right.utcoffset())
    if type(left) is not type(right):
        return False
    if is_dataclass(left) and not isinstance(left, type):
        return all(_same(getattr(left, field.name), getattr(right, field.name)) for field in fields(left))
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    return bool(left == right)


@given(reply=replies)
def test_any_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert _same(reply_of(reply_text(reply)), reply)


@given(reply=replies, channel=st.none() | st.integers(), member=st.none() | st.integers())
def test_any_post_comes_back_as_it_was(reply: Reply, channel: int | None, member: int | None) -> None:
    assert _same(post_of(post_text(Post(reply, channel, member))), Post(reply, channel, member))


@given(actions=st.lists(st.from_type(Action), max_size=5))
def test_any_actions_come_back_as_they_were(actions: list[Action]) -> None:
    assert _same(actions_of(actions_text(actions)), tuple(actions))


@pytest.mark.parametrize(
    "value",
    [
        *(0, 1, -1, 2**70, 0.0, 1.0, 0.1, True, False, None, "", "1", "true", "null", "2026-11-20", "12.50"),
        *(float("inf"), float("-inf"), float("nan")),
        (),
        (
            "plain",
            Bold("x"),
            Code("x"),
            Mention(1, "x"),
            Moment(datetime(2026, 11, 20, tzinfo=UTC), "x"),
            Link("x", "y"),
        ),
    ],
)
def test_cells_keep_their_type(value: Cell) -> None:
    reply = Reply(fields=(Field("key", "Label", value),))
    assert _same(reply_of(reply_text(reply)), reply)


def test_a_moment_keeps_its_offset() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    reply = Reply(text=(Moment(at, "noon"),))
    assert _same(reply_of(reply_text(reply)), reply)


def test_charts_keep_what_is_no_number() -> None:
    chart = Chart("t", "line", ("a", "b"), (Series("s", (float("nan"), 2.0)),), "a summary")
    assert _same(reply_of(reply_text(Reply(charts=(chart,)))), Reply(charts=(chart,)))


def test_a_chart_of_an_earlier_version_had_no_unit_and_no_axes() -> None:
    stored = (
        '[{"charts":[{"title":"t","kind":"bar","labels":["a"],"series":[{"name":"s","values":[2]}],"summary":"a 2."}]}]'
    )
    assert reply_of(stored).charts == (Chart("t", "bar", ("a",), (Series("s", (2.0,)),), "a 2."),)


def test_halves_of_characters_are_replaced() -> None:
    assert reply_of(reply_text(Reply(title="a\ud800b", text=("🥛",)))) == Reply(title="a?b", text=("🥛",))
    assert data_of(data_text({"title": "a\udfffb"})) == {"title": "a?b"}


def test_a_form_and_its_choices_come_back() -> None:
    form = Form("T", "task add", (FormField("due", "Due", "due", required=True, choices=("a", "b")),), {"title": "x"})
    reply = Reply(form=form, actions=(Action("A", choices=(Choice("1", "/a", "s.0.0"),), id="s.0"),))
    assert _same(reply_of(reply_text(reply)), reply)


def test_an_import_keeps_what_its_staged_rows_hold_and_an_earlier_version_did_not_say_it() -> None:
    job = replace(an_import(1, datetime(2026, 11, 20, tzinfo=UTC)), cells=StagedCells(("title", "due"), guarded=True))
    assert import_of(import_text(job)) == job
    (kept,) = json.loads(import_text(job))
    del kept["cells"]
    assert import_of(json.dumps([kept])) == replace(job, cells=StagedCells())
