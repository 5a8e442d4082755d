"""Backups as jobs: everything there is in one archive, kept in the file store."""

from bot.application.job_context import JobContext
from bot.commands.qm.commands import qm
from bot.texts.qm import backups as words
from core.chat.reply import Reply
from core.people.model import Role
from core.ports.backups import BackupError, BackupStage
from core.shared.errors import RefusedError
from core.workspaces.model import DEFAULT_WORKSPACE

_REACHED = {BackupStage.COPYING: 0, BackupStage.FILES: 40, BackupStage.STORING: 60, BackupStage.TRYING: 75}
"""How much of a hundred is done when a stage begins."""
_WHOLE = 100


@qm.job(role=Role.ADMIN, seconds=12 * 3600.0, width=1, shortest=3600.0)
async def backup(ctx: JobContext) -> Reply:
    """Back everything up to the file store, try that by bringing it back, and keep the newest seven.

    It holds the data of all workspaces and the secret key, so it is for those who look after the first one.
    """
    if ctx.context.directory.workspace.name != DEFAULT_WORKSPACE:
        raise RefusedError("backup_not_here", workspace=DEFAULT_WORKSPACE)
    ends = [*_REACHED.values(), _WHOLE]

    async def tell(stage: BackupStage, part: float) -> None:
        begin, end = _REACHED[stage], min(mark for mark in ends if mark > _REACHED[stage])
        await ctx.progress(begin + int((end - begin) * part), _WHOLE, words.NOTES[stage])

    try:
        made = await ctx.context.services.supplies.upkeep.backups.make(tell)
    except BackupError as error:
        reason = f"backup_{error.reason}"
        if reason not in words.REASONS.refusals:
            raise
        raise RefusedError(reason) from error
    return words.backed_up(made)
