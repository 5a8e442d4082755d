"""What a look at the surroundings found, for whoever runs the product."""

from enum import StrEnum

from core.shared.value_objects import value_object


class State(StrEnum):
    """How good a finding is; only `BAD` keeps the product from working."""

    GOOD = "ok"
    WORTH_A_LOOK = "note"
    BAD = "BAD"


@value_object
class Finding:
    """One thing that was looked at: which, how it is in a sentence without secrets, and what to do about it."""

    part: str
    state: State
    sentence: str
    fix: str = ""
