"""What people read when something can't be done: one sentence that says what was wrong, and what to do next.

The wording is looked up by an error's code and, where it has one, its reason; areas add the reasons of their own.
"""

import re
from collections.abc import Callable, Mapping

from bot.texts.common import listed, sentence_case, size
from core.chat.reply import Problem
from core.ports.storage import OUTCOME_UNKNOWN
from core.shared.errors import BusyError, UserError

Words = Mapping[str, object]
Wording = Callable[[Words], tuple[str, str]]
"""From an error's details to a sentence and a hint."""

SHOWN = 80


def shown(value: object) -> str:
    """Return what somebody typed, on one line and cut to a length worth repeating."""
    words = " ".join(str(value).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"


def _try(words: Words) -> str:
    return f"Try `{words['example']}`." if words.get("example") else ""


def did_you_mean(words: Words) -> str:
    """Return the question after the details' near misses, empty without any."""
    near = words.get("near") or ()
    options = [near] if isinstance(near, str) else list(near) if isinstance(near, tuple) else []
    return f"Did you mean {listed([f'`{option}`' for option in options])}?" if options else ""


def _unknown_command(words: Words) -> tuple[str, str]:
    near = words.get("near") or ()
    options = [f"`/{name}`" for name in near] if isinstance(near, tuple) else []
    hint = f"Did you mean {' or '.join(options)}?" if options else "`/qm help` lists what there is."
    return f"There is no command `/{shown(words['typed']).removeprefix('/')}`.", hint


_NOTHING_THERE: Mapping[str, tuple[str, str]] = {
    "button": ("That button is too old, or belongs elsewhere.", "Type the command again."),
    "undo": ("There is nothing of yours to undo from the last 15 minutes.", ""),
    "code": ("That code does not work: it was used, is older than 15 minutes, or was mistyped.", "Ask for a new one."),
    "file": ("That file is not here, or not for you.", "Attach it again."),
    "person": ("That person is not here.", "`/user list` shows everybody."),
}


def _not_found(words: Words) -> tuple[str, str]:
    kind = str(words["kind"])
    if kind in _NOTHING_THERE:
        return _NOTHING_THERE[kind]
    mark, hint = ("#", "`/task list` shows the open ones of this channel.") if kind == "task" else ("", "")
    return f"There is no {kind} {mark}{shown(words['reference'])}.", did_you_mean(words) or hint


def _forbidden(words: Words) -> tuple[str, str]:
    return (
        f"That takes the role {words['needed']}; yours is {words['held']}.",
        "An admin can change it with `/user role`.",
    )


ARGUMENT_REASONS: dict[str, Wording] = {
    "missing": lambda w: (f"`{w['argument']}` is missing.", _try(w) or f"It goes like this: `{w.get('usage', '')}`"),
    "unknown_name": lambda w: (
        f"There is no `{shown(w['value'])}:` here.",
        f"Did you mean `{w['argument']}:`? Put the words in quotes if they are part of the text.",
    ),
    "no_such_argument": lambda w: (f"There is no `{shown(w['value'])}:` here.", "`/qm help` explains each command."),
    "twice": lambda w: (f"`{w['argument']}` is given twice.", "Leave one of them out."),
    "left_over": lambda w: (
        f"I don't know what to do with “{shown(w['value'])}”.",
        "Name the argument it belongs to, such as `assign:@ann`, or put a text of several words in quotes.",
    ),
    "line_too_long": lambda w: (f"That is longer than {w['limit']:,} characters.", "Put long texts into a file."),
    "not_a_number": lambda w: (f"`{w['argument']}` is a whole number, not “{shown(w['value'])}”.", _try(w)),
    "not_a_task_number": lambda w: (
        f"A task goes by its number, not “{shown(w['value'])}”.",
        "`/task list` shows the numbers, such as `12`.",
    ),
    "not_yes_or_no": lambda w: (f"`{w['argument']}` is `yes` or `no`, not “{shown(w['value'])}”.", ""),
    "not_a_choice": lambda w: (
        f"`{w['argument']}` can't be “{shown(w['value'])}”.",
        did_you_mean(w) or f"It is one of {_choices(w)}.",
    ),
    "stranger": lambda _w: (
        "I don't know that person yet.",
        "They become known with their first command here; then try again.",
    ),
    "several_people": lambda w: (
        f"{w['count']} people answer to “{shown(w['value'])}”.",
        "Give the whole name in one word, such as `@ann-lee`.",
    ),
    "nobody_by_that_name": lambda w: (
        f"Nobody here is called “{shown(w['value'])}”.",
        did_you_mean(w) or "`/user list` shows everybody.",
    ),
    "no_such_channel": lambda w: (
        f"I know no channel “{shown(w['value'])}”.",
        "`channel:all` means every channel you can see.",
    ),
    "cursor": lambda _w: ("That page is gone.", "Run the list again."),
    "no_file": lambda _w: ("A file is missing.", "Attach it to the command, or drop it on the page."),
    "due_empty": lambda _w: ("The date is missing.", "Try `tomorrow 9am`."),
    "due_too_long": lambda _w: ("That is too long for a date.", "Try `tomorrow 9am`."),
    "due_not_understood": lambda w: (f"“{shown(w['value'])}” is no date that I understand.", _try(w)),
    "due_ambiguous": lambda w: (
        f"“{shown(w['value'])}” could be day and month either way round.",
        f"Write the year first: `{w['example']}`.",
    ),
    "due_no_such_date": lambda w: (f"There is no {shown(w['value'])} in the calendar.", _try(w)),
    "due_no_such_time": lambda w: (f"There is no {shown(w['value'])} on the clock.", _try(w)),
    "due_no_such_zone": lambda w: (f"“{shown(w['value'])}” is no time zone.", _try(w)),
    "due_too_far": lambda w: (f"“{shown(w['value'])}” is too far away.", "Any year from 1900 to 2199 will do."),
    "due_in_the_past": lambda w: (f"“{shown(w['value'])}” is in the past.", _try(w)),
}
"""By the reason of an `InvalidArgumentError`."""

REASONS: dict[str, Wording] = {
    "undo_expired": lambda _w: ("That can't be undone any more: 15 minutes have passed.", ""),
    "undo_used": lambda _w: ("That has been undone already.", ""),
    "undo_not_yours": lambda w: (f"Only {w['author']} or a {w['needed']} can undo that.", ""),
    "only_for": lambda _w: ("That button is for somebody else.", "Type the command yourself if you may run it."),
    "delivery_taken": lambda _w: ("That message was handled elsewhere.", "Type the command again."),
    "workspace_exists": lambda w: (f"There is a workspace called {shown(w['name'])} already.", ""),
    "inactive": lambda _w: ("Your membership here is switched off.", "Ask an admin."),
    "file_type": lambda w: (f"A {w['kind']} file can't be used here.", str(w.get("hint", ""))),
}
"""By the reason of a `ConflictError` or `RefusedError`; areas add theirs."""


def _choices(words: Words) -> str:
    choices = words.get("choices")
    return listed([f"`{choice}`" for choice in choices]) if isinstance(choices, tuple) else ""


def _reasoned(words: Words) -> tuple[str, str]:
    return REASONS[str(words["reason"])](words)


_BY_CODE: Mapping[str, Wording] = {
    "unknown_command": _unknown_command,
    "invalid_argument": lambda w: ARGUMENT_REASONS[str(w["reason"])](w),
    "not_found": _not_found,
    "forbidden": _forbidden,
    "conflict": _reasoned,
    "refused": _reasoned,
    "too_many_requests": lambda w: (
        "That is a lot at once.",
        f"Try again in {w['seconds']} seconds." if w["seconds"] != 1 else "Try again in a second.",
    ),
    "busy": lambda _w: ("I'm busy just now.", "Nothing was changed; try again in a moment."),
    "confirmation_needed": lambda w: (str(w["consequence"]), f"To go ahead: `{w['command']} confirm:yes`"),
    "file_too_large": lambda w: (
        f"That file is larger than {size(int(str(w['limit'])))}.",
        "Split it, or leave out what is not needed.",
    ),
}


def problem_of(error: UserError) -> Problem:
    """Return what people and scripts are told of a user's error; the sentence names the argument at fault."""
    message, hint = _BY_CODE[error.code](error.details)
    argument = str(error.details.get("argument") or "")
    if argument and not re.search(rf"\b{re.escape(argument)}\b", f"{message} {hint}", re.IGNORECASE):
        message = f"`{argument}`: {message}"
    return Problem(error.code, sentence_case(message), hint, error.field or None)


def internal_problem(reference: str) -> Problem:
    """Return what people are told when the fault is ours: neutral words and a number to quote."""
    return Problem(
        "internal",
        "Something went wrong on my side; nothing was changed.",
        f"Try again. If it stays, tell whoever runs me: reference {reference}.",
        reference=reference,
    )


LASTING = frozenset(
    {
        "cannot_open",
        "damaged",
        "disk_error",
        "disk_full",
        "no_database",
        "no_driver",
        "no_snapshots",
        "not_allowed",
        "read_only",
        "wrong_password",
    }
)
"""Why a database can't be used that don't pass by themselves."""


def unavailable_problem(reason: str) -> Problem:
    """Return what people are told when the database can't be used, by the reason of a `StorageUnavailableError`."""
    if reason == OUTCOME_UNKNOWN:
        return Problem(
            reason,
            "I lost my database just as it was to keep that, so I don't know whether it was done.",
            "Look first, then try again if it was not.",
        )
    if reason not in LASTING:
        return problem_of(BusyError())
    return Problem(
        reason,
        "I can't use my database just now.",
        "Nothing was changed; try again in a moment. If it stays, tell whoever runs me.",
    )
