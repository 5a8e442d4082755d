"""The reference: a bare discord.py command that runs given statements on bare aiosqlite, in one transaction a command.

python -m tests.benchmarks.bare_discord API_URL GATEWAY_URL TOKEN DATABASE STATEMENTS
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.benchmarks.bare import Replay, connect, load


class Bare(discord.Client):
    """A client with the one command `/task add`, sent the same events as ours, and passing over the same of them."""

    def __init__(self, replay: Replay) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        # Ours passes over its own messages before the SDK builds anything of them: neither does this.
        self._connection.parsers.pop("MESSAGE_CREATE")
        self.tree: app_commands.CommandTree[Bare] = app_commands.CommandTree(self)
        group = app_commands.Group(name="task", description="Tasks")

        @group.command(name="add", description="Add a task")
        async def add(interaction: discord.Interaction, title: str) -> None:
            number = await replay.run()
            none = discord.AllowedMentions.none()
            await interaction.response.send_message(f"Added task #{number}: {title}.", allowed_mentions=none)

        self.tree.add_command(group)

    async def setup_hook(self) -> None:
        """Tell Discord the command before anything comes in."""
        await self.tree.sync()


async def serve(token: str, path: Path, statements: Path) -> None:
    """Serve until told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    database = await connect(path)
    try:
        async with Bare(Replay(database, load(statements))) as client:
            serving = asyncio.create_task(client.start(token))
            stopped = asyncio.create_task(stopping.wait())
            await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
            await client.close()
            await serving
    finally:
        await database.close()


if __name__ == "__main__":
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = sys.argv[1], yarl.URL(sys.argv[2])
    asyncio.run(serve(sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5])))
