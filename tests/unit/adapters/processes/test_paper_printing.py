"""Answers on paper: pages whose texts are texts, whatever letters they have and however long they are."""

import base64
import re
import zlib
from contextlib import suppress
from typing import Any

import pytest

from adapters.papers.sheet import sheet_data
from adapters.processes.jobs.paper_printing import print_sheet
from adapters.processes.jobs.paper_text import broken, width_of
from core.chat.reply import Column, Field, Reply, Row, Table

LINES = Table(
    "Order #7",
    (Column("product", "Product"), Column("quantity", "Quantity", "number"), Column("amount", "Amount (EUR)", "money")),
    (Row(("Tea", 2, "1234.5")), Row(("Green tea", 1, "4.25"))),
)
RECEIPT = Reply(
    title="Receipt 7",
    text=("Corner Shop\n5 Market Street",),
    fields=(
        Field("tax_id", "Tax id", "DE1"),
        Field("total", "Total (EUR)", "1238.75", "money"),
        Field("receipt", "Receipt", 7, "number", implied=True),
    ),
    tables=(LINES,),
)


_LETTERS = re.compile(rb"\[([^]]+)\]")


def pages(paper: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", paper))


def printed(reply: Reply) -> tuple[bytes, bool]:
    told = print_sheet(sheet_data(reply))
    return base64.b64decode(told["paper"]), told["has_boxes"]


def letters(paper: bytes) -> set[str]:
    """The letters that somebody can search for and copy, by the tables that fonts bring along."""
    found = set[str]()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        with suppress(zlib.error):
            table = zlib.decompress(stream)
            for codes in _LETTERS.findall(table) if b"beginbfrange" in table else ():
                found.update(
                    *(bytes.fromhex(code).decode("utf-16-be") for code in codes.decode().strip("<>").split("> <"))
                )
    return found


def test_an_answer_is_told_apart_into_what_is_known_the_tables_and_the_sums() -> None:
    assert sheet_data(RECEIPT) == {
        "title": "Receipt 7",
        "words": ["Corner Shop", "5 Market Street"],
        "facts": [["Tax id", "DE1"]],
        "sums": [["Total (EUR)", "1,238.75", True]],
        "tables": [
            {
                "title": "Order #7",
                "heads": ["Product", "Quantity", "Amount (EUR)"],
                "is_figures": [False, True, True],
                "rows": [["Tea", "2", "1,234.50"], ["Green tea", "1", "4.25"]],
            }
        ],
    }


def test_what_is_printed_is_text_in_whatever_script() -> None:
    paper, has_boxes = printed(RECEIPT)
    assert paper.startswith(b"%PDF-")
    assert (pages(paper), has_boxes) == (1, False)
    assert set("CornerShopDE1,238.75") <= letters(paper)
    arabic, has_boxes = printed(Reply(title="مرحبا", text=("Здравствуйте $5 $6",)))
    assert not has_boxes
    assert set("Здравствуйте$56") <= letters(arabic)
    assert printed(RECEIPT) == printed(RECEIPT), "the same answer is the same paper"


def test_letters_that_no_font_has_are_boxes_and_that_is_told() -> None:
    paper, has_boxes = printed(Reply(title="Receipt 7", text=("\U000f1234 Tea",)))
    assert has_boxes
    assert set("ReceiptTea") <= letters(paper)


@pytest.mark.parametrize("name", ["W" * 200, "word " * 40])
def test_long_names_are_broken_and_many_lines_go_on_further_pages(name: str) -> None:
    rows = tuple(Row((name, 1_000_000, "99999999999.9999")) for _ in range(100))
    paper, _ = printed(
        Reply(title=name, text=("x " * 4000,), fields=RECEIPT.fields, tables=(Table("", LINES.columns, rows),))
    )
    assert 5 < pages(paper) < 15
    assert len(paper) < 700_000


def test_an_answer_of_nothing_is_a_page() -> None:
    assert pages(printed(Reply(title="Receipt 7"))[0]) == 1


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("one two three", 9, ["one two", "three"]),
        ("one two three", 1, ["one two…"]),
        ("", 2, [""]),
        ("a\n\nb", 5, ["a", "", "b"]),
    ],
)
def test_texts_are_broken_between_words_and_cut_off_where_there_is_no_room(
    text: str, most: int, lines: list[str]
) -> None:
    found = broken(text, width_of("one two…", 9), 9, most)
    assert found == lines


def test_a_word_that_does_not_fit_is_broken_too() -> None:
    wide: list[Any] = broken("W" * 30, width_of("W" * 10, 9) + 0.1, 9, 9)
    assert wide == ["W" * 10] * 3
