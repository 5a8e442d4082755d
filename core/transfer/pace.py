"""How large the steps are in which others wait."""

from collections import deque

AIM, SHORT = 0.005, 0.0015
"""Seconds in which a step is to be written and committed: while nobody else writes, and while others do."""
FIRST, FEWEST, FEW, MOST = 192, 96, 32, 1024
"""Rows of the first step; of any while nobody else writes, while others do; and at most."""
ROUND = 16
"""Rows of which a step has a multiple, if enough are left: a database takes such a number in few statements."""
REMEMBERED = 20
"""Steps that decide how large the next one is, and for how many others count that wrote beside one."""


class Pace:
    """How many rows a step has, by how long the fastest of the last ones took, their waiting for others included.

    What others and the machine do beside makes a step slower, never faster, and fewer rows would not make up for it:
    every step costs something of its own. Only while others write are steps shorter than is good for the import.
    """

    def __init__(self) -> None:
        """Begin carefully."""
        self.size = FIRST
        self._most = MOST
        self._fitting: deque[float] = deque(maxlen=REMEMBERED)
        self._alone = REMEMBERED

    def of(self, left: int) -> int:
        """Return how many of the rows that are left come next: a round number, so that no step is left with a few."""
        steps = -(-left // self.size)
        return min(left, -(-left // steps // ROUND) * ROUND, self._most)

    def narrow(self) -> bool:
        """Let no step be larger than half of those before, to come to the row that fails; tell whether that helps."""
        is_wide = self._most > 1
        self._most = max(1, min(self._most, self.size) // 2)
        return is_wide

    def took(self, rows: int, seconds: float, *, beside_others: bool = False) -> None:
        """Hear of a step; the next one is at most twice as large, and at least half as large."""
        self._alone = 0 if beside_others else self._alone + 1
        aim, fewest = (AIM, FEWEST) if self._alone >= REMEMBERED else (SHORT, FEW)
        self._fitting.append(rows * AIM / max(seconds, AIM / 100))
        self.size = int(min(max(max(self._fitting) * (aim / AIM), self.size / 2, fewest), self.size * 2, MOST))
