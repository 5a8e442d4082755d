"""What a product may be called, weigh and measure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.errors import InvalidArgumentError
from core.stock.rules import (
    clean_dimensions,
    clean_name,
    clean_sku,
    clean_tags,
    made_up_sku,
    weight_of,
)


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        ("Apples", "APPLES"),
        ("Green  apples, 1 kg", "GREEN-APPLES-1-KG"),
        ("Crème brûlée", "CREME-BRULEE"),
        ("緑茶", "緑茶"),
        ("가방", "가방"),
        ("#1: “best”", "1-BEST"),
        ("!!!", "PRODUCT"),
    ],
)
def test_a_sku_is_made_up_from_the_name(name: str, sku: str) -> None:
    assert made_up_sku(name) == sku


@given(st.text(min_size=1))
def test_what_is_made_up_can_be_typed(name: str) -> None:
    assert clean_sku(made_up_sku(name)) == made_up_sku(name)


@pytest.mark.parametrize("sku", ["", "a b", "a,b", '"a"', "#1", "@me", "x" * 65])
def test_a_sku_is_one_word_that_means_nothing_else(sku: str) -> None:
    with pytest.raises(InvalidArgumentError):
        clean_sku(sku)


def test_a_name_is_one_line() -> None:
    assert clean_name(" Green\n apples ") == "Green apples"
    with pytest.raises(InvalidArgumentError):
        clean_name("  ")


def test_tags_are_parted_by_commas_and_there_once() -> None:
    assert clean_tags(" apple, Laptop,,laptop ") == ("apple", "laptop")
    for bad in ("x" * 41, ",".join(map(str, range(21)))):
        with pytest.raises(InvalidArgumentError):
            clean_tags(bad)


@pytest.mark.parametrize(
    ("said", "kilograms"), [("1.2 kg", "1.2"), ("250g", "0.25"), ("3", "3"), ("0.5 G", "0.0005"), ("", None)]
)
def test_a_weight_is_in_kilograms_or_grams(said: str, kilograms: str | None) -> None:
    assert weight_of(said) == (Decimal(kilograms) if kilograms else None)


@pytest.mark.parametrize("said", ["heavy", "0", "-1 kg", "1,2 kg", "0.01 g", "9999999 kg"])
def test_what_is_no_weight_is_refused(said: str) -> None:
    with pytest.raises(InvalidArgumentError):
        weight_of(said)


def test_dimensions_are_written_alike() -> None:
    assert [clean_dimensions(one) for one in ("30x20x10", "30 * 20 mm", "")] == ["30 × 20 × 10 cm", "30 × 20 mm", ""]
    for bad in ("5", "a x b", "1x2x3x4"):
        with pytest.raises(InvalidArgumentError):
            clean_dimensions(bad)
