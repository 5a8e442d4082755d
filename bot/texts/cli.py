"""What the command line itself says: why it could not start, and how to go on."""

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bot.texts.common import listed
from core.chat.reply import Problem, Reply
from core.shared.errors import QuartermasterError

_OWN_WORDS = frozenset({"address", "attachment", "keeping", "name", "secret_key", "settings"})
"""Codes of errors whose text is made for whoever starts the program."""

_STARTS: Mapping[str, str] = {
    "copy_unfinished": (
        "The database is being filled: a copy or a restore into it has not come to its end. Type that again."
    ),
    "database_address": "QM_DATABASE_URL can't be used. See .env.example.",
    "file_store": "The place for files can't be opened. Check QM_FILES_URL and the rights on the folder or bucket.",
    "schema_damaged": "Rows of the database refer to others that are gone; nothing was changed. Go back to a copy.",
    "schema_empty": "The database has no tables yet. Type: quartermaster migrate",
    "schema_newer": "The database was made by a newer Quartermaster. Update this one, or go back to an older copy.",
    "worker_alone": (
        "Jobs are kept in a file here, and `quartermaster serve` runs them by itself. Workers need a Postgres: that of "
        "QM_DATABASE_URL, or beside SQL Server one in QM_JOBS_DATABASE_URL."
    ),
    "schema_older": "The database was made by an older Quartermaster. Make a copy, then type: quartermaster migrate",
}

_UNAVAILABLE: Mapping[str, str] = {
    "busy": "The database is busy: it did not answer in time. Try again.",
    "cannot_connect": "The database server can't be reached. Check that it runs, and its address in QM_DATABASE_URL.",
    "cannot_open": "The database can't be opened. Check QM_DATABASE_URL, and who owns the data folder.",
    "closed": "The database is closed already: the program is stopping.",
    "connection_lost": "The database server ended the connection: it may be restarting. Try again in a moment.",
    "damaged": "The database is damaged, or is no database. Go back to a copy of it.",
    "disk_error": "The disk failed while the database was used. Check the disk.",
    "disk_full": "The disk of the database is full. Make room, then try again.",
    "locked": "The database is locked by another program. Wait for it to finish, then try again.",
    "no_database": "The database server has no database of that name. Make it, or check the name in QM_DATABASE_URL.",
    "no_driver": "The database's driver is missing. SQL Server needs unixODBC with Microsoft's driver 18 or FreeTDS.",
    "no_memory": "The machine of the database has no memory left. Free some, then try again.",
    "no_snapshots": "The database does not allow snapshot isolation yet. Type: quartermaster migrate",
    "not_allowed": "The user of QM_DATABASE_URL may not do that in the database. Make it the owner of the database.",
    "outcome_unknown": "The database was lost just as it was to keep a change. Look whether it did, then try again.",
    "read_only": "The database can't be written to. Check who owns the data folder, or that the server takes changes.",
    "too_many_connections": "The database server has no connection left. Lower QM_DATABASE_POOL, or allow it more.",
    "wrong_password": "The database server refuses the user or password of QM_DATABASE_URL.",
}
"""By the reason of a `StorageUnavailableError`; each is a whole line."""

_SERVED = (
    "{process} serves from the same SQLite file already, and only one can. Use that one, or stop it first. For another "
    "shop set QM_DATA_DIR to a folder of its own; for several processes of one shop set QM_DATABASE_URL to a Postgres."
)

_FAILED = (
    "The database server refused what was asked of it: {codes}. Its documentation says what that means, its log what "
    "it was about. To look at the rest: quartermaster doctor"
)

_UNAVAILABLE_ELSE = "The database does not answer. Type: quartermaster doctor"

INTERNAL = "Something went wrong. The lines above say where; please report them."
STOPPING = "Finishing what is under way. Ctrl-C once more stops at once."
WORKING = "Quartermaster runs jobs and schedules; what they post is sent by `quartermaster serve`. Ctrl-C stops it."
CONSOLE_OFF = "The console is off: it is only served on this machine itself, and QM_HOST is another address."
MIGRATED = "The database is up to date."
DEMO_IS_THERE = "The example is there already. To take it away: quartermaster demo --remove"
DEMO_IS_NOT_THERE = "There is nothing of the example."
DEMO_ASKS = "Nothing was changed. To have the example beside what is your own: quartermaster demo --yes"
NO_APPLICATION_ID = (
    "The application's id is a number. It is on the General Information page of Discord's developer portal."
)
NO_PORT = "QM_PORT is 0, so only `quartermaster serve` knows where the console is. It prints a link when it starts."
ID_LACKING = (
    "Put the application's id in place of {placeholder}: it is on the General Information page of your application at "
    "https://discord.com/developers/applications. Or give --app ID, or set DISCORD_BOT_TOKEN, which it begins with."
)
NO_PUBLIC_URL = "Over HTTP Slack has to know the public address. Give --url https://…, or set QM_PUBLIC_URL."


def failure(error: QuartermasterError) -> str | None:
    """Return the lines for an error that a person can do something about, else None."""
    if error.code in _OWN_WORDS:
        return str(error)
    if error.code == "storage_failed":
        return _FAILED.format(codes=error)
    if error.code == "served_elsewhere":
        return _SERVED.format(process=f"Process {error}" if str(error) else "Another process")
    return unavailable(str(error)) if error.code == "storage_unavailable" else _STARTS.get(error.code)


