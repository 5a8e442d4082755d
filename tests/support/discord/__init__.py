"""A local Discord to drive an app over the wire: its HTTP API and gateway, its people, its faults.

async with DiscordPlatform() as discord:
anna = discord.person(discord.world.user("anna"))
general = discord.world.channel("general", [anna.user])
Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = discord.api_url, yarl.URL(discord.gateway_url)
exchange = await anna.command("/task add Buy milk", channel=general)
answer = await exchange.answer()
await anna.press(answer, "Done")
"""

from tests.support.discord.composing import NotAcceptedError
from tests.support.discord.exchange import Exchange
from tests.support.discord.messages import Message, View
from tests.support.discord.permissions import Permission
from tests.support.discord.person import Person
from tests.support.discord.platform import DiscordPlatform
from tests.support.discord.world import Channel, Guild, Role, StoredFile, User, World
from tests.support.local_platform import NotShownError

__all__ = [
    "Channel",
    "DiscordPlatform",
    "Exchange",
    "Guild",
    "Message",
    "NotAcceptedError",
    "NotShownError",
    "Permission",
    "Person",
    "Role",
    "StoredFile",
    "User",
    "View",
    "World",
]
