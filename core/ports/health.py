"""How the parts of this process are: looked at for those who balance load, and for those who ask in chat."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from core.shared.value_objects import value_object

Check = Callable[[], Awaitable[object]]
"""Returns when a part works and raises when it does not."""

State = Callable[[], str]
"""Returns a word for how a part is without which the others serve."""


class Checkup(Protocol):
    """Looks at the parts of this process, seldom and for a short while, however often it is asked."""

    def add(self, name: str, check: Check) -> None:
        """Look at one more part."""
        ...

    def look_again(self) -> None:
        """Look at all parts the next time, however lately they were seen: one has just come up."""
        ...

    async def parts(self) -> Mapping[str, bool]:
        """Return which parts work, by name, as seen lately."""
        ...

    def states(self) -> Mapping[str, str]:
        """Return how the parts are that the others do without, by name."""
        ...


@value_object
class Signs:
    """What a process takes: seconds since its start, the longest that its loop was held up, and its memory.

    None is what can't be told here. `processes` are those that it has started, with the bytes that they hold together.
    """

    up: float
    longest_stall: float | None = None
    memory: int | None = None
    processes: int = 0
    memory_of_processes: int = 0


class Vitals(Protocol):
    """Tells what this process takes."""

    def signs(self) -> Signs:
        """Return what it takes now."""
        ...
