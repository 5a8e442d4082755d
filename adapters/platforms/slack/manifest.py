"""The app manifest, made from the commands; pure."""

from collections.abc import Mapping, Sequence

from core.chat.spec import AreaInfo, Catalogue

COMMAND, DESCRIPTION, HINT = 32, 2000, 1000
COMMANDS = 50

BOT_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "pins:write",
    "usergroups:read",
    "users:read",
)
BOT_EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")


class ManifestLimitError(ValueError):
    """The commands do not fit into what Slack takes."""


def slack_manifest(catalogue: Catalogue, *, public_url: str = "", socket_mode: bool) -> dict[str, object]:
    """Return the manifest that makes the Slack app; `public_url` is where Slack reaches us, unless by Socket Mode.

    Raises `ManifestLimitError` when the commands break a limit of Slack's.
    """
    base = public_url.rstrip("/")
    url = f"{base}/slack/events" if base else ""
    commands = [_command(catalogue, area, url) for area in catalogue.areas]
    if len(commands) > COMMANDS:
        raise ManifestLimitError(f"{len(commands)} slash commands are more than {COMMANDS}")
    events: dict[str, object] = {"bot_events": list(BOT_EVENTS)}
    interactivity: dict[str, object] = {"is_enabled": True}
    oauth: dict[str, object] = {"scopes": {"bot": list(BOT_SCOPES)}}
    if url:
        events["request_url"] = interactivity["request_url"] = url
        oauth["redirect_urls"] = [f"{base}/slack/oauth_redirect"]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Quartermaster",
            "description": "The back office of a small shop or team, in chat.",
            "background_color": "#1f3a34",
        },
        "features": _features(catalogue, commands),
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _features(catalogue: Catalogue, commands: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "quartermaster", "always_online": True},
        "shortcuts": [
            {"name": entry.label, "type": "message", "callback_id": entry.id, "description": entry.summary}
            for entry in catalogue.menu
        ],
        "slash_commands": list(commands),
    }


def _command(catalogue: Catalogue, area: AreaInfo, url: str) -> dict[str, object]:
    name = f"/{catalogue.prefix}{area.name}"
    if len(name) > COMMAND:
        raise ManifestLimitError(f"{name} is longer than {COMMAND} characters")
    command: dict[str, object] = {
        "command": name,
        "description": area.summary[:DESCRIPTION],
        "usage_hint": _hint(catalogue, area),
        # People and channels then come by their ids, whatever they are called.
        "should_escape": True,
    }
    return command | ({"url": url} if url else {})


def _hint(catalogue: Catalogue, area: AreaInfo) -> str:
    """Return the actions of an area, as many as fit."""
    words = [info.action for info in catalogue.of(area.name)]
    while len(" | ".join(words)) > HINT - len(" | …"):
        words = [*words[:-2], "…"]
    return " | ".join(words)
