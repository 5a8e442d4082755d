"""How large the steps are in which others wait."""

from collections import deque

AIM = 0.005
"""Seconds in which a step is to be written and committed, so that whoever waits for it hardly notices."""
FIRST, FEWEST, MOST = 192, 96, 1024
"""Rows of the first step, and of any."""
ROUND = 16
"""Rows of which a step has a multiple, if enough are left: a database takes such a number in few statements."""
REMEMBERED = 20
"""Steps that decide how large the next one is."""


class Pace:
    """How many rows a step has, by how long the fastest of the last ones took, their waiting for others included.

    What others and the machine do beside makes a step slower, never faster, and fewer rows would not make up for it:
    every step costs something of its own.
    """

    def __init__(self) -> None:
        """Begin carefully."""
        self.size = FIRST
        self._fitting: deque[float] = deque(maxlen=REMEMBERED)

    def of(self, left: int) -> int:
        """Return how many of the rows that are left come next: a round number, so that no step is left with a few."""
        steps = -(-left // self.size)
        return min(left, -(-left // steps // ROUND) * ROUND)

    def took(self, rows: int, seconds: float) -> None:
        """Hear of a step; the next one is at most twice as large, and at least half as large."""
        self._fitting.append(rows * AIM / max(seconds, AIM / 100))
        self.size = int(min(max(*self._fitting, self.size / 2, FEWEST), self.size * 2, MOST))
