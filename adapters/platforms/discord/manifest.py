"""What Discord has to be told of the app: commands, intents, and the address at which a server invites it; pure."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from adapters.platforms.discord.commands import application_commands
from adapters.platforms.discord.permissions import NEEDED
from core.chat.spec import Catalogue

AUTHORIZE = "https://discord.com/oauth2/authorize"
PLACEHOLDER = "YOUR-APPLICATION-ID"
SCOPES = ("bot", "applications.commands")
INTENTS = ("GUILDS", "GUILD_MESSAGES", "DIRECT_MESSAGES")
"""What the gateway is asked for: of what messages say it tells only those that name the app, and direct ones."""
MEMBERS = "GUILD_MEMBERS"
"""The privileged intent that is needed only to give a task to everybody in a role; it is switched on at Discord."""


def discord_manifest(catalogue: Catalogue, application: str) -> Mapping[str, Any]:
    """Return the invitation and the command set, which the app itself keeps up to date."""
    return {
        "invite": invitation(application),
        "scopes": list(SCOPES),
        "permissions": str(NEEDED),
        "intents": list(INTENTS),
        "privileged_intents": [],
        "optional_privileged_intents": [MEMBERS],
        "commands": application_commands(catalogue),
    }


def invitation(application: str) -> str:
    """Return the address at which somebody who manages a server lets the app in, with the permissions it needs."""
    asked = {"client_id": application or PLACEHOLDER, "scope": " ".join(SCOPES), "permissions": str(NEEDED)}
    return f"{AUTHORIZE}?{urlencode(asked)}"


def application_of(token: str) -> str:
    """Return the application's id, which a bot token begins with; empty if it does not."""
    first = token.partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return found if found.isdigit() else ""
