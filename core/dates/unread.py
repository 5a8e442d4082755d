"""What all errors have in common that say why a text of somebody can't be read as a time."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

_LONGEST_PART = 40

R = TypeVar("R", bound=StrEnum)


class UnreadError(ValueError, Generic[R]):
    """A text that can't be read: `reason`, the offending `part` of it, and an `example` of what would do.

    `read` is what stands before the part and can be read by itself; both are cut. `readings` is what the part may mean,
    each written so that it can be read in that way only.
    """

    examples: ClassVar[Mapping[StrEnum, str]]
    """What would do, by the reason."""
    usual: ClassVar[str]
    """What would do for all other reasons."""

    def __init__(self, reason: R, part: str = "", read: str = "", readings: tuple[str, ...] = ()) -> None:
        """Keep what the wording needs."""
        self.reason = reason
        self.part = part.strip()[:_LONGEST_PART]
        self.read = read.strip()[:_LONGEST_PART]
        self.readings = readings
        self.example = self.examples.get(reason, self.usual)
        super().__init__(f"{reason}: {self.part!r}")
