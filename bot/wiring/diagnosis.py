"""Looking at everything that the settings name."""

from collections.abc import Sequence

from adapters import diagnosis
from adapters.http.server import Address
from adapters.storage import Kind, read_address
from bot.settings.model import Settings
from bot.wiring.bootstrap import jobs_place
from bot.wiring.chats import discord_options
from bot.wiring.manifests import slack_app_manifest
from bot.wiring.payments import stripe_options
from core.ports.diagnosis import Finding, State


async def diagnose(settings: Settings) -> Sequence[Finding]:
    """Look at everything that the settings name; change nothing."""
    where, slack = settings.server, settings.slack
    addresses = [Address(where.host, where.port)]
    if where.public:
        addresses.append(Address(*where.public, setting="QM_PUBLIC_PORT"))
    manifest = slack_app_manifest(settings, public_url=where.public_url, socket_mode=slack.uses_socket)
    access = diagnosis.SlackAccess(
        scopes=manifest["oauth_config"]["scopes"]["bot"],
        bot_token=slack.bot_token or "",
        app_token=slack.app_token or "",
        api_url=slack.api_url or "",
    )
    return [
        diagnosis.examine_folder(settings.storage.data_dir),
        diagnosis.examine_keys(settings.application.secret_keys, settings.storage.data_dir),
        *await diagnosis.examine_database(settings.storage.database_url),
        await diagnosis.examine_jobs(
            jobs_place(settings),
            settings.storage.jobs_database_url,
            is_server=read_address(settings.storage.database_url)[0] is not Kind.SQLITE,
        ),
        *[await diagnosis.examine_address(address) for address in addresses],
        *(await diagnosis.examine_slack(access) if slack.is_on else [_off("Slack", "SLACK_BOT_TOKEN")]),
        *(
            await diagnosis.examine_discord(discord_options(settings))
            if settings.discord.is_on
            else [_off("Discord", "DISCORD_BOT_TOKEN")]
        ),
        *([await diagnosis.examine_stripe(stripe_options(settings))] if settings.stripe.is_on else []),
    ]


def _off(platform: str, setting: str) -> Finding:
    fix = f"To use it, type: quartermaster manifest {platform.lower()}; then set {setting}, as the README says."
    return Finding(platform, State.GOOD, "It is not set up; all else works without it.", fix)
