"""Discord's token: whether it is accepted, which permission is missing where, and whether roles can be read."""

from collections.abc import Mapping
from typing import Any

from adapters.diagnosis.names import shown_name
from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.manifest import application_of, invitation
from adapters.platforms.discord.options import DiscordOptions
from adapters.platforms.discord.permissions import ADMINISTRATOR, NEEDED, named
from core.ports.diagnosis import Finding, State
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError

_PART = "Discord bot token"
_ROLES = "Discord roles"
_MAY_LIST_MEMBERS = (1 << 14) | (1 << 15)
"""The application's flags for the members intent: one for apps in many servers, one for the others."""


async def examine_discord(options: DiscordOptions) -> list[Finding]:
    """Ask Discord whose the token is, which servers the app is in, and what it may do there."""
    if not options.bot_token:
        return []
    api = DiscordApi(options)
    try:
        me = await api.read(Route("GET", "/users/@me"))
        guilds = await api.read(Route("GET", "/users/@me/guilds"))
        about = await api.read(Route("GET", "/applications/@me"))
    except PostRejectedError:
        fix = "Copy it once more from the Bot page of Discord's developer portal, or reset it there."
        return [Finding(_PART, State.BAD, "Discord does not accept it.", fix)]
    except (PostDelayedError, PostOutcomeUnknownError):
        return [Finding(_PART, State.BAD, "Discord can't be reached.", "Check this machine's network and its proxy.")]
    finally:
        await api.close()
    invite = invitation(str(me.get("id") or application_of(options.bot_token)))
    name = shown_name(me.get("username"))
    if not guilds:
        return [Finding(_PART, State.WORTH_A_LOOK, f"It belongs to {name}, which is in no server.", f"Open {invite}")]
    return [*(_of_guild(name, guild, invite) for guild in guilds), _of_roles(int(about.get("flags") or 0))]


def _of_guild(name: str, guild: Mapping[str, Any], invite: str) -> Finding:
    allowed = int(guild.get("permissions") or 0)
    missing = 0 if allowed & ADMINISTRATOR else NEEDED & ~allowed
    where = f"It belongs to {name} in {shown_name(guild.get('name'))}"
    if not missing:
        return Finding(_PART, State.GOOD, f"{where}, with every permission it needs.")
    return Finding(
        _PART, State.WORTH_A_LOOK, f"{where}, but may not: {named(missing)}.", f"Invite it once more: {invite}"
    )


def _of_roles(flags: int) -> Finding:
    """Say whether the app may list members, which only a task for everybody in a role needs."""
    if flags & _MAY_LIST_MEMBERS:
        return Finding(_ROLES, State.GOOD, "A task can be given to everybody in a role.")
    fix = "If you want that, switch on Server Members Intent on the Bot page of Discord's developer portal."
    return Finding(_ROLES, State.WORTH_A_LOOK, "A task can't be given to everybody in a role. All else works.", fix)
