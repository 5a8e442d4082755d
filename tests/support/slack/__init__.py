"""A local Slack to drive an app over the wire: its Web API, its people, its faults.

async with SlackPlatform() as slack:
anna = slack.person(slack.world.user("anna"))
general = slack.world.channel("general", [anna.user])
slack.connect("http://127.0.0.1:8080/slack/events")
exchange = await anna.command("/task add Buy milk", channel=general)
answer = await exchange.answer()
await anna.press(answer, "Done")
"""

from tests.support.local_platform import NotShownError
from tests.support.slack.delivery import Attempt, HttpTransport
from tests.support.slack.exchange import Exchange
from tests.support.slack.messages import Message, View
from tests.support.slack.person import Person
from tests.support.slack.platform import SlackPlatform
from tests.support.slack.views import NotAcceptedError
from tests.support.slack.world import Channel, Installation, StoredFile, Team, User, World

__all__ = [
    "Attempt",
    "Channel",
    "Exchange",
    "HttpTransport",
    "Installation",
    "Message",
    "NotAcceptedError",
    "NotShownError",
    "Person",
    "SlackPlatform",
    "StoredFile",
    "Team",
    "User",
    "View",
    "World",
]
