"""Posts that nobody asked for just now: reminders and the like, and what the core wants to know of people."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from adapters.platforms.slack.answers import MentionsOf, ReadFile
from adapters.platforms.slack.api import DEAD_TOKEN, BlocksRefusedError, SlackApi, told_apart
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.installations import Installations, examine_token
from adapters.platforms.slack.messages import Messages
from adapters.platforms.slack.pace import Pace
from adapters.platforms.slack.render import Native, Rendered
from core.chat.reply import Reply
from core.chat.request import UserRef
from core.ports.platform import (
    CHANNEL_GONE,
    MESSAGE_GONE,
    NOT_ALLOWED,
    Destination,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from core.shared.value_objects import value_object
from core.workspaces.model import Installation, Space

log = structlog.get_logger(__name__)

PAGES = 50
"""Pages of a person's channels that are read; the rest stays hidden, which is the safe side."""

PAGE = 200
MEMBERSHIPS = "private_channel,mpim,im"

_STANDING = {
    "message_not_found": MESSAGE_GONE,
    "channel_not_found": CHANNEL_GONE,
    "is_archived": CHANNEL_GONE,
    "is_inactive": CHANNEL_GONE,
    "not_in_channel": NOT_ALLOWED,
    "access_denied": NOT_ALLOWED,
    "cant_update_message": NOT_ALLOWED,
    "cant_delete_message": NOT_ALLOWED,
    "edit_window_closed": NOT_ALLOWED,
    "missing_scope": NOT_ALLOWED,
    "no_permission": NOT_ALLOWED,
    "permission_denied": NOT_ALLOWED,
    "restricted_action": NOT_ALLOWED,
    "update_failed": NOT_ALLOWED,
}
"""What Slack's refusals to change a message mean."""


