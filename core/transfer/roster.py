"""The people and channels of a workspace as files name them, so that a name leads back to the same one."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.people.model import Member
from core.shared.naming import ME, MENTION, NameBook
from core.shared.value_objects import value_object
from core.workspaces.model import Audience, Channel

_PERSON = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:[,;]|$)|([^,;"]*)(?:[,;]|$)')
_NEEDS_QUOTES = re.compile(r'[,;"]|^\s|\s$')


class UnknownPersonError(ValueError):
    """A name that nobody has, or that more than one has: then `choices` are what names each of them."""

    def __init__(self, name: str, choices: Sequence[str] = ()) -> None:
        """Keep the name as written."""
        super().__init__(name)
        self.name = name
        self.choices = choices


def folded(name: str) -> str:
    """Return a name as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@value_object
class People:
    """The members as somebody names them; one who shares a name is written `Ann#12`, with the member's number."""

    asker: int
    known: NameBook
    by_mention: Mapping[str, int] = field(default_factory=dict)
    _written: dict[int, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, members: Iterable[Member], actor: Actor | None = None) -> "People":
        """Index the members; `actor` is who `@me` is, and whose platform's mentions are read."""
        known = NameBook.of(members)
        if actor is None:
            return cls(0, known)
        here = (actor.platform, actor.space_id)
        by_mention = {
            identity.external_id: member.id
            for member in known.members.values()
            for identity in member.identities
            if (identity.platform, identity.space_id) == here
        }
        return cls(actor.member_id, known, by_mention)

    def write(self, ids: Sequence[int]) -> str:
        """Return people as one text that `read` takes apart again."""
        return joined(self.names(ids))

    def names(self, ids: Sequence[int]) -> list[str]:
        """Return people as `@name` each, with the member's number where the name alone does not tell them apart."""
        return [self._name(member) for member in ids if member in self.known.members]

    def _name(self, member_id: int) -> str:
        if member_id not in self._written:
            self._written[member_id] = self.known.word(member_id, self.known.members[member_id].name)
        return self._written[member_id]

    def read(self, text: str) -> tuple[int, ...]:
        """Return the members that a text names, once each; raises `UnknownPersonError` for the first that is none."""
        return tuple(dict.fromkeys(self._only(name) for name in _split(text)))

    def _only(self, name: str) -> int:
        found = self._find(name)
        if len(found) != 1:
            raise UnknownPersonError(name, [self.known.word(member) for member in found])
        return found[0]

    def _find(self, name: str) -> Sequence[int]:
        if mention := MENTION.fullmatch(name):
            return [self.by_mention[mention[1]]] if mention[1] in self.by_mention else []
        is_asker = self.asker and name.removeprefix("@").casefold() == ME
        return [self.asker] if is_asker else self.known.find(name)


def joined(names: Iterable[str]) -> str:
    """Return names as one text, in quotes where they would not stay in one piece."""
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    """Return a name so that `_split` keeps it in one piece."""
    return '"' + name.replace('"', '""') + '"' if _NEEDS_QUOTES.search(name) else name


def _split(text: str) -> list[str]:
    """Cut a text at commas and semicolons outside quotes."""
    names: list[str] = []
    position = 0
    while position < len(text):
        match = _PERSON.match(text, position)
        if match is None:
            # A stray quote: the rest is one name, which nobody has, so that the row is refused and shown.
            names.append(text[position:])
            break
        names.append(match[1].replace('""', '"') if match[1] is not None else match[2])
        position = match.end()
    return [name for name in (name.strip() for name in names) if name and name != "@"]


@value_object
class Channels:
    """The channels that somebody may see, by name, the asker's own space first; `here` is where they are asking."""

    here: int
    by_id: dict[int, Channel]
    by_name: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, channels: Iterable[Channel], actor: Actor, audience: Audience) -> "Channels":
        """Index the channels that the audience may see; direct ones have no name in a file."""
        seen = {channel.id: channel for channel in channels if may_see(channel, audience)}
        found = cls(actor.channel_id, seen)
        for channel in sorted(seen.values(), key=lambda channel: (channel.space_id != actor.space_id, channel.id)):
            if channel.kind is not ChannelKind.DIRECT:
                found.by_name.setdefault(folded(channel.name), channel.id)
        return found

    def write(self, channel_id: int) -> str:
        """Return a channel as `#name`; empty for direct messages and for what may not be seen."""
        channel = self.by_id.get(channel_id)
        return "" if channel is None or channel.kind is ChannelKind.DIRECT else f"#{channel.name}"

    def read(self, text: str) -> int | None:
        """Return the channel of that name; None if there is none that may be seen."""
        return self.by_name.get(folded(text.strip().removeprefix("#")))


def may_see(channel: Channel, audience: Audience) -> bool:
    """Tell whether an audience sees what is in a channel."""
    return audience.everything or channel.kind is ChannelKind.PUBLIC or channel.id in audience.channels
