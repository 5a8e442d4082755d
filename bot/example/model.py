"""What areas put into the example of a shop: records, and what people typed."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from core.ports.storage import UnitOfWork
from core.shared.value_objects import value_object


@value_object
class Step:
    """What is typed about a record after it was added, with `{number}` for its number: by somebody else, later.

    Unless said otherwise it is who added it, on the same day as what was before.
    """

    line: str
    by: str = ""
    ago: int | None = None


@value_object
class Entry:
    """A record: who adds it in which channel, and the arguments of the command that adds such as typed.

    `day` counts from today and stands at `{day}` among them. It was added so many days `ago`; `steps` came after that.
    """

    arguments: str
    channel: str
    by: str
    day: int | None = None
    ago: int = 0
    steps: Sequence[Step] = ()


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

    `adds` is the action that adds an entry, `everything` the one that lists all that there is, with its arguments;
    `removes` takes an entry away. What that leaves is erased by `erase`, given their numbers.
    """

    entries: Sequence[Entry]
    talk: Sequence[Talk] = ()
    adds: str = "add"
    everything: str = "list channel:all"
    removes: str = "remove"
    erase: Callable[[UnitOfWork, Sequence[int]], Awaitable[None]] | None = None
    bulk: Bulk | None = None