@value_object
class SlackMessenger:
    """Implements `core.ports.platform.Messenger`."""

    api: SlackApi
    installations: Installations
    messages: Messages
    files: Files
    mentions: MentionsOf
    read_file: ReadFile
    pace: Pace

    @property
    def rest(self) -> float:
        """Return the seconds that Slack wants between two messages into one channel."""
        return self.pace.rest

    async def post(self, where: Destination, reply: Reply, key: str) -> str:
        """Post once and return `channel:timestamp`; files follow the message."""
        team = where.space.external_id
        token = self.installations.token(team)
        try:
            channel = await self._channel(where, token)
            if wait := self.pace.wait(team, channel):
                raise PostDelayedError(wait)
            ts, shown = await self._post(token, channel, where, reply, key)
        except PostRejectedError as error:
            self._notice(team, error)
            raise
        self.pace.posted(channel)
        await self._share(token, team, channel, where.thread, shown)
        return f"{channel}:{ts}"

    async def find(self, where: Destination, key: str) -> str | None:
        """Return the message posted under that key, if it is among the newest of its channel.

        A person whose conversation can't be opened can't be posted to either: that is a rejection, not a doubt.
        """
        token = self.installations.token(where.space.external_id)
        channel = await self._channel(where, token)
        ts = await self.messages.find(token, channel, key, thread=where.thread)
        return f"{channel}:{ts}" if ts else None

    async def complete(self, where: Destination, message: str, reply: Reply) -> None:
        """Share the files of a message that stands, but for those that were shared after it."""
        channel, _, ts = message.partition(":")
        team = where.space.external_id
        versions = list(self.messages.renderer.versions(reply, self.mentions(team), team))
        if not any(version.has_files for version in versions):
            return
        token = self.installations.token(team)
        said = await self.messages.said(token, channel, thread=where.thread, since=ts)
        shown = _shown(versions, next((one for one in said if one["ts"] == ts), {}))
        await self._share(token, team, channel, where.thread, shown, _shared(said))

    async def edit(self, where: Destination, message: str, reply: Reply) -> None:
        """Put another reply in place of a message of ours."""
        channel, _, ts = message.partition(":")
        team = where.space.external_id
        async with self._standing(where) as token:
            renderer = self.messages.renderer
            refused: Rendered | None = None
            for version in renderer.versions(reply, self.mentions(team), team):
                try:
                    await self.messages.edit(token, channel, ts, version)
                except BlocksRefusedError as error:
                    log.warning("slack_message_refused", reason=error.reason)
                    refused = version
                else:
                    renderer.taken(version, refused, team)
                    return
            raise PostRejectedError("blocks_refused")

    async def pin(self, where: Destination, message: str) -> None:
        """Pin a message; one that is pinned already stays so."""
        channel, _, ts = message.partition(":")
        async with self._standing(where) as token:
            await self.messages.pin(token, channel, ts)

    async def remove(self, where: Destination, message: str) -> None:
        """Delete a message of ours."""
        channel, _, ts = message.partition(":")
        try:
            async with self._standing(where) as token:
                await self.messages.delete(token, channel, ts)
        except PostRejectedError as error:
            if error.reason != MESSAGE_GONE:
                raise

    async def is_in(self, where: Destination) -> bool:
        """Tell whether the bot is in a conversation."""
        async with self._standing(where) as token:
            try:
                async with told_apart():
                    answer = await self.api.sender(token).conversations_info(channel=where.channel)
            except PostRejectedError as error:
                if error.reason == "channel_not_found":
                    return False
                raise
        conversation = answer.get("channel") or {}
        return bool(conversation.get("is_im") or conversation.get("is_member"))

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        """Return the private channels and direct conversations that the person shares with the bot."""
        client = self.api.reader(self.installations.token(space.external_id))
        found: set[str] = set()
        cursor = ""
        for _ in range(PAGES):
            async with told_apart():
                answer = await client.users_conversations(
                    user=user, types=MEMBERSHIPS, exclude_archived=False, limit=PAGE, cursor=cursor or None
                )
            found.update(str(channel["id"]) for channel in answer.get("channels") or ())
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return frozenset(found)

    async def profile(self, space: Space, user: str) -> UserRef:
        """Return what the person's profile says."""
        client = self.api.reader(self.installations.token(space.external_id))
        async with told_apart():
            answer = await client.users_info(user=user, include_locale=True)
        return person_of(user, answer.get("user") or {})

    async def group_members(self, space: Space, group: str) -> Sequence[str]:
        """Return the people in a user group."""
        client = self.api.reader(self.installations.token(space.external_id))
        try:
            async with told_apart():
                answer = await client.usergroups_users_list(usergroup=group)
        except PostRejectedError as error:
            raise PostRejectedError(NOT_ALLOWED if error.reason == "missing_scope" else error.reason) from error
        return [str(user) for user in answer.get("users") or ()]

    async def check(self, installation: Installation) -> None:
        """Raise `PostRejectedError` when the token does not work any more."""
        try:
            await examine_token(self.api, installation.token)
        except PostRejectedError as error:
            self._notice(installation.external_id, error)
            raise

    @asynccontextmanager
    async def _standing(self, where: Destination) -> AsyncIterator[str]:
        """Give the token for a change of what is there already, and name refusals as the port does."""
        team = where.space.external_id
        try:
            yield self.installations.token(team)
        except PostRejectedError as error:
            self._notice(team, error)
            reason = _STANDING.get(error.reason)
            if reason is None:
                raise
            log.info("slack_standing_message_refused", reason=error.reason)
            raise PostRejectedError(reason) from error

    async def _channel(self, where: Destination, token: str) -> str:
        """Return the channel; a conversation that Slack may or may not have opened can be opened again."""
        try:
            return where.channel or await self.messages.direct(token, where.user)
        except PostOutcomeUnknownError as error:
            raise PostDelayedError(0.0) from error

    async def _post(self, token: str, channel: str, where: Destination, reply: Reply, key: str) -> tuple[str, Rendered]:
        refused: Rendered | None = None
        renderer, team = self.messages.renderer, where.space.external_id
        for version in renderer.versions(reply, self.mentions(team), team):
            try:
                ts = await self.messages.post(token, channel, version, key, thread=where.thread)
            except BlocksRefusedError as error:
                log.warning("slack_message_refused", reason=error.reason)
                refused = version
            else:
                renderer.taken(version, refused, team)
                return ts, version
        raise PostRejectedError("blocks_refused")

    async def _share(
        self,
        token: str,
        team: str,
        channel: str,
        thread: str,
        shown: Rendered,
        shared: Collection[tuple[str, int]] = (),
    ) -> None:
        """Share a post's files but for those that are there; the post stands already, and must not be repeated."""
        async for upload in self.files.uploads(shown, lambda link: self.read_file(team, link)):
            if (upload.name, upload.size) in shared:
                continue
            try:
                await self.files.upload(token, channel, upload, thread=thread)
            except PostDelayedError as error:
                raise PostOutcomeUnknownError(error.seconds) from error
            except PostRejectedError as error:
                log.warning("slack_file_refused", reason=error.reason)

    def _notice(self, team: str, error: PostRejectedError) -> None:
        if error.reason in DEAD_TOKEN:
            self.installations.disable(team, error.reason)


def _shown(versions: Sequence[Rendered], message: Mapping[str, Any]) -> Rendered:
    """Return the version of a reply that a message shows: the one with its newest kinds of block."""
    kinds = {str(block.get("type")) for block in message.get("blocks") or ()}
    native = frozenset(one for one in Native if one.value in kinds)
    return next((version for version in versions if version.native == native), versions[0])


def _shared(said: Sequence[Mapping[str, Any]]) -> set[tuple[str, int]]:
    """Return the names and sizes of the files among messages of apps: what people shared is not ours."""
    files = (file for message in said if message.get("bot_id") for file in message.get("files") or ())
    return {(str(file.get("name")), int(file.get("size") or 0)) for file in files}


def person_of(user: str, found: Mapping[str, Any]) -> UserRef:
    """Return the person of a user object of Slack's."""
    profile = found.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), found.get("real_name"), found.get("name"))
    return UserRef(
        id=user,
        name=next((str(name) for name in names if name), user),
        zone=str(found.get("tz") or ""),
        locale=str(found.get("locale") or ""),
        is_admin=bool(found.get("is_admin") or found.get("is_owner")),
        is_guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
    )
