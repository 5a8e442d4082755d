"""The product with Discord, served for tests against the local Discord."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.platforms.discord.options import Timings
from bot.middleware.rate_limit import Limit
from bot.settings.model import (
    ApplicationSettings,
    DiscordSettings,
    ServerSettings,
    Settings,
    SlackSettings,
    StorageSettings,
)
from bot.wiring.bootstrap import Tuning
from core.chat.spec import Cost
from core.shared.clock import Clock
from tests.support.discord import DiscordPlatform
from tests.support.patience import patience
from tests.support.product_process import ProductProcess, product_process, ready
from tests.support.running import Running
from tests.support.storage import QUICK, fresh_url

PLENTY = {cost: Limit(1e9, 1e9) for cost in Cost}


def brisk() -> Timings:
    """Short pauses where only the order of things matters, and time for the answer to be the first response.

    Tests of the deferral itself set their own.
    """
    return Timings(answer=patience(2.0), first_retry=0.02, again=0.05, drain=patience(5.0), identify=0.0, guilds=0.05)


def discord_settings(discord: DiscordPlatform) -> DiscordSettings:
    """The settings by which the product reaches the local Discord."""
    given: dict[str, Any] = {
        "bot_token": discord.bot_token,
        "api_url": discord.api_url,
        "gateway_url": discord.gateway_url,
    }
    return DiscordSettings(**given)


class DiscordShop(Running):
    """The product on a folder of its own, connected to a local Discord; it can be stopped and started again."""

    def __init__(
        self,
        discord: DiscordPlatform,
        folder: Path,
        *,
        clock: Clock | None = None,
        timings: Timings | None = None,
        prefix: str = "",
        database: str = "",
        lease_seconds: float = 10.0,
    ) -> None:
        self.discord = discord
        self.folder = folder
        self._prefix = prefix
        super().__init__(clock)
        self._timings = timings or brisk()
        self._url = database or fresh_url(folder)
        self._lease_seconds = lease_seconds

    async def start(self, *, until_ready: bool = True) -> None:
        """Start, and wait until Discord can be served."""
        settings = Settings(
            StorageSettings(data_dir=self.folder, database_url=self._url),
            ServerSettings(port=0),
            ApplicationSettings(timezone="Europe/Amsterdam", command_prefix=self._prefix),
            SlackSettings(),
            discord_settings(self.discord),
        )
        tuning = Tuning(
            limits=PLENTY,
            board_seconds=0.2,
            storage=QUICK,
            discord=self._timings,
            lease_seconds=self._lease_seconds,
        )
        await self.serve(settings, tuning)
        if until_ready:
            await ready(self.origin)


@asynccontextmanager
async def discord_process(discord: DiscordPlatform, folder: Path) -> AsyncIterator[ProductProcess]:
    """The product in a process of its own, killed at the end if it still lives."""
    settings = {
        "DISCORD_BOT_TOKEN": discord.bot_token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }
    async with product_process(folder, settings) as started:
        yield started
