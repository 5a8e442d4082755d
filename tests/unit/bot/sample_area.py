"""An area with an argument of every kind, and what it takes to plan its commands without a database."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.commands.areas import AREAS
from bot.commands.tasks.area import TaskNumber, TaskNumbers
from bot.grammar.arguments import (
    ChannelArgument,
    FileArgument,
    LongText,
    People,
    Person,
    Positional,
    Rest,
)
from bot.grammar.declaration import Area
from bot.grammar.plan import Planner
from bot.grammar.registry import Registry
from core.chat.reply import Reply, Visibility
from core.chat.request import Attachment, ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.spec import Cost, Plan, Undo
from core.chat.text import text
from core.dates.due import Due
from core.people.model import Role
from tests.support.clock import HeldClock

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""A Friday."""


class Level(IntEnum):
    """How much."""

    LOW = 1
    HIGH = 2


class Way(StrEnum):
    """Which way."""

    UP = "up"
    DOWN = "down"


sample = Area("sample", "Commands that only tests know")


@sample.command(role=Role.GUEST, visibility=Visibility.CHANNEL)
async def note(
    ctx: Context,
    title: Rest,
    due: Due | None = None,
    level: Level = Level.LOW,
    assign: People = (),
    notes: LongText = "",
    quiet: bool = False,
) -> Reply:
    """Take a note.

    Args:
        title: the words, such as `Buy milk`
        due: when, such as `fri`
        level: how much, such as `high`
        assign: who, such as `@me`
        notes: more words
        quiet: whether nobody is told
    """
    return Reply(title="noted", text=text(title))


@sample.command(role=Role.MEMBER)
async def put_off(ctx: Context, task: TaskNumbers, until: Due) -> Reply:
    """Put tasks off.

    Args:
        task: which ones, such as `12`
        until: to when, such as `in 2h`
    """
    return Reply(title=f"{task} {until.iso()}")


@sample.command(role=Role.MEMBER)
async def give(ctx: Context, task: TaskNumber, people: People) -> Reply:
    """Give a task to people.

    Args:
        task: which one, such as `12`
        people: to whom, such as `@ann`
    """
    return Reply(title=f"{task} {people}")


@sample.command(role=Role.GUEST)
async def show(
    ctx: Context,
    level: Level | None = None,
    way: Way = Way.UP,
    who: Person = -1,
    channel: ChannelArgument | None = None,
    failed: bool = False,
    page: str = "",
) -> Reply:
    """Show notes.

    Args:
        level: how much
        way: which way
        who: whose
        channel: where
        failed: only those that failed
        page: where to go on
    """
    return Reply(title=f"{level} {way} {who} {channel} {failed}")


@sample.command(role=Role.CLERK, undo=Undo.NONE, cost=Cost.JOB, consequence="Every note is thrown away.")
async def burn(ctx: Context, count: int, reason: Annotated[str, Positional()] = "") -> Reply:
    """Burn notes.

    Args:
        count: how many, such as `3`
        reason: why, such as `too old`
    """
    return Reply(title=f"burnt {count}")


@sample.command(role=Role.MEMBER)
async def load(ctx: Context, file: FileArgument, from_: str = "") -> Reply:
    """Load notes from a file.

    Args:
        file: the file
        from_: whence
    """
    return Reply(title="loaded")


@sample.command(role=Role.MEMBER)
async def rename(ctx: Context, old: str, new: str) -> Reply:
    """Rename a note.

    Args:
        old: what it is called, such as `milk`
        new: what it is to be called, such as `oat milk`
    """
    return Reply(title=f"{old} {new}")


def registry(prefix: str = "") -> Registry:
    """Every real area, and the one of the tests."""
    return Registry.of((*AREAS, sample), prefix)


def planner(prefix: str = "") -> Planner:
    """Reads with the grammar of every command."""
    return Planner(registry(prefix), HeldClock(NOW))


def request(
    line: str = "", *, command: str = "", arguments: Mapping[str, str] | None = None, attached: tuple[str, ...] = ()
) -> Request:
    """A request from the console with that typed line, or that command with arguments."""
    return Request(
        platform=Platform.WEB,
        space_id="console",
        channel=ChannelRef("general", "general", ChannelKind.PUBLIC),
        user=UserRef("owner"),
        text=line,
        command=command,
        arguments=arguments or {},
        attachments=tuple(Attachment(name, "text/csv", None, _no_bytes) for name in attached),
    )


def planned(line: str, prefix: str = "") -> Plan:
    """The plan of a typed line."""
    return planner(prefix).plan(request(line))


async def _no_bytes() -> AsyncIterator[bytes]:
    yield b""
