"""Identifiers: their form, their order, their strength."""

from datetime import UTC, datetime, timedelta

import pytest

from core.shared.ids import new_code, new_id

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ALPHABET = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_an_id_is_a_ulid_of_its_moment() -> None:
    found = new_id(datetime.fromtimestamp(1469918176.385, UTC))
    assert len(found) == 26
    assert found.startswith("01ARYZ6S41")
    assert set(found) <= ALPHABET


def test_ids_sort_by_their_moment() -> None:
    moments = [NOW + timedelta(milliseconds=step) for step in range(50)]
    found = [new_id(moment) for moment in moments]
    assert found == sorted(found)


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id(NOW) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("length", [1, 8, 10, 32])
def test_a_code_has_the_length_asked_for_and_letters_that_look_like_no_digit(length: int) -> None:
    found = new_code(length)
    assert len(found) == length
    assert set(found) <= ALPHABET


def test_codes_use_the_whole_alphabet_at_every_place() -> None:
    found = [new_code(4) for _ in range(4000)]
    assert all({code[place] for code in found} == ALPHABET for place in range(4))
