"""What the command line itself says: why it could not start, and how to go on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from core.shared.errors import QuartermasterError

_OWN_WORDS = frozenset({"address", "attachment", "name", "secret_key", "settings"})
"""Codes of errors whose text is made for whoever starts the program."""

_STARTS: Mapping[str, str] = {
    "database_address": "QM_DATABASE_URL can't be used. Write sqlite+aiosqlite:/// and the file's path.",
    "file_store": "The place for files can't be opened. Check QM_FILES_URL and the rights on the folder or bucket.",
    "schema_newer": "The database was made by a newer Quartermaster. Update this one, or go back to an older copy.",
    "schema_older": "The database was made by an older Quartermaster. Type: quartermaster migrate",
}

_UNAVAILABLE: Mapping[str, str] = {
    "cannot_open": "The database can't be opened. Check QM_DATABASE_URL, and who owns the data folder.",
    "damaged": "The database file is damaged, or is no database. Go back to a copy of it.",
    "disk_error": "The disk failed while the database was used. Check the disk.",
    "disk_full": "The disk is full. Make room, then try again.",
    "locked": "The database is locked by another program. Wait for it to finish, then try again.",
    "read_only": "The database can't be written to. Check who owns the data folder.",
}
_UNAVAILABLE_ELSE = "The database does not answer. Type: quartermaster doctor"

INTERNAL = "Something went wrong. The lines above say where; please report them."
STOPPING = "Finishing what is under way. Ctrl-C once more stops at once."
CONSOLE_OFF = "The console is off: it is only served on this machine itself, and QM_HOST is another address."
MIGRATED = "The database is up to date."
DEMO_IS_THERE = "The example is there already. To start afresh, stop Quartermaster and remove its data folder."
NO_PUBLIC_URL = "Over HTTP Slack has to know the public address. Give --url https://…, or set QM_PUBLIC_URL."


def failure(error: QuartermasterError) -> str | None:
    """Return the lines for an error that a person can do something about, else None."""
    if error.code in _OWN_WORDS:
        return str(error)
    if error.code == "storage_unavailable":
        return _UNAVAILABLE.get(str(error), _UNAVAILABLE_ELSE)
    return _STARTS.get(error.code)


def system_failure(error: OSError) -> str:
    """Return the line for what the operating system refused."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or 'that did not work'}."


def banner(address: str, sign_in: str, public: str, slack: Sequence[str]) -> str:
    """Return what a person who starts the server reads: where it is and how to get in."""
    lines = [f"Quartermaster is running at http://{address}"]
    if sign_in:
        lines += ["", "Open this link within 15 minutes to sign in; it works once:", f"  {sign_in}", ""]
    else:
        lines.append(CONSOLE_OFF)
    if public != address:
        lines.append(f"Other machines call it at http://{public}")
    if slack:
        lines.append(f"Slack is served over {' and '.join(slack)}.")
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)


def demo_filled(people: int, tasks: int) -> str:
    """Return the line that says what the example consists of, and where to look at it."""
    return f"A shop with {people} people and {tasks} tasks is there now. To look at it: quartermaster serve"


def saved(path: Path) -> str:
    """Return the line that says where a file of the answer is now."""
    return f"Saved: {path}"
