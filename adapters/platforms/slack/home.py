"""The app's Home tab: what somebody has before them with its buttons, and what can be typed.

It is published when it is opened, and again whenever that changes, by whomever and wherever; changes that come close
together make one more version of it.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.persisting import LONGEST_PAUSE
from adapters.platforms.slack import blocks
from adapters.platforms.slack.api import SlackApi, told_apart
from adapters.platforms.slack.blocks import Block
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.options import Timings
from adapters.platforms.slack.places import Place
from adapters.platforms.slack.render import render
from core.chat.application import Application
from core.chat.reply import Placement, Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.ports.storage import Committed
from core.shared.errors import UserError

log = structlog.get_logger(__name__)

MOST_BLOCKS = 100
MOST_OPEN = 2000
"""People whose tab is kept up to date: those who opened it last."""

HELP = "qm help"
ATTEMPTS = 4


@dataclass(slots=True)
class _Tab:
    """Somebody's tab: whose it is, what it shows (by digest), and whether another version is on its way."""

    team: str
    user: str
    channel: str
    workspace_id: int = 0
    member_id: int = 0
    help: tuple[Block, ...] = ()
    shown: str = ""
    is_stirred: bool = False
    not_before: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def request(self, command: str) -> Request:
        """Return a request of the person's, in their conversation with the bot."""
        where = ChannelRef(self.channel, "", ChannelKind.DIRECT)
        return Request(Platform.SLACK, self.team, where, UserRef(self.user), command=command)


@dataclass(slots=True)
class Home:
    """Publishes what a person would get for the command that lists their work, with the help below."""

    application: Application
    api: SlackApi
    installations: Installations
    follow_ups: FollowUps
    timings: Timings
    _tabs: "OrderedDict[tuple[str, str], _Tab]" = field(default_factory=OrderedDict)

    def opened(self, team: str, event: Mapping[str, Any]) -> None:
        """Publish the tab of somebody who opened it; the tab of messages needs nothing."""
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "home" and user and channel:
            self.follow_ups.start(self._opened(self._tab(team, user, channel)), "home")

    def committed(self, committed: Committed) -> None:
        """Let the tabs of those whose work has changed follow; on the way of every commit, so it only marks."""
        work = self.application.catalogue.work if self._tabs else None
        people = work.concerned(committed.events) if work else frozenset()
        for tab in self._tabs.values():
            if tab.workspace_id == committed.workspace_id and (people is None or tab.member_id in people):
                self._stir(tab)

    def missed(self) -> None:
        """Let every tab follow: anybody's work may have changed."""
        for tab in self._tabs.values():
            self._stir(tab)

    def taken(self, place: Place, reply: Reply) -> Reply | None:
        """Take the part of an answer that belongs into the tab it was asked from; return what is to be said, if any."""
        tab = self._tab(place.team, place.user, place.channel)
        if reply.placement is Placement.UPDATE and reply.ok:
            self.follow_ups.start(self._turn_to(tab, reply), "home")
            return None
        self._stir(tab)
        return replace(reply, original=None)

    def _tab(self, team: str, user: str, channel: str) -> _Tab:
        tab = self._tabs.setdefault((team, user), _Tab(team, user, channel))
        self._tabs.move_to_end((team, user))
        while len(self._tabs) > MOST_OPEN:
            self._tabs.popitem(last=False)
        return tab

    async def _opened(self, tab: _Tab) -> None:
        async with tab.lock:
            # Known first, so that what changes from here on is followed.
            with suppress(UserError):
                actor = await self.application.identify(tab.request(HELP))
                tab.workspace_id, tab.member_id = actor.workspace_id, actor.member_id
            tab.help, tab.shown = await self._help(tab), ""
            await self._publish(tab, await self._work_of(tab))

    def _stir(self, tab: _Tab) -> None:
        if not tab.is_stirred:
            tab.is_stirred = True
            self.follow_ups.start(self._follow(tab), "home")

    async def _follow(self, tab: _Tab) -> None:
        """Publish anew, not too soon after the version before."""
        await asyncio.sleep(max(0.0, tab.not_before - asyncio.get_running_loop().time()))
        tab.is_stirred = False
        await self._renew(tab)

    async def _renew(self, tab: _Tab) -> None:
        # Asked within the turn, so that an older version never follows a newer one.
        async with tab.lock:
            reply = await self._work_of(tab)
            if reply.ok:
                await self._publish(tab, reply)

    async def _work_of(self, tab: _Tab) -> Reply:
        work = self.application.catalogue.work
        return await work.look(lambda command: self.application.handle(tab.request(command))) if work else Reply()

    async def _turn_to(self, tab: _Tab, reply: Reply) -> None:
        async with tab.lock:
            await self._publish(tab, reply)

    async def _publish(self, tab: _Tab, reply: Reply) -> None:
        if not tab.help:
            tab.help = await self._help(tab)
        # New kinds of block may not stand here.
        shown = render(reply, native=frozenset()).blocks
        room = MOST_BLOCKS - len(tab.help) - 1
        view = {
            "type": "home",
            "private_metadata": tab.channel,
            "blocks": [*shown[:room], {"type": "divider"}, *tab.help],
        }
        digest = _digest(view)
        if digest == tab.shown:
            return
        tab.not_before = asyncio.get_running_loop().time() + self.timings.home
        if await self._send(tab, view):
            tab.shown = digest

    async def _send(self, tab: _Tab, view: Block) -> bool:
        """Publish a view, again after rate limits and faults; tell whether it was taken."""
        pause = self.timings.first_retry
        for _ in range(ATTEMPTS):
            try:
                async with told_apart():
                    sender = self.api.sender(self.installations.token(tab.team))
                    await sender.views_publish(user_id=tab.user, view=view)
            except PostDelayedError as error:
                await asyncio.sleep(min(max(error.seconds, pause), LONGEST_PAUSE))
            except PostOutcomeUnknownError:
                await asyncio.sleep(pause)
            except PostRejectedError as error:
                log.warning("slack_home_not_published", reason=error.reason)
                self._tabs.pop((tab.team, tab.user), None)
                return False
            else:
                return True
            pause *= 2
        log.warning("slack_home_not_published", reason="given_up")
        return False

    async def _help(self, tab: _Tab) -> tuple[Block, ...]:
        """Return the help that the person would get, without its controls."""
        reply = await self.application.handle(tab.request(HELP))
        shown = render(Reply(title=reply.title, text=reply.text, fields=reply.fields), native=frozenset()).blocks
        if reply.tables:
            lists = render(Reply(tables=tuple(reply.tables)), native=frozenset()).blocks
            shown = (*shown, *(block for block in lists if "elements" not in block))
        return shown[: MOST_BLOCKS // 2] or (blocks.section("/qm help"),)


def _digest(view: Block) -> str:
    """Return what tells views apart that look different: the ids of controls are new each time."""
    return hashlib.sha256(json.dumps(_bare(view), sort_keys=True).encode()).hexdigest()


def _bare(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _bare(value) for name, value in part.items() if name != "action_id"}
    return [_bare(value) for value in part] if isinstance(part, list | tuple) else part
