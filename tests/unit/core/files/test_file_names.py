"""What a file that somebody hands in is called and taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.files.service import NAME_LIMIT, media_type_of, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("tasks.csv", "tasks.csv"),
        ("Meine Aufgaben – Käse.csv", "Meine Aufgaben – Käse.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\tasks.csv", "tasks.csv"),
        ("a\x00b\u202egpj.csv", "abgpj.csv"),
        ("  .hidden. ", "hidden"),
        ("", "file"),
        ("..", "file"),
        ("/", "file"),
    ],
)
def test_a_name_is_kept_without_what_could_mislead(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_is_no_path_and_not_too_long(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= NAME_LIMIT
    assert not set(safe) & set("/\\\0\n")
    assert safe_name(safe) == safe


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("x" * 500 + ".csv").endswith("x.csv")


@pytest.mark.parametrize(
    ("name", "claimed", "media_type"),
    [
        ("tasks.csv", "text/html", "text/csv"),
        ("tasks.CSV", "", "text/csv"),
        ("tasks.json", "", "application/json"),
        ("notes.txt", "", "text/plain"),
        ("photo.png", "", "image/png"),
        ("page.html", "", "text/html"),
        ("thing", "text/csv; charset=utf-8", "text/csv"),
        ("thing", "", "application/octet-stream"),
        ("thing", "text/html\r\nX-Evil: 1", "application/octet-stream"),
        ("backup.csv.gz", "application/gzip", "application/gzip"),
    ],
)
def test_the_media_type_goes_by_the_name_first(name: str, claimed: str, media_type: str) -> None:
    assert media_type_of(name, claimed) == media_type
