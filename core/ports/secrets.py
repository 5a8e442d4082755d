"""Sealing of credentials and signing of codes."""

from typing import Protocol


class SecretBox(Protocol):
    """Keeps secrets unreadable at rest and makes short-lived things unforgeable; keys can be rotated."""

    def seal(self, plain: str, *, context: str) -> str:
        """Encrypt for storage; `context` (such as `installation:7`) must be the same on opening."""
        ...

    def open(self, sealed: str, *, context: str) -> str:
        """Decrypt; raises `SealBrokenError` when the key is gone or the text was altered."""
        ...

    def digest(self, value: str, *, purpose: str) -> str:
        """Return a keyed digest in hex, for codes and tokens that are compared but never read back."""
        ...
