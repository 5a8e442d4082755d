"""Requests in the name of somebody who is not there: what a schedule or a job asks as its member, in its channel."""

from bot.identity.identities import Identities
from core.chat.request import ChannelRef, Request, UserRef
from core.shared.errors import RefusedError

NOBODY_THERE = "nobody_there"
"""Why nothing can be asked in the name of somebody who is gone."""


async def request_of(
    identities: Identities,
    workspace_id: int,
    member_id: int,
    channel_id: int,
    *,
    text: str = "",
    delivery: str = "",
    zone: str = "",
) -> Request:
    """Return what a member would ask in a channel, with dates in a zone if one is given.

    Raises `RefusedError` (`nobody_there`) if they can't any more.
    """
    directory = await identities.directory_with(workspace_id, member=member_id, channel=channel_id)
    member, channel = directory.members.get(member_id), directory.channels.get(channel_id)
    spaces = {space.id: space for space in await identities.all_spaces({channel.space_id} if channel else set())}
    space = spaces.get(channel.space_id) if channel else None
    known = [one for one in member.identities if space and one.space_id == space.id] if member else []
    if member is None or channel is None or space is None or not member.active or not known:
        raise RefusedError(NOBODY_THERE)
    return Request(
        platform=channel.platform,
        space_id=space.external_id,
        channel=ChannelRef(channel.external_id, channel.name, channel.kind),
        user=UserRef(known[0].external_id, member.name),
        delivery_id=delivery,
        text=text,
        zone=zone,
    )
