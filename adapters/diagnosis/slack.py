"""Slack's tokens: whether they are accepted, and what they allow."""

from collections.abc import Awaitable, Collection
from dataclasses import field

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.diagnosis.names import shown_name
from adapters.telemetry.redaction import redact_text
from core.ports.diagnosis import Finding, State
from core.shared.value_objects import value_object

_BOT, _APP = "Slack bot token", "Slack app token"
_SECONDS = 10
_AUTHORIZE = "OAuth & Permissions"

_REFUSALS = {
    "account_inactive": ("The app was removed from the workspace, or its user was.", "Install the app again."),
    "invalid_auth": ("Slack does not know it.", "Copy it once more from the app's settings."),
    "not_authed": ("Slack does not know it.", "Copy it once more from the app's settings."),
    "token_expired": ("It has expired.", "Install the app again and copy the new one."),
    "token_revoked": ("It was revoked.", "Install the app again and copy the new one."),
    "not_allowed_token_type": ("It is a token of another kind.", "Check which token goes into which setting."),
    "missing_scope": ("It lacks the scope connections:write.", "Make a new app-level token with that scope."),
}


@value_object
class SlackAccess:
    """What is set for Slack; `scopes` are the ones that the manifest asks for. `api_url` is empty for Slack itself."""

    scopes: Collection[str]
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = ""


async def examine_slack(access: SlackAccess) -> list[Finding]:
    """Ask Slack who the bot token belongs to and what it may do, and whether the app token opens a connection."""
    findings = []
    if access.bot_token:
        findings.append(await _guarded(_BOT, _examine_bot(access)))
    if access.app_token:
        findings.append(await _guarded(_APP, _examine_app(access)))
    return findings


async def _guarded(part: str, looking: Awaitable[Finding]) -> Finding:
    """Return the finding, or the one that stands for Slack's refusal or silence."""
    try:
        return await looking
    except SlackApiError as error:
        reason = str(error.response.get("error", ""))
        sentence, fix = _REFUSALS.get(reason, ("Slack refused it.", f"Slack's reason is {redact_text(reason)!r}."))
        return Finding(part, State.BAD, sentence, fix)
    except (ClientError, OSError, TimeoutError, ValueError):
        return Finding(part, State.BAD, "Slack can't be reached.", "Check this machine's network and its proxy.")


async def _examine_bot(access: SlackAccess) -> Finding:
    answer = await _client(access, access.bot_token).auth_test()
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    name = f"It belongs to {shown_name(answer.get('user'))} in {shown_name(answer.get('team'))}"
    missing = sorted(set(access.scopes) - granted)
    if missing and granted:
        fix = f"Add them under {_AUTHORIZE}, or paste `quartermaster manifest slack` again, then reinstall the app."
        return Finding(_BOT, State.BAD, f"{name}, but lacks: {', '.join(missing)}.", fix)
    if not granted:
        return Finding(_BOT, State.WORTH_A_LOOK, f"{name}; Slack did not say what it allows.", "Try again later.")
    return Finding(_BOT, State.GOOD, f"{name}, with every scope it needs.")


async def _examine_app(access: SlackAccess) -> Finding:
    await _client(access, access.app_token).apps_connections_open(app_token=access.app_token)
    return Finding(_APP, State.GOOD, "It opens connections.")


def _client(access: SlackAccess, token: str) -> AsyncWebClient:
    if access.api_url:
        return AsyncWebClient(token=token, timeout=_SECONDS, base_url=access.api_url, retry_handlers=[])
    return AsyncWebClient(token=token, timeout=_SECONDS, retry_handlers=[])
