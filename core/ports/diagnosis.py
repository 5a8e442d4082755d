"""What a look at the surroundings found, for whoever runs the product."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How good a finding is; only `BAD` keeps the product from working."""

    GOOD = "ok"
    WORTH_A_LOOK = "note"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: which, how it is in a sentence without secrets, and what to do about it."""

    part: str
    state: State
    sentence: str
    fix: str = ""
