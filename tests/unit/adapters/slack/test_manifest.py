"""The app manifest, from the commands of the product and within Slack's limits."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.platforms.slack.manifest import BOT_SCOPES, ManifestLimitError, slack_manifest
from bot.wiring.bootstrap import registry
from core.chat.spec import AreaInfo, Catalogue
from tests.support.slack.auth import AppConfig


def made(catalogue: Catalogue, **more: Any) -> dict[str, Any]:
    return dict(slack_manifest(catalogue, **({"socket_mode": False} | more)))


def test_each_area_is_a_command_and_slack_takes_it_all() -> None:
    catalogue = registry().catalogue
    manifest = made(catalogue, public_url="https://shop.example/")
    app = AppConfig()
    app.use_manifest(manifest)
    assert app.commands == {f"/{area.name}": True for area in catalogue.areas}
    assert set(app.scopes) == set(BOT_SCOPES)
    assert {"app_mention", "message.im", "app_uninstalled", "tokens_revoked"} <= set(app.events)
    assert "add" in manifest["features"]["slash_commands"][0]["usage_hint"]


def test_over_http_every_address_is_ours_and_by_socket_mode_there_is_none() -> None:
    catalogue = registry("acme-").catalogue
    http = made(catalogue, public_url="https://shop.example")
    url = "https://shop.example/slack/events"
    assert {command["url"] for command in http["features"]["slash_commands"]} == {url}
    assert http["settings"]["event_subscriptions"]["request_url"] == url
    assert http["settings"]["interactivity"]["request_url"] == url
    assert http["oauth_config"]["redirect_urls"] == ["https://shop.example/slack/oauth_redirect"]
    assert http["features"]["slash_commands"][0]["command"].startswith("/acme-")
    socket = made(catalogue, socket_mode=True)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(socket)


def test_commands_beyond_slacks_limits_are_refused_before_slack_does() -> None:
    catalogue = registry().catalogue
    many = replace(catalogue, areas=tuple(AreaInfo(f"area{number}", "An area") for number in range(51)))
    with pytest.raises(ManifestLimitError):
        made(many)
    with pytest.raises(ManifestLimitError):
        made(replace(catalogue, prefix="x" * 40))


def test_a_hint_of_very_many_actions_is_shortened_visibly() -> None:
    catalogue = registry().catalogue
    info = catalogue.commands[0]
    many = tuple(replace(info, area="task", action=f"action-number-{number}") for number in range(200))
    area = AreaInfo("task", "Tasks")
    hint = made(Catalogue((area,), many))["features"]["slash_commands"][0]["usage_hint"]
    assert len(hint) <= 1000
    assert hint.endswith("…")
