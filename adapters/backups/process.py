"""The process that makes a backup: `python -m adapters.backups.process`.

Takes what it has to know as a line of JSON from standard input, and tells on standard output how far it is and what
came of it, a line of JSON each. It ends by itself when whoever started it is gone.
"""

import asyncio
import json
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from adapters.backups.kept import Place
from adapters.backups.making import Making
from core.ports.backups import BackupError, BackupStage
from core.shared.clock import SystemClock

NICENESS = 5
"""Whoever waits for an answer goes before."""


def main() -> None:
    """Make one backup."""
    with suppress(OSError):
        os.nice(NICENESS)
    asked = os.fdopen(os.dup(0), "rb")
    told = os.fdopen(os.dup(1), "wb")
    # Nothing that a library prints gets between what is told.
    os.dup2(2, 1)
    given: dict[str, Any] = json.loads(asked.readline())
    threading.Thread(target=_wait_for_end, args=(asked,), daemon=True).start()
    _tell(told, asyncio.run(made(given, told)))


async def made(given: Mapping[str, Any], told: IO[bytes]) -> dict[str, object]:
    """Make one backup, and return what came of it."""

    def tell(stage: BackupStage, part: float) -> None:
        _tell(told, {"stage": stage.value, "part": part})

    place = Place(given["database_url"], given["files_url"], Path(given["data_dir"]), given["version"])
    try:
        backup = await Making(place, given["keys"], SystemClock(), tell).run()
    except BackupError as error:
        return {"failed": error.reason}
    except Exception as error:  # whoever asked is told that it failed, and the log of what; texts may hold secrets
        where = traceback.extract_tb(error.__traceback__)[-1]
        print(f"backup: {type(error).__name__} in {where.name}", file=sys.stderr)  # noqa: T201
        return {"failed": "failed"}
    return {"done": asdict(backup)}


def _tell(told: IO[bytes], message: Mapping[str, object]) -> None:
    told.write(json.dumps(message).encode() + b"\n")
    told.flush()


def _wait_for_end(asked: IO[bytes]) -> None:
    """End the process when there is nobody left to tell."""
    with suppress(OSError):
        asked.read(1)
    os._exit(1)


if __name__ == "__main__":
    main()
