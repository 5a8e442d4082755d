"""What reports are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """How many tasks were completed in a while, and how many of them later than they were due."""

    amount: int = 0
    late: int = 0
