"""What areas put into the example of a shop: records, and what people typed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A record: who adds it in which channel, and the arguments of `add` as typed.

    `day` counts from today and stands at `{day}` among them; `then` is what `by` that person (or `then_by`) does to it.
    """

    arguments: str
    channel: str
    by: str
    day: int | None = None
    then: str = ""
    then_by: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Something said in a channel so many minutes ago; a line with a slash is run as a command."""

    minutes: int
    channel: str
    by: str
    line: str


@dataclass(frozen=True, slots=True)
class Example:
    """An area's part of the example. `everything` is the action that lists all that there is, with its arguments."""

    entries: Sequence[Entry]
    talk: Sequence[Talk] = ()
    everything: str = "list channel:all"
