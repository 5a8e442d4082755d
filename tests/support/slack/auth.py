"""`auth.*`, `oauth.v2.access`, `apps.connections.open`, and the app's configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack.messages import Json
from tests.support.slack.webapi import ApiError, Call
from tests.support.slack.world import Team, User

EVENTS = ("app_mention", "message.im", "app_home_opened", "app_uninstalled", "tokens_revoked")


class ManifestError(AssertionError):
    """Slack would refuse the manifest."""


@dataclass
class AppConfig:
    """The app as configured at Slack. Without a manifest every command exists and the usual events are sent."""

    id: str = "A0QM000001"
    client_id: str = "100.200"
    client_secret: str = "client-secret"
    signing_secret: str = "signing-secret"
    app_token: str = "xapp-1-A0QM000001-1-abc"
    verification_token: str = "verification-token"
    commands: dict[str, bool] | None = None
    events: tuple[str, ...] = EVENTS
    scopes: tuple[str, ...] = field(default=())

    def use_manifest(self, manifest: Json) -> None:
        """Take commands, events and scopes from an app manifest; refuses what Slack refuses."""
        commands = manifest.get("features", {}).get("slash_commands", [])
        _check_manifest(manifest, commands)
        self.commands = {entry["command"]: bool(entry.get("should_escape")) for entry in commands}
        settings = manifest.get("settings", {})
        self.events = tuple(settings.get("event_subscriptions", {}).get("bot_events", []))
        self.scopes = tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))


def _check_manifest(manifest: Json, commands: list[Json]) -> None:
    """The manifest's limits: 50 commands, and lengths of names, descriptions and hints."""
    names = [entry["command"] for entry in commands]
    if len(names) > 50 or len(names) != len(set(names)):
        raise ManifestError("more than 50 slash commands, or one twice")
    for entry in commands:
        if not re.fullmatch(r"/[a-z0-9_-]{1,31}", entry["command"]):
            raise ManifestError(f"bad command name {entry['command']!r}")
        if not 0 < len(entry.get("description", "")) <= 2000 or len(entry.get("usage_hint", "")) > 1000:
            raise ManifestError(f"bad description or hint of {entry['command']}")
    shown = manifest.get("display_information", {})
    bot = manifest.get("features", {}).get("bot_user", {})
    if not 0 < len(shown.get("name", "")) <= 35 or len(shown.get("description", "")) > 140:
        raise ManifestError("bad name or description of the app")
    if len(bot.get("display_name", "")) > 80:
        raise ManifestError("bad name of the bot")
    if len(manifest.get("features", {}).get("shortcuts", [])) > 10:
        raise ManifestError("more than 10 shortcuts")


@dataclass
class OauthCode:
    """What a person's consent gave; one use."""

    team: Team
    by: User
    scopes: str
    is_used: bool = False


def test(call: Call) -> Json:
    """`auth.test`."""
    found = call.installation
    return {
        "url": f"https://{found.team.domain}.slack.com/", "team": found.team.name, "user": found.bot.name,
        "team_id": found.team.id, "user_id": found.bot.id, "bot_id": found.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


def revoke(call: Call) -> Json:
    """`auth.revoke`."""
    if not call.flag("test"):
        call.installation.is_revoked = True
    return {"revoked": not call.flag("test")}


def open_connection(call: Call) -> Json:
    """`apps.connections.open`: an address for one Socket Mode connection."""
    return {"url": call.platform.socket.new_address()}


def access(call: Call) -> Json:
    """`oauth.v2.access`: a code becomes an installation and its token."""
    app, platform = call.platform.app, call.platform
    if call.args.get("client_id") != app.client_id:
        raise ApiError("invalid_client_id")
    if call.args.get("client_secret") != app.client_secret:
        raise ApiError("bad_client_secret")
    code = platform.oauth_codes.get(str(call.args.get("code")))
    if code is None:
        raise ApiError("invalid_code")
    if code.is_used:
        raise ApiError("code_already_used")
    code.is_used = True
    found = platform.world.install(code.team, code.scopes)
    return {
        "access_token": found.token, "token_type": "bot", "scope": ",".join(found.scopes),
        "bot_user_id": found.bot.id, "app_id": app.id, "team": {"id": code.team.id, "name": code.team.name},
        "enterprise": None, "authed_user": {"id": code.by.id}, "is_enterprise_install": False,
    }  # fmt: skip


METHODS: dict[str, Any] = {
    "auth.test": test,
    "auth.revoke": revoke,
    "apps.connections.open": open_connection,
    "oauth.v2.access": access,
}
SCOPES: dict[str, str] = {}
