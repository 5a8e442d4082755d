"""What somebody has before them in every area that has work: one answer, made of those of several commands."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain

from core.chat.reply import Reply
from core.chat.text import lines
from core.shared.events import Event, Followed
from core.shared.value_objects import value_object


@value_object
class Overview:
    """The commands that list what somebody has before them, one of each area, and the events that change it."""

    commands: Sequence[str]
    events: Sequence[Followed]

    def concerned(self, events: Iterable[Event]) -> frozenset[int] | None:
        """Return the members whose overview these events may have changed; None if it can be anybody's."""
        some = list(events)
        found = [each.concerned(some) for each in self.events]
        people = [members for members in found if members is not None]
        return frozenset(chain.from_iterable(people)) if len(people) == len(found) else None

    async def look(self, ask: Callable[[str], Awaitable[Reply]]) -> Reply:
        """Ask what each command lists, and join the answers."""
        return joined([await ask(command) for command in self.commands])


def joined(answers: Sequence[Reply]) -> Reply:
    """Return several answers as one: of those that have nothing to list the first speaks, if none has anything."""
    if refused := next((answer for answer in answers if answer.problem), None):
        return refused
    first, *others = [answer for answer in answers if answer.tables] or answers[:1]
    if not others:
        return first
    told = (first, *others)
    return replace(
        first,
        text=lines(*(answer.text for answer in told)),
        tables=tuple(chain.from_iterable(answer.tables for answer in told)),
        actions=tuple(chain.from_iterable(answer.actions for answer in told)),
    )
