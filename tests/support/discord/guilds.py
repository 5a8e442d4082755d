"""The routes of guilds, people, the application itself, and the gateway's address."""

from __future__ import annotations

from tests.support.discord.messages import Json
from tests.support.discord.rest import Answer, ApiError, Call, Method
from tests.support.discord.world import User

MEMBERS_INTENT = 1 << 1
MEMBERS_FLAG = 1 << 15


def _user(call: Call, user_id: object, code: int = 10013) -> User:
    found = call.platform.world.users.get(str(user_id))
    if found is None:
        raise ApiError(404, code)
    return found


def _me(call: Call) -> Answer:
    return 200, {**call.bot.public(), "verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}


def _show_user(call: Call) -> Answer:
    return 200, _user(call, call.parts["user"]).public()


def _my_guilds(call: Call) -> Answer:
    keys = ("id", "name", "icon", "features")
    found = [guild for guild in call.platform.world.guilds.values() if guild.has_bot]
    permissions = [str(int(guild.allowed(call.bot))) for guild in found]
    return 200, [
        {**{key: guild.public()[key] for key in keys}, "owner": False, "permissions": allowed}
        for guild, allowed in zip(found, permissions, strict=True)
    ]


def _open_direct(call: Call) -> Answer:
    user = _user(call, call.form.get("recipient_id"))
    return 200, call.platform.world.direct(user).public()


def _guild(call: Call) -> Answer:
    return 200, call.guild().public()


def _guild_channels(call: Call) -> Answer:
    guild = call.guild()
    found = [one for one in call.platform.world.channels.values() if one.guild is guild and not one.deleted]
    return 200, [channel.public() for channel in found if channel.kind in ("text", "private")]


def _active_threads(call: Call) -> Answer:
    guild = call.guild()
    found = [one for one in call.platform.world.channels.values() if one.guild is guild and one.kind == "thread"]
    return 200, {"threads": [one.public() for one in found if not one.is_archived], "members": []}


def _roles(call: Call) -> Answer:
    return 200, [role.public() for role in call.guild().roles]


def _member(call: Call) -> Answer:
    guild = call.guild()
    user = _user(call, call.bot.id if call.parts["user"] == "@me" else call.parts["user"])
    if user not in guild.members:
        raise ApiError(404, 10007)
    return 200, user.member(guild)


def _members(call: Call) -> Answer:
    guild = call.guild()
    if not call.platform.app.privileged & MEMBERS_INTENT:
        raise ApiError(403, 50001)
    limit, after = call.number("limit", 1, 1000), int(call.query.get("after", "0"))
    found = sorted(guild.members, key=lambda user: int(user.id))
    return 200, [user.member(guild) for user in found if int(user.id) > after][:limit]


def _application(call: Call) -> Answer:
    app = call.platform.app
    flags = MEMBERS_FLAG if app.privileged & MEMBERS_INTENT else 0
    owner = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None, "global_name": "Owner"}
    data: Json = {
        "id": app.id, "name": "Quartermaster", "icon": None, "description": "", "bot_public": True,
        "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": flags, "owner": owner, "team": None,
        "bot": call.bot.public(), "interactions_endpoint_url": None, "rpc_origins": [], "tags": [],
        "approximate_guild_count": len(call.platform.world.guilds), "redirect_uris": [],
    }  # fmt: skip
    return 200, data


def _gateway(call: Call) -> Answer:
    return 200, {"url": call.platform.gateway_url}


def _gateway_bot(call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 1000, "reset_after": 14_400_000, "max_concurrency": 1}
    return 200, {"url": call.platform.gateway_url, "shards": 1, "session_start_limit": limit}


ROUTES: dict[str, Method] = {
    "GET /users/@me": _me,
    "GET /users/@me/guilds": _my_guilds,
    "POST /users/@me/channels": _open_direct,
    "GET /users/{user}": _show_user,
    "GET /guilds/{guild}": _guild,
    "GET /guilds/{guild}/channels": _guild_channels,
    "GET /guilds/{guild}/threads/active": _active_threads,
    "GET /guilds/{guild}/roles": _roles,
    "GET /guilds/{guild}/members": _members,
    "GET /guilds/{guild}/members/{user}": _member,
    "GET /applications/@me": _application,
    "GET /oauth2/applications/@me": _application,
    "GET /gateway": _gateway,
    "GET /gateway/bot": _gateway_bot,
}
