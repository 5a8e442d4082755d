"""What the import and export commands of every area do; an area declares them with its own words and arguments."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from typing import Generic

from bot.application.context import Context
from bot.grammar.arguments import ChannelScope, ImportChoice, Upload
from bot.texts import transfer as texts
from bot.texts.transfer import TransferWords
from core.chat.reply import Reply
from core.files.model import StoredFile
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.names import Names
from core.shared.value_objects import value_object
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.exporting import Export
from core.transfer.importing import FileImport, Importing
from core.transfer.model import FILE, Asked
from core.transfer.sheet import D, R, Sheet
from core.transfer.tools import TransferTools
from core.transfer.undoing import ImportUndo, Undoing
from core.workspaces.model import Audience


@value_object
class Files(Generic[D, R]):
    """The files of an area: what its sheet is, and how it speaks of them."""

    sheet: Sheet[D, R]
    words: TransferWords[R]

    async def bring_in(self, ctx: Context, file: Upload, choice: ImportChoice) -> Reply:
        """Check or import a file, one that came with the request or one that is stored."""
        importing = FileImport(tools_of(ctx), self.sheet, self.words.error)
        return await bring_in(ctx, importing, self.words, file, choice)

    async def take_back(self, ctx: Context, entry: UndoEntry) -> Reply:
        """Take a whole import back."""
        return await take_back(ctx, ImportUndo(tools_of(ctx), self.sheet), self.sheet.called, entry)

    async def put_out(
        self,
        ctx: Context,
        records: Callable[[UnitOfWork, Audience], AsyncIterator[Sequence[R]]],
        scope: ChannelScope,
        kind: ExportFormat,
    ) -> Reply:
        """Put the records of a scope, as far as the actor may see them, into a file."""
        audience = await ctx.audience_of(scope)

        def stream(work: UnitOfWork) -> AsyncIterator[Sequence[R]]:
            return records(work, audience)

        result = await Export(tools_of(ctx), self.sheet).run(ctx.actor, audience, stream, kind)
        channel = None if scope.channel_id is None else ctx.directory.channel_name(scope.channel_id)
        channel = channel if "channel_id" in self.sheet.kind.names else ""
        return texts.exported(self.words, result, channel, everything=audience.everything)


async def bring_in(
    ctx: Context, importing: Importing[R], words: TransferWords[R], file: Upload, choice: ImportChoice
) -> Reply:
    """Check or import a file in whichever way."""
    if choice is ImportChoice.CANCEL:
        ctx.line = None
        return texts.cancelled()
    mode, audience = ImportMode(choice.value), await ctx.audience()
    source: str | StoredFile = file.file_id
    if file.attachment:
        source = await ctx.services.files.receive(ctx.actor, file.attachment, only=ctx.actor.member_id)
        ctx.received.append(source)
    line = f"/{words.called.area} import file:{FILE}{words.also} mode:{choice.value}"
    asked, ctx.line = _asked(ctx, line), line.replace(FILE, source if isinstance(source, str) else source.id)
    result = await importing.apply(asked, ctx.actor, audience, source, mode, ctx.report_progress)
    view = ctx.view
    if result.mode is ImportMode.CHECK:
        return texts.checked(words, result, view, asked_for_all=mode is ImportMode.ALL)
    if result.undo_id:
        ctx.touched.append(f"import {result.file.name}")
    return texts.imported(words, result, view)


async def take_back(ctx: Context, undoing: Undoing, called: Names, entry: UndoEntry) -> Reply:
    """Take a whole import back in whichever way."""
    return texts.undone(called, await undoing.run(_asked(ctx, f"/qm undo {entry.id}"), ctx.actor, entry))


def tools_of(ctx: Context) -> TransferTools:
    """Return what the imports and exports of a request work with."""
    supplies = ctx.services.supplies
    return TransferTools(
        transactions=ctx.services.transactions,
        steps=supplies.storage.workspace(ctx.actor.workspace_id),
        files=ctx.services.files,
        workbooks=supplies.workbooks,
        clock=supplies.clock,
        runner=supplies.process,
        is_shared=supplies.storage.is_shared,
        commits=lambda: supplies.storage.commits,
        is_serving=supplies.is_serving,
    )


def _asked(ctx: Context, text: str) -> Asked:
    request = ctx.request
    return Asked(
        delivery=ctx.delivery,
        platform=request.platform.value,
        space=request.space_id,
        channel=asdict(request.channel),
        user={"id": request.user.id, "name": request.user.name},
        text=text,
        member_id=ctx.actor.member_id,
    )
