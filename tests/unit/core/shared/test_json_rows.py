"""Reading and writing JSON files of objects."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.errors import RefusedError
from core.shared.json_rows import OBJECT_LIMIT, JsonWriter, read_json
from core.shared.tabular import TextFile

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
values = st.dictionaries(st.text(max_size=8), scalars, max_size=5)


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def read(text: str | bytes, size: int = 70_000) -> list[tuple[int, Any]]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_json(TextFile(in_pieces(data, size))))


@given(st.lists(values, max_size=5), st.sampled_from([None, 2]), st.integers(1, 50))
def test_any_layout_of_an_array_is_read(objects: list[dict[str, object]], indent: int | None, size: int) -> None:
    text = json.dumps(objects, indent=indent)
    assert [value for _, value in read(text, size)] == objects


def test_objects_one_after_the_other_are_read() -> None:
    assert read('{"a": 1}\n{"a": 2}\n\n{"a": 3}') == [(1, {"a": 1}), (2, {"a": 2}), (4, {"a": 3})]


def test_each_object_is_known_by_the_line_it_begins_on() -> None:
    text = json.dumps([{"a": 1, "b": 2}, {"c": 3}], indent=2)
    assert [line for line, _ in read(text)] == [2, 6]


def test_objects_on_one_line_are_known_by_a_number_each() -> None:
    assert [line for line, _ in read('[{"a": 1}, {"a": 2}, {"a": 3}]')] == [1, 2, 3]
    assert [line for line, _ in read('[\n{"a": 1}, {"a": 2},\n\n\n{"a": 3}]')] == [2, 3, 5]


def test_objects_over_the_pieces_of_a_long_file_are_whole() -> None:
    objects = [{"title": f"Täsk {number} " + "x" * (number % 300), "number": number} for number in range(3000)]
    found = read(json.dumps(objects, ensure_ascii=False), 1000)
    assert [value for _, value in found] == objects


def test_what_is_written_is_read_back() -> None:
    writer = JsonWriter()
    objects = [{"title": 'ä\n"b"', "n": None}, {"n": 2}, {"n": 3}]
    data = writer.write(objects[:1]) + writer.write([]) + writer.write(objects[1:]) + writer.end()
    assert json.loads(data) == objects
    assert [value for _, value in read(data)] == objects
    assert data.count(b"\n") == 5


def test_an_empty_array_is_written_and_read() -> None:
    assert JsonWriter().end() == b"[]\n"
    assert read(b"[]\n") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[{"a": 1},\n{"a": 2', 2),
        ('[{"a": 1},\n{"a": 2}\n', 3),
        ('[{"a": 1}]\n[', 1),
        ('[\n{"a": 1},\n{"a" 2},\n{"a": 3}]', 3),
        ("[" * 100_000, 1),
        ('{"a": ' * 50_000, 1),
        ('[{"a": ' + "9" * 5000 + "}]", 1),
        ("nonsense", 1),
        ('[{"a": "' + "x" * (OBJECT_LIMIT * 2) + '"}]', 1),
    ],
)
def test_a_file_that_stops_being_json_is_refused_with_the_line(text: str, line: int) -> None:
    with pytest.raises(RefusedError) as refused:
        read(text)
    assert refused.value.reason == "file_json_broken"
    assert refused.value.details["line"] == line
