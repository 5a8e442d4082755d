"""What `copy`, `backup`, `restore` and `held` say."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.texts.cli import failure
from bot.texts.common import listed, moment, size
from core.ports.keeping import ArchiveError, CopyError, Held, HeldItem, Step, StepKind
from core.shared.errors import QuartermasterError
from core.shared.readable import one_line

COPYING = (
    "Copying. What is changed there from now on is not in the copy: if Quartermaster runs on it, stop that first and "
    "start this again; it goes on where it was."
)
COPIED_NEXT = (
    "The secret key and the files are in the data folder and stay there. To use the copy, set QM_DATABASE_URL to it "
    "and start."
)
BACKING_UP = "Backing up the database, the files and the secret key. Quartermaster may go on running meanwhile."
WITH_KEY = "It holds the secret key and everybody's data in the clear: keep it where nobody else can read it."
NOT_IN_IT = "Settings and tokens of .env are not in it: keep a copy of that file too."
EXAMINING = "Comparing everything in the backup with its digest. Nothing is changed before that is done."
LONGEST = 80
"""Characters that are shown of what a held message says."""
NOTHING_HELD = "Nothing is held back."
HELD_NEXT = "To let them go their way: quartermaster held release. To give them up: quartermaster held drop"

_COPY: Mapping[str, str] = {
    "nothing_there": "{side}: there is no data of Quartermaster's.",
    "older": (
        "{side}: the database was made by an older Quartermaster. Bring it up to date first, with QM_DATABASE_URL set "
        "to it: quartermaster migrate"
    ),
    "newer": "{side}: the database was made by a newer Quartermaster. Update this one.",
    "same": "--from and --to are the same database.",
    "has_data": "{side}: there is data already, and it was left alone. Name an empty database, or give --replace.",
    "other_copy": "{side}: a copy of another database was begun there. Name another one, or give --replace.",
    "other_version": "{side}: another version began a copy there. Go on with that one, or name an empty database.",
    "elsewhere": "{side}: another process is copying into it. Let that one finish.",
    "failed": (
        "{side}: the database refused something{codes}. Its documentation says what that means, its log what it was "
        "about."
    ),
    "unreadable": (
        "{side}: the table {table} holds a value that can't be read{codes}. Nothing that uses the copy was started."
    ),
    "not_taken": "{side}: the database does not take a row of the table {table}{codes}.",
    "differs": (
        "{side}: the table {table} is not what was copied: something else has written there. The copy can't be used; "
        "name an empty database and start again, or give --replace."
    ),
}

_ARCHIVE: Mapping[str, str] = {
    "is_there": "There is a file of that name already. Name another one.",
    "no_backup": "That file is not a backup that Quartermaster made. Nothing was changed.",
    "cut_off": "The backup ends before its end: it was not copied whole. Nothing was changed.",
    "damaged": "The backup is damaged: something in it is not what was saved. Nothing was changed.",
    "newer": "The backup was made by a newer Quartermaster. Update this one. Nothing was changed.",
    "other_key": (
        "QM_SECRET_KEY is set, and lacks the key that the backup was made with. Take it out of the settings (the "
        "backup brings its own), or add that key. Nothing was changed."
    ),
    "many_damaged": "More than a thousand stored files are not what was stored. Check QM_FILES_URL and the disk.",
}


def counted(count: int, one: str) -> str:
    """Return `1 row`, `12,345 rows`."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def refused(error: QuartermasterError, sides: Mapping[str, str]) -> str | None:
    """Return the line for what went wrong, else None; `sides` says what the two databases are called."""
    if isinstance(error, ArchiveError):
        return _ARCHIVE[error.reason]
    if not isinstance(error, CopyError):
        return failure(error)
    side = sides.get(error.side, "")
    if error.reason != "unavailable":
        codes = f" ({error.codes})" if error.codes else ""
        return _COPY[error.reason].format(side=side, table=error.table, codes=codes)
    cause = error.__cause__
    said = failure(cause) if isinstance(cause, QuartermasterError) else None
    # What it says of the setting is true of the address that stands in its place.
    return f"{side}: {said.replace('QM_DATABASE_URL', side)}" if said else None


def told(step: Step) -> str:
    """Return the line for something that happened on the way."""
    match step.kind:
        case StepKind.RESUMED:
            return f"An earlier run has copied {counted(step.rows, 'row')}; this one goes on behind them."
        case StepKind.RESTARTED:
            return "What was copied earlier has changed since: it is copied anew."
        case StepKind.CLEARED:
            return "What was there before is removed."
        case StepKind.PART:
            return f"  {step.name}: {step.rows:,} of {step.total:,}"
        case StepKind.TABLE:
            return f"  {step.name}: {counted(step.rows, 'row')}"
        case StepKind.CHECKING:
            return "Reading the copy again and comparing it."
        case StepKind.FILES:
            return f"  {counted(step.rows, 'stored file')}"
        case StepKind.FILE_MISSING:
            return f"  The stored file {step.name} is not there any more, and is left out."
        case StepKind.FILE_DAMAGED:
            return f"  The stored file {step.name} is not what was stored; it is kept as it is."


def copied(tables: int, rows: int) -> str:
    """Return the line that ends a copy."""
    return f"Copied {counted(rows, 'row')} of {counted(tables, 'table')}; counts and sums are the same on both sides."


def backed_up(path: Path, length: int, rows: int, files: int, missing: int) -> str:
    """Return the lines that end a backup."""
    lost = f" {counted(missing, 'stored file')} could not be found." if missing else ""
    what = f"{counted(rows, 'row')} and {counted(files, 'stored file')}"
    return "\n".join([f"Saved: {path} ({size(length)}), with {what}.{lost}", WITH_KEY, NOT_IN_IT])


def restored(made_at: datetime, rows: int, files: int, missing: int) -> str:
    """Return the line that ends a restore."""
    lost = f" {counted(missing, 'stored file')} was not in the backup." if missing == 1 else ""
    lost = lost or (f" {missing:,} stored files were not in the backup." if missing else "")
    return f"Restored the backup of {_told(made_at)}: {counted(rows, 'row')} and {counted(files, 'stored file')}.{lost}"


def held(amount: Held) -> str:
    """Return the line that says how much is held back."""
    if not amount.total:
        return NOTHING_HELD
    why = "they may have been sent since the backup was made"
    return f"Held back, for {why}: {_amount(amount)}. {HELD_NEXT}"


def held_item(item: HeldItem) -> str:
    """Return the line for something that is held back."""
    about = one_line(item.about)
    shown = about if len(about) <= LONGEST else f"{about[: LONGEST - 1]}…"
    kind = {"post": "message", "board": "board"}.get(item.kind, item.kind)
    where = f"{kind} to {one_line(item.to)}" if item.kind == "post" else f"{kind} in {one_line(item.to)}"
    return f"  {_told(item.at)}  {where}" + (f": {shown}" if shown else "")


def held_more(count: int) -> str:
    """Return the line for what the others do not show."""
    return f"  and {count:,} more"


def released(amount: Held) -> str:
    """Return the line for what goes its way now."""
    return f"On their way: {_amount(amount)}. Messages that arrived before are not sent again where that can be seen."


def dropped(amount: Held) -> str:
    """Return the line for what was given up."""
    return f"Given up: {_amount(amount)}."


def _told(at: datetime) -> str:
    return moment(at, "UTC").text


def _amount(amount: Held) -> str:
    kinds = ((amount.posts, "message"), (amount.reminders, "reminder"), (amount.boards, "board"))
    return listed([counted(count, kind) for count, kind in kinds if count])
