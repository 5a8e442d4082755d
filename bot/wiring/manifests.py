"""What platforms have to be told about this app, made from its commands; opens nothing."""

from collections.abc import Mapping
from typing import Any

from adapters.platforms.discord.manifest import PLACEHOLDER, application_of, discord_manifest
from adapters.platforms.slack.manifest import slack_manifest
from bot.settings.model import Settings
from bot.wiring.bootstrap import registry

__all__ = ["PLACEHOLDER", "discord_app_manifest", "slack_app_manifest"]


def slack_app_manifest(settings: Settings, *, public_url: str | None, socket_mode: bool) -> Mapping[str, Any]:
    """Return the manifest of the Slack app, made from the commands."""
    catalogue = registry(settings.application.command_prefix).catalogue
    return slack_manifest(catalogue, public_url=public_url or "", socket_mode=socket_mode)


def discord_app_manifest(settings: Settings, *, application: str = "") -> Mapping[str, Any]:
    """Return what Discord has to be told of the app, and the link that invites it."""
    catalogue = registry(settings.application.command_prefix).catalogue
    return discord_manifest(catalogue, application or application_of(settings.discord.bot_token or ""))
