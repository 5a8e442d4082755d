"""The loop that makes jobs of schedules at their times, and sleeps in between."""

from collections.abc import Callable
from dataclasses import dataclass

from core.ports.storage import Committed
from core.schedules.tick import Ticking
from core.shared.events import Followed

LONGEST_SLEEP = 60.0
"""Seconds: a clock that was put forward is noticed within them."""
SHORTEST_SLEEP = 0.05
"""Seconds: two clocks of a machine, that of its time and that of its waiting, are not quite alike."""

CHANGED = Followed("schedule")
"""Events after which another moment may be the next."""


def _never(_seconds: float) -> None:
    return


@dataclass(slots=True)
class SchedulesTick:
    """Deals with what is due, and says when it wants to be woken."""

    ticking: Ticking
    again_in: Callable[[float], None] = _never

    async def step(self) -> bool:
        """Deal with what is due; tell whether there may be more."""
        if await self.ticking.run():
            return True
        left = await self.ticking.seconds_left()
        if left is not None and left < LONGEST_SLEEP:
            self.again_in(max(left, SHORTEST_SLEEP))
        return False


def changes_schedules(committed: Committed) -> bool:
    """Tell whether a commit may have changed what is due next."""
    return any(map(CHANGED.includes, committed.events))
