"""Discord's token: whether it is accepted, and in which servers what permission is missing."""

from collections.abc import Mapping
from typing import Any

from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.manifest import application_of, invitation
from adapters.platforms.discord.options import DiscordOptions
from adapters.platforms.discord.permissions import ADMINISTRATOR, NEEDED, named
from core.ports.diagnosis import Finding, State
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError

_PART = "Discord bot token"
_LONGEST_NAME = 80


async def examine_discord(options: DiscordOptions) -> list[Finding]:
    """Ask Discord whose the token is, which servers the app is in, and what it may do there."""
    if not options.bot_token:
        return []
    api = DiscordApi(options)
    try:
        me = await api.read(Route("GET", "/users/@me"))
        guilds = await api.read(Route("GET", "/users/@me/guilds"))
    except PostRejectedError:
        fix = "Copy it once more from the Bot page of Discord's developer portal, or reset it there."
        return [Finding(_PART, State.BAD, "Discord does not accept it.", fix)]
    except (PostDelayedError, PostOutcomeUnknownError):
        return [Finding(_PART, State.BAD, "Discord can't be reached.", "Check this machine's network and its proxy.")]
    finally:
        await api.close()
    invite = invitation(str(me.get("id") or application_of(options.bot_token)))
    name = _shown(me.get("username"))
    if not guilds:
        return [Finding(_PART, State.WORTH_A_LOOK, f"It belongs to {name}, which is in no server.", f"Open {invite}")]
    return [_of_guild(name, guild, invite) for guild in guilds]


def _of_guild(name: str, guild: Mapping[str, Any], invite: str) -> Finding:
    allowed = int(guild.get("permissions") or 0)
    missing = 0 if allowed & ADMINISTRATOR else NEEDED & ~allowed
    where = f"It belongs to {name} in {_shown(guild.get('name'))}"
    if not missing:
        return Finding(_PART, State.GOOD, f"{where}, with every permission it needs.")
    return Finding(
        _PART, State.WORTH_A_LOOK, f"{where}, but may not: {named(missing)}.", f"Invite it once more: {invite}"
    )


def _shown(name: object) -> str:
    """Return a name that Discord told, fit for a line of a terminal."""
    return "".join(letter for letter in str(name or "?") if letter.isprintable())[:_LONGEST_NAME]
