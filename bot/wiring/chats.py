"""Slack and Discord as parts of a serving product; an SDK is only loaded where it is used."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from bot.settings.model import Settings
from bot.wiring.bootstrap import Equipment
from bot.wiring.product import Product
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.workspaces.model import Space

if TYPE_CHECKING:
    from adapters.platforms.discord.options import DiscordOptions, Timings
    from adapters.platforms.discord.platform import DiscordPlatform
    from adapters.platforms.slack.platform import SlackPlatform


def open_slack(product: Product, parts: Equipment, *, takes_events: bool = True) -> "SlackPlatform":
    """Return Slack, not started, which may only be spoken to; its SDK is only loaded where it is used."""
    from adapters.platforms.slack.options import API_URL, SlackOptions, Timings
    from adapters.platforms.slack.platform import SlackPlatform

    given, identities = parts.settings.slack, product.identities
    slack = SlackPlatform(
        application=product.application,
        storage=parts.storage,
        files=parts.files,
        pictures=parts.pictures,
        secrets=parts.secrets,
        clock=parts.clock,
        options=SlackOptions(
            bot_token=given.bot_token or "",
            app_token=(given.app_token or "") if takes_events else "",
            signing_secret=(given.signing_secret or "") if takes_events else "",
            client_id=given.client_id or "",
            client_secret=given.client_secret or "",
            api_url=given.api_url or API_URL,
            public_url=parts.settings.server.public_url or "",
            timings=parts.pace.slack or Timings(),
        ),
        ensure_space=_spaces(product, Platform.SLACK),
        user_of=partial(identities.user_in, Platform.SLACK),
    )
    parts.messengers[Platform.SLACK] = slack.messenger
    return slack


def open_discord(product: Product, parts: Equipment) -> "DiscordPlatform":
    """Return Discord, not started; its SDK is only loaded where it is used."""
    from adapters.platforms.discord.platform import DiscordPlatform

    identities = product.identities
    discord = DiscordPlatform(
        application=product.application,
        storage=parts.storage,
        files=parts.files,
        pictures=parts.pictures,
        clock=parts.clock,
        options=discord_options(parts.settings, parts.pace.discord),
        ensure_space=_spaces(product, Platform.DISCORD),
        user_of=partial(identities.user_in, Platform.DISCORD),
    )
    parts.messengers[Platform.DISCORD] = discord.messenger
    return discord


def discord_options(settings: Settings, timings: "Timings | None" = None) -> "DiscordOptions":
    """Return how to reach Discord."""
    from adapters.platforms.discord.options import DiscordOptions, Timings

    given = settings.discord
    return DiscordOptions(
        bot_token=given.bot_token or "",
        api_url=given.api_url or "",
        gateway_url=given.gateway_url or "",
        timings=timings or Timings(),
    )


def _spaces(product: Product, platform: Platform) -> Callable[[str], Awaitable[Space]]:
    """Return what gives a platform's space by its id there, made on first sight."""

    async def ensure(external: str) -> Space:
        nowhere = ChannelRef("", "", ChannelKind.DIRECT)
        return await product.identities.space(Request(platform, external, nowhere, UserRef("")))

    return ensure
