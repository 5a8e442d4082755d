"""What areas put into the example of a shop: records, and what people typed."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from core.ports.storage import UnitOfWork
from core.shared.value_objects import value_object


@value_object
class Entry:
    """A record: who adds it in which channel, and the arguments of the command that adds such as typed.

    `day` counts from today and stands at `{day}` among them; `then` is what `by` that person (or `then_by`) does to it.
    """

    arguments: str
    channel: str
    by: str
    day: int | None = None
    then: str = ""
    then_by: str = ""


@value_object
class Talk:
    """Something said in a channel so many minutes ago; a line with a slash is run as a command."""

    minutes: int
    channel: str
    by: str
    line: str


@value_object
class Bulk:
    """What nobody types one by one: the word for it, and how it is put in, for the days until one, and taken away.

    Both return how much of it that was.
    """

    many: str
    lay: Callable[[UnitOfWork, date], Awaitable[int]]
    clear: Callable[[UnitOfWork], Awaitable[int]]


@value_object
class Example:
    """An area's part of the example.

    `adds` is the action that adds an entry, `everything` the one that lists all that there is, with its arguments.
    """

    entries: Sequence[Entry]
    talk: Sequence[Talk] = ()
    adds: str = "add"
    everything: str = "list channel:all"
    bulk: Bulk | None = None
