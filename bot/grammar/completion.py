"""What may come next in a typed line: commands, arguments, choices, people, channels, what areas have records of."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from bot.grammar.forms import UNSEEN
from bot.grammar.parser import by_any_name
from bot.grammar.plan import HELP_AREA
from bot.grammar.registry import Registry
from bot.grammar.subjects import Subject
from bot.identity.directory import Directory
from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.chat.spec import JOINING, Argument, ArgumentKind, CommandInfo, Completion
from core.people.model import Role
from core.ports.storage import Storage
from core.shared.naming import handle
from core.shared.value_objects import value_object
from core.workspaces.model import Audience, Channel

LIMIT = 12
_MANY = 100
"""Records that are looked at for several words."""
_GAPS = " \n\t"
_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"#?[0-9]")
_REPEATS = (
    "daily", "every weekday", "weekly", "every 2 weeks", "every mon and thu", "monthly", "monthly on the 15th",
    "last day of the month", "first monday of the month", "none",
)  # fmt: skip
_DUES = ("today", "tomorrow", "tomorrow 9am", "fri", "next monday", "in 2h", "in 3 days", "end of week")


@value_object
class _Place:
    """The word under the cursor: what of it stands before the cursor, where it starts and ends, the words before it."""

    before: list[str]
    word: str
    start: int
    end: int
    head: str = ""
    """The line before the cursor."""

    def within(self, skipped: int) -> "_Place":
        """Return the part of the word behind its first letters."""
        return replace(self, word=self.word[skipped:], start=self.start + skipped)

    def reaching_back(self, words: int) -> "_Place":
        """Return the place of all that was typed from so many words before this one on."""
        start = [found.start() for found in _WORD.finditer(self.head, 0, self.start)][-words]
        return replace(self, before=self.before[:-words], word=self.head[start:], start=start)

    def offer(self, label: str, detail: str, insert: str) -> Completion:
        return Completion(label, detail, insert, self.start, self.end)


Look = Callable[[Actor, Directory], Awaitable[Audience]]
"""Tells what an actor may see everywhere; the platform may have to be asked."""


@value_object
class Completer:
    """Completes from memory, apart from records, which are a few indexed look-ups of their area's."""

    registry: Registry
    storage: Storage
    look: Look

    async def complete(self, actor: Actor, directory: Directory, line: str, cursor: int) -> Sequence[Completion]:
        """Return at most `LIMIT` suggestions for the word at `cursor`, only of what the actor may run."""
        place = _place(line, cursor)
        if not place.before:
            return self._areas(place, actor) if not place.word or place.word.startswith("/") else []
        area, rest = self._area(place.before)
        if area is None:
            return []
        if not rest:
            return self._actions(place, area, actor)
        command = self.registry.find(area, rest[0].lower())
        if command is None or command.info.role > actor.role:
            return []
        return await self._arguments(place, command.info, rest[1:], actor, directory)

    def _area(self, words: list[str]) -> tuple[str | None, list[str]]:
        prefix = self.registry.catalogue.prefix
        first = words[0].lower().removeprefix("/").removeprefix(prefix)
        if first == HELP_AREA and len(words) > 1 and words[1].lower() in self.registry.commands:
            return words[1].lower(), words[2:]
        return (first if first in self.registry.commands else None), words[1:]

    def _areas(self, place: _Place, actor: Actor) -> list[Completion]:
        typed = place.word.lower().removeprefix("/")
        prefix = self.registry.catalogue.prefix
        return [
            place.offer(f"/{prefix}{area.name}", area.summary, f"/{prefix}{area.name} ")
            for area in self.registry.catalogue.areas
            if f"{prefix}{area.name}".startswith(typed)
            and any(command.role <= actor.role for command in self.registry.catalogue.of(area.name))
        ]

    def _actions(self, place: _Place, area: str, actor: Actor) -> list[Completion]:
        return [
            place.offer(command.action, command.summary, f"{command.action} ")
            for command in self.registry.catalogue.of(area)
            if command.action.startswith(place.word.lower()) and command.role <= actor.role
        ]

    async def _arguments(
        self, place: _Place, command: CommandInfo, given: list[str], actor: Actor, directory: Directory
    ) -> Sequence[Completion]:
        name, colon, _ = place.word.partition(":")
        known = (*command.arguments, *(command.for_admins if actor.role >= Role.ADMIN else ()))
        by_name = by_any_name(known)
        if colon and name.lower() in by_name:
            return await self._values(place.within(len(name) + 1), by_name[name.lower()], actor, directory)
        if given and given[-1].endswith(":") and given[-1][:-1].lower() in by_name:
            return await self._values(place, by_name[given[-1][:-1].lower()], actor, directory)
        if place.word.startswith("@") and any(argument.kind in _PEOPLE for argument in command.arguments):
            return _people(place, directory)
        positional = [argument for argument in command.arguments if argument.positional]
        used = _used(positional, given)
        current = positional[min(used, len(positional) - 1)] if positional else None
        if positional and _is_sought(positional[0], given):
            found = await self._values(place.reaching_back(len(given)), positional[0], actor, directory)
            if found:
                return found
        names = _names(place, known, given)
        if current and (used < len(positional) or current.many):
            values = await self._values(place, current, actor, directory)
            is_one_of_them = values and not (place.word or current.suggestions)
            return [*values, *([] if is_one_of_them else names)][:LIMIT]
        return names

    async def _values(
        self, place: _Place, argument: Argument, actor: Actor, directory: Directory
    ) -> Sequence[Completion]:
        if argument.kind in (ArgumentKind.CHOICE, ArgumentKind.FLAG):
            return _words(place, argument.choices or ("yes", "no"))
        if argument.kind is ArgumentKind.DUE:
            return _words(place, _DUES)
        if argument.kind is ArgumentKind.REPEAT:
            return _words(place, _REPEATS)
        if argument.many:
            place = place.within(place.word.rfind(",") + 1)
        if argument.kind in _PEOPLE:
            return _people(place, directory)
        if argument.kind is ArgumentKind.CHANNEL:
            return _words(place, ("all", *await self._channels(actor, directory)))
        if argument.kind is ArgumentKind.REFERENCE:
            return await self._records(place, self.registry.subjects[argument.subject], actor)
        return _words(place, argument.suggestions)

    async def _channels(self, actor: Actor, directory: Directory) -> list[str]:
        """Return the words for the channels that somebody may look into, by which each is found."""
        audience = await self.look(actor, directory)
        words = {
            directory.channel_word(channel, actor.space_id)
            for channel in directory.channels.values()
            if channel.kind is ChannelKind.PUBLIC or (_is_named(channel) and channel.id in audience.channels)
        }
        return sorted(words)

    async def _records(self, place: _Place, subject: Subject, actor: Actor) -> Sequence[Completion]:
        """Offer records of which everything typed is the beginning of a word, or of the number; the nearest first."""
        audience = Audience(actor.member_id, frozenset({actor.channel_id}))
        words = _folded(place.word.replace("#", " ")).split()
        phrase = " ".join(words)
        asked_for = dict.fromkeys([phrase, _telling(words), *filter(str.isdecimal, words)])
        async with self.storage.workspace(actor.workspace_id).read() as work:
            found = {
                record: None
                for typed in asked_for
                for record in await subject.suggest(work, typed, audience, LIMIT if len(asked_for) == 1 else _MANY)
            }
        near = [record for record in found if len(words) < 2 or _holds(record, words)]
        near.sort(key=lambda record: (_bare(record[0]) != phrase, not _folded(record[1]).startswith(phrase)))
        return [place.offer(called, name, f"{_typed(called)} ") for called, name in near[:LIMIT]]


