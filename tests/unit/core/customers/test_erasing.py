"""What is known of a customer is found in what was answered, and nothing else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customers.erasing import Erased

ANN = Erased(frozenset({"ann", "mill_old"}), frozenset({"Ann@example.org", "3 Mill Lane\nÉly"}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Owner registered ann ann@example.org.", "Owner registered somebody somebody."),
        ("Was mill_old, is ANN now", "Was somebody, is somebody now"),
        ("3 Mill Lane\nÉly", "somebody"),
        ('/customer update #1 address:"3 Mill Lane Ély"', '/customer update #1 address:"somebody"'),
        ("mary-ann, ann.b, ann@shop.org, joann, ann_b", "mary-ann, ann.b, ann@shop.org, joann, ann_b"),
        ("xann@example.org, Ann@example.org.uk", "xann@example.org, Ann@example.org.uk"),
    ],
)
def test_names_and_addresses_go_as_words_of_their_own(before: str, after: str) -> None:
    assert ANN.written(before) == after


@pytest.mark.parametrize("ascii_only", [True, False])
def test_an_address_is_found_in_what_is_stored_as_json(ascii_only: bool) -> None:
    stored = json.dumps({"address": "3 Mill Lane\nÉly"}, ensure_ascii=ascii_only)
    assert ANN.may_tell(stored)
    assert json.loads(ANN.written(stored)) == {"address": "somebody"}


def test_a_username_that_is_a_word_as_any_other_stays_where_nothing_is_said_of_customers() -> None:
    assert not ANN.may_tell("Ask Ann for milk")
    assert ANN.may_tell("/customer show ann")
    assert ANN.may_tell("To ann@example.org")


@given(st.text())
def test_who_had_nothing_takes_nothing_away(words: str) -> None:
    nobody = Erased(frozenset(), frozenset())
    assert nobody.written(words) == words
    assert not nobody.may_tell(words)
