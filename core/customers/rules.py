"""What can be said of a customer; whatever is wrong is named at once."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from core.customers.model import (
    ADDRESS_LIMIT,
    LONGEST_USERNAME,
    OLDEST,
    SHORTEST_USERNAME,
    USERNAME_FORM_LIMIT,
    YOUNGEST,
)
from core.people.model import EMAIL_LIMIT
from core.shared.emails import NotAnEmailError, email_of
from core.shared.errors import InvalidArgumentError, all_wrong
from core.shared.readable import sort_key

# One word, so that it can be typed as it is; it is neither `#12` nor an address.
_USERNAME = re.compile(r"[\w.-]+")


def clean_username(typed: str) -> str:
    """Return a username of 3 to 20 letters, digits, `.`, `-` and `_`; raises `InvalidArgumentError`."""
    name = unicodedata.normalize("NFC", typed.strip())
    if not SHORTEST_USERNAME <= len(name) <= LONGEST_USERNAME:
        limits = {"least": SHORTEST_USERNAME, "limit": LONGEST_USERNAME}
        raise InvalidArgumentError("username", "username_length", length=len(name), **limits)
    if not _USERNAME.fullmatch(name):
        raise InvalidArgumentError("username", "username_bad", value=name)
    return name


def clean_email(typed: str) -> str:
    """Return an e-mail address; raises `InvalidArgumentError`."""
    try:
        return email_of(typed)
    except NotAnEmailError as error:
        raise InvalidArgumentError("email", "customer_email_bad", value=typed.strip()) from error


def checked_age(age: int) -> int:
    """Return an age of 18 or more; raises `InvalidArgumentError`."""
    if age < YOUNGEST:
        raise InvalidArgumentError("age", "too_young", value=age, least=YOUNGEST)
    if age > OLDEST:
        raise InvalidArgumentError("age", "too_old", value=age, limit=OLDEST)
    return age


def clean_address(typed: str) -> str:
    """Return an address, of several lines if it has them, none for nothing; raises `InvalidArgumentError`."""
    rows = (re.sub(r"\s+", " ", row).strip() for row in typed.splitlines())
    address = "\n".join(row for row in rows if row)
    if len(address) > ADDRESS_LIMIT:
        raise InvalidArgumentError("address", "address_too_long", length=len(address), limit=ADDRESS_LIMIT)
    return address


def username_form(username: str) -> str:
    """Return the form by which usernames are found, and of which no two customers have the same."""
    return sort_key(username, USERNAME_FORM_LIMIT)


def email_form(email: str) -> str:
    """Return the form by which e-mail addresses are found, and of which no two customers have the same."""
    return sort_key(email, EMAIL_LIMIT)


RULES: Mapping[str, Callable[[Any], Any]] = {
    "username": clean_username,
    "email": clean_email,
    "age": checked_age,
    "address": clean_address,
}
"""What makes of each field, as it was typed, what is kept."""


def cleaned(values: Mapping[str, object]) -> dict[str, Any]:
    """Return fields as they are kept; raises one `InvalidArgumentError` with whatever is wrong."""
    found: dict[str, Any] = {}
    wrong: list[InvalidArgumentError] = []
    for name, value in values.items():
        try:
            found[name] = RULES[name](value)
        except InvalidArgumentError as error:
            wrong.append(error)
    if wrong:
        raise all_wrong(wrong)
    return found