def _is_named(channel: Channel) -> bool:
    """Tell whether a channel that is not public has told its name."""
    return channel.kind is ChannelKind.PRIVATE and channel.name != channel.external_id


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def _telling(words: Sequence[str]) -> str:
    """Return the word that tells most of what is looked for."""
    return max(words, key=len, default="")


def _bare(called: str) -> str:
    """Return what a record goes by as it is compared, a number without its mark."""
    return _folded(called.removeprefix("#"))


def _typed(called: str) -> str:
    """Return what a record goes by as it can be typed."""
    return f'"{called}"' if " " in called else called.removeprefix("#")


def _holds(record: tuple[str, str], words: Sequence[str]) -> bool:
    """Tell whether every word is the beginning of one in the record's title, or of what it goes by."""
    called, title = record
    parts = [*_bare(called).split(), *_folded(title).split()]
    return all(any(part.startswith(word) for part in parts) for word in words)


_PEOPLE = (ArgumentKind.MEMBER, ArgumentKind.MEMBERS)


def _place(line: str, cursor: int) -> _Place:
    cursor = max(0, min(cursor, len(line)))
    start = max(line.rfind(gap, 0, cursor) for gap in _GAPS) + 1
    ends = [end for gap in _GAPS if (end := line.find(gap, cursor)) >= 0]
    # A platform with fields of their own for each argument joins their words by blanks that don't part them.
    head = line[:cursor].replace(JOINING, " ")
    return _Place(line[:start].split(), head[start:], start, min(ends, default=len(line)), head)


def _is_sought(first: Argument, given: Sequence[str]) -> bool:
    """Tell whether the words before the cursor look for a record by its title: nothing else may stand there."""
    if first.kind is not ArgumentKind.REFERENCE:
        return False
    return bool(given) and not any(":" in word or _NUMBER.match(word) for word in given)


def _used(positional: Sequence[Argument], given: list[str]) -> int:
    """Return how many positional arguments the words before the cursor have filled; numbers in front are one."""
    bare = [word for word in given if ":" not in word]
    if positional and positional[0].kind is ArgumentKind.REFERENCE and positional[0].many:
        others = [word for word in bare if not _NUMBER.match(word)]
        return len(others) + (len(others) < len(bare))
    return len(bare)


def _words(place: _Place, words: Iterable[str]) -> list[Completion]:
    typed = place.word.lower()
    return [place.offer(word, "", f"{word} ") for word in words if word.startswith(typed)][:LIMIT]


def _people(place: _Place, directory: Directory) -> list[Completion]:
    typed = handle(place.word.removeprefix("@"))
    found = [place.offer("@me", "yourself", "@me ")] if "me".startswith(typed) else []
    for member in sorted(directory.members.values(), key=lambda member: member.name.casefold()):
        parts = handle(member.name).split("-")
        if member.active and any("-".join(parts[index:]).startswith(typed) for index in range(len(parts))):
            found.append(place.offer(f"@{member.name}", member.role.label, f"{directory.names.word(member.id)} "))
    return found[:LIMIT]


def _names(place: _Place, arguments: Sequence[Argument], given: list[str]) -> list[Completion]:
    taken = {word.partition(":")[0].lower() for word in given if ":" in word}
    return [
        place.offer(f"{argument.name}:", argument.help.replace("`", ""), f"{argument.name}:")
        for argument in arguments
        if not argument.positional
        and argument.name not in taken
        and argument.name not in UNSEEN
        and argument.name.startswith(place.word.lower())
    ][:LIMIT]
