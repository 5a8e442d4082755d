"""A small app on the real SDK, to try the local Discord with: discord.py's client and command tree."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.support.discord import DiscordPlatform


class ImportForm(discord.ui.Modal):
    """A modal with a text, a select and a file upload, each in a label."""

    def __init__(self, app: SampleApp) -> None:
        super().__init__(title="Import tasks", custom_id="import", timeout=None)
        self.app = app
        self.name: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="title", max_length=20, default="tasks")
        self.file: discord.ui.FileUpload[Any] = discord.ui.FileUpload(custom_id="file", max_values=2)
        self.people: discord.ui.UserSelect[Any] = discord.ui.UserSelect(custom_id="people", required=False)
        self.add_item(discord.ui.Label(text="Title", component=self.name))
        self.add_item(discord.ui.Label(text="File", description="A CSV", component=self.file))
        self.add_item(discord.ui.Label(text="People", component=self.people))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Answers with what came."""
        content = [(await file.read()).decode() for file in self.file.values]
        people = [user.name for user in self.people.values]
        await interaction.response.send_message(f"{self.name.value}: {content} for {people}", ephemeral=True)


class Buttons(discord.ui.View):
    """A button that updates its message, one that opens the form, and a select."""

    def __init__(self, app: SampleApp) -> None:
        super().__init__(timeout=None)
        self.app = app

    @discord.ui.button(label="Done", custom_id="done:12")
    async def done(self, interaction: discord.Interaction, _button: discord.ui.Button[Any]) -> None:
        """Updates its message and follows up."""
        await interaction.response.edit_message(content="done 12", view=None)
        await interaction.followup.send("told everybody")

    @discord.ui.button(label="Edit", custom_id="edit:12")
    async def edit(self, interaction: discord.Interaction, _button: discord.ui.Button[Any]) -> None:
        """Opens the form."""
        await interaction.response.send_modal(ImportForm(self.app))

    @discord.ui.select(custom_id="snooze", placeholder="Snooze", options=[discord.SelectOption(label="3 hours")])
    async def snooze(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        """Says what was chosen."""
        await interaction.response.send_message(f"snoozed {select.values[0]}", ephemeral=True)

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="assign", placeholder="Assign")
    async def assign(self, interaction: discord.Interaction, select: discord.ui.UserSelect[Any]) -> None:
        """Acknowledges at once and updates the message later."""
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"assigned to {select.values[0].name}")


class SampleApp(discord.Client):
    """A client with one group of commands. `seen` holds the interactions, `events` the names of gateway events."""

    def __init__(self, platform: DiscordPlatform) -> None:
        super().__init__(intents=discord.Intents.default(), max_messages=None, heartbeat_timeout=5.0)
        self.platform = platform
        self.tree: app_commands.CommandTree[SampleApp] = app_commands.CommandTree(self)
        self.seen: list[discord.Interaction] = []
        self.events: list[str] = []
        self.failures: list[BaseException] = []
        self.gate = asyncio.Event()
        group = app_commands.Group(name="task", description="Tasks")
        self._add_quick(group)
        self._add_slow(group)
        self.tree.add_command(group)
        self._add_menu()

    async def setup_hook(self) -> None:
        """Runs before the gateway is opened."""
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does without the five seconds that the library waits before it identifies again."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Notes what came."""
        self.seen.append(interaction)
        self.platform.changed()

    async def on_socket_event_type(self, name: str) -> None:
        """Notes every event."""
        self.events.append(name)
        self.platform.changed()

    async def on_message(self, message: discord.Message) -> None:
        """Answers when mentioned."""
        if self.user in message.mentions and message.author != self.user:
            await message.channel.send(f"heard {message.content}", allowed_mentions=discord.AllowedMentions.none())

    def _add_quick(self, group: app_commands.Group) -> None:
        @group.command(name="add", description="Add a task")
        async def add(interaction: discord.Interaction, title: str, due: str | None = None) -> None:
            none = discord.AllowedMentions.none()
            await interaction.response.send_message(f"added {title}, due {due}", allowed_mentions=none)

        @group.command(name="list", description="List tasks")
        async def list_(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("tasks", view=Buttons(self))

        @group.command(name="form", description="Open the form")
        async def form(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(ImportForm(self))

        @group.command(name="done", description="Complete a task")
        async def done(interaction: discord.Interaction, task: int, by: discord.Member | None = None) -> None:
            await interaction.response.send_message(f"done {task} by {by.name if by else 'nobody'}")

        @done.autocomplete("task")
        async def tasks(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
            return [app_commands.Choice(name=f"#{typed}2 Buy milk", value=int(f"{typed}2"))]

    def _add_slow(self, group: app_commands.Group) -> None:
        @group.command(name="later", description="Think first")
        async def later(interaction: discord.Interaction) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self.gate.wait()
            await interaction.edit_original_response(content="first")
            await interaction.followup.send("second")

        @group.command(name="slow", description="Never in time")
        async def slow(interaction: discord.Interaction) -> None:
            await self.gate.wait()
            try:
                await interaction.response.send_message("too late")
            except discord.HTTPException as error:
                self.failures.append(error)
                self.platform.changed()

    def _add_menu(self) -> None:
        @app_commands.context_menu(name="Make a task")
        async def make(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"from {message.content}: {message.jump_url}")

        self.tree.add_command(make)


@asynccontextmanager
async def running(platform: DiscordPlatform, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SampleApp]:
    """The app, logged in and connected."""
    monkeypatch.setattr(Route, "BASE", platform.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(platform.gateway_url))
    app = SampleApp(platform)
    await app.login(platform.bot_token)
    connecting = asyncio.create_task(app.connect())
    await platform.until(lambda: "GUILD_CREATE" in app.events or connecting.done())
    try:
        yield app
    finally:
        app.gate.set()
        await app.close()
        await asyncio.gather(connecting, return_exceptions=True)
