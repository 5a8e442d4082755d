"""What somebody may do in a channel, from roles and overwrites; pure."""

from collections.abc import Iterable, Mapping

from core.shared.value_objects import value_object

ADMINISTRATOR, MANAGE_GUILD = 1 << 3, 1 << 5
VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS, ATTACH_FILES, READ_HISTORY = 1 << 10, 1 << 11, 1 << 14, 1 << 15, 1 << 16
PIN_MESSAGES, SEND_IN_THREADS = 1 << 51, 1 << 38
NEEDED = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_HISTORY | SEND_IN_THREADS | PIN_MESSAGES
"""What the invitation asks for: to post, with files, to find again what was posted, and to pin it."""
EVERYTHING = (1 << 53) - 1
NAMES: Mapping[int, str] = {
    VIEW_CHANNEL: "View Channels",
    SEND_MESSAGES: "Send Messages",
    SEND_IN_THREADS: "Send Messages in Threads",
    EMBED_LINKS: "Embed Links",
    ATTACH_FILES: "Attach Files",
    READ_HISTORY: "Read Message History",
    PIN_MESSAGES: "Pin Messages",
}
"""What Discord's settings call what is needed."""


@value_object
class Overwrite:
    """What a channel allows and denies one role or person, by id."""

    target: str
    allow: int
    deny: int


@value_object
class Rights:
    """What roles give in one guild; the role of everybody has the guild's own id."""

    guild: str
    owner: str
    roles: Mapping[str, int]

    def anywhere(self, user: str, roles: Iterable[str]) -> int:
        """Return what somebody with these roles may do, overwrites aside."""
        if user == self.owner:
            return EVERYTHING
        found = self.roles.get(self.guild, 0)
        for role in roles:
            found |= self.roles.get(role, 0)
        return EVERYTHING if found & ADMINISTRATOR else found

    def within(self, user: str, roles: Iterable[str], overwrites: Iterable[Overwrite]) -> int:
        """Return what they may do in a channel: everybody's overwrite, then those of roles, then their own."""
        held = frozenset(roles)
        found = self.anywhere(user, held)
        if found == EVERYTHING:
            return found
        by_target = {one.target: one for one in overwrites}
        for group in ([self.guild], [target for target in by_target if target in held], [user]):
            chosen = [by_target[target] for target in group if target in by_target]
            allow, deny = 0, 0
            for one in chosen:
                allow, deny = allow | one.allow, deny | one.deny
            found = (found & ~deny) | allow
        return found

    def is_public(self, overwrites: Iterable[Overwrite]) -> bool:
        """Tell whether everybody in the guild sees a channel."""
        return bool(self.within("", (), overwrites) & VIEW_CHANNEL)


def named(permissions: int) -> str:
    """Return needed permissions by the names that Discord's settings use."""
    return ", ".join(name for bit, name in NAMES.items() if permissions & bit)


def administers(allowed: int) -> bool:
    """Tell whether somebody who may do that runs the guild."""
    return bool(allowed & (ADMINISTRATOR | MANAGE_GUILD))
