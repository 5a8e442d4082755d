"""The installed program. `exec` and `serve` begin without Typer, which takes a tenth of their start to load."""

import gc
import os
import sys
from collections.abc import Callable, Sequence

from bot.cli.typed_line import read_exec

SERVE = ["serve"]
PRIVATE = 0o077
"""What this program makes is for its own user alone."""


def main() -> None:
    """Run the command line; the entry point of the installed program."""
    os.umask(PRIVATE)
    # Typer brings Rich along, and structlog would load it for tracebacks that are never drawn: our log has its own.
    sys.modules["rich"] = None  # type: ignore[assignment]
    # A terminal that lacks a letter must not stop the answer; what is no letter must not stop the lines around it.
    for stream, errors in (
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
        (sys.stdin, "surrogateescape"),
    ):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors=errors)
    # What is loaded stays: to look through it, time and again, for what is not used takes a tenth of the start. Whoever
    # serves loads on until it is ready, and says so itself.
    is_served = sys.argv[1:] == SERVE
    gc.disable()
    run = _loaded(sys.argv[1:])
    if not is_served:
        gc.freeze()
        gc.enable()
    try:
        run()
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing may be flushed into the closed pipe on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _loaded(words: Sequence[str]) -> Callable[[], None]:
    """Load what is asked for and return it, ready to run."""
    if line := read_exec(words):
        from bot.cli.exec_command import prepared

        return prepared(line)
    if words == SERVE:
        from bot.cli.serve import start

        return start
    from bot.cli.commands import app

    return app


if __name__ == "__main__":
    main()
