"""E-mail addresses as people type them."""

import re

from core.people.model import EMAIL_LIMIT

# A domain with a dot, no spaces, no quotes, nothing that a header could be made of; whether it exists only mail tells.
_LABEL = r"[^\W_](?:(?:[^\W_]|-)*[^\W_])?"
_ADDRESS = re.compile(rf"[^\s@<>()\[\]\\,;:\"]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")


class NotAnEmailError(ValueError):
    """A text is no e-mail address."""


def email_of(text: str) -> str:
    """Return the address in a text, its domain in small letters; raises `NotAnEmailError`."""
    typed = text.strip().removeprefix("mailto:")
    if len(typed) > EMAIL_LIMIT or not typed.isprintable() or not _ADDRESS.fullmatch(typed):
        raise NotAnEmailError
    name, _, domain = typed.rpartition("@")
    return f"{name}@{domain.lower()}"
