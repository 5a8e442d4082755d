"""What people read of backups that jobs make."""

from collections.abc import Mapping

from bot.texts.common import counted_in_full, size
from bot.texts.errors import Reasons
from core.chat.reply import Reply, Visibility
from core.chat.text import Code, lines, text
from core.ports.backups import Backup, BackupStage

NOTES: Mapping[BackupStage, str] = {
    BackupStage.COPYING: "Copying the data",
    BackupStage.FILES: "Adding the stored files",
    BackupStage.STORING: "Storing the archive",
    BackupStage.TRYING: "Trying it, by bringing it back",
}

_OLDER = "The backups that there were are untouched."

REASONS = Reasons(
    refusals={
        "backup_not_here": lambda w: (
            "A backup holds the data of every workspace, so it can't be made from this one.",
            f"An admin of the workspace `{w['workspace']}` can.",
        ),
        "backup_store": lambda _w: (
            f"The file store did not take the backup, or did not give back what it took. {_OLDER}",
            "Check `QM_FILES_URL`, its credentials and how much may be stored there. Then press Retry.",
        ),
        "backup_no_store": lambda _w: (
            "`QM_FILES_URL` is `memory:`, which keeps nothing, so there is nowhere to put a backup.",
            "Set it to a folder or a bucket.",
        ),
        "backup_room": lambda _w: (
            f"There is no room left on the disk. {_OLDER}",
            "A backup takes about twice its size in the data folder while it is made. Make room, then press Retry.",
        ),
        "backup_database": lambda _w: (
            f"The database could not be read to its end. {_OLDER}",
            "Press Retry once `/qm status` says that it works.",
        ),
        "backup_many_damaged": lambda _w: (
            f"More than a thousand stored files are not what was stored. {_OLDER}",
            "Check `QM_FILES_URL` and the disk.",
        ),
        "backup_not_usable": lambda _w: (
            f"The backup was tried and could not be brought back, so it was not kept. {_OLDER}",
            "Press Retry. If it fails again, check the disk and the memory of this machine.",
        ),
    }
)


def backed_up(made: Backup) -> Reply:
    """Say what a backup holds, and where it lies."""
    what = f"{counted_in_full(made.rows, 'row')} and {counted_in_full(made.files, 'stored file')}"
    lost = f" {counted_in_full(made.missing, 'stored file')} could not be found." if made.missing else ""
    kept = "It is the only one." if made.kept == 1 else f"{made.kept} are kept."
    return Reply(
        title="Backed up",
        text=lines(
            f"{size(made.size)}, with {what}; it was tried by bringing it back.{lost} {kept}",
            text("It is in the file store as ", Code(made.key), ". Whoever can read it there has the secret key too."),
        ),
        visibility=Visibility.CHANNEL,
    )
