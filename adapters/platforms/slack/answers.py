"""Answers on their way to people: every acknowledged request is answered, whatever Slack does meanwhile.

An answer is tried until it is shown: 429 and its `Retry-After` are waited out, faults and broken connections tried
again with growing pauses. Where it can't be told whether Slack took a message, it is looked for by the key in its
metadata first. What only one person sees, or where the bot may not read, can't be looked for and is sent again: at
worst it is read twice, while nothing is done twice. A change in place is repeated without any harm.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from adapters.platforms import chat_texts
from adapters.platforms.persisting import GivenUpError, Look, persist
from adapters.platforms.slack import texts
from adapters.platforms.slack.api import BlocksRefusedError
from adapters.platforms.slack.files import Files, Upload
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.messages import Messages, ResponseUrlGoneError, metadata
from adapters.platforms.slack.mrkdwn import Mentions
from adapters.platforms.slack.options import Timings
from adapters.platforms.slack.places import Place
from adapters.platforms.slack.render import Rendered, short
from core.chat.reply import FileLink, Placement, Reply, Visibility
from core.chat.request import ChannelKind
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

RESPONSE_URL_LIFE = 29 * 60.0
"""Seconds; Slack's half hour, less some for being on the way."""

MentionsOf = Callable[[str], Mentions]
"""The look-up of members' Slack user ids, by team."""
ReadFile = Callable[[str, FileLink], AsyncIterator[bytes]]
"""Yields the bytes of a stored file, by team."""


