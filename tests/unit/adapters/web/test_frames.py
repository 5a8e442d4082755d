import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.platforms.web.frames import Complete, FrameUnreadableError, Hello, Submit, read_frame


def test_reads_a_submitted_line() -> None:
    frame = read_frame('{"type":"submit","id":"a1","channel":3,"text":"/task list"}')

    assert frame == Submit(type="submit", id="a1", channel=3, text="/task list")


def test_reads_the_first_frame() -> None:
    frame = read_frame('{"type":"hello","page":"p","zone":"Europe/Berlin","locale":"de-DE"}')

    assert isinstance(frame, Hello)
    assert (frame.zone, frame.locale) == ("Europe/Berlin", "de-DE")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "null",
        '"hello"',
        "{",
        '{"type":"hello"}',
        '{"type":"nothing","page":"p"}',
        '{"type":"hello","page":"p","zone":"<script>"}',
        '{"type":"hello","page":""}',
        '{"type":"hello","page":"p","more":1}',
        '{"type":"submit","id":"a 1","channel":3}',
        '{"type":"submit","id":"a1","channel":"3"}',
        '{"type":"submit","id":"a1","channel":-3}',
        '{"type":"submit","id":"a1","channel":1e30}',
        '{"type":"submit","id":"a1","channel":3,"arguments":{"title":1}}',
        '{"type":"complete","id":1,"channel":3,"line":"/task","cursor":-1}',
    ],
)
def test_refuses_what_pages_do_not_send(data: str) -> None:
    with pytest.raises(FrameUnreadableError):
        read_frame(data)


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "submit", "id": "a" * 65, "channel": 1},
        {"type": "submit", "id": "a", "channel": 1, "text": "x" * 100_001},
        {"type": "submit", "id": "a", "channel": 1, "files": ["t"] * 11},
        {"type": "submit", "id": "a", "channel": 1, "arguments": {f"n{i}": "" for i in range(65)}},
        {"type": "complete", "id": 1, "channel": 1, "line": "x" * 4001, "cursor": 0},
        {"type": "create_channel", "id": "a", "name": "x" * 81},
    ],
)
def test_bounds_every_length(frame: dict[str, object]) -> None:
    with pytest.raises(FrameUnreadableError):
        read_frame(json.dumps(frame))


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_never_fails_in_another_way(data: str | bytes) -> None:
    try:
        read_frame(data)
    except FrameUnreadableError:
        return


@given(st.text(max_size=200))
def test_takes_any_text_as_a_line(line: str) -> None:
    frame = read_frame(json.dumps({"type": "complete", "id": 1, "channel": 1, "line": line, "cursor": 0}))

    assert isinstance(frame, Complete)
    assert frame.line == line
