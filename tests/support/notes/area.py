"""`/note`."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from bot.application.boards import put_up_board, take_down_board
from bot.application.context import Context
from bot.application.digests import Asked
from bot.application.digests import digest as asked_digest
from bot.application.discussing import discuss
from bot.application.services import Services
from bot.grammar.arguments import ChannelArgument, ChannelScope, Positional, Rest, Switch, reference
from bot.grammar.boards import AreaBoards, Face
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.records import Listing
from bot.texts.view import View
from core.boards.model import Board
from core.chat.reply import Reply, Visibility
from core.chat.spec import SubjectInfo, Undo, Work
from core.dates.due import Due
from core.people.model import Role
from core.ports.storage import UndoEntry, UnitOfWork
from core.reminders.model import Reminders
from core.shared.paging import Page
from core.workspaces.model import Audience
from tests.support.notes import texts
from tests.support.notes.model import Note
from tests.support.notes.repository import NOTES
from tests.support.notes.service import NOTE_CHANGE, Changed, NoteService

NoteNumber = Annotated[int, reference("note")]


async def _on_board(work: UnitOfWork, board: Board, _now: datetime, _today: datetime) -> Page[Note]:
    return await work.of(NOTES).page(board.channel_id, Audience(0, frozenset({board.channel_id})))


async def _digest(ctx: Context, channel_id: int | None, view: View) -> Reply:
    found = await ctx.services.get(NoteService).list(channel_id, await ctx.audience(everywhere=channel_id is None))
    return replace(
        texts.listed(found, Listing.of("/note list", "")), is_empty=not found.total, visibility=_seen(channel_id)
    )


def _seen(channel_id: int | None) -> Visibility:
    return Visibility.PRIVATE if channel_id is None else Visibility.CHANNEL


note = Area(
    "note",
    "Notes of this channel",
    subject=Subject(SubjectInfo("note", "notes", "`/note list` shows those of this channel."), NOTES, texts.TOLD),
    reasons=(texts.REASONS,),
    work=Work("list"),
    boards=AreaBoards(Face(_on_board, texts.board, texts.BUTTONS)),
    reminders=Reminders("note", NOTES, lambda note: (note.author_id,), texts.reminder),
    digest=_digest,
)


@note.service
def notes(services: Services) -> NoteService:
    """Return the notes of a request."""
    return NoteService(services.transactions, services.supplies.clock)


@note.inverse(NOTE_CHANGE)
async def undo(ctx: Context, entry: UndoEntry) -> Reply:
    """Put a note back as it was."""
    undone = await ctx.services.get(NoteService).undo(ctx.actor, entry, await ctx.audience())
    ctx.tells_of([undone.channel_id])
    return texts.undone(undone, entry.command, ctx.view)


@note.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def add(ctx: Context, title: Rest, pinned: bool = False, remind: Due | None = None) -> Reply:
    """Add a note to this channel.

    Args:
        title: what to remember, such as `Buy milk`
        pinned: whether it is one of the important ones
        remind: when to remind you, such as `tomorrow 9am`

    Examples:
        /note add Buy milk
    """
    return _said(ctx, await ctx.services.get(NoteService).add(ctx.actor, title, pinned=pinned, remind=remind), "added")


@note.command(role=Role.GUEST, overridable=True)
async def list_(ctx: Context, channel: ChannelArgument | None = None, page: str = "") -> Reply:
    """Show the notes of this channel, the newest first.

    Args:
        channel: another channel, such as `#shop`, or `all`
        page: where to go on, as the buttons fill it in

    Examples:
        /note list
        /note list channel:all
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    found = await ctx.services.get(NoteService).list(scope.channel_id, await ctx.audience_of(scope), cursor=page)
    return texts.listed(found, Listing.of(_list_command(scope), page))


@note.command(role=Role.GUEST, overridable=True)
async def show(ctx: Context, note: NoteNumber) -> Reply:
    """Show everything about a note.

    Args:
        note: the number of the note, such as `12`

    Examples:
        /note show 12
    """
    return texts.shown(await ctx.services.get(NoteService).show(note, await ctx.audience()), ctx.view)


@note.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def edit(
    ctx: Context, note: NoteNumber, title: Annotated[Rest, Positional()] = "", pinned: bool | None = None
) -> Reply:
    """Change a note.

    Args:
        note: the number of the note, such as `12`
        title: what to remember now, such as `Buy oat milk`
        pinned: whether it is one of the important ones

    Examples:
        /note edit 12 Buy oat milk
    """
    service, audience = ctx.services.get(NoteService), await ctx.audience()
    return _said(ctx, await service.edit(ctx.actor, audience, note, title=title, pinned=pinned), "changed")


@note.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def remove(ctx: Context, note: NoteNumber) -> Reply:
    """Take a note away.

    Args:
        note: the number of the note, such as `12`

    Examples:
        /note remove 12
    """
    return _said(ctx, await ctx.services.get(NoteService).remove(ctx.actor, await ctx.audience(), note), "removed")


discuss(note, NoteService, texts.TOLD, "It is on the shelf")


@note.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def digest(
    ctx: Context,
    switch: Annotated[Switch | None, Positional()] = None,
    at: str = "",
    channel: ChannelArgument | None = None,
    zone: str = "",
) -> Reply:
    """Be told once a day of the notes that there are.

    Args:
        switch: `on`, `off` or `now`
        at: the time, such as `8:30`
        channel: for everybody in a channel, such as `here`
        zone: the time zone of a channel's, such as `Europe/Berlin`

    Examples:
        /note digest on channel:here
    """
    return await asked_digest(ctx, note, Asked(switch, at, channel, zone))


@note.command(role=Role.MEMBER, undo=Undo.NONE)
async def board(ctx: Context) -> Reply:
    """Put up a board that shows the notes of this channel.

    Examples:
        /note board
    """
    return await put_up_board(ctx, note)


@note.command(role=Role.MEMBER, undo=Undo.NONE)
async def unboard(ctx: Context) -> Reply:
    """Take down the board of this channel.

    Examples:
        /note unboard
    """
    return await take_down_board(ctx, note)


def _list_command(scope: ChannelScope) -> str:
    return f"/note list channel:{scope.typed or 'all'}" if scope.typed or scope.channel_id is None else "/note list"


def _said(ctx: Context, change: Changed, verb: str) -> Reply:
    _touched(ctx, change)
    return texts.changed(change, verb, ctx.view)


def _touched(ctx: Context, change: Changed) -> None:
    ctx.touched.extend([f"#{change.note.number}"] if change.undo_id else [])
    ctx.tells_of([change.note.channel_id])
