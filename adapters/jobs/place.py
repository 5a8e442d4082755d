"""Where the engine keeps what it knows of jobs, apart from the application's data."""

import sqlite3
import sys
from dataclasses import field
from pathlib import Path

from sqlalchemy.engine import URL

from adapters.storage import Kind, read_address
from core.shared.value_objects import value_object

FILE = "jobs.sqlite"
OLDEST_SQLITE = (3, 42, 0)
"""The first that DBOS works with on Python 3.12 and later."""

_DRIVER = "postgresql+psycopg"


@value_object
class JobsPlace:
    """A file for one process of this machine, or a database on a Postgres for any number of processes."""

    file: Path
    server: URL | None = field(default=None, repr=False)
    """It may hold a password; where it is None the file is used."""

    @property
    def is_shared(self) -> bool:
        """Tell whether several processes run jobs from there."""
        return self.server is not None


def place_of(jobs_url: str, database_url: str, data_dir: Path) -> JobsPlace:
    """Return the place that the settings name: a Postgres given for it, else the application's, else a file.

    Raises `DatabaseAddressError`.
    """
    for url in (jobs_url, database_url):
        if url and (found := read_address(url))[0] is Kind.POSTGRES:
            return JobsPlace(data_dir / FILE, _for_psycopg(found[1]))
    return JobsPlace(data_dir / FILE)


def takes_file() -> bool:
    """Tell whether this Python's SQLite can keep the state of jobs."""
    return sys.version_info < (3, 12) or sqlite3.sqlite_version_info >= OLDEST_SQLITE


def _for_psycopg(address: URL) -> URL:
    """Return the address with `sslmode`, as everybody but the application's driver calls it."""
    options = dict(address.query)
    if "ssl" in options:
        options["sslmode"] = options.pop("ssl")
    return address.set(drivername=_DRIVER, query=options)
