"""The installed program. `exec` answers without Typer, which takes as long to load as it takes to answer."""

import os
import sys
from collections.abc import Sequence

from bot.cli.typed_line import read_exec

PRIVATE = 0o077
"""What this program makes is for its own user alone."""


def main() -> None:
    """Run the command line; the entry point of the installed program."""
    os.umask(PRIVATE)
    # Typer brings Rich along, and structlog would load it for tracebacks that are never drawn: our log has its own.
    sys.modules["rich"] = None  # type: ignore[assignment]
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter must not stop the answer.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    try:
        _run(sys.argv[1:])
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing may be flushed into the closed pipe on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _run(words: Sequence[str]) -> None:
    if line := read_exec(words):
        from bot.cli.exec_command import execute

        execute(line)
    from bot.cli.commands import app

    app()


if __name__ == "__main__":
    main()
