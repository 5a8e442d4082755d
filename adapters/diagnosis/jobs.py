"""Where the state of jobs is kept: whether it can be, and how many processes may run them."""

import sqlite3

from adapters.diagnosis.database import CONNECT_SECONDS
from adapters.jobs.place import OLDEST_SQLITE, JobsPlace, takes_file
from adapters.storage import Limits, schema_state
from core.ports.diagnosis import Finding, State
from core.ports.storage import StorageUnavailableError

_PART = "jobs"
_CHECK = "Check QM_JOBS_DATABASE_URL, that its server runs, and that its user is the owner of the database."


async def examine_jobs(place: JobsPlace, jobs_url: str, *, is_server: bool) -> Finding:
    """Look at the place of jobs; `jobs_url` was given for it, `is_server` tells of the application's database."""
    if not place.is_shared:
        return _in_a_file(is_server=is_server)
    if not jobs_url:
        return Finding(_PART, State.GOOD, "Their state is kept in the database; any number of workers may run them.")
    try:
        await schema_state(jobs_url, Limits(connect=CONNECT_SECONDS, statement=CONNECT_SECONDS))
    except StorageUnavailableError as error:
        return Finding(_PART, State.BAD, f"Their own database can't be used: {error.reason}.", _CHECK)
    return Finding(_PART, State.GOOD, "Their own database answers; any number of workers may run them.")


def _in_a_file(*, is_server: bool) -> Finding:
    if not takes_file():
        needed = ".".join(map(str, OLDEST_SQLITE))
        return Finding(
            _PART,
            State.BAD,
            f"SQLite {sqlite3.sqlite_version} is too old for them with this Python: {needed} is needed.",
            "Use a Python that comes with a newer one, or set QM_JOBS_DATABASE_URL to a Postgres.",
        )
    if is_server:
        return Finding(
            _PART,
            State.WORTH_A_LOOK,
            "Their state is kept in a file, so one process of this machine runs them.",
            "For several copies and workers set QM_JOBS_DATABASE_URL to a Postgres.",
        )
    return Finding(_PART, State.GOOD, "Their state is kept in a file; `quartermaster serve` runs them.")
