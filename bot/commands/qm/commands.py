"""`/qm`: help, undo, and the upkeep of the product itself."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Annotated

from bot.application.context import Context
from bot.application.services import Services
from bot.commands.qm.undoing import take_back
from bot.grammar.arguments import Positional
from bot.grammar.declaration import Area
from bot.grammar.subjects import Aside
from bot.texts import help as help_words
from bot.texts.qm import answers as words
from bot.texts.qm import backups as backup_words
from bot.texts.qm import channels as channel_words
from core.chat.reply import Reply, Visibility
from core.chat.request import Platform
from core.chat.spec import AreaInfo, CommandInfo, Offer, Undo
from core.history.audited import Trail, audited
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.reminders.quiet import NEVER, written_quiet
from core.shared.errors import UnknownCommandError
from core.shared.nearness import near_misses
from core.workspaces.kind import WORKSPACE_KIND
from core.workspaces.service import WorkspaceService

DISTRIBUTION = "quartermaster"
_LOG_ROWS = 50
_SETTINGS = "settings"
_NEAR, _MOST_NEAR = 70, 3
"""How alike (0-100) what can be explained is to what was asked for, and how much of it is offered."""

qm = Area(
    "qm",
    "Help, undo, settings and the records of this service",
    asides=(
        Aside(words.TOLD, lambda target, workspace: [workspace] if _SETTINGS in target.split() else []),
        Aside(channel_words.TOLD, lambda target, _: [int(one) for one in channel_words.IN_TARGET.findall(target)]),
    ),
    reasons=(words.REASONS, backup_words.REASONS, channel_words.REASONS),
    offers=(Offer("help", "Find out what else there is", picture="help"),),
)


@qm.service
def workspaces(services: Services) -> WorkspaceService:
    """Return the workspace of a request."""
    supplies = services.supplies
    return WorkspaceService(services.transactions, supplies.storage.system, supplies.secrets, supplies.clock)


@qm.command(role=Role.GUEST)
async def help_(ctx: Context, topic: Annotated[str, Positional()] = "") -> Reply:
    """Explain what you can type.

    Args:
        topic: an area or a command, such as `task add`

    Examples:
        /qm help
        /qm help task
        /qm help task add
    """
    prefix = ctx.catalogue.prefix
    allowed = {area.name: _allowed(ctx, area) for area in ctx.catalogue.areas}
    area_word, _, action = topic.lower().removeprefix("/").removeprefix(prefix).partition(" ")
    if not area_word:
        known = [(area, allowed[area.name]) for area in ctx.catalogue.areas if allowed[area.name]]
        can_mention = ctx.request.platform not in (Platform.TERMINAL, Platform.HTTP)
        return help_words.general(known, prefix, can_mention=can_mention)
    commands = allowed.get(area_word, [])
    if not commands:
        raise UnknownCommandError(topic, _near(topic, allowed))
    if not action:
        info = next(area for area in ctx.catalogue.areas if area.name == area_word)
        return help_words.area(info, commands, prefix)
    found = next((command for command in commands if command.action == action.split(" ")[0]), None)
    if found is None:
        raise UnknownCommandError(topic, _near(topic, {area_word: commands}) or (area_word,))
    return help_words.command(found, prefix)


def _near(topic: str, allowed: Mapping[str, Sequence[CommandInfo]]) -> Sequence[str]:
    """Return what may have been meant: actions of that name, else areas and commands that are spelt much like it."""
    words = topic.lower().removeprefix("/")
    commands = [command for found in allowed.values() for command in found]
    named = tuple(command.name for command in commands if command.action == words)
    known = [*(area for area, found in allowed.items() if found), *(command.name for command in commands)]
    return named[:_MOST_NEAR] or near_misses(words, known, least=_NEAR, most=_MOST_NEAR)


def _allowed(ctx: Context, area: AreaInfo) -> list[CommandInfo]:
    return [command for command in ctx.catalogue.of(area.name) if command.role <= ctx.actor.role]


@qm.command(role=Role.GUEST, visibility=Visibility.CHANNEL, undo=Undo.NONE)
async def undo(ctx: Context, entry: Annotated[str, Positional()] = "") -> Reply:
    """Take your last change back, or the one whose Undo button you press.

    It works for 15 minutes, for you and for whoever may run the command that made the change. What somebody changed
    since is never overwritten: you are told what it was.

    Args:
        entry: which change; the Undo button fills it in, such as `01JD3X5Y7Z`

    Examples:
        /qm undo
    """
    return await take_back(ctx, entry)


@qm.command(role=Role.ADMIN, undo=Undo.NONE)
async def connect(ctx: Context, code: Annotated[str, Positional()] = "") -> Reply:
    """Join a second Slack team or Discord server to this workspace.

    Without a code you get one; an admin of the other space types it there within 15 minutes. Both spaces then share
    people, tasks and settings. A space that already has data of its own is not joined.

    Args:
        code: the code made in the workspace to join, such as `7K2M9QRT4X`

    Examples:
        /qm connect
        /qm connect 7K2M9QRT4X
    """
    if not code:
        return words.connection_offered(await ctx.services.get(WorkspaceService).offer_connection(ctx.actor))
    return words.connected(await ctx.services.get(WorkspaceService).connect(ctx.actor, code))


@qm.command(role=Role.ADMIN, undo=Undo.INVERSE)
async def settings(ctx: Context, zone: str = "", currency: str = "", quiet: str = "") -> Reply:
    """Show the workspace's time zone, currency and quiet hours, or change them.

    Args:
        zone: the time zone of people who have none of their own, such as `Europe/Berlin`
        currency: the currency of prices, such as `EUR`
        quiet: the quiet hours of whoever set none, such as `20:00-8:00 weekends`; `none` for none

    Examples:
        /qm settings
        /qm settings zone:Europe/London currency:EUR
    """
    if not (zone or currency or quiet):
        return words.settings(await ctx.services.get(WorkspaceService).settings())
    written = written_quiet(quiet, "quiet").removeprefix(NEVER) if quiet else None
    service = ctx.services.get(WorkspaceService)
    changed = await service.change_settings(ctx.actor, zone_name=zone, currency=currency, quiet=written)
    if changed.undo_id:
        ctx.touched.append(_SETTINGS)
    return words.settings_changed(changed)


@qm.inverse(WORKSPACE_KIND.change)
async def restore_settings(ctx: Context, entry: UndoEntry) -> Reply:
    """Put the settings back as they were."""
    return words.settings_restored(await ctx.services.get(WorkspaceService).undo(ctx.actor, entry))


@qm.command(role=Role.ADMIN)
async def log(ctx: Context, failed: bool = False) -> Reply:
    """Show the latest operations: when each began and ended, who ran it, how it failed.

    Args:
        failed: only those that failed, `yes` or `no`

    Examples:
        /qm log
        /qm log failed:yes
    """
    async with ctx.services.transactions.read() as work:
        entries = await work.operations.latest(_LOG_ROWS, failed_only=failed)
    return words.operations(entries, ctx.directory, ctx.actor.zone)


@qm.command(role=Role.ADMIN)
async def audit(ctx: Context) -> Reply:
    """Show who changed what lately, and what that was before and after.

    Of what is removed, or not for you, it names the changed parts only.

    Examples:
        /qm audit
    """
    audience = await ctx.audience()
    async with ctx.services.transactions.read() as work:
        entries = await work.audit.latest(_LOG_ROWS)
        changed = await audited(work, entries, _trails(ctx))
        seen = {
            (kind, number)
            for kind, subject in ctx.subjects.items()
            if (numbers := {one.number for some in changed for one in some if one.kind == kind})
            for number in await subject.seen(work, numbers, audience)
        }
    asides = {aside.told.kind.name: aside.told for _, aside in ctx.asides}
    told = {kind: subject.told for kind, subject in ctx.subjects.items()}
    return words.audit(entries, changed, words.Seen(told, asides, seen), ctx.view)


def _trails(ctx: Context) -> Sequence[Trail]:
    """Return what each area changes."""
    records = [Trail(area.name, area.subject.one) for area in ctx.catalogue.areas if area.subject]
    return [*records, *(_trail(area, aside, ctx.actor.workspace_id) for area, aside in ctx.asides)]


def _trail(area: str, aside: Aside, workspace_id: int) -> Trail:
    return Trail(area, aside.told.kind.name, lambda target: aside.numbers(target, workspace_id))


@qm.command(role=Role.GUEST)
async def about(ctx: Context) -> Reply:
    """Say what this is and which version runs.

    Examples:
        /qm about
    """
    return words.about(version(DISTRIBUTION))
