"""The Slack world: teams, people, channels, files, and the app installed in it."""

from __future__ import annotations

import itertools
import mimetypes
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tests.support.slack.clock import PlatformClock
from tests.support.slack.messages import Json, Message, View

BOT_SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:read,files:write,groups:history,"
    "groups:read,im:history,im:read,im:write,mpim:history,mpim:read,pins:read,pins:write,usergroups:read,users:read"
)
Kind = Literal["public", "private", "im"]


@dataclass
class Team:
    """A Slack workspace."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person or a bot in a team."""

    id: str
    team: Team
    name: str
    real_name: str
    tz: str = "Europe/Amsterdam"
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None

    def public(self, now: float) -> Json:
        """The user object of `users.info`."""
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        profile: Json = {"real_name": self.real_name, "display_name": self.name, "team": self.team.id}
        if self.is_bot:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        else:
            profile["email"] = f"{self.name}@{self.team.domain}.example"
        return {
            "id": self.id, "team_id": self.team.id, "name": self.name, "deleted": self.deleted,
            "real_name": self.real_name, "tz": self.tz, "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0, "profile": profile,
            "is_admin": self.is_admin or self.is_owner, "is_owner": self.is_owner, "is_primary_owner": False,
            "is_restricted": False, "is_ultra_restricted": False, "is_bot": self.is_bot, "is_app_user": False,
            "updated": int(now), "who_can_share_contact_card": "EVERYONE",
        }  # fmt: skip


@dataclass
class Channel:
    """A conversation and all that was said in it."""

    id: str
    team: Team
    name: str
    kind: Kind
    members: list[User]
    created: int = 0
    is_archived: bool = False
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)

    @property
    def payload_name(self) -> str:
        """The name as payloads of commands and actions give it."""
        return {"public": self.name, "private": "privategroup", "im": "directmessage"}[self.kind]

    @property
    def type(self) -> str:
        """The `channel_type` of message events."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]

    def find(self, ts: str) -> Message | None:
        """The message with that timestamp, unless deleted; never an ephemeral one."""
        return next((m for m in self.messages if m.ts == ts and not m.deleted), None)

    def public(self, seen_by: User) -> Json:
        """The conversation object."""
        base: Json = {
            "id": self.id, "created": self.created, "is_archived": self.is_archived, "is_im": self.kind == "im",
            "is_org_shared": False, "context_team_id": self.team.id, "updated": self.created * 1000,
        }  # fmt: skip
        if self.kind == "im":
            other = next((member for member in self.members if member is not seen_by), seen_by)
            return base | {"user": other.id, "is_user_deleted": other.deleted, "priority": 0}
        nothing = {"value": "", "creator": "", "last_set": 0}
        return base | {
            "name": self.name, "name_normalized": self.name, "is_channel": self.kind == "public",
            "is_group": False, "is_mpim": False, "is_private": self.kind == "private",
            "is_general": self.name == "general", "is_shared": False, "is_ext_shared": False,
            "creator": self.members[0].id if self.members else seen_by.id, "is_member": seen_by in self.members,
            "topic": nothing, "purpose": nothing, "previous_names": [],
        }  # fmt: skip


@dataclass
class Group:
    """A user group, mentioned by its handle."""

    id: str
    team: Team
    handle: str
    members: list[User]


@dataclass
class StoredFile:
    """A file in Slack; `content` stays None until it was uploaded."""

    id: str
    team: Team
    owner: User
    name: str
    title: str
    length: int
    created: int
    content: bytes | None = None
    is_complete: bool = False
    channels: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        """The type Slack would guess from the name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def public(self, base_url: str) -> Json:
        """The file object; its addresses lie on the platform and need the bot's token."""
        folder = f"{base_url}/files-pri/{self.team.id}-{self.id}"
        kind = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "binary"
        return {
            "id": self.id, "created": self.created, "timestamp": self.created, "name": self.name, "title": self.title,
            "mimetype": self.mimetype, "filetype": kind, "pretty_type": kind.upper(), "user": self.owner.id,
            "user_team": self.team.id, "editable": False, "size": self.length, "mode": "hosted", "is_external": False,
            "external_type": "", "is_public": bool(self.channels), "public_url_shared": False, "display_as_bot": False,
            "username": "", "url_private": f"{folder}/{self.name}",
            "url_private_download": f"{folder}/download/{self.name}", "media_display_type": "unknown",
            "permalink": f"https://{self.team.domain}.slack.com/files/{self.owner.id}/{self.id}/{self.name}",
            "channels": list(self.channels), "file_access": "visible",
        }  # fmt: skip


