"""Who and what is in a workspace, kept in memory so that names, mentions and completions cost no query."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from core.chat.request import ChannelKind, Platform
from core.chat.text import Mention
from core.people.model import Member
from core.shared.naming import NameBook, handle
from core.shared.value_objects import value_object
from core.workspaces.model import Channel, Space, Workspace, Zones


@value_object
class Directory:
    """A snapshot of a workspace's members and channels."""

    workspace: Workspace
    members: dict[int, Member]
    channels: dict[int, Channel]
    by_identity: dict[tuple[Platform, int, str], int] = field(default_factory=dict)
    names: NameBook = field(default_factory=lambda: NameBook.of(()))
    """The active members by name."""
    spaces: Mapping[int, str] = field(default_factory=dict)
    """The words for the spaces that have channels here: their platforms', or their own ids where one has several."""
    zones: Zones = field(init=False)

    def __post_init__(self) -> None:
        """Pick the channels that have a zone of their own."""
        object.__setattr__(self, "zones", Zones.among(self.workspace, self.channels.values()))

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        members: Iterable[Member],
        channels: Iterable[Channel],
        spaces: Iterable[Space] = (),
    ) -> "Directory":
        """Index a workspace's people and channels, and the spaces where these are."""
        known = {member.id: member for member in members}
        directory = cls(
            workspace,
            known,
            {channel.id: channel for channel in channels},
            names=NameBook.of(member for member in known.values() if member.active),
            spaces=_words_for(spaces),
        )
        for member in known.values():
            for identity in member.identities:
                directory.by_identity[identity.platform, identity.space_id, identity.external_id] = member.id
        return directory

    def name(self, member_id: int) -> str:
        """Return a member's name, or a plain word for one who is gone."""
        member = self.members.get(member_id)
        return member.name if member else "somebody"

    def mention(self, member_id: int) -> Mention:
        """Return the span that shows a member."""
        return Mention(member_id, self.name(member_id))

    def channel_name(self, channel_id: int) -> str:
        """Return a channel's name with its `#`, or `direct messages`; a private one may not have told its name yet."""
        channel = self.channels.get(channel_id)
        if channel is None:
            return "a channel"
        if channel.kind is ChannelKind.PRIVATE and channel.name == channel.external_id:
            return "a private channel"
        return "direct messages" if channel.kind is ChannelKind.DIRECT else f"#{channel.name}"

    def channel_word(self, channel: Channel, space_id: int) -> str:
        """Return the word that finds a channel from a space: with where it is, if another one has its name there."""
        word = f"#{channel.name}"
        return word if self.find_channel(word, space_id) == channel else f"{word}@{self.spaces[channel.space_id]}"

    def find_channel(self, name: str, space_id: int) -> Channel | None:
        """Return the channel of that name, the asker's own space first; `#general@slack` is the one in that space."""
        bare, _, where = name.rpartition("@")
        if bare and where.casefold() in self.spaces.values():
            there = {one for one, word in self.spaces.items() if word == where.casefold()}
            return next((one for one in self._named(bare) if one.space_id in there), None)
        return min(self._named(name), key=lambda channel: channel.space_id != space_id, default=None)

    def _named(self, name: str) -> list[Channel]:
        key = handle(name.lstrip("#"))
        return [channel for channel in self.channels.values() if handle(channel.name) == key]


def _words_for(spaces: Iterable[Space]) -> dict[int, str]:
    found = list(spaces)
    platforms = [space.platform for space in found]
    return {
        space.id: space.platform.value if platforms.count(space.platform) == 1 else space.external_id.casefold()
        for space in found
    }
