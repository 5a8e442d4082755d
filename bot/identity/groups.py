"""Groups of a platform (a Slack user group, a Discord role) named among people: the people who are in them."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import structlog

from bot.application.context import Context
from bot.identity.identities import Identities
from bot.texts import groups as texts
from core.chat.request import Platform
from core.chat.spec import ArgumentKind, CommandInfo
from core.people.model import TOGETHER_LIMIT
from core.ports.platform import NOT_ALLOWED, Messenger, PostRejectedError
from core.shared.errors import InvalidArgumentError
from core.shared.value_objects import value_object
from core.workspaces.model import Space

log = structlog.get_logger()

GROUP = re.compile(r"<@&([A-Za-z0-9]{1,64})(?:\|([^>]{0,200}))?>")
"""How a group is named in what somebody typed, whatever the platform: its id there, and what people call it."""

MOST_GROUPS = 5
GROUP_SECONDS = 3.0
"""How long a platform has to say who is in a group."""


@value_object
class Expanded:
    """A command's arguments with people in place of groups, and what is to be said about that."""

    arguments: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()


@value_object
class Groups:
    """Puts people in place of groups, at most as many as may be named together; newcomers become members by that."""

    identities: Identities
    messengers: Mapping[Platform, Messenger]

    async def expand(
        self, command: CommandInfo, arguments: Mapping[str, tuple[str, ...]], context: Context
    ) -> Expanded:
        """Return the arguments with the mentions of people in place of each group.

        Raises `InvalidArgumentError` for a group that is unknown (`no_such_group`), empty (`empty_group`), that we
        may not ask about (`group_hidden`) or are not told about now (`group_untold`), and for too many of them
        (`too_many_groups`).
        """
        if not any("<@&" in text for texts_ in arguments.values() for text in texts_):
            return Expanded(arguments)
        people = {argument.name for argument in command.arguments if argument.kind is ArgumentKind.MEMBERS}
        changed: dict[str, tuple[str, ...]] = {}
        notes: list[str] = []
        for name, given in arguments.items():
            if name in people:
                mentions = await self._mentions(name, given, context, notes)
                changed[name] = tuple(_with_people(text, mentions) for text in given)
            else:
                changed[name] = tuple(map(_spelt, given))
        return Expanded(changed, tuple(notes))

    async def _mentions(
        self, argument: str, given: Sequence[str], context: Context, notes: list[str]
    ) -> Mapping[str, str]:
        """Return the mentions of the people in each group that is named; what is left out is noted."""
        named = dict(GROUP.findall(" ".join(given)))
        if len(named) > MOST_GROUPS:
            raise InvalidArgumentError(argument, "too_many_groups", limit=MOST_GROUPS)
        mentions: dict[str, str] = {}
        for group, label in named.items():
            users = await self._people(argument, group, label, context)
            if len(users) > TOGETHER_LIMIT:
                notes.append(texts.cut(label, len(users)))
            mentions[group] = " ".join(f"<@{user}>" for user in users[:TOGETHER_LIMIT])
        return mentions

    async def _people(self, argument: str, group: str, label: str, context: Context) -> Sequence[str]:
        """Return the platform's ids of the people in a group, the unknown ones made known."""
        spaces = {space.id: space for space in await self.identities.all_spaces()}
        space, messenger = spaces[context.actor.space_id], self.messengers.get(context.actor.platform)
        if messenger is None:
            raise InvalidArgumentError(argument, "no_such_group", value=label or group)
        users = await _asked(messenger, space, argument, group, label)
        if not users:
            raise InvalidArgumentError(argument, "empty_group", value=label or group)
        context.directory = await self.identities.introduce(space, users[:TOGETHER_LIMIT])
        return users


async def _asked(messenger: Messenger, space: Space, argument: str, group: str, label: str) -> Sequence[str]:
    try:
        async with asyncio.timeout(GROUP_SECONDS):
            return await messenger.group_members(space, group)
    except PostRejectedError as error:
        log.info("group_unknown", platform=space.platform.value, reason=error.reason)
        reason = "group_hidden" if error.reason == NOT_ALLOWED else "no_such_group"
        raise InvalidArgumentError(argument, reason, value=label or group) from error
    except Exception as error:  # whatever a platform or its client does, the person is told to try again
        log.warning("group_untold", platform=space.platform.value, cause=type(error).__name__)
        raise InvalidArgumentError(argument, "group_untold", value=label or group) from error


def _with_people(text: str, mentions: Mapping[str, str]) -> str:
    return GROUP.sub(lambda found: f" {mentions[found[1]]} ", text).strip()


def _spelt(text: str) -> str:
    """Return a text that names no people, such as a title, with its groups as they are read."""
    return GROUP.sub(lambda found: f"@{found[2] or 'group'}", text)
