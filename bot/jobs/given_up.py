"""Somebody hears of posts that were given up, once until one arrives: whose schedule made them, else the owners."""

from collections.abc import Sequence

from bot.identity.directory import Directory
from bot.identity.identities import Identities
from bot.texts.posts import GIVEN_UP, given_up, not_posted
from core.chat.reply import Reply
from core.chat.request import ChannelKind
from core.people.model import Role
from core.ports.storage import OutboxItem, Post, Storage
from core.schedules.model import Schedule
from core.schedules.repository import SCHEDULES
from core.shared.clock import Clock
from core.shared.value_objects import value_object

LOOK_BACK = 100
"""Earlier posts to the same destination, among which it is looked for one that was told of."""


@value_object
class GivenUp:
    """Queues direct messages about what did not arrive."""

    storage: Storage
    identities: Identities
    clock: Clock

    async def tell(self, item: OutboxItem, reason: str, refusal: str) -> None:
        """Tell who can do something; a post that was such a notice itself is left at that."""
        if item.post.reply.title == GIVEN_UP or await self._is_known(item):
            return
        directory = await self.identities.directory(item.workspace_id)
        schedule = await self._schedule(item)
        if schedule and _is_active(schedule.author_id, directory):
            notice = not_posted(schedule, _place(item, directory), reason, refusal)
            await self._queue(item, notice, [schedule.author_id])
            return
        owners = [member.id for member in directory.members.values() if member.role is Role.OWNER and member.active]
        await self._queue(item, given_up(_open_place(item, directory), reason, refusal), owners)

    async def _is_known(self, item: OutboxItem) -> bool:
        """Tell whether the same was told before and nothing has arrived there since."""
        lost = await self.storage.outbox.lost_before(item.id, LOOK_BACK)
        return any(post.schedule == item.post.schedule for post in lost)

    async def _schedule(self, item: OutboxItem) -> Schedule | None:
        if not item.post.schedule:
            return None
        async with self.storage.workspace(item.workspace_id).read() as work:
            return await work.of(SCHEDULES).of_job(item.post.schedule)

    async def _queue(self, item: OutboxItem, notice: Reply, members: Sequence[int]) -> None:
        async with self.storage.workspace(item.workspace_id).write() as work:
            for member in members:
                work.outbox.add(Post(notice, member_id=member), self.clock.now())
            await work.commit()


def _is_active(member_id: int, directory: Directory) -> bool:
    member = directory.members.get(member_id)
    return member is not None and member.active


def _place(item: OutboxItem, directory: Directory) -> str:
    """Name the person or the channel."""
    if item.post.member_id is not None:
        return directory.name(item.post.member_id)
    channel = directory.channels.get(item.post.channel_id or 0)
    return f"#{channel.name}" if channel and channel.name else "its channel"


def _open_place(item: OutboxItem, directory: Directory) -> str:
    """Name the person or the public channel; the names of private channels are not for everybody."""
    channel = directory.channels.get(item.post.channel_id or 0)
    is_open = item.post.member_id is not None or (channel is not None and channel.kind is ChannelKind.PUBLIC)
    return _place(item, directory) if is_open else "a private channel"