@dataclass
class Installation:
    """The app in one team: its bot user and its token."""

    team: Team
    bot: User
    token: str
    scopes: list[str]
    is_revoked: bool = False

    @property
    def bot_id(self) -> str:
        """The bot's id (`B…`), which is not its user id."""
        assert self.bot.bot_id is not None
        return self.bot.bot_id


class World:
    """Everything there is; made by the helpers below, read by everybody."""

    def __init__(self, clock: PlatformClock, app_id: str) -> None:
        self.clock = clock
        self.app_id = app_id
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.installations: list[Installation] = []
        self.views: dict[str, View] = {}
        self.groups: dict[str, Group] = {}
        self._numbers = itertools.count(1)

    def id(self, prefix: str) -> str:
        """A new id in Slack's form."""
        return f"{prefix}0QM{next(self._numbers):06d}"

    def team(self, name: str = "Acme") -> Team:
        """A new team."""
        team = Team(self.id("T"), name, name.lower().replace(" ", "-"))
        self.teams[team.id] = team
        return team

    def user(self, name: str, team: Team | None = None, **more: Any) -> User:
        """A new person, by default in the first team; `more` sets tz, is_admin and so on."""
        user = User(self.id("U"), team or self.home, name, more.pop("real_name", name.title()), **more)
        self.users[user.id] = user
        return user

    def channel(self, name: str, members: list[User], *, private: bool = False, with_bot: bool = True) -> Channel:
        """A new channel; the bot of that team joins unless `with_bot` is false."""
        team = members[0].team if members else self.home
        people = list(members)
        if with_bot:
            people += [found.bot for found in self.installations if found.team is team]
        channel = Channel(self.id("C"), team, name, "private" if private else "public", people, int(self.clock.now()))
        self.channels[channel.id] = channel
        return channel

    def group(self, handle: str, members: list[User]) -> Group:
        """A new user group of the first team."""
        group = Group(self.id("S"), self.home, handle, members)
        self.groups[group.id] = group
        return group

    def direct(self, user: User, other: User) -> Channel:
        """The direct conversation of two, opened at need."""
        for channel in self.channels.values():
            if channel.kind == "im" and set(map(id, channel.members)) == {id(user), id(other)}:
                return channel
        channel = Channel(self.id("D"), user.team, "", "im", [user, other], int(self.clock.now()))
        self.channels[channel.id] = channel
        return channel

    def install(self, team: Team, scopes: str = BOT_SCOPES) -> Installation:
        """Install the app in `team`: a bot user and a token."""
        bot = User(
            self.id("U"), team, "quartermaster", "Quartermaster", is_bot=True, bot_id=self.id("B"), app_id=self.app_id
        )
        self.users[bot.id] = bot
        found = Installation(team, bot, f"xoxb-{team.id}-{self.id('')}", scopes.split(","))
        self.installations.append(found)
        return found

    def file(self, owner: User, name: str, content: bytes) -> StoredFile:
        """A file that a person has uploaded."""
        stored = StoredFile(self.id("F"), owner.team, owner, name, name, len(content), int(self.clock.now()))
        stored.content, stored.is_complete = content, True
        self.files[stored.id] = stored
        return stored

    @property
    def home(self) -> Team:
        """The first team."""
        return next(iter(self.teams.values()))

    def installation(self, team: Team) -> Installation:
        """The app's latest installation in `team`."""
        return next(found for found in reversed(self.installations) if found.team is team)

    def by_token(self, token: str) -> Installation | None:
        """Whose token it is."""
        return next((found for found in self.installations if found.token == token), None)
