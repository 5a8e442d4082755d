"""Value objects: what is equal where all its fields are, and is made anew rather than changed.

There are some three hundred kinds of them, and the standard library writes and compiles five or six methods for each:
a fifth of the time in which the program starts, and of a line typed into a shell. Here they share all but one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_object(cls: type[T]) -> type[T]:
    """Make a class like `dataclass(frozen=True, slots=True)` does, but that mypy alone keeps its objects from change.

    What the class defines itself of how they are compared and shown stays.
    """
    made = dataclass(eq=False, repr=False, slots=True)(cls)
    parts = fields(made)  # type: ignore[arg-type]
    compared = _of([part.name for part in parts if part.compare])
    shown = [part.name for part in parts if part.repr]

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - becomes the method of that name, as do the others
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(compared(self))

    def __repr__(self: object) -> str:  # noqa: N807
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({told})"

    for method in (__eq__, __hash__, __repr__):
        if method.__name__ not in cls.__dict__:
            setattr(made, method.__name__, method)
    return made


def _of(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return what gives the attributes of those names."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)
