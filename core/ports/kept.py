"""The names by which units of work are asked for what areas keep."""

from typing import Generic, TypeVar

from core.shared.value_objects import value_object

R = TypeVar("R", covariant=True)


@value_object
class Kept(Generic[R]):
    """What an area keeps: `work.of(NOTES)` is the repository that the area's port describes."""

    name: str
