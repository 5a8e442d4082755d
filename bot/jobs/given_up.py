"""Owners hear of posts that were given up, once each, and never of a notice about a notice."""

from dataclasses import dataclass

from bot.identity.directory import Directory
from bot.identity.identities import Identities
from bot.texts.posts import GIVEN_UP, given_up
from core.chat.request import ChannelKind
from core.people.model import Role
from core.ports.storage import OutboxItem, Post, Storage
from core.shared.clock import Clock


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Queues a direct message to every owner of the workspace."""

    storage: Storage
    identities: Identities
    clock: Clock

    async def tell(self, item: OutboxItem, reason: str, refusal: str) -> None:
        """Tell the owners; a post that was such a notice itself is left at that."""
        if item.post.reply.title == GIVEN_UP:
            return
        directory = await self.identities.directory(item.workspace_id)
        notice = given_up(_where(item, directory), reason, refusal)
        owners = [member.id for member in directory.members.values() if member.role is Role.OWNER and member.active]
        async with self.storage.workspace(item.workspace_id).write() as work:
            for owner in owners:
                work.outbox.add(Post(notice, member_id=owner), self.clock.now())
            await work.commit()


def _where(item: OutboxItem, directory: Directory) -> str:
    """Name the person or the public channel; the names of private channels are not for everybody."""
    if item.post.member_id is not None:
        return directory.name(item.post.member_id)
    channel = directory.channels.get(item.post.channel_id or 0)
    return f"#{channel.name}" if channel and channel.kind is ChannelKind.PUBLIC else "a private channel"
