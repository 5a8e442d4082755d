"""What the tests of all commands have to be told of an area: a module each, of the area's name, with its `DECLARED`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Declared:
    """What an area's examples need, and what was reviewed of its commands: each by its action, with the reason."""

    before: tuple[str, ...] = ()
    """Lines that are typed before any example runs, so that there is what the examples are about."""

    ahead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines that are typed before the examples of one command besides."""

    file: bytes = b""
    """A valid file, for the commands that read one."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """Another one, for those that read another."""

    unchanging: Mapping[str, str] = field(default_factory=dict)
    """Commands whose first example is valid and changes nothing, so that there is nothing to take back."""

    private: Mapping[str, str] = field(default_factory=dict)
    """Commands whose first example is answered to its asker alone, although they may post in the channel."""

    refused: Mapping[str, str] = field(default_factory=dict)
    """Commands whose first example is refused."""

    any_text: Mapping[str, str] = field(default_factory=dict)
    """Commands that refuse nothing that somebody types."""

    overridable: Mapping[str, str] = field(default_factory=dict)
    """Commands by which administrators may look past who may see what."""


def declared(area: str) -> Declared:
    """Return what was declared of an area; fails with what to write and where."""
    try:
        found: Declared = import_module(f"{__name__}.{area}").DECLARED
    except ModuleNotFoundError:
        raise AssertionError(f"declare what tests need to know of /{area}: {place(area)} is not there") from None
    return found


def place(area: str) -> str:
    """Return where that is declared."""
    return f"DECLARED in tests/support/areas/{area}.py (task.py beside it shows how)"
