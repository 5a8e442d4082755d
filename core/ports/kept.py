"""The names by which units of work are asked for what areas keep."""

from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """What an area keeps: `work.of(NOTES)` is the repository that the area's port describes."""

    name: str