@value_object
class Answers:
    """Delivers replies to where they belong."""

    messages: Messages
    files: Files
    installations: Installations
    timings: Timings
    mentions: MentionsOf
    read_file: ReadFile

    async def deliver(self, place: Place, reply: Reply, key: str) -> None:
        """Show a reply, the renewed message first if it has one; what can't be shown is logged."""
        try:
            if reply.original:
                await self._show(place, reply.original, f"{key}/original", replaces=True)
            await self._show(place, replace(reply, original=None), key, replaces=reply.placement is Placement.UPDATE)
        except (PostRejectedError, GivenUpError) as error:
            log.exception("slack_answer_lost", reason=getattr(error, "reason", "given_up"))

    async def show_progress(self, place: Place, progress: float, key: str, shown: str) -> str:
        """Show in the channel how far something is, in the message of that timestamp or in a new one; return its own.

        Nothing depends on it: where it can't be shown, the timestamp is that of before, empty if there was none.
        """
        reply = Reply(text=(texts.WORKING_HERE,), visibility=Visibility.CHANNEL, progress=progress)
        version = next(iter(self.messages.renderer.versions(reply, self.mentions(place.team), place.team)))
        try:
            token = self.installations.token(place.team)
            if shown:
                await self.messages.edit(token, place.channel, shown, version)
                return shown
            return await self.messages.post(token, place.channel, version, key, thread=place.thread)
        except (PostRejectedError, PostDelayedError, PostOutcomeUnknownError) as error:
            log.info("slack_progress_not_shown", reason=getattr(error, "reason", error.code))
            return shown

    async def take_away(self, place: Place, message: str) -> None:
        """Take a message away that showed how far something is, for its answer is not for the channel."""
        try:
            await self.messages.delete(self.installations.token(place.team), place.channel, message)
        except (PostRejectedError, PostDelayedError, PostOutcomeUnknownError) as error:
            log.info("slack_progress_left", reason=getattr(error, "reason", error.code))

    def first_version(self, place: Place, reply: Reply) -> Rendered | None:
        """Return a reply as it can be shown by the acknowledgement itself; None if a refusal would go unseen."""
        rendered = self.messages.renderer.first(reply, self.mentions(place.team), place.team)
        is_safe = self.messages.renderer.is_safe(rendered, place.team)
        return rendered if is_safe and reply.original is None else None

    async def hand_over(self, place: Place, reply: Reply, rendered: Rendered) -> None:
        """Send the files that go with an answer which is shown already."""
        try:
            await self._share(place, rendered, is_public=is_public(place, reply))
        except (PostRejectedError, GivenUpError) as error:
            log.exception("slack_answer_lost", reason=getattr(error, "reason", "given_up"))

    async def say(self, place: Place, words: str, key: str) -> None:
        """Show one person a sentence of our own."""
        try:
            await self._send(place, short(words), key, is_public=False, replaces=False)
        except (PostRejectedError, GivenUpError) as error:
            log.exception("slack_answer_lost", reason=getattr(error, "reason", "given_up"))

    async def is_shown(self, place: Place, key: str) -> bool:
        """Tell whether an earlier process answered already, as far as the conversation shows."""
        try:
            token = self.installations.token(place.team)
            found = await self.messages.find(token, place.channel, key, thread=place.thread)
        except (PostDelayedError, PostOutcomeUnknownError, PostRejectedError):
            return False
        return found is not None

    async def _show(self, place: Place, reply: Reply, key: str, *, replaces: bool) -> None:
        public = is_public(place, reply)
        refused: Rendered | None = None
        for version in self.messages.renderer.versions(reply, self.mentions(place.team), place.team):
            try:
                await self._send(place, version, key, is_public=public, replaces=replaces)
            except BlocksRefusedError as error:
                log.warning("slack_message_refused", reason=error.reason)
                refused = version
            else:
                self.messages.renderer.taken(version, refused, place.team)
                await self._share(place, version, is_public=public)
                return
        raise PostRejectedError("blocks_refused")

    async def _send(self, place: Place, shown: Rendered, key: str, *, is_public: bool, replaces: bool) -> None:
        if place.response_url and time.time() - place.since < RESPONSE_URL_LIFE:
            try:
                await self._respond(place, shown, key, is_public=is_public, replaces=replaces)
            except ResponseUrlGoneError:
                log.info("slack_response_url_gone")
            else:
                return
        token = self.installations.token(place.team)
        if replaces and place.message:
            await self._persist(lambda: self.messages.update(token, place.channel, place.message, shown))
        elif is_public or place.kind is ChannelKind.DIRECT:
            await self._post(place, token, shown, key)
        else:
            await self._whisper(place, token, shown, key)

    async def _respond(self, place: Place, shown: Rendered, key: str, *, is_public: bool, replaces: bool) -> None:
        body: dict[str, Any] = {"text": shown.text, "replace_original": replaces}
        if shown.blocks:
            body["blocks"] = list(shown.blocks)
        if not replaces:
            body["response_type"] = "in_channel" if is_public else "ephemeral"
            if place.thread:
                body["thread_ts"] = place.thread
        look: Look | None = None
        if is_public and not replaces:
            body["metadata"] = metadata(key)
            look = self._look(place.team, place.channel, key, place.thread)
        await self._persist(lambda: self.messages.respond(place.response_url, body), look)

    async def _post(self, place: Place, token: str, shown: Rendered, key: str) -> None:
        """Post in the channel; where the bot can't, directly to the person who asked."""
        try:
            await self._post_once(place.team, place.channel, shown, key, place.thread)
        except BlocksRefusedError:
            raise
        except PostRejectedError as error:
            log.info("slack_answer_moved", reason=error.reason)
            direct = await self._direct(token, place.user)
            await self._post_once(place.team, direct, shown, key, "")

    async def _post_once(self, team: str, channel: str, shown: Rendered, key: str, thread: str) -> None:
        look = self._look(team, channel, key, thread)
        token = self.installations.token(team)
        await self._persist(lambda: self.messages.post(token, channel, shown, key, thread=thread), look)

    def _look(self, team: str, channel: str, key: str, thread: str) -> Look:
        async def look() -> object:
            token = self.installations.token(team)
            return await self.messages.find(token, channel, key, thread=thread)

        return look

    async def _whisper(self, place: Place, token: str, shown: Rendered, key: str) -> None:
        """Show it to one person in the channel; where the bot can't, in their direct messages."""
        try:
            await self._persist(
                lambda: self.messages.whisper(token, place.channel, place.user, shown, thread=place.thread)
            )
        except BlocksRefusedError:
            raise
        except PostRejectedError as error:
            log.info("slack_answer_moved", reason=error.reason)
            await self._post_once(place.team, await self._direct(token, place.user), shown, key, "")

    async def _direct(self, token: str, user: str) -> str:
        return str(await self._persist(lambda: self.messages.direct(token, user)))

    async def _share(self, place: Place, shown: Rendered, *, is_public: bool) -> None:
        """Share the files of an answer: where everybody sees it, else in the person's direct messages."""
        is_elsewhere = False
        async for upload in self.files.uploads(shown, lambda link: self.read_file(place.team, link)):
            try:
                is_elsewhere |= await self._share_one(place, upload, is_public=is_public) != place.channel
            except (PostRejectedError, GivenUpError) as error:
                log.exception("slack_file_lost", reason=getattr(error, "reason", "given_up"))
                await self.say(place, chat_texts.FILE_FAILED.format(name=upload.name), "")
        if is_elsewhere:
            await self.say(place, texts.IN_DIRECT, "")

    async def _share_one(self, place: Place, upload: Upload, *, is_public: bool) -> str:
        """Share a file and return the conversation that it is in."""
        token = self.installations.token(place.team)
        if is_public or (place.is_talk and place.kind is ChannelKind.DIRECT):
            try:
                await self._upload(token, place.channel, upload, place.thread)
            except PostRejectedError as error:
                log.info("slack_file_moved", reason=error.reason)
            else:
                return place.channel
        direct = await self._direct(token, place.user)
        await self._upload(token, direct, upload, "")
        return direct

    async def _upload(self, token: str, channel: str, upload: Upload, thread: str) -> None:
        await self._persist(lambda: self.files.upload(token, channel, upload, thread=thread))

    async def _persist(self, attempt: Callable[[], Awaitable[object]], look: Look | None = None) -> object:
        """Try as long as it is of use; raises `PostRejectedError` and `GivenUpError`."""
        timings = self.timings
        return await persist(attempt, look, seconds=timings.follow_up, pause=timings.first_retry)


def is_public(place: Place, reply: Reply) -> bool:
    """Tell whether a reply is for everybody in the channel."""
    return reply.visibility is Visibility.CHANNEL and (reply.ok or reply.placement is Placement.UPDATE)
