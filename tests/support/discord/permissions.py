"""Discord's permissions: the bits that matter here, and what roles and overwrites come to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag


class Permission(IntFlag):
    """Permission bits by Discord's names."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


ALL = Permission(sum(Permission))
EVERYONE = (
    Permission.ADD_REACTIONS | Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES | Permission.READ_MESSAGE_HISTORY | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS
)  # fmt: skip
"""What `@everyone` may do in a new server."""
BOT = Permission.PIN_MESSAGES
"""What the app's own role adds to that."""
DIRECT = (
    Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.EMBED_LINKS | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY | Permission.USE_APPLICATION_COMMANDS | Permission.PIN_MESSAGES
)  # fmt: skip
"""What both sides may do in a direct message."""


class Overwrite:
    """What a channel allows and denies one role or member, by id."""

    def __init__(self, target: str, kind: int, allow: Permission, deny: Permission) -> None:
        self.target = target
        self.kind = kind
        self.allow = allow
        self.deny = deny

    def public(self) -> dict[str, object]:
        """The overwrite object; `type` is 0 for a role, 1 for a member."""
        return {"id": self.target, "type": self.kind, "allow": str(int(self.allow)), "deny": str(int(self.deny))}


def resolve(
    base: Permission, overwrites: Iterable[Overwrite], *, everyone: str, roles: Iterable[str], member: str
) -> Permission:
    """What a member may do in a channel: `@everyone`, then the roles together, then the member."""
    if base & Permission.ADMINISTRATOR:
        return ALL
    found = {overwrite.target: overwrite for overwrite in overwrites}
    steps = [[everyone], [role for role in roles if role != everyone], [member]]
    for step in steps:
        known = [found[target] for target in step if target in found]
        for overwrite in known:
            base &= ~overwrite.deny
        for overwrite in known:
            base |= overwrite.allow
    return base
