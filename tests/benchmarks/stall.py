"""Holds a database's write lock for a while, as another process: python -m tests.benchmarks.stall DATABASE SECONDS.

Prints the time of day in seconds when it has the lock, and again when it lets it go.
"""

from __future__ import annotations

import sqlite3
import sys
import time


def hold(path: str, seconds: float) -> None:
    """Take the lock, wait, let it go."""
    database = sqlite3.connect(path, isolation_level=None, timeout=30)
    database.execute("BEGIN EXCLUSIVE")
    print(time.time(), flush=True)
    time.sleep(seconds)
    database.execute("ROLLBACK")
    print(time.time(), flush=True)
    database.close()


if __name__ == "__main__":
    hold(sys.argv[1], float(sys.argv[2]))
