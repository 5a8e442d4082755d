"""What can be said of a customer, and that all that is wrong is named at once."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customers.model import ADDRESS_LIMIT
from core.customers.rules import checked_age, clean_address, clean_email, clean_username, cleaned
from core.shared.errors import InvalidArgumentError

LETTERS = string.ascii_letters + string.digits + "._-äßЖ"


def wrong(values: dict[str, object]) -> list[str | None]:
    """Return the fields that are refused."""
    try:
        cleaned(values)
    except InvalidArgumentError as error:
        return [error.field, *(other.field for other in error.others)]
    return []


GOOD: dict[str, object] = {"username": "ann_b", "email": "ann@example.org", "age": 18, "address": ""}
BAD: dict[str, object] = {"username": "ab", "email": "invalid-email", "age": 17, "address": "x" * (ADDRESS_LIMIT + 1)}


@given(st.sets(st.sampled_from(sorted(GOOD))))
def test_just_the_wrong_fields_are_named_all_at_once(broken: set[str]) -> None:
    assert wrong({**GOOD, **{name: BAD[name] for name in broken}}) == [name for name in GOOD if name in broken]


@given(st.text(LETTERS, min_size=3, max_size=20))
def test_a_word_of_3_to_20_characters_is_a_username(name: str) -> None:
    assert len(clean_username(f" {name} ")) <= 20


@given(st.text(LETTERS, max_size=40).filter(lambda name: not 3 <= len(name) <= 20))
def test_a_shorter_or_longer_one_is_none(name: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        clean_username(name)
    assert refused.value.reason == "username_length"


@pytest.mark.parametrize("name", ["ann b", "#12345", "ann@b", 'an"n', "ann,b", "a\nb\nc", "`ann`"])
def test_what_can_not_be_typed_as_one_word_is_no_username(name: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        clean_username(name)
    assert refused.value.reason == "username_bad"


@pytest.mark.parametrize("email", ["invalid-email", "@domain.com", "user@", "user.domain.com", "", "  "])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        clean_email(email)
    assert refused.value.field == "email"


@given(st.integers())
def test_customers_are_18_or_more(age: int) -> None:
    if 18 <= age <= 150:
        assert checked_age(age) == age
    else:
        with pytest.raises(InvalidArgumentError):
            checked_age(age)


@given(st.text(max_size=ADDRESS_LIMIT))
def test_an_address_is_kept_without_needless_blanks(typed: str) -> None:
    address = clean_address(typed)
    assert clean_address(address) == address
    assert "".join(address.split()) == "".join(typed.split())


def test_too_long_an_address_is_refused() -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        clean_address("x" * (ADDRESS_LIMIT + 1))
    assert refused.value.field == "address"
