"""The whole application on a fresh database, for people of any platform, with a platform that records its posts."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.analyses.figures import PandasAnalyses
from adapters.cache.memory import MemoryCache
from adapters.files import OfficeFileJobs, OfficeWorkbooks, open_file_store
from adapters.files.workbooks import SIZE_LIMIT
from adapters.papers import PrintedPapers
from adapters.processes.pool import open_processes
from adapters.processes.scratch import Scratch
from adapters.telemetry.metrics import Metrics
from bot.commands.areas import AREAS
from bot.grammar.declaration import Area
from bot.grammar.registry import Registry
from bot.middleware.rate_limit import Limit
from bot.settings.model import load_settings
from bot.wiring.composition import Pace, Parts, compose
from bot.wiring.product import Product
from core.chat.reply import Action, Cell, Problem, Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.spec import Cost
from core.chat.text import plain
from core.ports.jobs import JobEngine
from core.ports.payments import Till
from core.ports.platform import MESSAGE_GONE, NOT_ALLOWED, Destination, PostRejectedError
from core.workspaces.model import Installation, Space
from tests.support.clock import HeldClock
from tests.support.further_areas import FurtherArea
from tests.support.storage import fresh_url, make_storage, secret_box, url_of
from tests.unit.bot.sample_area import NOW

GENERAL = ChannelRef("general", "general", ChannelKind.PUBLIC)
BACK = ChannelRef("back", "back", ChannelKind.PRIVATE)
TEAM = "T1"
_SPACES = {Platform.SLACK: TEAM, Platform.WEB: "console"}
NO_LIMITS = Pace(limits={Cost.QUICK: Limit(10_000, 10_000), Cost.JOB: Limit(10_000, 10_000)})

Answer = Callable[[Destination, str], Awaitable[str | None]]


@dataclass
class Chat:
    """A platform that takes posts, keeps them under their keys, and fails when told to.

    `answers` are asked first, one a post, in order: an id or None lets the post through, an error is what it says.
    """

    posts: list[tuple[Destination, Reply, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    private: dict[str, frozenset[str]] = field(default_factory=dict)
    profiles: dict[str, UserRef] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    unreadable: list[Exception] = field(default_factory=list)
    edits: list[tuple[str, Reply]] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    unreachable: list[Exception] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    pins_refused: bool = False
    rest: float = 0.0
    groups: dict[str, list[str]] = field(default_factory=dict)

    async def post(self, where: Destination, reply: Reply, key: str) -> str:
        if self.answers:
            await self.answers.pop(0)(where, key)
        self.posts.append((where, reply, key))
        return f"m{len(self.posts)}"

    async def find(self, where: Destination, key: str) -> str | None:
        self.asked.append(f"find {where.channel or where.user}")
        if self.unreadable:
            raise self.unreadable.pop(0)
        return next(
            (f"m{at}" for at, (place, _, kept) in enumerate(self.posts, 1) if (place, kept) == (where, key)), None
        )

    async def complete(self, where: Destination, message: str, reply: Reply) -> None:
        self.completed.append(message)

    async def edit(self, where: Destination, message: str, reply: Reply) -> None:
        if self.answers:
            await self.answers.pop(0)(where, message)
        if message in self.gone:
            raise PostRejectedError(MESSAGE_GONE)
        self.edits.append((message, reply))

    async def pin(self, where: Destination, message: str) -> None:
        if self.pins_refused:
            raise PostRejectedError(NOT_ALLOWED)
        self.pinned.append(message)

    async def remove(self, where: Destination, message: str) -> None:
        self.removed.append(message)

    async def is_in(self, where: Destination) -> bool:
        self.asked.append(f"is_in {where.channel}")
        if self.unreachable:
            raise self.unreachable.pop(0)
        return where.channel not in self.outside

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        self.asked.append(f"channels {user}")
        return self.private.get(user, frozenset())

    async def profile(self, space: Space, user: str) -> UserRef:
        self.asked.append(f"profile {user}")
        if user not in self.profiles:
            raise PostRejectedError("user_not_found")
        return self.profiles[user]

    async def group_members(self, space: Space, group: str) -> Sequence[str]:
        self.asked.append(f"group {group}")
        if self.unreachable:
            raise self.unreachable.pop(0)
        if group not in self.groups:
            raise PostRejectedError("no_such_subteam")
        return self.groups[group]

    async def check(self, installation: Installation) -> None:
        return


@dataclass
class Stage:
    """Who types, where and on which platform, and what they read."""

    product: Product
    parts: Parts
    clock: HeldClock
    chat: Chat

    def request(
        self,
        line: str = "",
        by: str = "owner",
        *,
        platform: Platform = Platform.WEB,
        channel: ChannelRef = GENERAL,
        space: str = "",
        delivery: str = "",
        user: UserRef | None = None,
        action: str = "",
        command: str = "",
        arguments: Mapping[str, str] | None = None,
    ) -> Request:
        return Request(
            platform=platform,
            space_id=space or _SPACES.get(platform, ""),
            channel=channel,
            user=user or UserRef(by, by.capitalize()),
            delivery_id=delivery,
            text=line,
            action_id=action,
            command=command,
            arguments=arguments or {},
        )

    async def type(self, line: str, by: str = "owner", **more: Any) -> Reply:
        """Type a line; a second passes."""
        self.clock.moment += timedelta(seconds=1)
        return await self.product.application.handle(self.request(line, by, **more))

    async def deliver_posts(self) -> None:
        """Let every post leave that is due."""
        while await self.product.jobs.posts.step():
            await self.product.jobs.posts.settle(10.0)

    async def see_to_all(self) -> None:
        """Let areas see to what has to be done by now."""
        upkeep = next(loop for loop in self.product.jobs.others if loop.name == "upkeep")
        while await upkeep.step():
            pass

    async def press(self, button: Action, by: str = "owner", **more: Any) -> Reply:
        """Press a button; a second passes."""
        return await self.type("", by, action=button.id, **more)


@asynccontextmanager
async def staged(
    folder: Path,
    *,
    areas: Sequence[Area] = (),
    pace: Pace = NO_LIMITS,
    clock: HeldClock | None = None,
    prefix: str = "",
    database: str = "",
    further: FurtherArea | None = None,
    engine: JobEngine | None = None,
    till: Till | None = None,
) -> AsyncIterator[Stage]:
    """The application with the real areas and some more, without servers or loops; a folder used before is taken up.

    The database is a file in the folder, or the one at an address; a further area has its tables there.
    """
    clock = clock or HeldClock(NOW)
    used = folder / "quartermaster.db"
    env_file = folder / ".env"
    env_file.write_text(f"QM_DATA_DIR={folder}\nQM_TIMEZONE=Europe/Berlin\nQM_CURRENCY=EUR\n", encoding="utf-8")
    chat = Chat()
    url = database or (url_of(used) if used.exists() else "")
    if further and not url:
        url = fresh_url(folder)
        await further.prepare(url)
    registry = Registry.of((*AREAS, *areas, *([further.area] if further else [])), prefix)
    async with open_processes(folder) as processes:
        scratch = Scratch(folder / "scratch")
        workbooks = OfficeWorkbooks(processes, scratch)
        parts = Parts(
            settings=load_settings(env_file),
            storage=await make_storage(folder, clock=clock, url=url, areas=further.repositories if further else {}),
            files=open_file_store(None, folder),
            workbooks=workbooks,
            file_jobs=OfficeFileJobs(workbooks),
            analyses=PandasAnalyses(processes, scratch, limit=SIZE_LIMIT),
            papers=lambda: PrintedPapers(processes),
            secrets=secret_box(),
            clock=clock,
            registry=registry,
            metrics=Metrics([info.name for info in registry.catalogue.commands], registry.jobs),
            cache=MemoryCache(clock),
            messengers={Platform.SLACK: chat},
            pace=pace,
            engine=engine,
            till=till,
        )
        product = compose(parts)
        try:
            yield Stage(product, parts, clock, chat)
        finally:
            await product.close()


def button(reply: Reply, label: str) -> Action:
    """The button of a reply with that label."""
    return next(action for action in reply.actions if action.label == label)


async def done(stage: Stage, *typed: str, by: str = "owner") -> Reply:
    """The answer to the last of some lines, each of which does what it says."""
    reply = Reply()
    for line in typed:
        reply = await stage.type(line, by=by)
        assert reply.problem is None, (line, reply.problem)
    return reply


async def said(stage: Stage, *typed: str, by: str = "owner") -> str:
    """The words of the answer to the last of some lines."""
    return plain((await done(stage, *typed, by=by)).text)


async def refused(stage: Stage, line: str, by: str = "owner") -> Problem:
    """What is wrong with a line, told to nobody but whoever typed it."""
    reply = await stage.type(line, by=by)
    assert reply.problem is not None, (line, plain(reply.text))
    assert reply.visibility is Visibility.PRIVATE
    return reply.problem


def field_of(reply: Reply, key: str) -> Cell:
    """The value of a field, None where there is no such."""
    return next((one.value for one in reply.fields if one.key == key), None)
