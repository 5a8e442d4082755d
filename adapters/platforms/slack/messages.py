"""Messages into Slack, once each, with what Slack refuses of them left out."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from adapters.platforms.slack.api import BlocksRefusedError, SlackApi, retry_after, told_apart
from adapters.platforms.slack.mrkdwn import Mentions
from adapters.platforms.slack.options import SlackOptions, is_slack_address
from adapters.platforms.slack.render import ALL_NATIVE, Native, Rendered, render, render_bare
from core.chat.reply import Reply
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError

log = structlog.get_logger(__name__)

EVENT_TYPE = "quartermaster_post"
MOST_CONVERSATIONS = 10_000
HISTORY = 100
"""Messages looked through for one of unknown outcome: it is among the newest."""

_GONE = frozenset({"expired_url", "used_url", "no_service", "invalid_token", "channel_not_found"})


class ResponseUrlGoneError(PostRejectedError):
    """The address takes no more: five answers are posted, or half an hour has passed."""

    code = "response_url_gone"


@dataclass(slots=True)
class Known:
    """Which of the newest blocks a workspace has taken or refused."""

    refused: frozenset[Native] = frozenset()
    proven: frozenset[Native] = frozenset()


@dataclass(slots=True)
class Renderer:
    """Renders replies, remembering for each workspace which of the newest blocks Slack takes there."""

    _known: defaultdict[str, Known] = field(default_factory=lambda: defaultdict(Known))

    def first(self, reply: Reply, mentions: Mentions, team: str) -> Rendered:
        """Return a reply in the richest version that Slack is not known to refuse."""
        return render(reply, mentions, ALL_NATIVE - self._known[team].refused)

    def versions(self, reply: Reply, mentions: Mentions, team: str) -> Iterator[Rendered]:
        """Yield a reply in ever plainer versions, each to be tried when Slack refuses the one before."""
        first = self.first(reply, mentions, team)
        yield first
        if first.native > {Native.CHART}:
            # The newest is the likeliest to be refused.
            yield render(reply, mentions, first.native - {Native.CHART})
        if first.native:
            yield render(reply, mentions, frozenset())
        yield render_bare(reply)

    def is_safe(self, rendered: Rendered, team: str) -> bool:
        """Tell whether Slack has taken such blocks before, so that nobody has to be there to see a refusal."""
        return rendered.native <= self._known[team].proven

    def taken(self, rendered: Rendered, after: Rendered | None, team: str) -> None:
        """Learn from a message that was taken, perhaps after a richer version was refused."""
        known = self._known[team]
        known.proven |= rendered.native
        if after is not None and after.native > rendered.native:
            known.refused |= after.native - rendered.native
            log.warning("slack_blocks_refused", blocks=",".join(sorted(after.native - rendered.native)))


@dataclass(slots=True)
class Messages:
    """Sends messages by the Web API and by response addresses; every method raises the port's errors."""

    api: SlackApi
    options: SlackOptions
    renderer: Renderer = field(default_factory=Renderer)
    _conversations: "OrderedDict[tuple[str, str], str]" = field(default_factory=OrderedDict)

    async def post(self, token: str, channel: str, shown: Rendered, key: str, *, thread: str = "") -> str:
        """Post into a channel with `key` in the metadata; return the message's timestamp."""
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        if shown.blocks:
            more["blocks"] = list(shown.blocks)
        async with told_apart():
            answer = await self.api.sender(token).chat_postMessage(
                channel=channel,
                text=shown.text,
                metadata=metadata(key),
                unfurl_links=False,
                unfurl_media=False,
                **more,
            )
        return str(answer["ts"])

    async def whisper(self, token: str, channel: str, user: str, shown: Rendered, *, thread: str = "") -> None:
        """Show one person a message in a channel."""
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        if shown.blocks:
            more["blocks"] = list(shown.blocks)
        async with told_apart():
            await self.api.sender(token).chat_postEphemeral(channel=channel, user=user, text=shown.text, **more)

    async def update(self, token: str, channel: str, ts: str, shown: Rendered) -> None:
        """Put new content in the place of a message of ours."""
        async with told_apart():
            await self.api.reader(token).chat_update(channel=channel, ts=ts, text=shown.text, blocks=list(shown.blocks))

    async def edit(self, token: str, channel: str, ts: str, shown: Rendered) -> None:
        """Put new content in the place of a message of ours, at the first attempt or not at all."""
        async with told_apart():
            await self.api.sender(token).chat_update(channel=channel, ts=ts, text=shown.text, blocks=list(shown.blocks))

    async def pin(self, token: str, channel: str, ts: str) -> None:
        """Pin a message; one that is pinned already is no error."""
        try:
            async with told_apart():
                await self.api.sender(token).pins_add(channel=channel, timestamp=ts)
        except PostRejectedError as error:
            if error.reason != "already_pinned":
                raise

    async def delete(self, token: str, channel: str, ts: str) -> None:
        """Delete a message of ours."""
        async with told_apart():
            await self.api.sender(token).chat_delete(channel=channel, ts=ts)

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Post to a response address; raises `ResponseUrlGoneError` when it takes no more."""
        if not is_slack_address(url, self.options.base_url):
            raise ResponseUrlGoneError("elsewhere")
        async with told_apart(), self.api.session.post(url, json=body, allow_redirects=False) as response:
            if response.status == 429:
                raise PostDelayedError(retry_after(response.headers))
            if response.status >= 500:
                raise PostOutcomeUnknownError
            answer = await response.text()
        if response.status == 200 and '"ok":false' not in answer.replace(" ", ""):
            return
        reason = _reason(answer)
        if response.status in (404, 410) or reason in _GONE:
            raise ResponseUrlGoneError(reason)
        raise BlocksRefusedError(reason) if "block" in reason else PostRejectedError(reason)

    async def find(self, token: str, channel: str, key: str, *, thread: str = "") -> str | None:
        """Return the timestamp of the message that carries the key, if it is among the newest.

        Raises what `said` raises.
        """
        for message in await self.said(token, channel, thread=thread):
            carried = message.get("metadata") or {}
            if carried.get("event_type") == EVENT_TYPE and (carried.get("event_payload") or {}).get("key") == key:
                return str(message["ts"])
        return None

    async def said(self, token: str, channel: str, *, thread: str = "", since: str = "") -> Sequence[Mapping[str, Any]]:
        """Return the newest messages of a channel or thread, perhaps only those from one on, by its timestamp.

        Raises `PostOutcomeUnknownError` when what was said there can't be read, `PostDelayedError` when it can't now.
        """
        client = self.api.reader(token)
        more: dict[str, Any] = {"oldest": since, "inclusive": True} if since else {}
        more["include_all_metadata"] = True
        try:
            async with told_apart():
                if thread:
                    answer = await client.conversations_replies(channel=channel, ts=thread, limit=1000, **more)
                else:
                    answer = await client.conversations_history(channel=channel, limit=HISTORY, **more)
        except PostRejectedError as error:
            raise PostOutcomeUnknownError from error
        except PostOutcomeUnknownError as error:
            raise PostDelayedError(0.0) from error
        return answer.get("messages") or ()

    async def direct(self, token: str, user: str) -> str:
        """Return the direct conversation with a person."""
        known = self._conversations.get((token, user))
        if known is None:
            async with told_apart():
                answer = await self.api.reader(token).conversations_open(users=user)
            known = self._conversations[token, user] = str(answer["channel"]["id"])
            while len(self._conversations) > MOST_CONVERSATIONS:
                self._conversations.popitem(last=False)
        return known


def metadata(key: str) -> dict[str, Any]:
    """Return what makes a message recognisable as ours."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _reason(body: str) -> str:
    """Return Slack's word for a refusal, of a body such as `{"ok": false, "error": "used_url"}` or `invalid_blocks`."""
    start = body.find('"error"')
    words = body[start + len('"error"') :] if start >= 0 else body
    return words.strip(' :"\n').split('"')[0].strip()[:100] or "unknown"
