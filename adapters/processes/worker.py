"""The process in which heavy libraries run: `python -m adapters.processes.worker MEMORY`.

Takes one job at a time from standard input and answers each on standard output, as frames of a length and JSON. It
ends by itself when whoever started it is gone.
"""

import json
import os
import queue
import resource
import signal
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from adapters.processes.errors import JobRefusedError
from adapters.processes.frames import HEAD, frame

Job = Callable[[dict[str, Any]], dict[str, Any]]

JOBS: Mapping[str, str] = {
    "add_up_spending": "adapters.processes.jobs.spending",
    "draw_chart": "adapters.processes.jobs.chart_drawing",
    "print_sheet": "adapters.processes.jobs.paper_printing",
    "read_sales": "adapters.processes.jobs.sale_reading",
    "read_sheet": "adapters.processes.jobs.sheet_reading",
    "shape_matrix": "adapters.processes.jobs.matrix_shaping",
    "write_sheet": "adapters.processes.jobs.sheet_writing",
}
"""The module of each job, which has a function of its name; loaded with the first such job, for each is heavy."""

LARGEST_FILE = 1024 * 1024 * 1024
NICENESS = 2
"""Whoever waits for a quick command goes before whoever waits for a file."""


def main(memory: int) -> None:
    """Work until there is nobody left to work for."""
    limit(memory)
    # A stopping service may tell all its processes at once; whoever started this one lets it finish, or ends it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asked = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints gets between the answers.
    os.dup2(2, 1)
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(asked, waiting), daemon=True).start()
    while True:
        answers.write(frame(done(waiting.get())))
        answers.flush()


def limit(memory: int) -> None:
    """Take no more than so many bytes of memory, and leave the processor to others; where the system can."""
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, LARGEST_FILE), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    with suppress(OSError):
        os.nice(NICENESS)


def listen(asked: IO[bytes], waiting: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Take jobs, also while one is done: the end of the line means that nobody waits for it any more."""
    with suppress(OSError, struct.error, ValueError):
        while True:
            (size,) = HEAD.unpack(asked.read(HEAD.size))
            waiting.put(json.loads(asked.read(size)))
    os._exit(0)


def job_called(name: str) -> Job:
    """Return a job by its name."""
    job: Job = getattr(import_module(JOBS[name]), name)
    return job


def done(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Do a job and return what came of it."""
    try:
        return {"done": job_called(asked["job"])(asked["given"])}
    except JobRefusedError as error:
        return {"refused": error.reason, "details": error.details}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # whoever asked is told, and answers for it
        return {"failed": type(error).__name__}


if __name__ == "__main__":
    main(int(sys.argv[1]))
