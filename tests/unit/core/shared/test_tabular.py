"""Reading and writing text files of rows."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.errors import RefusedError
from core.shared.tabular import TextFile, csv_rows_of, csv_writer, guard, read_csv, reguarded, unguard

ACTIVE = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
printed = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n"), max_size=30)
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def in_pieces(data: bytes, size: int = 7) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def rows_of(data: bytes, delimiter: str = ",", size: int = 7) -> list[tuple[int, list[str]]]:
    return list(read_csv(TextFile(in_pieces(data, size)), delimiter))


@given(anything)
def test_a_guarded_cell_is_the_same_again_without_its_guard(cell: str) -> None:
    assert unguard(guard(cell)) == cell


@given(anything)
def test_a_guarded_cell_never_begins_like_a_formula(cell: str) -> None:
    assert guard(cell)[:1] not in ACTIVE


@pytest.mark.parametrize("cell", ["=1+1", "+49 30 1234", "-5", "@SUM(A1)", "\tx", "\rx", "\uff1d1"])
def test_what_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "'", "'twas the night", "milk", "a=b", " =1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guard(cell) == cell
    assert unguard(cell) == cell


@given(st.lists(anything, min_size=1, max_size=4))
def test_a_row_given_back_is_harmless_and_means_the_same(cells: list[str]) -> None:
    safe = reguarded(cells)
    assert [unguard(cell) for cell in safe] == [unguard(cell) for cell in cells]
    assert not {cell[:1] for cell in safe} & ACTIVE


@given(st.lists(st.lists(printed, min_size=2, max_size=4).filter(any), max_size=5), st.integers(1, 40))
def test_rows_written_are_read_back_however_the_bytes_are_cut(rows: list[list[str]], size: int) -> None:
    rows = [["first", "row"], *rows]
    data = csv_writer()(rows)
    assert [cells for _, cells in rows_of(data, size=size)] == rows


def test_a_row_is_known_by_the_line_it_begins_on() -> None:
    data = b'a,b\r\n\r\n"one\r\ntwo",x\r\nlast,row'
    assert rows_of(data) == [(1, ["a", "b"]), (3, ["one\r\ntwo", "x"]), (5, ["last", "row"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts(end: str) -> None:
    assert [line for line, _ in rows_of(end.join(["a,b", "c,d", "e,f"]).encode())] == [1, 2, 3]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_a_mark(codec: str) -> None:
    assert rows_of("Käse,ça va,日本,🧀".encode(codec)) == [(1, ["Käse", "ça va", "日本", "🧀"])]


def test_line_separators_of_unicode_do_not_cut_rows() -> None:
    assert rows_of("a\u2028b\x85d\x0bc,x".encode()) == [(1, ["a\u2028b\x85d\x0bc", "x"])]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \r\n", "file_empty"),
        (b"PK\x03\x04rest of a workbook", "file_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_binary"),
        (b"a,b\nc,\x00d", "file_binary"),
        (b"%PDF-1.7\x01\x02", "file_binary"),
        ("Käse,2026-01-01".encode("cp1252"), "file_encoding"),
        (b'a,b\n"never closed,c\nd,e\n', "file_unclosed_quote"),
        (b'a,"' + b"x" * 140_000 + b'"', "file_cell_too_long"),
        (b"x" * 1_000_001, "file_line_too_long"),
        (b"a,b\n" + b"," * 200 + b"\n", "file_too_many_columns"),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        rows_of(data, size=100_000)
    assert refused.value.reason == reason
    assert refused.value.field == "file"


def test_a_null_far_into_the_file_is_refused_with_its_line() -> None:
    data = b"a,b\n" * 40_000 + b"c,\0d\n"
    with pytest.raises(RefusedError) as refused:
        rows_of(data, size=64_000)
    assert refused.value.details["line"] == 40_001


@pytest.mark.parametrize("before", [0, 1, 3, 5_000, 40_000])
def test_the_line_of_a_byte_that_is_not_utf8_is_named(before: int) -> None:
    data = b"plain,text\n" * before + "Käse,x\n".encode("cp1252") + b"more,text\n" * 3
    with pytest.raises(RefusedError) as refused:
        rows_of(data, size=50_000)
    assert refused.value.details["line"] == before + 1


def test_an_unclosed_quote_is_named_by_the_line_of_its_row() -> None:
    with pytest.raises(RefusedError) as refused:
        rows_of(b'a,b\nc,d\n"open,e\nf,g\n')
    assert refused.value.details["line"] == 3


def test_a_quote_closed_by_the_last_byte_is_fine() -> None:
    assert rows_of(b'a,b\nc,"d\ne"') == [(1, ["a", "b"]), (2, ["c", "d\ne"])]


def test_a_sample_is_of_whole_lines_and_leaves_the_file_unread() -> None:
    text = TextFile(in_pieces(b"name,due\n" * 20_000, 10_000))
    sample = text.sample()
    assert set(sample) == {"name,due\n"}
    assert 5_000 < len(sample) < 20_000
    assert sum(1 for _ in text) == 20_000


def test_a_sample_that_ends_within_a_cell_still_gives_its_first_rows() -> None:
    assert csv_rows_of(["a,b\n", '"' + "x" * 200_000], ",") == [["a", "b"]]


def test_a_file_for_a_spreadsheet_gets_a_mark_once() -> None:
    write = csv_writer(";", "utf-8-sig")
    data = write([["ä", 'say "x"']]) + write([["c;d", "e"]])
    assert data.count(b"\xef\xbb\xbf") == 1
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")) == [["ä", 'say "x"'], ["c;d", "e"]]
