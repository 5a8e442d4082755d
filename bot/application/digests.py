"""What the commands of all areas have in common that tell once a day what there is to look at."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.application.context import Context
from bot.application.scheduling import asked_times, asked_zone
from bot.grammar.arguments import ChannelScope, Switch
from bot.texts.schedules import digests as texts
from bot.texts.view import View
from core.chat.reply import Reply
from core.jobs.kinds import COMMAND
from core.schedules.model import DIGEST
from core.schedules.requests import NewSchedule
from core.schedules.rules import Rule, is_daily
from core.schedules.service import Only
from core.shared.errors import InvalidArgumentError
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from bot.grammar.declaration import Area

USUAL = "weekdays 9:00"


@value_object
class Asked:
    """What was asked of a digest; without a channel it is the asker's own, without a switch it is shown or changed."""

    switch: Switch | None
    at: str
    channel: ChannelScope | None
    zone: str

    @property
    def is_change(self) -> bool:
        """Tell whether it is set, for the first time or anew."""
        return self.switch is Switch.ON or (self.switch is None and bool(self.at or self.zone))


async def digest(ctx: Context, area: "Area", asked: Asked) -> Reply:
    """Turn a digest of an area on or off, show when it comes, or what it would tell now."""
    channel_id = await _place(ctx, asked)
    which = Only(area.name, DIGEST, channel_id)
    service, command = ctx.services.schedules, f"{area.name} {DIGEST}"
    if asked.switch is Switch.NOW:
        return await _told(ctx, area, channel_id, asked.zone)
    wanted = texts.Wanted(area, ctx.directory.channels.get(channel_id) if channel_id else None)
    if asked.is_change:
        made = await service.keep_only(ctx.actor, await _new(ctx, area, asked, channel_id), command)
    elif asked.switch is Switch.OFF:
        gone = await service.remove_only(ctx.actor, which, command)
        if gone is None:
            ctx.tells_asker_alone()
            return texts.off_already(wanted)
        made = gone
    else:
        ctx.tells_asker_alone()
        return texts.shown(wanted, await service.only(ctx.actor, which), ctx.view)
    if made.undo_id:
        ctx.touched.append(f"#{made.schedule.number}")
    if channel_id is None or not made.undo_id:
        ctx.tells_asker_alone()
    else:
        ctx.tells_of([channel_id])
    return texts.off(wanted, made, ctx.view) if asked.switch is Switch.OFF else texts.on(wanted, made, ctx.view)


async def _place(ctx: Context, asked: Asked) -> int | None:
    """Return the channel whose digest is meant, None for the asker's own; raises what keeps it from them."""
    if asked.channel is None:
        return None
    if asked.channel.channel_id is None:
        raise InvalidArgumentError("channel", "no_such_channel", value="all")
    await ctx.audience_of(asked.channel)
    return asked.channel.channel_id


async def _told(ctx: Context, area: "Area", channel_id: int | None, typed: str) -> Reply:
    if area.digest is None:
        raise LookupError(f"/{area.name} declares no digest")
    if channel_id is None:
        ctx.tells_asker_alone()
    else:
        ctx.tells_of([channel_id])
    where = asked_zone(ctx, typed) if typed or channel_id is None else await _zone_of(ctx, area, channel_id)
    told = await area.digest(ctx, channel_id, View(replace(ctx.actor, zone=where), ctx.directory, ctx.now))
    return replace(told, zone=where)


async def _zone_of(ctx: Context, area: "Area", channel_id: int) -> str:
    """Return the zone of a channel's digest: the channel's, unless it was given another."""
    found = await ctx.services.schedules.only(ctx.actor, Only(area.name, DIGEST, channel_id))
    return ctx.directory.zones.of(found.schedule.zone if found else "", channel_id=channel_id)


async def _new(ctx: Context, area: "Area", asked: Asked, channel_id: int | None) -> NewSchedule:
    is_own = channel_id is None
    former = await ctx.services.schedules.only(ctx.actor, Only(area.name, DIGEST, channel_id))
    if is_own and asked.zone:
        raise InvalidArgumentError("zone", "digest_zone_is_yours")
    usual = ctx.directory.zones.of(former.schedule.zone if former else "", channel_id=channel_id)
    where = ctx.actor.zone if is_own else asked_zone(ctx, asked.zone) if asked.zone else usual
    keeps = former is not None and not asked.at
    rule: Rule = former.schedule.times if former and keeps else asked_times(ctx, "at", asked.at or USUAL, where)
    if not is_daily(rule):
        raise InvalidArgumentError("at", "digest_more_than_daily", value=asked.at)
    line = f"/{area.name} {DIGEST} {Switch.NOW.value}{'' if is_own else f' channel:here zone:{where}'}"
    return NewSchedule(
        area.name,
        DIGEST,
        COMMAND,
        {"line": line},
        rule,
        where,
        ctx.actor.channel_id if channel_id is None else channel_id,
        skip_empty=True,
        personal=is_own,
    )
