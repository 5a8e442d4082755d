"""What is taken for an e-mail address."""

import pytest

from core.shared.emails import NotAnEmailError, email_of


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ann@example.org", "ann@example.org"),
        (" Ann.Lee+shop@Example.ORG ", "Ann.Lee+shop@example.org"),
        ("mailto:ann@example.org", "ann@example.org"),
        ("änn@bücher.example", "änn@bücher.example"),
        ("a@b-c.co.uk", "a@b-c.co.uk"),
        (f"{'a' * 64}@{'b' * 60}.org", f"{'a' * 64}@{'b' * 60}.org"),
    ],
)
def test_an_address_is_taken(typed: str, address: str) -> None:
    assert email_of(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@localhost",
        "ann@example.",
        "ann@.org",
        "ann@@example.org",
        "ann lee@example.org",
        "ann@exam ple.org",
        "Ann <ann@example.org>",
        "ann@example.org, ben@example.org",
        "ann@example.org\r\nBcc: ben@example.org",
        "ann\x00@example.org",
        "ann@-example.org",
        "ann@example-.org",
        f"{'a' * 65}@example.org",
        f"ann@{'b' * 250}.org",
        "a" * 100_000 + "@" + "b." * 100_000,
    ],
)
def test_anything_else_is_not(typed: str) -> None:
    with pytest.raises(NotAnEmailError):
        email_of(typed)
