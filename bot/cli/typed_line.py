"""A line typed behind `quartermaster exec`: what it consists of, and how it is read from the shell's words."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.shared.value_objects import value_object

_NAMES = {"--as": "user", "--channel": "channel", "--workspace": "workspace"}
USUAL_CHANNEL = "general"
"""Where a line is typed that names no channel."""
_VALUED = (*_NAMES, "--file", "--save", "--limit")
_COUNT = re.compile(r"[1-9][0-9]{0,6}")
_NAMED = re.compile(r"([A-Za-z][\w-]*:)(.*\s.*)", re.DOTALL)


@value_object
class Line:
    """What was typed, by whom (empty: the owner), where, with which files."""

    text: str
    user: str = ""
    channel: str = USUAL_CHANNEL
    workspace: str = "default"
    files: tuple[Path, ...] = ()
    save_to: Path | None = None
    """The folder that gets the files of the answer."""
    as_json: bool = False
    is_new: bool = False
    """Whoever asks becomes a member if nobody has that name."""
    limit: int | None = None
    """The most rows of a list; None: a page of them in a terminal, else all."""
    waits: bool = True
    """Whether a job that it starts is run to its end; else it is left to whoever serves."""


def read_exec(words: Sequence[str]) -> Line | None:
    """Return the line of an `exec` that is plain to read; None for what Typer has to explain, and for other commands.

    `bot.cli.commands` declares the same options; a test holds the two together.
    """
    if words[:1] != ["exec"]:
        return None
    typed: list[str] = []
    given: dict[str, list[str]] = {name: [] for name in _VALUED}
    as_json, is_new, waits, rest = False, False, True, iter(words[1:])
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            typed.extend(rest)
        elif word == "--json":
            as_json = True
        elif word == "--new":
            is_new = True
        elif word in ("--wait", "--no-wait"):
            waits = word == "--wait"
        elif name in given and (equals or (value := next(rest, ""))):
            given[name].append(value)
            if name == "--limit" and not _COUNT.fullmatch(value):
                return None
        elif word.startswith("-") and word != "-":
            return None
        else:
            typed.append(word)
    return _line(typed, given, as_json=as_json, is_new=is_new, waits=waits) if typed else None


def _line(
    typed: Sequence[str], given: Mapping[str, Sequence[str]], *, as_json: bool, is_new: bool, waits: bool
) -> Line:
    named = {field: given[option][-1] for option, field in _NAMES.items() if given[option]}
    save_to = Path(given["--save"][-1]) if given["--save"] else None
    files = tuple(map(Path, given["--file"]))
    limit = int(given["--limit"][-1]) if given["--limit"] else None
    return Line(
        joined(typed),
        files=files,
        save_to=save_to,
        as_json=as_json,
        is_new=is_new,
        limit=limit,
        waits=waits,
        **named,
    )


def joined(typed: Sequence[str]) -> str:
    """Return one line from the shell's words: those that hold spaces get the quotes back that the shell took."""
    if len(typed) == 1:
        return typed[0]
    return " ".join(_quoted(word) for word in typed)


def _quoted(word: str) -> str:
    if not re.search(r"\s", word):
        return word
    named = _NAMED.fullmatch(word)
    return f'{named[1]}"{named[2]}"' if named else f'"{word}"'