def unavailable(reason: str) -> str:
    """Return the line for a database that can't be used, by the reason of a `StorageUnavailableError`."""
    return _UNAVAILABLE.get(reason, _UNAVAILABLE_ELSE)


def system_failure(error: OSError) -> str:
    """Return the line for what the operating system refused."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or 'that did not work'}."


def sign_in(link: str) -> str:
    """Return the link into the console with how long it is good."""
    return f"Open this link within 15 minutes to sign in; it works once, while `quartermaster serve` runs:\n  {link}"


def not_utf8() -> Problem:
    """Return why a line is refused whose letters would otherwise be lost."""
    return Problem(
        "not_utf8", "That line has letters that are not UTF-8, so nothing was done.", hint="Save or type it as UTF-8."
    )


def no_such_channel(name: str, near: Sequence[str]) -> Problem:
    """Return that a channel can't be looked into which nobody has made."""
    hint = f'Did you mean --channel "{near[0]}"?' if near else "The first command that adds something makes it."
    return Problem("invalid_argument", f"There is no channel “{name}”.", hint=hint, field="channel")


def line_failed(number: int, text: str) -> str:
    """Return what stands above the error of one line of several."""
    return f"Line {number}: {text}"


def banner(address: str, sign_in: str, public: str, slack: Sequence[str], *, discord: bool = False) -> str:
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
    if discord:
        lines.append("Discord is served over its gateway.")
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)


def demo_mixes(plurals: list[str]) -> str:
    """Return the question whether the example is to lie among records of one's own."""
    return f"There are {listed(plurals)} of your own here. Put those of the example among them?"


def demo_noted(numbers: Mapping[str, Collection[int]]) -> Reply:
    """Return the note by which the example can be taken away again, by the word for records of each area.

    Without numbers it is being made.
    """
    named = [f"Its {many} are {', '.join(f'#{number}' for number in sorted(some))}. " for many, some in numbers.items()]
    return Reply(title="The example of a shop", text=(f"{''.join(named)}To take it away: quartermaster demo --remove",))


def demo_numbers(note: str) -> Mapping[str, Sequence[int]]:
    """Return the numbers that such a note names."""
    return {many: [int(number) for number in _NUMBER.findall(some)] for many, some in _NOTED.findall(note)}


_NOTED = re.compile(r"Its ([^.#]{1,40}) are (#[0-9#, ]+)\.")
_NUMBER = re.compile(r"#([0-9]{1,9})")


def demo_removed(counts: Mapping[str, int], people: int, stay: Mapping[str, str]) -> str:
    """Return the lines that say what was taken away of the example, and who stays of it, for which reason."""
    records = ", ".join(f"{count} {many}" for many, count in counts.items())
    gone = f"Taken away: {records}, {people} people and what they said. The channels stay, empty."
    return "\n".join([gone, *(f"{name} could not be removed: {reason}" for name, reason in stay.items())])


def demo_filled(people: int, counts: Mapping[str, int]) -> str:
    """Return the line that says what the example consists of, and where to look at it."""
    all_of_it = listed([f"{people} people", *(f"{count} {many}" for many, count in counts.items())])
    return f"A shop with {all_of_it} is there now. To look at it: quartermaster serve"


def saved(path: Path) -> str:
    """Return the line that says where a file of the answer is now."""
    return f"Saved: {path}"


def under_way(progress: float | None) -> str:
    """Return the line that says how far something is, as long as it takes."""
    return "Under way …" if progress is None else f"Under way: {progress:3.0%}".replace("%", " %")


def job_not_taken(number: int) -> str:
    """Return the line that says that nobody has begun a job yet."""
    return (
        f"Another process runs the jobs here, and has not begun job #{number} yet. Ctrl-C leaves the job to it; what "
        f'came of it: quartermaster exec "/job show {number}"'
    )


def interrupted(seconds: float) -> str:
    """Return the line that says what becomes of what takes long where somebody interrupts it."""
    return (
        f"Interrupted. What is under way has {seconds:.0f} seconds to end. If it does not, it is kept as a job, which "
        "goes on where it was once `quartermaster serve` runs."
    )


def interrupted_job(number: int, progress: float | None) -> str:
    """Return the line that says what becomes of a job where somebody interrupts the process that runs it."""
    far = "" if progress is None else f" at {progress:.0%}".replace("%", " %")
    return (
        f"Interrupted{far}. Job #{number} is kept, and goes on where it was once `quartermaster serve` runs. To end it "
        f'instead: quartermaster exec "/job cancel {number}"'
    )


def hand_in(line: str) -> str:
    """Return how a file is handed to a line that needs one."""
    return f"Hand it in with --file: quartermaster exec --file PATH {shlex.quote(line)}"


def job_kept(number: int) -> Problem:
    """Return why a job was not begun by the process that was to run it."""
    return Problem(
        "job_kept",
        f"Job #{number} waits: no jobs can be run here now. It is begun as soon as they can be.",
        "To see what is in the way: quartermaster doctor",
    )
