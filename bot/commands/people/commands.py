"""`/user`: who is who, and who may do what."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.people.area import user
from bot.grammar.arguments import Clearable, OnTheClock, Person, Positional, Rest
from bot.texts.people import answers as words
from core.chat.reply import Reply, Visibility
from core.chat.spec import NOTHING, Undo
from core.people.model import Role
from core.people.service import PeopleService
from core.shared.errors import InvalidArgumentError

_DEFAULT = "default"


@user.command(role=Role.GUEST)
async def whoami(ctx: Context) -> Reply:
    """Show who you are here: name, role, time zone, linked platforms.

    Examples:
        /user whoami
    """
    return words.whoami(ctx.actor, ctx.directory.members[ctx.actor.member_id])


@user.command(role=Role.MEMBER)
async def list_(ctx: Context) -> Reply:
    """List the people of this workspace with their roles.

    Examples:
        /user list
    """
    return words.people(await ctx.services.get(PeopleService).members())


@user.command(role=Role.ADMIN, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def role(ctx: Context, member: Person, role: Role) -> Reply:
    """Give somebody a role.

    A guest reads, a member works on tasks, a clerk sells, a manager changes prices and people's work, an admin sets
    things up, an owner may do everything. Nobody hands out more than they hold, and one owner always stays.

    Args:
        member: whom, such as `@ann`
        role: which role, such as `clerk`

    Examples:
        /user role @ann clerk
    """
    if member == 0:
        raise InvalidArgumentError("member", "missing", example="@ann")
    change = await ctx.services.get(PeopleService).set_role(ctx.actor, member, role)
    ctx.touched.append(f"member {member}")
    return words.role_changed(change)


@user.command(role=Role.GUEST, undo=Undo.INVERSE)
async def zone(ctx: Context, zone: Annotated[str, Positional()] = "") -> Reply:
    """Show your time zone, or set it.

    Dates are read and told in it. What your platform says of you does not change it any more once you have set it.

    Args:
        zone: your time zone, such as `Europe/Berlin`; `none` goes back to the channel's or workspace's

    Examples:
        /user zone
        /user zone Europe/Berlin
    """
    if not zone:
        own = ctx.directory.members[ctx.actor.member_id].zone
        is_channels = not own and ctx.directory.zones.channels.get(ctx.actor.channel_id) == ctx.actor.zone
        return words.zone_shown(ctx.actor, ctx.now, is_channels=is_channels)
    change = await ctx.services.get(PeopleService).set_zone(ctx.actor, "" if zone.lower() == NOTHING else zone)
    if change.undo_id:
        ctx.touched.append(f"member {ctx.actor.member_id}")
    return words.zone_changed(
        change, ctx.actor, ctx.now, ctx.directory.zones.of(change.after, channel_id=ctx.actor.channel_id)
    )


@user.command(role=Role.GUEST, undo=Undo.INVERSE)
async def quiet(ctx: Context, hours: Annotated[Rest, Positional(), OnTheClock()] = "") -> Reply:
    """Show your quiet hours, or set them: reminders and digests wait for their end.

    What falls into them comes together then, as far as it still is to be done. They are on the clock of your time zone
    (`/user zone`). A reminder that you gave yourself for a time of day, of something that is yours alone, still comes
    at its time: you said when. What goes to a channel is not held back.

    Args:
        hours: such as `20:00-8:00`, `weekends` or both; `none`, or `default` for the workspace's

    Examples:
        /user quiet 20:00-8:00
        /user quiet 20:00-8:00 weekends
        /user quiet none
    """
    typed = None if not hours else "" if hours.strip().lower() == _DEFAULT else hours
    change = await ctx.services.get(PeopleService).set_quiet(ctx.actor, typed)
    if change.undo_id:
        ctx.touched.append(f"member {ctx.actor.member_id}")
    return words.quiet(change, ctx.actor)


@user.command(role=Role.MEMBER)
async def show(ctx: Context, member: Person) -> Reply:
    """Show who somebody is: name, role, time zone, platforms.

    The e-mail address is shown to admins and to the person alone.

    Args:
        member: whom, such as `@ann`

    Examples:
        /user show @ann
    """
    if member == 0:
        raise InvalidArgumentError("member", "missing", example="@ann")
    found = await ctx.services.get(PeopleService).member(member)
    may_see_email = ctx.actor.role >= Role.ADMIN or found.id == ctx.actor.member_id
    return words.shown(found, ctx.actor, may_see_email=may_see_email)


@user.command(role=Role.GUEST, undo=Undo.INVERSE)
async def update(ctx: Context, email: Annotated[str | None, Positional(), Clearable()] = None) -> Reply:
    """Show your e-mail address, or set it.

    You and the admins of this workspace see it. `none` takes it away.

    Args:
        email: your e-mail address, such as `ann@example.org`

    Examples:
        /user update
        /user update ann@example.org
        /user update email:none
    """
    if email is None:
        return words.email_shown((await ctx.services.get(PeopleService).member(ctx.actor.member_id)).email)
    change = await ctx.services.get(PeopleService).set_email(ctx.actor, email)
    if change.undo_id:
        ctx.touched.append(f"member {ctx.actor.member_id}")
    return words.email_changed(change)


async def _check_other(ctx: Context, member: int) -> None:
    if member:
        await ctx.services.get(PeopleService).check_forget(ctx.actor, member)


@user.command(
    role=Role.ADMIN,
    undo=Undo.NONE,
    check=_check_other,
    consequence="Their name, e-mail address, time zone, accounts and assignments are erased, and nobody can bring them "
    "back. What they made stays, without their name; if they type something again, they are somebody new.",
)
async def forget(ctx: Context, member: Person) -> Reply:
    """Remove somebody with all that is known of them. You are asked before.

    Args:
        member: whom, such as `@ann`

    Examples:
        /user forget @ann
    """
    if member == 0:
        raise InvalidArgumentError("member", "missing", example="@ann")
    await ctx.services.get(PeopleService).forget(ctx.actor, member)
    ctx.touched.append(f"member {member}")
    return words.forgotten()


async def _check_code(ctx: Context, code: str) -> None:
    await ctx.services.get(PeopleService).check_link(ctx.actor, code)


@user.command(
    role=Role.GUEST,
    undo=Undo.NONE,
    check=_check_code,
    consequence="Whoever made that code becomes one person with you, and both get the higher role of the two. "
    "That can't be taken apart again, so go ahead only with a code of your own.",
    consequence_of="code",
)
async def link(ctx: Context, code: Annotated[str, Positional()] = "") -> Reply:
    """Make your accounts on two platforms one person.

    Without a code you get one; type it, within 15 minutes, from your other account. The account that typed the code
    joins the one that made it, with the tasks assigned to it; the higher role of the two stays. You are asked before.

    Args:
        code: the code you got on the other platform, such as `7K2M9QRT4X`

    Examples:
        /user link
        /user link 7K2M9QRT4X
    """
    if not code:
        return words.link_offered(await ctx.services.get(PeopleService).offer_link(ctx.actor))
    member = await ctx.services.get(PeopleService).link(ctx.actor, code)
    ctx.touched.append(f"member {member.id}")
    return words.linked(member)
